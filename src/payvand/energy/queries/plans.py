"""What does a plan hold, what was asked, and what came of it?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, Sum

from payvand.energy.models import (
    Asset,
    AssetLoad,
    BurdenEntry,
    Feeder,
    Offer,
    Plan,
    PlanLine,
    Request,
    Settlement,
)
from payvand.energy.rules import schedule
from payvand.energy.rules.hours import ELECTRICITY
from payvand.kernel import clock
from payvand.kernel.errors import NotFound
from payvand.ledger import public as ledger
from payvand.registry import public as registry


def plan(plan_id: UUID) -> Plan:
    """Return a plan; raises NotFound."""
    found = Plan.objects.filter(pk=plan_id).first()
    if found is None:
        raise NotFound(plan=str(plan_id))
    return found


@dataclass(slots=True)
class GroupLines:
    """What one group gives, by lever and hour, with the code that decided each."""

    group: str
    mw: dict[str, dict[int, tuple[float, str]]] = field(default_factory=dict)

    def mwh(self, lever: str, until: int | None = None) -> float:
        """Return the energy of a lever, of all periods or of those before one."""
        cells = self.mw.get(lever, {}).items()
        return sum(mw for hour, (mw, _) in cells if until is None or hour < until)


def lines_of(plan_id: UUID) -> list[GroupLines]:
    """Return the lines of a plan by group. One query."""
    found: dict[str, GroupLines] = {}
    rows = PlanLine.objects.filter(plan_id=plan_id).order_by("group", "hour", "pk")
    for group, lever, hour, mw, why in rows.values_list("group", "lever", "hour", "mw", "why"):
        lines = found.setdefault(group, GroupLines(group))
        lines.mw.setdefault(lever, {})[hour] = (mw, why)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Asked:
    """One request with how it stands: open, accepted, declined, silent or closed."""

    row: Request
    standing: str
    settlement: Settlement | None = None
    due_at: Any = None

    @property
    def out_mwh(self) -> float:
        """Return the energy that is to be given."""
        return float(sum(self.row.out_mw))

    @property
    def hours(self) -> list[tuple[int, float, float]]:
        """Return (period, MWh to give, MWh to take later) of the periods with anything."""
        pairs = zip(self.row.out_mw, self.row.back_mw, strict=True)
        return [(hour, out, back) for hour, (out, back) in enumerate(pairs) if out or back]

    @property
    def is_moved(self) -> bool:
        """True when some of it is taken later."""
        return any(self.row.back_mw)


def _asked(rows: Iterable[Request]) -> list[Asked]:
    found = list(rows)
    owed = ledger.Obligation.objects.in_bulk([r.obligation for r in found if r.obligation])
    settled = Settlement.objects.in_bulk([r.pk for r in found])
    now = clock.now()
    told = []
    for row in found:
        obligation = owed.get(row.obligation) if row.obligation else None
        due = obligation.due_at if obligation else None
        over = row.plan.state == "settled" or bool(due and due <= now)
        standing = row.answer or ("closed" if row.closed_at else "silent" if over else "open")
        told.append(Asked(row, standing, settled.get(row.pk), due))
    return told


def requests_of(plan_id: UUID) -> list[Asked]:
    """Return the requests of a plan; for the operator. Three queries."""
    rows = Request.objects.filter(plan_id=plan_id).select_related("asset", "plan")
    return _asked(rows.order_by("asset_id"))


def in_force(area: str, carrier: str, first: date, last: date) -> list[Plan]:
    """Return the published plans that reach into some days, the latest first."""
    rows = Plan.objects.filter(area_id=area, carrier=carrier, state="published")
    return list(rows.filter(day__lte=last, last__gte=first).order_by("-day"))


def requests_to(asset_ids: Collection[UUID], size: int = 30) -> list[Asked]:
    """Return the newest published requests to some consumers."""
    rows = Request.objects.filter(asset_id__in=list(asset_ids), obligation__isnull=False)
    return _asked(rows.select_related("asset", "plan").order_by("-plan__day", "-pk")[:size])


def request(request_id: UUID) -> Asked:
    """Return one request; raises NotFound."""
    rows = Request.objects.filter(pk=request_id).select_related("asset", "plan")
    found = _asked(rows)
    if not found:
        raise NotFound(request=str(request_id))
    return found[0]


def assets_of(parties: Collection[UUID]) -> list[Asset]:
    """Return the consumers that some parties answer for."""
    return list(Asset.objects.filter(party_id__in=list(parties), closed_on=None).order_by("pk"))


def asset(asset_id: UUID) -> Asset:
    """Return one consumer; raises NotFound."""
    found = Asset.objects.filter(pk=asset_id).first()
    if found is None:
        raise NotFound(asset=str(asset_id))
    return found


def offers_of(asset_ids: Collection[UUID]) -> dict[UUID, list[Offer]]:
    """Return the standing offers of some consumers."""
    found: dict[UUID, list[Offer]] = {}
    for row in Offer.objects.filter(asset_id__in=list(asset_ids), withdrawn_at=None).order_by("pk"):
        found.setdefault(row.asset_id, []).append(row)
    return found


def days_of(asset_id: UUID, size: int = 14) -> list[AssetLoad]:
    """Return the newest metered days of a consumer; the caller asks for permission."""
    return list(AssetLoad.objects.filter(asset_id=asset_id).order_by("-day")[:size])


@dataclass(frozen=True, slots=True)
class Borne:
    """What a group has borne in a year, in MWh and in days of its usual use."""

    group: str
    lever: str
    mwh: float
    days: float


def burden(area: str, first: date, last: date, carrier: str = ELECTRICITY) -> list[Borne]:
    """Return what each group has borne, the heaviest in days of use first. One query."""
    rows = BurdenEntry.objects.filter(
        carrier=carrier, area_id=area, day__gte=first, day__lte=last, asset=None, usual_mwh__gt=0
    )
    days = Sum(F("mwh") / F("usual_mwh"))
    sums = rows.order_by().values_list("group", "lever").annotate(m=Sum("mwh"), d=days)
    return sorted((Borne(*row) for row in sums), key=lambda one: (-one.days, one.group))


def burden_of_asset(asset_id: UUID, first: date) -> list[BurdenEntry]:
    """Return what one consumer has given since a day; the caller asks for permission."""
    rows = BurdenEntry.objects.filter(asset_id=asset_id, day__gte=first)
    return list(rows.order_by("-day", "-pk")[:50])


def borne_by_group(area: str, first: date, carrier: str = ELECTRICITY) -> dict[str, float]:
    """Return the MWh cut since a day, by group, as a new plan weighs them."""
    rows = BurdenEntry.objects.filter(carrier=carrier, area_id=area, day__gte=first, lever="shed",
                                      asset=None)  # fmt: skip
    return dict(rows.order_by().values_list("group").annotate(Sum("mwh")))


def complaints_of(parties: Collection[UUID], operators: Collection[UUID]) -> list[Any]:
    """Return the complaints of some parties, or to some operators, the newest first."""
    rows = ledger.Obligation.objects.filter(
        Q(asker_id__in=list(parties)) | Q(debtor_id__in=list(operators)),
        kind="objection", service="energy",
    )  # fmt: skip
    return list(rows.select_related("asker", "debtor").order_by("-sent_at")[:20])


def feeder_lines(area: str, on: date) -> list[schedule.Line]:
    """Return the register of feeders, and which of them can be cut on a day. Never public."""
    barred = barred_feeders(area, on)
    rows = Feeder.objects.filter(area_id=area).order_by("code")
    columns = rows.values_list("code", "city", "district", "consumers")
    return [schedule.Line(*row, row[0] not in barred) for row in columns]


def barred_feeders(area: str, on: date | None = None) -> frozenset[str]:
    """Return the feeders on which a vital site or a medical device hangs. Never public."""
    found: Any = Asset.objects.filter(carrier=ELECTRICITY, area_id=area, closed_on=None)
    rows = list(found.values_list("feeder", "site_id", "is_medical"))
    tiers = registry.site_tiers([site for _, site, _ in rows if site is not None], on)
    return frozenset(feeder for feeder, site, medical in rows
                     if medical or tiers.get(site) == "vital")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evenness:
    """How evenly the cuts of a year lie on the groups: largest and mean in days, Gini's measure."""

    largest: float
    mean: float
    gini: float


def evenness(rows: Iterable[Borne]) -> Evenness:
    """Return how evenly it lies (0 even, 1 on one), as rules/settle.py defines it.

    Written out without numpy, so that a page starts no arithmetic; a test compares the two.
    """
    days = sorted(one.days for one in rows if one.lever == "shed")
    total = sum(days)
    if total <= 0:
        return Evenness(0.0, 0.0, 0.0)
    count = len(days)
    ranked = sum((2 * n - count - 1) * value for n, value in enumerate(days, 1))
    return Evenness(days[-1], total / count, ranked / (count * total))
