"""How does an applicant answer a completion request, with files, in one step?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from payvand.ledger import public as ledger
from payvand.registry.public import Actor
from payvand.window import access
from payvand.window.actions.uploads import keep, value_of
from payvand.window.models import Application


@transaction.atomic
def complete(
    *, by: Actor, application_id: UUID, obligation_id: UUID,
    data: Mapping[str, Any], files: Mapping[str, Any],
) -> None:  # fmt: skip
    """Answer a completion request; the files become the application's, the clock runs again.

    files: uploads that the form has checked. Raises Refused, Invalid, and what the ledger raises.
    """
    application = Application.objects.select_related("service").get(pk=application_id)
    access.may_act_for_applicant(by, application).or_raise()
    kept = {name: keep(upload, name, application=application) for name, upload in files.items()}
    told = {name: value_of(row.pk, row.name) for name, row in kept.items()}
    reply = ledger.Reply("done", fields={**data, **told})
    ledger.complete(by=by, obligation_id=obligation_id, reply=reply)
