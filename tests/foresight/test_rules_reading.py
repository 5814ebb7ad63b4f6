"""Reading a log: whatever is odd is named, and nothing is dropped in silence."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from payvand.foresight import logs
from payvand.foresight.rules.eventlog import NOTED
from payvand.foresight.rules.reading import UnfitLog, moment, read
from tests.foresight import made_logs

HEADER = ["case_id", "activity", "timestamp"]
A, B = ["a", "x", "2020-01-02 10:00:00"], ["a", "y", "2020-01-03 10:00:00"]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        pytest.param(["", "x", "2020-01-02"], "row_without_case", id="no case"),
        pytest.param(["a", "x", "soon"], "row_without_time", id="no time"),
        pytest.param(["a", "x", ""], "row_without_time", id="empty time"),
        pytest.param(["a", "x"], "row_without_time", id="short row"),
        pytest.param(["a", "x", "2999-01-01"], "time_far_away", id="far away"),
        pytest.param(list(A), "repeated_row", id="repeated"),
    ],
)
def test_a_row_that_cannot_be_used_is_set_aside_and_named(row, kind):
    log = read(HEADER, [A, B, row])
    assert log.noted[kind] == ("4",)
    assert not NOTED[kind][0]
    assert (log.rows, len(log.time), log.cases) == (3, 2, ("a",))


@pytest.mark.parametrize(
    ("row", "kind", "named"),
    [
        pytest.param(["b", "x", "2020-01-05 10:00:00"], "case_of_one_event", "b", id="one event"),
        pytest.param(["a", "", "2020-01-04 10:00:00"], "row_without_activity", "4", id="no name"),
        pytest.param(["a", "z", "2020-01-04"], "midnight_stamp", "4", id="midnight"),
    ],
)
def test_a_row_that_is_odd_is_kept_and_named(row, kind, named):
    log = read(HEADER, [A, B, row])
    assert log.noted[kind] == (named,)
    assert NOTED[kind][0]
    assert len(log.time) == 3


def test_what_does_not_fit_the_header_is_named():
    log = read([*HEADER, "Place", "place"], [[*A, "here", "there"], [*B, "here", "there", "more"]])
    assert log.noted["column_named_twice"] == ("place",)
    assert log.noted["row_too_long"] == ("3",)
    assert {name: column.words for name, column in log.columns.items()} == {"Place": ("here",)}
    assert read(HEADER, [A, B, ["a", "x"]]).noted["row_too_short"] == ("4",)


def test_mixed_time_zones_are_put_on_one_clock_and_named():
    log = read(HEADER, [A, ["a", "z", "2020-01-02T12:00:00+03:30"]])
    assert log.noted["mixed_offsets"] == ("2",)
    assert log.time[1] - log.time[0] == pytest.approx(-1.5 / 24 + 2 * 1.5 / 24)
    assert [log.activity.words[c] for c in log.activity.codes] == ["z", "x"]


def test_own_dates_that_are_missing_or_run_backwards_are_named():
    header = [*HEADER, "case_startdate", "case_enddate"]
    log = read(header, [
        [*A, "2020-01-02", "2020-01-01"], ["b", "x", "2020-01-04", "2020-01-04", ""],
        ["b", "y", "2020-01-05", "2020-01-04", ""],
    ])  # fmt: skip
    assert log.noted["ends_before_start"] == ("a",)
    assert log.noted["case_without_end"] == ("b",)


def test_events_of_a_case_are_in_order_and_cases_by_their_start():
    log = read(HEADER, [["b", "y", "2020-03-03"], B, A, ["b", "x", "2020-01-01"]])
    assert log.cases == ("b", "a")
    assert (np.diff(log.time)[[0, 2]] > 0).all()


def test_equal_times_keep_the_order_of_the_rows():
    log = read(HEADER, [["a", name, "2020-01-01"] for name in "zyx"])
    assert [log.activity.words[c] for c in log.activity.codes] == ["z", "y", "x"]


def test_a_log_without_a_needed_column_is_refused_by_name():
    with pytest.raises(UnfitLog) as told:
        read(["case_id", "timestamp"], [])
    assert told.value.facts["wanted"] == "activity"


def test_columns_of_other_tools_are_known():
    log = read(["case:concept:name", "concept:name", "time:timestamp"], [A, B])
    assert log.cases == ("a",)


@pytest.mark.parametrize("text", ["", "soon", "2020-13-01", "0000-00-00", "1e9"])
def test_what_is_no_time_is_none(text):
    assert moment(text) is None


def test_persian_digits_and_slashes_are_read():
    assert moment("۲۰۲۰/۰۱/۰۲") == moment("2020-01-02")


def test_a_cut_log_knows_nothing_of_what_came_later():
    log = made_logs.log(made_logs.rows(60))
    middle = float(np.median(log.time))
    cut = log.cut(middle)
    assert cut.until <= middle
    assert len(cut.cases) == int((log.start <= middle).sum())
    assert cut.only(np.arange(len(cut.cases)) < 5).cases == cut.cases[:5]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00bad", b"case_id,activity,timestamp\n\x00"])
def test_a_file_that_is_no_log_is_told_and_not_crashed_on(tmp_path, content):
    path = tmp_path / "log.csv"
    path.write_bytes(content)
    try:
        log = logs.load(path)
    except logs.UnreadableLog as error:
        assert error.facts["file"] == "log.csv"  # noqa: PT017
    else:
        assert log.cases == ()


def test_a_file_that_is_no_gzip_is_told(tmp_path):
    path = tmp_path / "log.csv.gz"
    path.write_text("case_id,activity,timestamp\n")
    with pytest.raises(logs.UnreadableLog):
        logs.load(path)
    path.write_bytes(gzip.compress(b"case_id,activity,timestamp\na,x,2020-01-01\n"))
    assert logs.load(path).cases == ("a",)
