"""In which words do people read of sectors, tiers, levers and reasons?"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from payvand.kernel.errors import gettext_noop
from payvand.registry import public as registry

SECTORS = {
    "residential": gettext_noop("Homes"),
    "industrial": gettext_noop("Industry"),
    "agriculture": gettext_noop("Agriculture"),
    "public": gettext_noop("Public offices"),
    "other": gettext_noop("Trade and services"),
    "street_lighting": gettext_noop("Street lighting"),
    "": gettext_noop("All sectors"),
}
LEVELS = {
    "offers": gettext_noop("what was offered"),
    "rest": gettext_noop("by turns, feeder by feeder"),
    "vital": gettext_noop("vital sites"),
    "sensitive": gettext_noop("sensitive sites"),
    "important": gettext_noop("important sites"),
    "ordinary": gettext_noop("ordinary sites"),
    "unranked": gettext_noop("sites not ranked yet"),
    "medical": gettext_noop("homes with a medical device"),
}
LEVERS = {
    "shed": gettext_noop("cut"),
    "shift_out": gettext_noop("moved away"),
    "shift_back": gettext_noop("taken later instead"),
}
WHY = {
    "protected": gettext_noop("Protected by the authority: nothing is asked."),
    "notice": gettext_noop("The notice it was promised would be too short."),
    "hour_cap": gettext_noop("It gives all that its cap allows in this hour."),
    "day_cap": gettext_noop("It has reached its cap for the day."),
    "no_need": gettext_noop("There is no shortage in this hour."),
    "others_first": gettext_noop("Others can give with less harm."),
    "needed": gettext_noop("Needed, and doing less harm than asking others."),
    "back": gettext_noop("What was moved is used here, where there is room."),
}
ALTERNATIVES = {
    "chosen": gettext_noop("This plan"),
    "least_harm": gettext_noop("Least harm, whoever bears it"),
    "no_shifting": gettext_noop("Without shifting"),
    "no_history": gettext_noop("Without regard to what was borne before"),
    "no_exemptions": gettext_noop("If nobody were protected (only counted, never a plan)"),
}
STATES = {
    "draft": ("wait", gettext_noop("Draft")),
    "proposed": ("soon", gettext_noop("Waiting for signature")),
    "approved": ("done", gettext_noop("Approved")),
    "refused": ("over", gettext_noop("Sent back")),
    "published": ("cond", gettext_noop("Published")),
    "settled": ("done", gettext_noop("Settled and credited")),
    "superseded": ("wait", gettext_noop("Replaced by a newer plan")),
}
ANSWERS = {
    "accepted": ("done", gettext_noop("Accepted")),
    "declined": ("wait", gettext_noop("Declined")),
    "silent": ("wait", gettext_noop("No answer: not agreed, nothing lost")),
    "open": ("soon", gettext_noop("Waiting for your answer")),
    "closed": ("wait", gettext_noop("Replaced by a newer plan")),
}
REASONS = {
    "few": gettext_noop("withheld: too few consumers"),
    "dominated": gettext_noop("withheld: one consumer would show"),
    "difference": gettext_noop("withheld: it would give another figure away"),
}
FLAGS = {
    "missing": gettext_noop("readings missing"),
    "bad": gettext_noop("readings not trusted"),
}
SUPPLY_KINDS = {
    "mw_unreadable": gettext_noop("the MW are not a number"),
    "mw_negative": gettext_noop("the MW are negative"),
    "time_unreadable": gettext_noop("the time cannot be read"),
    "units_doubtful": gettext_noop("a thousand times the usual: kW written for MW?"),
    "no_column": gettext_noop("a column is missing: ts, mw"),
}


def sector(code: str) -> str:
    """Return the name of a sector."""
    return _(SECTORS[code]) if code in SECTORS else code


def group(key: str) -> str:
    """Return the words of a group such as industrial/offers."""
    name, _sep, level = key.partition("/")
    if not level:
        return sector(name)
    return f"{sector(name)}: {_(LEVELS.get(level, level))}"


def city(code: str) -> dict[str, str]:
    """Return the name of a county, or its code where nobody has registered it."""
    places = registry.all_places()
    return places[code].name if code in places else {"fa": code, "en": code}


def status(table: dict[str, tuple[str, str]], key: str) -> tuple[str, str]:
    """Return kind and words of a state for the status mark."""
    kind, words = table.get(key, ("wait", key))
    return kind, _(words)


def why(code: str) -> str:
    """Return the sentence of a code of the plan."""
    return _(WHY.get(code, code))


def said(table: dict[str, Any], key: str) -> str:
    """Return the words of a key of one of the tables."""
    return _(table[key]) if key in table else key
