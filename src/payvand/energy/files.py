"""How does a table of readings come from a file, whatever it was saved as?"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from payvand.energy.rules.series import SeriesUnreadable
from payvand.kernel import jalali

if TYPE_CHECKING:
    import pandas as pd


def table(path: Path) -> pd.DataFrame:
    """Return the table in a CSV (also .gz), XLSX or Parquet file. Raises SeriesUnreadable."""
    import pandas as pd

    kind = path.name.lower()
    try:
        if kind.endswith(".parquet"):
            return pd.read_parquet(path)
        if kind.endswith((".xlsx", ".xlsm")):
            return pd.read_excel(path)
        head = pd.read_csv(path, nrows=1, header=None, sep="\x01", dtype=str).iloc[0, 0]
        separator = max(",;\t|", key=str(head).count)
        return pd.read_csv(path, sep=separator, comment="#")
    except (ValueError, UnicodeDecodeError, OSError, KeyError) as error:
        raise SeriesUnreadable(reason=f"{path.name}: {error}") from error


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
