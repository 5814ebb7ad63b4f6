"""How does a step reach PostgreSQL in few round trips, each planned once?

A step that waits for each answer makes five: BEGIN, two readings, the writing, COMMIT. Here
statements travel together: BEGIN with the first reading, COMMIT with the last writing. The text of
each is constant, so the server prepares it once and connections keep its name. It speaks through
`psycopg.pq`, since the cursors of psycopg cost more than the statements (ADR 0009).
"""

from __future__ import annotations

import re
import select
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import count
from typing import Any
from uuid import UUID

import orjson
import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result

from payvand.ledger.sql.running import Order

Rows = list[tuple[Any, ...]]

_GOOD = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
_MARK = re.compile("%(s|%)")


class Wire:
    """One connection, with the names of what it has prepared."""

    def __init__(self, base: Any) -> None:
        self.base, self.link = base, base.connection
        self.pg: Any = self.link.pgconn
        self.names: dict[str, bytes] = {}
        self.loader = Transformer(self.link)
        self.out = _Out(self._odd)
        self.incoming = select.poll()  # waiting inside libpq would hold up all other threads
        self.incoming.register(self.pg.socket, select.POLLIN)
        self.either = select.poll()
        self.either.register(self.pg.socket, select.POLLIN | select.POLLOUT)

    def ask(self, orders: Sequence[Order], *, last: bool = False) -> list[Rows]:
        """Run statements in one round trip and return the rows of each.

        last: end the transaction with them, where it is ours to end; nothing may follow.
        Raises what Django raises of a database.
        """
        out = self.out
        sent = [(self._name(text), [None if v is None else out[type(v)](v) for v in values])
                for text, values in orders]  # fmt: skip
        first = 0
        if not self.link.autocommit and self.pg.transaction_status == pq.TransactionStatus.IDLE:
            sent.insert(0, (self._name("BEGIN"), []))
            first = 1
        if last and self._is_outermost():
            sent.append((self._name("COMMIT"), []))
        answers = [self.pg.exec_prepared(*sent[0])] if len(sent) == 1 else self._together(sent)
        for answer in answers:
            if answer.status not in _GOOD:
                self._complain(answer)
        return [self._rows(answer) for answer in answers[first : first + len(orders)]]

    def _is_outermost(self) -> bool:
        base = self.base
        return bool(base.in_atomic_block and base.commit_on_exit and not base.needs_rollback
                    and not base.savepoint_ids)  # fmt: skip

    def _together(self, sent: list[tuple[bytes, list[bytes | None]]]) -> list[Any]:
        pg, found = self.pg, []
        try:
            pg.enter_pipeline_mode()
            for name, values in sent:
                pg.send_query_prepared(name, values)
            pg.pipeline_sync()
            while pg.flush():  # more than fits at once: the server may want to be heard meanwhile
                self.either.poll()
                pg.consume_input()
            while True:
                while pg.is_busy():
                    self.incoming.poll()
                    pg.consume_input()
                answer = pg.get_result()
                if answer is None:
                    continue
                if answer.status == pq.ExecStatus.PIPELINE_SYNC:
                    break
                found.append(answer)
            pg.exit_pipeline_mode()
        except BaseException:  # half a conversation: nobody can go on with it
            self.link.close()
            raise
        return found

    def _name(self, text: str) -> bytes:
        name = self.names.get(text)
        if name is None:
            name = b"payvand_%d" % len(self.names)
            number = count(1)
            marked = _MARK.sub(lambda m: f"${next(number)}" if m[1] == "s" else "%", text)
            answer = self.pg.prepare(name, marked.encode())
            if answer.status not in _GOOD:
                self._complain(answer)
            self.names[text] = name
        return name

    def _complain(self, answer: Any) -> None:
        with self.base.wrap_database_errors:
            if self.pg.status == pq.ConnStatus.BAD:
                raise psycopg.OperationalError(answer.get_error_message())
            raise error_from_result(answer)

    def _odd(self, value: Any) -> bytes | None:
        said = self.loader.get_dumper(value, PyFormat.TEXT).dump(value)
        return None if said is None else bytes(said)

    def _rows(self, answer: Any) -> Rows:
        if not answer.ntuples:
            return []
        self.loader.set_pgresult(answer)
        rows: Rows = self.loader.load_rows(0, answer.ntuples, tuple)
        return rows


def _text(value: str) -> bytes:
    if "\0" in value:
        with connections[DEFAULT_DB_ALIAS].wrap_database_errors:
            raise psycopg.DataError("text must not contain the character NUL (0x00)")
    return value.encode()


@lru_cache(maxsize=64)
def _moment(value: datetime) -> bytes:
    return value.isoformat().encode()  # a step says the same moment many times


class _Out(dict[type, Callable[[Any], bytes | None]]):
    """How a value is written for the server, by its type."""

    def __init__(self, odd: Callable[[Any], bytes | None]) -> None:
        super().__init__({
            str: _text, int: lambda value: b"%d" % value, dict: orjson.dumps, datetime: _moment,
            bool: lambda value: b"t" if value else b"f", UUID: lambda value: b"%032x" % value.int,
        })  # fmt: skip
        self.odd = odd

    def __missing__(self, kind: type) -> Callable[[Any], bytes | None]:
        """Leave all other types to psycopg."""
        return self.odd


def wire() -> Wire:
    """Return the wire of this thread's connection, opening it first where there is none."""
    base: Any = connections[DEFAULT_DB_ALIAS]
    found = getattr(base, "_payvand_wire", None)
    if found is None or found.link is not base.connection:
        base.ensure_connection()
        found = base._payvand_wire = Wire(base)
    return found
