"""How is it put on record that an official in charge looked into a case?"""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID

from django.db import transaction

from payvand.kernel import clock
from payvand.kernel.errors import Refused
from payvand.ledger import public as ledger
from payvand.registry.public import Actor
from payvand.window import access
from payvand.window.models import Application

SHOWN = ["state", "terms", "delays"]  # what the official's page shows; no field of the form


@transaction.atomic
def look_into(*, by: Actor, application_id: UUID) -> None:
    """Record the look of an official, once a day for each account; the applicant can read it.

    Raises Refused when nobody put the actor in charge of the case.
    """
    application = Application.objects.select_related("service").get(pk=application_id)
    sight = access.sight_of(by, application)
    if sight is None:
        raise Refused("This application belongs to somebody else.")
    work = ledger.Work(at=clock.now(), by=by.name())
    looked = ledger.Disclosure.objects.filter(case_id=application_id, how="official")
    if looked.filter(actor=work.by, at__gte=_midnight(work.at)).exists():
        return
    agency = min(sight.agencies, default=None) if sight.agencies else None
    work.heads = ledger.lock_heads({application_id})
    work.add("Disclosure", case_id=application_id, party_id=None if sight.office else agency,
             actor=work.by, fields=SHOWN, how="official", at=work.at)  # fmt: skip
    work.log(application_id, "window.looked_into", f"application:{application_id}",
             office=sight.office, agency=str(agency or ""))  # fmt: skip
    ledger.flush(work)


def _midnight(at: datetime) -> datetime:
    """Return the beginning of the legal day."""
    return datetime.combine(clock.local_date(at), time(), clock.TEHRAN)
