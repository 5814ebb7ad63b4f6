"""What happens about energy in the sample country?

Of electricity and of gas: one plan that was kept, and one shortage to come.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from payvand.energy.actions import (
    outlooks,
    planning,
    publishing,
    releasing,
    sample_gas,
    sample_readings,
    sample_world,
    settling,
)
from payvand.energy.actions.sample_readings import AREAS, DAYS, EAST
from payvand.energy.actions.sample_world import World
from payvand.energy.models import Asset, Outlook, Plan, Request
from payvand.energy.queries import balance
from payvand.energy.queries import plans as queries
from payvand.energy.rules.carriers import CARRIERS
from payvand.energy.rules.hours import ELECTRICITY, GAS
from payvand.kernel import clock
from payvand.plugins.slots import Sample
from payvand.registry import public as registry
from payvand.registry.public import Actor

SETTLED_AGO = {ELECTRICITY: 4, GAS: 10}  # days since the first day of the plan that is settled
CARRIER_SEED = {ELECTRICITY: 0, GAS: 1}
METERED = {ELECTRICITY: DAYS, GAS: 60}  # days for which the consumers known by name are metered
SHORT, PLENTY = 0.88, 1.12  # supply at the peak, against the usual peak
SOURCE = "sample"
ORDER = "تأیید می‌شود. روابط عمومی استانداری امروز اعلام کند. (دستور نمونه)"
HEARD = "شرکت برنامه را تا پایان امروز آماده کند. (دستور نمونه)"


def add(told: Sample) -> None:
    """Add the samples; where the extra `energy` is not installed the pages say so instead."""
    try:
        import scipy  # noqa: F401
    except ImportError as error:
        told.tell(f"energy: left out, {error.name} is not installed")
        return
    told.tell("energy")
    registry.forget()
    with clock.frozen(told.now - timedelta(days=30)):
        world = sample_world.furnish(told)
    registry.forget()
    sample_readings.begin(told)
    sample_gas.begin(told)
    for carrier in (ELECTRICITY, GAS):
        _settled(world, told, carrier)
    _coming(told)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), clock.TEHRAN)


def _foresee(area: str, first: date, short_on: date | None, carrier: str) -> Outlook:
    """Foresee three days; supply is ample, but for one day on which demand cannot be met."""
    by = registry.system("sample")
    if carrier == GAS:
        return sample_gas.foresee(first, short_on)
    recent = [balance.used(area, first - timedelta(days=n)).total for n in range(1, 8)]
    peak = max(row[hour] or 0.0 for row in recent for hour in range(24))
    mw = [
        round(peak * (SHORT if first + timedelta(days=n) == short_on else PLENTY), 1)
        for n in range(3) for _ in range(24)
    ]  # fmt: skip
    rows = outlooks.hour_rows(first, mw, 12.0)
    outlooks.take_supply(area, rows, by=by, source=SOURCE)
    outlooks.forecast(area, by=by, first=first)
    return outlooks.foresee(area, by=by)


def _settled(world: World, told: Sample, carrier: str) -> None:
    """Tell the story of the plan of some days ago, from the warning to the settlement."""
    by, today = registry.system("sample"), clock.local_date(told.now)
    day = today - timedelta(days=SETTLED_AGO[carrier])
    eve = day - timedelta(days=1)
    with clock.frozen(_at(eve, 7, 30)):
        seen = _foresee(EAST, eve, day, carrier)
    if seen.warning is not None:
        warned = Actor(kind="sample", label="office", offices=(world.warned[EAST, carrier],))
        with clock.frozen(_at(eve, 8, 15)):
            outlooks.acknowledge(EAST, by=warned, obligation_id=seen.warning, order=HEARD)
    with clock.frozen(_at(eve, 9)):
        plan = planning.make(EAST, day, by=by, is_sample=True, carrier=carrier)
        planning.propose(plan.pk, by=by)
    governor = Actor(kind="sample", label="office", offices=(world.signing[EAST],))
    with clock.frozen(_at(eve, 9, 40)):
        planning.decide(plan.pk, by=governor, approve=True, order=ORDER)
    with clock.frozen(_at(eve, 10)):
        publishing.publish(plan.pk, by=by)
    assets = world.assets[carrier]
    days = [today - timedelta(days=n) for n in range(METERED[carrier], 0, -1)]
    sample_readings.meter_assets(assets, days, seed=told.seed + CARRIER_SEED[carrier],
                                 moved=_answers(assets, plan, eve))  # fmt: skip
    with clock.frozen(_at(plan.last + timedelta(days=1), 9)):
        settling.settle(plan.pk, by=by)


def _answers(assets: list[Asset], plan: Plan, eve: date) -> dict[tuple[UUID, date], list[float]]:
    """Let consumers agree and deliver, agree and fall short, decline, be silent.

    Returns what they moved, by consumer and day.
    """
    moved: dict[tuple[UUID, date], list[float]] = {}
    asked = {one.row.asset_id: one.row for one in queries.requests_of(plan.pk)}
    ways = iter([(True, 1.05), (True, 0.7), (False, 0.0), None])
    for asset in assets:
        row = asked.get(asset.pk)
        way = next(ways, None) if row is not None else None
        if row is None or way is None:
            continue
        accept, share = way
        speaks = Actor(kind="sample", label="consumer", seats=(registry.Seat(asset.party_id,
                       "signatory"),), mandates=(asset.party_id,))  # fmt: skip
        with clock.frozen(_at(eve, 11)):
            publishing.answer(
                row.pk,
                by=speaks,
                accept=accept,
                text="" if accept else "این هفته سفارش در دست داریم. (پاسخ نمونه)",
            )
        if accept:
            moved |= _moved(row, plan, share)
    return moved


def _moved(row: Request, plan: Plan, share: float) -> dict[tuple[UUID, date], list[float]]:
    """Return what a consumer delivers of a request, day by day."""
    steps = CARRIERS[plan.carrier].steps
    return {
        (row.asset_id, plan.day + timedelta(days=n)):
            [share * mw for mw in row.out_mw[n * steps : (n + 1) * steps]]
        for n in range((plan.last - plan.day).days + 1)
    }  # fmt: skip


def _coming(told: Sample) -> None:
    """Foresee: enough in Lorestan, a shortage tomorrow in East Azerbaijan, with its warnings."""
    by, today = registry.system("sample"), clock.local_date(told.now)
    tomorrow = today + timedelta(days=1)
    with clock.frozen(told.now - timedelta(minutes=20)):
        for area in AREAS:
            _foresee(area, today, tomorrow if area == EAST else None, ELECTRICITY)
        _foresee(EAST, today, tomorrow, GAS)
        for carrier in (ELECTRICITY, GAS):
            releasing.release_day(EAST, today - timedelta(days=1), by=by, carrier=carrier)
    plan = Plan.objects.filter(carrier=ELECTRICITY, area_id=EAST, state="settled").first()
    if plan is not None:
        _complaint(plan, told.now - timedelta(days=1))


def _complaint(plan: Plan, at: datetime) -> None:
    """Let a consumer that was not asked by name complain."""
    silent = next((one for one in queries.requests_of(plan.pk) if one.standing == "silent"), None)
    if silent is None:
        return
    asset = silent.row.asset
    speaks = Actor(kind="sample", label="consumer", mandates=(asset.party_id,))
    with clock.frozen(at):
        publishing.complain(asset, by=speaks, plan=plan,
                            text="اعلام دیر رسید و فرصت پاسخ نداشتیم. (شکایت نمونه)")  # fmt: skip


def go_on(seed: int) -> int:
    """Let the sample country's energy go on to the present; returns how many days are new.

    Readings come until yesterday; who agreed to a request delivers nine tenths of it. Supply is
    stated for some days, short on Mondays and Wednesdays in East Azerbaijan, and what follows is
    foreseen at once, as the worker would within a minute.
    """
    today = clock.local_date(clock.now())
    newest = balance.latest_day(EAST) or today
    if newest >= today - timedelta(days=1):
        return 0
    days = sample_readings.go_on(seed, today)
    if not days:  # no sample store: built by an earlier version, or without the libraries
        return 0
    _meter(seed, days)
    short = next(day for day in (today + timedelta(days=n) for n in range(1, 8))
                 if day.weekday() in (0, 2))  # fmt: skip
    for area in AREAS:
        _foresee(area, today, short if area == EAST else None, ELECTRICITY)
    if sample_gas.go_on(seed, today):
        _foresee(EAST, today, short, GAS)
    return len(days)


def _meter(seed: int, days: list[date]) -> None:
    """Meter the consumers known by name on the new days."""
    agreed = Request.objects.filter(answer="accepted", plan__day__lte=days[-1],
                                    plan__last__gte=days[0])  # fmt: skip
    moved: dict[tuple[UUID, date], list[float]] = {}
    for one in agreed.select_related("plan"):
        moved |= _moved(one, one.plan, 0.9)
    for carrier, code in sample_world.CODES.items():
        assets = list(Asset.objects.filter(carrier=carrier, area_id=EAST, closed_on=None,
                                           code__startswith=f"{code}-"))  # fmt: skip
        sample_readings.meter_assets(assets, days, seed=seed + CARRIER_SEED[carrier], moved=moved)
