"""What does a case look like in an object-centric log, OCEL 2.0 (ocel-standard.org)?

Object types: application, question, agency, office, service, province. Every event is related to
its application and, where there is one, to its question, the agency that owes the answer and the
office that is told. Values are text, as the standard's JSON schema asks. Pure: rows, no files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from payvand.foresight.rules.trail import EVENT_TYPES, SINGLE, SUBMIT, Trail

OBJECT_TYPES = {
    "application": ("state", "outcome", "version"),
    "question": ("kind", "key", "term", "due", "state", "outcome"),
    "agency": (), "office": (), "service": (), "province": (),
}  # fmt: skip
EVENT_ATTRIBUTES = {
    "answer": ("outcome",), "settle by silence": ("outcome",), "stop the clock": ("ground",),
    "run the clock": ("ground",), "report delay": ("rung",), "move term": ("was", "became"),
    "outage": ("begin", "end"),
}  # fmt: skip
EVENT_NAMES = (*SINGLE, *EVENT_TYPES.values())


@dataclass(frozen=True, slots=True)
class Thing:
    """One object, its attributes as of a moment, and its relations (id, qualifier)."""

    id: str
    type: str
    at: datetime
    attributes: tuple[tuple[str, str], ...] = ()
    relations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Happening:
    """One event with its attributes and the objects it is about (id, qualifier)."""

    id: str
    type: str
    at: datetime
    attributes: tuple[tuple[str, str], ...]
    relations: tuple[tuple[str, str], ...]


@dataclass
class Shared:
    """The objects that many cases share, each told once."""

    seen: set[str] = field(default_factory=set)

    def once(self, name: str, kind: str, at: datetime) -> Iterator[Thing]:
        """Yield a shared object when it is met first."""
        if name and name not in self.seen:
            self.seen.add(name)
            yield Thing(name, kind, at)


def things(case: Trail, shared: Shared) -> Iterator[Thing]:
    """Yield the objects of a case: itself, its questions, and those met for the first time."""
    at = case.submitted
    place = f"province:{case.province}" if case.province else ""
    service = f"service:{case.service}"
    yield from shared.once(service, "service", at)
    yield from shared.once(place, "province", at)
    yield from shared.once(case.owner, "agency", at)
    links = _places(case)
    links += [(one.id, "asks") for one in case.questions]
    yield Thing(
        case.id, "application", at,
        (("state", case.state), ("outcome", case.outcome), ("version", case.version)),
        tuple(links),
    )  # fmt: skip
    for one in case.questions:
        yield from shared.once(one.agency, "agency", at)
        yield from shared.once(one.office, "office", at)
        owed = [(one.agency, "owed by")] if one.agency else []
        owed += [(one.office, "addressed to")] if one.office else []
        due = moment(one.due) if one.due else ""
        told = (("kind", one.kind), ("key", one.question), ("term", one.term), ("due", due),
                ("state", one.state), ("outcome", one.outcome))  # fmt: skip
        yield Thing(one.id, "question", at, tuple(pair for pair in told if pair[1]), tuple(owed))
    for step in case.steps:
        yield from shared.once(step.office, "office", at)


def _places(case: Trail) -> list[tuple[str, str]]:
    """Return where a case belongs: its service, the office that owns it, its province."""
    links = [(f"service:{case.service}", "of service"), (case.owner, "owner")]
    return links + ([(f"province:{case.province}", "in province")] if case.province else [])


def happenings(case: Trail) -> Iterator[Happening]:
    """Yield the events of a case, in order."""
    for number, step in enumerate(case.steps, 1):
        links = [(case.id, "case")]
        if step.question is not None:
            links.append((step.question.id, "about"))
            if step.question.agency:
                links.append((step.question.agency, "owed by"))
            if step.question.office:
                links.append((step.question.office, "addressed to"))
        if step.office:
            links.append((step.office, "reported to"))
        if step.kind == SUBMIT:
            links += _places(case)
        known = EVENT_ATTRIBUTES.get(step.event_type, ())
        told = tuple((name, step.facts[name]) for name in known if step.facts.get(name))
        unique = tuple(dict.fromkeys(links))
        yield Happening(f"{case.id}/{number}", step.event_type, step.at, told, unique)


def moment(at: datetime) -> str:
    """Return a moment as the standard writes it, to the millisecond.

    >>> moment(datetime(2025, 11, 9, 10, 30, tzinfo=UTC))
    '2025-11-09T10:30:00.000Z'
    """
    plain = at.astimezone(UTC)
    return f"{plain:%Y-%m-%dT%H:%M:%S}.{plain.microsecond // 1000:03}Z"
