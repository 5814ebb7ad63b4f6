"""When is this obligation due, and when must the sweep look at it next?

Pure. `due_at` and `next_rung_at` in the database are caches of these two answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from payvand.kernel.calendar import WorkCalendar
from payvand.kernel.terms import Stops, Term, due_at, rung_at

NO_STOPS = Stops.of([])
parse_term = lru_cache(maxsize=256)(Term.parse)


@dataclass(frozen=True, slots=True)
class Standing:
    """What of an obligation decides its clock."""

    term: str
    sent_at: datetime
    delivered_at: datetime | None
    spec: Mapping[str, Any]
    rung: int = 0
    stops: Sequence[tuple[datetime, datetime | None]] = ()
    is_visible: bool = False  # it stood in the debtor's own inbox from the moment of sending


@dataclass(frozen=True, slots=True)
class Clock:
    """The derived times, and what the sweep has to do at the second of them."""

    due_at: datetime | None
    next_at: datetime | None
    what: str = ""  # presume | rung | silence


def derive(standing: Standing, calendar: WorkCalendar) -> Clock:
    """Return the due time and the next moment of attention.

    Until delivery is proven the term is counted from sending, for reports only; silence has no
    effect before proven delivery. Who opens a visible message only after its term gains no time.
    No times while an interruption is open or without a term.
    """
    stops = Stops.of(standing.stops) if standing.stops else NO_STOPS
    if not standing.term or any(end is None for _, end in standing.stops):
        return Clock(None, None)
    term = parse_term(standing.term)
    start = standing.delivered_at or standing.sent_at
    due = due_at(term, start, stops, calendar)
    if standing.is_visible and start > standing.sent_at:
        from_sending = due_at(term, standing.sent_at, stops, calendar)
        if start >= from_sending:  # opening it after its term does not begin the term anew
            start, due = standing.sent_at, from_sending
    moments: list[tuple[datetime, int, str]] = []
    presume = standing.spec.get("presume")
    if presume and standing.delivered_at is None:
        after = parse_term(presume["term"])
        moments.append((due_at(after, standing.sent_at, NO_STOPS, calendar), 0, "presume"))
    ladder = standing.spec.get("ladder") or ()
    if standing.rung < len(ladder):
        at = rung_at(str(ladder[standing.rung]["at"]), term, start, due, stops, calendar)
        moments.append((at, 1, "rung"))
    elif standing.delivered_at is not None and silence_of(standing.spec) != "none":
        moments.append((due, 2, "silence"))  # only after every warning of the ladder
    if not moments:
        return Clock(due, None)
    at, _, what = min(moments)
    return Clock(due, at, what)


def silence_of(spec: Mapping[str, Any]) -> str:
    """Return the effect of silence that the question declares with a ground; `none` otherwise."""
    silence = spec.get("silence") or {}
    return str(silence.get("do", "none")) if silence.get("ref") else "none"
