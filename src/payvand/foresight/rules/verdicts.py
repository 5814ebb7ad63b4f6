"""Can history carry a promise for this case, and if not, why?

Pure. The gate judges the service's closed cases; the questions that are still to be answered must
each have a curve that reaches nine in ten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from payvand.foresight.rules.learning import Known
from payvand.foresight.rules.promises import CLOSED, Situation

LEAST_CLOSED, LEAST_SHARE, LEAST_ANSWERS, REACHED = 30, 0.10, 30, 0.9
PROMISED = "promised"


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict: a promise by the graph or by whole cases, or the reason for none."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    basis: str = "graph"

    @property
    def is_promise(self) -> bool:
        """Is a promise made?"""
        return self.code == PROMISED


def judge(known: Known, situation: Situation) -> Judged:
    """Return whether these days can be promised."""
    refused = judge_service(known)
    if refused is not None:
        return refused
    asked = {one.question: one for one in situation.standings if one.state != CLOSED}
    for question, one in asked.items():
        curve = known.curve(question)
        if curve.events < LEAST_ANSWERS:
            return _by_case(known, Judged("few_answers", {"question": question,
                                                          "answers": curve.events}))  # fmt: skip
        if known.curve(question, one.level, one.office).reach < REACHED:
            return _by_case(known, Judged("not_reached", {"question": question}))
    return Judged(PROMISED)


def judge_service(known: Known) -> Judged | None:
    """Return why nothing can be promised of a service; None when something can."""
    if known.closed < LEAST_CLOSED:
        return Judged("few_closed", {"closed": known.closed})
    if known.closed < LEAST_SHARE * known.started:
        return Judged("young", {"closed": known.closed, "started": known.started})
    return None


def _by_case(known: Known, reason: Judged) -> Judged:
    """Fall back on whole cases, where their curve reaches nine in ten; else say the reason."""
    if known.case.reach >= REACHED:
        return Judged(PROMISED, reason.facts, basis="case")
    return reason
