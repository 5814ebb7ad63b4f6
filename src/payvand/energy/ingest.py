"""How do readings come in, once each, and how are the sums kept current?

A file is known by the hash of its content: loading it again changes nothing, and an interrupted
load goes on. Rows that cannot be used are reported one by one; all others are kept, every version,
with the time it became known. Then each day that was touched, and the one after it, is rolled up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from payvand.energy.engine.store import EPOCH, Store, number, seconds
from payvand.energy.rules.rollup import CARRIERS, Readings, roll
from payvand.energy.rules.series import SeriesUnreadable

BATCH = 1_000_000
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


def register(store: Store, path: Path, carrier: str) -> int:
    """Keep the register of meters of a file; return how many there are. Raises SeriesUnreadable."""
    import pyarrow

    from payvand.energy import files

    table = files.table(path).rename(columns=lambda column: str(column).strip().lower())
    lacking = [name for name in REGISTER if name not in table]
    if lacking:
        raise SeriesUnreadable(reason=f"{path.name}: no column {', '.join(lacking)}")
    rows = table[[*REGISTER]].drop_duplicates("meter", keep="last")
    rows = rows.astype({"meter": "int64", "most_wh": "int64"}
                       | dict.fromkeys(REGISTER[1:5], str))  # fmt: skip
    store.write_meters(carrier, pyarrow.Table.from_pandas(rows, preserve_index=False))
    return len(rows)


def load(store: Store, path: Path, carrier: str, *, now: datetime, tell: Tell = _silent) -> Loaded:
    """Keep the readings of a CSV, XLSX or Parquet file.

    Columns: meter, ts (UTC), wh or kwh or mwh, and where wanted version and known.
    Raises SeriesUnreadable when a column is lacking.
    """
    source = _digest(path)
    old = store.report(source)
    if old is not None:
        return Loaded(source, old["rows"], old["kept"], old["rejected"],
                      [tuple(r) for r in old["first_rejected"]],
                      {date.fromisoformat(d) for d in old["days"]}, again=True)  # fmt: skip
    told = Loaded(source)
    size = max(1, path.stat().st_size)
    for part, batch in enumerate(_batches(path)):
        rows = _readings(batch, told, seconds(now))
        told.kept += len(rows)
        for place in np.unique(rows.hour // 24):
            day = EPOCH + timedelta(days=int(place))
            told.days.add(day)
            name = f"{source}-{part}"
            if not store.has_part(carrier, day, name):
                store.write_part(carrier, day, name, rows.rows(rows.hour // 24 == place))
        told.rows += len(batch)
        tell(min(size, told.rows), size)
    store.write_report(source, told.as_json())
    return told


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _batches(path: Path) -> Iterator[Any]:
    """Yield tables of the file, a million rows at a time."""
    import pandas as pd

    name = path.name.lower()
    if name.endswith(".parquet"):
        import pyarrow.parquet as parquet

        for batch in parquet.ParquetFile(path).iter_batches(BATCH):
            yield batch.to_pandas()
    elif name.endswith((".xlsx", ".xlsm")):
        yield pd.read_excel(path)
    else:
        yield from pd.read_csv(path, chunksize=BATCH, dtype=str)


def _readings(table: Any, told: Loaded, now: int) -> Readings:
    """Return the usable rows of a table, and report the others."""
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
    wrong = np.zeros(len(table), dtype=bool)
    for why, where in checks.items():
        for place in np.flatnonzero(where & ~wrong):
            told.reject(told.rows + int(place) + 1, why, str(dict(table.iloc[place])))
        wrong |= where
    good = ~wrong
    at = stamp[good].dt.tz_localize(None).to_numpy().astype("datetime64[s]").astype(np.int64)
    known = np.full(int(good.sum()), now)
    if "known" in table:
        given = pd.to_datetime(table["known"][good], errors="coerce", utc=True, format="ISO8601")
        asked = given.dt.tz_localize(None).to_numpy().astype("datetime64[s]")
        known = np.where(np.isnat(asked), known, asked.astype(np.int64))
    wh = np.rint(amount[good] * UNITS[unit]).astype(np.int64)
    return Readings(meter[good].astype(np.int64), at // 3600, wh, version[good].astype(np.int64),
                    known)  # fmt: skip


def _numbers(table: Any, column: str, default: float) -> Any:
    import pandas as pd

    if column not in table:
        return np.full(len(table), float(default))
    return pd.to_numeric(table[column], errors="coerce").to_numpy(dtype=float)


def roll_up(
    store: Store, carrier: str, days: Iterable[date] | None = None, *, tell: Tell = _silent
) -> list[date]:
    """Write the roll-ups of these days and of those that follow them; else of every day.

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
            tell(place + 1, len(todo))
    return todo
