"""What does a plan read: what is missing when, who uses how much, who offers what, by which rules?

The forecast sees three days. Where a plan looks over more, the days behind serve only to take back
what was moved: demand on them is taken to be the highest of the last week, and nothing is asked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from payvand.energy.errors import NoForecast
from payvand.energy.models import Asset, Plan
from payvand.energy.queries import balance, policies
from payvand.energy.queries import plans as queries
from payvand.energy.rules.carriers import CARRIERS, Carrier
from payvand.energy.rules.hours import DAYS, hour_at
from payvand.kernel import clock, jalali
from payvand.registry import public as registry

if TYPE_CHECKING:
    from payvand.energy.rules.groups import Consumer
    from payvand.energy.rules.policies import Policy

LEVEL = 0.75  # the plan meets a demand that three of four outcomes stay below
WEEK = 7


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a plan reads; its hash is kept with the plan. Figures are MWh a period."""

    area: str
    day: str
    loads: dict[str, list[float]]  # by sector and period, the middle of the forecast
    short: list[float]  # missing by period; negative where there is room
    unknown: list[int]  # periods for which no supply was stated
    borne: dict[str, float]
    now: int  # hours from the beginning of the day
    level: float = LEVEL
    carrier: str = "electricity"
    foreseen: int = 24  # periods that the forecast sees; nothing is asked in those behind
    rules: dict[str, Policy] = field(default_factory=dict)

    @property
    def kind(self) -> Carrier:
        """Return the carrier."""
        return CARRIERS[self.carrier]

    @property
    def days(self) -> int:
        """Return how many days the periods cover."""
        return len(self.short) // self.kind.steps

    def digest(self, consumers: Sequence[Consumer]) -> str:
        """Return the hash of the inputs and of all consumers with their tiers."""
        told = [asdict(self), [asdict(one) for one in consumers]]
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=list).encode()).hexdigest()


def inputs_of(area: str, day: date, carrier: str) -> Inputs:
    """Return what a plan from a day on reads. Raises NoForecast."""
    kind = CARRIERS[carrier]
    told = balance.latest_forecast(area, carrier=carrier)
    if told is None or not told.told or not 0 <= (day - told.first).days < DAYS:
        raise NoForecast(day=str(day))
    place = kind.steps * (day - told.first).days
    parts = balance.forecasts_of(area, told.made_at, carrier)
    supply, _ = balance.supply_of(area, day, kind.days, carrier=carrier)
    demand = at_level(told, LEVEL)[place:][: kind.periods]
    loads = {
        name: [max(0.0, v) for v in at_level(row, 0.5)[place:][: kind.periods]]
        for name, row in sorted(parts.items()) if name and row.told
    }  # fmt: skip
    foreseen = len(demand)
    if all(value is None for value in supply[:foreseen]):
        raise NoForecast(day=str(day))
    demand, loads = _behind(area, kind, demand, loads)
    short = [0.0 if mw is None else round(need - mw, 3)
             for need, mw in zip(demand, supply, strict=False)]  # fmt: skip
    short = [value if n < foreseen else min(0.0, value) for n, value in enumerate(short)]
    year = jalali.parse(jalali.to_jalali(day)[0], 1, 1)
    return Inputs(
        area, str(day), loads, short, [n for n in range(foreseen) if supply[n] is None],
        queries.borne_by_group(area, year, carrier), hour_at(clock.now(), day), carrier=carrier,
        foreseen=foreseen, rules=policies.rules_of(area, carrier, day),
    )  # fmt: skip


def at_level(row: Any, level: float) -> list[float]:
    """Return a forecast at the level nearest to the one that is asked for."""
    place = min(range(len(row.levels)), key=lambda n: abs(row.levels[n] - level))
    found: list[float] = row.told[place]
    return found


def _behind(
    area: str, kind: Carrier, demand: list[float], loads: dict[str, list[float]]
) -> tuple[list[float], dict[str, list[float]]]:
    """Return demand and loads with the periods behind the forecast, from what the last week was.

    Demand as on its highest day, so that no room is promised that may not be there; sectors as on
    its mean day.
    """
    lacking = kind.periods - len(demand)
    last = balance.latest_day(area, kind.code)
    if lacking <= 0 or last is None:
        return demand, loads
    week = balance.used_by_day(area, last - timedelta(days=WEEK - 1), last, kind.code)
    whole = max((sum(used.values()) for used in week), default=0.0) / kind.steps
    mean = {name: sum(used.get(name, 0.0) for used in week) / max(1, len(week)) / kind.steps
            for name in loads}  # fmt: skip
    return demand + [whole] * lacking, {
        name: values + [mean[name]] * lacking for name, values in loads.items()
    }


def consumers_of(
    area: str, day: date, before: Plan | None, *, carrier: str, periods: int
) -> list[Consumer]:
    """Return the consumers known by name, with the tier that holds on the day.

    Whoever declined or did not answer the plan in force is not asked again for its days.
    """
    from payvand.energy.rules.groups import Consumer

    refused = set()
    if before is not None:
        asked = queries.requests_of(before.pk)
        refused = {one.row.asset_id for one in asked if one.standing in ("declined", "silent")}
    kind = CARRIERS[carrier]
    rows = list(Asset.objects.filter(carrier=carrier, area_id=area, closed_on=None).order_by("pk"))
    offers = queries.offers_of([row.pk for row in rows])
    tiers = registry.site_tiers([row.site_id for row in rows if row.site_id], day)
    return [
        Consumer(
            str(row.pk), row.sector, tiers.get(row.site_id) if row.site_id else None,
            kind.usual(row.usual_mw, periods), row.is_medical,
            tuple(row.protected_hours) if kind.steps > 1 else (),
            0.0 if row.pk in refused else row.shed_cap / 100, row.day_cap / 100, row.notice_hours,
            () if row.pk in refused else tuple(
                _offered(one, kind, periods) for one in offers.get(row.pk, ())),
        )
        for row in rows
    ]  # fmt: skip


def _offered(one: Any, kind: Carrier, periods: int) -> Any:
    from payvand.energy.rules.groups import Offered

    first, last = (one.from_hour, one.to_hour) if kind.steps > 1 else (0, periods)
    return Offered(one.mw, first, last, one.notice_hours, one.comes_back)
