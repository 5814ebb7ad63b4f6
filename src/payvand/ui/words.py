"""How are a term that runs and a state that holds put into words?"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

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


def _unit(unit: Any) -> str:
    """Return wd, d, wh or h from a unit of the kernel or its short name."""
    name = str(getattr(unit, "value", unit)).lower()
    known = {"wd": "wd", "working_days": "wd", "d": "d", "calendar_days": "d", "wh": "wh"}
    return known.get(name, "wh" if name == "working_hours" else "h" if name == "h" else "d")


def _left(unit: str, n: int) -> str:
    if unit == "wd":
        return ngettext("%(n)s working day left", "%(n)s working days left", n)
    if unit == "wh":
        return ngettext("%(n)s working hour left", "%(n)s working hours left", n)
    if unit == "h":
        return ngettext("%(n)s hour left", "%(n)s hours left", n)
    return ngettext("%(n)s day left", "%(n)s days left", n)


def _past(unit: str, n: int) -> str:
    if unit == "wd":
        return ngettext("%(n)s working day past the term", "%(n)s working days past the term", n)
    if unit == "wh":
        return ngettext("%(n)s working hour past the term", "%(n)s working hours past the term", n)
    if unit == "h":
        return ngettext("%(n)s hour past the term", "%(n)s hours past the term", n)
    return ngettext("%(n)s day past the term", "%(n)s days past the term", n)


def term(amount: int, unit: Any) -> str:
    """Return the length of a term: 5 working days."""
    short = _unit(unit)
    if short == "wd":
        said = ngettext("%(n)s working day", "%(n)s working days", amount)
    elif short in ("wh", "h"):
        said = ngettext("%(n)s working hour", "%(n)s working hours", amount)
    else:
        said = ngettext("%(n)s day", "%(n)s days", amount)
    return said % {"n": format_number(amount, lang())}


def duration(left: Any) -> str:
    """Return “3 working days left” or “2 days past the term” of a kernel `Left`."""
    amount = int(left.amount)
    unit = _unit(left.unit)
    over = bool(getattr(left, "is_over", False)) or amount < 0
    amount = abs(amount)
    if amount == 0:
        return _("the term has just passed") if over else _("due today")
    said = _past(unit, amount) if over else _left(unit, amount)
    return said % {"n": format_number(amount, lang())}
