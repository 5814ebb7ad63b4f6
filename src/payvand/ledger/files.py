"""How does a file become part of an answer, and who may read it afterwards?

A file is checked by size and content when it comes in, and kept under a name of ours. An answer
names it by its id; of a file whose answer was never given, nothing is shown. Every download is a
disclosure.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from payvand.kernel import clock
from payvand.kernel.errors import YES, Invalid, NotFound, Verdict, gettext_noop, no
from payvand.kernel.ids import uuid7
from payvand.ledger import access, lookups, sql
from payvand.ledger.models import AnswerFile, Obligation
from payvand.ledger.queries import applicant, as_owed
from payvand.ledger.rules.reply import Reply
from payvand.plugins import slots
from payvand.registry.public import Actor
from payvand.ui.uploads import CheckedFileField

KEY = "answer_file"  # under which the value of a field names its file
UNKNOWN = gettext_noop("This file was not uploaded for this field.")


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as it is sent to whoever may read it."""

    name: str
    stored: str
    media_type: str


def fields_of(spec: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the file fields that a question returns, by name."""
    return {str(f["id"]): f for f in spec.get("returns", ()) if f.get("type") == "file"}


def value_of(kept: AnswerFile) -> dict[str, Any]:
    """Return what an answer says of its file."""
    return {KEY: str(kept.pk), "name": kept.name, "size": kept.size}


@transaction.atomic
def attach(*, by: Actor, obligation_id: UUID, field: str, upload: Any) -> dict[str, Any]:
    """Keep a file for a field of an answer that is being written; returns the field's value.

    Raises Refused, NotFound, Invalid (too large, of another kind, no file field).
    """
    found = sql.lock([obligation_id])
    if not found:
        raise NotFound(obligation=str(obligation_id))
    owed = found[0]
    access.may_answer(by, owed).or_raise()
    kept = _keep(owed, field, upload, by.name())
    work = sql.Work(at=kept.at, by=by.name(), heads={owed.case_id: (owed.seq, owed.head)})
    work.log(owed.case_id, "ledger.file_kept", f"obligation:{owed.id}", field=field,
             sha256=kept.sha256, size=kept.size)  # fmt: skip
    sql.flush(work)
    return value_of(kept)


def _keep(owed: sql.Owed, field: str, upload: Any, by: str) -> AnswerFile:
    spec = fields_of(owed.spec).get(field)
    if spec is None:
        raise Invalid({f"fields.{field}": gettext_noop("The question asks for no file here.")})
    try:
        CheckedFileField(accept=spec.get("accept", ()), max_mb=spec.get("max_mb")).clean(upload)
    except ValidationError as wrong:
        raise Invalid({f"fields.{field}": " ".join(wrong.messages)}) from wrong
    if upload.size > settings.PAYVAND_UPLOAD_MAX_BYTES:
        raise Invalid({f"fields.{field}": gettext_noop("The file is too large.")})
    upload.seek(0)
    body, key = upload.read(), uuid7()
    stored = default_storage.save(f"{key.hex[:2]}/{key.hex}", ContentFile(body))
    return AnswerFile.objects.create(
        id=key, obligation_id=owed.id, field=field, name=str(upload.name)[:160], stored=stored,
        media_type=(upload.content_type or "")[:80], size=len(body),
        sha256=hashlib.sha256(body).hexdigest(), by=by, at=clock.now(),
    )  # fmt: skip


def waiting(by: Actor, owed: Obligation) -> dict[str, dict[str, Any]]:
    """Return the newest file that the actor uploaded for each field since the last answer."""
    if not fields_of(owed.spec):
        return {}
    since = owed.recorded_at or owed.sent_at
    rows = AnswerFile.objects.filter(obligation_id=owed.pk, by=by.name(), at__gte=since)
    return {row.field: value_of(row) for row in rows.order_by("at", "pk")}


def settled(owed: sql.Owed, reply: Reply, by: str) -> Reply:
    """Return the reply with every file as it is kept; one that came inside the reply is kept now.

    A value is `{"answer_file": id}`, or `{"name": …, "content": base64}`. Raises Invalid.
    """
    wanted = fields_of(owed.spec)
    if not wanted or not set(wanted) & set(reply.fields):
        return reply
    told = dict(reply.fields)
    for field in set(wanted) & set(told):
        if told[field] in (None, ""):
            del told[field]
        else:
            told[field] = value_of(_named(owed, field, told[field], by))
    return replace(reply, fields=told)


def _named(owed: sql.Owed, field: str, value: Any, by: str) -> AnswerFile:
    if isinstance(value, Mapping) and "content" in value:
        try:
            body = b64decode(str(value["content"]), validate=True)
        except (NotBase64, ValueError) as broken:
            wrong = gettext_noop("The content of the file is not base64.")
            raise Invalid({f"fields.{field}": wrong}) from broken
        name, media = str(value.get("name") or field), str(value.get("media_type") or "")
        return _keep(owed, field, SimpleUploadedFile(name, body, media), by)
    key = str(value.get(KEY, "")) if isinstance(value, Mapping) else ""
    try:
        kept = AnswerFile.objects.filter(pk=UUID(key), obligation_id=owed.id, field=field).first()
    except ValueError:
        kept = None
    if kept is None:
        raise Invalid({f"fields.{field}": UNKNOWN})
    return kept


# --- reading ------------------------------------------------------------------------------------


def may_read(by: Actor, kept: AnswerFile) -> Verdict:
    """The two desks of the inquiry, whoever is asked with this file, and the applicant.

    What the service calls confidential is not shown to the applicant; a file whose answer was not
    given is shown to the desk that uploaded it alone.
    """
    owed = kept.obligation
    is_given = _carries(owed.reply, kept) or any(
        _carries(reply, kept)
        for reply in owed.answers.filter(no__gt=0).values_list("reply", flat=True)
    )
    if not is_given:
        return access.may_answer(by, as_owed(owed))
    if access.may_see(by, as_owed(owed)).ok or _is_asked_with(by, kept):
        return YES
    spec = fields_of(owed.spec).get(kept.field, {})
    if by.acts_for(applicant(owed.case_id)):
        if spec.get("confidential"):
            return no(gettext_noop("This file is confidential between the offices."))
        return YES
    return no(gettext_noop("This file belongs to an inquiry of others."))


def _carries(reply: Any, kept: AnswerFile) -> bool:
    fields = (reply or {}).get("fields", {})
    value = fields.get(kept.field)
    return isinstance(value, Mapping) and value.get(KEY) == str(kept.pk)


def _is_asked_with(by: Actor, kept: AnswerFile) -> bool:
    """Does an inquiry put to a desk of the actor carry this file?"""
    rows = Obligation.objects.filter(
        case_id=kept.obligation.case_id, kind="inquiry", debtor_id__in={s.org for s in by.seats}
    )
    payloads = rows.values_list("payload", flat=True)
    return any(field_with(payload, str(kept.pk)) for payload in payloads)


def field_with(value: Any, key: str, name: str = "") -> str:
    """Return the name of the field that carries a file; empty when none does."""
    if isinstance(value, Mapping):
        if key in (value.get(KEY), value.get("file")):
            return name
        parts: Any = value.items()
    elif isinstance(value, list | tuple):
        parts = ((name, one) for one in value)
    else:
        return ""
    found = (field_with(inner, key, name or str(label)) for label, inner in parts)
    return next(filter(None, found), "")


@transaction.atomic
def download(*, by: Actor, file_id: UUID) -> Stored:
    """Return a file of an answer that the actor may read; the reading is a disclosure.

    Raises NotFound, Refused.
    """
    kept = AnswerFile.objects.select_related("obligation").filter(pk=file_id).first()
    if kept is None:
        raise NotFound(file=str(file_id))
    may_read(by, kept).or_raise()
    _disclose(by, kept.obligation, f"{kept.obligation.question}.{kept.field}")
    return Stored(kept.name, kept.stored, kept.media_type)


@transaction.atomic
def download_carried(*, by: Actor, obligation_id: UUID, file_id: UUID) -> Stored:
    """Return a file that an inquiry carries, the applicant's own or another office's.

    Raises NotFound (the inquiry carries no such file), Refused.
    """
    owed = Obligation.objects.filter(pk=obligation_id).first()
    if owed is None:
        raise NotFound(obligation=str(obligation_id))
    access.may_see(by, as_owed(owed)).or_raise()
    field = field_with(owed.payload, str(file_id))
    row = AnswerFile.objects.filter(pk=file_id).first() if field else None
    found = Stored(row.name, row.stored, row.media_type) if row else None
    if field and found is None:
        told = next((x for ask in slots.case_files if (x := ask(file_id)) is not None), None)
        found = Stored(*told) if told else None
    if found is None:
        raise NotFound(file=str(file_id))
    _disclose(by, owed, field)
    return found


def _disclose(by: Actor, owed: Obligation, field: str) -> None:
    work = sql.Work(at=clock.now(), by=by.name(), heads=sql.lock_heads({owed.case_id}))
    work.add("Disclosure", case_id=owed.case_id, obligation_id=owed.pk, party_id=_reader(by, owed),
             actor=work.by, fields=[field], how="download", at=work.at)  # fmt: skip
    work.log(owed.case_id, "ledger.downloaded", f"obligation:{owed.pk}", field=field)
    sql.flush(work)


def _reader(by: Actor, owed: Obligation) -> UUID | None:
    """Return on whose behalf a file is read."""
    if by.obligation is not None:
        return owed.debtor_id if by.obligation == owed.pk else lookups.debtor_of(by.obligation)
    orgs = [seat.org for seat in by.seats]
    known = next((org for org in (owed.debtor_id, owed.asker_id) if org in orgs), None)
    return known or (orgs[0] if orgs else by.party)
