"""What is an hourly series, and how does a table in the documented form become one?

Pure: numpy and pandas, no file, no database. The form: docs/reference/energy-series.md. A panel
holds local days of 24 hours, because people live by local days: the hour that a change to summer
time leaves out is a gap, the one that comes twice is the mean of its two readings. Missing is NaN,
never zero. Whatever was repaired or left out is noted with place and number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from payvand.energy.rules.series_columns import (
    FORECAST,
    OBSERVED,
    SERIES,
    UNITS,
    Columns,
    pick,
    readings_of,
    time_of,
    unique_names,
)
from payvand.energy.rules.series_text import NOTHING, SeriesUnreadable, moments, numbers, plain

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

__all__ = ["UNITS", "Bools", "Columns", "Floats", "Ints", "Note", "Panel", "SeriesUnreadable",
           "read"]  # fmt: skip
NO_DAY_OFF = (*NOTHING, "0", "0.0", "no", "false", "f", "n")
DEGREES = (-60.0, 60.0)  # what a thermometer may show
LONE = 0.001  # share of the rows at either end that may lie astray
FAR = 60  # days between those and the rest


@dataclass(frozen=True, slots=True)
class Note:
    """One thing found while reading: a stable code, the series, how often, and where first."""

    code: str
    series: str
    count: int
    first: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """Several series over the same local days; arrays are (day, 24, series), NaN where unknown.

    What is read once a day, such as gas, has one step a day instead of 24; nothing else differs.

    temperature: as measured, in degrees Celsius; used only up to the origin of a forecast.
    outlook: temperature as it was forecast for the hour before it came; may be used ahead.
    holidays: days off beyond the weekly ones, by name.
    """

    names: tuple[str, ...]
    first: date
    demand: Floats
    temperature: Floats | None = None
    outlook: Floats | None = None
    holidays: Mapping[date, str] = field(default_factory=dict)
    country: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def steps(self) -> int:
        """Return the steps of a day: 24 hours, or one where readings are of whole days."""
        return int(self.demand.shape[1])

    @property
    def days(self) -> int:
        """Return the number of days."""
        return int(self.demand.shape[0])

    def day(self, place: int) -> date:
        """Return the date of a row."""
        return self.first + timedelta(days=place)

    def with_demand(self, demand: Floats) -> Panel:
        """Return the same panel with other values."""
        return replace(self, demand=demand)

    def longer(self, days: int) -> Panel:
        """Return the panel with empty days added at the end, to forecast into."""

        def grown(old: Floats | None) -> Floats | None:
            if old is None:
                return None
            return np.concatenate([old, np.full((days, *old.shape[1:]), np.nan)])

        longer = grown(self.demand)
        assert longer is not None  # noqa: S101 - for the type checker
        return replace(
            self,
            demand=longer,
            temperature=grown(self.temperature),
            outlook=grown(self.outlook),
        )


def read(
    table: pd.DataFrame, columns: Columns | None = None, holidays: Mapping[date, str] | None = None
) -> Panel:
    """Return the panel of a table in the documented form, with notes of what was repaired.

    Raises SeriesUnreadable.
    """
    asked = columns or Columns()
    table = unique_names(table)
    day, hour, back = time_of(table, asked)
    name = pick(table, asked.series, SERIES)
    values, guessed = readings_of(table, asked, not_these=(day, hour, name))
    stamps, told = _stamps(table, day, hour, asked.timezone)
    notes = [Note(code, "", int(stamps.notna().sum())) for code in told]
    if broken := int(stamps.isna().sum()):
        notes.append(Note("time_unreadable", "", broken, f"row {int(stamps.isna().argmax()) + 2}"))
    if broken > 0.2 * len(table):
        raise SeriesUnreadable(reason=f"{broken} of {len(table)} times in the column {day!r} could"
                               " not be read; write 2025-11-10 13:00")  # fmt: skip
    if guessed:
        notes.append(Note("columns_guessed", "", len(values), ", ".join(values[:8])))
    shared = _shared(table, asked, notes)
    long = _long(table, values, name, shared=shared, notes=notes)
    long = long.assign(at=np.tile(stamps, len(values)))
    long["at"] -= np.timedelta64(back, "h")
    long = _sound(long, notes)
    energy = all(column.endswith("wh") for column in values)
    return _panel(long, notes, dict(holidays or {}), energy=energy)


def _stamps(
    table: pd.DataFrame, day: str, hour: str, timezone: str
) -> tuple[pd.Series[pd.Timestamp], list[str]]:
    """Return the local times of the rows, from one column or from day and hour."""
    import pandas as pd

    if not hour:
        return moments(table[day], timezone)
    found, told = moments(table[day], timezone)
    count, _ = numbers(table[hour])
    if count.isna().mean() > 0.5:  # 17:30 beside the day
        return found.dt.normalize() + pd.to_timedelta(plain(table[hour]), errors="coerce"), told
    return found.dt.normalize() + pd.to_timedelta(count, unit="h"), told


def _shared(table: pd.DataFrame, asked: Columns, notes: list[Note]) -> dict[str, Any]:
    """Return the temperatures and days off that stand beside the readings."""
    found: dict[str, Any] = {}
    for target, known in (("temperature", OBSERVED), ("outlook", FORECAST)):
        source = pick(table, asked.temperature if target == "temperature" else "", known)
        if source:
            found[target] = _celsius(table[source], source, notes)
    if "holiday" in table.columns:
        found["holiday"] = table["holiday"]
    return found


def _long(
    table: pd.DataFrame, values: list[str], name: str, *, shared: dict[str, Any], notes: list[Note]
) -> pd.DataFrame:
    """Return series, value and what stands beside, one row a reading, whether wide or long."""
    import pandas as pd

    given = table[name].where(table[name].notna(), "").astype(str).str.strip() if name else None
    parts = []
    for column in values:
        part = pd.DataFrame(shared, index=table.index)
        part["series"] = column
        if given is not None:
            named = given + f"/{column}" if len(values) > 1 else given
            part["series"] = named.where(given != "", "")
        part["value"], broken = numbers(table[column])
        if broken:
            notes.append(Note("value_unreadable", column, broken))
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _celsius(column: pd.Series[str], name: str, notes: list[Note]) -> pd.Series[float]:
    """Return temperatures in degrees Celsius; what no thermometer shows is missing, and noted."""
    degrees, _ = numbers(column)
    middle = degrees.median()
    if name.endswith("_f"):
        degrees = (degrees - 32) / 1.8
    elif not name.endswith("_c") and 200 < middle < 330:
        degrees = degrees - 273.15
        notes.append(Note("kelvin", name, int(degrees.notna().sum())))
    elif not name.endswith("_c") and degrees[degrees.between(-80, 140)].quantile(0.98) > 50:
        degrees = (degrees - 32) / 1.8
        notes.append(Note("fahrenheit", name, int(degrees.notna().sum())))
    wrong = degrees.notna() & ~degrees.between(*DEGREES)
    if wrong.any():
        notes.append(Note("temperature_absurd", name, int(wrong.sum())))
    return degrees.where(~wrong)


def _sound(long: pd.DataFrame, notes: list[Note]) -> pd.DataFrame:
    """Return the rows that have a time and a series, and do not lie years astray."""
    long = long[long["at"].notna()]
    if long.empty:
        raise SeriesUnreadable(reason="no time could be read")
    nameless = long["series"] == ""
    if nameless.any():
        notes.append(Note("nameless", "", int(nameless.sum())))
        long = long[~nameless]
    if long.empty:
        raise SeriesUnreadable(reason="no row names its series")
    far = np.timedelta64(FAR, "D")
    low, high = long["at"].quantile([LONE, 1 - LONE])
    astray = (long["at"] < low - far) | (long["at"] > high + far)
    if astray.any():
        first = long.loc[astray, "at"].iloc[0]
        notes.append(Note("time_astray", "", int(astray.sum()), f"{first:%Y-%m-%d %H:%M}"))
    return long[~astray]


def _panel(
    long: pd.DataFrame, notes: list[Note], holidays: dict[date, str], *, energy: bool
) -> Panel:
    """Return the panel of readings whose time is known."""
    import pandas as pd

    if "holiday" in long:
        named = long[~long["holiday"].astype(str).str.strip().str.lower().isin(NO_DAY_OFF)]
        days_off = named.groupby(named["at"].dt.date)["holiday"].first()
        holidays |= {day: str(title) for day, title in days_off.items()}
    long = long.assign(hour=long["at"].dt.floor("h"))
    per_hour = _readings_an_hour(long, notes)
    names = tuple(sorted(long["series"].unique()))
    start = long["hour"].min().normalize()
    days = (long["hour"].max().normalize() - start).days + 1
    every = pd.date_range(start, periods=days * 24, freq="h")

    def cube(column: str) -> Floats | None:
        if column not in long or long[column].notna().sum() == 0:
            return None
        grid = long.groupby(["hour", "series"])[column].mean().unstack("series")
        if column == "value" and energy:  # the same reading twice is no double use
            grid = grid * per_hour.reindex(grid.columns)
        found: Floats = (
            grid.reindex(index=every, columns=list(names)).to_numpy(dtype=float)
        ).reshape(days, 24, len(names))
        return found

    demand = cube("value")
    if demand is None:
        raise SeriesUnreadable(reason="no reading is a number")
    notes += _gaps(demand, names, every)
    return Panel(names, start.date(), demand, cube("temperature"), cube("outlook"), holidays,
                 notes=tuple(notes))  # fmt: skip


def _readings_an_hour(long: pd.DataFrame, notes: list[Note]) -> pd.Series[float]:
    """Return how many readings each series usually has in an hour; raises where hours are skipped.

    Notes the moments that have several readings, and where these differ.
    """
    rows = long[long["value"].notna()].sort_values(["series", "at"], kind="stable")
    again = rows.duplicated(["series", "at"], keep=False)
    for name, own in rows[again].groupby("series"):
        spread = own.groupby("at")["value"].agg(["min", "max"])
        differ = (spread["max"] - spread["min"]) > 0.01 * spread.abs().max(axis=1)
        code = "twice_differ" if differ.any() else "twice"
        first = spread.index[differ.argmax()] if differ.any() else spread.index[0]
        notes.append(Note(code, str(name), len(own), f"{first:%Y-%m-%d %H:%M}"))
    single = rows.drop_duplicates(["series", "at"])
    step = single.groupby("series")["at"].diff().groupby(single["series"]).median()
    wide = step[step > np.timedelta64(90, "m")]
    if len(wide) and len(wide) == len(step):
        hours = wide.iloc[0] / np.timedelta64(1, "h")
        raise SeriesUnreadable(reason=f"readings come every {hours:g} hours; hourly ones, or more"
                               " often, are needed")  # fmt: skip
    for name, gap in wide.items():
        notes.append(Note("not_hourly", str(name), int(gap / np.timedelta64(1, "h"))))
    counts = single.groupby(["series", "hour"]).size()
    return counts.groupby("series").agg(lambda n: float(n.mode().iloc[-1]))


def _gaps(demand: Floats, names: tuple[str, ...], every: pd.DatetimeIndex) -> list[Note]:
    """Return notes of where a series begins late, ends early, and has gaps between."""
    found = []
    for place, name in enumerate(names):
        known = np.flatnonzero(~np.isnan(demand[..., place].ravel()))
        if not len(known):
            found.append(Note("empty", name, len(every)))
            continue
        first, last = int(known[0]), int(known[-1])
        if first >= 24:
            found.append(Note("begins", name, first, f"{every[first]:%Y-%m-%d %H:%M}"))
        if len(every) - 1 - last >= 24:
            found.append(Note("ends", name, len(every) - 1 - last, f"{every[last]:%Y-%m-%d %H:%M}"))
        if missing := last - first + 1 - len(known):
            gap = every[known[np.argmax(np.diff(known) > 1)] + 1]
            found.append(Note("missing", name, missing, f"{gap:%Y-%m-%d %H:%M}"))
    return found
