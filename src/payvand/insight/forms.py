"""Which period, province and service are chosen? Anything broken falls back to a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from payvand.insight.rules import periods
from payvand.insight.rules.periods import Period
from payvand.kernel import jalali, text
from payvand.registry import public as registry

Option = tuple[str, str, bool]  # value, words, chosen


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen, as it stands in the address."""

    kind: str = periods.YEAR
    start: tuple[int, int] | None = None  # Jalali year and month, for a range
    end: tuple[int, int] | None = None
    province: str = ""
    service: str = ""

    def period(self, today: date) -> Period:
        """Return the days that are meant."""
        if self.kind != periods.RANGE:
            return periods.current(self.kind, today)
        this = jalali.to_jalali(today)[:2]
        return periods.between(self.start or this, self.end or this)

    def query(self, province: str | None = None) -> str:
        """Return the address's query for this choice, or for another province."""
        other = self if province is None else replace(self, province=province)
        pairs = {
            "period": other.kind, "from": _month(other.start), "to": _month(other.end),
            "province": other.province, "service": other.service,
        }  # fmt: skip
        return urlencode({key: value for key, value in pairs.items() if value})


def _month(month: tuple[int, int] | None) -> str:
    return f"{month[0]}-{month[1]:02}" if month else ""


def read(given: Mapping[str, str], *, province: str = "") -> Selection:
    """Return the choice in an address; `province` is meant when it names none."""
    kind = given.get("period", periods.YEAR)
    start, end = (periods.month_from(given.get(key, "")) for key in ("from", "to"))
    chosen = given.get("province", province)
    return Selection(
        kind=kind if kind in periods.KINDS else periods.YEAR,
        start=start if kind == periods.RANGE else None,
        end=end if kind == periods.RANGE else None,
        province=chosen if chosen in registry.all_places() else "",
        service=given.get("service", "")[:60],
    )  # fmt: skip


def period_options(selection: Selection) -> list[Option]:
    """Return the kinds of period."""
    words = {
        periods.MONTH: _("This month"), periods.QUARTER: _("This quarter"),
        periods.YEAR: _("This year"), periods.RANGE: _("From month to month"),
    }  # fmt: skip
    return [(kind, words[kind], kind == selection.kind) for kind in periods.KINDS]


def month_options(chosen: tuple[int, int], first: date | None, today: date, lang: str
                  ) -> list[Option]:  # fmt: skip
    """Return the Jalali months from the first that was counted until now, the newest first."""
    whole = periods.Period(periods.RANGE, min(first or today, today), today).months
    found = {*whole[-periods.LONGEST_MONTHS :], chosen}
    return [
        (_month((year, month)), month_name(year, month, lang), (year, month) == chosen)
        for year, month in sorted(found, reverse=True)
    ]


def month_name(year: int, month: int, lang: str) -> str:
    """Return the month in words, with its year."""
    said = f"{text.months(lang)[month - 1]} {year}"
    return text.to_persian_digits(said) if lang == "fa" else said


def province_options(selection: Selection, today: date, lang: str) -> list[Option]:
    """Return the provinces, the whole country first."""
    country = registry.country()
    cards = registry.children_of(country, on=today) if country else []
    found = [("", _("The whole country"), not selection.province)]
    return found + [(c.code, c.name[lang], c.code == selection.province) for c in cards]
