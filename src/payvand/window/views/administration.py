"""Which services are installed, and is this pack fit to be installed?"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from payvand.kernel import clock
from payvand.kernel.errors import Conflict, Invalid, NotFound
from payvand.registry.public import actor
from payvand.ui.errors import what_and_why
from payvand.ui.language import lang
from payvand.window import access, actions, queries
from payvand.window.forms import PackForm
from payvand.window.rules import packs
from payvand.window.views.edge import answered, put_errors, tell


@require_safe
@login_required
def services(request: HttpRequest) -> HttpResponse:
    """The installed versions with their dates."""
    access.may_install(actor(request)).or_raise()
    return render(request, "window/services.html", {"installed": queries.installed()})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def install(request: HttpRequest) -> HttpResponse:
    """Read a pack, show its faults by line and how to mend them; install it when there is none."""
    by = actor(request)
    access.may_install(by).or_raise()
    posted = request.method == "POST"
    form = PackForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        owners=queries.owners(),
    )
    problems: list[dict[str, Any]] = []
    result = None
    if posted:
        ready = form.is_valid()
        text = str(form.cleaned_data.get("text") or "")
        if text.strip():
            result = packs.load(text, str(form.cleaned_data.get("filename") or "service.yaml"))
            problems = [_shown(one) for one in result.problems]
            form.show(text)
        if ready and result is not None and result.pack is not None and "install" in request.POST:
            done = _install(request, form)
            if done is not None:
                return done
    context = {
        "form": form,
        "problems": problems,
        "result": result,
        "has_errors": bool(result and result.errors),
    }
    status = 422 if result and result.errors else answered(form)
    return render(request, "window/install.html", context, status=status)


def _install(request: HttpRequest, form: PackForm) -> HttpResponse | None:
    cleaned = form.cleaned_data
    try:
        version = actions.install_pack(
            by=actor(request),
            text=cleaned["text"],
            filename=cleaned["filename"],
            owner_slug=cleaned["owner"],
            effective_from=cleaned["effective_from"],
        )
    except Invalid as error:
        put_errors(form, error)
        return None
    except (Conflict, NotFound) as error:
        form.add_error(None, what_and_why(error))
        return None
    tell(request, _("The service is installed."))
    if version.effective_from > clock.local_date(clock.now()):
        return redirect("window:services")  # its own page opens on the day it takes effect
    return redirect("window:service", version.service_id)


def _shown(problem: packs.Problem) -> dict[str, Any]:
    language = lang()
    return {
        "line": problem.line,
        "column": problem.column,
        "code": problem.code,
        "path": problem.path,
        "what": problem.what[language],
        "how": problem.how[language],
        "kind": "over" if problem.is_error else "soon",
        "label": _("Error") if problem.is_error else _("Warning"),
    }
