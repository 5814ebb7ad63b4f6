"""Who may see, file, decide or change an application and its licence?"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from payvand.kernel.errors import YES, Verdict, no
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.registry.public import Actor
from payvand.window.models import Application, Draft

EVERYTHING = ("first-vice-president", "president-office")
ASKED = ("inquiry", "decision", "objection")
DESK = ("clerk", "signatory", "secretariat", "decider", "head")


def may_file_for(by: Actor, applicant: object) -> Verdict:
    """The applicant, a mandate holder, a signatory of the company, or a counter."""
    if by.acts_for(applicant) or any(s.role == "counter" for s in by.seats):  # type: ignore[arg-type]
        return YES
    return no("You have no recorded mandate for this applicant.")


def may_edit_draft(by: Actor, draft: Draft) -> Verdict:
    """A draft is its writer's alone."""
    return YES if draft.user_id == by.user_id else no("This draft belongs to somebody else.")


@dataclass(frozen=True, slots=True)
class Charge:
    """What an official is in charge of, and through which office or agency."""

    everything: bool = False
    provinces: frozenset[str] = frozenset()
    agencies: frozenset[UUID] = frozenset()
    offices: tuple[tuple[int, str], ...] = field(default=(), compare=False)
    # (office, province; empty = everything)

    def __bool__(self) -> bool:
        return self.everything or bool(self.provinces) or bool(self.agencies)


def charge_of(by: Actor) -> Charge:
    """Return what an actor is in charge of, by the offices held today and seats as head."""
    cards = registry.office_cards(ids=by.offices) if by.offices else []
    heads = {s.org for s in by.seats if s.role == "head" and not s.place}
    heads |= {card.agency for card in cards if card.role == "agency-head" and card.agency}
    over = [(card.id, "") for card in cards if card.role in EVERYTHING]
    over += [(c.id, c.place) for c in cards if c.role == "governor" and c.place]
    return Charge(
        any(not place for _, place in over),
        frozenset(place for _, place in over if place),
        frozenset(heads),
        tuple(over),
    )


@dataclass(frozen=True, slots=True)
class Sight:
    """What an official may see of a case: terms and delays, never what the applicant wrote."""

    office: int | None = None  # in whose name they look; None = the head's seat in an agency
    agencies: frozenset[UUID] | None = None  # only what these owe; None = the whole case


def sight_of(by: Actor, application: Application) -> Sight | None:
    """Return what an official in charge may see of a case; None for everybody else.

    The president's office and the first vice-president see every case, a governor those of the
    province, the head of an agency what the agency owes, and an office to which a delay was
    reported what the late agency owes.
    """
    if not by.offices and not any(s.role == "head" for s in by.seats):
        return None
    charge = charge_of(by)
    for office, place in charge.offices:
        if not place or f"{application.place_id}-".startswith(f"{place}-"):
            return Sight(office)
    owed = ledger.Obligation.objects.filter(case_id=application.pk)
    rows = list(owed.values_list("kind", "debtor_id", "office_id").distinct())
    told = [(office, debtor) for kind, debtor, office in rows
            if kind == "acknowledgement" and office in by.offices]  # fmt: skip
    owing = {debtor for kind, debtor, _ in rows if kind in ASKED}
    mine = (owing & charge.agencies) | {debtor for _, debtor in told}
    return Sight(told[0][0] if told else None, frozenset(mine)) if mine else None


def may_read_application(by: Actor, application: Application) -> Verdict:
    """With all that was written and answered: the applicant's side and the owner office."""
    if by.kind == "system" or by.acts_for(application.applicant_id):
        return YES
    if by.works_for(application.service.owner_id, *DESK):
        return YES
    return no("This application belongs to somebody else.")


def may_see_application(by: Actor, application: Application) -> Verdict:
    """Its terms and delays: who may read it, and the officials in charge of the place."""
    verdict = may_read_application(by, application)
    if verdict.ok or sight_of(by, application) is None:
        return verdict
    return YES


def may_act_for_applicant(by: Actor, application: Application) -> Verdict:
    """Withdraw, object and pay: the applicant's side only."""
    mine = by.acts_for(application.applicant_id)
    return YES if mine else no("Only the applicant may do this.")


def may_decide(by: Actor, application: Application) -> Verdict:
    """A decider or the head of the owner office."""
    return may_decide_for(by, application.service.owner_id)


def may_decide_for(by: Actor, owner: UUID) -> Verdict:
    """A decider or the head of this office, which owns the service."""
    if by.works_for(owner, "decider", "head"):
        return YES
    return no("A decision is taken by a decider of the owner office.")


def may_install(by: Actor) -> Verdict:
    """The administrator of the installation."""
    operator = by.is_operator or by.kind == "system"
    return YES if operator else no("Only an administrator installs services.")
