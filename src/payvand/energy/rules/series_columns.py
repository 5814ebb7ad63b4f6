"""Which column of a table means what: series, time, reading, temperature, day off?

Pure: pandas. Names are read without regard to case. Where no name tells, numeric columns are taken
and that is noted, for whoever reads the result must know what was forecast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from payvand.energy.rules.series_text import SeriesUnreadable, numbers, plain

if TYPE_CHECKING:
    import pandas as pd

SERIES = ("series", "zone", "region", "area", "unique_id", "meter", "feeder", "id", "name")
TIMES = ("hour_start", "ts", "time", "timestamp", "datetime", "date_time", "utc_timestamp",
         "local_time", "ds", "start", "date")  # fmt: skip
ENDS = ("hour_end", "hour_ending")
HOURS = ("hour", "hr", "hour_of_day")  # beside a column of days: 0 to 23
HOUR_ENDS = ("hour_ending", "hr_end", "he", "hour_end")  # 1 to 24
VALUES = ("value", "demand_mw", "load_mw", "demand", "load", "consumption", "y", "mw", "kw",
          "mwh", "kwh", "wh")  # fmt: skip
UNITS = ("_gw", "_mw", "_kw", "_w", "_gwh", "_mwh", "_kwh", "_wh")
FORECAST = ("temperature_forecast_c", "temperature_forecast_f", "temperature_forecast")
OBSERVED = (
    "temperature_c", "temperature_f", "temperature", "dry_bulb_c", "dry_bulb_f", "temp_c",
    "temp_f", "temp",
)  # fmt: skip
NO_LOAD = ("index", "year", "month", "day", "hour", "minute", "weekday", "dow", "week", "lat",
           "lon", "latitude", "longitude", "holiday", "version", "season", "quarter")  # fmt: skip
NO_LOAD_STARTS = ("unnamed:", "dew_", "dry_bulb", "humid", "wind_speed", "wind_dir", "cloud",
                  "precip", "pressure", "price", "tariff", "cost", "temp")  # fmt: skip
NO_LOAD_PARTS = ("lmp", "price", "usd", "eur_", "_eur", "rial", "humidity")
CLOCK = r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?(\.0+)?"
NUMBER_SHARE = 0.5  # of a text column must be numbers for it to be readings


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns mean what; empty means: recognise it by its name."""

    series: str = ""
    time: str = ""
    value: str = ""
    temperature: str = ""
    timezone: str = ""

    by_end: ClassVar[tuple[str, ...]] = ENDS


def named(text: str) -> str:
    """Return a column's name as it is compared: small letters, no blanks.

    >>> named(" Demand MW ")
    'demand_mw'
    """
    return str(text).strip().lower().replace(" ", "_")


def unique_names(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with comparable names; raises where two columns share one."""
    told = table.rename(columns=named)
    twice = told.columns[told.columns.duplicated()]
    if len(twice):
        raise SeriesUnreadable(reason=f"two columns are named {twice[0]!r}; rename one")
    return told


def pick(table: pd.DataFrame, asked: str, known: Sequence[str]) -> str:
    """Return the column that was asked for, else the first known one, else nothing."""
    wanted = named(asked)
    if wanted and wanted not in table.columns:
        there = ", ".join(str(name) for name in list(table.columns)[:12])
        raise SeriesUnreadable(reason=f"there is no column {asked!r}; there are {there}")
    return wanted or next((name for name in known if name in table.columns), "")


def time_of(table: pd.DataFrame, asked: Columns) -> tuple[str, str, int]:
    """Return the column of the time, that of the hour where days stand apart, and hours to go back.

    Hours to go back: one where the end of the hour is written.
    """
    found = pick(table, asked.time, TIMES)
    if found and _is_clock(table[found]):
        days = [name for name in ("date", "day") if name in table.columns and name != found]
        if not days:
            raise SeriesUnreadable(reason=f"the column {found!r} has times of the day without days")
        return days[0], found, 0
    hour = next((n for n in (*HOURS, *HOUR_ENDS) if n in table.columns and n != found), "")
    if found and hour and _is_hour(table[hour]) and not _has_clock(table[found]):
        return found, hour, int(hour in HOUR_ENDS or numbers(table[hour])[0].max() == 24)
    found = found or next((name for name in ENDS if name in table.columns), "")
    if not found:
        there = ", ".join(str(name) for name in list(table.columns)[:12])
        raise SeriesUnreadable(reason=f"no column of the time, such as hour_start; there are"
                               f" {there}. Name it with --time")  # fmt: skip
    return found, "", int(found in ENDS)


def _is_clock(column: pd.Series[str]) -> bool:
    """Say whether a column holds times of the day alone, such as 17:30."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return False
    head = plain(column.dropna().head(50))
    return len(head) > 0 and bool(head.str.fullmatch(CLOCK).all())


def _is_hour(column: pd.Series[str]) -> bool:
    found, _ = numbers(column)
    return bool(found.dropna().between(0, 24).all()) and len(found.dropna()) > 0


def _has_clock(column: pd.Series[str]) -> bool:
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(column):
        return bool((column.dropna() != column.dropna().dt.normalize()).any())
    return bool(
        plain(column.head(500)).str.contains(r"[1-9]:|:[0-9]*[1-9]|[T ][0-9]*[1-9][0-9]*$").any()
    )


def readings_of(table: pd.DataFrame, asked: Columns, *, not_these: Sequence[str]
                ) -> tuple[list[str], bool]:  # fmt: skip
    """Return the columns of the readings, and whether they had to be guessed."""
    found = pick(table, asked.value, VALUES)
    if found:
        return [found], False
    others = [c for c in table.columns if c not in not_these and _is_numeric(table[c])]
    loads = [c for c in others if c.endswith(UNITS)]
    if loads:
        return loads, False
    loads = [
        c for c in others
        if c not in (*OBSERVED, *FORECAST, *NO_LOAD) and not c.startswith(NO_LOAD_STARTS)
        and not any(part in c for part in NO_LOAD_PARTS)
    ]  # fmt: skip
    if not loads:
        there = ", ".join(str(name) for name in list(table.columns)[:12])
        raise SeriesUnreadable(reason=f"no column of the readings, such as demand_mw; there are"
                               f" {there}. Name it with --value")  # fmt: skip
    return loads, True


def _is_numeric(column: pd.Series[str]) -> bool:
    import pandas as pd

    if pd.api.types.is_bool_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return False
    if pd.api.types.is_numeric_dtype(column):
        return True
    head = column.dropna().head(200)
    return len(head) > 0 and bool(numbers(head)[0].notna().mean() > NUMBER_SHARE)
