"""Does every engine answer every question alike, to the watt hour?

Spark runs as a real cluster: a master, two workers and this driver, four processes on loopback.
"""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from payvand.energy import ingest, sample
from payvand.energy.engine import port, questions
from payvand.energy.engine.store import Store
from tests.energy import cluster

pytest.importorskip("ibis", reason="the engines need ibis-framework")
# py4j leaves its sockets to the collector
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
FIRST, CARRIER = date(2025, 7, 1), "electricity"
ENGINES = ["duckdb", pytest.param("spark", marks=pytest.mark.spark)]


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    """300 meters, two days, wrong readings among them, and a correction that came late."""
    store = Store(tmp_path_factory.mktemp("energy") / "store")
    sample.build(store, sample.Plan(300, FIRST, 2, ("IR-03", "IR-23")))
    late = store.readings(CARRIER, FIRST)
    chosen = late.rows(np.arange(0, len(late), 50))
    chosen = type(late)(chosen.meter, chosen.hour, abs(chosen.wh) // 2, chosen.version + 1,
                        chosen.known + 3600)  # fmt: skip
    store.write_part(CARRIER, FIRST, "late-0", chosen)
    ingest.roll_up(store, CARRIER)
    return store


@pytest.fixture(scope="module", params=ENGINES)
def engine(request, tmp_path_factory):
    if request.param == "duckdb":
        engine = port.engine()
        yield engine
        engine.close()
        return
    if why := cluster.lacking():
        pytest.skip(f"no Spark cluster: {why}")
    with cluster.cluster(tmp_path_factory.mktemp("spark")) as options:
        engine = port.engine("spark", options)
        yield engine
        engine.close()


def whole(store: Store) -> pd.DataFrame:
    """Return the roll-ups as they were written at ingest."""
    files = sorted(store.folder("rollup", CARRIER).rglob("*.parquet"))
    found = pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)
    return found.astype(dict.fromkeys(questions.PLACE, str))


def test_raw_readings_sum_to_what_was_written_at_ingest(store, engine):
    asked = [engine.table(store, kind, CARRIER) for kind in ("readings", "meters", "flags")]
    found = port.ordered(engine.answer(questions.rolled(*asked)))
    wanted = whole(store)
    wanted = port.ordered(wanted[wanted["n"] > 0].drop(columns="expected")[list(found.columns)])
    assert wanted["bad"].sum() > 0
    pd.testing.assert_frame_equal(found, wanted, check_dtype=False)


def test_demand_by_sector_and_its_quality(store, engine):
    rollup = engine.table(store, "rollup", CARRIER)
    rows = whole(store)
    rows = rows[rows["sector"] != questions.HEAD]
    keys = ["province", "sector", "ts"]
    wanted = rows.groupby(keys)[["wh", "n", "bad", "expected"]].sum().reset_index()
    found = engine.answer(questions.by_sector(rollup))
    pd.testing.assert_frame_equal(port.ordered(found), port.ordered(wanted), check_dtype=False)
    told = engine.answer(questions.quality(rollup))
    assert int(told["expected"].sum()) == int(whole(store)["expected"].sum())


def test_an_hour_without_supply_has_no_shortage_and_no_safety(store, engine):
    rollup = engine.table(store, "rollup", CARRIER)
    hours = pd.date_range(FIRST, periods=40, freq="h")
    supply = engine.given(
        pd.DataFrame({"province": "IR-03", "ts": hours, "supply_wh": 150_000}), "supply"
    )
    found = port.ordered(engine.answer(questions.balance(rollup, supply)))
    own = found[(found["province"] == "IR-03") & found["supply_wh"].notna()]
    assert len(found) == 96
    assert len(own) == 40
    assert (own["short_wh"] == (own["wh"] - 150_000).clip(lower=0)).all()
    unknown = found[found["supply_wh"].isna()]
    assert unknown["short_wh"].isna().all()


def test_feeders_that_lose_most_come_first(store, engine):
    found = engine.answer(questions.deviating(engine.table(store, "rollup", CARRIER), 3))
    assert found["feeder"].iloc[0] == "sample-00001"
    assert (found["gap_ppm"].diff().dropna() <= 0).all()
