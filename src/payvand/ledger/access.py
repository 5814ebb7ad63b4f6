"""Who may see, answer, sign, hand over or acknowledge an obligation?"""

from __future__ import annotations

from payvand.kernel.errors import YES, Verdict, gettext_noop, no
from payvand.ledger.sql import Owed
from payvand.registry.public import Actor

OF_APPLICANT = ("completion", "condition", "payment", "invitation", "milestone")
TO_OFFICES = ("resolution", "hearing")  # owed by an office, when one is named
DESK = ("clerk", "signatory", "secretariat", "decider", "head")


def _place_fits(by: Actor, owed: Owed) -> bool:
    places = [s.place for s in by.seats if s.org == owed.debtor_id and s.role in DESK]
    return any(not p or (owed.place_id or "").startswith(p) for p in places)


def may_see(by: Actor, owed: Owed) -> Verdict:
    """The debtor's desk, the office addressed, the asker's desk, or the link's holder."""
    if by.obligation == owed.id or by.kind == "system":
        return YES
    if owed.office_id is not None and owed.office_id in by.offices:
        return YES
    if by.acts_for(owed.debtor_id) or by.works_for(owed.asker_id, *DESK):
        return YES
    if by.works_for(owed.debtor_id, *DESK):
        return (
            YES
            if _place_fits(by, owed)
            else no(gettext_noop("This inquiry belongs to another place."))
        )
    return no(gettext_noop("This inquiry was put to another agency."))


def may_answer(by: Actor, owed: Owed) -> Verdict:
    """Only the debtor answers: its desk, its system, its link, or the office addressed."""
    if by.kind == "link":
        return (
            YES
            if by.obligation == owed.id
            else no(gettext_noop("This link opens another inquiry."))
        )
    if owed.kind in OF_APPLICANT:
        return (
            YES
            if by.acts_for(owed.debtor_id)
            else no(gettext_noop("This request was put to somebody else."))
        )
    if owed.kind == "acknowledgement" or (owed.office_id and owed.kind in TO_OFFICES):
        held = owed.office_id in by.offices
        return YES if held else no(gettext_noop("This report is addressed to another office."))
    if by.kind == "agency" and not by.seats:  # by its adapter; a token has a seat of its own
        same = by.party == owed.debtor_id
        return YES if same else no(gettext_noop("This inquiry was put to another agency."))
    if not by.works_for(owed.debtor_id, *DESK):
        return no(gettext_noop("This inquiry was put to another agency."))
    if owed.kind == "decision" and not by.works_for(owed.debtor_id, "decider", "head"):
        return no(gettext_noop("A decision is taken by a decider of the owner office."))
    return (
        YES if _place_fits(by, owed) else no(gettext_noop("This inquiry belongs to another place."))
    )


def may_sign(by: Actor, owed: Owed) -> Verdict:
    """Where two signatures are asked, only a signatory or the head signs."""
    first = may_answer(by, owed)
    if not first.ok or int(owed.spec.get("signatures", 1)) < 2 or by.kind == "link":
        return first
    if by.kind == "agency" and not by.seats:
        return first
    signs = by.works_for(owed.debtor_id, "signatory", "head")
    return YES if signs else no(gettext_noop("This answer needs the signature of a signatory."))
