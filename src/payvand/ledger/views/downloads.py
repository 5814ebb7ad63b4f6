"""How are files read: those that an inquiry carries, and those of its answer?"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from payvand.kernel.errors import PayvandError
from payvand.ledger import files, links
from payvand.ledger.errors import LinkUsed
from payvand.ledger.sendfile import sent_file
from payvand.ledger.views.edge import guarded, refusal
from payvand.registry.public import actor


@login_required
@require_safe
@guarded
def answer_file(request: HttpRequest, file_id: UUID) -> HttpResponse | FileResponse:
    """A file of an answer: for its two desks, the offices asked with it, and the applicant."""
    return sent_file(files.download(by=actor(request), file_id=file_id))


@login_required
@require_safe
@guarded
def carried_file(
    request: HttpRequest, obligation_id: UUID, file_id: UUID
) -> HttpResponse | FileResponse:
    """A file that an inquiry carries, for the desk that is asked."""
    by = actor(request)
    return sent_file(files.download_carried(by=by, obligation_id=obligation_id, file_id=file_id))


@never_cache
@require_safe
def file_by_link(request: HttpRequest, token: str, file_id: UUID) -> HttpResponse | FileResponse:
    """A file that the inquiry of a single-use link carries."""
    try:
        by = links.actor_for_token(token)
        if by.obligation is None:
            raise LinkUsed(expires_at="", code="")
        found = files.download_carried(by=by, obligation_id=by.obligation, file_id=file_id)
    except PayvandError as error:
        return refusal(request, error)
    return sent_file(found)
