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
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.core import Result
from bench.promises import result

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data" / "energy"
SERIES = Path(os.environ.get("PAYVAND_ENERGY_SERIES", DATA / "isone_2017_hourly.csv"))
HOLIDAYS = Path(os.environ.get("PAYVAND_ENERGY_HOLIDAYS", DATA / "us_holidays.csv"))
METERS, DAYS, TEST_DAYS = 100_000, 30, 64
AREA, DISTRICTS, FIRST = "IR-03", 40, date(2025, 7, 1)


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


def varied() -> list[Result]:
    """Bands of made-up series of twelve kinds beside those of past errors, series by series."""
    found = _apart("varied")
    return [
        result("energy.interval_varied", found["ratio"], peer="80 % bands hold",
               peer_value=found["cover_80"]),
        result("energy.interval_varied_worse", found["worse"], peer="series",
               peer_value=found["series"]),
    ]  # fmt: skip


def ingest() -> list[Result]:
    """Quality and roll-up of 72 million readings in Parquet, then the page made of their sums."""
    with tempfile.TemporaryDirectory(prefix="payvand-bench-") as folder:
        found = _apart("ingest", folder)
        taken = _apart("take_over", folder)
        page = _apart("page", folder)
    return [
        result("energy.ingest_72m", found["wall_s"], peer="CPU s", peer_value=found["cpu_s"]),
        result("energy.ingest_72m_mb", found["mb"]),
        result("energy.balance_page_ms", page["warm_ms"], peer="queries",
               peer_value=page["queries"]),
        result("energy.balance_page_cold_ms", page["cold_ms"],
               peer="s to take all sums over before", peer_value=taken["wall_s"]),
    ]  # fmt: skip


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


def _apart(task: str, folder: str = "") -> dict[str, Any]:
    """Run a task in a process of its own; the tasks of one folder hand its files on."""
    env = dict(os.environ, DJANGO_SETTINGS_MODULE="payvand.conf.settings.test",
               OMP_NUM_THREADS="2")  # fmt: skip
    if folder:
        env |= {"PAYVAND_DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
                "PAYVAND_ENERGY_STORE": f"{folder}/store", "PAYVAND_VAR": folder}  # fmt: skip
    words = [sys.executable, "-W", "ignore", "-m", "bench.energy", task]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False, cwd=ROOT)
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


def task_varied() -> dict[str, Any]:
    """Evaluate series of the kinds that nothing was chosen by."""
    from statistics import geometric_mean

    from bench import energy_loads
    from payvand.energy.rules import evaluate

    report = evaluate.evaluate(energy_loads.mixed(energy_loads.CONFIRMING, range(1, 3)), peers=())
    shares = report.wider().values()
    ratios = [geometric_mean(pair[n] for pair in shares) for n in (0, 1)]
    worse = sum(max(pair) > 1 for pair in shares)
    return {"ratio": max(ratios), "worse": 100 * worse / len(shares), "series": len(shares),
            "cover_80": report.rows[evaluate.OURS].cover_80, "ratios": ratios}  # fmt: skip


def task_ingest() -> dict[str, Any]:
    """Make the readings in another process, then sum them in this one."""
    import resource

    from payvand.energy import ingest as loading
    from payvand.energy import sample
    from payvand.energy.engine.store import Store

    store = Store(Path(os.environ["PAYVAND_ENERGY_STORE"]))
    if (pid := os.fork()) == 0:
        # all in one province: its page is then the heaviest that there can be
        sample.build(store, sample.Plan(METERS, FIRST, DAYS, (AREA,) * 31))
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


def task_take_over() -> dict[str, Any]:
    """Make a country with one operator, and take the sums of all days over for its page."""
    import django

    django.setup()
    from django.core.management import call_command

    from payvand.energy.actions import outlooks, thresholds
    from payvand.energy.actions.taking_over import Sums, take_over
    from payvand.energy.engine.store import Store
    from payvand.energy.models import DayLoad, Feeder
    from payvand.kernel import clock
    from payvand.registry import public as registry

    call_command("migrate", verbosity=0, interactive=False)
    by, last = registry.system("bench"), FIRST + timedelta(days=DAYS)
    registry.seed()
    org = registry.register_party(
        registry.PartyDraft("agency", "شرکت برق", "Operator", slug="operator", place=AREA), by=by
    )
    registry.set_debtor("energy-operator", AREA, org, by=by)
    account = registry.open_account("operator", by=by)
    registry.seat(registry.SeatDraft(account, org, "clerk", FIRST), by=by)
    office = registry.office_for("governor", agency_id=None, place_code=AREA)
    thresholds.set_threshold(AREA, thresholds.Limit(office, office), by=by)
    sums = Sums(Store(Path(os.environ["PAYVAND_ENERGY_STORE"])))
    feeders = dict.fromkeys(sums.names["feeder"])
    Feeder.objects.bulk_create(
        Feeder(code=code, area_id=AREA, city="-", district=str(n // 4 % DISTRICTS + 1))
        for n, code in enumerate(feeders)
    )
    wall = time.perf_counter()
    take_over(AREA, sums, [FIRST + timedelta(days=n) for n in range(DAYS)], by=by)
    wall = time.perf_counter() - wall
    with clock.frozen(datetime.combine(last, datetime.min.time(), clock.TEHRAN)):
        outlooks.take_supply(AREA, outlooks.hour_rows(last, [110.0] * 72), by=by, source="bench")
        outlooks.forecast(AREA, by=by, first=last)
        outlooks.foresee(AREA, by=by)
    return {"wall_s": wall, "rows": DayLoad.objects.count(), "feeders": len(feeders)}


def task_page() -> dict[str, Any]:
    """Open the balance page in a process that has just started, then again and again."""
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, times = Client(), []
    client.force_login(get_user_model().objects.get(username="operator"),
                       backend="django.contrib.auth.backends.ModelBackend")  # fmt: skip
    for _ in range(21):
        began = time.perf_counter()
        page = client.get(f"/fa/energy/{AREA}/balance/")
        times.append(1000 * (time.perf_counter() - began))
        assert page.status_code == 200, page.status_code
    with CaptureQueriesContext(connection) as seen:
        client.get(f"/fa/energy/{AREA}/balance/")
    return {"cold_ms": times[0], "warm_ms": sorted(times[1:])[10], "queries": len(seen),
            "kb": len(page.content) / 1024}  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(globals()[f"task_{sys.argv[1]}"]()))
