"""How does a person take out all that is kept about them, and have it erased?

Erasing removes the data and keeps the row: its id, a random number, becomes a pseudonym that leads
to nobody. The log speaks of ids only and never of names, so that its chain stays whole (ADR 0019).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from payvand.kernel import clock
from payvand.kernel.errors import Refused, gettext_noop
from payvand.plugins import slots
from payvand.registry.access import databank as access
from payvand.registry.actions.databank import changed, party_for_update
from payvand.registry.actions.journal import record, subject
from payvand.registry.models import (
    Claim,
    GroupMember,
    Holding,
    Keeper,
    Mandate,
    Membership,
    Party,
    Position,
    Presence,
    Profile,
)
from payvand.registry.queries.databank import MODELS
from payvand.registry.queries.people import in_force, today
from payvand.registry.rules.actor import Actor

ERASED_FA, ERASED_EN = "پاک‌شده", "Erased"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased: the profile always; the identity too, or why it must stay for now."""

    party: UUID
    identity_erased: bool
    kept_because: tuple[str, ...] = ()


def reasons_to_keep(party_id: UUID) -> list[str]:
    """Return why a person's name and number are still needed: seats, offices, mandates, cases."""
    day, found = today(), []
    accounts = Q(user__party=party_id)
    if Membership.objects.filter(in_force(day), accounts).exists():
        found.append(gettext_noop("You have a seat in an organisation."))
    if Holding.objects.filter(in_force(day), accounts).exists():
        found.append(gettext_noop("You hold a public office."))
    if Mandate.objects.filter(
        in_force(day), Q(principal=party_id) | Q(agent=party_id)
    ).exists():  # fmt: skip
        found.append(gettext_noop("A mandate that you gave or hold is in force."))
    for ask in slots.keeps_person:
        reason = ask(party_id)
        if reason:
            found.append(reason)
    return found


@transaction.atomic
def erase(party_id: UUID, *, by: Actor) -> Erasure:
    """Erase a personal profile with everything in it, and the identity unless it is still needed.

    Raises Refused. Calling it again later erases what had to stay the first time.
    """
    party = party_for_update(party_id)
    if party.kind != "person":
        raise Refused(reason=gettext_noop("A firm’s entry is public record; hide it instead."))
    access.may_erase(by, party).or_raise()
    now = clock.now()
    _forget_profile(party, now=now)
    because = tuple(reasons_to_keep(party.pk))
    if not because:
        Party.objects.filter(pk=party.pk).update(
            name_fa=ERASED_FA, name_en=ERASED_EN, national_id="", email="", mobile="",
            sort_key="", search_key="", place=None,
        )  # fmt: skip
        _close_accounts(party)
        for clean_up in slots.person_erased:
            clean_up(party.pk)
    record(by, "erased", subject("party", party.pk), facts={"identity": not because})
    changed([party.pk], at=now)
    return Erasure(party.pk, not because, because)


def _forget_profile(party: Party, *, now: object) -> None:
    for model in MODELS.values():
        model.objects.filter(party=party).delete()
    Position.objects.filter(person=party).delete()
    Presence.objects.filter(party=party).delete()
    GroupMember.objects.filter(party=party).delete()
    Claim.objects.filter(user__party=party).update(proof="", reason="")
    Keeper.objects.filter(user__party=party, until=None).update(until=now)
    Profile.objects.filter(pk=party.pk).update(
        about_fa="", about_en="", field="", languages="", exports=None, exports_shown=False,
        size_band="", website="", is_shown=False, is_listed=False, consent_at=None,
        confirmed_at=None, confirm_due=None, asked_for=None, asked_at=None,
        standing="declared", verified_by=None,
        verified_role="", verified_at=None, source="", from_home=False, erased_at=now,
    )  # fmt: skip


def _close_accounts(party: Party) -> None:
    """Close the person's accounts: the name of an account may be the name of its person."""
    for user in party.users.all():
        user.set_unusable_password()
        type(user).objects.filter(pk=user.pk).update(
            username=f"erased-{user.pk}", first_name="", last_name="", email="",
            password=user.password, is_active=False, is_superuser=False, is_staff=False,
        )  # fmt: skip


def erased(ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these parties were erased."""
    rows = Profile.objects.filter(party__in=list(ids), erased_at__isnull=False)
    return set(rows.values_list("party_id", flat=True))
