"""Who may see, file, decide or change an application and its licence?"""

from __future__ import annotations

from payvand.kernel.errors import YES, Verdict, no
from payvand.registry.public import Actor
from payvand.window.models import Application, Draft

DESK = ("clerk", "signatory", "secretariat", "decider", "head")


def may_file_for(by: Actor, applicant: object) -> Verdict:
    """The applicant, a mandate holder, a signatory of the company, or a counter."""
    if by.acts_for(applicant) or any(s.role == "counter" for s in by.seats):  # type: ignore[arg-type]
        return YES
    return no("You have no recorded mandate for this applicant.")


def may_edit_draft(by: Actor, draft: Draft) -> Verdict:
    """A draft is its writer's alone."""
    return YES if draft.user_id == by.user_id else no("This draft belongs to somebody else.")


def may_see_application(by: Actor, application: Application) -> Verdict:
    """The applicant's side, the owner office, or an official in charge of the place."""
    if by.kind == "system" or by.acts_for(application.applicant_id):
        return YES
    if by.works_for(application.service.owner_id, *DESK):
        return YES
    return no("This application belongs to somebody else.")


def may_act_for_applicant(by: Actor, application: Application) -> Verdict:
    """Withdraw, object and pay: the applicant's side only."""
    mine = by.acts_for(application.applicant_id)
    return YES if mine else no("Only the applicant may do this.")


def may_decide(by: Actor, application: Application) -> Verdict:
    """A decider or the head of the owner office."""
    if by.works_for(application.service.owner_id, "decider", "head"):
        return YES
    return no("A decision is taken by a decider of the owner office.")


def may_install(by: Actor) -> Verdict:
    """The administrator of the installation."""
    operator = by.is_operator or by.kind == "system"
    return YES if operator else no("Only an administrator installs services.")
