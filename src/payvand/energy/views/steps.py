"""What do all pages about energy share: doing a step, and saying what came of it?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from payvand.kernel.errors import Invalid, PayvandError
from payvand.registry.public import Actor, actor
from payvand.ui.errors import said

TOLD = (409, 422, 503)  # told on the page; everything else has a page of its own


def do(request: HttpRequest, act: Callable[[Actor], Any], done: str, back: str) -> HttpResponse:
    """Do one step and lead back with what came of it; refusals are raised."""
    try:
        act(actor(request))
    except PayvandError as error:
        if error.status not in TOLD:
            raise
        messages.warning(request, _words(error))
    else:
        messages.success(request, done)
    return redirect(back)


def _words(error: PayvandError) -> str:
    if isinstance(error, Invalid):
        return " ".join(_(text) for text in error.facts["fields"].values())
    parts = (said(part, error.facts) for part in (error.what, error.why, error.now))
    return " ".join(part for part in parts if part)
