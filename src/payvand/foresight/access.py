"""Who may read a promise, and who may plan a service anew?"""

from __future__ import annotations

from uuid import UUID

from payvand.foresight.charge import charge_of
from payvand.kernel.errors import YES, Verdict, gettext_noop, no
from payvand.registry.public import Actor
from payvand.window import public as window

PLANNERS = ("head", "clerk", "decider")


def may_see_promise(by: Actor, application: window.Application) -> Verdict:
    """Whoever may see the application: the applicant's side, the owner office, officials."""
    return window.may_see_application(by, application)


def may_plan(by: Actor, owner: UUID) -> Verdict:
    """The owner office of the service, and officials in charge of it or of everything."""
    charge = charge_of(by)
    if charge.everything or charge.provinces or owner in charge.agencies:
        return YES
    if by.works_for(owner, *PLANNERS):
        return YES
    return no(gettext_noop("A service is planned by its owner office and by officials."))
