"""In which units, at which times and with which figures are pages about energy told?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from payvand.energy.models import Asset, Plan
from payvand.energy.rules import hours
from payvand.energy.rules.carriers import CARRIERS
from payvand.kernel import jalali, text
from payvand.kernel.text import format_number


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure above the charts."""

    icon: str
    label: str
    value: str
    unit: str = ""
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """In which unit the use of one consumer is told: Wh in it, its power and its energy."""

    wh: float
    power: str
    energy: str


def unit_of(asset: Asset) -> Unit:
    """Return MW and MWh for a large consumer, kW and kWh for a small one."""
    if max([0.0, *asset.usual_mw]) < 0.1:
        return Unit(1e3, _("kW"), _("kWh"))
    return units(asset.carrier)


def units(carrier: str) -> Unit:
    """Return the units of a carrier: of gas MWh a day, and MWh."""
    return Unit(1e6, _("MW") if CARRIERS[carrier].steps > 1 else _("MWh a day"), _("MWh"))


def clock_time(hour: int, lang: str, span: int = 1) -> str:
    """Return from when until when, in the digits of the language."""
    return (
        text.to_persian_digits(hours.span(hour, span)) if lang == "fa" else hours.span(hour, span)
    )


def sign(lang: str) -> str:
    """Return the sign of per cent."""
    return "٪" if lang == "fa" else "%"


@dataclass(frozen=True, slots=True)
class Periods:
    """The periods of a plan in words: hours as clock times, or days. count: of those in force."""

    start: date
    steps: int
    count: int
    lang: str

    def name(self, n: int, span: int = 1) -> str:
        """Return from when until when."""
        if self.steps > 1:
            return clock_time(n, self.lang, span)
        return self._day(n) if span == 1 else f"{self._day(n)} – {self._day(n + span - 1)}"

    def first(self, n: int) -> str:
        """Return when a period begins."""
        return self.name(n).partition("–")[0]

    def last(self, n: int) -> str:
        """Return when a period ends."""
        return self.name(n).rpartition("–")[2]

    def _day(self, n: int) -> str:
        return jalali.format_date(self.start + timedelta(days=n), self.lang, year=False)


def periods_of(plan: Plan, lang: str) -> Periods:
    """Return the periods of a plan."""
    steps = CARRIERS[plan.carrier].steps
    return Periods(plan.day, steps, ((plan.last - plan.day).days + 1) * steps, lang)


def number(value: float | None, lang: str, decimals: int = 0) -> str:
    """Return a figure, or a dash for what is unknown."""
    return "—" if value is None else format_number(value, lang, decimals)
