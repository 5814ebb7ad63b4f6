"""Is a table read the same in whatever dress it comes, and refused where it has two meanings?"""

import gzip

import numpy as np
import pandas as pd
import pytest

from payvand.energy import files
from payvand.energy.rules import series
from payvand.kernel import jalali

HOURS = pd.date_range("2025-03-10", periods=96, freq="h")
TRUTH = 1000 + np.arange(96.0) * 7.25
FA = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def persian(at: pd.Timestamp) -> str:
    year, month, day = jalali.to_jalali(at.date())
    return f"{year}/{month:02}/{day:02} {at:%H:%M}".translate(FA)


def ending(at: pd.Timestamp) -> str:
    """Return an hour by its end, midnight as 24:00 of the day before."""
    end = at + pd.Timedelta(hours=1)
    return f"{at:%Y-%m-%d} 24:00" if end.hour == 0 else f"{end:%Y-%m-%d %H:%M}"


DRESSES = {
    "plain": {"hour_start": HOURS.astype(str), "demand_mw": TRUTH},
    "german": {"date": HOURS.strftime("%d.%m.%Y %H:%M"),
               "load_mw": [f"{v:.2f}".replace(".", ",") for v in TRUTH]},
    "american": {"Datetime": HOURS.strftime("%m/%d/%Y %I:%M %p"),
                 "Load": [f"{v:,.2f}" for v in TRUTH]},
    "day-and-hour-ending": {"Date": HOURS.strftime("%Y-%m-%d"), "Hr_End": HOURS.hour + 1,
                            "Demand": TRUTH},
    "day-and-clock": {"Date": HOURS.strftime("%d/%m/%Y"), "Time": HOURS.strftime("%H:%M:%S"),
                      "y": TRUTH},
    "until-24": {"hour_ending": [ending(at) for at in HOURS], "mw": TRUTH},
    "seconds": {"ts": (HOURS - pd.Timestamp("1970")) // pd.Timedelta("1s"), "mw": TRUTH},
    "persian": {"time": [persian(at) for at in HOURS],
                "consumption": [f"{v:.2f}".replace(".", "٫").translate(FA) for v in TRUTH]},
    "offset": {"ts": [f"{at:%Y-%m-%dT%H:%M:%S}+03:30" for at in HOURS], "value": TRUTH},
    "one-digit": {"ts": [f"{at.year}-{at.month}-{at.day} {at.hour}:00" for at in HOURS],
                  "value": TRUTH},
}  # fmt: skip


@pytest.mark.parametrize("dress", DRESSES)
def test_the_same_series_in_every_dress(dress):
    panel = series.read(pd.DataFrame(DRESSES[dress]))
    assert panel.first == HOURS[0].date()
    assert np.allclose(panel.demand.ravel(), TRUTH, atol=0.01)


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "utf16.csv", "parquet", "indexed.parquet",
                                  "xlsx"])  # fmt: skip
def test_the_same_series_from_every_file(tmp_path, kind):
    path = tmp_path / f"series.{kind}"
    table = pd.DataFrame({"hour_start": HOURS, "demand_mw": TRUTH})
    if kind == "utf16.csv":
        path.write_text(table.to_csv(index=False), encoding="utf-16")
    elif kind.endswith("gz"):
        path.write_bytes(gzip.compress(("# a remark\n" + table.to_csv(index=False)).encode()))
    elif kind == "indexed.parquet":
        table.set_index("hour_start").to_parquet(path)
    elif kind == "parquet":
        table.to_parquet(path)
    elif kind == "xlsx":
        table.to_excel(path, index=False)
    else:
        table.to_csv(path, index=False)
    panel = series.read(files.table(path))
    assert np.allclose(panel.demand.ravel(), TRUTH)


@pytest.mark.parametrize(
    ("columns", "word"),
    [
        pytest.param({"date": ["01/02/2025 00:00", "02/02/2025 00:00"], "load": [1, 2]},
                     "day first", id="day-or-month"),
        pytest.param({"date": ["13/02/2025 00:00", "02/13/2025 00:00"], "load": [1, 2]},
                     "month first in others", id="both"),
        pytest.param({"ts": HOURS[:3].astype(str), "mw": ["12,345", "13,456", "1234"]},
                     "two ways", id="comma"),
        pytest.param({"ts": HOURS[:2].astype(str), "mw": ["1,234.5", "0,5"]}, "thousands",
                     id="commas"),
        pytest.param({"date": HOURS[::24].astype(str), "mwh": [1, 2, 3, 4]}, "every 24 hours",
                     id="daily"),
        pytest.param({"time": ["10:00", "11:00"], "mw": [1, 2]}, "without days", id="clock-only"),
        pytest.param({"ts": ["2025-01-01T00:00+03:30", "2025-01-01 01:00"], "mw": [1, 2]},
                     "offset", id="half-offset"),
        pytest.param({"ts": HOURS[:2].astype(str), "price": [1, 2], "humidity": [3, 4]},
                     "--value", id="no-load"),
        pytest.param({"ts": HOURS[:2].astype(str), "Load": [1, 2], "load": [3, 4]}, "two columns",
                     id="same-name"),
        pytest.param({"ts": HOURS[:2].astype(str), "zone": [None, None], "mw": [1, 2]},
                     "names its series", id="nameless"),
        pytest.param({"ts": ["x", "2025-01-01", "y"], "mw": [1, 2, 3]}, "could not be read",
                     id="hardly-a-time"),
    ],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_is_refused_with_the_way_out(columns, word):
    with pytest.raises(series.SeriesUnreadable) as told:
        series.read(pd.DataFrame(columns))
    assert word in told.value.facts["reason"]


def test_an_unknown_zone_is_named():
    with pytest.raises(series.SeriesUnreadable, match="Mars/Base"):
        series.read(pd.DataFrame(DRESSES["offset"]), series.Columns(timezone="Mars/Base"))


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.csv", b""), ("latin.csv", "hour_start;Zähler\n1;2\n".encode("latin-1")),
     ("cut.csv.gz", gzip.compress(b"hour_start,mw\n" * 999, mtime=0)[:40]), ("no.parquet", b"PAR1"),
     ("no.xlsx", b"PK")], ids=["empty", "latin", "cut", "no-parquet", "no-workbook"],
)  # fmt: skip
def test_a_broken_file_is_refused_in_words(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(series.SeriesUnreadable, match=name):
        files.table(tmp_path / name)


def noted(panel: series.Panel) -> dict[str, int]:
    return {note.code: note.count for note in panel.notes}


def test_whatever_is_repaired_or_left_out_is_noted_with_its_number():
    table = pd.DataFrame(DRESSES["plain"])
    table = pd.concat([table, table.iloc[[5]], table.iloc[[6]].assign(demand_mw=1.0)])
    table = table.drop(index=[20, 21]).astype({"demand_mw": object})
    table.iloc[0, 1] = "broken"
    table.iloc[30, 0] = "2071-01-01 00:00"
    table.iloc[31, 0] = "soon"
    told = noted(series.read(table.sample(frac=1, random_state=1)))
    assert told["value_unreadable"] == 1
    assert told["time_unreadable"] == 1
    assert told["time_astray"] == 1
    assert told["twice_differ"] == 4
    assert told["missing"] == 4


def test_series_of_other_lengths_and_columns_without_a_unit_are_noted():
    table = pd.DataFrame({"ts": HOURS, "AEP": TRUTH, "DAYTON": TRUTH, "COMED": TRUTH})
    table.loc[:40, "COMED"] = np.nan
    table.loc[60:, "DAYTON"] = np.nan
    panel = series.read(table)
    assert panel.names == ("aep", "comed", "dayton")
    assert noted(panel) == {"columns_guessed": 3, "begins": 41, "ends": 36}


def test_a_lost_quarter_does_not_lessen_the_energy_of_its_hour():
    quarters = pd.date_range("2025-03-10", periods=96, freq="15min")
    table = pd.DataFrame({"ts": quarters, "use_kwh": 2.0}).drop(index=[9])
    assert (series.read(table).demand == 8).all()


@pytest.mark.parametrize(
    ("name", "said", "celsius"),
    [("temperature", 41.0, 5.0), ("temperature", 278.15, 5.0), ("temperature_c", 5.0, 5.0),
     ("temp_f", 41.0, 5.0)],
)  # fmt: skip
def test_temperatures_become_celsius_and_absurd_ones_missing(name, said, celsius):
    degrees = np.full(96, said)
    degrees[40:60] += 0 if name.endswith("_c") else 12
    degrees[3] = -9999
    panel = series.read(pd.DataFrame({**DRESSES["plain"], name: degrees}))
    assert panel.temperature[0, 0, 0] == pytest.approx(celsius)
    assert np.isnan(panel.temperature[0, 3, 0])
    assert noted(panel)["temperature_absurd"] == 1
