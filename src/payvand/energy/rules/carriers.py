"""What differs between electricity and gas, so that everything else can be one path?

Pure. A carrier is read so many times a day; a plan works over *periods*, which are those steps over
the days that it covers: 24 hours of a day, or seven days of a week. Every figure is MWh a period,
which of an hour is MW.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from payvand.energy.rules.hours import ELECTRICITY, GAS, STEPS


@dataclass(frozen=True, slots=True)
class Carrier:
    """One carrier of energy.

    days: that a plan looks over. duty: of the organisation that operates it in a province.
    look_back: days among which comparable ones are found. has_turns: its lines can be switched off
    and on again within a day; where they cannot, sectors are told to use less, all of them alike.
    has_openadr: OpenADR 3 speaks of it (grid alerts, kW of a resource).
    """

    code: str
    days: int
    duty: str
    look_back: int
    has_turns: bool
    has_openadr: bool

    @property
    def steps(self) -> int:
        """Return how many periods a day has."""
        return STEPS[self.code]

    @property
    def hours(self) -> int:
        """Return the hours of a period."""
        return 24 // self.steps

    def next_day(self, today: date) -> date:
        """Return the first day that can still be asked: tomorrow where a day is one period.

        >>> CARRIERS["gas"].next_day(date(2026, 11, 25)).day
        26
        """
        return today if self.steps > 1 else today + timedelta(days=1)

    @property
    def periods(self) -> int:
        """Return how many periods a plan has at most."""
        return self.days * self.steps

    def usual(self, day: list[float], periods: int) -> list[float]:
        """Return the usual day of a consumer over so many periods.

        >>> CARRIERS["gas"].usual([240.0], 3), len(CARRIERS["electricity"].usual([1.0] * 24, 24))
        ([240.0, 240.0, 240.0], 24)
        """
        return (day * (periods // self.steps + 1))[:periods]


CARRIERS = {
    one.code: one
    for one in (
        Carrier(ELECTRICITY, 1, "energy-operator", 21, has_turns=True, has_openadr=True),
        Carrier(GAS, 7, "gas-operator", 42, has_turns=False, has_openadr=False),
    )
}
