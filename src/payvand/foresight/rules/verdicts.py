"""Can history carry a promise for this case, and if not, why?

Pure. The gate judges the service; each question that is still to be answered must have been
answered often enough, and by a curve that reaches nine in ten. Where one has not, whole cases are
counted instead, and the promise says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from payvand.foresight.rules import gate
from payvand.foresight.rules.learning import Known
from payvand.foresight.rules.promises import CLOSED, Situation
from payvand.foresight.rules.survival import Curve

LEAST_ANSWERS = 30
PROMISED, CALENDAR, FEW_ANSWERS = "promised", "calendar", "few_answers"
GRAPH, CASE = "graph", "case"


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict: a promise by the graph or by whole cases, or the reason for none."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    basis: str = GRAPH

    @property
    def is_promise(self) -> bool:
        """Is a promise made?"""
        return self.code == PROMISED


def judge(known: Known, situation: Situation) -> Judged:
    """Return whether days can be promised for a case."""
    asked = [one for one in situation.standings if one.state != CLOSED]
    thin = next(
        (one.question for one in asked if known.curve(one.question).events < LEAST_ANSWERS), None
    )
    if thin is not None or not asked:
        return _by_case(known, {"question": thin, "answers": known.curve(thin).events}
                        if thin else {})  # fmt: skip
    curves = [known.curve(one.question, one.level, one.office) for one in asked]
    shortest = min(curves, key=lambda curve: curve.reach)
    found = _gate(known, shortest)
    if found.code == "short_curve":
        return _by_case(known, found.facts)
    return Judged(found.code or PROMISED, _told(found))


def judge_service(known: Known) -> Judged | None:
    """Return why nothing can be promised of a service as a whole; None when something can."""
    found = _gate(known, known.case)
    return None if found.ok else Judged(found.code, found.facts)


def _gate(known: Known, curve: Curve) -> gate.Verdict:
    return gate.verdict(curve, known.started, known.closed, known.level.coverage)


def _told(found: gate.Verdict) -> dict[str, Any]:
    """Return the facts that are kept with a promise: all of a refusal, of a promise its warning."""
    if not found.ok:
        return dict(found.facts)
    return {"warning": found.warning, **found.facts} if found.warning else {}


def _by_case(known: Known, reason: Mapping[str, Any]) -> Judged:
    """Fall back on whole cases, where the gate lets them pass; else say the reason."""
    found = _gate(known, known.case)
    if found.ok:
        return Judged(PROMISED, {**reason, **_told(found)}, CASE)
    if found.code == "short_curve" and "question" in reason:
        return Judged(FEW_ANSWERS, reason)
    return Judged(found.code, found.facts)
