"""What do the pages of the window share: how they tell of success, and of what a form got wrong?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from payvand.kernel.errors import Invalid
from payvand.ui.errors import said

# Sentences that access and actions say as plain msgids; named here so that they are translated.
SAID_ELSEWHERE = (
    gettext_noop("This application belongs to somebody else."),
    gettext_noop("You have no recorded mandate for this applicant."),
    gettext_noop("This draft belongs to somebody else."),
    gettext_noop("Only the applicant may do this."),
    gettext_noop("Only an administrator installs services."),
    gettext_noop("A decision is taken by a decider of the owner office."),
    gettext_noop("There is no decision that can be objected to."),
    gettext_noop("The term for objections has run out."),
    gettext_noop("Write what you object to, and why."),
    gettext_noop("Write the number of the receipt."),
    gettext_noop("The file is too large."),
    # states, as refusals name them
    gettext_noop("granted"),
    gettext_noop("refused"),
    gettext_noop("withdrawn"),
    gettext_noop("deemed"),
    gettext_noop("valid"),
    gettext_noop("suspended"),
    gettext_noop("revoked"),
)


def put_errors(form: Any, error: Invalid) -> None:
    """Write what an action found wrong to the fields of the form it came from."""
    fields: Mapping[str, str] = error.facts.get("fields") or {}
    for name, message in fields.items():
        key = name.partition(".")[2] or name
        form.add_error(key if key in form.fields else None, _(message))
    if not fields:
        form.add_error(None, said(error.what, error.facts))


def tell(request: HttpRequest, text: str, tone: str = "ok") -> None:
    """Show a sentence on the next page."""
    messages.add_message(request, messages.SUCCESS, text, extra_tags=tone)


def reached_from(request: HttpRequest, name: str) -> None:
    """Mark in the menu the entry by which this reader comes to a page of many readers."""
    request.nav_at = reverse(name)  # type: ignore[attr-defined]


def answered(form: Any) -> int:
    """Return the status of a form page: 422 when what was typed needs correction."""
    return 422 if form.is_bound and form.errors else 200
