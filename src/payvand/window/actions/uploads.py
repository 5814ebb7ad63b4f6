"""How does a file come into an application, from a form or inside the JSON of a program?"""

from __future__ import annotations

import hashlib
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from payvand.kernel import clock
from payvand.kernel.errors import Invalid, gettext_noop
from payvand.kernel.ids import uuid7
from payvand.ui.uploads import CheckedFileField
from payvand.window.models import Application, Attachment, Draft
from payvand.window.rules.pack_model import Field

FILES = ("file", "bom")
NO_CONTENT = gettext_noop("Send a file as name, media_type and content, its content in base64.")
NOT_BASE64 = gettext_noop("The content of the file is not base64.")


def keep(upload: Any, field: str, *, key: UUID | None = None, draft: Draft | None = None,
         application: Application | None = None) -> Attachment:  # fmt: skip
    """Store a checked file under a name of our own. Raises Invalid when it is too large."""
    if upload.size > settings.PAYVAND_UPLOAD_MAX_BYTES:
        raise Invalid({field: "The file is too large."})
    body, key = upload.read(), key or uuid7()
    stored = default_storage.save(f"{key.hex[:2]}/{key.hex}", ContentFile(body))
    return Attachment.objects.create(
        id=key, draft=draft, application=application, field=field, name=upload.name[:160],
        stored=stored, media_type=(upload.content_type or "")[:80], size=len(body),
        sha256=hashlib.sha256(body).hexdigest(), at=clock.now(),
    )  # fmt: skip


def value_of(key: UUID, name: str) -> dict[str, str]:
    """Return what an answer keeps of a file."""
    return {"file": str(key), "name": name[:160]}


def inside(fields: Iterable[Field], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the files within the data, by field, checked as those of a form. Raises Invalid."""
    found, wrong = {}, {}
    for field in fields:
        value = data.get(field.id)
        if field.type not in FILES or value in (None, "", {}):
            continue
        try:
            found[field.id] = _upload(field, value)
        except ValidationError as error:
            wrong[field.id] = " ".join(error.messages)
    if wrong:
        raise Invalid(wrong)
    return found


def _upload(field: Field, value: Any) -> Any:
    if not isinstance(value, Mapping) or "content" not in value:
        raise ValidationError(NO_CONTENT)
    try:
        body = b64decode(str(value["content"]), validate=True)
    except (NotBase64, ValueError) as broken:
        raise ValidationError(NOT_BASE64) from broken
    name, media = str(value.get("name") or field.id), str(value.get("media_type") or "")
    checked = CheckedFileField(
        accept=field.options.get("accept", ()), max_mb=field.options.get("max_mb")
    )
    return checked.clean(SimpleUploadedFile(name, body, media))
