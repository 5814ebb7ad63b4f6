"""How is a service laid out, and which applications did it have in the last year?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from payvand.foresight.queries import promises as kept
from payvand.foresight.queries.scope import UNDECIDED
from payvand.foresight.rules.blueprint import Blueprint, Need, Question, term_in_working_days
from payvand.foresight.rules.composition import Chances
from payvand.foresight.rules.learning import Known
from payvand.foresight.rules.network import DECISION
from payvand.foresight.rules.office_days import OfficeDays, office_days
from payvand.foresight.rules.promises import SAMPLES, SEED
from payvand.foresight.rules.survival import Curve, kaplan_meier
from payvand.foresight.rules.whatif import Mix, Shop, resampled
from payvand.kernel import clock
from payvand.registry import public as registry
from payvand.window import public as window

APPLICATIONS = 1000  # the newest, from which the mix is taken
YEAR = timedelta(days=365)
DAY = 86_400.0


@lru_cache(maxsize=64)
def blueprint_of(version: int, on: date) -> Blueprint:
    """Return the layout of a version of a service, with the terms that hold on a day."""
    service = window.service_of(version)
    questions = tuple(
        Question(
            key=key, role=one.role, needs=tuple(Need(k, f) for k, f in one.needs), after=one.after,
            join=one.join, term_days=_days(window.term_of(one.terms, {}, on)),
            silence_ref=one.silence.ref, silence_does=one.silence.do,
            checked=_checked(service, key), refusals=one.conditions,
        )
        for key, one in ((key, service.by_key[key]) for key in service.order)
    )  # fmt: skip
    decision = service.decision
    days = _days(window.term_of(decision.terms, {}, on)) if decision else None
    return Blueprint(questions, decision is not None, days)


def _days(rule: Any) -> int | None:
    return term_in_working_days(rule.term.amount, str(rule.term.unit)) if rule else None


def _checked(service: window.CompiledService, key: str) -> tuple[str, ...]:
    """Return the fields of a question's answer that checks of the decision read."""
    found: dict[str, None] = {}
    for check in service.checks:
        for fact in _facts(check.rule):
            base, _, inner = fact.partition(".")
            if base == key:
                found[inner] = None
    return tuple(found)


def _facts(rule: Any) -> list[str]:
    if isinstance(rule, Mapping):
        own = [rule["fact"]] if isinstance(rule.get("fact"), str) else []
        return own + [fact for value in rule.values() for fact in _facts(value)]
    if isinstance(rule, Sequence) and not isinstance(rule, str):
        return [fact for value in rule for fact in _facts(value)]
    return []


@dataclass(frozen=True, slots=True)
class Seen:
    """How whole cases really went: days from submission to decision, those open counted as open."""

    applications: int
    closed: int
    curve: Curve

    @property
    def p50(self) -> float | None:
        """Return the median of calendar days; None when it is not reached."""
        return self.curve.quantile(0.5)

    @property
    def p90(self) -> float | None:
        """Return the calendar days within which nine in ten are decided."""
        return self.curve.quantile(0.9)


@dataclass(frozen=True, slots=True)
class Past:
    """What the what-if page needs of a service's history."""

    mix: Mix
    office: OfficeDays
    by_graph: Seen
    in_sequence: Seen
    rates: dict[str, float]


def shop_of(slug: str, version: int, now: datetime) -> tuple[Shop, Past, int] | None:
    """Return everything that scenarios need; None when nothing was learnt or nobody applied."""
    found = kept.newest(slug)
    if found is None:
        return None
    row, known = found
    past = _past(slug, version, row, clock.local_date(now))
    if past is None:
        return None
    chances = Chances(SEED, SAMPLES, round(known.rho, 3))
    blueprint = blueprint_of(version, clock.local_date(now))
    return Shop(blueprint, known, past.office, past.mix, chances, past.rates), past, row


@lru_cache(maxsize=16)
def _past(slug: str, version: int, learnt: int, on: date) -> Past | None:
    """Return the history of a service; kept in the process until something new is learnt."""
    rows = list(
        window.Application.objects.filter(service_id=slug)
        .order_by("-pk")
        .values_list("submitted_at", "decided_at", "state", "sequential", "plan__active")[
            : 4 * APPLICATIONS
        ]
    )
    if not rows:
        return None
    keys = [*window.service_of(version).order, DECISION]
    newest = [row for row in rows if not row[3]][:APPLICATIONS] or rows[:APPLICATIONS]
    year = [row for row in newest if row[0] >= newest[0][0] - YEAR]
    calendar = registry.calendar_for((registry.country() or "",))
    first = clock.local_date(min(row[0] for row in year))
    office = office_days(calendar, max(first, calendar.first))
    mix = resampled(_mix(year, keys, office), SAMPLES, SEED)
    now = clock.now()
    by_graph, in_turn = [r for r in rows if not r[3]], [r for r in rows if r[3]]
    return Past(
        mix,
        office,
        _seen(by_graph, now),
        _seen(in_turn, now),
        _rates(year, keys, kept.known_of(learnt)),
    )


def _mix(rows: Sequence[tuple[Any, ...]], keys: Sequence[str], office: OfficeDays) -> Mix:
    starts = np.asarray([office.moment(row[0]) for row in rows], np.float32)
    active = [[node.partition("[")[0] for node in row[4]] for row in rows]
    asked = {key: np.asarray([key in one for one in active]) for key in keys if key != DECISION}
    counts = {key: np.asarray([one.count(key) for one in active], np.intp) for key in asked}
    return Mix(
        starts,
        {key: mask for key, mask in asked.items() if not mask.all()},
        {key: count for key, count in counts.items() if count.max(initial=0) > 1},
    )


def _seen(rows: Sequence[tuple[Any, ...]], now: datetime) -> Seen:
    days = [((row[1] or now) - row[0]).total_seconds() / DAY for row in rows]
    closed = [row[1] is not None and row[2] not in (*UNDECIDED, "withdrawn") for row in rows]
    return Seen(len(rows), sum(closed), kaplan_meier(days, closed))


def _rates(rows: Sequence[tuple[Any, ...]], keys: Sequence[str], known: Known) -> dict[str, float]:
    """Return how often each question is asked of one office on a working day."""
    span = max((max(r[0] for r in rows) - min(r[0] for r in rows)).days * 5 / 7, 1.0)
    counts = dict.fromkeys(keys, 0)
    for row in rows:
        for node in row[4]:
            key = node.partition("[")[0]
            if key in counts:
                counts[key] += 1
    return {
        key: count / span / max(known.offices(key), 1) for key, count in counts.items() if count
    }


def forget() -> None:
    """Drop what is kept in the process; needed only where a database is replaced under it."""
    _past.cache_clear()
    blueprint_of.cache_clear()
