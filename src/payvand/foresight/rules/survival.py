"""How long do such things take, counting those that are not over yet?

Kaplan-Meier: what is still open counts as "longer than that so far" (right-censored), so a recent
slow case is never mistaken for none. A small group leans on its parent group. Times are days.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
TINY = 1e-12
# Beyond the last time that was seen, waiting goes on by a power law; how steep it may be.
TAIL_LEAST, TAIL_MOST, TAIL_FROM = 1.0, 6.0, 0.2


@dataclass(frozen=True, slots=True)
class Curve:
    """The survival function of a duration in days, from cases some of which are still open."""

    times: Floats  # distinct times at which a case ended or was last seen open, increasing
    survival: Floats  # P(T > times[i])
    at_risk: Floats  # weight of the cases that were still running just before times[i]
    n: int  # cases
    events: int  # of them, ended

    @property
    def reach(self) -> float:
        """Return the largest p that `quantile` answers: 1 − the last survival."""
        return float(1 - self.survival[-1]) if len(self.survival) else 0.0

    def at(self, days: ArrayLike) -> Floats:
        """Return P(T > days), elementwise; flat beyond the last time that was seen."""
        place = np.searchsorted(self.times, np.asarray(days, float), side="right")
        return np.asarray(np.concatenate(([1.0], self.survival))[place], float)

    def quantile(self, p: float, waited: float = 0.0) -> float | None:
        """Return the smallest t with P(T ≤ t | T > waited) ≥ p; None when it is not reached."""
        left = float(self.at(waited)) if waited > 0 else 1.0
        if left <= TINY:
            return None
        place = int(np.searchsorted(-self.survival, -(1 - p) * left - TINY, side="left"))
        return float(self.times[place]) if place < len(self.times) else None

    def sample(self, u: ArrayLike, waited: ArrayLike = 0.0) -> Floats:
        """Return durations for uniforms u in [0, 1), given that each is longer than `waited`.

        Beyond the last time seen, P(T > t) falls as a power of t whose exponent is that of the
        curve's slowest fifth: a case that outlasts all known ones waits on in proportion to what
        it has waited. A curve on which nothing ended gives infinity. u and waited are broadcast, to
        at least one dimension.
        """
        chance, since = np.atleast_1d(np.asarray(u, float)), np.asarray(waited, float)
        if self.reach <= TINY:
            return np.full(np.broadcast_shapes(chance.shape, since.shape), np.inf)
        last, end = float(self.survival[-1]), float(self.times[-1])
        # Nothing was waited: a case may end at once, at time 0.
        goal = np.where(since > 0, self.at(since), 1.0) * (1 - chance)
        place = np.searchsorted(-self.survival, -goal, side="right")  # first below the goal
        beyond = (since >= end) & (since > 0)
        found: Floats = self.times[np.minimum(place, len(self.times) - 1)]
        outside = (place >= len(self.times)) | beyond
        if outside.any():
            # Past the end, the chance that is left shrinks as (t / end)^-power.
            longer = np.where(beyond, 1 / (1 - chance), last / np.maximum(goal, TINY))
            reached = np.maximum(since, end) * longer ** (1 / self._tail())
            found = np.where(outside, reached, found)
        return found

    def _tail(self) -> float:
        """Return the exponent of the tail: the slope of log survival over log time at the end."""
        positive = np.flatnonzero(self.survival > TINY)
        if not len(positive):
            return TAIL_MOST
        last = int(positive[-1])
        first = int(np.searchsorted(-self.survival, -max(TAIL_FROM, self.survival[last]), "left"))
        first = min(first, last)
        span = np.log(max(self.times[last], TINY) / max(self.times[first], TINY))
        fall = np.log(self.survival[first] / self.survival[last])
        slope = fall / span if span > TINY else TAIL_LEAST
        return float(np.clip(slope, TAIL_LEAST, TAIL_MOST))


EMPTY = Curve(np.empty(0), np.empty(0), np.empty(0), 0, 0)


def kaplan_meier(
    durations: ArrayLike, observed: ArrayLike, weights: ArrayLike | None = None
) -> Curve:
    """Return the curve of some durations; `observed` is false where the case was still open.

    durations: days, ≥ 0. weights: ≥ 0, one per case; all 1 when left out. Of a time at which
    cases ended and others were last seen open, the ended ones come first (as everywhere).
    """
    days = np.asarray(durations, float)
    made = grouped(days, observed, np.zeros(len(days), int), {}, 0.0, weights=weights)
    return made.get(0, EMPTY)


def shrunk(child: Curve, parent: Curve, strength: float) -> Curve:
    """Return the child's curve, leaning on the parent's as if on `strength` cases more.

    At each time the chance of ending is the child's own and the parent's, weighted by the number
    of the child's cases still running and by strength × the parent's survival (the posterior mean
    under a beta process prior, Hjort 1990). Without cases the child is its parent.
    """
    if strength <= 0 or not len(parent.times):
        return child
    times = np.union1d(child.times, parent.times)
    own = _risk_at(child, times)
    lean = strength * np.concatenate(([1.0], parent.survival))[
        np.searchsorted(parent.times, times, side="left")
    ]  # fmt: skip
    total = own + lean
    ended = own * _hazard_at(child, times) + lean * _hazard_at(parent, times)
    hazard = np.divide(ended, total, out=np.zeros_like(total), where=total > TINY)
    left = np.cumprod(1 - np.clip(hazard, 0, 1))
    return Curve(times, left, total, child.n, child.events)


def grouped(  # noqa: PLR0917
    durations: ArrayLike, observed: ArrayLike, groups: Sequence[Any] | NDArray[Any],
    parents: Mapping[Any, Any], strength: float, *, weights: ArrayLike | None = None,
) -> dict[Hashable, Curve]:  # fmt: skip
    """Return the curve of every group, each leaning on its parent, in one pass over the cases.

    groups: one key per case. parents: key → key of the parent; a key that is missing there, or
    whose parent is None, has none. Parents count the cases of their children and may have parents
    themselves. Keys of parents that occur in no case are returned too.
    """
    days, done = np.asarray(durations, float), np.asarray(observed, bool)
    load = np.ones(len(days)) if weights is None else np.asarray(weights, float)
    keys = groups.tolist() if isinstance(groups, np.ndarray) else groups
    names: dict[Hashable, int] = {}
    own = np.fromiter((names.setdefault(key, len(names)) for key in keys), int, len(days))
    lines = [_line(key, parents) for key in list(names)]
    for line in lines:
        for key in line:
            names.setdefault(key, len(names))
    # Each case counts once for its own group and once for every group above it.
    height = max((len(line) for line in lines), default=1)
    up = np.full((max(len(lines), 1), height), -1)
    for place, line in enumerate(lines):
        up[place, : len(line)] = [names[key] for key in line]
    counted = up[own] if len(days) else np.empty((0, height), int)
    row, level = np.nonzero(counted >= 0)
    plain = _plain(days[row], done[row], load[row], counted[row, level])
    made: dict[Hashable, Curve] = {}
    for key in sorted(names, key=lambda one: len(_line(one, parents))):
        above, curve = parents.get(key), plain[names[key]]
        made[key] = curve if above is None else shrunk(curve, made[above], strength)
    return made


def _line(key: Any, parents: Mapping[Any, Any]) -> list[Any]:
    """Return a group, its parent, the parent of that, and so on. Raises ValueError on a ring."""
    line = [key]
    while (above := parents.get(line[-1])) is not None:
        if above in line:
            raise ValueError(f"group {above!r} is its own ancestor")
        line.append(above)
    return line


def _plain(days: Floats, done: NDArray[np.bool_], load: Floats, code: Any) -> list[Curve]:
    """Return the unshrunk curve of each code 0, 1, 2, … that occurs."""
    if not len(days):
        return []
    order = np.lexsort((days, code))
    days, done, load, code = days[order], done[order], load[order], code[order]
    fresh = np.r_[True, (np.diff(code) != 0) | (np.diff(days) != 0)]  # a new time in its group
    first = np.flatnonzero(fresh)
    ended, all_at = np.add.reduceat(load * done, first), np.add.reduceat(load, first)
    bounds = np.flatnonzero(np.r_[True, np.diff(code[first]) != 0, True])  # of groups, in times
    before = np.cumsum(all_at) - all_at
    risk = np.repeat(np.add.reduceat(all_at, bounds[:-1]), np.diff(bounds))
    risk -= before - np.repeat(before[bounds[:-1]], np.diff(bounds))
    hazard = np.divide(ended, risk, out=np.zeros_like(risk), where=risk > TINY)
    cases = np.diff(np.r_[first[bounds[:-1]], len(days)])
    events = np.add.reduceat(done.astype(int), first[bounds[:-1]])
    made = []
    for place, (start, stop) in enumerate(pairwise(bounds)):
        part = slice(start, stop)
        left = np.cumprod(1 - np.clip(hazard[part], 0, 1))
        made.append(Curve(days[first[part]], left, risk[part], int(cases[place]),
                          int(events[place])))  # fmt: skip
    return made


def _risk_at(curve: Curve, times: Floats) -> Floats:
    """Return the weight of the curve's cases that still ran just before each time."""
    place = np.searchsorted(curve.times, times, side="left")
    return np.concatenate((curve.at_risk, [0.0]))[place]


def _hazard_at(curve: Curve, times: Floats) -> Floats:
    """Return the chance of ending at exactly each time; 0 where no case of the curve ended."""
    found = np.zeros(len(times))
    before = np.concatenate(([1.0], curve.survival))[:-1]
    chance = np.divide(before - curve.survival, before, out=np.zeros_like(before),
                       where=before > TINY)  # fmt: skip
    found[np.searchsorted(times, curve.times)] = chance
    return found
