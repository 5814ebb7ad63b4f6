"""Evaluation: strictly what was known then, honest about what is not over, refusing the rest."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payvand.foresight import logs
from payvand.foresight.rules import calibration, challenger, closing, features, remaining, report
from payvand.foresight.rules.evaluation import Outcome, strict
from payvand.foresight.rules.eventlog import NOTED
from payvand.foresight.rules.reading import moment, read
from tests.foresight import made_logs

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "logs"


def real(name: str):
    path = REAL / f"{name}.csv.gz"
    if not path.is_file():
        pytest.skip(f"the log {name} is not here")
    return logs.load(path)


@pytest.fixture(scope="module")
def two_offices():
    return made_logs.log(made_logs.rows())


def test_the_office_known_at_the_start_shortens_the_promise(two_offices):
    found = strict(two_offices, with_challenger=False)
    assert found.verdict
    assert "case_office" in found.way
    assert found.p90.low <= 0.9 <= found.p90.high + 0.03
    assert report.against(found) < 0.9


def test_the_future_does_not_change_a_promise(two_offices):
    made = made_logs.rows()
    begun = {row[0]: moment(row[2])[0] for row in made if row[1] == "filed"}
    split = np.sort(list(begun.values()))[int(len(begun) * 0.8)]

    def later(case: str, text: str) -> str:
        at, start = moment(text)[0], begun[case]
        if at <= split:
            return text
        slower = max(start, split) + (at - max(start, split)) * 3
        return made_logs.stamp(slower - moment("2020-01-01")[0])

    changed = made_logs.log([[row[0], row[1], later(row[0], row[2]), row[3]] for row in made])
    before, after = (strict(log, with_challenger=False) for log in (two_offices, changed))
    assert (after.way, after.level) == (before.way, before.level)
    assert after.p90.median_days == pytest.approx(before.p90.median_days)
    assert after.p90.share < before.p90.share


def test_cases_that_last_no_time_at_all_are_not_called_broken_promises():
    rows = [[f"c{n}", "a", made_logs.stamp(float(n)), "x"] for n in range(300)]
    found = strict(made_logs.log(rows), with_challenger=False)
    assert (found.past_coverage, found.p90.share) == (1.0, 1.0)


def test_a_log_of_25_cases_is_refused():
    found = strict(made_logs.log(made_logs.rows(25)), with_challenger=False)
    assert (found.verdict.ok, found.verdict.code) == (False, "few_closed")
    assert "30" in report.reason(found)


@pytest.mark.parametrize("days", [5, 10, 20])
def test_a_log_younger_than_its_process_is_refused(days):
    """Of cases that take weeks hardly any has ended, though many fell silent a while ago."""
    whole = made_logs.log(made_logs.rows(3000, span=60, slow=1.0, pace=8.0))
    at = whole.start.min() + days
    assert (whole.end <= at).sum() < 0.1 * (whole.start <= at).sum()
    assert not strict(whole.cut(at), with_challenger=False).verdict


@pytest.mark.parametrize("share", [0.02, 0.07])
def test_a_log_whose_own_ends_say_that_hardly_any_is_over_is_refused(share):
    header, made = [*made_logs.HEADER, "case_enddate"], made_logs.rows(400)
    ended = {row[0] for row in made if int(row[0][1:]) < 400 * share}
    rows = [[*row, row[2] if row[0] in ended else ""] for row in made]
    assert not strict(read(header, rows), with_challenger=False).verdict


def test_too_few_cases_to_judge_are_told_and_not_judged():
    made = [[f"c{n:02}", "filed", made_logs.stamp(n * 10 + step), "A"]
            for n in range(45) for step in (0, 1)]  # fmt: skip
    found = strict(made_logs.log(made), with_challenger=False)
    assert (found.verdict.code, found.p90) == ("few_test", None)
    assert "9 cases" in report.reason(found)


def test_cases_that_all_end_at_once_are_promised_nothing_longer():
    made = [[f"c{n:03}", step, made_logs.stamp(n), "A"] for n in range(200) for step in "ab"]
    found = strict(made_logs.log(made), with_challenger=False)
    assert (found.p90.share, found.p90.median_days) == (1.0, 0.0)


def test_a_case_that_may_have_been_cut_off_is_not_taken_for_kept():
    days, watched = np.array([1.0, 1.0, 1.0, 1.0]), np.array([9.0, 9.0, 9.0, 9.0])
    sure = Outcome(days, watched, np.ones(4)).share_if_cut(np.full(4, 5.0))
    doubtful = Outcome(days, watched, np.array([1.0, 1.0, 0.5, 0.5])).share_if_cut(np.full(4, 5.0))
    assert sure == 1.0
    assert doubtful == pytest.approx(0.75)


def test_silence_is_an_end_only_when_longer_than_cases_are_silent():
    log = made_logs.log(made_logs.rows(400, span=400))
    over = closing.surely_over(log)
    assert over.mean() > 0.85
    assert not over[log.end > log.until - 0.5].any() or over.mean() < 1
    chance = closing.chance_over(log)
    assert ((chance >= 0) & (chance <= 1)).all()
    young = log.cut(log.start.min() + 12)
    assert closing.surely_over(young).mean() < 0.3


def test_facts_written_later_are_not_known_at_the_start():
    header = ["case_id", "activity", "timestamp", "case_channel", "case_enddate", "case_status",
              "case_last_phase", "case_requestedbudget", "case_deadline"]  # fmt: skip
    rows = [[f"c{n}", "x", f"2020-01-{1 + n % 28:02}", "web" if n % 2 else "desk", "2020-02-01",
             "closed", "p", str(n * 1.5), "2020-03-01"] for n in range(60)]  # fmt: skip
    found = features.at_submission(read(header, rows))
    assert {"case_channel", "case_requestedbudget"} <= set(found.names)
    assert not {"case_enddate", "case_status", "case_last_phase", "case_deadline"} & set(
        found.names
    )


def test_no_trending_fact_is_known_to_the_promise_at_submission(two_offices):
    names = features.at_submission(two_offices).names
    assert not [
        n for n in names if n.startswith(("open_", "arrived_", "closed_", "lasted_", "month"))
    ]


def test_prefix_facts_know_only_what_had_happened(two_offices):
    table = features.after_each_event(two_offices)
    place = table.values[:, table.names.index("place")]
    elapsed = table.values[:, table.names.index("elapsed")]
    begin = two_offices.start[two_offices.case]
    np.testing.assert_allclose(elapsed, two_offices.time - begin, atol=1e-2)
    assert set(place) == {1, 2, 3, 4}
    decided = table.values[:, table.names.index("times_decided")]
    assert (decided[place < 4] == 0).all()
    assert (decided[place == 4] == 1).all()
    gap = table.values[:, table.names.index("longest_gap")]
    since = table.values[:, table.names.index("since_last")]
    assert (gap >= since).all()


@pytest.mark.skipif(not challenger.is_installed(), reason="LightGBM is not installed")
def test_the_committee_errs_less_than_the_last_activity(two_offices):
    found = remaining.published(two_offices, with_learning=True)
    assert found.prefixes == 240  # 120 cases, two prefixes each
    assert found.mae < found.mae_naive
    assert found.interval_share == pytest.approx(0.9, abs=0.06)


def test_without_learning_the_published_protocol_goes_on(two_offices):
    found = remaining.published(two_offices, with_learning=False)
    assert found.mae == found.mae_naive
    assert not found.learned
    assert remaining.published(made_logs.log([]), with_learning=False).mae is None


@pytest.mark.skipif(not challenger.is_installed(), reason="LightGBM is not installed")
def test_the_challenger_is_used_only_where_it_won_in_the_past(two_offices):
    found = strict(two_offices, with_challenger=True)
    assert "LightGBM" in found.trials
    best = min(found.trials, key=found.trials.get)
    assert found.way != "LightGBM" or best == "LightGBM"


texts = st.one_of(
    st.sampled_from(["", "a", "b", "2020-01-01", "2020-01-02 10:00:00", "2020-01-03T00:00+03:30",
                     "1066-10-14", "soon", "-5", "nan", "1e308"]),
    st.text(max_size=5),
)  # fmt: skip


@given(st.lists(st.lists(texts, max_size=6), max_size=25))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_rows_whatever_crash_an_evaluation_or_vanish(found):
    header = ["case_id", "activity", "timestamp", "case_office", "case_enddate"]
    log = read(header, found)
    aside = sum(len(names) for kind, names in log.noted.items() if not NOTED[kind][0])
    assert log.rows == len(log.time) + aside == len(found)
    judged = strict(log, with_challenger=False)
    told = report.Evaluation("x", log, judged, remaining.published(log, with_learning=False), 0.0)
    assert told.as_json()["rows"] == len(found)
    assert list(report.lines([told]))


def test_a_real_log_is_promised_and_its_promises_hold():
    found = strict(real("receipt_env_permit"), with_challenger=False)
    assert found.verdict
    assert found.p90.share >= 0.85
    assert report.against(found) <= 1.0


@pytest.mark.parametrize("day", ["2017-01-25", "2017-02-10"])
def test_a_real_log_cut_while_nine_in_ten_are_open_is_refused(day):
    log = real("bpic20_travel_permit")
    at = moment(day)[0]
    assert (log.end <= at).sum() < 0.1 * (log.start <= at).sum()
    assert not strict(log.cut(at), with_challenger=False).verdict


def test_the_level_of_production_is_the_level_of_the_evaluation():
    chances = np.linspace(0, 1, 500) ** 1.5
    assert calibration.level_for(chances, np.ones(500, bool)).level < 0.9
