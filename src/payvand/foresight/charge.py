"""What is an official in charge of, and what may they therefore see or set?

Sums are for officials; single cases and the cost of delay for those in charge of them: a governor
for the province, a head for the agency, the first vice-president and the president's office for
all.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from payvand.kernel.errors import YES, Verdict, gettext_noop, no
from payvand.plugins import slots
from payvand.registry.public import Actor
from payvand.window import public as window
from payvand.window.public import Charge


def charge_of(by: Actor) -> Charge:
    """Return what an actor is in charge of; the operator and the product itself: of everything."""
    if by.kind == "system" or by.is_operator:
        return Charge(everything=True)
    return window.charge_of(by)


def pages_of(by: Actor, cases: Collection[UUID]) -> dict[UUID, str]:
    """Return the pages of cases for those who may open them.

    The operator of the installation counts everything and opens nothing: cases are for offices.
    """
    found: dict[UUID, str] = {}
    if cases and (by.offices or by.seats):
        for ask in slots.case_pages:
            found |= ask(cases)
    return found


def may_see_account(charge: Charge) -> Verdict:
    """The delay account, warnings and drafts of scorecards are for officials."""
    if charge:
        return YES
    return no(gettext_noop("This page is for officials; the scorecard that was published is not."))


def may_see_cases(charge: Charge, *, province: str = "", agency: UUID | None = None) -> Verdict:
    """May single cases be listed: of an agency, in a province, or anywhere?"""
    if charge.everything or (agency is not None and agency in charge.agencies):
        return YES
    if province and province in charge.provinces:
        return YES
    return no(gettext_noop("Cases are listed only for the officials in charge of them."))


def may_set_rates(charge: Charge) -> Verdict:
    """What a day of delay costs is set by the offices in charge of everything."""
    if charge.everything:
        return YES
    return no(gettext_noop("The cost of delay is set by the office of the First Vice-President."))


def may_draw_scorecards(charge: Charge) -> Verdict:
    """Scorecards are drawn and published by the offices in charge of everything."""
    if charge.everything:
        return YES
    return no(gettext_noop("Scorecards are drawn by the office of the First Vice-President."))
