"""Who may see whose figures, make plans, sign them, and answer for a consumer?

The operator of a province is the organisation with the carrier's duty there (rules/carriers.py:
`energy-operator` for electricity, `gas-operator` for gas): two companies do not see each other's
consumers. Readings that point to one consumer are for that consumer and the operator; officials
read sums of the provinces they are in charge of; everybody reads what the gate of privacy has let
through.
"""

from __future__ import annotations

from uuid import UUID

from payvand.energy.models import Asset, Plan, Threshold
from payvand.energy.rules.carriers import CARRIERS
from payvand.energy.rules.hours import ELECTRICITY
from payvand.kernel.errors import YES, Verdict, gettext_noop, no
from payvand.registry import public as registry
from payvand.registry.public import Actor
from payvand.window import public as window

OPERATOR_ROLE = CARRIERS[ELECTRICITY].duty
DESK = ("clerk", "signatory", "secretariat", "decider", "head")
COUNTRY = "IR"


def operator_of(area: str, carrier: str = ELECTRICITY) -> UUID | None:
    """Return the organisation that operates a province; None where none is registered."""
    try:
        return registry.debtor_for(CARRIERS[carrier].duty, area)
    except (registry.NoDebtor, registry.NoPlace):
        return None


def operated_by(by: Actor, carrier: str = "") -> frozenset[str]:
    """Return the provinces in whose operator the actor has a seat; of any carrier unless told."""
    return frozenset(area for area, kind in carriers_operated_by(by) if carrier in ("", kind))


def carriers_operated_by(by: Actor) -> list[tuple[str, str]]:
    """Return (province, carrier) in whose operator the actor has a seat, in order."""
    if not by.seats:
        return []
    desks = {seat.org for seat in by.seats if seat.role in DESK}
    codes = sorted(card.code for card in registry.children_of(COUNTRY))
    return [(code, kind) for kind in CARRIERS for code in codes if operator_of(code, kind) in desks]


def in_charge_of(by: Actor) -> frozenset[str]:
    """Return the provinces whose sums an official may read."""
    if not by.offices:
        return frozenset()
    charge = window.charge_of(by)
    if charge.everything:
        return frozenset(card.code for card in registry.children_of(COUNTRY))
    return frozenset(charge.provinces)


def may_operate(by: Actor, area: str, carrier: str = ELECTRICITY) -> Verdict:
    """Loading, forecasting, planning, publishing and settling are the operator's."""
    org = operator_of(area, carrier)
    if by.kind == "system" or (org is not None and by.works_for(org, *DESK)):
        return YES
    return no(gettext_noop("Only the operator of the province may do this."))


def may_set_threshold(by: Actor, area: str) -> Verdict:
    """Who is warned, who signs, and what may be cut, is set by the governor or administrator."""
    if by.kind == "system" or area in may_set_in(by):
        return YES
    return no(gettext_noop("Only the governor of the province or the administrator may set this."))


def may_set_in(by: Actor) -> frozenset[str]:
    """Return the provinces whose threshold the actor may set."""
    provinces = [card.code for card in registry.children_of(COUNTRY)]
    if registry.may_manage(by):
        return frozenset(provinces)
    return frozenset(code for code in provinces if by.offices and _governor(code) in by.offices)


def _governor(area: str) -> int | None:
    try:
        return registry.office_for("governor", agency_id=None, place_code=area)
    except (registry.NoOffice, registry.NoPlace):
        return None


def may_see_balance(by: Actor, area: str, carrier: str = ELECTRICITY) -> Verdict:
    """The operator, and the officials in charge of the province."""
    if may_operate(by, area, carrier) or area in in_charge_of(by):
        return YES
    return no(gettext_noop("The balance is open to the operator and the officials in charge."))


def may_see_officials(by: Actor) -> Verdict:
    """Provinces side by side, for those who are in charge of one or operate one."""
    if by.kind == "system" or in_charge_of(by) or operated_by(by):
        return YES
    return no(gettext_noop("This page is for officials; the schedule of each district is public."))


def may_see_plan(by: Actor, plan: Plan) -> Verdict:
    """The operator, the officials in charge, and the office that signs."""
    if may_see_balance(by, plan.area_id, plan.carrier) or _signer(plan) in by.offices:
        return YES
    return no(gettext_noop("The plan is open to the operator and the office that signs it."))


def may_decide(by: Actor, plan: Plan) -> Verdict:
    """Only the office that must sign, as the threshold of the province and carrier names it."""
    signer = _signer(plan)
    if signer is not None and signer in by.offices:
        return YES
    return no(gettext_noop("This plan is signed by another office."))


def _signer(plan: Plan) -> int | None:
    rows = Threshold.objects.filter(area_id=plan.area_id, carrier=plan.carrier)
    return rows.values_list("signer_id", flat=True).first()


def speaks_for(by: Actor, party: UUID) -> bool:
    """Does the actor belong to this consumer: itself, a mandate holder, or its desk?"""
    return by.acts_for(party) or by.works_for(party, *DESK)


def may_see_asset(by: Actor, asset: Asset) -> Verdict:
    """Identifiable readings: the account-holder and the operator, nobody else."""
    if speaks_for(by, asset.party_id) or may_operate(by, asset.area_id, asset.carrier):
        return YES
    return no(gettext_noop("Readings of one consumer are open to it and to its operator only."))


def may_answer(by: Actor, asset: Asset) -> Verdict:
    """A request is answered, and an offer made, by the consumer or who may sign for it."""
    if by.acts_for(asset.party_id):
        return YES
    return no(gettext_noop("Only the consumer itself may answer or offer."))
