"""Does a reading that a program sends count once, and only from the operator of its meter?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from payvand.energy import jobs
from payvand.energy.actions import loading
from payvand.energy.models import Asset, AssetLoad, DayLoad, ReadingsDue
from payvand.kernel import clock
from payvand.registry import public as registry
from tests.energy import province
from tests.energy.province import AREA, CITIES, NOW
from tests.energy.test_pages import client

pytestmark = pytest.mark.django_db
FIRST = datetime(2025, 11, 6, tzinfo=UTC)
URL = f"/api/v1/energy/{AREA}/readings"


@pytest.fixture
def made(settings, tmp_path):
    settings.PAYVAND_ENERGY_STORE = tmp_path / "store"
    with clock.frozen(NOW):
        built = province.build()
        rows = ["meter,province,city,feeder,sector,most_wh"]
        rows += [f"{n},{AREA},{CITIES[0]},f00,residential,100000" for n in range(1, 6)]
        (tmp_path / "meters.csv").write_text("\n".join(rows))
        loading.take_readings(AREA, tmp_path / "meters.csv", by=built.operator, register=True)
        yield built
    registry.forget()


@pytest.fixture
def operator(made):
    return client("op", seat=(made.world.agencies["owner"], "clerk"))


def rows(hours: int = 24, meters: int = 5, wh: int = 1000) -> list[dict[str, object]]:
    return [{"meter": n, "ts": f"{FIRST + timedelta(hours=h):%Y-%m-%dT%H:%MZ}", "wh": wh + h}
            for n in range(1, meters + 1) for h in range(hours)]  # fmt: skip


def send(browser, readings, *, key: str = "", **more):
    return browser.post(URL, {"readings": readings, **more}, "application/json",
                        headers={"Idempotency-Key": key or str(uuid4())})  # fmt: skip


def test_a_batch_is_kept_once_whatever_its_key(made, operator):
    first = send(operator, rows(), key="a")
    assert first.status_code == 200, first.content
    assert (first.json()["kept"], first.json()["same"]) == (120, 0)
    assert send(operator, rows(), key="a").headers["Idempotent-Replay"] == "true"
    half = send(operator, rows(12)).json()
    assert (half["kept"], half["same"], half["days"]) == (0, 60, ["2025-11-06"])
    assert send(operator, rows(wh=1), key="a").status_code == 422  # the key of another batch


def test_rows_that_cannot_be_used_are_told_as_problems_with_their_place(made, operator):
    readings = [*rows(1, 2), {"meter": "x", "ts": "2025-11-06T01:00Z", "wh": 1},
                {"meter": 77, "ts": "2025-11-06T01:00Z", "wh": 1},
                {"meter": 1, "ts": "soon", "wh": 1}, {"meter": 1, "ts": "2025-11-06T00:00Z",
                                                      "wh": 9}]  # fmt: skip
    told = send(operator, readings).json()
    assert (told["kept"], told["refused"]) == (2, 4)
    assert [(one["type"].rpartition(".")[2], one["pointer"]) for one in told["problems"]] == [
        ("meter_unreadable", "/readings/2"), ("meter_unknown", "/readings/3"),
        ("time_unreadable", "/readings/4"), ("version_taken", "/readings/5")]  # fmt: skip


def test_a_higher_version_corrects_and_the_day_is_summed_again(made, operator):
    DayLoad.objects.all().delete()
    send(operator, rows())
    send(operator, [{"meter": 1, "ts": "2025-11-06T10:00Z", "wh": 5000, "version": 2}])
    assert ReadingsDue.objects.count() == 1
    assert operator.get(URL).json()["due"] == ["2025-11-06"]
    assert jobs.watch()["days"] == 1
    assert jobs.watch()["days"] == 0
    day = DayLoad.objects.get(area_id=AREA, day=date(2025, 11, 6), sector="residential")
    assert day.wh[13] == 4 * 1010 + 5000  # hour 13 in Tehran is 10:00 of UTC
    state = operator.get(URL).json()
    assert state["due"] == []
    assert {"day": "2025-11-06", "expected": 105, "present": 105, "bad": 0} in state["days"]


def test_many_small_batches_are_joined_and_still_count_once(made, operator):
    for hour in range(26):
        at = f"{FIRST + timedelta(hours=hour % 24):%Y-%m-%dT%H:%MZ}"
        send(operator, [{"meter": 1, "ts": at, "wh": 100, "version": 1 + hour // 24}])
    assert jobs.watch()["days"] == 1
    folder = loading._store().folder("readings", "electricity", FIRST.date())
    assert len(list(folder.glob("*.parquet"))) == 1
    assert send(operator, [{"meter": 1, "ts": "2025-11-06T03:00Z", "wh": 100}]).json()["same"] == 1


def test_meters_of_another_province_are_neither_read_nor_replaced(made, operator, tmp_path):
    others = tmp_path / "others.csv"
    lines = [f"{n},IR-03,c,g,residential,100000" for n in (91, 5)]
    others.write_text("\n".join(["meter,province,city,feeder,sector,most_wh", *lines]))
    from payvand.energy import ingest

    ingest.register(loading._store(), others, "electricity")  # the whole register, by the system
    told = send(operator, [{"meter": n, "ts": "2025-11-06T01:00Z", "wh": 1} for n in (1, 5, 91)])
    assert [one["type"].rpartition(".")[2] for one in told.json()["problems"]] == [
        "meter_elsewhere"] * 2  # fmt: skip
    report = loading.take_readings(AREA, others, by=made.operator, register=True)
    assert (report.kept, report.rejected) == (0, {"province_other": 2})
    assert set(loading._store().meters("electricity")["meter"]) == {1, 2, 3, 4, 5, 91}


def test_only_the_operator_sends_and_reads_the_state(made):
    for who in (client(), client("stranger"), client("gov", office=made.world.offices["governor"])):
        assert send(who, rows(1)).status_code in (401, 403)
        assert who.get(URL).status_code in (401, 403)
    assert not ReadingsDue.objects.exists()


def test_readings_before_their_meters_are_refused_in_words(made, operator, settings, tmp_path):
    settings.PAYVAND_ENERGY_STORE = tmp_path / "empty"
    told = send(operator, rows(1))
    assert told.status_code == 409
    assert told.headers["Content-Type"].startswith("application/problem+json")
    assert told.json()["code"] == "energy.no_register"


def test_consumers_are_registered_and_listed_by_a_program_without_names_of_homes(made, operator):
    from tests.energy.test_assets import HOME, MILL

    url = f"/api/v1/energy/{AREA}/assets"
    mill = MILL | {"usual_mw": 8, "shed_cap": 10}
    home = HOME | {"usual_mw": 0.002, "medical": True}
    body = {"consumers": [mill, home, mill | {"code": "M-2", "feeder": "nowhere"}]}
    told = operator.post(url, body, "application/json", headers={"Idempotency-Key": "b"}).json()
    assert (told["new"], told["refused"]) == (2, 1)
    assert told["problems"][0]["pointer"] == "/consumers/2/feeder"
    page = operator.get(url).json()
    shown = {one["code"]: one for one in page["consumers"] if one["code"]}
    assert shown["H-1"]["title"] == {}
    assert shown["M-1"]["title"]["en"] == "Sample Mill"
    assert "'f05'" not in str(page)  # no feeder; an id may hold these letters
    assert "protected" not in str(page)
    assert client("other").get(url).status_code == 403
    assert Asset.objects.filter(code="M-2").count() == 0


def test_the_hours_of_a_consumer_known_by_name_come_from_its_own_meter(made, operator):
    steel, glass = made.assets["steel"], made.assets["glass"]
    Asset.objects.filter(pk=steel.pk).update(meter=3)  # on its own feeder
    Asset.objects.filter(pk=glass.pk).update(meter=4)  # which hangs on another feeder
    readings = rows()
    readings[2 * 24 + 12]["wh"] = 10_000_000  # more than the meter can hold
    send(operator, readings)
    send(operator, [row | {"ts": str(row["ts"]).replace("-06T", "-07T")} for row in rows(21)])
    jobs.watch()
    (day,) = AssetLoad.objects.filter(asset=steel, day=date(2025, 11, 7))
    assert day.wh == [1021, 1022, 1023, *range(1000, 1021)]
    before = AssetLoad.objects.get(asset=steel, day=date(2025, 11, 6))
    assert before.wh[:3] == [None] * 3
    assert before.wh[15] is None  # hour 15 in Tehran is 12:00 of UTC
    assert not AssetLoad.objects.filter(asset=glass).exists()


def test_a_meter_belongs_to_one_consumer(made):
    from payvand.energy.actions import assets
    from tests.energy.test_assets import MILL

    both = [(1, MILL | {"meter": "7"}), (2, MILL | {"code": "M-2", "meter": "۷"})]
    report = assets.register(AREA, both, by=made.operator)
    assert [(row, one.why) for row, one in report.faults] == [(2, "meter_taken")]
    again = assets.register(AREA, [(3, MILL | {"code": "M-3", "meter": "7"})], by=made.operator)
    assert [one.why for _, one in again.faults] == ["meter_taken"]
    assert assets.register(AREA, both[:1], by=made.operator).counts == {"same": 1}
