"""Why is a due time where it is, and how does a value read, in the reader's language?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from payvand.kernel import jalali
from payvand.kernel.terms import Line, OpenEndedStop, Stops, due
from payvand.kernel.text import format_number
from payvand.ledger import files
from payvand.ledger.queries import Detail, counted_from
from payvand.ledger.rules.clockwork import parse_term
from payvand.registry import public as registry
from payvand.ui.language import lang, pick


def why(found: Detail) -> list[str]:
    """Return the reasons why the due time is where it is, in the reader's language."""
    owed = found.owed
    if not owed.term:
        return []
    start = counted_from(owed)
    calendar = registry.calendar_of(owed.debtor_id)
    try:
        told = due(parse_term(owed.term), start, Stops.of(found.stops), calendar)
    except OpenEndedStop:
        return [_("The clock stands still now; the due time follows when it runs again.")]
    at = jalali.format_datetime(start, lang())
    if owed.delivered_at is None:
        first = _(
            "Delivery is not proven yet; until then the term is counted from sending, %(at)s."
        )
    elif start == owed.delivered_at:
        first = _("Delivery was proven on %(at)s; that day is not counted.")
    else:
        first = _("It was opened only after its term, which was counted from sending, %(at)s.")
    return [first % {"at": at}, *(_line(line) for line in told.lines)]


def _line(line: Line) -> str:
    title = line.title_fa if lang() == "fa" else line.title_en
    text = f"{jalali.format_date(line.date, lang(), weekday=True)}: {title}"
    return f"{text} ({registry.source_told(line.source)})" if line.source else text


def value_text(value: Any, href: Callable[[str], str] | None = None) -> str:
    """Return a value of a form as people read it; `href` leads to a file by its id."""
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return jalali.format_date(value, lang())
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float):
        return format_number(value, lang())
    if isinstance(value, Mapping):
        if set(value) <= {"fa", "en"}:
            return pick(value)
        key = value.get(files.KEY) or value.get("file")
        if key:
            return _file(str(key), str(value.get("name", "")), href)
        parts = ((name, value_text(inner, href)) for name, inner in value.items())
        return format_html_join("، ", "{}: {}", parts)
    if isinstance(value, list | tuple):
        return format_html_join("، ", "{}", ((value_text(v, href),) for v in value))
    return str(value)


def _file(key: str, name: str, href: Callable[[str], str] | None) -> str:
    if href is None:
        return name
    return format_html('<a href="{}"><bdi>{}</bdi></a>', href(key), name or _("File"))
