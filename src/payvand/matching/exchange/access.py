"""Who may write a need, see firms for it, answer it, lead a fair, or open the broker's list?"""

from __future__ import annotations

from uuid import UUID

from payvand.kernel.errors import YES, Verdict, gettext_noop, no
from payvand.matching.models import Exchange, Need
from payvand.matching.rules import needs as rules
from payvand.registry.public import Actor, databank

DESK = ("clerk", "signatory", "secretariat", "decider", "head", "admin")
NOT_THE_BUYER = gettext_noop("This need belongs to another buyer.")


def may_act(by: Actor, party: UUID) -> Verdict:
    """Does the actor act for a party: its own person, a seat in it, or a mandate?"""
    if by.kind == "system" or by.acts_for(party) or by.works_for(party, *DESK):
        return YES
    return no(gettext_noop("You do not act for this firm or office."))


def may_buy(by: Actor, need: Need) -> Verdict:
    """May the actor change the need and speak for its buyer?"""
    return YES if may_act(by, need.buyer_id) else no(NOT_THE_BUYER)


def may_see(by: Actor, need: Need) -> Verdict:
    """Everybody once it is open; before that only the buyer."""
    is_shown = need.state in rules.SHOWN and need.opened_at is not None
    if is_shown or may_act(by, need.buyer_id):
        return YES
    return no(gettext_noop("This need is not open yet."))


def may_rank(by: Actor, need: Need) -> Verdict:
    """May the actor see firms ranked for this need, now?"""
    own = may_buy(by, need)
    return rules.may_rank(is_public=need.is_public, state=need.state) if own else own


def may_invite(by: Actor, need: Need) -> Verdict:
    """A private buyer of an open need; a public one notifies all eligible firms instead."""
    own = may_buy(by, need)
    if not own:
        return own
    if need.is_public:
        return no(
            gettext_noop("A public buyer invites nobody by name: all eligible firms are notified.")
        )
    return YES


def may_read_answers(by: Actor, need: Need) -> Verdict:
    """May the actor read what firms answered?"""
    own = may_buy(by, need)
    return rules.may_read_answers(is_public=need.is_public, state=need.state) if own else own


def may_answer(by: Actor, need: Need, firm: UUID) -> Verdict:
    """May the actor answer this need for a firm?"""
    if firm == need.buyer_id:
        return no(gettext_noop("A buyer does not answer its own need."))
    return may_act(by, firm)


def may_see_deal(by: Actor, deal: Exchange) -> Verdict:
    """The two parties of a deal, and nobody else."""
    if may_act(by, deal.buyer_id) or may_act(by, deal.firm_id):
        return YES
    return no(gettext_noop("Only the two parties see this."))


def may_sign_contract(by: Actor, deal: Exchange) -> Verdict:
    """A contract and its milestones are recorded by the buyer."""
    if may_act(by, deal.buyer_id):
        return YES
    return no(gettext_noop("The contract is recorded by the buyer."))


def may_lead_fair(by: Actor, *, place: str | None, lead: UUID | None) -> Verdict:
    """May the actor lay out a fair? Its organiser, and the databank's desk of its place."""
    if by.kind == "system" or by.is_operator or (lead is not None and by.works_for(lead)):
        return YES
    if databank.may_register(by, place):
        return YES
    return no(gettext_noop("Only the organiser of the fair may do this."))


def may_broker(by: Actor) -> Verdict:
    """May the actor open the broker's work list? The desks that keep the databank."""
    places = databank.desk_places(by)
    if places is None or places:
        return YES
    return no(gettext_noop("This list is for the desks that keep the databank."))
