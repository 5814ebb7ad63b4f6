"""How far has the worker come with a file, and what became of its rows?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from payvand.energy import access, labels
from payvand.energy.actions import uploads as acting
from payvand.energy.models import Upload
from payvand.energy.models.uploads import OPEN, WAITING
from payvand.energy.views.balance import tabs
from payvand.kernel import clock
from payvand.kernel.errors import NotFound
from payvand.registry.public import Actor, actor
from payvand.ui.errors import said

SMALL, SMALL_BOOK = 1024 * 1024, 128 * 1024  # bytes that a request may read at once
BOOK = b"PK"
LONG = timedelta(minutes=1)  # to wait for a worker
WORDS = {**labels.SUPPLY_KINDS, **labels.READING_KINDS}


def is_large(file: Any) -> bool:
    """True for a file that the worker reads; a workbook takes ten times as long as text."""
    is_book = file.read(2) == BOOK
    file.seek(0)
    return bool(file.size > (SMALL_BOOK if is_book else SMALL))


def handed_over(where: tuple[str, str], kind: str, file: Any, by: Actor) -> HttpResponse:
    """Hand a file over to the worker, and lead to the page that shows how far it is."""
    brought = acting.Brought(kind, str(file.name), file.chunks())
    upload = acting.hand_over(where[0], brought, by=by, carrier=where[1])
    return redirect("energy:upload", where[0], upload.pk)


@require_safe
@login_required
@never_cache
def upload(request: HttpRequest, area: str, upload_id: UUID) -> HttpResponse:
    """One file: how far it is, then what became of its rows; only that part when htmx asks."""
    found = acting.find(area, upload_id)
    if found is None:
        raise NotFound(upload=str(upload_id))
    by = actor(request)
    access.may_operate(by, area, found.carrier).or_raise()
    page = "asset_import" if found.kind == acting.CONSUMERS else "load"
    context = {**told(found), **tabs(by, area, "load", found.carrier)}
    context["another"] = reverse(f"energy:{page}", args=[area]) + context["of"]
    part = getattr(request, "htmx", False)
    return render(request, "energy/_upload.html" if part else "energy/upload.html", context)


def told(found: Upload) -> dict[str, Any]:
    """Return what is shown of a file."""
    report, is_open = found.report, found.state in OPEN
    late = found.state == WAITING and clock.now() - found.at > LONG
    return {
        "upload": found, "area": found.area_id, "is_open": is_open, "is_late": late,
        "kind": labels.said(labels.UPLOADS, found.kind),
        "percent": min(100, 100 * found.done // found.whole) if found.whole else None,
        "wrong": _wrong(found.problem),
        "report": report if report and not is_open else None,
        "reasons": [(labels.said(WORDS, why), n) for why, n in report.get("rejected", {}).items()],
        "rows": [(row, labels.said(WORDS, why), text) for row, why, text in report.get("rows", ())],
        "faults": [(row, _(labels.COLUMNS[column]), _(labels.ASSET_WHY[why]), text)
                   for row, column, why, text in report.get("faults", ())],
    }  # fmt: skip


def _wrong(problem: dict[str, Any]) -> str:
    parts = (said(problem.get(name, ""), problem.get("facts", {}))
             for name in ("what", "why", "now"))  # fmt: skip
    return " ".join(part for part in parts if part)
