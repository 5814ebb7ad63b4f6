"""How is one sentence of an error put into the reader's language, its facts filled in?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from payvand.kernel.errors import PayvandError
from payvand.ui.language import pick
from payvand.ui.templatetags.ui import digits, jdate_text, jdatetime_text


def said(msgid: str, facts: Mapping[str, Any]) -> str:
    """Return a sentence; a fact that was forgotten must not hide the refusal itself."""
    if not msgid:
        return ""
    try:
        return _(msgid).format_map({name: _shown(value) for name, value in facts.items()})
    except (KeyError, IndexError, ValueError):
        return _(msgid)


def what_and_why(error: PayvandError) -> str:
    """Return what happened and why, for the head of a form."""
    parts = (said(error.what, error.facts), said(error.why, error.facts))
    return " ".join(part for part in parts if part)


def _shown(value: Any) -> Any:
    """Return a fact as people read it; texts in both languages come as {fa, en}."""
    if isinstance(value, datetime):
        return jdatetime_text(value)
    if isinstance(value, date):
        return jdate_text(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return digits(value)
    if isinstance(value, Mapping) and set(value) == {"fa", "en"}:
        return pick(value)
    return _(value) if isinstance(value, str) and value else value
