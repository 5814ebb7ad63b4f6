"""May a firm answer a need at all: yes, no, or not known, and why?

Apart from relevance, always: a firm that fits the words may lack a certificate, and a firm whose
certificate is not known is not thereby unfit. Requirements are rules as packs write them
(`kernel.rules`) over the firm's facts; nice-to-have ones are judged and shown, never decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from payvand.kernel.rules import Kleene, TraceLine, evaluate, kleene_all


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a need asks of a firm."""

    key: str
    label: str
    rule: Mapping[str, Any]
    is_essential: bool = True


@dataclass(frozen=True, slots=True)
class Judged:
    """One requirement as it was judged for one firm."""

    key: str
    label: str
    value: Kleene
    is_essential: bool
    trace: tuple[TraceLine, ...]


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The verdict for one firm, and each requirement beside it."""

    value: Kleene
    judged: tuple[Judged, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Labels of essential requirements that are not met or not known."""
        return tuple(j.label for j in self.judged if j.is_essential and j.value is not True)


NOTHING_ASKED = Eligibility(True)


def judge(
    requirements: Sequence[Requirement], facts: Mapping[str, Any], *, at: date | None = None
) -> Eligibility:
    """Return whether the firm of these facts meets the essential requirements, with the trace.

    A need without requirements asks nothing: everybody is eligible. Raises BadRule.
    """
    judged = []
    for one in requirements:
        verdict = evaluate(one.rule, facts, at=at)
        judged.append(Judged(one.key, one.label, verdict.value, one.is_essential, verdict.trace))
    return Eligibility(kleene_all(j.value for j in judged if j.is_essential), tuple(judged))
