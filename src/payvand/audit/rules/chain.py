"""How does one event follow from the one before it, so that no change goes unseen?

Each event's hash is SHA-256 over the UTF-8 bytes of one JSON array without spaces:
``[stream, seq, at, actor, verb, subject, facts, previous hash]``. ``facts`` is itself canonical
JSON text, as stored; ``at`` is UTC with six decimals and a Z; the first event follows the empty
hash.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import orjson

Head = tuple[int, str]  # number of the last event, and its hash
START: Head = (0, "")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that is to be written down: in which stream, what, about what."""

    stream: UUID  # the case, or one of the few streams outside cases
    verb: str  # "ledger.answered"
    subject: str  # "obligation:<uuid>"
    facts: Mapping[str, Any] = field(default_factory=dict)


class EventRow(NamedTuple):
    """One event in the order of its columns, ready to be inserted."""

    stream: UUID
    seq: int
    at: datetime
    actor: str
    verb: str
    subject: str
    facts: str
    hash: str


def canonical(value: Any) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces, letters as they are.

    >>> canonical({"b": 1, "a": [UUID(int=0), date(2025, 11, 9)]})
    '{"a":["00000000-0000-0000-0000-000000000000","2025-11-09"],"b":1}'
    """
    return _sorted(value)


def moment(at: datetime) -> str:
    """Return the text of a moment as it is hashed.

    >>> moment(datetime(2025, 11, 9, 11, 30, 0, 5, tzinfo=UTC))
    '2025-11-09T11:30:00.000005Z'
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    plain = at.astimezone(UTC).replace(tzinfo=None)
    return plain.isoformat(timespec="microseconds") + "Z"


def digest(row: EventRow, previous: str) -> str:
    """Return the hash that this event must carry after `previous` (its own `hash` is not read)."""
    parts = (str(row.stream), row.seq, moment(row.at), *row[3:7], previous)
    return sha256(orjson.dumps(parts)).hexdigest()


def compute(
    entries: Iterable[Entry], heads: Mapping[UUID, Head], by: str, at: datetime
) -> tuple[list[EventRow], dict[UUID, Head]]:
    """Return the rows to insert and the new head of every stream that moved.

    heads: present heads; a stream that is not in it is new. by: `Actor.name()`.
    """
    told = moment(at)
    moved: dict[UUID, Head] = {}
    rows: list[EventRow] = []
    for entry in entries:
        stream = entry.stream
        seq, previous = moved.get(stream) or heads.get(stream, START)
        facts = _sorted(entry.facts)
        parts = (str(stream), seq + 1, told, by, entry.verb, entry.subject, facts, previous)
        head = sha256(orjson.dumps(parts)).hexdigest()
        rows.append(EventRow(stream, seq + 1, at, by, entry.verb, entry.subject, facts, head))
        moved[stream] = (seq + 1, head)
    return rows, moved


def _as_text(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Sequence):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)  # lazy translations and the like


# Made once: json.dumps would build one per call.
_sorted = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_as_text
).encode
