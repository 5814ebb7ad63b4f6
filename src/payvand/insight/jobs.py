"""What does the worker do for the figures, once a minute?"""

from __future__ import annotations

from payvand.insight import actions


def run_once() -> dict[str, int]:
    """Bring the daily counts up to now; returns what was done."""
    done = actions.roll_up()
    return {"counted_cases": done.cases, "counted_days": done.days}
