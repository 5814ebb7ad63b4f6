"""How good are the forecasts, how fast are readings summed, and do both engines agree?

Each number is measured in a process of its own: `python -m bench.energy ingest|forecast`. The
series is a public one that is not part of this repository; its place can be given.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from bench.core import Result
from bench.promises import result

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data" / "energy"
SERIES = Path(os.environ.get("PAYVAND_ENERGY_SERIES", DATA / "isone_2017_hourly.csv"))
HOLIDAYS = Path(os.environ.get("PAYVAND_ENERGY_HOLIDAYS", DATA / "us_holidays.csv"))
METERS, DAYS, TEST_DAYS = 100_000, 30, 64


def forecasts() -> list[Result]:
    """Error beside single models, coverage, interval score and CPU of the daily run."""
    found = _apart("forecast")
    ours = found["models"]["Payvand"]
    past = found["models"]["Payvand, bands of past errors"]
    best = found["models"][found["best_single"]]
    cover = [abs(ours["cover_80"] - 80), abs(ours["cover_90"] - 90)]
    ratio = max(ours[k] / past[k] for k in ("interval_80", "interval_90"))
    return [
        result("energy.mase_vs_best_single", found["mase_vs_best_single"],
               peer=f"{found['best_single']} MASE", peer_value=best["mase"]),
        result("energy.coverage", max(cover), peer="80 % band holds", peer_value=ours["cover_80"]),
        result("energy.interval_vs_past_errors", ratio),
        result("energy.forecast_cpu_per_1000", ours["cpu_s_per_1000_series_days"],
               peer="weekly learning s",
               peer_value=found["weekly_learning_cpu_s_per_1000_series_days"]),
    ]  # fmt: skip


def ingest() -> list[Result]:
    """Quality and roll-up of 72 million readings in Parquet."""
    found = _apart("ingest")
    return [
        result("energy.ingest_72m", found["wall_s"], peer="CPU s", peer_value=found["cpu_s"]),
        result("energy.ingest_72m_mb", found["mb"]),
    ]


def spark() -> list[Result]:
    """The contract suite on a cluster of master and two workers: how many answers differ."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-m", "spark",
         str(ROOT / "tests" / "contracts" / "test_energy_engines.py")],
        env=dict(os.environ, PAYVAND_TEST_DB="sqlite"), capture_output=True, text=True,
        check=False, cwd=ROOT,
    )  # fmt: skip
    told = done.stdout.strip().splitlines()[-1]
    if "passed" not in told and "failed" not in told:
        raise RuntimeError(f"the suite did not run: {told}")
    words = told.replace(",", "").split()
    differ = sum(int(words[n - 1]) for n, word in enumerate(words) if word in ("failed", "errors"))
    return [result("energy.spark_equal", differ, peer="seconds with start of the cluster",
                   peer_value=time.perf_counter() - start)]  # fmt: skip


def _apart(task: str) -> dict[str, Any]:
    """Run a task in a process of its own."""
    env = dict(os.environ, DJANGO_SETTINGS_MODULE="payvand.conf.settings.test",
               OMP_NUM_THREADS="2")  # fmt: skip
    done = subprocess.run([sys.executable, "-W", "ignore", "-m", "bench.energy", task], env=env,
                          capture_output=True, text=True, check=False, cwd=ROOT)  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{task} failed:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def task_forecast() -> dict[str, Any]:
    """Evaluate the given series over its last days."""
    from payvand.energy import files
    from payvand.energy.rules import evaluate, series

    if not SERIES.exists():
        raise SystemExit(f"no hourly series at {SERIES}; name one in PAYVAND_ENERGY_SERIES")
    off = files.days_off(HOLIDAYS) if HOLIDAYS.exists() else {}
    panel = series.read(files.table(SERIES), holidays=off)
    return evaluate.evaluate(panel, days=TEST_DAYS).as_json()


def task_ingest() -> dict[str, Any]:
    """Make the readings in another process, then sum them in this one."""
    import resource

    from payvand.energy import ingest as loading
    from payvand.energy import sample
    from payvand.energy.engine.store import Store

    with tempfile.TemporaryDirectory(prefix="payvand-bench-") as folder:
        store = Store(Path(folder))
        if (pid := os.fork()) == 0:
            provinces = tuple(f"sample-{n:02d}" for n in range(1, 32))
            sample.build(store, sample.Plan(METERS, date(2025, 7, 1), DAYS, provinces))
            os._exit(0)
        os.waitpid(pid, 0)
        wall, cpu = time.perf_counter(), time.process_time()
        days = loading.roll_up(store, "electricity")
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        rows = sum(c["present"] for c in store.counts("electricity").values())
    assert len(days) == DAYS
    assert rows > 0.99 * METERS * DAYS * 24
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"wall_s": wall, "cpu_s": cpu, "mb": peak, "rows": rows}


if __name__ == "__main__":
    print(json.dumps(globals()[f"task_{sys.argv[1]}"]()))
