"""Do loaded readings reach the pages as sums of days in Tehran, once, and with gaps named?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from payvand.energy import jobs
from payvand.energy.actions import loading, outlooks
from payvand.energy.models import DayLoad, Feeder, Outlook
from payvand.kernel import clock
from payvand.kernel.errors import Refused
from payvand.ledger.models import Obligation
from payvand.registry import public as registry
from payvand.registry.public import Actor
from tests.energy import province
from tests.energy.province import AREA, NOW, SYSTEM, TODAY

pytestmark = pytest.mark.django_db
FIRST = datetime(2025, 11, 6, tzinfo=UTC)


@pytest.fixture
def made(settings, tmp_path):
    settings.PAYVAND_ENERGY_STORE = tmp_path / "store"
    with clock.frozen(NOW):
        yield province.build()
    registry.forget()


def files(folder: Path) -> tuple[Path, Path]:
    """Write a register of 20 meters and two UTC days: meter n uses n kWh an hour."""
    register, readings = folder / "meters.csv", folder / "readings.csv"
    rows = ["meter,province,city,feeder,sector,most_wh"]
    rows += [f"{n},{AREA},IR-15-1503,f{n % 2:02},residential,100000" for n in range(1, 21)]
    register.write_text("\n".join(rows))
    rows = ["meter,ts,kwh"]
    for hour in range(48):
        at = FIRST + timedelta(hours=hour)
        rows += [f"{n},{at:%Y-%m-%dT%H:%M}Z,{n + hour % 7 / 10}" for n in range(1, 21)]
    rows.append("3,yesterday,1")
    readings.write_text("\n".join(rows))
    return register, readings


def test_sums_reach_the_pages_by_days_of_tehran_and_only_once(made, tmp_path):
    DayLoad.objects.all().delete()
    register, readings = files(tmp_path)
    assert loading.take_readings(AREA, register, by=made.operator, register=True).kept == 20
    report = loading.take_readings(AREA, readings, by=made.operator)
    assert (report.kept, report.rejected) == (960, {"time_unreadable": 1})
    day = DayLoad.objects.filter(day=date(2025, 11, 7), sector="residential")
    wh = [sum(hours) for hours in zip(*day.values_list("wh", flat=True), strict=True)]
    # hour 0 in Tehran is 21:00 UTC of the day before, the 22nd hour of the file
    assert wh[0] == sum(round((n + 21 % 7 / 10) * 1000) for n in range(1, 21))
    assert wh[3] == sum(round((n + 24 % 7 / 10) * 1000) for n in range(1, 21))
    assert sum(day.values_list("n", flat=True)) == 480
    feeder = Feeder.objects.get(code="f01")
    assert feeder.usual_mw[0] == pytest.approx(sum(range(1, 21, 2)) / 1000, abs=0.001)
    assert (feeder.consumers, feeder.district) == (10, "1")  # the district it had stays
    again = loading.take_readings(AREA, readings, by=made.operator)
    assert again.again
    assert sum(day.values_list("n", flat=True)) == 480
    first = DayLoad.objects.filter(day=date(2025, 11, 6)).first()
    assert first.wh[:3] == [None] * 3  # nothing was read before the file begins


def test_only_the_operator_loads(made, tmp_path):
    register, _ = files(tmp_path)
    for by in (Actor(user_id=9), made.governor, made.speaker("steel")):
        with pytest.raises(Refused):
            loading.take_readings(AREA, register, by=by, register=True)
        with pytest.raises(Refused):
            loading.take_supply_file(AREA, register, by=by)


def test_the_worker_warns_when_news_of_supply_bring_a_shortage(made):
    province.supply(1.3 * province.PEAK)
    assert jobs.watch() == {"outlooks": 1, "days": 0}
    assert jobs.watch() == {"outlooks": 0, "days": 0}
    assert not Obligation.objects.filter(kind="acknowledgement").exists()
    with clock.frozen(NOW + timedelta(minutes=10)):
        province.supply()
        assert jobs.watch() == {"outlooks": 1, "days": 0}
    assert Obligation.objects.filter(kind="acknowledgement").count() == 1
    assert Outlook.objects.count() == 2


def test_late_news_of_supply_leave_what_was_known_before(made):
    province.supply(1.3 * province.PEAK)
    with clock.frozen(NOW + timedelta(hours=1)):
        outlooks.take_supply(AREA, outlooks.hour_rows(TODAY, [90.0]), by=SYSTEM, source="late")
    from payvand.energy.queries import balance

    assert balance.supply_of(AREA, TODAY)[0][0] == 90.0
    assert balance.supply_of(AREA, TODAY, as_of=NOW)[0][0] == 1.3 * province.PEAK
