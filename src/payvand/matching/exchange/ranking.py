"""Which firms does a buyer see for a need, why, and what does the product learn from it?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from payvand.kernel import clock
from payvand.matching import queries
from payvand.matching.exchange import access, eligible, needs
from payvand.matching.exchange.journal import record
from payvand.matching.models import Feedback, Need
from payvand.matching.queries import Match
from payvand.matching.rules.eligibility import Eligibility
from payvand.matching.rules.evidence import NeedText
from payvand.registry.public import Actor, databank

PAGE = 20
LATEST, REACH = 10, 100  # needs that are compared with a firm, and places looked at


@dataclass(frozen=True, slots=True)
class Found:
    """One firm as the buyer sees it."""

    match: Match
    line: databank.ProfileLine
    eligibility: Eligibility


def text_of(need: Need) -> NeedText:
    """Return what the ranking looks for: both languages, and the requirements in words."""
    asked = [row.text for row in need.requirements.all()]
    title = " ".join(filter(None, (need.title_fa, need.title_en)))
    parts = (need.text_fa, need.text_en, *asked)
    return NeedText("\n".join(filter(None, parts)), title, codes=tuple(need.codes.split()))


@transaction.atomic
def show(need_id: UUID, *, by: Actor, limit: int = PAGE) -> list[Found]:
    """Return firms for a need, the best first, newcomers with their share; it is logged.

    Raises Refused: not the buyer, a draft, or a public buyer before the answers are closed.
    """
    need = needs.locked(need_id)
    access.may_rank(by, need).or_raise()
    matches = queries.rank(text_of(need), limit=limit)
    verdicts = eligible.judged(eligible.requirements_of(need), [m.firm for m in matches])
    lines = databank.lines(UUID(m.firm) for m in matches)
    found = [
        Found(m, lines[UUID(m.firm)], verdicts[m.firm])
        for m in matches
        if UUID(m.firm) in lines
        and m.firm in verdicts
        and UUID(m.firm) != need.buyer_id
        and not is_stray(m)
    ]
    note(need, "shown", [UUID(one.match.firm) for one in found])
    record(by, need.pk, "firms_shown", f"need:{need.code}", firms=len(found))
    return found


def is_stray(match: Match) -> bool:
    """Is a newcomer in the list of whom no word fits? The fair share is for those who fit."""
    has_words = any(one.marks for one in match.because)
    return match.is_newcomer and not has_words and "meaning" not in match.ways


def fitting(firm: UUID, *, by: Actor) -> list[tuple[Need, Match]]:
    """Return the latest open needs in whose list a firm stands, each with the firm's own reasons.

    Needs of its field of work, and those that name none. Raises Refused. Nobody else's place shows.
    """
    access.may_act(by, firm).or_raise()
    facts = databank.facts_of([firm]).get(firm)
    if facts is None:
        return []
    rows = Need.objects.filter(state="open", field__in=["", facts.field]).exclude(buyer=firm)
    found = []
    for need in rows.select_related("buyer").order_by("-opened_at", "-pk")[:LATEST]:
        matches = queries.rank(text_of(need), limit=REACH)
        own = next((one for one in matches if one.firm == str(firm)), None)
        if own is not None:
            found.append((need, own))
    return found


@transaction.atomic
def opened(need_id: UUID, firm: UUID, *, by: Actor) -> None:
    """Record that the buyer opened a firm's page from the list."""
    need = needs.locked(need_id)
    access.may_rank(by, need).or_raise()
    note(need, "opened", [firm])
    record(by, need.pk, "firm_opened", f"need:{need.code}", firm=str(firm))


def note(need: Need, kind: str, firms: Iterable[UUID]) -> None:
    """Keep what became of firms, once each."""
    now, first = clock.now(), kind == "shown"
    Feedback.objects.bulk_create(
        [
            Feedback(need=need, firm_id=firm, kind=kind, place=place if first else None, at=now)
            for place, firm in enumerate(firms, 1)
        ],
        ignore_conflicts=True,
    )
