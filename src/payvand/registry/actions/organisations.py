"""How is an organisation connected, for which role does it answer, and who sits in it?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from payvand.kernel import clock
from payvand.kernel.errors import NotFound, gettext_noop
from payvand.registry import access, versions
from payvand.registry.actions.journal import record, subject
from payvand.registry.models import Connection, DebtorRole, Membership, Party
from payvand.registry.queries.duties import Link
from payvand.registry.queries.people import in_force, today
from payvand.registry.queries.places import place
from payvand.registry.rules.actor import Actor
from payvand.registry.rules.refusals import AlreadyEnded, NoParty, Unfit

LEVELS = ("inbox", "letter", "rest")
SEATS = ("clerk", "signatory", "secretariat", "decider", "head", "admin", "counter")
ROLE = re.compile(r"[a-z][a-z0-9_-]{0,59}")
SECRET_NAME = re.compile(r"[A-Z][A-Z0-9_]{2,79}")


@dataclass(frozen=True, slots=True)
class SeatDraft:
    """Whose seat in which organisation, from when to when (inclusive)."""

    user: int
    org: UUID
    role: str
    starts: date
    ends: date | None = None
    place: str | None = None


def check_link(link: Link) -> dict[str, str]:
    """Return what is wrong with a connection, by field."""
    found: dict[str, str] = {}
    if link.level not in LEVELS:
        found["level"] = gettext_noop("Choose one of the three levels.")
    if link.level == "rest" and not re.match(r"https?://[^\s/]+", link.address):
        found["address"] = gettext_noop("Enter the base address, beginning with https://.")
    if link.level == "letter" and not ("@" in link.address or link.address.startswith("/")):
        found["address"] = gettext_noop(
            "Enter an e-mail address, or a drop folder with its full path, such as /srv/letters/x."
        )
    if link.secret_name and not SECRET_NAME.fullmatch(link.secret_name):
        found["secret_name"] = gettext_noop(
            "Enter the name of the setting in capitals, not the secret itself."
        )
    if link.level == "rest" and not link.secret_name:
        found["secret_name"] = gettext_noop("Name the setting that holds the shared secret.")
    return found


@transaction.atomic
def connect(agency_id: UUID, link: Link, *, by: Actor, at: datetime | None = None) -> None:
    """Connect an agency at one of the three levels from now on; the former way is kept as history.

    Raises Refused, NoParty, Unfit.
    """
    access.may_connect(by, agency_id).or_raise()
    wrong = check_link(link)
    if wrong:
        raise Unfit(fields=wrong)
    agency = Party.objects.select_for_update().filter(pk=agency_id, kind="agency").first()
    if agency is None:
        raise NoParty(party=str(agency_id))
    now = at or clock.now()
    Connection.objects.filter(Q(valid_to=None) | Q(valid_to__gt=now), agency_id=agency_id).update(
        valid_to=now
    )
    Connection.objects.create(
        agency_id=agency_id,
        level=link.level,
        address=link.address,
        secret_name=link.secret_name,
        valid_from=now,
    )
    record(
        by,
        "connected",
        subject("party", agency_id),
        facts={"level": link.level},
        topics=(versions.CONNECTIONS,),
        at=now,
    )


@transaction.atomic
def set_debtor(
    role: str,
    place_code: str,
    agency_id: UUID,
    *,
    by: Actor,
    starts: date | None = None,
    ends: date | None = None,
) -> None:
    """Let an agency answer for a role at a place; what is known already is left as it is.

    starts: ends the duty of the agency that answered there before, one day earlier.
    """
    access.may_manage(by).or_raise()
    if not ROLE.fullmatch(role):
        raise Unfit(fields={"role": gettext_noop("A role has small Latin letters and hyphens.")})
    place(place_code)
    rows = DebtorRole.objects.filter(role=role, place_id=place_code)
    if rows.filter(agency_id=agency_id, valid_from=starts, valid_to=ends).exists():
        return
    if starts is not None:
        eve = date.fromordinal(starts.toordinal() - 1)
        rows.filter(Q(valid_to=None) | Q(valid_to__gte=starts)).exclude(
            valid_from__gte=starts
        ).update(valid_to=eve)
    DebtorRole.objects.create(
        role=role, place_id=place_code, agency_id=agency_id, valid_from=starts, valid_to=ends
    )
    record(
        by,
        "debtor_set",
        subject("party", agency_id),
        facts={
            "role": role,
            "place": place_code,
            "from": starts.isoformat() if starts else None,
            "to": ends.isoformat() if ends else None,
        },
        topics=(versions.DEBTORS,),
    )


@transaction.atomic
def seat(draft: SeatDraft, *, by: Actor) -> int:
    """Give a user a seat in an organisation and return its id; the same seat is given once."""
    access.may_seat(by, draft.org).or_raise()
    if draft.role not in SEATS:
        raise Unfit(fields={"role": gettext_noop("Choose one of the seats.")})
    if draft.ends is not None and draft.ends < draft.starts:
        raise Unfit(fields={"ends": gettext_noop("The last day lies before the first.")})
    known = Membership.objects.filter(
        in_force(draft.starts),
        user_id=draft.user,
        org_id=draft.org,
        role=draft.role,
        place_id=draft.place,
    ).first()
    if known is not None:
        return known.pk
    row = Membership.objects.create(
        user_id=draft.user,
        org_id=draft.org,
        role=draft.role,
        place_id=draft.place,
        valid_from=draft.starts,
        valid_to=draft.ends,
    )
    record(
        by,
        "seated",
        subject("party", draft.org),
        facts={"seat": row.pk, "user": draft.user, "role": draft.role, "place": draft.place},
    )
    return row.pk


@transaction.atomic
def end_seat(seat_id: int, *, by: Actor, last_day: date | None = None) -> None:
    """End a seat after its last day (yesterday by default, so that it ends at once)."""
    row = Membership.objects.select_for_update().filter(pk=seat_id).first()
    if row is None:
        raise NotFound(seat=seat_id)
    access.may_seat(by, row.org_id).or_raise()
    day = last_day or date.fromordinal(today().toordinal() - 1)
    if row.valid_to is not None and row.valid_to <= day:
        raise AlreadyEnded(ended=row.valid_to.isoformat())
    Membership.objects.filter(pk=seat_id).update(valid_to=day)
    record(
        by,
        "seat_ended",
        subject("party", row.org_id),
        facts={"seat": seat_id, "user": row.user_id, "to": day.isoformat()},
    )
