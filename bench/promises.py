"""What was promised for each number? The bounds stand here once, from the plan of the product."""

from __future__ import annotations

from typing import NamedTuple

from bench.core import Result


class Promise(NamedTuple):
    """The bound that must hold, and the one that is hoped for."""

    unit: str
    must: float
    aim: float
    more_is_better: bool = False


PROMISES = {
    "window.case_cpu_ms": Promise("ms", 30, 12),
    "window.case_cpu_ms_sqlite": Promise("ms", 30, 12),
    "window.case_cpu_vs_spiff": Promise("times", 3, 7, more_is_better=True),
    "window.case_cpu_vs_spiff_lean": Promise("times", 3, 7, more_is_better=True),
    "window.cases_per_s_16": Promise("%", 10, 35, more_is_better=True),
    "window.page_ms_1m": Promise("ms", 150, 40),
    "window.page_ms_1m_inbox": Promise("ms", 150, 40),
    "window.page_ms_1m_tracking": Promise("ms", 150, 40),
    "window.page_ms_1m_desk": Promise("ms", 150, 40),
    "ledger.bulk_answers_per_s": Promise("1/s", 2000, 8000, more_is_better=True),
    "ledger.sweep_1000_ms": Promise("ms", 150, 90),
    "ledger.sweep_1000_ms_sqlite": Promise("ms", 150, 90),
    "ledger.closure_preview_s": Promise("s", 5, 1),
    "ledger.closure_applied_s": Promise("s", 10, 4),
    "ledger.closure_national_s": Promise("s", 180, 60),
    "ledger.closure_preview_s_sqlite": Promise("s", 5, 1),
    "ledger.closure_applied_s_sqlite": Promise("s", 10, 4),
    "ledger.closure_national_s_sqlite": Promise("s", 180, 60),
    "matching.ndcg10": Promise("low", -0.01, 0, more_is_better=True),
    "matching.ndcg10_mean": Promise("mean", 0, 0.02, more_is_better=True),
    "matching.ndcg10_semantic": Promise("mean", 0.02, 0.05, more_is_better=True),
    "matching.persian_loss": Promise("nDCG", -0.005, 0, more_is_better=True),
    "matching.fa_en_top1": Promise("share", 0.7, 0.9, more_is_better=True),
    "matching.fa_en_top1_hard": Promise("share", 0.7, 0.9, more_is_better=True),
    "matching.fa_en_top1_spoken": Promise("share", 0.7, 0.9, more_is_better=True),
    "matching.fa_en_top1_blind": Promise("share", 0.7, 0.9, more_is_better=True),
    "matching.query_p99_ms": Promise("ms", 30, 10),
    "matching.query_p99_ms_1m": Promise("ms", 300, 80),
    "matching.index_1m": Promise("s", 900, 240),
    "matching.index_1m_gb": Promise("GB", 6, 3),
    "web.page_kb": Promise("KB", 100, 80),
    "web.css_kb": Promise("KB", 40, 30),
    "web.axe_violations": Promise("", 0, 0),
    "matching.import_5000_s": Promise("s", 60, 15),
    "matching.import_5000_s_postgresql": Promise("s", 60, 15),
    "energy.mase_vs_best_single": Promise("times", 1.0, 0.9),
    "energy.coverage": Promise("points", 3, 1.5),
    "energy.interval_vs_past_errors": Promise("times", 1.0, 0.95),
    "energy.interval_varied": Promise("times", 1.0, 0.97),
    "energy.interval_varied_worse": Promise("%", 25, 10),
    "energy.forecast_cpu_per_1000": Promise("s", 400, 60),
    "energy.ingest_72m": Promise("s", 60, 15),
    "energy.ingest_72m_mb": Promise("MB", 4096, 1024),
    "energy.balance_page_ms": Promise("ms", 150, 60),
    "energy.balance_page_cold_ms": Promise("ms", 1000, 500),
    "energy.spark_equal": Promise("differ", 0, 0),
    "app.idle_mb": Promise("MB", 250, 150),
    "foresight.p90_coverage": Promise("%", 85, 88, more_is_better=True),
    "foresight.pinball_vs_km": Promise("times", 1, 0.85),
    "foresight.mae_vs_lightgbm": Promise("%", 10, 0),
    "foresight.mae_below_networks": Promise("logs of 4", 0, 4, more_is_better=True),
    "foresight.refuses": Promise("%", 100, 100, more_is_better=True),
    "foresight.promise_ms": Promise("ms", 40, 10),
    "foresight.whatif_s": Promise("s", 1, 0.3),
    "foresight.nightly_100k_s": Promise("s", 600, 120),
    "foresight.attribution_1m_s": Promise("s", 60, 10),
    "matching.open_request_ms": Promise("ms", 200, 20),
    "matching.open_request_ms_postgresql": Promise("ms", 200, 20),
    "matching.open_worker_s": Promise("s", 20, 5),
    "matching.open_worker_s_postgresql": Promise("s", 20, 5),
    "matching.schedule_s": Promise("s", 60, 60),
    "matching.schedule_gap": Promise("%", 5, 1),
    "energy.plan_s": Promise("s", 2, 0.5),
    "energy.plan_feeders_s": Promise("s", 20, 8),
    "energy.plan_feeders_gap": Promise("%", 0.5, 0.5),
    "energy.disaggregate_s": Promise("s", 5, 1),
    "energy.privacy": Promise("", 0, 0),
}


def result(key: str, value: float, *, peer: str = "", peer_value: float | None = None) -> Result:
    """Return a number beside what was promised for it."""
    return Result(key, round(value, 4), *PROMISES[key][:3],
                  more_is_better=PROMISES[key].more_is_better, peer=peer,
                  peer_value=peer_value)  # fmt: skip
