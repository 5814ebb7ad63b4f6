"""What does a day of delay cost, under which assumptions?

cost = value × days ÷ 365 × rate a year. The rate and the value are set by an office, dated, and
printed beside every result; nothing here is measured. Money in million rials.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

DAYS_A_YEAR = 365
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Assumption:
    """What was set for a service (or for all) from a day on."""

    service: str  # empty = every service without its own
    since: date
    percent_a_year: Decimal
    value_field: str = ""
    currency_field: str = ""
    exchange: Mapping[str, Any] = field(default_factory=dict)
    flat_million_rial: int = 0
    note: str = ""
    set_by: str = ""
    office: int | None = None
    key: int = 0  # number of the row


def in_force(known: Iterable[Assumption], service: str, on: date) -> Assumption | None:
    """Return what holds for a service on a day: its own latest setting, else that for all.

    >>> one = Assumption("", date(2025, 1, 1), Decimal(20))
    >>> in_force([one], "trade", date(2025, 2, 1)) is one
    True
    """
    begun = [one for one in known if one.since <= on and one.service in ("", service)]
    return max(begun, key=lambda one: (one.service != "", one.since, one.key), default=None)


def value_of(assumption: Assumption | None, amount: Any, currency: Any = None) -> tuple[int, bool]:
    """Return the value of an application in million rials, and whether it was read from it.

    An amount that is missing, or in a currency without a rate, leaves the flat value.
    """
    if assumption is None:
        return 0, False
    try:
        plain = Decimal(str(amount)) if amount not in (None, "") else None
        rials = Decimal(1)
        if assumption.currency_field:
            rials = Decimal(str(assumption.exchange[str(currency)]))
    except (InvalidOperation, KeyError, ValueError):
        plain = None
    if not assumption.value_field or plain is None or not plain.is_finite() or plain < 0:
        return assumption.flat_million_rial, False
    return int(plain * rials / MILLION), True


def cost(value_days: float | Decimal, percent_a_year: Decimal) -> int:
    """Return what so many million-rial-days cost, in million rials.

    >>> cost(36500 * 40, Decimal(10))
    400
    """
    return round(Decimal(str(value_days)) * percent_a_year / 100 / DAYS_A_YEAR)


@dataclass(frozen=True, slots=True)
class Costed:
    """The cost of one service under one assumption."""

    assumption: Assumption
    service: str
    value_days: int
    cost: int  # million rials


def costed(
    known: Sequence[Assumption],
    rows: Iterable[tuple[str, date, int]],
    override: Decimal | None = None,
) -> tuple[list[Costed], int]:
    """Return the cost by service and assumption, and the value-days for which nothing was set.

    rows: (service, day, million-rial-days). override: another rate, to see what it would change.
    """
    sums: dict[tuple[str, int], int] = {}
    chosen: dict[int, Assumption] = {}
    unset = 0
    for service, day, value_days in rows:
        one = in_force(known, service, day)
        if one is None:
            unset += value_days
            continue
        chosen[one.key] = one
        sums[service, one.key] = sums.get((service, one.key), 0) + value_days
    found = [
        Costed(chosen[key], service, total,
               cost(total, chosen[key].percent_a_year if override is None else override))
        for (service, key), total in sorted(sums.items())
    ]  # fmt: skip
    return found, unset
