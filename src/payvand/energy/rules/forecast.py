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
from payvand.energy.rules.boosted import Boosted
from payvand.energy.rules.ground import Ground, prepare
from payvand.energy.rules.intervals import LEVELS, Band
from payvand.energy.rules.members import LEADS, WEEK, Decomposed, LastWeek, Member, Ridge
from payvand.energy.rules.reconcile import Tree, agree
from payvand.energy.rules.series import Floats, Panel

RECENT = 28  # days
MISSING_LIMIT = 0.2  # share of the recent weeks; above it no forecast is given
YOUNG = 3 * WEEK  # days of history below which only the fallback answers
MEMORY = 42  # origins whose outcomes are remembered

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
        LastWeek(), steady, Decomposed("quick", (11, 15), 8),
        Ridge("ridge", memory=720), Ridge("ridge_recent", memory=45, most=180),
    ]  # fmt: skip
    return [*found, Boosted(steady)] if trees else found


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
        self.bands = [Band() for _ in range(LEADS)]
        self._learnt = -WEEK
        self._said: dict[int, Floats] = {}  # origin -> (member, lead, 24, series)
        self._points: dict[int, Floats] = {}  # origin -> (lead, 24, series)
        self._mixed: dict[int, Floats] = {}  # the same before parts and wholes agreed
        self._told: dict[int, Floats] = {}
        self._seen = 0

    def warm(self, origin: int, days: int = RECENT) -> None:
        """Step through the days before an origin, so that weights and bands know their errors."""
        for day in range(max(YOUNG, origin - days), origin):
            self.step(day)

    def step(self, origin: int) -> Forecast:
        """Return the forecast made at the start of a day; origins must not go back."""
        self._absorb(origin)
        if origin >= self._learnt + WEEK:
            self.learn(origin)
        said = self._ask(origin)
        shares = np.stack([self._shares(origin, lead) for lead in range(LEADS)])
        point = np.stack([selection.blend(said[:, k], shares[k]) for k in range(LEADS)])
        recent = recent_profile(self.ground.seen[max(0, origin - RECENT) : origin], origin)
        silent = ~np.isfinite(point).all(axis=(0, 1))
        point[..., silent] = recent[..., silent]
        missing = np.isnan(self.ground.seen[max(0, origin - RECENT) : origin]).mean(axis=(0, 1))
        refused = (missing > self.missing_limit) | ~np.isfinite(point).all(axis=(0, 1))
        self._mixed[origin] = point
        point = self._agreed(point, origin)
        told = self._bands(point, origin)
        self._said[origin], self._points[origin], self._told[origin] = said, point, told
        status = [
            REFUSED if r else FALLBACK if s else MODEL
            for r, s in zip(np.atleast_1d(refused), np.atleast_1d(silent), strict=True)
        ]
        hidden = np.where(refused, np.nan, 0.0)
        return Forecast(origin, point + hidden, told + hidden, tuple(status), missing, shares)

    def learn(self, origin: int) -> None:
        """Let the members learn anew; the weekly, costly part."""
        self._learnt = origin
        if origin < YOUNG:
            return
        for member in self.members:
            member.learn(self.ground, origin)

    def _ask(self, origin: int) -> Floats:
        """Return (member, lead, 24, series); NaN where a member is silent or broke down."""
        shape = (len(self.members), LEADS, 24, len(self.panel.names))
        found = np.full(shape, np.nan)
        if origin < YOUNG:
            return found
        for place, member in enumerate(self.members):
            try:
                found[place] = member.forecast(self.ground, origin)
            except (ArithmeticError, ValueError, IndexError, np.linalg.LinAlgError):
                continue  # the others answer, and if none does, the fallback
        return found

    def _absorb(self, origin: int) -> None:
        """Learn from the days that have passed since the last step."""
        for day in range(self._seen, min(origin, self.panel.days)):
            for lead in range(LEADS):
                made = day - lead
                if made in self._points:
                    self.bands[lead].see(self.ground.seen[day], self._points[made][lead],
                                         self._told[made][:, lead])  # fmt: skip
        self._seen = max(self._seen, origin)
        for old in [o for o in self._said if o < origin - MEMORY - LEADS]:
            del self._said[old], self._points[old], self._told[old], self._mixed[old]

    def _outcomes(self, origin: int, lead: int) -> list[int]:
        """Return the origins whose forecasts of this lead have met the truth."""
        return [o for o in self._said if origin - MEMORY <= o and o + lead < origin]

    def _shares(self, origin: int, lead: int) -> Floats:
        known = self._outcomes(origin, lead)
        if not known:
            found = np.full((len(self.members), len(self.panel.names)), 1.0)
            return found / len(self.members)
        said = np.stack([self._said[o][:, lead] for o in known])
        truth = np.stack([self.ground.seen[o + lead] for o in known])
        error = np.abs(said - truth[:, None])
        count = np.isfinite(error).sum(axis=2)
        total = np.where(np.isfinite(error), error, 0.0).sum(axis=2)
        mean = np.divide(total, count, out=np.full_like(total, np.nan), where=count >= 12)
        return selection.weights(mean)

    def _agreed(self, point: Floats, origin: int) -> Floats:
        """Return the point forecast, parts and wholes agreeing."""
        if not self.tree:
            return point
        found = point.copy()
        for lead in range(LEADS):
            known = self._outcomes(origin, lead)
            past = [self.ground.seen[o + lead] - self._mixed[o][lead] for o in known]
            none = np.full((1, point.shape[-1]), np.nan)
            errors = np.concatenate(past) if past else none
            found[lead] = agree(point[lead], self.tree, errors)
        return found

    def _bands(self, point: Floats, origin: int) -> Floats:
        """Return (level, lead, 24, series); from the recent weeks while errors are too few."""
        found = []
        for lead in range(LEADS):
            told = self.bands[lead].quantiles(point[lead])
            if told is None:
                told = young_band(self.ground.filled[max(0, origin - RECENT) : origin], point[lead])
            found.append(told)
        return np.stack(found, axis=1)


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
