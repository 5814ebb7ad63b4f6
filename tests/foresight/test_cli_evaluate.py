"""`payvand foresight evaluate`: every log given is told of, and none stops the others."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from payvand.cli.main import main
from payvand.foresight.rules import challenger
from tests.foresight import made_logs


@pytest.fixture
def run():
    return lambda *args: CliRunner().invoke(main, ["foresight", "evaluate", *map(str, args)])


@pytest.fixture
def good(tmp_path):
    return made_logs.write(tmp_path / "good.csv", made_logs.rows(200, span=400))


def test_table_names_log_promise_and_what_was_set_aside(run, good):
    rows = made_logs.rows(200, span=400)
    path = made_logs.write(good.parent / "odd.csv", [*rows, rows[0], ["", "x", "2020-01-01", "A"]])
    done = run("--no-learning", good, path)
    assert done.exit_code == 0, done.output
    assert "good: by case_office" in done.output
    assert "1 rows without a case (set aside): 803" not in done.output.split("odd:")[0]
    assert "rows equal to an earlier row of their case (set aside): 802" in done.output
    assert "nothing was set aside" in done.output


def test_a_log_that_cannot_be_read_does_not_stop_the_others(run, good, tmp_path):
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    bare = made_logs.write(tmp_path / "bare.csv", [], ["who", "when"])
    done = run("--json", "--strict-only", "--no-learning", empty, good, bare)
    assert done.exit_code == 1
    found = json.loads(done.output)
    assert [one["name"] for one in found["logs"]] == ["good"]
    assert [one["name"] for one in found["failed"]] == ["empty.csv", "bare.csv"]
    assert "case_id" in found["failed"][1]["problem"]


def test_a_refusal_is_told_with_its_reason(run, tmp_path):
    few = made_logs.write(tmp_path / "few.csv", made_logs.rows(25))
    done = run("--no-learning", few)
    assert done.exit_code == 0
    assert "few: no date is promised. Only" in done.output
    strict = json.loads(run("--json", "--no-learning", few).output)["logs"][0]["strict"]
    assert (strict["refused"], strict["p90"]) == (True, None)
    assert strict["reason"]


def test_without_lightgbm_it_says_so_and_goes_on(run, good, monkeypatch):
    monkeypatch.setattr(challenger, "is_installed", lambda: False)
    done = run("--strict-only", good)
    assert done.exit_code == 0
    assert "LightGBM is not installed" in done.output
