"""Which period, province and service are chosen? Anything broken falls back to a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from payvand.kernel import clock, jalali, periods, text
from payvand.kernel.periods import Period
from payvand.registry import public as registry
from payvand.ui.language import lang, pick
from payvand.window import public as window

Option = tuple[str, str, bool]  # value, words, chosen


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen, as it stands in the address."""

    period: str = periods.YEAR
    start: str = ""  # Jalali month such as 1404-08, for a range
    end: str = ""
    province: str = ""
    service: str = ""
    agency: str = ""
    cause: str = ""

    def days(self) -> Period:
        """Return the days that are meant."""
        today = clock.local_date(clock.now())
        if self.period != periods.RANGE:
            return periods.current(self.period, today)
        this = jalali.to_jalali(today)[:2]
        start, end = periods.month_from(self.start), periods.month_from(self.end)
        return periods.between(start or this, end or this)

    def query(self, **other: str) -> str:
        """Return the address's query for this choice, with some parts changed."""
        pairs = {f.name: getattr(self, f.name) for f in fields(self)} | other
        named = {{"start": "from", "end": "to"}.get(k, k): v for k, v in pairs.items()}
        return urlencode({key: value for key, value in named.items() if value})

    @property
    def agency_id(self) -> UUID | None:
        """The chosen agency."""
        try:
            return UUID(self.agency)
        except ValueError:
            return None


def read(given: Mapping[str, str], *, province: str = "") -> Selection:
    """Return the choice in an address; `province` is meant when it names none."""
    kind = given.get("period", periods.YEAR)
    start, end = given.get("from", ""), given.get("to", "")
    chosen = given.get("province", province)
    is_range = kind == periods.RANGE
    return Selection(
        period=kind if kind in periods.KINDS else periods.YEAR,
        start=start if is_range and periods.month_from(start) else "",
        end=end if is_range and periods.month_from(end) else "",
        province=chosen if chosen in registry.all_places() else "",
        service=given.get("service", "")[:60], agency=given.get("agency", "")[:36],
        cause=given.get("cause", "")[:12],
    )  # fmt: skip


def choices(selection: Selection, own: str, first: date | None) -> dict[str, object]:
    """Return the selects above the figures; `first` is the first day that was counted."""
    days = selection.days()
    start, end = (jalali.to_jalali(day)[:2] for day in (days.first, days.last))
    return {
        "selection": selection, "own": own, "query": selection.query(), "days": days,
        "period_options": _kinds(selection.period), "from_options": _months(start, first),
        "to_options": _months(end, first), "province_options": _provinces(selection.province),
        "service_options": _services(selection.service),
    }  # fmt: skip


def _kinds(chosen: str) -> list[Option]:
    words = {
        periods.MONTH: _("This month"), periods.QUARTER: _("This quarter"),
        periods.YEAR: _("This year"), periods.RANGE: _("From month to month"),
    }  # fmt: skip
    return [(kind, words[kind], kind == chosen) for kind in periods.KINDS]


def _months(chosen: tuple[int, int], first: date | None) -> list[Option]:
    today = clock.local_date(clock.now())
    whole = Period(periods.RANGE, min(first or today, today), today).months
    found = sorted({*whole[-periods.LONGEST_MONTHS :], chosen}, reverse=True)
    return [(f"{y}-{m:02}", month_name(y, m), (y, m) == chosen) for y, m in found]


def month_name(year: int, month: int) -> str:
    """Return the month in words, with its year."""
    said = f"{text.months(lang())[month - 1]} {year}"
    return text.to_persian_digits(said) if lang() == "fa" else said


def _provinces(chosen: str) -> list[Option]:
    country = registry.country()
    cards = registry.children_of(country) if country else []
    return [("", _("The whole country"), not chosen)] + [
        (card.code, card.name[lang()], card.code == chosen) for card in cards
    ]


def _services(chosen: str) -> list[Option]:
    rows = window.Service.objects.order_by("slug").values_list("slug", "title")
    return [("", _("All services"), not chosen)] + [
        (slug, pick(title), slug == chosen) for slug, title in rows
    ]
