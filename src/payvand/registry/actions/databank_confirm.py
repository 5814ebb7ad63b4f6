"""How is a profile confirmed, and who is asked to, once in each period?

Whoever does not answer loses nothing: the profile stays, says since when it is unconfirmed, and
stands on the broker's list.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import F

from payvand.kernel import clock
from payvand.kernel.errors import Refused, gettext_noop
from payvand.registry.access import databank as access
from payvand.registry.actions.databank import party_for_update, profile_of
from payvand.registry.actions.journal import record, subject
from payvand.registry.models import Profile
from payvand.registry.queries import desk
from payvand.registry.queries.people import today
from payvand.registry.rules import ageing
from payvand.registry.rules.actor import Actor


@transaction.atomic
def confirm(party_id: UUID, *, by: Actor) -> None:
    """Say that a profile is still true; it asks again in a year."""
    party = party_for_update(party_id)
    access.may_keep(by, party).or_raise()
    row, now = profile_of(party), clock.now()
    due = ageing.confirm_due(today())
    Profile.objects.filter(pk=row.pk).update(confirmed_at=now, confirm_due=due, changed_at=now)
    record(by, "profile_confirmed", subject("party", party.pk), facts={"until": due.isoformat()})


@transaction.atomic
def mark_asked(*, by: Actor, limit: int = 500) -> list[desk.Due]:
    """Return whom to ask now to confirm their profiles, marked as asked for this period.

    Whoever writes the notices does so in the same transaction. Only the system may. One event.
    """
    if by.kind != "system":
        raise Refused(reason=gettext_noop("The request to confirm is sent by the system."))
    found = desk.due_for_confirmation(limit=limit)
    if found:
        rows = Profile.objects.filter(pk__in=[one.party for one in found])
        rows.update(asked_for=F("confirm_due"), asked_at=clock.now())
        record(by, "confirmation_asked", subject("databank", "profiles"),
               facts={"profiles": len(found)})  # fmt: skip
    return found
