"""What happens about energy in the sample country? One plan that was kept, one shortage to come."""

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
from payvand.energy.models import Asset, Plan, Request
from payvand.energy.queries import balance
from payvand.energy.queries import plans as queries
from payvand.kernel import clock
from payvand.plugins.slots import Sample
from payvand.registry import public as registry
from payvand.registry.public import Actor

SETTLED_AGO = 4  # days since the day of the plan that is settled
SHORT, PLENTY = 0.88, 1.12  # supply at the peak, against the usual peak
SOURCE = "sample"
ORDER = "تأیید می‌شود. روابط عمومی استانداری امروز اعلام کند. (دستور نمونه)"
HEARD = "شرکت برق برنامه را تا پایان امروز آماده کند. (دستور نمونه)"


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
    _settled(world, told)
    _coming(told)
    sample_gas.add(told)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), clock.TEHRAN)


def _supply(area: str, first: date, short_on: date | None, *, days: int = 3) -> None:
    """State supply for some days: ample, but for one day on which the peak cannot be met."""
    recent = [balance.used(area, first - timedelta(days=n)).total for n in range(1, 8)]
    usual = [max(row[hour] or 0.0 for row in recent) for hour in range(24)]
    peak = max(usual)
    mw = [
        round(peak * (SHORT if first + timedelta(days=n) == short_on else PLENTY), 1)
        for n in range(days) for _ in range(24)
    ]  # fmt: skip
    rows = outlooks.hour_rows(first, mw, 12.0)
    outlooks.take_supply(area, rows, by=registry.system("sample"), source=SOURCE)


def _governor(world: World) -> Actor:
    return Actor(kind="sample", label="office", offices=(world.offices[EAST],))


def _settled(world: World, told: Sample) -> None:
    """Tell the story of the plan of some days ago, from the warning to the settlement."""
    by, today = registry.system("sample"), clock.local_date(told.now)
    day = today - timedelta(days=SETTLED_AGO)
    eve = day - timedelta(days=1)
    with clock.frozen(_at(eve, 7, 30)):
        _supply(EAST, eve, day)
        outlooks.forecast(EAST, by=by, first=eve)
        seen = outlooks.foresee(EAST, by=by)
    if seen.warning is not None:
        with clock.frozen(_at(eve, 8, 15)):
            outlooks.acknowledge(EAST, by=_governor(world), obligation_id=seen.warning,
                                 order=HEARD)  # fmt: skip
    with clock.frozen(_at(eve, 9)):
        plan = planning.make(EAST, day, by=by, is_sample=True)
        planning.propose(plan.pk, by=by)
    with clock.frozen(_at(eve, 9, 40)):
        planning.decide(plan.pk, by=_governor(world), approve=True, order=ORDER)
    with clock.frozen(_at(eve, 10)):
        publishing.publish(plan.pk, by=by)
    moved = {(asset, day): mw for asset, mw in _answers(world, plan, eve).items()}
    days = [today - timedelta(days=n) for n in range(DAYS, 0, -1)]
    sample_readings.meter_assets(world.assets, days, seed=told.seed, moved=moved)
    with clock.frozen(_at(day + timedelta(days=1), 9)):
        settling.settle(plan.pk, by=by)


def _answers(world: World, plan: Plan, eve: date) -> dict[UUID, list[float]]:
    """Let consumers agree and deliver, agree and fall short, decline, be silent.

    Returns the MW by hour that they moved.
    """
    moved = {}
    asked = {one.row.asset_id: one.row for one in queries.requests_of(plan.pk)}
    ways = iter([(True, 1.05), (True, 0.7), (False, 0.0), None])
    for asset in world.assets:
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
            moved[asset.pk] = [share * mw for mw in row.out_mw]
    return moved


def _coming(told: Sample) -> None:
    """Foresee: enough in Lorestan, a shortage tomorrow in East Azerbaijan, with its warning."""
    by, today = registry.system("sample"), clock.local_date(told.now)
    with clock.frozen(told.now - timedelta(minutes=20)):
        for area in AREAS:
            _supply(area, today, today + timedelta(days=1) if area == EAST else None)
            outlooks.forecast(area, by=by, first=today)
            outlooks.foresee(area, by=by)
        releasing.release_day(EAST, today - timedelta(days=1), by=by)
    plan = Plan.objects.filter(area_id=EAST, state="settled").first()
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
    """Let the sample country's electricity go on to the present; returns how many days are new.

    Readings come until yesterday; who agreed to a request delivers nine tenths of it. Supply is
    stated for three days, short at the peak on Mondays and Wednesdays in East Azerbaijan, and what
    follows is foreseen at once, as the worker would within a minute.
    """
    today = clock.local_date(clock.now())
    newest = balance.latest_day(EAST) or today
    if newest >= today - timedelta(days=1):
        return 0
    days = sample_readings.go_on(seed, today)
    if not days:  # no sample store: built by an earlier version, or without the libraries
        return 0
    agreed = Request.objects.filter(answer="accepted", plan__day__in=days).select_related("plan")
    moved = {(one.asset_id, one.plan.day): [0.9 * mw for mw in one.out_mw] for one in agreed}
    assets = list(Asset.objects.filter(area_id=EAST, closed_on=None, code__startswith="S-"))
    sample_readings.meter_assets(assets, days, seed=seed, moved=moved)
    short = next(day for day in (today + timedelta(days=n) for n in range(1, 8))
                 if day.weekday() in (0, 2))  # fmt: skip
    by = registry.system("sample")
    for area in AREAS:
        _supply(area, today, short if area == EAST else None)
        outlooks.forecast(area, by=by)
        outlooks.foresee(area, by=by)
    sample_gas.go_on(seed, today)
    return len(days)
