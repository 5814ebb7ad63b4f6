"""Do the commands say what is there, to people and to machines?"""

import json
from datetime import timedelta

import pandas as pd
import pytest
from click.testing import CliRunner

from payvand.cli.main import main
from tests.energy import sample


def run(*words: str) -> str:
    done = CliRunner().invoke(main, ["energy", *words])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def series_file(tmp_path):
    panel = sample.panel(days=60)
    hours = pd.date_range(panel.first, periods=60 * 24, freq="h")
    parts = [pd.DataFrame({"series": name, "hour_start": hours,
                           "demand_mw": panel.demand[..., n].ravel()})
             for n, name in enumerate(panel.names)]  # fmt: skip
    path = tmp_path / "series.csv"
    pd.concat(parts).drop(index=range(100, 105)).to_csv(path, index=False)
    return path


def test_evaluate_prints_all_models_side_by_side(series_file):
    said = json.loads(run("evaluate", str(series_file), "--days", "1", "--only", "s1", "--json"))[0]
    assert set(said["models"]) >= {"Payvand", "SNaive 24", "SNaive 168", "MSTL", "AutoTheta",
                                   "LightGBM"}  # fmt: skip
    assert said["statuses"] == {"model": 1}
    assert said["mase_vs_best_single"] > 0


def test_evaluate_shows_bands_and_what_was_missing(series_file):
    said = run("evaluate", str(series_file), "--days", "17", "--no-peers")
    assert "0.00 % of the hours missing" in said
    assert "note in s0: 5 hours missing" in said
    assert "Payvand, day 3: MASE" in said


def test_a_file_that_is_no_series_is_refused_in_words(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    done = CliRunner().invoke(main, ["energy", "evaluate", str(path)])
    assert done.exit_code == 1
    assert "time" in done.output


def test_one_bad_file_is_told_and_the_others_go_on(series_file, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n")
    words = ["energy", "evaluate", str(bad), str(series_file), "--days", "1", "--no-peers"]
    done = CliRunner().invoke(main, [*words, "--json"])
    assert done.exit_code == 1
    refused, judged = json.loads(done.output)
    assert refused["error"] == "energy.series_unreadable"
    assert "a, b" in refused["reason"]
    assert judged["models"]["Payvand"]["mase"] > 0
    told = CliRunner().invoke(main, words)
    assert "bad.csv: no column of the time" in told.output
    assert "series.csv: 2 series" in told.output


def test_readings_are_loaded_and_their_quality_told(tmp_path):
    meters = "meter,province,city,feeder,sector,most_wh\n1,IR-03,c,f,residential,5000\n"
    (tmp_path / "meters.csv").write_text(meters)
    hours = pd.date_range(sample.FIRST + timedelta(days=1), periods=24, freq="h")
    rows = pd.DataFrame({"meter": 1, "ts": hours, "wh": range(100, 124)})
    rows.loc[4, "wh"] = -5
    rows.drop(index=7).to_csv(tmp_path / "r.csv", index=False)
    words = ["--store", str(tmp_path / "store")]
    said = run("ingest", str(tmp_path / "r.csv"), "--meters", str(tmp_path / "meters.csv"), *words)
    assert "23 of 23 rows kept" in said
    told = json.loads(run("quality", *words, "--json"))
    assert told[0]["flagged"] == {"range": 1, "missing": 1}
    assert told[0]["imputed_percent"] == pytest.approx(100 * 2 / 24, abs=0.001)
    assert "1 days" in run("ingest", *words, "--again")
