"""What will be used in the next 72 hours, how sure is that, and may it be said at all?

Pure. One forecaster serves every day of a panel in order: `step(origin)` forecasts from the start
of that day with the days before it. It learns its trees weekly, weighs its members by their past
errors, makes parts and wholes agree, and draws bands around. Where all members are silent a
fallback from the recent weeks answers; where too much is missing nothing is said, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from payvand.energy.rules import selection
from payvand.energy.rules.boosted import Boosted, Grown
from payvand.energy.rules.carried import Carried
from payvand.energy.rules.forecast_memory import MEMORY, Kept, Memory, Said, outcomes, taken_up
from payvand.energy.rules.ground import Ground, prepare
from payvand.energy.rules.intervals import LEVELS
from payvand.energy.rules.members import LEADS, WEEK, Decomposed, LastWeek, Member, Ridge
from payvand.energy.rules.reconcile import Tree, agree
from payvand.energy.rules.selection import WAYS
from payvand.energy.rules.series import Floats, Panel

RECENT = 28  # days
MISSING_LIMIT = 0.2  # share of the recent weeks; above it no forecast is given
YOUNG = 3 * WEEK  # days of history below which only the fallback answers
WARM = 28  # origins stepped through before the first forecast counts

MODEL, FALLBACK, REFUSED = "model", "fallback", "refused"


@dataclass(frozen=True, slots=True)
class Forecast:
    """What was said at one origin.

    point: (lead, 24, series). told: (level, lead, 24, series), the levels are LEVELS. status and
    missing: per series, how it was made and the share of recent hours that had to be filled in.
    """

    origin: int
    point: Floats
    told: Floats
    status: tuple[str, ...]
    missing: Floats
    shares: Floats  # (lead, member, series)


def members(*, trees: bool = True) -> list[Member]:
    """Return the usual members."""
    steady = Decomposed("steady", (31, 31), 26)
    found: list[Member] = [
        LastWeek(), steady, Decomposed("quick", (11, 15), 26),
        Ridge("ridge", memory=720), Ridge("ridge_recent", memory=45, most=180), Carried(),
    ]  # fmt: skip
    return [*found, Boosted(steady), Grown()] if trees else found


@dataclass
class Forecaster:
    """Forecasts one panel day after day; keeps what it said to learn from it."""

    panel: Panel
    parts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    members: list[Member] = field(default_factory=members)
    missing_limit: float = MISSING_LIMIT

    def __post_init__(self) -> None:
        """Make the ground ready."""
        self.ground: Ground = prepare(self.panel, LEADS)
        self.tree = Tree(self.panel.names, self.parts)
        self.memory = Memory()

    def warm(self, origin: int, days: int = WARM) -> None:
        """Step through the days before an origin, so that weights and bands know their errors."""
        for day in range(max(YOUNG, origin - days), origin):
            self.step(day)

    def go_on(self, origin: int, kept: Mapping[str, Kept]) -> bool:
        """Take up what an earlier run laid out, and catch up; warm anew where it does not fit.

        Returns whether it was taken up. The next step must be that of the origin.
        """
        memory = taken_up(self.panel, kept, len(self.members)) if kept else None
        last = -1 if memory is None else memory.seen
        if memory is None or not max(YOUNG, origin - MEMORY) <= last <= origin:
            self.warm(origin)
            return False
        self.memory = memory
        self.learn(memory.learnt)
        for day in range(last, origin):
            self.step(day)
        return True

    def step(self, origin: int) -> Forecast:
        """Return the forecast made at the start of a day; origins must not go back."""
        self.memory.absorb(self.ground.seen, origin)
        if origin >= self.memory.learnt + WEEK:
            self.learn(origin)
        said = self._ask(origin)
        ways = np.stack([self._ways(lead) for lead in range(LEADS)], axis=1)
        shares = np.stack([self._chosen(ways[:, lead], lead) for lead in range(LEADS)])
        mixed = np.stack([selection.blend(said[:, k], shares[k]) for k in range(LEADS)])
        recent = recent_profile(self.ground.seen[max(0, origin - RECENT) : origin], origin)
        silent = ~np.isfinite(mixed).all(axis=(0, 1))
        mixed[..., silent] = recent[..., silent]
        missing = np.isnan(self.ground.seen[max(0, origin - RECENT) : origin]).mean(axis=(0, 1))
        refused = (missing > self.missing_limit) | ~np.isfinite(mixed).all(axis=(0, 1))
        point = self._agreed(mixed)
        told = self._bands(point, origin)
        self.memory.waiting[origin] = Said(said, ways, mixed, point, told)
        status = [
            REFUSED if r else FALLBACK if s else MODEL
            for r, s in zip(np.atleast_1d(refused), np.atleast_1d(silent), strict=True)
        ]
        hidden = np.where(refused, np.nan, 0.0)
        return Forecast(origin, point + hidden, told + hidden, tuple(status), missing, shares)

    def learn(self, origin: int) -> None:
        """Let the members learn anew; the weekly, costly part."""
        self.memory.learnt = origin
        if origin < YOUNG:
            return
        for member in self.members:
            member.learn(self.ground, origin)

    def _ask(self, origin: int) -> Floats:
        """Return (member, lead, 24, series); NaN where a member is silent or broke down.

        Nobody may leave what was read in the last weeks by more than its range: a forecast that
        does is a slip of arithmetic.
        """
        shape = (len(self.members), LEADS, self.panel.steps, len(self.panel.names))
        found = np.full(shape, np.nan)
        if origin < YOUNG:
            return found
        for place, member in enumerate(self.members):
            try:
                found[place] = member.forecast(self.ground, origin)
            except (ArithmeticError, ValueError, IndexError, np.linalg.LinAlgError):
                continue  # the others answer, and if none does, the fallback
        low, high = _bounds(self.ground.filled[max(0, origin - 2 * RECENT) : origin])
        within: Floats = np.clip(found, low, high)
        return within

    def _ways(self, lead: int) -> Floats:
        """Return (way, member, series) how each way of sharing would share now."""
        errors = outcomes(self.memory.members[lead])
        if errors is None:
            shape = (len(WAYS), len(self.members), len(self.panel.names))
            return np.full(shape, 1.0 / len(self.members))
        return np.stack([selection.weights(errors, way) for way in WAYS])

    def _chosen(self, ways: Floats, lead: int) -> Floats:
        errors = outcomes(self.memory.ways[lead])
        return ways[0] if errors is None else selection.choose(ways, errors)

    def _agreed(self, mixed: Floats) -> Floats:
        """Return the point forecast, parts and wholes agreeing."""
        if not self.tree:
            return mixed
        found = mixed.copy()
        for lead in range(LEADS):
            errors = outcomes(self.memory.rest[lead])
            none = np.full((1, mixed.shape[-1]), np.nan)
            rows = none if errors is None else errors.reshape(-1, mixed.shape[-1])
            found[lead] = agree(mixed[lead], self.tree, rows)
        return found

    def _bands(self, point: Floats, origin: int) -> Floats:
        """Return (level, lead, 24, series); from the recent weeks while errors are too few."""
        found = []
        for lead in range(LEADS):
            told = self.memory.bands[lead].quantiles(point[lead])
            if told is None:
                told = young_band(self.ground.filled[max(0, origin - RECENT) : origin], point[lead])
            found.append(told)
        return np.stack(found, axis=1)


def _bounds(recent: Floats) -> tuple[Floats, Floats]:
    """Return the least and most (series,) that may be foreseen after these days; NaN: no bound."""
    flat = recent.reshape(-1, recent.shape[-1])
    known = ~np.isnan(flat)
    some = known.any(axis=0)
    low = np.where(some, np.where(known, flat, np.inf).min(axis=0), -np.inf)
    high = np.where(some, np.where(known, flat, -np.inf).max(axis=0), np.inf)
    room = np.where(some, high - low, 0.0)
    return low - room, high + room


def recent_profile(recent: Floats, origin: int) -> Floats:
    """Return (lead, 24, series) that always answers when anything was read in the last four weeks.

    The median of the same weekday and hour; else of the hour; else of everything. From the recent
    weeks only: the median of a long history drifts away from the present.
    """
    found = np.full((LEADS, *recent.shape[1:]), np.nan)
    if len(recent) == 0 or np.isnan(recent).all():
        return found
    for lead in range(LEADS):
        same = [
            d for d in range(len(recent)) if (origin - len(recent) + d - origin - lead) % 7 == 0
        ]
        for rows in (recent[same], recent[-WEEK:], recent):
            guess = _median(rows)
            found[lead] = np.where(np.isnan(found[lead]), guess, found[lead])
        flat = _median(recent.reshape(-1, 1, recent.shape[2]))
        found[lead] = np.where(np.isnan(found[lead]), flat, found[lead])
    return found


def young_band(recent: Floats, point: Floats) -> Floats:
    """Return (level, 24, series) from the changes of one week to the next, or of day to day."""
    lag = WEEK if len(recent) > WEEK + 2 else 1
    shape = (len(LEVELS), *point.shape)
    if len(recent) <= lag:
        return np.broadcast_to(point, shape).copy()
    moved = (recent[lag:] - recent[:-lag]).reshape(-1, recent.shape[2])
    known = np.where(np.isnan(moved).all(axis=0), 0.0, moved)
    spread = np.nanquantile(np.abs(known), np.abs(2 * LEVELS - 1), axis=0)
    found: Floats = point + (np.sign(LEVELS - 0.5)[:, None] * spread)[:, None, :]
    return found


def _median(rows: Floats) -> Floats:
    """Return the median over the first axis; NaN where nothing is known."""
    if len(rows) == 0:
        return np.full(rows.shape[1:], np.nan)
    empty = np.isnan(rows).all(axis=0)
    found = np.nanmedian(np.where(empty, 0.0, rows), axis=0)
    return np.where(empty, np.nan, found)
