"""How are a term that runs and a state that holds put into words?"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from payvand.kernel.terms import Left, Unit
from payvand.kernel.text import format_number
from payvand.ui.language import lang

# kind: css class, icon, word. The word is only the default; callers show the outcome instead.
STATUSES: dict[str, tuple[str, str, Any]] = {
    "ok": ("ok", "circle-check", gettext_lazy("Agreed")),
    "cond": ("cond", "list-check", gettext_lazy("Agreed with conditions")),
    "no": ("no", "x", gettext_lazy("Refused")),
    "done": ("ok", "circle-check", gettext_lazy("Answered")),
    "late": ("late", "circle-check", gettext_lazy("Answered late")),
    "over": ("over", "alert-triangle", gettext_lazy("Overdue")),
    "soon": ("soon", "hourglass", gettext_lazy("Due soon")),
    "run": ("run", "clock-hour-4", gettext_lazy("In progress")),
    "wait": ("wait", "lock", gettext_lazy("Not started")),
    "stop": ("stop", "player-pause", gettext_lazy("Clock stopped")),
    "draft": ("wait", "file-text", gettext_lazy("Draft")),
    "out": ("wait", "arrow-right", gettext_lazy("Not this agency’s business")),
    "deemed": ("cond", "certificate", gettext_lazy("Deemed agreed by silence")),
    "info": ("run", "info-circle", gettext_lazy("Information")),
}


def status(kind: str, label: str = "") -> dict[str, Any]:
    """Return css class, icon and word of a status; an unknown kind is shown as plain."""
    css, icon, word = STATUSES.get(kind, ("", "info-circle", kind))
    return {"css": css, "icon": icon, "label": label or word}


def _left(unit: Unit, n: int) -> str:
    if unit is Unit.WORKING_DAYS:
        return ngettext("%(n)s working day left", "%(n)s working days left", n)
    if unit is Unit.WORKING_HOURS:
        return ngettext("%(n)s working hour left", "%(n)s working hours left", n)
    return ngettext("%(n)s day left", "%(n)s days left", n)


def _past(unit: Unit, n: int) -> str:
    if unit is Unit.WORKING_DAYS:
        return ngettext("%(n)s working day past the term", "%(n)s working days past the term", n)
    if unit is Unit.WORKING_HOURS:
        return ngettext("%(n)s working hour past the term", "%(n)s working hours past the term", n)
    return ngettext("%(n)s day past the term", "%(n)s days past the term", n)


def term(amount: int, unit: Unit) -> str:
    """Return the length of a term: 5 working days."""
    if unit is Unit.WORKING_DAYS:
        said = ngettext("%(n)s working day", "%(n)s working days", amount)
    elif unit is Unit.WORKING_HOURS:
        said = ngettext("%(n)s working hour", "%(n)s working hours", amount)
    else:
        said = ngettext("%(n)s day", "%(n)s days", amount)
    return said % {"n": format_number(amount, lang())}


def duration(left: Left) -> str:
    """Return “3 working days left” or “2 days past the term”."""
    amount = left.over if left.is_overdue else left.amount
    if amount == 0:
        return _("due today")
    said = (_past if left.is_overdue else _left)(left.unit, amount)
    return said % {"n": format_number(amount, lang())}
