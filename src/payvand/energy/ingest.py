"""How do readings come in, once each, and how are the sums kept current?

A file is known by the hash of its content: loading it again changes nothing, and an interrupted
load goes on. Rows that cannot be used are reported one by one; all others are kept, every version,
with the time it became known. Then each day that was touched, and the one after it, is rolled up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from payvand.energy import sheets
from payvand.energy.engine.store import EPOCH, Store, number, seconds
from payvand.energy.rules.rollup import CARRIERS, Readings, roll
from payvand.energy.rules.series import SeriesUnreadable
from payvand.kernel.ids import uuid7

BATCH, BOOK_BATCH = 250_000, 20_000
SHOWN = 1000  # rejected rows that a report lists
UNITS = {"wh": 1, "kwh": 1000, "mwh": 1_000_000}
Tell = Callable[[int, int], None]


def _silent(_done: int, _all: int) -> None:
    return None


@dataclass
class Loaded:
    """What became of one file."""

    source: str
    rows: int = 0
    kept: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    first_rejected: list[tuple[int, str, str]] = field(default_factory=list)  # row, why, what
    days: set[date] = field(default_factory=set)
    again: bool = False
    same: int = 0  # known already under this meter, hour and version

    def reject(self, row: int, why: str, what: str) -> None:
        """Note a row that cannot be used; rows count from 1, without the heading."""
        self.rejected[why] = self.rejected.get(why, 0) + 1
        if len(self.first_rejected) < SHOWN:
            self.first_rejected.append((row, why, what))

    def as_json(self) -> dict[str, Any]:
        """Return the report for machines."""
        return {
            "source": self.source, "rows": self.rows, "kept": self.kept, "again": self.again,
            "rejected": self.rejected, "first_rejected": [list(r) for r in self.first_rejected],
            "days": sorted(str(day) for day in self.days),
        }  # fmt: skip


REGISTER = ("meter", "province", "city", "feeder", "sector", "most_wh")


def register(store: Store, path: Path, carrier: str, *, area: str = "") -> Loaded:
    """Keep the meters of a file in the register; those that it does not name stay.

    area: rows of other provinces, and numbers that are in use there, are told and left out.
    Raises SeriesUnreadable.
    """
    import pandas as pd
    import pyarrow

    told = Loaded(_digest(path))
    is_parquet = path.name.lower().endswith(".parquet")
    parts = list(_batches(path) if is_parquet else sheets.frames(path, BATCH))
    table = pd.concat(parts).rename(columns=lambda column: str(column).strip().lower())
    lacking = [name for name in REGISTER if name not in table]
    if lacking:
        raise SeriesUnreadable(reason=f"{path.name}: no column {', '.join(lacking)}")
    rows = table[[*REGISTER]].reset_index(drop=True)
    numbers = rows[["meter", "most_wh"]].apply(pd.to_numeric, errors="coerce")
    rows = rows.assign(**numbers)
    before = store.meters(carrier)
    elsewhere = before.loc[before["province"] != area, "meter"] if area else before["meter"][:0]
    checks = {
        "meter_unreadable": rows["meter"].isna(),
        "value_unreadable": ~(rows["most_wh"] > 0),
        "province_other": (rows["province"] != area) if area else rows["meter"].isin([]),
        "meter_elsewhere": rows["meter"].isin(elsewhere),
    }
    good = ~_told(told, rows, checks, np.arange(1, len(rows) + 1))
    new = rows[good].drop_duplicates("meter", keep="last")
    kept = pd.concat([before[~before["meter"].isin(new["meter"])], new])[[*REGISTER]]
    kept = kept.astype({"meter": "int64", "most_wh": "int64"} | dict.fromkeys(REGISTER[1:5], str))
    store.write_meters(carrier, pyarrow.Table.from_pandas(kept, preserve_index=False))
    told.rows, told.kept = len(rows), len(new)
    return told


def _told(told: Loaded, rows: Any, checks: dict[str, Any], numbers: Any) -> Any:
    """Report the rows that fail a check, each for the first it fails; returns which they are."""
    wrong = np.zeros(len(rows), dtype=bool)
    for why, where in checks.items():
        failed = np.asarray(where, dtype=bool) & ~wrong
        for place in np.flatnonzero(failed):
            cells = (f"{name}: {cell}" for name, cell in dict(rows.iloc[place]).items())
            told.reject(int(numbers[place]), why, ", ".join(cells))
        wrong |= failed
    return wrong


def load(
    store: Store, path: Path, carrier: str, *, now: datetime, area: str = "", tell: Tell = _silent
) -> Loaded:
    """Keep the readings of a CSV, XLSX or Parquet file.

    Columns: meter, ts (UTC), wh or kwh or mwh, and where wanted version and known. area: only
    meters of this province are taken. Raises SeriesUnreadable, FileUnfit.
    """
    told, whole = Loaded(""), rows_in(path)
    for told in load_in_steps(store, path, carrier, now=now, area=area):
        tell(min(told.rows, whole) if whole else told.rows, whole or told.rows)
    return told


def load_in_steps(
    store: Store, path: Path, carrier: str, *, now: datetime, area: str = ""
) -> Iterator[Loaded]:
    """Keep the readings of a file batch by batch; yields what became of the rows so far.

    Nothing is kept twice: after an interruption the same file is begun anew.
    """
    source = _digest(path) + (f"-{area}" if area else "")
    old = store.report(source)
    if old is not None:
        yield Loaded(source, old["rows"], old["kept"], old["rejected"],
                     [tuple(r) for r in old["first_rejected"]],
                     {date.fromisoformat(d) for d in old["days"]}, again=True)  # fmt: skip
        return
    told = Loaded(source)
    own = Own(store, carrier, area) if area else None
    for batch in _batches(path):
        rows, _places = readings(batch, told, seconds(now), own)
        told.kept += len(rows)
        told.days |= _keep(store, carrier, rows, f"{source}-{told.rows}")
        told.rows += len(batch)
        yield told
    store.write_report(source, told.as_json())


def rows_in(path: Path) -> int:
    """Return how many rows a file has; 0 for a workbook, which only reading it could tell."""
    if path.name.lower().endswith(".parquet"):
        with _readable(path), _parquet(path) as table:
            return int(table.metadata.num_rows)
    if sheets.is_book(path):
        return 0
    lines, last = 0, b""
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            lines, last = lines + part.count(b"\n"), part[-1:]
    return max(0, lines - (last == b"\n"))


def _keep(store: Store, carrier: str, rows: Readings, name: str) -> set[date]:
    """Write rows day by day, once under a name; returns the days."""
    days = set()
    for place in np.unique(rows.hour // 24):
        day = EPOCH + timedelta(days=int(place))
        days.add(day)
        if not store.has_part(carrier, day, name):
            store.write_part(carrier, day, name, rows.rows(rows.hour // 24 == place))
    return days


@dataclass
class Own:
    """Which meters are those of a province?"""

    store: Store
    carrier: str
    area: str

    def __post_init__(self) -> None:
        """Read the register once."""
        found = self.store.register(self.carrier)
        self.meters = found.meters
        self.is_own = np.array([name == self.area for name in found.names["province"]], dtype=bool)

    def checks(self, meter: Any) -> dict[str, Any]:
        """Return which numbers are in no register, and which in that of another province."""
        place = self.meters.places(np.nan_to_num(meter, nan=-1).astype(np.int64))
        known = place >= 0
        own = np.zeros(len(place), dtype=bool)
        own[known] = self.is_own[self.meters.cell[place[known]]]
        return {"meter_unknown": ~known, "meter_elsewhere": known & ~own}


def take(store: Store, table: Any, carrier: str, *, now: datetime, area: str) -> Loaded:
    """Keep readings that a program sends: once for each meter, hour and version.

    What is known already is counted in `same`; another value under a known version is refused.
    Raises SeriesUnreadable, FileNotFoundError (no register).
    """
    told = Loaded("")
    rows, numbers = readings(table, told, seconds(now), Own(store, carrier, area))
    told.days = {EPOCH + timedelta(days=int(n)) for n in np.unique(rows.hour // 24)}
    seen: dict[tuple[int, ...], int] = {}
    for day in told.days:
        old = store.readings_of(carrier, day, np.unique(rows.meter))
        seen |= dict(zip(_keys(old), old.wh.tolist(), strict=True))
    fresh = np.ones(len(rows), dtype=bool)
    for n, (key, wh) in enumerate(zip(_keys(rows), rows.wh.tolist(), strict=True)):
        if key not in seen:
            seen[key] = wh
            continue
        fresh[n] = False
        if seen[key] == wh:
            told.same += 1
        else:
            told.reject(int(numbers[n]), "version_taken", f"{seen[key]} Wh")
    _keep(store, carrier, rows.rows(fresh), f"sent-{uuid7()}")
    told.rows, told.kept = len(table), int(fresh.sum())
    return told


def _keys(rows: Readings) -> list[tuple[int, ...]]:
    """Return what one reading is known by: meter, hour and version."""
    columns = (rows.meter.tolist(), rows.hour.tolist(), rows.version.tolist())
    return list(zip(*columns, strict=True))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Tell what a library says of a file that is none of its kind in our own words."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise SeriesUnreadable(reason=f"{path.name} is not in UTF-8; save it so") from error
    except (ValueError, OSError) as error:  # of pandas and pyarrow as well
        first = (str(error) or type(error).__name__).splitlines()[0]
        raise SeriesUnreadable(reason=f"{path.name}: {first}") from error


def _batches(path: Path) -> Iterator[Any]:
    """Yield tables of the file, so many rows at a time. Raises SeriesUnreadable, FileUnfit."""
    import pandas as pd

    if sheets.is_book(path):
        yield from sheets.frames(path, BOOK_BATCH)
        return
    is_parquet = path.name.lower().endswith(".parquet")
    with _readable(path):
        file = _parquet(path) if is_parquet else pd.read_csv(path, chunksize=BATCH, dtype=str)
    with file:
        batches = file.iter_batches(BATCH) if is_parquet else file
        while True:
            with _readable(path):
                batch = next(batches, None)
            if batch is None:
                return
            yield batch.to_pandas() if is_parquet else batch


def _parquet(path: Path) -> Any:
    import pyarrow.parquet as parquet

    return parquet.ParquetFile(path)


def readings(table: Any, told: Loaded, now: int, own: Own | None = None) -> tuple[Readings, Any]:
    """Return the usable rows of a table with their numbers, and report the others."""
    import pandas as pd

    table = table.rename(columns=lambda column: str(column).strip().lower())
    unit = next((name for name in UNITS if name in table), None)
    lacking = [name for name in ("meter", "ts") if name not in table]
    if unit is None or lacking:
        lacking += [] if unit else ["wh"]
        raise SeriesUnreadable(reason=f"no column {', '.join(lacking)}")
    meter = pd.to_numeric(table["meter"], errors="coerce").to_numpy(dtype=float)
    stamp = pd.to_datetime(table["ts"], errors="coerce", utc=True, format="ISO8601")
    amount = pd.to_numeric(table[unit], errors="coerce").to_numpy(dtype=float)
    version = _numbers(table, "version", 1)
    checks = {
        "meter_unreadable": np.isnan(meter), "time_unreadable": stamp.isna().to_numpy(),
        "value_unreadable": ~np.isfinite(amount), "version_unreadable": np.isnan(version),
    }  # fmt: skip
    if own is not None:
        checks |= own.checks(meter)
    numbers = told.rows + 1 + np.arange(len(table))
    good = ~_told(told, table, checks, numbers)
    at = stamp[good].dt.tz_localize(None).to_numpy().astype("datetime64[s]").astype(np.int64)
    known = np.full(int(good.sum()), now)
    if "known" in table:
        given = pd.to_datetime(table["known"][good], errors="coerce", utc=True, format="ISO8601")
        asked = given.dt.tz_localize(None).to_numpy().astype("datetime64[s]")
        known = np.where(np.isnat(asked), known, asked.astype(np.int64))
    wh = np.rint(amount[good] * UNITS[unit]).astype(np.int64)
    rows = Readings(meter[good].astype(np.int64), at // 3600, wh, version[good].astype(np.int64),
                    known)  # fmt: skip
    return rows, numbers[good]


def _numbers(table: Any, column: str, default: float) -> Any:
    import pandas as pd

    if column not in table:
        return np.full(len(table), float(default))
    return pd.to_numeric(table[column], errors="coerce").to_numpy(dtype=float)


def roll_up(
    store: Store, carrier: str, days: Iterable[date] | None = None, *, tell: Tell = _silent
) -> list[date]:
    """Write the roll-ups of these days and of those that follow them; else of every day."""
    rolled = []
    for day, whole in roll_in_steps(store, carrier, days):
        rolled.append(day)
        tell(len(rolled), whole)
    return rolled


def roll_in_steps(
    store: Store, carrier: str, days: Iterable[date] | None = None
) -> Iterator[tuple[date, int]]:
    """Write roll-ups day by day; yields each day, and how many there are in all.

    While one day is summed the next is read. Memory: two days of readings.
    """
    there = store.days("readings", carrier)
    wanted = set(there if days is None else days)
    wanted |= {day + timedelta(days=1) for day in wanted}
    todo = [day for day in there if day in wanted]
    register, kind = store.register(carrier), CARRIERS[carrier]
    with ThreadPoolExecutor(1) as reader:
        ahead = reader.submit(store.readings, carrier, todo[0]) if todo else None
        for place, day in enumerate(todo):
            assert ahead is not None  # noqa: S101 - for the type checker
            rows = ahead.result()
            if place + 1 < len(todo):
                ahead = reader.submit(store.readings, carrier, todo[place + 1])
            before = store.tail(carrier, day - timedelta(days=1))
            rolled = roll(rows, register.meters, kind, day=number(day), before=before)
            store.write_rollup(kind, day, rolled, register)
            yield day, len(todo)
