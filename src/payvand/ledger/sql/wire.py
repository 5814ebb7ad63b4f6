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
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID

import orjson
import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import pq
from psycopg.adapt import AdaptersMap, Loader, PyFormat, Transformer
from psycopg.errors import error_from_result

from payvand.ledger.sql.running import Order

Rows = list[tuple[Any, ...]]
Dumper = Callable[[Any], bytes | None]
Message = tuple[bytes, list[bytes | None], Sequence[int], int]  # as libpq takes it

_GOOD = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
_MARK = re.compile("%(s|%)")
_ID, _MOMENT = 2950, 1184  # the types uuid and timestamptz, as the server numbers them
_TEXT, _BYTES = int(pq.Format.TEXT), int(pq.Format.BINARY)
_EPOCH, _MICROSECOND = datetime(2000, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


class Prepared(NamedTuple):
    """A statement that the server knows: its name, and how each of its values is written."""

    name: bytes
    dumpers: tuple[Dumper, ...]
    formats: tuple[int, ...]


class Wire:
    """One connection, with the names of what it has prepared."""

    def __init__(self, base: Any) -> None:
        self.base, self.link = base, base.connection
        self.pg: Any = self.link.pgconn
        self.known: dict[str, Prepared] = {}
        self.values = Transformer(_Context(self.link))
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
        sent = [self._message(text, values) for text, values in orders]
        first = 0
        if not self.link.autocommit and self.pg.transaction_status == pq.TransactionStatus.IDLE:
            sent.insert(0, self._message("BEGIN", ()))
            first = 1
        if last and self._is_outermost():
            sent.append(self._message("COMMIT", ()))
        answers = [self.pg.exec_prepared(*sent[0])] if len(sent) == 1 else self._together(sent)
        for answer in answers:
            if answer.status not in _GOOD:
                self._complain(answer)
        return [self._rows(answer) for answer in answers[first : first + len(orders)]]

    def _is_outermost(self) -> bool:
        base = self.base
        return bool(base.in_atomic_block and base.commit_on_exit and not base.needs_rollback
                    and not base.savepoint_ids)  # fmt: skip

    def _message(self, text: str, values: Sequence[Any]) -> Message:
        name, dumpers, formats = self.known.get(text) or self._prepare(text)
        said = [None if v is None else dump(v) for dump, v in zip(dumpers, values, strict=True)]
        return name, said, formats, _BYTES

    def _together(self, sent: list[Message]) -> list[Any]:
        pg, found = self.pg, []
        try:
            pg.enter_pipeline_mode()
            for message in sent:
                pg.send_query_prepared(*message)
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

    def _prepare(self, text: str) -> Prepared:
        name = b"payvand_%d" % len(self.known)
        number = count(1)
        marked = _MARK.sub(lambda m: f"${next(number)}" if m[1] == "s" else "%", text)
        answer = self.pg.prepare(name, marked.encode())
        if answer.status in _GOOD:
            answer = self.pg.describe_prepared(name)
        if answer.status not in _GOOD:
            self._complain(answer)
        kinds = [answer.param_type(place) for place in range(answer.nparams)]
        self.known[text] = found = Prepared(
            name,
            tuple(_BINARY.get(kind, self._say) for kind in kinds),
            tuple(_BYTES if kind in _BINARY else _TEXT for kind in kinds),
        )
        return found

    def _say(self, value: Any) -> bytes | None:
        return self.out[type(value)](value)

    def _complain(self, answer: Any) -> None:
        with self.base.wrap_database_errors:
            if self.pg.status == pq.ConnStatus.BAD:
                raise psycopg.OperationalError(answer.get_error_message())
            raise error_from_result(answer)

    def _odd(self, value: Any) -> bytes | None:
        said = self.values.get_dumper(value, PyFormat.TEXT).dump(value)
        return None if said is None else bytes(said)

    def _rows(self, answer: Any) -> Rows:
        if not answer.ntuples:
            return []
        self.values.set_pgresult(answer)
        rows: Rows = self.values.load_rows(0, answer.ntuples, tuple)
        return rows


def _text(value: str) -> bytes:
    if "\0" in value:
        with connections[DEFAULT_DB_ALIAS].wrap_database_errors:
            raise psycopg.DataError("text must not contain the character NUL (0x00)")
    return value.encode()


@lru_cache(maxsize=64)  # a step says the same moment many times
def _moment(value: datetime | date | str) -> bytes:
    if not isinstance(value, datetime):
        value = datetime.fromisoformat(str(value))
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return ((value - _EPOCH) // _MICROSECOND).to_bytes(8, "big", signed=True)


def _id(value: UUID | str) -> bytes:
    return value.bytes if isinstance(value, UUID) else UUID(value).bytes


_BINARY: dict[int, Dumper] = {_ID: _id, _MOMENT: _moment}


class _Out(dict[type, Dumper]):
    """How a value is written as text for the server, by its type."""

    def __init__(self, odd: Dumper) -> None:
        super().__init__({
            str: _text, int: lambda value: b"%d" % value, dict: orjson.dumps,
            bool: lambda value: b"t" if value else b"f", UUID: lambda value: b"%032x" % value.int,
        })  # fmt: skip
        self.odd = odd

    def __missing__(self, kind: type) -> Dumper:
        """Leave all other types to psycopg."""
        return self.odd


class _Json(Loader):
    """JSON as its text, which is read where it is needed, and once for many rows."""

    format = pq.Format.BINARY

    def load(self, data: Any) -> str:
        return bytes(data).decode()


class _Jsonb(_Json):
    """The same behind the byte that tells the version."""

    def load(self, data: Any) -> str:
        return bytes(data[1:]).decode()


class _Context:
    """How values of a connection are written and read here: what psycopg asks a context for."""

    def __init__(self, link: Any) -> None:
        self.connection = link
        self.adapters = AdaptersMap(link.adapters)
        self.adapters.register_loader("json", _Json)
        self.adapters.register_loader("jsonb", _Jsonb)


def wire() -> Wire:
    """Return the wire of this thread's connection, opening it first where there is none."""
    base: Any = connections[DEFAULT_DB_ALIAS]
    found = getattr(base, "_payvand_wire", None)
    if found is None or found.link is not base.connection:
        base.ensure_connection()
        found = base._payvand_wire = Wire(base)
    return found
