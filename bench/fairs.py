"""How long does it take to set the meetings of a fair, and how near to the best are they?"""

from __future__ import annotations

import time
from collections import Counter

import numpy as np

from bench.core import Result
from bench.promises import result

FIRMS, BUYERS, SLOTS, ROOMS, MOST = 200, 40, 32, 40, 6  # two days of sixteen slots


def scheduled() -> list[Result]:
    """Set the meetings of a large fair, half of whose firms stay for a part only."""
    from payvand.matching.rules.schedule import Fair, schedule

    draw = np.random.default_rng(1)
    value = draw.uniform(0.1, 5, (FIRMS, BUYERS)) * (draw.random((FIRMS, BUYERS)) < 0.4)
    here = draw.random((FIRMS, SLOTS)) < draw.choice([0.5, 1.0], (FIRMS, 1))
    fair = Fair(value, SLOTS, ROOMS, MOST, present_firms=here)
    began = time.perf_counter()
    found = schedule(fair)
    seconds = time.perf_counter() - began
    for side in (1, 2):
        if max(Counter((m[0], m[side]) for m in found.meetings).values()) > 1:
            raise RuntimeError("somebody is in two places")
    return [result("matching.schedule_s", seconds),
            result("matching.schedule_gap", 100 * (1 - found.worth / found.bound))]  # fmt: skip
