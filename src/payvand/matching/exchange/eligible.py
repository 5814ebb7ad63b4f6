"""Which firms may answer a need at all: yes, no, or not known, and why?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from payvand.matching import queries
from payvand.matching.models import Need
from payvand.matching.rules.eligibility import Eligibility, Requirement, judge
from payvand.registry.public import databank

PAGE = 2000


def requirements_of(need: Need) -> list[Requirement]:
    """Return the requirements that have a rule; what only the firm can say is not judged."""
    return [
        Requirement(str(row.no), row.text, row.rule, row.is_essential)
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


def everybody() -> Iterator[list[UUID]]:
    """Yield the parties of the databank that are shown to everybody, page by page."""
    page = databank.listed_ids(limit=PAGE)
    while page:
        yield page
        page = databank.listed_ids(after=page[-1], limit=PAGE)


def able(need: Need) -> tuple[list[UUID], int]:
    """Return the firms whose eligibility is not "no", and how many are surely eligible."""
    asked, found, sure = requirements_of(need), [], 0
    for page in everybody():
        if not asked:
            found += page
            sure += len(page)
            continue
        for firm, verdict in judged(asked, [str(key) for key in page]).items():
            if verdict.value is not False and UUID(firm) != need.buyer_id:
                found.append(UUID(firm))
                sure += verdict.value is True
    return [firm for firm in found if firm != need.buyer_id], sure
