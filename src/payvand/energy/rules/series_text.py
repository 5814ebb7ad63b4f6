"""Which moment and which number does a cell of a table mean, however it was written?

Pure: pandas. What can be read in two ways is refused with the way out, never guessed: 03/04/2025 in
a file without a day above 12, or 12,345 where nothing tells thousands from decimals. What cannot be
read at all is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from payvand.kernel import jalali
from payvand.kernel.errors import PayvandError, gettext_noop

if TYPE_CHECKING:
    import pandas as pd

DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫٬−\u00a0", "01234567890123456789.,- ")
NOTHING = ("", "nan", "none", "null", "na", "n/a", "-", "–", "—", "nat", "<na>")
OFFSET = r"\s*(Z|z|UTC|[+-][0-9]{2}:?[0-9]{2})$"
SLASHED = r"^([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})(.*)$"
SECONDS, MILLISECONDS = (1e9, 4e9), (1e12, 4e12)  # since 1970, from 2001 on


class SeriesUnreadable(PayvandError):
    """The table has no time or no value column that could be recognised."""

    code, status = "energy.series_unreadable", 422
    what = gettext_noop("The table of readings could not be understood.")
    why = "{reason}"
    now = gettext_noop("Name the columns, or bring the table into the documented form.")


def plain(column: pd.Series[str]) -> pd.Series[str]:
    """Return the text of a column with Latin digits and without blanks around."""
    return column.astype(str).str.translate(DIGITS).str.strip()


# --- numbers ----------------------------------------------------------------------------------


def numbers(column: pd.Series[str]) -> tuple[pd.Series[float], int]:
    """Return a column as numbers (NaN where there is none), and how many could not be read."""
    import pandas as pd

    if pd.api.types.is_bool_dtype(column):
        return column.astype(float), 0
    if pd.api.types.is_numeric_dtype(column):
        return column.astype(float).replace([np.inf, -np.inf], np.nan), 0
    text = plain(column)
    given = ~text.str.lower().isin(NOTHING)
    found = pd.to_numeric(_points(text), errors="coerce").replace([np.inf, -np.inf], np.nan)
    return found.astype(float), int((given & found.isna()).sum())


def _points(text: pd.Series[str]) -> pd.Series[str]:
    """Return numbers with a point before the decimals, and nothing between the thousands."""
    commas = text[text.str.contains(",", regex=False)]
    if commas.empty:
        return text
    grouped = commas.str.fullmatch(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
    sure = grouped & (commas.str.count(",").gt(1) | commas.str.contains(".", regex=False))
    decimal = commas.str.fullmatch(r"[+-]?[0-9][0-9.]*,[0-9]+") & ~grouped
    if sure.any() and decimal.any():
        raise SeriesUnreadable(reason="a comma stands for thousands in some numbers and before"
                               " decimals in others")  # fmt: skip
    if decimal.any():
        return text.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    bare = text[text.str.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?")]
    largest = bare.astype(float).abs().max() if len(bare) else np.inf
    if sure.any() or largest < 1000:  # smaller numbers need no comma, larger ones have it
        return text.str.replace(",", "", regex=False)
    raise SeriesUnreadable(reason=f"{commas.iloc[0]!r} may be read in two ways; write numbers"
                           " without thousands, and a point before decimals")  # fmt: skip


# --- moments ----------------------------------------------------------------------------------


def moments(
    column: pd.Series[str], timezone: str = ""
) -> tuple[pd.Series[pd.Timestamp], list[str]]:
    """Return naive local times (NaT where unreadable), and codes of what was decided.

    Times with an offset keep the clock they show, or are brought to the zone that is named.
    """
    import pandas as pd

    _known_zone(timezone)
    if pd.api.types.is_numeric_dtype(column):
        return _since_1970(column, timezone)
    if pd.api.types.is_datetime64_any_dtype(column):
        zone = getattr(column.dt, "tz", None)
        if zone is None:
            return column.astype("datetime64[ns]"), []
        moved = column.dt.tz_convert(timezone) if timezone else column
        told = ["in_utc"] if str(moved.dt.tz) == "UTC" else []
        return moved.dt.tz_localize(None).astype("datetime64[ns]"), told
    known = pd.Series(column.unique())  # each moment is read once, however many series share it
    found, told = _texts(plain(known), timezone)
    return column.map(dict(zip(known, found, strict=True))).astype("datetime64[ns]"), told


def _known_zone(timezone: str) -> None:
    if not timezone:
        return
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError) as error:
        raise SeriesUnreadable(
            reason=f"no time zone {timezone!r}; write one such as Asia/Tehran"
        ) from error


def _since_1970(column: pd.Series[str], timezone: str) -> tuple[pd.Series[pd.Timestamp], list[str]]:
    import pandas as pd

    middle = float(column.median())
    for unit, (low, high) in (("s", SECONDS), ("ms", MILLISECONDS)):
        if low < middle < high:
            found = pd.to_datetime(column, unit=unit, utc=True, errors="coerce")
            moved = found.dt.tz_convert(timezone or "UTC").dt.tz_localize(None)
            return moved.astype("datetime64[ns]"), [] if timezone else ["in_utc"]
    raise SeriesUnreadable(reason="the time is a number; write 2025-11-10 13:00")


def _texts(text: pd.Series[str], timezone: str) -> tuple[pd.Series[pd.Timestamp], list[str]]:
    import pandas as pd

    text = _year_first(_gregorian(text))
    late = text.str.contains(r"[ T]24:00(?::00)?(?:[^0-9]|$)")  # the last moment of a day
    text = text.where(~late, text.str.replace(r"([ T])24:00", r"\g<1>00:00", regex=True))
    given = text[~text.str.lower().isin(NOTHING)]
    offset = given.str.extract(OFFSET, expand=False)
    told: list[str] = []
    if offset.notna().any():
        if offset.isna().mean() > 0.01:
            raise SeriesUnreadable(reason="some times carry an offset such as +03:30 and others do"
                                   " not; write all in one way")  # fmt: skip
        if not timezone:
            told = ["in_utc"] if offset.dropna().str.upper().isin(["Z", "UTC"]).all() else []
            text = text.str.replace(OFFSET, "", regex=True)
    aware = bool(timezone) and bool(offset.notna().any())
    if timezone and not aware:
        told = ["zone_unused"]
    found = pd.to_datetime(text, errors="coerce", format="ISO8601", utc=aware)
    rest = found.isna() & ~text.str.lower().isin(NOTHING)
    if rest.any():
        again = pd.to_datetime(text[rest], errors="coerce", format="mixed", utc=aware)
        found = found.astype(object).where(~rest, again)
        found = pd.to_datetime(found, errors="coerce", utc=aware)
    if aware:
        found = found.dt.tz_convert(timezone).dt.tz_localize(None)
    return found.astype("datetime64[ns]") + pd.to_timedelta(late.astype(int), unit="D"), told


def _year_first(text: pd.Series[str]) -> pd.Series[str]:
    """Return times with the day written year first; raises where day and month cannot be told."""
    text = text.str.replace(r"^([0-9]{4})[./]([0-9]{1,2})[./]([0-9]{1,2})", r"\1-\2-\3", regex=True)
    text = text.str.replace(r"^([0-9]{4})-([0-9])-", r"\1-0\2-", regex=True)
    text = text.str.replace(r"^([0-9]{4}-[0-9]{2})-([0-9])(?![0-9])", r"\1-0\2", regex=True)
    parts = text.str.extract(SLASHED)
    there = parts[0].notna()
    if not there.any():
        return text
    one, two = parts[0][there].astype(int), parts[1][there].astype(int)
    day_first = bool((one > 12).any()) or bool(text[there].str.match(r"[0-9]{1,2}\.").all())
    if day_first and (two > 12).any():
        raise SeriesUnreadable(reason="days are written day first in some rows and month first in"
                               " others; write 2025-11-10 13:00")  # fmt: skip
    if not day_first and not (two > 12).any():
        raise SeriesUnreadable(reason=f"{text[there].iloc[0]!r} may be read day first or month"
                               " first; write 2025-11-10 13:00")  # fmt: skip
    day, month = (one, two) if day_first else (two, one)
    written = parts[2][there] + "-" + month.astype(str).str.zfill(2) + "-"
    return text.where(~there, written + day.astype(str).str.zfill(2) + parts[3][there])


def _gregorian(text: pd.Series[str]) -> pd.Series[str]:
    """Return the times with days of the Jalali calendar turned into Gregorian ones."""
    if not text.str.match(r"1[2-4][0-9]{2}[-/.]").mean() > 0.5:
        return text
    parts = text.str.replace(r"[/.]", "-", n=2, regex=True).str.split(r"[ T]", n=1, expand=True)
    known = {}
    for day in parts[0].unique():
        try:
            known[day] = jalali.from_iso(_padded(day)).isoformat()
        except (PayvandError, ValueError):
            known[day] = ""
    clock = parts[1].fillna("00:00") if 1 in parts else "00:00"
    return parts[0].map(known) + " " + clock


def _padded(day: str) -> str:
    return "-".join(part.zfill(2) for part in day.split("-"))
