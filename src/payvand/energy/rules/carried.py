"""How do the coming hours lie above or below usual, if the last one does?

Pure: numpy. A usual day is the median of the last four weeks, days of rest apart. How far the last
hour lies from it is carried on, less and less: how much is left at each hour of the first, second
and third day is learnt from the last eight weeks. It is what a machine that was switched on, or a
level that has jumped, asks for, where seasons and habits say little (ADR 0021).
"""

from __future__ import annotations

import numpy as np

from payvand.energy.rules import days
from payvand.energy.rules.ground import Ground
from payvand.energy.rules.members import LEADS
from payvand.energy.rules.series import Bools, Floats, Ints

USUAL, LEARNT = 28, 56  # days
ALIKE = 3  # days of a kind below which all days are taken together
HALF_LIFE = 28.0  # days


class Carried:
    """The usual day, and what is left of how the last hour lay apart from it."""

    name = "carried"

    def __init__(self) -> None:
        self._ground = 0
        self._rest: Bools = np.zeros(0, dtype=bool)
        self._usual: dict[tuple[int, bool], Floats] = {}

    def learn(self, ground: Ground, origin: int) -> None:
        """Learning is a few sums; it happens at each forecast."""

    def forecast(self, ground: Ground, origin: int) -> Floats:
        """Return (lead, 24, series) made from the days before the origin."""
        if self._ground != id(ground):
            kinds = (*days.weekend(ground.panel.country), days.OFF)
            self._ground, self._usual = id(ground), {}
            self._rest = ground.kinds[:, kinds].sum(axis=1) > 0
        past = np.arange(max(USUAL // 2, origin - LEARNT), origin)
        gap = self._gap(ground, origin)
        found = [
            self._day(ground, origin, origin + lead)
            + self._left(ground, past[: len(past) - lead], lead) * gap
            for lead in range(LEADS)
        ]
        for key in [one for one in self._usual if one[0] < origin - LEARNT]:
            del self._usual[key]
        return np.stack(found)

    def _day(self, ground: Ground, origin: int, target: int) -> Floats:
        """Return (24, series): the median of the days before the origin that are like a target."""
        key = (origin, bool(self._rest[target]))
        if key not in self._usual:
            rows = np.arange(max(0, origin - USUAL), origin)
            alike = rows[self._rest[rows] == key[1]]
            self._usual[key] = np.median(ground.filled[alike if len(alike) >= ALIKE else rows], 0)
        return self._usual[key]

    def _gap(self, ground: Ground, origin: int) -> Floats:
        """Return (series,) how far the last hour before the origin lies from usual."""
        usual = self._day(ground, origin, origin - 1)
        found: Floats = ground.filled[origin - 1, -1] - usual[-1]
        return found

    def _left(self, ground: Ground, past: Ints, lead: int) -> Floats:
        """Return (24, series) between 0 and 1: how much of a gap is left after a lead."""
        if len(past) == 0:
            return np.zeros(ground.filled.shape[1:])
        apart = np.stack([ground.filled[o + lead] - self._day(ground, o, o + lead) for o in past])
        gap = np.stack([self._gap(ground, o) for o in past])[:, None]
        trust = 0.5 ** ((past[-1] - past) / HALF_LIFE)[:, None, None]
        together = np.nansum(trust * apart * gap, axis=0)
        size = np.nansum(trust * gap * gap, axis=0)
        share = np.clip(together / np.maximum(size, 1e-12), 0, 1)
        found: Floats = (np.roll(share, 1, axis=0) + share + np.roll(share, -1, axis=0)) / 3
        return found
