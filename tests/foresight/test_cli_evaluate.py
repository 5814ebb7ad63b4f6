"""`payvand foresight evaluate`: every log given is told of, and none stops the others."""

from __future__ import annotations

import gzip
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
    assert "rows without a case: 1, set aside: 803" not in done.output.split("odd:")[0]
    assert "rows equal to an earlier row of their case: 1, set aside: 802" in done.output
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


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("a.csv", b"", "It is empty.", id="empty"),
        pytest.param("a.csv", b"case_id,activity\n1,\xff\n", "not written in UTF-8", id="latin"),
        pytest.param("a.csv.gz", b"case_id", "it is not compressed", id="no gzip"),
        pytest.param("a.csv.gz", gzip.compress(b"case_id,x" * 999)[:40], "cut off", id="cut"),
        pytest.param("a.csv", b"case_id;activity;timestamp\n", "no column case_id", id="semicolon"),
        pytest.param(
            "a.csv", b'case_id,activity,timestamp\n1,"' + b"a" * 200_000, "never closed", id="quote"
        ),
    ],
)
def test_a_file_that_is_no_log_is_told_in_words_without_empty_tables(
    run, tmp_path, name, content, said
):
    (tmp_path / name).write_bytes(content)
    done = run(tmp_path / name)
    assert done.exit_code == 1
    assert said in done.output
    assert len(done.output.splitlines()) == 1
