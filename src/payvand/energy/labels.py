"""In which words do people read of sectors, tiers, levers and reasons?"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from payvand.energy.rules import carriers
from payvand.energy.rules.hours import ELECTRICITY
from payvand.kernel.errors import gettext_noop
from payvand.registry import public as registry

CARRIERS = {"electricity": gettext_noop("Electricity"), "gas": gettext_noop("Natural gas")}
SECTORS = {
    "residential": gettext_noop("Homes"),
    "industrial": gettext_noop("Industry"),
    "agriculture": gettext_noop("Agriculture"),
    "public": gettext_noop("Public offices"),
    "other": gettext_noop("Trade and services"),
    "power": gettext_noop("Power plants"),
    "street_lighting": gettext_noop("Street lighting"),
    "": gettext_noop("All sectors"),
}
LEVELS = {
    "offers": gettext_noop("what was offered"),
    "switch": gettext_noop("another source, as offered"),
    "rest": gettext_noop("by turns, feeder by feeder"),
    "vital": gettext_noop("vital sites"),
    "sensitive": gettext_noop("sensitive sites"),
    "important": gettext_noop("important sites"),
    "ordinary": gettext_noop("ordinary sites"),
    "unranked": gettext_noop("sites not ranked yet"),
    "medical": gettext_noop("homes with a medical device"),
}
LEVELS_ALIKE = {"rest": gettext_noop("all others, alike")}  # where lines cannot take turns
LEVERS = {
    "shed": gettext_noop("cut"),
    "shift_out": gettext_noop("moved away"),
    "given": gettext_noop("given up"),
    "shift_back": gettext_noop("taken at another time"),
}
WHY = {
    "protected": gettext_noop("Protected by the authority: nothing is asked."),
    "ruled": gettext_noop("The rule in force says that it is never cut."),
    "notice": gettext_noop("The notice it was promised would be too short."),
    "hour_cap": gettext_noop("It gives all that its cap allows in this hour."),
    "day_cap": gettext_noop("It has reached its cap for the day."),
    "no_need": gettext_noop("There is no shortage in this hour."),
    "others_first": gettext_noop("Others can give with less harm."),
    "needed": gettext_noop("Needed, and doing less harm than asking others."),
    "back": gettext_noop("What was moved is used here, where there is room."),
}
WHY_DAILY = {
    "hour_cap": gettext_noop("It gives all that its cap allows on this day."),
    "day_cap": gettext_noop("It has reached its cap for the days of the plan."),
    "no_need": gettext_noop("There is no shortage on this day."),
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
UPLOADS = {
    "supply": gettext_noop("Supply"),
    "readings": gettext_noop("Readings"),
    "register": gettext_noop("Register of meters"),
    "consumers": gettext_noop("Consumers"),
}
UPLOAD_STATES = {  # how it looks, and in words
    "waiting": ("wait", gettext_noop("waiting")),
    "reading": ("run", gettext_noop("being read")),
    "done": ("ok", gettext_noop("read")),
    "refused": ("no", gettext_noop("not read")),
}
SUPPLY_KINDS = {
    "mw_unreadable": gettext_noop("the MW are not a number"),
    "mw_negative": gettext_noop("the MW are negative"),
    "time_unreadable": gettext_noop("the time cannot be read"),
    "units_doubtful": gettext_noop("a thousand times the usual: kW written for MW?"),
    "no_column": gettext_noop("a column is missing: ts, mw"),
}

READING_KINDS = {
    "meter_unreadable": gettext_noop("the number of the meter cannot be read"),
    "value_unreadable": gettext_noop("the amount is not a number"),
    "version_unreadable": gettext_noop("the version is not a number"),
    "meter_unknown": gettext_noop("no such meter is registered"),
    "meter_elsewhere": gettext_noop("the meter belongs to another province"),
    "province_other": gettext_noop("another province"),
    "version_taken": gettext_noop("this version is known with another value: send a higher one"),
}
ASSET_WHY = {
    "code_missing": gettext_noop("Enter the number of the connection."),
    "code_long": gettext_noop("A number has at most 40 characters."),
    "code_twice": gettext_noop("Another row has the same number and says something else."),
    "owner_unreadable": gettext_noop("This is not a national id: a digit is wrong or missing."),
    "owner_unknown": gettext_noop("Nobody is registered with this id: enter the name as well."),
    "owner_other": gettext_noop("This number belongs to another owner: close it, then register"
                                " the new one."),
    "city_elsewhere": gettext_noop("Choose a county of this province."),
    "feeder_missing": gettext_noop("Enter the feeder."),
    "feeder_unknown": gettext_noop("No feeder of the province has this number."),
    "meter_number": gettext_noop("The number of a meter has digits only."),
    "meter_taken": gettext_noop("Another consumer has this meter."),
    "sector_unknown": gettext_noop("Choose one of the sectors."),
    "mw_unreadable": gettext_noop("Enter MW: one number, or 24 of them."),
    "mw_hours": gettext_noop("Enter one number for all hours, or 24 of them."),
    "mw_range": gettext_noop("MW lie above 0 and below 5,000. Was it kW?"),
    "mwh_day": gettext_noop("Enter one number: MWh of a usual day."),
    "mwh_range": gettext_noop("MWh of a day lie above 0 and below 120,000. Was it kWh?"),
    "shed_cap_range": gettext_noop("Enter a whole number of percent, 0 to 100."),
    "day_cap_range": gettext_noop("Enter a whole number of percent, 0 to 100."),
    "notice_hours_range": gettext_noop("Enter whole hours, 0 to 168."),
    "yes_or_no": gettext_noop("Write yes or no."),
    "hours_unreadable": gettext_noop("Write hours like 2-5, 22-24."),
    "medical_no_home": gettext_noop("A medical device is registered at a person’s home; a site of"
                                    " an organisation is ranked by the authority."),
    "authority_missing": gettext_noop("Which authority has granted the protection?"),
    "authority_unknown": gettext_noop("No such authority is registered, or it is the operator."),
    "decision_missing": gettext_noop("Enter number and date of the authority’s decision."),
    "tier_elsewhere": gettext_noop("Not taken: how critical a site is, the responsible authority"
                                   " records on its own page."),
}  # fmt: skip
COLUMNS = {
    "code": gettext_noop("Number of the connection"),
    "owner_id": gettext_noop("National id of the owner"),
    "owner_fa": gettext_noop("Name of the owner, Persian"),
    "owner_en": gettext_noop("Name of the owner, English"),
    "title_fa": gettext_noop("Name of the place, Persian"),
    "title_en": gettext_noop("Name of the place, English"),
    "city": gettext_noop("County"), "feeder": gettext_noop("Feeder"),
    "meter": gettext_noop("Number of the meter"), "sector": gettext_noop("Sector"),
    "usual_mw": gettext_noop("Usual use, MW"),
    "shed_cap": gettext_noop("May be cut in an hour, percent"),
    "day_cap": gettext_noop("May be cut in a day, percent"),
    "notice_hours": gettext_noop("Notice, hours"),
    "medical": gettext_noop("Medical device at home"),
    "protected_hours": gettext_noop("Protected hours"),
    "protected_by": gettext_noop("Authority"), "protected_ref": gettext_noop("Decision"),
    "tier": gettext_noop("Rank of the site"),
}  # fmt: skip
COLUMNS_DAILY = {
    "usual_mw": gettext_noop("Usual use, MWh a day"),
    "shed_cap": gettext_noop("May be cut on a day, percent"),
    "day_cap": gettext_noop("May be cut over the days of a plan, percent"),
}
LOOKED = {
    "load": gettext_noop("your hours and requests"),
    "name": gettext_noop("your name"),
}


def sector(code: str) -> str:
    """Return the name of a sector."""
    return _(SECTORS[code]) if code in SECTORS else code


def group(key: str, carrier: str = ELECTRICITY) -> str:
    """Return the words of a group such as industrial/offers."""
    name, _sep, level = key.partition("/")
    if not level:
        return sector(name)
    words = LEVELS if carriers.CARRIERS[carrier].has_turns else LEVELS | LEVELS_ALIKE
    return f"{sector(name)}: {_(words.get(level, level))}"


def lever(key: str, code: str) -> str:
    """Return what a group does: what is not taken later is given up."""
    return said(LEVERS, "given" if code == "shift_out" and key.endswith("/switch") else code)


def column(name: str, carrier: str) -> str:
    """Return what a column of a file of consumers holds."""
    daily = carriers.CARRIERS[carrier].steps == 1 and name in COLUMNS_DAILY
    return _(COLUMNS_DAILY[name] if daily else COLUMNS[name])


def city(code: str) -> dict[str, str]:
    """Return the name of a county, or its code where nobody has registered it."""
    places = registry.all_places()
    return places[code].name if code in places else {"fa": code, "en": code}


def status(table: dict[str, tuple[str, str]], key: str) -> tuple[str, str]:
    """Return kind and words of a state for the status mark."""
    kind, words = table.get(key, ("wait", key))
    return kind, _(words)


def why(code: str, carrier: str = ELECTRICITY) -> str:
    """Return the sentence of a code of the plan."""
    words = WHY if carriers.CARRIERS[carrier].steps > 1 else WHY | WHY_DAILY
    return _(words.get(code, code))


def said(table: dict[str, Any], key: str) -> str:
    """Return the words of a key of one of the tables."""
    return _(table[key]) if key in table else key
