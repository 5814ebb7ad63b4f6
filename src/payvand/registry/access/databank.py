"""Who may see, keep, verify, merge and erase in the databank?

The registrar of a place is the agency registered for the role `databank-registrar` there; a guild
is the lead of an association that the firm belongs to. Nobody verifies or decides on their own.
"""

from __future__ import annotations

from uuid import UUID

from payvand.kernel.errors import YES, Verdict, gettext_noop, no
from payvand.registry.models import Group, Party, Profile
from payvand.registry.queries import databank, duties, groups
from payvand.registry.queries.aliases import family
from payvand.registry.queries.places import country, places_under
from payvand.registry.rules.actor import Actor
from payvand.registry.rules.databank import PERSONAL
from payvand.registry.rules.refusals import NoDebtor, NoPlace

REGISTRAR_ROLE = "databank-registrar"  # the debtor role of the desk that keeps the databank
REGISTRAR, GUILD = "registrar", "guild"


def desk_places(by: Actor) -> set[str] | None:
    """Return the places whose databank the actor keeps; None: of the whole installation."""
    if by.kind == "system" or by.is_operator:
        return None
    found: set[str] = set()
    for role, place, agency in duties.roles_today():
        if role == REGISTRAR_ROLE and by.works_for(agency):
            if place == country():
                return None
            found |= places_under(place)
    return found


def guilds(by: Actor) -> set[UUID]:
    """Return the organisations in which the actor sits; some of them may be guilds."""
    return {seat.org for seat in by.seats}


def may_open_desk(by: Actor) -> Verdict:
    """May the actor see the work lists of the databank?"""
    places = desk_places(by)
    if places is None or places or groups.members_of(guilds(by)):
        return YES
    return no(gettext_noop("Only the registrar of the databank, or a guild, has this desk."))


def is_registrar_of(by: Actor, place: str | None) -> bool:
    """Is the actor the registrar of a place? Whoever has no place belongs to the country."""
    if by.kind == "system" or by.is_operator:
        return True
    try:
        agency = duties.debtor_for(REGISTRAR_ROLE, place or country() or "")
    except (NoDebtor, NoPlace):
        return False
    return by.works_for(agency)


def capacity(by: Actor, party: Party) -> tuple[str, UUID | None]:
    """Return as what the actor may verify a party (registrar, guild or ""), and for which body."""
    ids = family(party.pk)
    if by.party in ids or any(by.works_for(key) for key in ids):
        return "", None
    if is_registrar_of(by, party.place_id):
        seat = next((s.org for s in by.seats), None)
        return REGISTRAR, seat
    mine = guilds(by) & groups.guilds_of(ids) if by.seats else set()
    return (GUILD, min(mine)) if mine else ("", None)


def may_verify(by: Actor, party: Party) -> Verdict:
    """May the actor verify what a party declares, and decide on claims to it?"""
    if capacity(by, party)[0]:
        return YES
    return no(gettext_noop("Only the registrar or the party’s guild may verify; never oneself."))


def may_register(by: Actor, place: str | None = None) -> Verdict:
    """May the actor add parties to the databank, import files, and judge duplicates?"""
    if is_registrar_of(by, place) or (place is None and desk_places(by)):
        return YES
    return no(gettext_noop("Only the registrar of the databank may do this."))


def may_read_import(by: Actor, made_by: str) -> Verdict:
    """May the actor read the report of an import? Whoever sent the file, and the registrar."""
    return YES if by.user_id is not None and made_by == by.name() else may_register(by)


def may_keep(by: Actor, party: Party) -> Verdict:
    """May the actor change what a profile says? Its own party, its keepers, and the registrar."""
    if by.kind == "guest":
        return no(gettext_noop("Sign in to change a profile."))
    for key in family(party.pk):
        if by.party == key or by.works_for(key) or by.acts_for(key):
            return YES
    if is_registrar_of(by, party.place_id):
        return YES
    if by.user_id is not None and databank.is_keeper(by.user_id, family(party.pk)):
        return YES
    return no(gettext_noop("You do not keep this profile. You can claim it with its national id."))


def may_see(by: Actor, party: Party, profile: Profile) -> Verdict:
    """May the actor see a profile? Everybody those that are shown; others only who keep them."""
    if profile.is_listed or may_keep(by, party):
        return YES
    return no(gettext_noop("This profile is not shown to everybody."))


def may_export(by: Actor, party: Party) -> Verdict:
    """May the actor take out all that is kept about a party?"""
    return may_keep(by, party)


def may_erase(by: Actor, party: Party) -> Verdict:
    """May the actor erase a personal profile? The person, and the registrar on a paper request."""
    if by.party == party.pk or is_registrar_of(by, party.place_id):
        return YES
    return no(gettext_noop("Only the person may have a personal profile erased."))


def may_consent(by: Actor, person: UUID) -> Verdict:
    """May the actor say that personal data are shown? Only the person."""
    if by.kind == "system" or by.party == person:
        return YES
    return no(gettext_noop("Only the person may decide whether this is shown."))


def may_add_person(by: Actor, party: Party, profile: Profile) -> Verdict:
    """May the actor say that somebody works for a party?"""
    if profile.kind in PERSONAL:
        return no(gettext_noop("Only organisations have members and experts."))
    return may_keep(by, party)


def may_found(by: Actor, kind: str, *, place: str | None, lead: UUID | None) -> Verdict:
    """May the actor found a group? Whoever will lead it, and the registrar of its place.

    An association lets its lead verify members, so that only the registrar founds one.
    """
    if kind == "association" and not is_registrar_of(by, place):
        return no(gettext_noop("Only the registrar of the databank records an association."))
    return may_lead(by, place=place, lead=lead)


def may_add_member(by: Actor, group: Group, party: Party) -> Verdict:
    """May the actor let a party take part? The organiser; into an association only by consent.

    There the registrar decides, or the party joins by itself: its lead may verify its members.
    """
    if group.kind != "association" or is_registrar_of(by, group.place_id):
        return may_lead(by, place=group.place_id, lead=group.lead_id)
    if any(by.works_for(key) or by.party == key for key in family(party.pk)):
        return YES
    return no(gettext_noop("A firm joins an association by itself, or the registrar records it."))


def may_lead(by: Actor, *, place: str | None, lead: UUID | None) -> Verdict:
    """May the actor change a group? Its organiser, and the registrar of its place."""
    if is_registrar_of(by, place) or (lead is not None and by.works_for(lead)):
        return YES
    return no(gettext_noop("Only the organiser of the group or the registrar may change it."))
