"""How does an applicant answer a completion request, with files, in one step?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from payvand.kernel import clock
from payvand.kernel.errors import Invalid
from payvand.kernel.ids import uuid7
from payvand.ledger import public as ledger
from payvand.registry.public import Actor
from payvand.window import access
from payvand.window.models import Application, Attachment


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
    kept = {name: _keep(application, name, upload) for name, upload in files.items()}
    reply = ledger.Reply("done", fields={**data, **kept})
    ledger.complete(by=by, obligation_id=obligation_id, reply=reply)


def _keep(application: Application, field: str, upload: Any) -> dict[str, str]:
    """Store one file under a name of our own; return what an answer keeps of it."""
    if upload.size > settings.PAYVAND_UPLOAD_MAX_BYTES:
        raise Invalid({field: "The file is too large."})
    body, key = upload.read(), uuid7()
    stored = default_storage.save(f"{key.hex[:2]}/{key.hex}", ContentFile(body))
    row = Attachment.objects.create(
        id=key, application=application, field=field, name=upload.name[:160], stored=stored,
        media_type=(upload.content_type or "")[:80], size=len(body),
        sha256=hashlib.sha256(body).hexdigest(), at=clock.now(),
    )  # fmt: skip
    return {"file": str(key), "name": row.name}
