"""Does the table stay true on series that are odd, short, many, or partly unknown?"""

import json
from dataclasses import replace

import numpy as np
import pytest

from payvand.energy.rules import evaluate, forecast, ground, judged, scores
from payvand.energy.rules.series import Panel, SeriesUnreadable
from tests.energy import sample


@pytest.fixture(autouse=True)
def without_trees(monkeypatch):
    """Trees take most of the time and are judged elsewhere."""
    monkeypatch.setattr(evaluate, "members", lambda: forecast.members(trees=False))


def table(panel: Panel, *, days: int = 2, **options) -> evaluate.Report:
    naive = ("SNaive 24", "SNaive 168")
    return evaluate.evaluate(panel, days=days, peers=naive, **options)


def codes(report: evaluate.Report) -> dict[str, int]:
    return {note.code: note.count for note in report.notes}


def test_a_constant_series_has_no_yardstick_and_spoils_no_mean():
    panel = sample.panel(days=50)
    panel.demand[..., 0] = 7.0
    report = table(panel)
    assert report.per_series["Payvand"]["s0"] is None
    assert report.rows["Payvand"].mase == pytest.approx(report.per_series["Payvand"]["s1"], 1e-3)
    assert codes(report)["constant"] == 48 * 24


@pytest.mark.parametrize("value", [0.0, 5.0])
def test_a_file_of_constants_alone_ends_without_a_number_and_without_a_crash(value):
    panel = sample.panel(days=46)
    report = table(panel.with_demand(np.full_like(panel.demand, value)))
    said = report.as_json()
    assert said["models"]["Payvand"]["mase"] is None
    assert said["mase_vs_best_single"] is None
    json.dumps(said, allow_nan=False)


def test_series_too_short_or_ended_are_left_out_by_name():
    panel = sample.panel(days=60, series=4)
    panel.demand[:30, :, 0] = np.nan
    panel.demand[50:, :, 1] = np.nan
    panel.demand[..., 2] = np.nan
    report = table(panel)
    assert report.panel.names == ("s3",)
    assert {(n.code, n.series) for n in report.notes} >= {
        ("too_short", "s0"), ("ended", "s1"), ("too_short", "s2")}  # fmt: skip


def test_a_file_that_is_too_short_is_refused():
    with pytest.raises(SeriesUnreadable, match="42 days"):
        table(sample.panel(days=42))


def test_days_beyond_those_that_models_use_are_cut_and_noted():
    panel, first = judged.fit_to_test(sample.panel(days=900, series=1), 10, 60)
    assert panel.days == judged.KEPT + 10
    assert first == judged.KEPT
    assert [(n.code, n.count) for n in panel.notes] == [("older_days", 90)]


def test_of_very_many_series_an_even_choice_is_judged():
    panel, _ = judged.fit_to_test(sample.panel(days=50, series=9), 2, 3)
    assert panel.names == ("s0", "s4", "s8")
    assert [(n.code, n.count) for n in panel.notes] == [("series_left_out", 6)]
    assert judged.fitted(200, 56).size == judged.STATISTICAL // 56


def test_every_rejected_reading_is_noted_with_its_reason():
    panel = sample.panel(days=50, series=1)
    panel.demand[30, 4] = -5
    panel.demand[31, 4] *= 1000
    panel.demand[33] = panel.demand[33, 0]
    panel.demand[34] = panel.demand[33, 0]
    found = {n.code: (n.count, n.first) for n in judged.rejections(ground.prepare(panel))}
    assert found["rejected_range"] == (1, "2025-02-03 04:00")
    assert found["rejected_unit"] == (1, "2025-02-04 04:00")
    assert found["rejected_flat"][0] >= 24


def test_models_are_compared_on_the_hours_that_all_answered():
    panel = sample.panel(days=50)
    panel.demand[44:48, :, 0] = np.nan  # four of the last weeks' days: little enough to go on
    report = table(panel, days=4)
    assert report.ratio > 0
    assert report.statuses["model"] == 8


def test_gaps_in_the_temperature_silence_no_member():
    panel = sample.panel(days=60)
    degrees = 15 + np.random.default_rng(1).standard_normal(panel.demand.shape)
    degrees[20:23] = np.nan
    degrees[..., 1] = np.nan
    made = ground.prepare(replace(panel, temperature=degrees))
    assert np.isfinite(made.panel.temperature).all()
    few = np.full(panel.demand.shape, np.nan)
    few[:5] = 10.0
    assert ground.prepare(replace(panel, temperature=few)).panel.temperature is None


def test_the_yardstick_counts_only_what_was_read():
    past = np.arange(10.0)[:, None, None] * np.ones((1, 24, 2))
    past[4:6, :, 0] = np.nan
    past[..., 1] = 3.0
    found = scores.yardstick(past)
    assert found[0] == 1.0
    assert np.isnan(found[1])
