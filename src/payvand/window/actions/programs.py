"""How does a program apply and complete, its files inside what it sends?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from payvand.kernel.errors import Invalid, NotFound, gettext_noop
from payvand.kernel.ids import uuid7
from payvand.ledger import public as ledger
from payvand.registry.public import Actor
from payvand.window import access, compiled
from payvand.window.actions.applications import file
from payvand.window.actions.completions import complete
from payvand.window.actions.uploads import inside, keep, value_of
from payvand.window.models import Application
from payvand.window.rules import answers
from payvand.window.rules.pack_compile import field_of

NOTHING = gettext_noop("Give at least one of the things that you were asked for.")


@transaction.atomic
def file_with_files(
    *, by: Actor, version: int, applicant: UUID, place: str, data: Mapping[str, Any]
) -> Application:
    """File an application whose files come inside its data. Raises what `file` raises."""
    access.may_file_for(by, applicant).or_raise()
    fields = compiled.service_of(version).fields()
    uploads = inside(fields, data)
    keys = {name: uuid7() for name in uploads}
    told = dict(data) | {name: value_of(key, uploads[name].name) for name, key in keys.items()}
    made = file(by=by, version=version, applicant=applicant, place=place, data=told)
    for name, upload in uploads.items():
        keep(upload, name, key=keys[name], application=made)
    return made


@transaction.atomic
def complete_with_files(
    *, by: Actor, application_id: UUID, obligation_id: UUID, fields: Mapping[str, Any]
) -> None:
    """Answer a completion request whose files come inside the fields.

    Raises Refused, NotFound, Invalid, and what the ledger raises.
    """
    application = Application.objects.select_related("service").get(pk=application_id)
    access.may_act_for_applicant(by, application).or_raise()
    asked = ledger.Obligation.objects.filter(
        pk=obligation_id, case_id=application_id, kind="completion"
    ).first()
    if asked is None:
        raise NotFound(request=str(obligation_id))
    wanted = [field_of(item) for item in asked.spec.get("items", ())]
    uploads = inside(wanted, fields)
    plain = {name: value for name, value in fields.items() if name not in uploads}
    service = compiled.service_of(application.version_id)
    wrong = answers.problems_of(service, wanted, plain)
    if not uploads and not any(value not in (None, "", [], {}) for value in plain.values()):
        wrong["fields"] = NOTHING
    if wrong:
        raise Invalid(wrong)
    complete(by=by, application_id=application_id, obligation_id=obligation_id,
             data=plain, files=uploads)  # fmt: skip
