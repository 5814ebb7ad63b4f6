"""How is a number measured, kept and shown?

Every measurement runs in a process of its own against a database of its own on this machine. A
result says what was promised (`must`), hoped (`aim`), found (`value`), and beside which peer.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results" / "latest.json"
KEPT = ("id", "value", "unit", "must", "aim", "ok", "peer", "peer_value", "machine", "at")


@dataclass
class Result:
    """One number."""

    id: str
    value: float
    unit: str
    must: float
    aim: float
    more_is_better: bool = False
    peer: str = ""
    peer_value: float | None = None

    @property
    def ok(self) -> bool:
        """Is the bound kept?"""
        return self.value >= self.must if self.more_is_better else self.value <= self.must


def machine() -> str:
    """Return what the numbers were measured on."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def record(results: list[Result]) -> None:
    """Merge results into results/latest.json: a number stays until it is measured anew."""
    kept = {r["id"]: r for r in json.loads(RESULTS.read_text())} if RESULTS.exists() else {}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for result in results:
        row = asdict(result) | {"ok": result.ok, "machine": machine(), "at": now}
        kept[result.id] = {key: row[key] for key in KEPT}
    RESULTS.parent.mkdir(exist_ok=True)
    ordered = [kept[k] for k in sorted(kept)]
    RESULTS.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n")


def show(results: list[Result]) -> None:
    """Print the table."""
    for r in results:
        sign = "≥" if r.more_is_better else "≤"
        peer = f"  ({r.peer}: {r.peer_value:.4g})" if r.peer_value is not None else ""
        mark = "ok  " if r.ok else "MISS"
        print(f"{mark} {r.id:<34}{r.value:>10.4g} {r.unit:<8} must {sign} {r.must:<7g}"
              f" aim {sign} {r.aim:<7g}{peer}")  # fmt: skip


def in_process(
    task: str, url: str, *, module: str = "bench.tasks", **params: Any
) -> dict[str, Any]:
    """Run `python -m MODULE TASK` against a database and return what it measured."""
    env = dict(os.environ, PAYVAND_DATABASE_URL=url,
               DJANGO_SETTINGS_MODULE="payvand.conf.settings.test")  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", module, task, json.dumps(params)],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{task} failed:\n{done.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
