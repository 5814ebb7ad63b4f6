"""Do forecasts go on from night to night, and is gas balanced by the day on the same path?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from payvand.energy import ingest, shown
from payvand.energy.actions import loading, outlooks, sample_gas
from payvand.energy.actions.sample_readings import EAST
from payvand.energy.engine.store import Store
from payvand.energy.models import Asset, AssetLoad, DayLoad, Forecast, ForecastMemory, Outlook
from payvand.energy.queries import balance
from payvand.energy.rules.hours import GAS
from payvand.kernel import clock
from payvand.ledger.models import Obligation
from payvand.plugins.slots import Sample
from payvand.registry import models as r
from payvand.registry import public as registry
from tests.energy import province
from tests.energy.province import AREA, DAY, NOW, SYSTEM, TODAY
from tests.energy.test_pages import client

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    with clock.frozen(NOW):
        yield province.build()
    registry.forget()


def test_gas_is_foreseen_for_three_days_and_its_parts_sum(made):
    province.gas()
    outlooks.forecast(AREA, by=SYSTEM, carrier=GAS)
    rows = {row.sector: row for row in Forecast.objects.filter(carrier=GAS)}
    assert set(rows) == {"", "residential", "industrial"}
    assert {row.status for row in rows.values()} == {"model"}
    middle = {name: row.told[row.levels.index(0.5)] for name, row in rows.items()}
    assert all(len(told) == 3 for told in middle.values())
    for whole, *parts in zip(*(middle[name] for name in ("", "residential", "industrial")),
                             strict=True):  # fmt: skip
        assert whole == pytest.approx(sum(parts), rel=0.02)
        assert 7500 < whole < 10_800


def test_a_day_short_of_gas_is_seen_and_the_office_is_warned_of_gas(made):
    province.gas()
    province.gas_supply(11_000, 7_000, 11_000)
    outlooks.forecast(AREA, by=SYSTEM, carrier=GAS)
    seen = outlooks.foresee(AREA, by=SYSTEM, carrier=GAS)
    assert len(seen.probability) == 3
    assert seen.probability[1] > 0.95 > 0.2 > seen.probability[0]
    assert outlooks.day_of(seen) == DAY
    assert seen.energy_mwh > 1000
    assert Obligation.objects.get(pk=seen.warning).title["en"].startswith("Gas shortage")
    with translation.override("en"):
        (hour,) = shown.short_hours(seen, "en", NOW)
    assert (hour.day, hour.span) == (DAY, "the whole day")


def test_gas_that_is_sent_day_by_day_reaches_the_page_once(made, settings, tmp_path):
    settings.PAYVAND_ENERGY_STORE = tmp_path / "store"
    register = tmp_path / "meters.csv"
    rows = [f"{n},{AREA},{province.CITIES[0]},g1,{'residential' if n < 9 else 'industrial'},900000"
            for n in range(10)]  # fmt: skip
    register.write_text("\n".join(["meter,province,city,feeder,sector,most_wh", *rows]))
    ingest.register(Store(tmp_path / "store"), register, GAS, area=AREA)
    day = TODAY - timedelta(days=1)
    province.gas_consumers(made)
    Asset.objects.filter(pk=made.gas["plant"].pk).update(meter=9)
    sent = [{"meter": n, "ts": f"{day}T00:00Z", "wh": 100_000 + n} for n in range(10)]
    for _again in range(2):
        loading.take_sent(AREA, sent, GAS, by=SYSTEM)
        loading.sum_due()
    loads = {row.sector: row for row in DayLoad.objects.filter(carrier=GAS)}
    assert {name: row.wh for name, row in loads.items()} == {
        "residential": [900_036], "industrial": [100_009]}  # fmt: skip
    assert loads["residential"].consumers == 9
    assert loads["residential"].largest == 100_008
    assert (loads["residential"].expected, loads["residential"].n) == (9, 9)
    assert balance.used(AREA, day, GAS).total == [pytest.approx(1.000045)]
    (own,) = AssetLoad.objects.filter(asset=made.gas["plant"])
    assert (own.day, own.wh) == (day, [100_009])


def test_gas_and_electricity_do_not_mix(made):
    province.supply()
    province.gas()
    province.gas_supply(11_000, 11_000, 11_000)
    outlooks.forecast(AREA, by=SYSTEM)
    power = outlooks.foresee(AREA, by=SYSTEM)
    outlooks.forecast(AREA, by=SYSTEM, carrier=GAS)
    fuel = outlooks.foresee(AREA, by=SYSTEM, carrier=GAS)
    assert balance.outlook_of(AREA) == power
    assert balance.outlook_of(AREA, GAS) == fuel
    assert len(balance.ahead(AREA).middle) == 72
    assert len(balance.ahead(AREA, GAS).middle) == 3
    assert balance.used(AREA, TODAY - timedelta(days=1), GAS).sectors.keys() == {
        "residential", "industrial"}  # fmt: skip
    assert balance.carriers_of(AREA) == ["electricity", "gas"]
    assert power.warning is not None
    assert fuel.warning is None


def test_the_sample_gas_goes_on_with_the_days_and_is_short_on_the_day_that_is_told(made):
    east = {"kind": "province", "parent_id": "IR", "name_fa": "آذربایجان شرقی",
            "name_en": "East Azerbaijan"}  # fmt: skip
    r.Place.objects.get_or_create(code=EAST, defaults=east)
    sample_gas.begin(Sample(NOW, 7, {}, lambda _text: None))
    first = sample_gas.foresee(TODAY, DAY)
    with clock.frozen(NOW + timedelta(days=3)):
        assert sample_gas.go_on(7, TODAY + timedelta(days=3))
        later = sample_gas.foresee(TODAY + timedelta(days=3), None)
    assert (later.first - first.first).days == 3
    assert balance.latest_day(EAST, GAS) == TODAY + timedelta(days=2)
    assert DayLoad.objects.filter(area_id=EAST, carrier=GAS).count() == 123 * 20
    assert first.probability[1] > 0.5 > later.probability[1]
    assert outlooks.day_of(first) == DAY
    assert first.warning is None  # nobody has been named for the province yet


def test_the_worker_sees_to_both(made):
    province.supply()
    province.gas()
    province.gas_supply(11_000, 11_000, 11_000)
    assert balance.waiting(TODAY) == {(AREA, "electricity"): "forecast", (AREA, "gas"): "forecast"}


def test_the_next_night_goes_on_and_says_what_one_run_would(made):
    province.gas(until=TODAY + timedelta(days=3))
    for night in range(3):
        with clock.frozen(NOW + timedelta(days=night)):
            outlooks.forecast(AREA, by=SYSTEM, carrier=GAS)
    went_on = Forecast.objects.filter(carrier=GAS, sector="").latest("made_at").told
    assert ForecastMemory.objects.get(carrier=GAS, sector="").day == TODAY + timedelta(days=2)
    ForecastMemory.objects.all().delete()
    with clock.frozen(NOW + timedelta(days=2, hours=1)):
        outlooks.forecast(AREA, by=SYSTEM, carrier=GAS)
    warmed = Forecast.objects.filter(carrier=GAS, sector="").latest("made_at").told
    assert [v for row in went_on for v in row] == pytest.approx(
        [v for row in warmed for v in row], rel=0.05
    )  # the one remembers thirty nights, the other twenty-eight


def test_a_closure_of_the_province_is_known_to_the_forecast(made):
    assert DAY not in outlooks.days_off(AREA, TODAY)
    registry.record_closure(
        registry.FactDraft(
            AREA, DAY, DAY, "closure", title_fa="موج سرما", title_en="Cold wave", source="tests"
        ),
        by=SYSTEM,
    )
    registry.forget()
    assert DAY in outlooks.days_off(AREA, TODAY)


def test_a_refused_forecast_leaves_the_page_standing(made):
    DayLoad.objects.update(wh=[None] * 24)
    outlooks.forecast(AREA, by=SYSTEM)
    told = balance.ahead(AREA)
    assert told.status == "refused"
    assert told.middle == [None] * 72
    assert not Outlook.objects.exists()


def test_the_band_is_an_area_and_its_edges_stand_in_the_table(made):
    province.foreseen()
    with translation.override("en"):
        chart = shown.days_ahead(balance.ahead(AREA), "en")
    assert '<path class="lb" d="M' in str(chart.svg)
    assert "style=" not in str(chart.svg)
    assert chart.columns[-2:] == ["demand, one in ten below", "demand, nine in ten below"]
    low, high = chart.rows[20][-2:]
    assert float(low.replace(",", "")) <= float(high.replace(",", ""))
    assert ("lb", "demand, eight times in ten") in chart.legend


@pytest.mark.parametrize(
    ("language", "title", "days"),
    [("en", "Gas balance of", "Today and the two days after"),
     ("fa", "تراز گاز", "امروز و دو روز بعد")],
)  # fmt: skip
def test_the_operator_goes_from_electricity_to_gas_and_makes_it_anew(made, language, title, days):
    province.gas()
    province.gas_supply(11_000, 9_500, 11_000)
    operator = client("op", seat=(made.world.agencies["owner"], "clerk"))
    address = f"/{language}/energy/{AREA}/balance/"
    page = operator.get(address).content.decode()
    assert "?carrier=gas" in page
    assert title not in page
    done = operator.post(f"/{language}/energy/{AREA}/forecast/", {"carrier": "gas"}, follow=True)
    assert done.redirect_chain[-1][0] == f"{address}?carrier=gas"
    page = done.content.decode()
    assert title in page
    assert days in page
    assert 'class="lb"' in page
    assert f"/energy/{AREA}/plan/" in page
    assert operator.get(f"{address}?carrier=coal").status_code == 200


def test_the_page_of_gas_costs_no_more_queries_than_that_of_electricity(
    made, django_assert_max_num_queries
):
    province.gas()
    province.gas_supply(11_000, 9_500, 11_000)
    outlooks.forecast(AREA, by=SYSTEM, carrier=GAS)
    outlooks.foresee(AREA, by=SYSTEM, carrier=GAS)
    operator = client("op", seat=(made.world.agencies["owner"], "clerk"))
    operator.get(f"/en/energy/{AREA}/balance/?carrier=gas")
    with django_assert_max_num_queries(26):
        operator.get(f"/en/energy/{AREA}/balance/?carrier=gas")
