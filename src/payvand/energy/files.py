"""How does a table of readings come from a file, whatever it was saved as?"""

from __future__ import annotations

import gzip
import zlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from payvand.energy.rules.series import SeriesUnreadable
from payvand.kernel import jalali

if TYPE_CHECKING:
    import pandas as pd


def table(path: Path) -> pd.DataFrame:
    """Return the table in a CSV (also .gz), XLSX or Parquet file. Raises SeriesUnreadable."""
    import pandas as pd

    kind = path.name.lower()
    try:
        if kind.endswith((".parquet", ".pq")):
            return _with_index(pd.read_parquet(path))
        if kind.endswith((".xlsx", ".xlsm")):
            return _with_index(pd.read_excel(path))
        return _separated(path)
    except UnicodeDecodeError as error:
        raise SeriesUnreadable(reason=f"{path.name} is not in UTF-8; save it so") from error
    except (ValueError, OSError, KeyError, EOFError, BadZipFile, zlib.error) as error:
        first = (str(error) or type(error).__name__).splitlines()[0]
        raise SeriesUnreadable(reason=f"{path.name}: {first}") from error


def _with_index(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the table with a named or dated index as a column: times are often kept there."""
    import pandas as pd

    dated = isinstance(rows.index, pd.DatetimeIndex)
    if dated and rows.index.name is None:
        rows.index.name = "hour_start"
    kept = dated or isinstance(rows.index, pd.MultiIndex) or rows.index.name is not None
    return rows.reset_index() if kept else rows


def _separated(path: Path) -> pd.DataFrame:
    """Return a table of text: comma, semicolon, tab or bar; lines of # before it are skipped."""
    import pandas as pd

    opened = gzip.open if path.name.lower().endswith(".gz") else open
    with opened(path, "rb") as raw:
        start = raw.read(4)
    encoding = "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    with opened(path, "rt", encoding=encoding, newline="") as file:
        skipped, head = 0, file.readline()
        while head.startswith("#") or (head and not head.strip()):
            skipped, head = skipped + 1, file.readline()
    if not head.strip():
        raise SeriesUnreadable(reason=f"{path.name} is empty")
    separator = max(",;\t|", key=head.count)
    return pd.read_csv(path, sep=separator, skiprows=skipped, encoding=encoding,
                       skipinitialspace=True, low_memory=False, index_col=False)  # fmt: skip


def days_off(path: Path) -> dict[date, str]:
    """Return the days off of a file with the columns date and holiday; Jalali days are read too."""
    rows = table(path)
    rows.columns = [str(name).strip().lower() for name in rows.columns]
    if "date" not in rows:
        raise SeriesUnreadable(reason=f"{path.name}: no column date")
    names = rows["holiday"] if "holiday" in rows else rows["date"]
    return {_day(str(day)): str(name) for day, name in zip(rows["date"], names, strict=True)}


def _day(text: str) -> date:
    plain = text.strip()[:10].replace("/", "-")
    try:
        return date.fromisoformat(plain) if plain[:2] in ("19", "20") else jalali.from_iso(plain)
    except ValueError as error:
        raise SeriesUnreadable(reason=f"{text!r} is not a day") from error


def country_days_off(country: str, first: date, last: date) -> dict[date, str]:
    """Return the public days off of a country (ISO code) between two days, both included."""
    import holidays

    try:
        known = holidays.country_holidays(country, years=range(first.year, last.year + 1))
    except NotImplementedError as error:
        raise SeriesUnreadable(reason=f"no days off are known for {country!r}") from error
    return {day: str(name) for day, name in known.items() if first <= day <= last}
