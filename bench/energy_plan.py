"""How fast is a plan against a shortage found, divided and kept private?"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from bench.core import Result
from bench.promises import result

PROVINCES, SECTORS, TIERS, HOURS = 31, 5, 4, 24
FEEDERS, BLOCKS, ASSETS = 2000, 12, 100_000


def planned() -> list[Result]:
    """Plan for a nation by group, and by feeder in turns (synthetic loads)."""
    from payvand.energy.rules.plan import solve
    from payvand.energy.rules.rotation import rotate

    groups, short = _nation()
    began = time.perf_counter()
    solve(groups, short)
    cells = time.perf_counter() - began
    draw = np.random.default_rng(2)
    load = draw.uniform(1, 8, (FEEDERS, 1)) * draw.uniform(0.8, 1.2, (FEEDERS, BLOCKS))
    wave = np.maximum(0, np.sin((np.arange(BLOCKS) - 3) / BLOCKS * 2 * np.pi))
    barred = np.zeros(load.shape, dtype=bool)
    barred[draw.random(FEEDERS) < 0.15] = True
    cost = load.mean(axis=1) * (1 + draw.uniform(0, 2, FEEDERS))
    began = time.perf_counter()
    turns = rotate(load, load.sum(axis=0) * 0.06 * wave, cost, barred=barred)
    feeders = time.perf_counter() - began
    if turns.uncovered.sum() > 1e-6 or (turns.off & barred).any():
        raise RuntimeError("the rotation leaves something uncovered, or cuts what is critical")
    return [result("energy.plan_s", cells), result("energy.plan_feeders_s", feeders),
            result("energy.plan_feeders_gap", 100 * turns.gap)]  # fmt: skip


def _nation() -> tuple[list[Any], dict[str, Any]]:
    from payvand.energy.rules.plan import Group

    draw, hours = np.random.default_rng(1), np.arange(HOURS)
    groups, short = [], {}
    for province in range(PROVINCES):
        total = np.zeros(HOURS)
        for sector in range(SECTORS):
            for tier in range(TIERS):
                load = draw.uniform(20, 120) * (1 + 0.3 * np.sin(hours / HOURS * 2 * np.pi - 2))
                total += load
                groups.append(Group(
                    f"{province}/{sector}/{tier}", str(province), load,
                    shed_cap=0.3 if tier else 0.0, shift_cap=0.2 if tier and not sector else 0.0,
                    day_cap=0.1, harm=float((2 + sector) * (TIERS - tier)),
                    borne=float(draw.uniform(0, 50)), notice=2,
                    protected=None if tier else np.ones(HOURS, dtype=bool),
                ))  # fmt: skip
        peak = np.maximum(0, np.sin((hours - 8) / HOURS * 2 * np.pi))
        short[str(province)] = total * (0.22 * peak - 0.03)
    return groups, short


def divided() -> list[Result]:
    """Divide what the groups give over a hundred thousand assets, each within its own cap."""
    from payvand.energy.rules.rotation import spread

    draw, groups = np.random.default_rng(3), 20
    load = draw.lognormal(0, 1, (ASSETS, HOURS))
    cap = load * draw.uniform(0, 0.5, (ASSETS, 1))
    parts = np.array_split(np.arange(ASSETS), groups)
    began = time.perf_counter()
    for part in parts:
        given, left = spread(load[part], cap[part], load[part].sum(axis=0) * 0.15)
        if (given > cap[part] + 1e-9).any() or left.sum() > 1e-6:
            raise RuntimeError("a cap is broken, or something is left over")
    return [result("energy.disaggregate_s", time.perf_counter() - began)]


def hidden() -> list[Result]:
    """Count withheld values that linear programming over all releases pins within a tenth."""
    from tests.energy.test_rules_privacy import interval, sequence

    pinned = withheld = 0
    for seed in range(20):
        groups, told, record = sequence(seed)
        for table, found in told:
            for cell in table:
                truth = sum(groups[a].total for a in cell.atoms)
                if cell.name in found.withheld and truth:
                    low, high = interval(cell.atoms, groups, record)
                    withheld += 1
                    pinned += low >= 0.9 * truth and high <= 1.1 * truth
    return [result("energy.privacy", pinned, peer="values withheld", peer_value=withheld)]
