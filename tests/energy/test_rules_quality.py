"""Are doubtful readings found, and only those?"""

from pathlib import Path

import numpy as np
import pytest

from payvand.energy.rules import quality
from payvand.energy.rules.quality import Flag
from tests.energy import sample

IRAN = Path(__file__).parents[3] / "shared" / "data" / "energy"


def flagged(demand: np.ndarray, flag: Flag) -> list[tuple[int, ...]]:
    found = (quality.implausible(demand) & np.uint16(flag)) > 0
    return [tuple(map(int, place)) for place in np.argwhere(found)]


def test_sound_readings_carry_no_flag():
    assert not quality.implausible(sample.panel(days=60).demand).any()


def test_megawatts_written_as_kilowatts_are_named():
    demand = sample.panel(days=30).demand
    demand[20, 5, 0] *= 1000
    demand[21, 5, 1] /= 1000
    assert flagged(demand, Flag.UNIT) == [(20, 5, 0), (21, 5, 1)]


def test_negative_and_absurd_readings_are_named():
    demand = sample.panel(days=30).demand
    demand[20, 5, 0] = -3
    demand[22, 7, 1] *= 6
    assert flagged(demand, Flag.RANGE) == [(20, 5, 0), (22, 7, 1)]


def test_a_series_that_often_gives_back_is_not_called_wrong():
    demand = sample.panel(days=40).demand
    demand[:, 11:14, 0] *= -1
    late = (quality.implausible(demand)[30:] & np.uint16(Flag.RANGE)) > 0
    assert not late[..., 0].any()


def test_a_meter_that_stands_still_is_found_after_a_day_and_not_before():
    demand = sample.panel(days=30).demand
    demand[10:12, :, 0] = 77.0
    flat = quality.flat_runs(demand)
    assert not flat[10, :23, 0].any()
    assert flat[10, 23, 0]
    assert flat[11, :, 0].all()
    assert not flat[..., 1].any()


def test_a_new_level_is_accepted_after_four_weeks():
    demand = sample.panel(days=80, series=1).demand
    demand[30:] *= 6
    flags = quality.implausible(demand)
    assert (flags[30] > 0).any()
    assert not (flags[62:] > 0).any()


def test_a_jump_that_comes_back_is_found_and_a_step_is_not():
    values = np.full((50, 2), 10.0) + np.arange(50)[:, None] * 0.01
    values[20, 0] = 90
    values[30:, 1] = 90
    assert np.argwhere(quality.jumps(values)).tolist() == [[20, 0]]


def test_a_missing_part_makes_the_sum_unknown_not_wrong():
    parts = np.array([[1.0, 2.0], [1.0, np.nan], [1.0, 1.0]])
    found = quality.parts_differ(np.array([3.0, 3.0, 3.0]), parts)
    assert found.tolist() == [False, False, True]


def test_counts_are_made_before_anything_is_left_out():
    flags = np.array([0, Flag.RANGE, Flag.RANGE | Flag.UNIT], dtype=np.uint16)
    told = quality.summary(flags, np.array([True, True, False]))
    assert told.flagged == {"missing": 1, "range": 2, "unit": 1}
    assert (told.expected, told.present, told.imputed) == (3, 2, 2)


def test_feeders_that_sent_nothing_are_named():
    assert quality.absent(np.array([1, 2, 3]), np.array([3, 1])).tolist() == [2]


@pytest.mark.parametrize("hours", [0, 1, 5])
def test_a_local_day_tells_a_change_of_the_clock_from_a_gap(hours):
    present = np.setdiff1d(np.arange(24), np.arange(2, 2 + hours))
    assert quality.clock_gaps(present) == {0: "", 1: "short", 5: "missing"}[hours]


# Published figures (Tavanir, 1397 and 1399 to 1404): each of these was found in the source.
INDUSTRY_AT_PEAK = [4563, 2740, 31193, 4407, 3690]
CAPACITY = {"grid": [53842, 48659, 56856], "off": [174, 172, 179], "total": [54016, 53563, 57035]}


def test_the_known_errors_of_the_published_figures_are_caught():
    assert quality.unlike_neighbours(np.array(INDUSTRY_AT_PEAK, float)).tolist() == [
        False, False, True, False, False,
    ]  # fmt: skip
    parts = np.array([CAPACITY["grid"], CAPACITY["off"]], float).T
    differ = quality.parts_differ(np.array(CAPACITY["total"], float), parts, 0.0001)
    assert differ.tolist() == [False, True, False]


def test_the_published_tables_themselves_show_only_the_known_errors():
    path = IRAN / "iran_annual_peaks.csv"
    if not path.exists():
        pytest.skip("the published Iranian figures are not at hand")
    import pandas as pd

    rows = pd.read_csv(path).set_index("year_jalali")
    odd = quality.unlike_neighbours(rows["industry_at_peak_mw"].to_numpy(float))
    assert rows.index[odd].tolist() == [1401]
    parts = rows[["cap_grid_mw", "cap_offgrid_mw"]].to_numpy(float)
    wrong = quality.parts_differ(rows["cap_total_mw"].to_numpy(float), parts, 0.0001)
    assert rows.index[wrong].tolist() == [1397]
    assert rows.index[quality.mixed_basis(rows["basis"].tolist())].tolist() == [1404]
    short = rows["demand_max_mw"] - rows["supplied_max_mw"] - rows["deficit_mw"]
    assert (short.abs() <= 1).all()
    sales = pd.read_csv(IRAN / "iran_sales_by_sector_gwh.csv").set_index("year_jalali")
    sums = sales.drop(columns="total").to_numpy(float)
    assert not quality.parts_differ(sales["total"].to_numpy(float), sums, 0.0001).any()
