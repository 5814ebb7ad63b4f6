"""What is a sound statement about working days, and which scopes speak for an office?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from payvand.kernel.calendar import KINDS, STATUSES
from payvand.kernel.errors import gettext_noop

ORG = "org:"


@dataclass(frozen=True, slots=True)
class FactDraft:
    """One dated statement about the days of a scope, before it is recorded."""

    scope: str  # IR, IR-15, IR-15-1503 or org:<uuid>
    starts: date
    ends: date | None  # inclusive; None = until further notice
    kind: str  # weekend holiday closure hours open remote
    title_fa: str
    title_en: str
    source: str
    status: str = "announced"
    weekdays: frozenset[int] = frozenset()  # Monday = 0; empty = every day
    opens: time | None = None
    closes: time | None = None
    exempt: frozenset[str] = frozenset()  # classes of organisation
    known_from: datetime | None = None  # for lists recorded later than they were known


def scope_of(org: UUID) -> str:
    """Return the calendar scope of one organisation.

    >>> scope_of(UUID(int=7))
    'org:00000000-0000-0000-0000-000000000007'
    """
    return f"{ORG}{org}"


def org_of(scope: str) -> UUID | None:
    """Return the organisation of a scope; None for places and for what is no id.

    >>> org_of("IR-15") is None, org_of("org:x") is None
    (True, True)
    """
    try:
        return UUID(scope.removeprefix(ORG)) if scope.startswith(ORG) else None
    except ValueError:
        return None


def path(code: str, parents: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return the codes from the country down to the place; empty when the place is unknown.

    >>> path("IR-15-1503", {"IR": None, "IR-15": "IR", "IR-15-1503": "IR-15"})
    ('IR', 'IR-15', 'IR-15-1503')
    """
    found: list[str] = []
    step: str | None = code
    while step is not None and step in parents and step not in found:
        found.append(step)
        step = parents[step]
    return tuple(reversed(found))


def faults(draft: FactDraft) -> dict[str, str]:
    """Return what is wrong with a draft, by field; empty when it can be recorded."""
    found: dict[str, str] = {}
    if draft.kind not in KINDS:
        found["kind"] = gettext_noop("Choose one of the kinds.")
    if draft.status not in STATUSES:
        found["status"] = gettext_noop("Choose one of the states.")
    if draft.ends is not None and draft.ends < draft.starts:
        found["ends"] = gettext_noop("The last day lies before the first.")
    if not draft.weekdays <= frozenset(range(7)):
        found["weekdays"] = gettext_noop("Choose days of the week.")
    if draft.opens and draft.closes and draft.opens >= draft.closes:
        found["closes"] = gettext_noop("The closing hour must be after the opening hour.")
    if draft.kind == "hours" and draft.opens is None and draft.closes is None:
        found["opens"] = gettext_noop("Enter the opening or the closing hour.")
    if draft.kind == "weekend" and not draft.weekdays:
        found["weekdays"] = gettext_noop("Choose days of the week.")
    for name in ("title_fa", "title_en", "source"):
        if not getattr(draft, name).strip():
            found[name] = gettext_noop("This is needed.")
    return found


def split_classes(text: str) -> frozenset[str]:
    """Return the classes of a comma-separated text.

    >>> sorted(split_classes("bank, emergency,"))
    ['bank', 'emergency']
    """
    return frozenset(part.strip() for part in text.split(",") if part.strip())


def split_weekdays(text: str) -> frozenset[int]:
    """Return the days of the week of a stored text; empty = every day.

    >>> sorted(split_weekdays("3,4"))
    [3, 4]
    """
    return frozenset(int(part) for part in text.split(",") if part.strip())


def join(parts: Iterable[object]) -> str:
    """Return parts in a fixed order, comma-separated, as they are stored."""
    return ",".join(sorted(map(str, parts)))
