"""By which days are half, and nine in ten, of such cases done, and did an earlier promise slip?

Pure. A situation is everything the sampler reads of one case at one moment; two cases in the same
situation are given the same days.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from payvand.foresight.rules import composition
from payvand.foresight.rules.composition import Chances, Step, days_on_the_way, table_of
from payvand.foresight.rules.draws import CHANCES
from payvand.foresight.rules.learning import Known
from payvand.foresight.rules.network import DECISION, Network
from payvand.foresight.rules.office_days import Floats, OfficeDays, office_days
from payvand.foresight.rules.survival import Curve
from payvand.kernel.calendar import WorkCalendar

METHOD = "graph-mc/1"
SEED = 1405  # the same draws for every case, so that what differs is the cases
SAMPLES, SAMPLES_AT_NIGHT = 20_000, 2_000
ROUNDED = 8  # waiting is told apart to an eighth of a working day
TABLES_KEPT = 1500  # of 16 KB
LOOKED_AT_NIGHT = 500
SLIP_DAYS = 2  # a later P90 is a slip when it is more than so many days later than the one told
QUIET = timedelta(days=5)  # and nobody is told of a slip more often than this
POINTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.985, 0.995)
AHEAD, OPEN, CLOSED = "ahead", "open", "closed"


@dataclass(frozen=True, slots=True)
class Standing:
    """How one question of a case stands, and whose office it is with."""

    state: str
    question: str = ""
    level: str = "inbox"
    office: str = ""  # hex id of the debtor
    calendar: WorkCalendar | None = None
    waited: float = 0.0  # working days

    @property
    def key(self) -> tuple[Any, ...]:
        """Return what tells it apart from others, for the sampler."""
        if self.calendar is None or self.state == CLOSED:
            return (CLOSED,)
        waited = round(self.waited * ROUNDED)
        return self.state, self.question, self.level, self.office, self.calendar.version, waited


@dataclass(frozen=True, slots=True)
class Situation:
    """One case at one moment, as the sampler sees it."""

    network: Network
    standings: tuple[Standing, ...]

    @property
    def key(self) -> tuple[Any, ...]:
        """Return what tells it apart from others."""
        return self.network.keys, tuple(one.key for one in self.standings)

    def progress(self) -> str:
        """Return a hash of who has answered and who is asked, without the time that passes."""
        return _hash([[k, s.state] for k, s in zip(self.network.keys, self.standings, strict=True)])

    def inputs(self, *others: Any) -> str:
        """Return the hash of everything that the sampler reads: first half progress, then all."""
        return self.progress()[:16] + _hash([self.key, *others])[:16]


def _hash(what: Any) -> str:
    text = json.dumps(what, default=str, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What the samples say of one situation."""

    basis: str  # graph | case
    p50: datetime
    p90: datetime
    slowest: str
    shares: tuple[tuple[str, float], ...]  # question → days on the slowest way, most first
    done: Floats = field(repr=False)  # sorted, in days since the origin
    office: OfficeDays = field(repr=False)

    def points(self, now: datetime) -> list[float]:
        """Return the days after `now` by which the shares of POINTS are done."""
        places = np.ceil(np.multiply(POINTS, len(self.done))).astype(int) - 1
        days = self.done[np.maximum(places, 0)] - np.float32(self.office.moment(now))
        return [round(day, 2) for day in days.tolist()]

    def chance_by(self, moment: datetime | None) -> float | None:
        """Return the chance to be done by a moment."""
        if moment is None:
            return None
        place = np.searchsorted(self.done, np.float32(self.office.moment(moment)), side="right")
        return float(place) / len(self.done)


class Teller:
    """Tells the days of cases of one service at one moment; remembers situations and tables."""

    def __init__(self, known: Known, now: datetime, chances: Chances, *, top: float = 0.9) -> None:
        self.known, self.now, self.chances, self.top = known, now, chances, top
        self._tables: dict[tuple[int, int], Floats] = {}
        self._told: dict[tuple[Any, ...], Told] = {}

    def at(self, now: datetime) -> Teller:
        """Return a teller of the same knowledge at another moment; they share tables."""
        other = Teller(self.known, now, self.chances, top=self.top)
        other._tables = self._tables
        return other

    def tell(self, situation: Situation) -> Told:
        """Return the days of a case that goes on now. Raises CalendarTooShort."""
        key = situation.key
        if key not in self._told:
            self._told[key] = self._sample(situation)
        return self._told[key]

    def tell_by_case(self, curve: Curve, calendar: WorkCalendar, waited: float) -> Told:
        """Return the days from whole cases, for a service that has no graph."""
        office = self._office(calendar)
        start = office.worked(office.moment(self.now))
        left = self._table(curve, waited)
        picked = left[np.linspace(0, len(CHANCES) - 1, len(CHANCES)).astype(np.intp)]
        weights = np.diff(np.r_[0.0, CHANCES])
        done = np.repeat(
            np.sort(office.moments(start + picked)),
            np.maximum(np.round(weights * self.chances.samples), 0).astype(int),
        )
        return self._summed(done, office, "case", {})

    def _office(self, calendar: WorkCalendar) -> OfficeDays:
        origin = self.now.astimezone(calendar.zone).date()
        return office_days(calendar, origin)

    def _table(self, curve: Curve, waited: float) -> Floats:
        key = id(curve), round(waited * ROUNDED)
        found = self._tables.get(key)
        if found is None:
            if len(self._tables) > TABLES_KEPT:
                self._tables.clear()
            found = self._tables[key] = table_of(curve, key[1] / ROUNDED)
        return found

    def _sample(self, situation: Situation) -> Told:
        steps: list[Step | None] = []
        first: OfficeDays | None = None
        for standing in situation.standings:
            if standing.state == CLOSED or standing.calendar is None:
                steps.append(None)
                continue
            curve = self.known.curve(standing.question, standing.level, standing.office)
            office = self._office(standing.calendar)
            first = first or office
            steps.append(Step(office, self._table(curve, standing.waited),
                              fatal=self.known.fatal.get(standing.question, 0.0)))  # fmt: skip
        if first is None:
            raise NothingLeft
        run = composition.run(situation.network, steps, first.moment(self.now), self.chances)
        looked = min(self.chances.samples // 4, composition.LOOKED_AT)
        shares = days_on_the_way(run, max(looked, LOOKED_AT_NIGHT))
        return self._summed(np.sort(run.done), first, "graph", shares)

    def _summed(
        self, done: Floats, office: OfficeDays, basis: str, shares: Mapping[str, float]
    ) -> Told:
        p50, p90 = (office.at(_at(done, p)) for p in (0.5, self.top))
        ranked = sorted(shares.items(), key=lambda pair: -pair[1])
        slowest = next((key for key, _ in ranked if key != DECISION), "")
        if not slowest and ranked:
            slowest = ranked[0][0]
        return Told(basis, p50, p90, slowest, tuple(ranked), done, office)


class NothingLeft(ValueError):
    """Everything is answered and decided: there is nothing to foretell."""


def _at(done: Floats, chance: float) -> float:
    return float(done[min(max(int(np.ceil(chance * len(done))) - 1, 0), len(done) - 1)])


def has_slipped(*, p50: date | None, p90: date | None, told: date | None, since: timedelta) -> bool:
    """Say whether the days are later than what was told, so that somebody should hear of it.

    told: the P90 that the applicant was last told of (at submission, or with the last such notice),
    `since` ago. A slip is a P90 more than two days later, five days after the last notice at the
    earliest; or a P50 later than the P90 that was told: then it is more likely broken than kept.
    """
    if told is None or p50 is None or p90 is None:
        return False
    if p50 > told:
        return since >= timedelta(days=1)
    return (p90 - told).days > SLIP_DAYS and since >= QUIET


def chance_of(points: Sequence[float], days: float) -> float:
    """Return P(T ≤ days) under a promise of which the points were kept, in between evenly."""
    return float(np.interp(days, [0.0, *points], [0.0, *POINTS], right=1.0))
