"""Why is the due time of an obligation where it is, in the reader's language?"""

from __future__ import annotations

from django.utils.translation import gettext as _

from payvand.kernel import jalali
from payvand.kernel.terms import Line, OpenEndedStop, Stops, due
from payvand.ledger.queries import Detail, counted_from
from payvand.ledger.rules.clockwork import parse_term
from payvand.registry import public as registry
from payvand.ui.language import lang


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
