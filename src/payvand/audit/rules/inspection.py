"""Where does a log first differ from what was written, and in which way?

Pure: rows in, findings out. What the chain alone shows (an edit, a gap, a swap, a lost tail) is
found per stream; what only a signed root shows (a stream rewritten whole, or missing) by the head
that was signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from payvand.audit.rules.chain import EventRow, Head, digest

EDITED, INSERTED, DELETED = "edited", "inserted", "deleted"
REORDERED, CUT, MISSING, REWRITTEN = "reordered", "cut", "missing", "rewritten"
HEAD_LOST, ROOT_BROKEN = "head_lost", "root_broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One place at which the log is not what was written."""

    SAYS: ClassVar[dict[str, str]] = {
        EDITED: "the event does not carry the hash of what it says",
        INSERTED: "an event stands here that was not written here",
        DELETED: "an event is missing here",
        REORDERED: "the event was written as another number of this stream",
        CUT: "the end of the stream is missing",
        MISSING: "the whole stream is missing, although a signed root knows it",
        REWRITTEN: "the stream was written anew after its head was signed",
        HEAD_LOST: "the head of the stream is missing or differs from its last event",
        ROOT_BROKEN: "a daily root is missing, altered, or not signed by a known key",
    }

    what: str
    stream: UUID | None = None
    seq: int | None = None
    detail: str = ""

    def __str__(self) -> str:
        place = f"stream {self.stream}, event {self.seq}: " if self.stream else ""
        return f"{place}{self.SAYS[self.what]}" + (f" ({self.detail})" if self.detail else "")


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked, and everything that was found; at most one finding per stream."""

    streams: int = 0
    events: int = 0
    roots: int = 0
    last_root: str = ""  # fingerprint of the last signed statement; publish it elsewhere
    findings: tuple[Finding, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """True when nothing was found."""
        return not self.findings

    @property
    def first(self) -> Finding | None:
        """The first bad place: a daily root, then streams in the order of their ids."""
        return self.findings[0] if self.findings else None

    def as_json(self) -> dict[str, Any]:
        """Return the report for machines."""
        told = asdict(self) | {"ok": self.ok}
        told["findings"] = [
            {**asdict(found), "stream": found.stream and str(found.stream), "text": str(found)}
            for found in self.findings
        ]
        return told


def inspect(
    stream: UUID, rows: Sequence[EventRow], head: Head | None, signed: Sequence[Head] = ()
) -> Finding | None:
    """Return the first bad place of one stream, or None.

    rows: in the order of `seq`. head: the stored head. signed: heads that daily roots vouch for,
    oldest first.
    """
    last = max([*(seq for seq, _ in signed), head[0] if head else 0])
    if not rows:
        if not last:
            return None
        return Finding(MISSING if signed else CUT, stream, 1, f"{last} events are known")
    vouched = dict(signed)
    previous = ""
    for number, row in enumerate(rows, start=1):
        if row.seq != number:
            return Finding(DELETED, stream, number)
        if digest(row, previous) != row.hash:
            return _mismatch(stream, rows, number, last=last)
        if vouched.get(number, row.hash) != row.hash:
            return Finding(REWRITTEN, stream, number, "the signed head is another")
        previous = row.hash
    if last > len(rows):
        return Finding(CUT, stream, len(rows) + 1, f"{last} events are known")
    if head is None:
        return Finding(HEAD_LOST, stream, len(rows))
    if head[0] < len(rows):
        return Finding(INSERTED, stream, head[0] + 1, "the head does not know it")
    return Finding(HEAD_LOST, stream, len(rows)) if head[1] != previous else None


def _mismatch(stream: UUID, rows: Sequence[EventRow], number: int, *, last: int) -> Finding:
    """Tell an edited event from one that stands in the wrong place.

    last: how many events the head or a signed root knows.
    """
    written_as = _true_number(rows[number - 1], rows)
    if written_as is None:
        after = _true_number(rows[number], rows) if number < len(rows) else None
        if after == number:
            return Finding(INSERTED, stream, number)
        # The event before it is gone, and with it the link: its neighbour or the count tells.
        if after == number + 2 or last > len(rows):
            return Finding(DELETED, stream, number, "the events after it were moved up")
        return Finding(EDITED, stream, number)
    if written_as < number:
        return Finding(INSERTED, stream, number - 1, f"event {written_as} was moved down")
    if any(_true_number(row, rows) == number for row in rows[number:]):
        return Finding(REORDERED, stream, number, f"written as event {written_as}")
    return Finding(DELETED, stream, number, f"event {written_as} was moved up")


def _true_number(row: EventRow, rows: Sequence[EventRow]) -> int | None:
    """Return the number under which the event was written, if its hash tells."""
    links = {"", *(other.hash for other in rows)}
    # One event may be missing or added, so the number is near; a far one is named an edit.
    for seq in range(max(1, row.seq - 3), row.seq + 4):
        if any(digest(row._replace(seq=seq), link) == row.hash for link in links):
            return seq
    return None
