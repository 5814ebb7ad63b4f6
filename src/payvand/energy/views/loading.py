"""How does an operator load a file, and learn row by row what could not be used?"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from payvand.energy import access, labels
from payvand.energy.actions import loading
from payvand.energy.forms import REGISTER, SUPPLY, LoadForm
from payvand.energy.queries import uploads as queries
from payvand.energy.views.balance import carrier_of, tabs
from payvand.energy.views.steps import TOLD
from payvand.energy.views.uploads import handed_over, is_large
from payvand.kernel.errors import PayvandError
from payvand.registry.public import Actor, actor
from payvand.ui.errors import said

WORDS = {**labels.SUPPLY_KINDS, **labels.READING_KINDS}


@require_http_methods(["GET", "POST"])
@login_required
def load(request: HttpRequest, area: str) -> HttpResponse:
    """Load a file: a small one at once, with the report of its rows; a large one by the worker."""
    by, carrier = actor(request), carrier_of(request)
    access.may_operate(by, area, carrier).or_raise()
    post = request.method == "POST"
    form = LoadForm(request.POST, request.FILES) if post else LoadForm()
    report, wrong = None, ""
    if post and form.is_valid():
        try:
            data = form.cleaned_data
            if is_large(data["file"]):
                return handed_over((area, carrier), data["kind"], data["file"], by)
            report = _take((area, carrier), form.cleaned_data, by)
        except PayvandError as error:
            if error.status not in TOLD:
                raise
            wrong = " ".join(said(part, error.facts) for part in (error.what, error.why, error.now))
    context = {
        **tabs(by, area, "load", carrier), "form": form, "report": report, "wrong": wrong,
        "uploads": [(one, labels.said(labels.UPLOADS, one.kind), *labels.UPLOAD_STATES[one.state])
                    for one in queries.recent(area, carrier)],
        "rows": [(row, labels.said(WORDS, why), text) for row, why, text in report.rows]
        if report else [],
        "reasons": [(labels.said(WORDS, why), n) for why, n in report.rejected.items()]
        if report else [],
    }  # fmt: skip
    status = 422 if form.errors or wrong else 200
    return render(request, "energy/load.html", context, status=status)


def _take(where: tuple[str, str], data: dict[str, Any], by: Actor) -> loading.Report:
    file, kind, (area, carrier) = data["file"], data["kind"], where
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(str(file.name)).name[-80:].lower()
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        if kind == SUPPLY:
            return loading.take_supply_file(area, path, by=by, carrier=carrier)
        return loading.take_readings(area, path, by=by, register=kind == REGISTER,
                                     carrier=carrier)  # fmt: skip
