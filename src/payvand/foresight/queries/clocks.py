"""What do the clocks of one case say, question by question, and who bears which share?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from payvand.foresight.queries.holdings import holdings
from payvand.foresight.queries.scope import NAMELESS
from payvand.foresight.queries.told import KINDS
from payvand.foresight.rules.attribution import attribute
from payvand.foresight.rules.causes import AGENCY, APPLICANT, CALENDAR, CAUSES, IDLE, STATUTORY
from payvand.foresight.rules.clocks import holders, own_time
from payvand.kernel.errors import NotFound
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.window import public as window

DAY = 86400


@dataclass(frozen=True, slots=True)
class Clock:
    """One question: its five moments, its three clocks in days, and who holds it if it is open."""

    title: dict[str, str]
    agency: dict[str, str]
    sent: datetime
    reached: datetime | None
    opened: datetime | None
    answered: datetime | None
    recorded: datetime | None
    due: datetime | None
    office: float
    applicant: float
    statutory: float
    closed: float
    holder: int | None  # a cause; None when it is over
    is_again: bool  # put again after a correction


@dataclass(frozen=True, slots=True)
class CaseClocks:
    """The clocks of one case, and its days by cause and agency, the largest first."""

    application: Any
    clocks: list[Clock]
    shares: list[tuple[int, dict[str, str], float]]
    days: float


def clocks_of(case_id: UUID, now: datetime) -> CaseClocks:
    """Return the clocks of a case until now; a fixed number of queries. Raises NotFound."""
    application = window.Application.objects.select_related("service").filter(pk=case_id).first()
    if application is None:
        raise NotFound(case=str(case_id))
    held = holdings([case_id], now)
    rows = ledger.Obligation.objects.filter(case_id=case_id, kind__in=KINDS)
    rows = rows.order_by("sent_at", "pk").defer("payload", "reply", "spec")
    names = registry.party_names(held.agencies)
    own = own_time(held.branches, held.holds, held.calendars) / DAY
    last = holders(held.branches, held.holds, held.calendars)
    clocks = [
        Clock(
            one.title, names.get(one.debtor_id, NAMELESS), one.sent_at, one.delivered_at,
            one.opened_at, one.answered_at, one.recorded_at, one.due_at,
            float(own[n][AGENCY]), float(own[n][APPLICANT]), float(own[n][STATUTORY]),
            float(own[n][CALENDAR]), int(last[n]) if one.state in ledger.OPEN else None,
            one.kind == "inquiry" and "#" in one.question,
        )
        for n, one in enumerate(rows)
    ]  # fmt: skip
    parts = attribute(held.cases, held.branches, held.holds, held.calendars)
    groups, sums = parts.sums(parts.cause, parts.agency)
    shares = [
        (cause, names.get(held.agencies[agency], NAMELESS) if cause in (AGENCY, IDLE) else {},
         seconds / DAY)
        for (cause, agency), seconds in zip(groups.tolist(), sums[:, 0].tolist(), strict=True)
    ]  # fmt: skip
    return CaseClocks(application, clocks, _ordered(shares), float(parts.seconds.sum()) / DAY)


def _ordered(shares: list[tuple[int, dict[str, str], float]]
             ) -> list[tuple[int, dict[str, str], float]]:  # fmt: skip
    """Return shares with the same name added up, the largest first."""
    sums: dict[tuple[int, str], tuple[dict[str, str], float]] = {}
    for cause, name, days in shares:
        key = (cause, name.get("fa", ""))
        sums[key] = (name, sums.get(key, (name, 0.0))[1] + days)
    found = [(cause, name, days) for (cause, _fa), (name, days) in sums.items()]
    return sorted(found, key=lambda one: (-one[2], CAUSES[one[0]]))
