"""What does `make bench` do? Measure, print the table, keep the numbers.

`python -m bench [--only GROUP] [--rows N]`. Numbers measured with fewer rows than a million are
shown, never kept.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from typing import Any

from bench import core, server
from bench.groups import MILLION, Bench, groups

NAMES = ("window", "ledger", "web", "app", "foresight", "matching", "energy")


def main() -> int:
    """Measure the groups that are asked for; 1 when a measurement failed, 0 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=NAMES, help="one group instead of all")
    parser.add_argument("--rows", type=int, default=MILLION, help="open inquiries to load")
    asked = parser.parse_args()
    if asked.rows < 16_000:
        parser.error("at least 16000 rows: each sweep takes 1,000 others")
    found: list[core.Result] = []
    failed = 0
    if os.getloadavg()[0] > 1:
        print(f"The machine is busy (load {os.getloadavg()[0]:.1f}); times will be longer than they"
              " are.", file=sys.stderr)  # fmt: skip
    with server.postgres() as uri:
        measures = groups(Bench(uri, rows=asked.rows))
        for name in [asked.only] if asked.only else NAMES:
            for measure in measures[name]:
                try:
                    new = measure()
                except Exception:  # noqa: BLE001 - one that fails must not hide the others
                    failed += 1
                    print(f"FAILED {name}: {_named(measure)}\n{traceback.format_exc(limit=2)}",
                          file=sys.stderr)  # fmt: skip
                    continue
                core.show(new)
                sys.stdout.flush()
                found += new
                if asked.rows == MILLION:
                    core.record(new)
    missed = sum(not r.ok for r in found)
    print(f"{len(found)} numbers, {missed} miss their bound, {failed} measurements failed.")
    return 1 if failed else 0


def _named(measure: Any) -> str:
    return str(getattr(measure, "func", measure).__name__)


if __name__ == "__main__":
    sys.exit(main())
