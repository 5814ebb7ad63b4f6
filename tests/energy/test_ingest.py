"""Are readings kept once, whatever happens on the way, and are the sums always current?"""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from payvand.energy import ingest, sample
from payvand.energy.engine.store import Store
from payvand.energy.rules.series import SeriesUnreadable

NOW = datetime(2025, 7, 5, 8, tzinfo=UTC)
LATER = datetime(2025, 7, 9, 8, tzinfo=UTC)
DAY = date(2025, 7, 1)


@pytest.fixture
def store(tmp_path) -> Store:
    store = Store(tmp_path / "store")
    rows = pd.DataFrame({"meter": [7, 9], "province": "IR-03", "city": "c", "feeder": "f",
                         "sector": "residential", "most_wh": 9000})  # fmt: skip
    rows.to_csv(tmp_path / "meters.csv", index=False)
    assert ingest.register(store, tmp_path / "meters.csv", "electricity").kept == 2
    return store


def table(wh: int = 400, version: int = 1, days: int = 2) -> pd.DataFrame:
    hours = pd.date_range(DAY, periods=24 * days, freq="h").astype(str)
    parts = [pd.DataFrame({"meter": m, "ts": hours, "wh": wh + np.arange(len(hours)),
                           "version": version}) for m in (7, 9)]  # fmt: skip
    return pd.concat(parts)


def loaded(store, tmp_path, rows, name="a.csv", now=NOW):
    rows.to_csv(tmp_path / name, index=False)
    found = ingest.load(store, tmp_path / name, "electricity", now=now)
    ingest.roll_up(store, "electricity", found.days)
    return found


def total(store) -> int:
    files = sorted(store.folder("rollup", "electricity").rglob("*.parquet"))
    return sum(int(pd.read_parquet(f)["wh"].sum()) for f in files)


def test_loading_the_same_file_twice_changes_nothing(store, tmp_path):
    first = loaded(store, tmp_path, table())
    before = total(store)
    again = loaded(store, tmp_path, table())
    assert (first.kept, first.again, again.kept, again.again) == (96, False, 96, True)
    assert total(store) == before == table()["wh"].sum()


def test_the_same_readings_in_another_file_count_once(store, tmp_path):
    loaded(store, tmp_path, table())
    loaded(store, tmp_path, table().iloc[::-1], "other.csv")
    assert total(store) == table()["wh"].sum()
    assert store.counts("electricity")[DAY]["flagged"] == {"again": 48}


def test_a_late_correction_rolls_its_day_again_and_the_old_value_is_kept(store, tmp_path):
    loaded(store, tmp_path, table())
    late = table(900, version=2).iloc[:1]
    loaded(store, tmp_path, late, "late.csv", LATER)
    assert total(store) == table()["wh"].sum() + 500
    rows = store.readings("electricity", DAY)
    assert len(rows) == 49
    assert set(rows.known) == {int(NOW.timestamp()), int(LATER.timestamp())}


def test_an_older_version_that_comes_late_does_not_win(store, tmp_path):
    loaded(store, tmp_path, table(version=3))
    loaded(store, tmp_path, table(1, version=2), "old.csv", LATER)
    assert total(store) == table()["wh"].sum()


def test_each_unusable_row_is_reported_with_its_reason(store, tmp_path):
    rows = table().astype(object)
    rows.iloc[3, 1] = "yesterday"
    rows.iloc[5, 2] = "many"
    rows.iloc[8, 0] = None
    found = loaded(store, tmp_path, rows)
    assert [(row, why) for row, why, _ in found.first_rejected] == [
        (9, "meter_unreadable"), (4, "time_unreadable"), (6, "value_unreadable"),
    ]  # fmt: skip
    assert (found.rows, found.kept) == (96, 93)
    assert store.counts("electricity")[DAY]["flagged"]["missing"] == 3


def test_an_interrupted_load_goes_on(store, tmp_path, monkeypatch):
    table(days=3).to_csv(tmp_path / "a.csv", index=False)
    write, written = Store.write_part, []

    def twice(self, carrier, day, name, rows):
        if len(written) == 2:
            raise KeyboardInterrupt
        written.append(day)
        write(self, carrier, day, name, rows)

    monkeypatch.setattr(Store, "write_part", twice)
    with pytest.raises(KeyboardInterrupt):
        ingest.load(store, tmp_path / "a.csv", "electricity", now=NOW)
    rest = []
    monkeypatch.setattr(Store, "write_part", lambda self, c, day, n, r: (
        rest.append(day), write(self, c, day, n, r)))  # fmt: skip
    found = ingest.load(store, tmp_path / "a.csv", "electricity", now=NOW)
    assert rest == [date(2025, 7, 3)]
    ingest.roll_up(store, "electricity", found.days)
    assert total(store) == table(days=3)["wh"].sum()


@pytest.mark.parametrize("kind", ["xlsx", "parquet"])
def test_other_kinds_of_files_give_the_same(store, tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    rows = table(days=1)
    rows.to_excel(path, index=False) if kind == "xlsx" else rows.to_parquet(path)
    found = ingest.load(store, path, "electricity", now=NOW)
    ingest.roll_up(store, "electricity", found.days)
    assert total(store) == rows["wh"].sum()


def test_kilowatt_hours_become_whole_watt_hours(store, tmp_path):
    rows = table(days=1).assign(kwh=lambda t: t["wh"] / 1000 + 0.0004).drop(columns="wh")
    loaded(store, tmp_path, rows)
    assert total(store) == table(days=1)["wh"].sum()


def test_a_file_without_the_columns_is_refused(store, tmp_path):
    with pytest.raises(SeriesUnreadable):
        loaded(store, tmp_path, table().drop(columns="ts"))


def test_a_feeder_that_sent_nothing_is_named(store, tmp_path):
    loaded(store, tmp_path, table())
    rows = pd.read_csv(tmp_path / "meters.csv")
    more = pd.concat([rows, rows.head(1).assign(meter=11, feeder="g")])
    more.to_csv(tmp_path / "more.csv", index=False)
    ingest.register(store, tmp_path / "more.csv", "electricity")
    ingest.roll_up(store, "electricity")
    assert store.counts("electricity")[DAY]["silent_feeders"] == ["g"]


def test_made_up_readings_are_marked_and_repeatable(tmp_path):
    plan = sample.Plan(100, DAY, 1, ("IR-03", "IR-07"))
    stores = [Store(tmp_path / name) for name in "ab"]
    for one in stores:
        sample.build(one, plan)
    assert all(one.is_sample for one in stores)
    assert (stores[0].readings("electricity", DAY).wh
            == stores[1].readings("electricity", DAY).wh).all()  # fmt: skip
