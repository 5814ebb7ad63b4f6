"""How do supply and forecasts come in, what shortage do they foretell, and who is warned?

The warning is an obligation of the office that the province's threshold names: it acknowledges with
an order, and the ledger's own ladder goes on to the next office when it does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from payvand.energy import access
from payvand.energy.actions.journal import (
    SERVICE,
    need_arithmetic,
    record,
    stream_of,
    warning_of,
)
from payvand.energy.errors import NoForecast, NoOperator
from payvand.energy.models import Forecast, ForecastMemory, Outlook, Supply
from payvand.energy.queries import balance as queries
from payvand.energy.queries import series
from payvand.energy.rules.hours import ELECTRICITY, GAS, STEPS, start_of
from payvand.kernel import clock, jalali
from payvand.kernel.ids import tracking_code
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.registry.public import Actor

NAMES = {ELECTRICITY: {"fa": "برق", "en": "Electricity"}, GAS: {"fa": "گاز", "en": "Gas"}}
TERM = "4wh"  # working hours to acknowledge a warning
LADDER = ({"at": "0", "to": "first-vice-president", "ack": "4wh"},)
OWN_LADDER = ({"at": "0", "to": "governor", "ack": "4wh"},
              {"at": "+1wd", "to": "first-vice-president", "ack": "4wh"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class SupplyRow:
    """What can be supplied in one hour."""

    at: datetime
    mw: float
    sd_mw: float = 0.0


@transaction.atomic
def take_supply(
    area: str, rows: Sequence[SupplyRow], *, by: Actor, source: str, carrier: str = ELECTRICITY
) -> int:
    """Record figures of supply as known now; earlier ones stay with the time they were known."""
    access.may_operate(by, area, carrier).or_raise()
    now = clock.now()
    Supply.objects.bulk_create(
        [
            Supply(carrier=carrier, area_id=area, at=row.at, mw=row.mw, sd_mw=row.sd_mw,
                   known_at=now, source=source[:80])
            for row in rows
        ],
        batch_size=500, update_conflicts=True,
        unique_fields=["carrier", "area", "at", "known_at"],
        update_fields=["mw", "sd_mw", "source"],
    )  # fmt: skip
    record(by, "supply_loaded", stream_of(area), f"area:{area}", hours=len(rows), source=source,
           carrier=carrier)  # fmt: skip
    return len(rows)


@transaction.atomic
def forecast(
    area: str, *, by: Actor, first: date | None = None, carrier: str = ELECTRICITY
) -> datetime:
    """Forecast the demand of every sector for three days from a day on; today unless told.

    What was learnt until the last forecast is taken up, and kept for the next one. Raises Refused,
    NotInstalled, NoForecast (no sums at all).
    """
    access.may_operate(by, area, carrier).or_raise()
    need_arithmetic()
    day = first or clock.local_date(clock.now())
    panel = series.panel(area, day, carrier, days_off(area, day))
    if panel is None:
        raise NoForecast(day=str(day))
    from payvand.energy.rules import forecast as rules
    from payvand.energy.rules.intervals import LEVELS

    parts = {"": [name for name in panel.names if name]}
    teller = rules.Forecaster(panel, parts, rules.members(trees=False))
    origin = (day - panel.first).days
    went_on = teller.go_on(origin, series.kept(area, carrier, until=day))
    made = teller.step(origin)
    ForecastMemory.objects.bulk_create(
        series.as_rows(area, carrier, teller.memory.laid_out(panel)), update_conflicts=True,
        unique_fields=["carrier", "area", "sector"], update_fields=["version", "day", "kept"],
    )  # fmt: skip
    now = clock.now()
    Forecast.objects.bulk_create(
        Forecast(
            carrier=carrier, area_id=area, sector=name, made_at=now, first=day,
            levels=[float(level) for level in LEVELS], status=made.status[n],
            missing=round(float(made.missing[n]), 4),
            told=[] if made.status[n] == rules.REFUSED
            else made.told[:, :, :, n].reshape(len(LEVELS), -1).round(3).tolist(),
        )
        for n, name in enumerate(panel.names)
    )  # fmt: skip
    record(by, "forecast_made", stream_of(area), f"area:{area}", first=str(day),
           status=sorted(set(made.status)), carrier=carrier, went_on=went_on)  # fmt: skip
    return now


def days_off(area: str, day: date) -> dict[date, str]:
    """Return the days off that a forecast knows: of the country, and closures of the province."""
    from payvand.energy import files

    first, last = day - timedelta(days=series.HISTORY), day + timedelta(days=7)
    found = files.country_days_off("IR", first, last)
    calendar = registry.calendar_for((area.partition("-")[0], area))
    known = calendar.closed_days(max(first, calendar.first), min(last, calendar.last))
    found |= {
        one.date: one.rule.title_en or one.rule.kind
        for one in known
        if one.rule and not one.rule.weekdays
    }
    return found


@transaction.atomic
def foresee(area: str, *, by: Actor, carrier: str = ELECTRICITY) -> Outlook:
    """Lay supply over the newest forecast, keep the outlook, and warn where it is too dark.

    Raises Refused, NotInstalled, NoForecast.
    """
    access.may_operate(by, area, carrier).or_raise()
    need_arithmetic()
    told = queries.latest_forecast(area, carrier=carrier)
    if told is None or not told.told:
        raise NoForecast(day=str(clock.local_date(clock.now())))
    import numpy as np

    from payvand.energy.rules import imbalance

    mw, spread = queries.supply_of(area, told.first, carrier=carrier)
    supply = np.array([np.nan if v is None else v for v in mw])
    doubt = np.array([0.0 if v is None else v for v in spread])
    found = imbalance.shortage(np.array(told.told), supply, doubt, hours=24 // STEPS[carrier])
    made = Outlook.objects.create(
        carrier=carrier, area_id=area, made_at=clock.now(), first=told.first,
        probability=_plain(found.probability), short_mw=_plain(found.short_mw), supply_mw=mw,
        worst_hour=found.worst_hour, any_probability=_number(found.any_probability),
        energy_mwh=_number(found.energy_mwh), hours=_number(found.hours),
    )  # fmt: skip
    record(by, "outlook_made", stream_of(area), f"area:{area}", first=str(told.first),
           probability=made.any_probability, mwh=made.energy_mwh, carrier=carrier)  # fmt: skip
    warn(made)
    return made


def _plain(values: Any) -> list[float | None]:
    return [_number(value) for value in values]


def _number(value: float) -> float | None:
    return None if value != value else round(float(value), 4)  # NaN is the only such number


def day_of(made: Outlook) -> date:
    """Return the day on which most is expected to be missing."""
    return made.first + timedelta(days=max(made.worst_hour, 0) // STEPS[made.carrier])


def warn(made: Outlook) -> None:
    """Ask the office of the carrier's threshold to acknowledge, once for a province and day."""
    limit = queries.threshold_of(made.area_id, made.carrier)
    if limit is None or (made.any_probability or 0.0) < limit.probability:
        return
    day = day_of(made)
    case = warning_of(made.area_id, day, made.carrier)
    earlier = ledger.Obligation.objects.filter(case_id=case, question="shortage").first()
    if earlier is not None:
        Outlook.objects.filter(pk=made.pk).update(warning=earlier.pk)
        made.warning = earlier.pk
        return
    operator = access.operator_of(made.area_id, made.carrier)
    if operator is None:
        raise NoOperator(area=made.area_id)
    own = {card.id for card in registry.office_cards(agency=operator)}
    name = registry.place(made.area_id).name
    what = NAMES[made.carrier]
    title = {
        "fa": f"کمبود {what['fa']} پیش‌بینی‌شده در {name['fa']}، {jalali.format_date(day, 'fa')}",
        "en": f"{what['en']} shortage foreseen in {name['en']}, {jalali.format_date(day, 'en')}",
    }
    code = tracking_code()
    ask = ledger.Ask(
        "acknowledgement", case, "shortage", title, operator, operator, term=TERM, case_code=code,
        service=SERVICE, place=made.area_id, office=limit.office_id, ground=limit.ground_id,
        spec={"ladder": list(OWN_LADDER if limit.office_id in own else LADDER)},
        payload={"area": made.area_id, "day": str(day), "probability": made.any_probability},
    )  # fmt: skip
    work = ledger.Work(at=clock.now(), by="system:energy")
    work.heads = ledger.lock_heads({case})
    work.log(case, "energy.warned", f"area:{made.area_id}", day=str(day), office=limit.office_id,
             probability=made.any_probability, threshold=limit.probability)  # fmt: skip
    (key,) = ledger.put(work, [ask])
    work.add("Notice", office_id=limit.office_id, case_id=case, verb="energy.shortage",
             at=work.at, args={"code": code, "title": title, "obligation": str(key)})  # fmt: skip
    ledger.flush(work)
    Outlook.objects.filter(pk=made.pk).update(warning=key)
    made.warning = key


@transaction.atomic
def acknowledge(area: str, *, by: Actor, obligation_id: Any, order: str) -> None:
    """Record the order with which the office acknowledges a warning. Raises Refused."""
    ledger.answer(by=by, obligation_id=obligation_id,
                  reply=ledger.Reply("acknowledged", text=order.strip()))  # fmt: skip


def hour_rows(
    first: date, mw: Sequence[float], sd_mw: float = 0.0, *, carrier: str = ELECTRICITY
) -> list[SupplyRow]:
    """Return rows of supply for the hours, or the days of gas, from the start of a day on."""
    start, step = start_of(first), timedelta(hours=24 // STEPS[carrier])
    return [SupplyRow(start + n * step, value, sd_mw) for n, value in enumerate(mw)]
