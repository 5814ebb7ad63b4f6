"""How does somebody fill a form over days and lose nothing?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from payvand.kernel import clock
from payvand.kernel.errors import Invalid, NotFound, gettext_noop
from payvand.registry import public as registry
from payvand.registry.public import Actor
from payvand.window import access, compiled
from payvand.window.actions.applications import file
from payvand.window.actions.uploads import keep, value_of
from payvand.window.models import Application, Attachment, Draft, ServiceVersion


def current_version(slug: str) -> int:
    """Return the version in effect today; raises NotFound when there is none."""
    today = clock.local_date(clock.now())
    found = (
        ServiceVersion.objects.filter(service_id=slug, effective_from__lte=today)
        .exclude(effective_to__lt=today)
        .order_by("-effective_from", "-id")
        .values_list("id", flat=True)
        .first()
    )
    if found is None:
        raise NotFound(service=slug)
    return found


@transaction.atomic
def start_draft(*, by: Actor, user_id: int, service_slug: str, applicant: UUID) -> Draft:
    """Begin a draft on the version in effect."""
    access.may_file_for(by, applicant).or_raise()
    return Draft.objects.create(
        user_id=user_id, applicant_id=applicant, version_id=current_version(service_slug),
        updated_at=clock.now(),
    )  # fmt: skip


def _draft(by: Actor, draft_id: UUID) -> Draft:
    draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None:
        raise NotFound(draft=str(draft_id))
    access.may_edit_draft(by, draft).or_raise()
    return draft


@transaction.atomic
def save_step(*, by: Actor, draft_id: UUID, step_id: str, data: dict[str, Any],
              complete: bool = True) -> Draft:  # fmt: skip
    """Keep what was typed in a step; a step with mistakes is kept too, but not marked as done."""
    draft = _draft(by, draft_id)
    draft.data = {**draft.data, **data}
    done = [s for s in draft.steps_done if s != step_id]
    draft.steps_done = [*done, step_id] if complete else done
    draft.updated_at = clock.now()
    draft.save(update_fields=["data", "steps_done", "updated_at"])
    return draft


@transaction.atomic
def attach(*, by: Actor, draft_id: UUID, field: str, upload: Any) -> Attachment:
    """Keep an uploaded file that the form has checked; its name on disk is ours."""
    draft = _draft(by, draft_id)
    kept = keep(upload, field, draft=draft)
    Attachment.objects.filter(draft=draft, field=field).exclude(pk=kept.pk).update(draft=None)
    draft.data = {**draft.data, field: value_of(kept.pk, kept.name)}
    draft.save(update_fields=["data"])
    return kept


@transaction.atomic
def drop_draft(*, by: Actor, draft_id: UUID) -> None:
    """Throw a draft away."""
    _draft(by, draft_id).delete()


@transaction.atomic
def submit(*, by: Actor, draft_id: UUID) -> Application:
    """File a finished draft; it becomes the application, with its files."""
    draft = _draft(by, draft_id)
    service = compiled.service_of(draft.version_id)
    missing = [s.id for s in service.steps if s.id not in draft.steps_done]
    if missing:
        raise Invalid(dict.fromkeys(missing, gettext_noop("This step is not finished.")))
    place = draft.data.get("place") or draft.data.get("county")
    if not place:
        place = registry.party(draft.applicant_id).place or registry.country()
    assisted = not by.acts_for(draft.applicant_id)
    application = file(by=by, version=draft.version_id, applicant=draft.applicant_id,
                       place=place, data=draft.data, assisted=assisted)  # fmt: skip
    Attachment.objects.filter(draft=draft).update(application=application, draft=None)
    draft.delete()
    return application
