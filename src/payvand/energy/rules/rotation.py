"""Which feeders are off in which block, when cutting by turns is all that is left?

Pure: every block's shortage is covered by whole feeders at least cost; a feeder is off at most once
a day and never in the block after one in which it was off; critical feeders take no part. A linear
programme tells how cheap it can be at best and points the way; a greedy rounding follows it and is
the plan that always exists. Only when that lies more than `gap` above the bound is the exact solver
asked (HiGHS), with a limit of time; it may improve the plan but is never waited for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix, eye_array, hstack, vstack

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rotation:
    """Who is off (feeder × block), what stays uncovered (MW by block), the cost and its bound.

    gap: how far the cost lies above what is possible at best, as a share.
    """

    off: NDArray[np.bool_]
    uncovered: Floats
    cost: float
    bound: float

    @property
    def gap(self) -> float:
        """Return the distance to the bound, as a share of the cost."""
        return 0.0 if self.cost <= 0 else max(0.0, (self.cost - self.bound) / self.cost)


@dataclass(frozen=True, slots=True)
class _Case:
    load: Floats
    short: Floats
    cost: Floats
    open_: NDArray[np.bool_]


def rotate(
    load: Floats,
    short: Floats,
    cost: Floats,
    *,
    barred: NDArray[np.bool_] | None = None,
    gap: float = 0.005,
    seconds: float = 15.0,
) -> Rotation:
    """Return who is off when.

    load: MW of each feeder by block, feeder × block. short: MW to be covered by block. cost: of one
    block off, by feeder; history makes it higher. barred: feeder × block in which nothing may be
    cut (critical, or just off the day before). Raises ValueError for shapes that do not fit.
    """
    if load.shape != (len(cost), len(short)):
        raise ValueError(f"load {load.shape}, short {short.shape}, cost {cost.shape}")
    open_ = (load > 0) if barred is None else (load > 0) & ~barred
    case = _Case(load, np.maximum(short, 0.0), cost, open_)
    share, bound = _relaxed(case)
    found = _told(case, _greedy(case, share), bound)
    if found.gap <= gap:
        return found
    exact = _exact(case, gap=gap, seconds=seconds)
    if exact is None:
        return found
    off, dual = exact
    better = _told(case, off, max(bound, dual))
    return min(better, found, key=lambda r: (round(float(r.uncovered.sum()), 6), r.cost))


def _told(case: _Case, off: NDArray[np.bool_], bound: float) -> Rotation:
    covered = np.where(off, case.load, 0).sum(axis=0)
    total = float((off * case.cost[:, None]).sum())
    return Rotation(off, np.maximum(case.short - covered, 0), total, min(bound, total))


def _rows(case: _Case) -> tuple[csr_matrix, csr_matrix, NDArray[np.int64]]:
    """Return the rows of coverage by block and of once a day by feeder, over the open places."""
    feeder, block = np.nonzero(case.open_)
    at, (feeders, blocks) = np.arange(len(feeder)), case.load.shape
    cover = csr_matrix((case.load[feeder, block], (block, at)), shape=(blocks, len(at)))
    once = csr_matrix((np.ones(len(at)), (feeder, at)), shape=(feeders, len(at)))
    return cover, once, feeder


def _dear(case: _Case) -> float:
    """Return the cost of a MW that stays uncovered: above that of any feeder."""
    per_mw = case.cost[:, None] / np.where(case.open_, case.load, np.inf)
    return 100 * float(per_mw.max(initial=1e-6))


def _relaxed(case: _Case) -> tuple[Floats, float]:
    """Return the shares of the linear programme and its cost; uncovered MW are dear, not barred."""
    cover, once, feeder = _rows(case)
    share = np.zeros(case.load.shape)
    if not cover.shape[1]:
        return share, 0.0
    blocks, each = len(case.short), case.cost[feeder]
    rows = vstack([hstack([-cover, -eye_array(blocks)]),
                   hstack([once, csr_matrix((once.shape[0], blocks))])], format="csr")  # fmt: skip
    found = linprog(
        np.concatenate([each, np.full(blocks, _dear(case))]), A_ub=rows,
        b_ub=np.concatenate([-case.short, np.ones(len(case.cost))]), method="highs",
    )  # fmt: skip
    if found.status != 0:
        return share, 0.0
    share[case.open_] = found.x[:-blocks]
    return share, float(each @ found.x[:-blocks])


def _greedy(case: _Case, share: Floats) -> NDArray[np.bool_]:
    """Take what the linear programme took whole, then the best of the rest, then drop the spare."""
    off = np.logical_and(share > 0.999, case.open_)
    for block in np.argsort(-case.short):
        rest = float(case.short[block] - case.load[off[:, block], block].sum())
        if rest > 0:
            able = np.flatnonzero(~off.any(axis=1) & case.open_[:, block])
            load, near = case.load[able, block], share[able, block] > 1e-6
            order = np.lexsort((case.cost[able] / load, ~near))
            needed = int(np.searchsorted(np.cumsum(load[order]), rest)) + 1
            taken = able[order[:needed]]
            off[taken, block] = True
            rest -= float(case.load[taken, block].sum())
        for feeder in sorted(np.flatnonzero(off[:, block]), key=lambda n: -case.cost[n]):
            if case.load[feeder, block] <= -rest:  # not needed after all, the dearest first
                off[feeder, block] = False
                rest += float(case.load[feeder, block])
    return off


def _exact(case: _Case, *, gap: float, seconds: float) -> tuple[NDArray[np.bool_], float] | None:
    """Ask the exact solver for the plan and its bound; None when it has nothing in time."""
    cover, once, feeder = _rows(case)
    if not len(feeder):
        return None
    blocks, each = len(case.short), case.cost[feeder]
    found = milp(
        np.concatenate([each, np.full(blocks, _dear(case))]),
        integrality=np.concatenate([np.ones(len(feeder)), np.zeros(blocks)]),
        bounds=Bounds(0, np.concatenate([np.ones(len(feeder)), np.full(blocks, np.inf)])),
        constraints=[
            LinearConstraint(hstack([cover, eye_array(blocks)]), case.short, np.inf),
            LinearConstraint(hstack([once, csr_matrix((once.shape[0], blocks))]), 0, 1),
        ],
        options={"time_limit": seconds, "mip_rel_gap": gap},
    )  # fmt: skip
    if found.x is None:
        return None
    off = np.zeros(case.load.shape, dtype=bool)
    off[case.open_] = found.x[:-blocks] > 0.5
    unmet = float(found.x[-blocks:].sum())
    return off, float(found.mip_dual_bound or 0.0) - unmet * _dear(case)


def spread(load: Floats, cap: Floats, wanted: Floats) -> tuple[Floats, Floats]:
    """Divide what a group gives by hour over its assets, none beyond its own cap.

    load, cap: MW, asset × hour; wanted: MW by hour. Each asset gives the same share of its load
    until its cap is reached, so that equal consumers give equally; what the caps do not allow comes
    back as the second result (MW by hour). Vectorised: no loop over assets.
    """
    left = np.maximum(wanted, 0).astype(float).copy()
    ratio = np.divide(cap, load, out=np.zeros_like(cap), where=load > 0)
    order = np.argsort(ratio, axis=0)
    sorted_cap = np.take_along_axis(cap, order, axis=0)
    sorted_load = np.take_along_axis(load, order, axis=0)
    sorted_ratio = np.take_along_axis(ratio, order, axis=0)
    before = np.cumsum(sorted_cap, axis=0) - sorted_cap
    after = sorted_load[::-1].cumsum(axis=0)[::-1]
    # at this asset's ratio, all earlier ones are at their caps and all later ones at the ratio
    reached = before + after * sorted_ratio
    hours = np.arange(load.shape[1])
    first = (reached < left - 1e-12).sum(axis=0)
    full = first >= load.shape[0]
    spot = np.minimum(first, load.shape[0] - 1)
    level = np.divide(
        left - before[spot, hours], after[spot, hours],
        out=np.zeros_like(left), where=after[spot, hours] > 0,
    )  # fmt: skip
    given = np.where(full, cap, np.minimum(cap, load * level))
    return given, np.maximum(left - given.sum(axis=0), 0.0)
