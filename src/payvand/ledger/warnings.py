"""Who hears that an answer takes longer than it usually does, before its term has ended?

A warning is told by an upper context that knows the usual times. It writes an event and a notice,
and never touches a term, a rung or a report: the statutory ladder goes its own way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from payvand.kernel import clock
from payvand.kernel.errors import YES, Verdict, gettext_noop, no
from payvand.ledger import sql
from payvand.registry import public as registry
from payvand.registry.public import Actor

LEVELS = ("p50", "p80", "p90")  # half, eight in ten, nine in ten such answers came sooner
HEAD, OFFICIAL = "agency-head", "governor"
BATCH = 500


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One warning: about which obligation, which level, and how long it has waited."""

    obligation: UUID
    level: str
    waited_days: float  # working days


def may_warn(by: Actor) -> Verdict:
    """Warnings come from the product's own arithmetic, never from a person."""
    if by.kind == "system":
        return YES
    return no(gettext_noop("Warnings are given by the system itself."))


def warn(warnings: Sequence[Foreseen], *, by: Actor) -> list[UUID]:
    """Tell the desk (p50), the head of the agency (p80) or the governor as well (p90).

    Returns the obligations that were told of; those that have their answer by now are left out.
    """
    may_warn(by).or_raise()
    told: list[UUID] = []
    for start in range(0, len(warnings), BATCH):
        told += _warn({one.obligation: one for one in warnings[start : start + BATCH]}, by)
    return told


@transaction.atomic
def _warn(wanted: Mapping[UUID, Foreseen], by: Actor) -> list[UUID]:
    work = sql.Work(at=clock.now(), by=by.name())
    offices = _Offices(clock.local_date(work.at))
    told = []
    for owed in sql.lock(sorted(wanted)):
        if owed.state != "sent":
            continue
        one = wanted[owed.id]
        work.heads[owed.case_id] = (owed.seq, owed.head)
        head = offices.of(HEAD, owed) if one.level != "p50" else None
        official = offices.of(OFFICIAL, owed) if one.level == "p90" else None
        to = {office for office in (head, official) if office is not None}
        work.log(owed.case_id, "ledger.warned", f"obligation:{owed.id}", level=one.level,
                 waited=f"{one.waited_days:.1f}", offices=sorted(to))  # fmt: skip
        args = {"code": owed.case_code, "title": owed.title, "obligation": str(owed.id),
                "waited": f"{one.waited_days:.0f}",
                "due": owed.due_at.isoformat() if owed.due_at else ""}  # fmt: skip
        row = {"case_id": owed.case_id, "verb": f"delay.foreseen.{one.level}", "args": args,
               "at": work.at}  # fmt: skip
        for office in sorted(to):
            work.add("Notice", office_id=office, **row)
        if not to:  # p50, or nobody is known to be told: the desk itself
            work.add("Notice", party_id=owed.debtor_id, **row)
        told.append(owed.id)
    sql.flush(work)
    return told


class _Offices:
    """Which office is meant; asked of the registry once per role, agency and place."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.known: dict[tuple[str, UUID, str | None], int | None] = {}

    def of(self, role: str, owed: sql.Owed) -> int | None:
        key = (role, owed.debtor_id, owed.place_id)
        if key not in self.known:
            try:
                self.known[key] = registry.office_for(
                    role, agency_id=owed.debtor_id, place_code=owed.place_id, on=self.on
                )
            except registry.NoOffice:
                self.known[key] = None
        return self.known[key]
