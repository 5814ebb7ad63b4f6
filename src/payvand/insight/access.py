"""Who may look at whose figures?

Aggregates are public. Single cases are for officials in charge: the governor for their province,
the head for their agency, the first vice-president and the president's office for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from payvand.kernel.errors import YES, Verdict, gettext_noop, no
from payvand.registry import public as registry
from payvand.registry.public import Actor

EVERYTHING = ("first-vice-president", "president-office")


@dataclass(frozen=True, slots=True)
class Charge:
    """What an official is in charge of."""

    everything: bool = False
    provinces: frozenset[str] = frozenset()
    agencies: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return self.everything or bool(self.provinces) or bool(self.agencies)


def charge_of(by: Actor) -> Charge:
    """Return what an actor is in charge of, by the offices held today and seats as head."""
    if by.kind == "system" or by.is_operator:
        return Charge(everything=True)
    cards = registry.office_cards(ids=by.offices) if by.offices else []
    heads = {s.org for s in by.seats if s.role == "head" and not s.place}
    heads |= {card.agency for card in cards if card.role == "agency-head" and card.agency}
    return Charge(
        any(card.role in EVERYTHING for card in cards),
        frozenset(card.place for card in cards if card.role == "governor" and card.place),
        frozenset(heads),
    )


def may_see_dashboard(charge: Charge) -> Verdict:
    """Officials in charge of something; everybody else has the public page."""
    if charge:
        return YES
    return no(gettext_noop("The dashboard is for officials; the performance page is public."))


def may_see_cases(charge: Charge, *, province: str | None, agency: UUID) -> Verdict:
    """May single cases of an agency, in a province or anywhere, be listed?"""
    if charge.everything or agency in charge.agencies:
        return YES
    if province is not None and province in charge.provinces:
        return YES
    return no(gettext_noop("Cases are listed only for the officials in charge of them."))
