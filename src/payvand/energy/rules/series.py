"""What is an hourly series, and how does a table in the documented form become one?

Pure: numpy and pandas, no file, no database. The form: docs/reference/energy-series.md. A panel
holds local days of 24 hours, because people live by local days: the hour that a change to summer
time leaves out is a gap, the one that comes twice is the mean of its two readings. Missing is NaN,
never zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from payvand.kernel import jalali
from payvand.kernel.errors import PayvandError, gettext_noop

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

SERIES = ("series", "zone", "region", "area", "unique_id", "meter", "feeder", "id", "name")
TIMES = ("hour_start", "ts", "time", "timestamp", "datetime", "date_time", "ds", "start", "date")
ENDS = ("hour_end", "hour_ending")
VALUES = ("value", "demand_mw", "load_mw", "demand", "load", "consumption", "y")
UNITS = ("_gw", "_mw", "_kw", "_w", "_gwh", "_mwh", "_kwh", "_wh")
FORECAST = ("temperature_forecast_c", "temperature_forecast_f", "temperature_forecast")
OBSERVED = (
    "temperature_c", "temperature_f", "temperature", "dry_bulb_c", "dry_bulb_f", "temp_c",
    "temp_f", "temp",
)  # fmt: skip


class SeriesUnreadable(PayvandError):
    """The table has no time or no value column that could be recognised."""

    code, status = "energy.series_unreadable", 422
    what = gettext_noop("The table of readings could not be understood.")
    why = "{reason}"
    now = gettext_noop("Name the columns, or bring the table into the documented form.")


@dataclass(frozen=True, slots=True)
class Note:
    """One thing found while reading: a stable code, the series, how often, and where first."""

    code: str
    series: str
    count: int
    first: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns mean what; empty means: recognise it by its name."""

    series: str = ""
    time: str = ""
    value: str = ""
    temperature: str = ""
    timezone: str = ""

    by_end: ClassVar[tuple[str, ...]] = ENDS


@dataclass(frozen=True, slots=True)
class Panel:
    """Several series over the same local days; arrays are (day, 24, series), NaN where unknown.

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
    import pandas as pd

    asked = columns or Columns()
    table = table.rename(columns=lambda name: str(name).strip().lower().replace(" ", "_"))
    when, shift = _time_column(table, asked)
    stamps, broken = _stamps(table[when], asked.timezone)
    long = _long(table, asked, when).assign(at=stamps - pd.Timedelta(hours=shift))
    notes = [Note("time_unreadable", "", broken)] if broken else []
    long = long[long["at"].notna()]
    if long.empty:
        raise SeriesUnreadable(reason=f"no time could be read from the column {when!r}")
    return _panel(long, notes, dict(holidays or {}), energy=_is_energy(table, asked))


def _pick(table: pd.DataFrame, asked: str, known: Sequence[str]) -> str:
    wanted = asked.strip().lower().replace(" ", "_")
    if wanted and wanted not in table.columns:
        raise SeriesUnreadable(reason=f"there is no column {asked!r}")
    return wanted or next((name for name in known if name in table.columns), "")


def _time_column(table: pd.DataFrame, asked: Columns) -> tuple[str, int]:
    """Return the column of the time, and how many hours it lies behind the start of the hour."""
    found = _pick(table, asked.time, (*TIMES, *asked.by_end))
    if not found:
        raise SeriesUnreadable(reason="no column of the time, such as hour_start")
    return found, int(found in asked.by_end)


def _value_columns(table: pd.DataFrame, asked: Columns) -> list[str]:
    found = _pick(table, asked.value, VALUES)
    if found:
        return [found]
    numeric = table.select_dtypes("number").columns
    loads = [c for c in numeric if c.endswith(UNITS)]
    if not loads:
        loads = [c for c in numeric if c not in (*OBSERVED, *FORECAST, "holiday")]
    if not loads:
        raise SeriesUnreadable(reason="no column of the readings, such as demand_mw")
    return loads


def _is_energy(table: pd.DataFrame, asked: Columns) -> bool:
    return all(c.endswith("wh") for c in _value_columns(table, asked))


def _long(table: pd.DataFrame, asked: Columns, when: str) -> pd.DataFrame:
    """Return series, value and temperatures, one row a reading, whether wide or long before."""
    import pandas as pd

    values = _value_columns(table, asked)
    name = _pick(table, asked.series, SERIES)
    parts = []
    for column in values:
        part = pd.DataFrame(index=table.index)
        part["series"] = table[name].astype(str) if name else column
        if name and len(values) > 1:
            part["series"] = part["series"] + "/" + column
        part["value"] = pd.to_numeric(table[column], errors="coerce")
        for target, known in (("temperature", OBSERVED), ("outlook", FORECAST)):
            source = _pick(table, asked.temperature if target == "temperature" else "", known)
            if source and source != when:
                degrees = pd.to_numeric(table[source], errors="coerce")
                part[target] = (degrees - 32) / 1.8 if source.endswith("_f") else degrees
        if "holiday" in table.columns:
            part["holiday"] = table["holiday"]
        parts.append(part)
    return pd.concat(parts)


def _stamps(column: pd.Series[str], timezone: str) -> tuple[pd.Series[pd.Timestamp], int]:
    """Return naive local times, and how many could not be read. Jalali days are understood."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column):
        raise SeriesUnreadable(reason="the time is a number; write 2025-11-10 13:00")
    text = column
    if not pd.api.types.is_datetime64_any_dtype(column):
        text = _gregorian(column.astype(str).str.strip())
    found = pd.to_datetime(text, errors="coerce", format="ISO8601", utc=_has_offset(text))
    if found.isna().mean() > 0.5:
        found = pd.to_datetime(text, errors="coerce", format="mixed", utc=_has_offset(text))
    if found.dt.tz is not None:
        found = found.dt.tz_convert(timezone or "UTC").dt.tz_localize(None)
    return found, int(found.isna().sum())


def _has_offset(text: pd.Series[str]) -> bool:
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(text):
        return getattr(text.dt, "tz", None) is not None
    return bool(text.head(50).str.contains(r"(?:Z|[+-][0-9]{2}:?[0-9]{2})$").any())


def _gregorian(text: pd.Series[str]) -> pd.Series[str]:
    """Return the times with days of the Jalali calendar turned into Gregorian ones."""
    if not text.head(50).str.match(r"1[2-4][0-9]{2}[-/]").all():
        return text
    parts = text.str.replace("/", "-").str.split("[ T]", n=1, expand=True)
    known = {}
    for day in parts[0].unique():
        try:
            known[day] = jalali.from_iso(day).isoformat()
        except PayvandError:
            known[day] = ""
    return parts[0].map(known) + " " + parts.get(1, "00:00")


def _panel(
    long: pd.DataFrame, notes: list[Note], holidays: dict[date, str], *, energy: bool
) -> Panel:
    """Return the panel of readings whose time is known."""
    import pandas as pd

    hours = long["at"].dt.floor("h")
    if "holiday" in long:
        named = long[~long["holiday"].isin([0, "0", "", False]) & long["holiday"].notna()]
        holidays |= {at.date(): str(name) for at, name in zip(named["at"], named["holiday"],
                                                              strict=True)}  # fmt: skip
    notes += _twice(long)
    names = tuple(sorted(long["series"].unique()))
    start = hours.min().normalize()
    days = (hours.max().normalize() - start).days + 1
    every = pd.date_range(start, periods=days * 24, freq="h")

    def cube(column: str) -> Floats | None:
        if column not in long or long[column].notna().sum() == 0:
            return None
        by = long.groupby(["series", hours])[column]
        whole = by.sum(min_count=1) if column == "value" and energy else by.mean()
        grid = whole.unstack("series").reindex(index=every, columns=list(names))
        found: Floats = grid.to_numpy(dtype=float).reshape(days, 24, len(names))
        return found

    demand = cube("value")
    if demand is None:
        raise SeriesUnreadable(reason="no reading is a number")
    for place, name in enumerate(names):
        missing = np.isnan(demand[..., place])
        if missing.any():
            first = every[np.argmax(missing.ravel())]
            notes.append(Note("missing", name, int(missing.sum()), f"{first:%Y-%m-%d %H:%M}"))
    return Panel(names, start.date(), demand, cube("temperature"), cube("outlook"), holidays,
                 notes=tuple(notes))  # fmt: skip


def _twice(long: pd.DataFrame) -> list[Note]:
    """Return a note for each series that has several readings of the same moment."""
    again = long[long.duplicated(["series", "at"], keep=False)]
    return [
        Note("twice", str(name), len(rows), f"{rows['at'].min():%Y-%m-%d %H:%M}")
        for name, rows in again.groupby("series")
    ]
