"""Does a table in the documented form become the right series, whatever its dress?"""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from payvand.energy.rules import days, series

HOURS = pd.date_range("2025-03-01", periods=72, freq="h")


def table(**columns) -> pd.DataFrame:
    return pd.DataFrame({"hour_start": HOURS.astype(str), "demand_mw": np.arange(72.0), **columns})


def test_a_plain_table_is_days_of_24_hours():
    panel = series.read(table())
    assert panel.demand.shape == (3, 24, 1)
    assert panel.first == date(2025, 3, 1)
    assert panel.demand[2, 23, 0] == 71
    assert panel.notes == ()


def test_a_gap_is_missing_and_never_zero():
    panel = series.read(table().drop(index=[5, 6]))
    assert np.isnan(panel.demand[0, 5:7, 0]).all()
    assert [(n.code, n.count, n.first) for n in panel.notes] == [("missing", 2, "2025-03-01 05:00")]


def test_a_reading_that_is_no_number_is_missing():
    wrong = table().astype({"demand_mw": object})
    wrong.loc[3, "demand_mw"] = "n/a"
    assert np.isnan(series.read(wrong).demand[0, 3, 0])


def test_several_series_may_stand_below_or_beside_each_other():
    long = pd.concat([table(zone="a"), table(zone="b")])
    wide = pd.DataFrame({"Datetime": HOURS, "A_MW": np.arange(72.0), "B_MW": np.arange(72.0)})
    assert series.read(long).names == ("a", "b")
    assert series.read(wide).names == ("a_mw", "b_mw")


def test_quarters_of_power_are_averaged_and_quarters_of_energy_added():
    quarter = pd.date_range("2025-03-01", periods=96 * 2, freq="15min")
    power = pd.DataFrame({"ts": quarter, "load_mw": 8.0})
    energy = pd.DataFrame({"ts": quarter, "use_kwh": 2.0})
    assert (series.read(power).demand == 8).all()
    assert (series.read(energy).demand == 8).all()


def test_the_hour_that_comes_twice_in_autumn_is_the_mean_and_noted():
    local = pd.date_range("2025-10-25", periods=49, freq="h", tz="Europe/Berlin")
    told = pd.DataFrame({"ts": local.tz_localize(None).astype(str), "value": 1.0})
    panel = series.read(told)
    assert panel.demand.shape == (2, 24, 1)
    assert ("twice", 2) in [(n.code, n.count) for n in panel.notes]


def test_times_with_an_offset_become_local_hours_and_spring_leaves_a_gap():
    utc = pd.date_range("2025-03-29T23:00Z", periods=23, freq="h")
    told = pd.DataFrame({"ts": [t.isoformat() for t in utc], "value": 1.0})
    panel = series.read(told, series.Columns(timezone="Europe/Berlin"))
    assert panel.first == date(2025, 3, 30)
    assert list(np.flatnonzero(np.isnan(panel.demand[0, :, 0]))) == [2]


def test_jalali_days_are_understood():
    told = table(hour_start=[f"1403-12-{11 + n // 24:02} {n % 24:02}:00" for n in range(72)])
    assert series.read(told).first == date(2025, 3, 1)


def test_an_hour_named_by_its_end_is_moved():
    told = pd.DataFrame({"hour_end": HOURS + pd.Timedelta(hours=1), "value": np.arange(72.0)})
    assert series.read(told).demand[0, 0, 0] == 0


def test_fahrenheit_becomes_celsius_and_a_forecast_is_kept_apart():
    panel = series.read(table(dry_bulb_f=50.0, temperature_forecast_c=12.0))
    assert panel.temperature[0, 0, 0] == pytest.approx(10)
    assert panel.outlook[0, 0, 0] == 12


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(pd.DataFrame({"value": [1.0]}), id="no-time"),
        pytest.param(pd.DataFrame({"ts": ["2025-01-01"]}), id="no-value"),
        pytest.param(pd.DataFrame({"ts": ["x", "y"], "value": [1.0, 2.0]}), id="no-date"),
        pytest.param(pd.DataFrame({"ts": [1, 2], "value": [1.0, 2.0]}), id="numbers-as-time"),
    ],
)
def test_what_cannot_be_understood_is_said(wrong):
    with pytest.raises(series.SeriesUnreadable):
        series.read(wrong)


def test_kinds_of_days_know_nowruz_ramadan_and_bridges():
    found = days.kinds(date(2025, 3, 20), 15, {date(2025, 3, 21): "x"}, "IR")
    kinds = [{n for n, yes in zip(days.NAMES, row, strict=True) if yes} for row in found]
    assert "nowruz" in kinds[1]
    assert "off" in kinds[1]
    assert "after_nowruz" in kinds[6]
    assert "ramadan" in kinds[3]
    assert "nowruz" not in {n for row in days.kinds(date(2025, 3, 20), 9, {}, "DE") for n in row}
