"""What do past answers say of the offices: how long each takes, and how alike within a case?

Pure. From columns of answers (open ones censored) to curves by office, question and way of asking,
each leaning on the one above it: question · way · office → question · way → question → service.
Curves are kept compactly: some hundred steps each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payvand.foresight.rules.calibration import TARGET, Level
from payvand.foresight.rules.draws import normal_scores
from payvand.foresight.rules.survival import EMPTY, Curve, grouped, kaplan_meier

MODEL = "km-graph/1"
STRENGTH = 20.0  # so many answers of the group above count beside an office's own
KNOTS = 64
RHO_BEFORE, RHO_WEIGHT = 0.25, 200.0  # measured on real logs; weighs as so many pairs
RHO_LEAST, RHO_MOST = 0.0, 0.6
SERVICE = ""  # key of the curve over all questions of a service

Floats = NDArray[np.float64]


def question_key(question: str) -> str:
    """Return the key of a question's curve over all offices."""
    return f"q|{question}"


def way_key(question: str, level: str) -> str:
    """Return the key of a question's curve by how it is asked: inbox, letter, rest."""
    return f"w|{question}|{level}"


def office_key(question: str, level: str, office: str) -> str:
    """Return the key of the curve of one office."""
    return f"o|{question}|{level}|{office}"


@dataclass(frozen=True, slots=True)
class Group:
    """One office that answers one question by one way."""

    question: str
    level: str
    office: str


@dataclass(frozen=True, slots=True)
class Answers:
    """Columns, one element per obligation; days are working days of the office asked."""

    groups: Sequence[Group]
    group: NDArray[np.int32]  # place in `groups`
    case: NDArray[np.int32]  # the same number for answers of one case
    days: Floats
    closed: NDArray[np.bool_]
    fatal: NDArray[np.bool_]  # an answer after which nothing more is asked
    unopened: Floats  # working days until it was opened; NaN where that is not known

    def by_question(self) -> tuple[list[str], NDArray[np.intp]]:
        """Return the questions, and the place of each answer's question among them."""
        names = sorted({one.question for one in self.groups})
        place = {name: n for n, name in enumerate(names)}
        own = np.asarray([place[one.question] for one in self.groups], np.intp)
        return names, own[self.group] if len(own) else np.empty(0, np.intp)


@dataclass(frozen=True, slots=True)
class Cases:
    """Columns, one element per application; days are working days of the owner office."""

    days: Floats
    closed: NDArray[np.bool_]


NOMINAL = Level(TARGET, None, None, None, 0)


@dataclass(frozen=True, slots=True)
class Known:
    """What was learnt of one service."""

    curves: Mapping[str, Curve]
    case: Curve
    started: int
    closed: int
    rho: float
    pairs: int  # pairs of answers behind rho
    fatal: Mapping[str, float] = field(default_factory=dict)
    unopened: Mapping[str, float] = field(default_factory=dict)  # share of the time: the queue
    level: Level = NOMINAL  # at which the P90 is read, and how past promises were kept

    def curve(self, question: str, level: str = "", office: str = "") -> Curve:
        """Return the nearest curve that was learnt: of the office, the way, the question, all."""
        for key in (
            office_key(question, level, office), way_key(question, level), question_key(question),
            SERVICE,
        ):  # fmt: skip
            found = self.curves.get(key)
            if found is not None and len(found.times):
                return found
        return EMPTY

    def offices(self, question: str) -> int:
        """Return how many offices have answered a question."""
        start = f"o|{question}|"
        return len({key.rpartition("|")[2] for key in self.curves if key.startswith(start)})

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "curves": {key: _curve_out(curve) for key, curve in sorted(self.curves.items())},
            "case": _curve_out(self.case), "started": self.started, "closed": self.closed,
            "rho": round(self.rho, 4), "pairs": self.pairs,
            "fatal": {k: round(v, 4) for k, v in sorted(self.fatal.items())},
            "unopened": {k: round(v, 4) for k, v in sorted(self.unopened.items())},
            "level": [self.level.level, self.level.coverage, self.level.low, self.level.high,
                      self.level.judged],
        }  # fmt: skip

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Known:
        """Return what `to_json` wrote."""
        return cls(
            {key: _curve_in(raw) for key, raw in body["curves"].items()}, _curve_in(body["case"]),
            body["started"], body["closed"], body["rho"], body["pairs"], body["fatal"],
            body["unopened"], Level(*body["level"]),
        )  # fmt: skip


NOTHING = Known({}, EMPTY, 0, 0, RHO_BEFORE, 0)


def learn(
    answers: Answers, cases: Cases, *, rho: float | None = None, read_at: Level = NOMINAL
) -> Known:
    """Return what these answers and cases say; `rho` sets the correlation instead of estimating.

    read_at: the level at which a P90 is read, as past promises were kept (`calibration.level_for`).
    """
    curves = _curves(answers)
    found, pairs = correlation(answers)
    return Known(
        curves={key: thinned(curve) for key, curve in curves.items()},
        case=thinned(kaplan_meier(cases.days, cases.closed)),
        started=len(cases.days), closed=int(cases.closed.sum()),
        rho=found if rho is None else rho, pairs=pairs,
        fatal=_fatal(answers),
        unopened=_queues(answers), level=read_at,
    )  # fmt: skip


def _curves(answers: Answers) -> dict[str, Curve]:
    """Return the curve of every office, way, question, and of all, each leaning on the next."""
    parents: dict[Any, str | None] = {}
    for place, one in enumerate(answers.groups):
        way, question = way_key(one.question, one.level), question_key(one.question)
        parents |= {place: way, way: question, question: SERVICE}
    found = grouped(answers.days, answers.closed, answers.group, parents, STRENGTH)
    return {
        office_key(one.question, one.level, one.office): found[place]
        for place, one in enumerate(answers.groups)
        if place in found
    } | {key: curve for key, curve in found.items() if isinstance(key, str)}


def thinned(curve: Curve, knots: int = KNOTS) -> Curve:
    """Return the curve with at most about 2 × `knots` steps, the same chances and the same mean.

    Neighbouring steps become one at their mean time. They are laid evenly by probability and, so
    that the tail stays fine, evenly by the logarithm of what survives: merging the slowest
    hundredth into one step at its end made P90 of a whole case half as long again.
    """
    if len(curve.times) <= knots:
        return curve
    left = np.maximum(curve.survival, 1e-4)
    even = np.floor((1 - curve.survival) * knots / max(curve.reach, 1e-9))
    fine = np.floor(np.log(left) * knots / np.log(left[-1])) if left[-1] < 1 else even
    last_of_step = np.r_[(np.diff(even) > 0) | (np.diff(fine) > 0), True]
    ends = np.flatnonzero(last_of_step)
    fall = -np.diff(np.r_[1.0, curve.survival])
    starts = np.r_[0, ends[:-1] + 1]
    weight = np.add.reduceat(fall, starts)
    mean = np.divide(np.add.reduceat(fall * curve.times, starts), weight,
                     out=curve.times[ends].copy(), where=weight > 1e-12)  # fmt: skip
    return Curve(mean, curve.survival[ends], curve.at_risk[ends], curve.n, curve.events)


def correlation(answers: Answers) -> tuple[float, int]:
    """Return how alike the answers of one case are (one factor), and from how many pairs.

    Normal scores of closed answers within their question; the mean product of pairs, leaning on
    `RHO_BEFORE`.
    """
    questions, own = answers.by_question()
    score = np.full(len(own), np.nan)
    for n in range(len(questions)):
        here = np.flatnonzero((own == n) & answers.closed)
        if len(here) > 1:
            ranks = np.empty(len(here))
            ranks[np.argsort(answers.days[here], kind="stable")] = np.arange(len(here))
            score[here] = normal_scores((ranks + 0.5) / len(here))
    kept = ~np.isnan(score)
    _, case = np.unique(answers.case[kept], return_inverse=True)
    count = np.bincount(case)
    total, squares = np.bincount(case, score[kept]), np.bincount(case, score[kept] ** 2)
    pairs = float(np.sum(count * (count - 1)) / 2)
    products = float(np.sum(total**2 - squares) / 2)
    found = (products + RHO_BEFORE * RHO_WEIGHT) / (pairs + RHO_WEIGHT)
    return float(np.clip(found, RHO_LEAST, RHO_MOST)), int(pairs)


def _fatal(answers: Answers) -> dict[str, float]:
    """Return for each question the share of answers after which nothing more is asked."""
    names, own = answers.by_question()
    hits = np.bincount(own[answers.fatal], minlength=len(names))
    among = np.bincount(own[answers.closed], minlength=len(names))
    return {
        name: float(hit / count)
        for name, hit, count in zip(names, hits, among, strict=True) if hit and count
    }  # fmt: skip


def _queues(answers: Answers) -> dict[str, float]:
    """Return for each question the share of the time that passed before it was opened."""
    names, own = answers.by_question()
    usable = answers.closed & ~np.isnan(answers.unopened) & (answers.days > 0)
    waited = np.minimum(answers.unopened[usable], answers.days[usable])
    sums = np.bincount(own[usable], waited, len(names))
    whole = np.bincount(own[usable], answers.days[usable], len(names))
    return {
        name: float(part / total)
        for name, part, total in zip(names, sums, whole, strict=True) if total > 0
    }  # fmt: skip


def _curve_out(curve: Curve) -> list[Any]:
    return [
        [round(t, 3) for t in curve.times.tolist()],
        [round(s, 5) for s in curve.survival.tolist()],
        curve.n, curve.events,
    ]  # fmt: skip


def _curve_in(raw: Sequence[Any]) -> Curve:
    times, survival = np.asarray(raw[0], float), np.asarray(raw[1], float)
    return Curve(times, survival, np.zeros(len(times)), raw[2], raw[3])
