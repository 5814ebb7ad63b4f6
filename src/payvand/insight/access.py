"""Who may look at whose figures?

Aggregates are public. Single cases are for officials in charge: the governor for their province,
the head for their agency, the first vice-president and the president's office for all.
"""

from __future__ import annotations

from uuid import UUID

from payvand.kernel.errors import YES, Verdict, gettext_noop, no
from payvand.registry.public import Actor
from payvand.window import public as window
from payvand.window.public import Charge


def charge_of(by: Actor) -> Charge:
    """Return what an actor is in charge of; who runs the installation may see all figures."""
    if by.kind == "system" or by.is_operator:
        return Charge(everything=True)
    return window.charge_of(by)


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
