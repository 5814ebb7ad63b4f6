"""Who may change the registry?

The installation's administrator may; beside them those whose own affair it is. Every refusal says
why, and every action asks here first.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from payvand.kernel.errors import YES, Verdict, gettext_noop, no
from payvand.registry.queries import duties, places, sites
from payvand.registry.queries.sites import TIER_ROLE
from payvand.registry.rules.actor import Actor
from payvand.registry.rules.calendars import org_of
from payvand.registry.rules.offices import Post
from payvand.registry.rules.refusals import NoDebtor


def may_manage(by: Actor) -> Verdict:
    """May the actor change places, offices, parties and accounts of the whole installation?"""
    if by.kind == "system" or by.is_operator:
        return YES
    return no(gettext_noop("Only the administrator of the installation may do this."))


def may_open_at_counter(by: Actor) -> Verdict:
    """May the actor open an account for a person who came in person and is known by a document?"""
    if by.counters:
        return YES
    return no(gettext_noop("Only a counter opens accounts for people who come in person."))


def may_register(by: Actor, kinds: Collection[str]) -> Verdict:
    """May the actor register parties? The administrator any; a counter persons only."""
    if by.counters and set(kinds) == {"person"}:
        return YES
    return may_manage(by)


def may_appoint(by: Actor, office: Post) -> Verdict:
    """May the actor appoint somebody to an office, or end an appointment?"""
    if may_manage(by) or (office.agency and by.works_for(office.agency, "head", "admin")):
        return YES
    return no(gettext_noop("Only the administrator or the head of the agency may appoint."))


def may_connect(by: Actor, agency_id: UUID) -> Verdict:
    """May the actor change how an agency is connected?"""
    if may_manage(by) or by.works_for(agency_id, "admin"):
        return YES
    return no(gettext_noop("Only the administrator may change how an agency is connected."))


def may_seat(by: Actor, org_id: UUID) -> Verdict:
    """May the actor give somebody a seat in an organisation, or take it?"""
    if may_manage(by) or by.works_for(org_id, "head", "admin", "signatory"):
        return YES
    return no(gettext_noop("Only the head or a signatory of the organisation may give seats."))


def may_mandate(by: Actor, principal_id: UUID) -> Verdict:
    """May the actor let somebody act for a party? Only the party itself, and the counter."""
    own = by.party is not None and by.party == principal_id
    if own or may_manage(by) or by.works_for(principal_id, "head", "admin", "signatory"):
        return YES
    return no(gettext_noop("Only the person or a signatory of the company may give a mandate."))


def may_withdraw(by: Actor, principal_id: UUID, agent_id: UUID) -> Verdict:
    """May the actor end a mandate? Its giver may, and who holds it may lay it down."""
    if may_mandate(by, principal_id) or (by.party is not None and by.party == agent_id):
        return YES
    return may_mandate(by, principal_id)


def may_add_site(by: Actor, owner_id: UUID) -> Verdict:
    """May the actor register a site of this owner?"""
    if may_manage(by) or by.acts_for(owner_id) or by.works_for(owner_id):
        return YES
    return no(gettext_noop("You may register sites only for yourself or whom you act for."))


def may_rank(by: Actor, authority_id: UUID, *, owner_id: UUID, place_code: str) -> Verdict:
    """May the actor say, for an authority, how critical a site is? Never its owner."""
    if authority_id == owner_id:
        return no(gettext_noop("Nobody ranks a site of their own."))
    if not by.works_for(authority_id, "signatory", "decider", "head"):
        return no(gettext_noop("Only a signatory of the responsible authority may rank a site."))
    try:
        responsible = duties.debtor_for(TIER_ROLE, place_code)
    except NoDebtor:
        return no(gettext_noop("No authority for the criticality of sites is registered here."))
    if responsible != authority_id:
        return no(gettext_noop("Another authority is responsible for sites at this place."))
    return YES


def may_see_sites(by: Actor) -> Verdict:
    """Has the actor to do with sites: as administrator, as an authority, or for an owner?"""
    orgs = {seat.org for seat in by.seats}
    if may_manage(by) or by.mandates or sites.places_ranked_by(orgs):
        return YES
    return no(gettext_noop("You have no seat in a company or in an authority that ranks sites."))


def may_see_site(by: Actor, *, owner_id: UUID, place_code: str) -> Verdict:
    """May the actor see that a site exists, and where? Its tier is another question."""
    if may_manage(by) or by.acts_for(owner_id) or by.works_for(owner_id):
        return YES
    return may_read_tier(by, place_code=place_code)


def may_read_tier(by: Actor, *, place_code: str) -> Verdict:
    """May the actor read how critical sites at a place are? The authority's own desk alone."""
    authority = sites.authority_at(place_code)
    if authority is not None and by.works_for(authority, "clerk", "signatory", "decider", "head"):
        return YES
    return no(gettext_noop("Only the responsible authority reads how critical a site is."))


def may_declare(by: Actor, scope: str) -> Verdict:
    """May the actor record a closure or another calendar fact for a scope?

    The administrator; the governor for their province; the head of an organisation for it.
    """
    if may_manage(by):
        return YES
    org = org_of(scope)
    if org is not None:
        if by.works_for(org, "head", "admin"):
            return YES
        return no(gettext_noop("Only the head of the organisation may close it."))
    posts = duties.posts()
    for office in by.offices:
        post = posts.get(office)
        if post and post.role == "governor" and post.place:
            inside = places.places_under(post.place)
            if scope in inside:
                return YES
    return no(gettext_noop("Only the administrator or the governor may declare this closure."))
