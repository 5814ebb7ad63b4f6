"""Which firms may answer a need at all: yes, no, or not known, and why?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from payvand.matching import queries
from payvand.matching.exchange import labels
from payvand.matching.models import Need
from payvand.matching.rules.eligibility import Eligibility, Requirement, judge


def requirements_of(need: Need) -> list[Requirement]:
    """Return the requirements that have a rule; what only the firm can say is not judged."""
    return [
        Requirement(str(row.no), labels.requirement(row), row.rule, row.is_essential)
        for row in need.requirements.order_by("no")
        if row.rule is not None
    ]


def judged(asked: Sequence[Requirement], firms: Iterable[str]) -> dict[str, Eligibility]:
    """Return the verdict on each firm. A list that a firm left empty is not known, never "no"."""
    found = {}
    for firm, facts in queries.facts_of(firms).items():
        known = {name: value for name, value in facts["firm"].items() if value not in ([], ())}
        found[firm] = judge(asked, {"firm": known})
    return found


def sorted_out(asked: Sequence[Requirement], firms: Sequence[UUID]) -> tuple[list[UUID], int]:
    """Return the firms whose eligibility is not "no", and how many are surely eligible."""
    if not asked:
        return list(firms), len(firms)
    verdicts = judged(asked, [str(key) for key in firms])
    able = [key for key in firms if str(key) in verdicts and verdicts[str(key)].value is not False]
    return able, sum(verdicts[str(key)].value is True for key in able)
