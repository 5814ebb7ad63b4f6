"""Are the days that differ known to a forecast, and is no hour doubled or lost on any of them?"""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from payvand.energy import files
from payvand.energy.rules import days, forecast, ground, members, series
from tests.energy import sample


def kinds_of(day: date, off: dict[date, str], country: str = "IR") -> set[str]:
    row = days.kinds(day, 1, off, country)[0]
    return {name for name, yes in zip(days.NAMES, row, strict=True) if yes}


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        pytest.param(date(2025, 3, 20), {"before_off"}, id="eve-of-nowruz"),
        pytest.param(date(2025, 3, 21), {"nowruz", "off"}, id="1-farvardin"),
        pytest.param(date(2025, 3, 24), {"nowruz", "off"}, id="4-farvardin"),
        pytest.param(date(2025, 3, 30), {"after_nowruz"}, id="10-farvardin"),
        pytest.param(date(2025, 4, 2), {"after_nowruz", "off"}, id="13-farvardin"),
        pytest.param(date(2025, 4, 3), {"after_off"}, id="14-farvardin"),
        pytest.param(date(2025, 3, 10), {"ramadan"}, id="ramadan"),
        pytest.param(date(2025, 6, 25), set(), id="plain-day"),
    ],
)
def test_days_of_iran_are_what_they_are(day, wanted):
    off = files.country_days_off("IR", date(2025, 1, 1), date(2025, 12, 31))
    special = set(days.NAMES[days.OFF :]) - {"bridge"}
    found = kinds_of(day, off) & special
    assert wanted <= found
    if not wanted:
        assert not found


def test_a_closure_announced_for_tomorrow_is_foreseen_and_lowers_the_day():
    panel = sample.panel(days=60, noise=0)
    tomorrow = panel.day(60)
    closed = replace(panel, holidays={tomorrow: "cold wave"})
    said = [
        forecast.Forecaster(one, members=[members.Decomposed("steady", (31, 31), 26)]).step(60)
        for one in (panel, closed)
    ]
    usual, lower = (one.point[0].sum() for one in said)
    assert lower < 0.95 * usual
    assert np.allclose(said[0].point[1], said[1].point[1])  # the day after is a day as any other


def test_days_off_do_not_teach_the_ordinary_days():
    panel = sample.panel(days=60, noise=0)
    nowruz = {panel.day(n): "Nowruz" for n in range(50, 54)}
    low = panel.demand.copy()
    low[50:54] *= 0.5
    made = ground.prepare(replace(panel, demand=low, holidays=nowruz))
    assert np.allclose(made.calm[50:54], panel.demand[50:54], rtol=0.1)
    assert np.array_equal(made.seen[50:54], low[50:54])


def local(zone: str, first: str, hours: int) -> pd.DataFrame:
    """Return a table with the clock of a zone, as meters there write it."""
    stamps = pd.date_range(first, periods=hours, freq="h", tz=zone)
    return pd.DataFrame({"hour_start": stamps.tz_localize(None), "demand_mw": np.arange(hours)})


@pytest.mark.parametrize(
    ("zone", "first", "change", "missing"),
    [
        pytest.param("Europe/Berlin", "2025-03-28", date(2025, 3, 30), [2], id="spring-berlin"),
        pytest.param("Asia/Tehran", "2022-03-20", date(2022, 3, 22), [0], id="spring-tehran"),
        pytest.param("America/New_York", "2025-03-07", date(2025, 3, 9), [2], id="spring-ny"),
    ],
)
def test_the_hour_that_spring_leaves_out_is_missing_and_no_other(zone, first, change, missing):
    panel = series.read(local(zone, first, 120))
    place = (change - panel.first).days
    gone = np.isnan(panel.demand[..., 0])
    assert list(np.flatnonzero(gone[place])) == missing
    assert gone[:5].sum() == len(missing)
    read = panel.demand[np.isfinite(panel.demand)]
    assert sorted(read) == list(range(120))  # every reading stands in one place


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_the_hour_that_autumn_repeats_is_one_hour(zone):
    first = {"Europe/Berlin": "2025-10-25", "America/New_York": "2025-11-01"}[zone]
    table = local(zone, first, 73)
    panel = series.read(table)
    assert panel.demand.shape == (3, 24, 1)
    assert np.isfinite(panel.demand).all()
    twice = table[table.duplicated("hour_start", keep=False)]
    hour = twice["hour_start"].iloc[0].hour
    assert panel.demand[1, hour, 0] == twice["demand_mw"].mean()


def test_energy_of_the_repeated_hour_is_not_counted_twice():
    table = local("Europe/Berlin", "2025-10-25", 73).rename(columns={"demand_mw": "use_kwh"})
    table["use_kwh"] = 5.0
    assert (series.read(table).demand == 5).all()


def test_a_year_in_tehran_has_every_day_once():
    """Three and a half hours ahead of UTC, no summer time since 1402."""
    utc = pd.date_range("2024-12-31T20:30Z", periods=365 * 24, freq="h")
    table = pd.DataFrame({"ts": utc.astype(str), "mw": 1.0})
    panel = series.read(table, series.Columns(timezone="Asia/Tehran"))
    assert panel.first == date(2025, 1, 1)
    assert panel.demand.shape == (365, 24, 1)
    assert np.isfinite(panel.demand).all()


def test_a_forecast_across_the_change_has_every_hour():
    stamps = pd.date_range("2025-01-15", "2025-04-01", freq="h", tz="Europe/Berlin")
    hour = stamps.hour.to_numpy()
    table = pd.DataFrame({"hour_start": stamps.tz_localize(None),
                          "demand_mw": 100 + 30 * np.sin(hour / 24 * 2 * np.pi)})  # fmt: skip
    panel = series.read(table)
    origin = (date(2025, 3, 30) - panel.first).days
    said = forecast.Forecaster(panel, members=forecast.members(trees=False)).step(origin)
    wanted = 100 + 30 * np.sin(np.arange(24) / 24 * 2 * np.pi)
    assert np.allclose(said.point[0, :, 0], wanted, atol=1.5)
    after = forecast.Forecaster(panel, members=forecast.members(trees=False)).step(origin + 1)
    assert np.allclose(after.point[0, :, 0], wanted, atol=1.5)


def test_ramadan_moves_by_eleven_days_a_year():
    years = []
    for year in (2024, 2025, 2026):
        every = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
        years.append([day for day in every if days.hijri_month(day) == 9])
    starts = [own[0].timetuple().tm_yday for own in years]
    assert all(29 <= len(own) <= 30 for own in years)
    assert all(10 <= a - b <= 12 for a, b in pairwise(starts))
