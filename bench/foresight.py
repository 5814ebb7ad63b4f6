"""How do promises do on five real event logs that the product never saw?

The logs lie beside the checkout and are no part of it; `payvand foresight evaluate` judges them as
it would any other. Reference figures of remaining time: holdout results published with PGTNet, and
one LightGBM run on the same split.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bench.core import Result
from bench.promises import result

LOGS = Path(__file__).resolve().parents[2] / "shared" / "data" / "logs"
SHORT, CUTS = 25, 12


class Reference(NamedTuple):
    """Mean absolute errors of remaining time over all prefixes, in days."""

    lightgbm: float
    networks: tuple[float, ...] = ()  # DALSTM, ProcessTransformer, GGNN, PGTNet


REFERENCES = {
    "receipt_env_permit": Reference(1.74, (1.55, 3.29, 1.59, 1.46)),
    "bpic12_loan": Reference(5.41, (7.97, 6.15, 6.53, 5.49)),
    "bpic15_municipality1": Reference(22.06, (29.26, 38.78, 31.23, 20.36)),
    "sepsis": Reference(16.4, (15.71, 23.77, 17.2, 16.4)),
    "bpic20_travel_permit": Reference(12.6),
}


def measures() -> list[Callable[[], list[Result]]]:
    """Return the measurements on the logs."""
    return [partial(one) for one in (coverage, pinball, remaining, refusals)]


def coverage() -> list[Result]:
    """The lowest share of kept P90 promises of all logs, whichever way the log's end is read."""
    shares = [min(one["p90"]["share"], one["p90"]["share_if_cut"]) if one["p90"] else 0.0
              for one in _strict()]  # fmt: skip
    return [result("foresight.p90_coverage", 100 * min(shares))]


def pinball() -> list[Result]:
    """Pinball loss at P90 relative to plain Kaplan-Meier of the same run, mean over the logs."""
    ratios = [one["pinball_vs_km"] for one in _strict()]
    if None in ratios:
        raise RuntimeError("a log was refused")
    return [result("foresight.pinball_vs_km", float(np.mean(ratios)))]


def remaining() -> list[Result]:
    """The worst excess over the reference, and on how many logs every network is undercut."""
    worst, below = -100.0, 0
    for one in _evaluated():
        mae, reference = one["published"]["mae"], REFERENCES[one["name"]]
        worst = max(worst, 100 * (mae / reference.lightgbm - 1))
        below += bool(reference.networks) and mae < min(reference.networks)
    return [
        result("foresight.mae_vs_lightgbm", worst),
        result("foresight.mae_below_networks", below),
    ]


def refusals() -> list[Result]:
    """The share of refusals among logs cut while fewer than 10 % are over, and logs of 25 cases."""
    from payvand.foresight import logs
    from payvand.foresight.rules.evaluation import strict

    refused = []
    for name in REFERENCES:
        log = logs.load(_path(name))
        young = [log.cut(moment) for moment in _young(log)]
        short = log.only(np.arange(len(log.cases)) < SHORT)
        refused += [not strict(one, with_challenger=False).verdict.ok for one in (*young, short)]
    return [result("foresight.refuses", 100 * float(np.mean(refused)))]


def _young(log: Any) -> Iterator[float]:
    """Yield moments at which fewer than 10 % of the cases begun so far had ended."""
    starts, ends = np.sort(log.start), np.sort(log.end)
    begun = np.arange(1, len(starts) + 1)
    over = np.searchsorted(ends, starts, side="right")
    found = starts[(over < 0.1 * begun) & (begun >= 10)]
    if len(found):
        yield from np.unique(found[np.linspace(0, len(found) - 1, CUTS).astype(int)])


def _strict() -> list[dict[str, Any]]:
    return [one["strict"] for one in _evaluated()]


@lru_cache(maxsize=1)
def _evaluated() -> list[dict[str, Any]]:
    """Return what the command says of the five logs, in one run."""
    code = "from payvand.cli.main import main; main()"
    words = ["foresight", "evaluate", "--json", *(str(_path(name)) for name in REFERENCES)]
    env = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", code, *words], env=env, text=True,
                          capture_output=True, check=False)  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    found: list[dict[str, Any]] = json.loads(done.stdout)["logs"]
    return found


def _path(name: str) -> Path:
    path = LOGS / f"{name}.csv.gz"
    if not path.is_file():
        raise RuntimeError(f"the log {name} is not beside the checkout")
    return path
