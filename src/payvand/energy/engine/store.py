"""How do readings and roll-ups lie on the disk?

Parquet outside the database, one folder a carrier and UTC day (docs/how-to/spark.md):

    meters/carrier=C/meters.parquet                  who is metered, where, and how much it may draw
    readings/carrier=C/day=D/<source>-<batch>.parquet   every version, with when it became known
    rollup/carrier=C/day=D/rollup.parquet            sums per feeder, sector and hour
    flags/carrier=C/day=D/flags.parquet              the readings that were not trusted, and why
    state/carrier=C/D.npz, D.json                    how each meter's day ended; counts of the day
    loads/<source>.json                              what became of each loaded file

A file is written under another name and then moved, so a reader never sees half of it, and a load
that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from payvand.energy.rules.rollup import Carrier, Meters, Readings, Rolled, Tail
from payvand.energy.rules.series import Ints

EPOCH = date(1970, 1, 1)
PLACE = ("province", "city", "feeder", "sector")


@dataclass(frozen=True, slots=True)
class Register:
    """The meters of a carrier, and the names of the cells they count in."""

    meters: Meters
    names: dict[str, list[str]]  # of each column of PLACE: one name per cell


@dataclass
class Store:
    """A folder of readings."""

    root: Path

    def folder(self, kind: str, carrier: str, day: date | None = None) -> Path:
        """Return the folder of a kind of file."""
        found = self.root / kind / f"carrier={carrier}"
        return found / f"day={day}" if day else found

    # --- meters ----------------------------------------------------------------------------

    def write_meters(self, carrier: str, table: Any) -> None:
        """Keep the register of meters: meter, province, city, feeder, sector, most_wh."""
        _write(table.sort_by("meter"), self.folder("meters", carrier) / "meters.parquet")

    def meters(self, carrier: str) -> Any:
        """Return the registered meters as a table; an empty one before any was registered."""
        import pandas as pd

        path = self.folder("meters", carrier) / "meters.parquet"
        if path.exists():
            return pd.read_parquet(path, partitioning=None)
        return pd.DataFrame({name: [] for name in ("meter", *PLACE, "most_wh")})

    def register(self, carrier: str) -> Register:
        """Return the registered meters. Raises FileNotFoundError before any was registered."""
        import pyarrow.parquet as parquet

        table = parquet.read_table(
            self.folder("meters", carrier) / "meters.parquet", partitioning=None
        )
        known, code = zip(*(_coded(table[name]) for name in PLACE), strict=True)
        sizes = tuple(len(names) for names in known)
        keys, cell = np.unique(np.ravel_multi_index(code, sizes), return_inverse=True)
        names = {
            name: [known[n][place] for place in places]
            for n, (name, places) in enumerate(zip(PLACE, np.unravel_index(keys, sizes),
                                                   strict=True))
        }  # fmt: skip
        meters = Meters(
            table["meter"].to_numpy().astype(np.int64), cell.astype(np.int64).reshape(-1),
            table["most_wh"].to_numpy().astype(np.int64), len(keys),
        )  # fmt: skip
        return Register(meters, names)

    # --- readings --------------------------------------------------------------------------

    def has_part(self, carrier: str, day: date, name: str) -> bool:
        """True when this part of a source lies there already."""
        return (self.folder("readings", carrier, day) / f"{name}.parquet").exists()

    def write_part(self, carrier: str, day: date, name: str, rows: Readings) -> None:
        """Keep rows of one day, ordered by meter, hour and version."""
        import pyarrow

        order = np.lexsort((rows.version, rows.hour, rows.meter))
        ordered = rows.rows(order)
        table = pyarrow.table({
            "meter": ordered.meter,
            "ts": (ordered.hour * 3600).astype("datetime64[s]"),
            "wh": ordered.wh,
            "version": ordered.version.astype(np.int32),
            "known": ordered.known.astype("datetime64[s]"),
        })  # fmt: skip
        _write(table, self.folder("readings", carrier, day) / f"{name}.parquet")

    def readings(self, carrier: str, day: date) -> Readings:
        """Return all rows of one day, every version."""
        return self._read(sorted(self.folder("readings", carrier, day).glob("*.parquet")), None)

    def readings_of(self, carrier: str, day: date, meters: Ints) -> Readings:
        """Return the rows of some meters on a day, every version; the others are skipped."""
        paths = sorted(self.folder("readings", carrier, day).glob("*.parquet"))
        return self._read(paths, [("meter", "in", meters.tolist())] if len(meters) else None)

    def _read(self, paths: list[Path], only: Any) -> Readings:
        import pyarrow
        import pyarrow.parquet as parquet

        parts = [parquet.read_table(path, partitioning=None, filters=only) for path in paths]
        if not parts:
            return Readings(*[np.zeros(0, dtype=np.int64)] * 5)
        table = pyarrow.concat_tables(parts) if len(parts) > 1 else parts[0]
        return Readings(
            _ints(table["meter"]), _ints(table["ts"]) // 3600, _ints(table["wh"]),
            _ints(table["version"]), _ints(table["known"]),
        )  # fmt: skip

    def compact(self, carrier: str, day: date, most: int = 24) -> None:
        """Join the parts of a day into one where there are many: each of a sent batch is small.

        What was joined is removed only after the whole lies there; readers see rows twice at worst,
        which changes no sum.
        """
        paths = sorted(self.folder("readings", carrier, day).glob("sent-*.parquet"))
        if len(paths) <= most:
            return
        self.write_part(carrier, day, f"{paths[-1].stem}-joined", self._read(paths, None))
        for path in paths:
            path.unlink()

    def days(self, kind: str, carrier: str) -> list[date]:
        """Return the days for which there are readings, roll-ups or flags."""
        found = self.folder(kind, carrier).glob("day=*")
        return sorted(date.fromisoformat(path.name[4:]) for path in found)

    # --- roll-ups --------------------------------------------------------------------------

    def write_rollup(self, carrier: Carrier, day: date, rolled: Rolled, register: Register) -> None:
        """Keep a day's sums, its flagged readings, its counts and how it ended."""
        import pyarrow

        slots, cells = carrier.slots, register.meters.cells
        hours = number(day) * 24 + np.arange(slots) * carrier.step_hours
        columns: dict[str, Any] = {name: _repeated(register.names[name], slots) for name in PLACE}
        columns["ts"] = np.tile((hours * 3600).astype("datetime64[s]"), cells)
        columns |= {"wh": rolled.wh.ravel()} | {
            name: getattr(rolled, name).ravel().astype(np.int32)
            for name in ("n", "bad", "expected")
        }
        _write(pyarrow.table(columns), self.folder("rollup", carrier.name, day) / "rollup.parquet")
        marked = pyarrow.table({
            "meter": rolled.marked.meter,
            "ts": (rolled.marked.hour * 3600).astype("datetime64[s]"),
            "version": rolled.marked.version.astype(np.int32),
            "flags": rolled.flags.astype(np.int32),
        })  # fmt: skip
        _write(marked, self.folder("flags", carrier.name, day) / "flags.parquet")
        self._write_state(carrier.name, day, rolled, register)

    def _write_state(self, carrier: str, day: date, rolled: Rolled, register: Register) -> None:
        folder = self.folder("state", carrier)
        folder.mkdir(parents=True, exist_ok=True)
        hidden = folder / f".{day}.{os.getpid()}.npz"
        np.savez(hidden, last=rolled.tail.last, run=rolled.tail.run)
        hidden.replace(folder / f"{day}.npz")
        feeders = np.array(register.names["feeder"])
        heard = {str(name) for name in feeders[rolled.n.sum(axis=1) > 0]}
        counts = {
            "expected": int(rolled.expected.sum()), "present": int(rolled.n.sum()),
            "bad": int(rolled.bad.sum()), "flagged": rolled.flagged,
            "silent_feeders": sorted({str(name) for name in feeders} - heard)[:1000],
        }  # fmt: skip
        _put(folder / f"{day}.json", counts)

    def tail(self, carrier: str, day: date) -> Tail | None:
        """Return how a day ended; None where it was not rolled up."""
        path = self.folder("state", carrier) / f"{day}.npz"
        if not path.exists():
            return None
        with np.load(path) as found:
            return Tail(found["last"], found["run"])

    def counts(self, carrier: str) -> dict[date, dict[str, Any]]:
        """Return the counts of every day that was rolled up."""
        paths = sorted(self.folder("state", carrier).glob("*.json"))
        return {date.fromisoformat(p.stem): json.loads(p.read_text()) for p in paths}

    # --- loads -----------------------------------------------------------------------------

    def report(self, source: str) -> dict[str, Any] | None:
        """Return what became of a file that was loaded to its end, else None."""
        path = self.root / "loads" / f"{source}.json"
        return json.loads(path.read_text()) if path.exists() else None

    def write_report(self, source: str, report: dict[str, Any]) -> None:
        """Keep what became of a file."""
        (self.root / "loads").mkdir(parents=True, exist_ok=True)
        _put(self.root / "loads" / f"{source}.json", report)

    @cached_property
    def is_sample(self) -> bool:
        """True when all of it was made up for a demonstration."""
        return (self.root / "SAMPLE").exists()


def number(day: date) -> int:
    """Return the days since 1970."""
    return (day - EPOCH).days


def seconds(moment: datetime) -> int:
    """Return the seconds since 1970 of an aware moment."""
    return int(moment.astimezone(UTC).timestamp())


def _ints(column: Any) -> Ints:
    """Return a column as int64; times count in seconds."""
    import pyarrow

    if pyarrow.types.is_timestamp(column.type):
        column = column.cast(pyarrow.timestamp("s")).cast(pyarrow.int64())
    found: Ints = column.to_numpy().astype(np.int64, copy=False)
    return found


def _coded(column: Any) -> tuple[list[str], Ints]:
    """Return the names of a column in order, and the place of each row's name among them."""
    packed = column.combine_chunks().dictionary_encode()
    names = np.array([str(name) for name in packed.dictionary.to_pylist()], dtype=object)
    order = np.argsort(names, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return names[order].tolist(), place[packed.indices.to_numpy()]


def _repeated(names: list[str], times: int) -> Any:
    """Return a column of names, each repeated, kept as numbers into a list."""
    import pyarrow

    known, code = np.unique(np.array(names, dtype=object).astype(str), return_inverse=True)
    indices = np.repeat(code, times).astype(np.int32)
    return pyarrow.DictionaryArray.from_arrays(indices, pyarrow.array(known.tolist()))


def _write(table: Any, path: Path) -> None:
    import pyarrow.parquet as parquet

    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.stem}.{os.getpid()}.tmp")
    parquet.write_table(table, hidden, compression="zstd")
    hidden.replace(path)


def _put(path: Path, content: dict[str, Any]) -> None:
    hidden = path.with_name(f".{path.name}.{os.getpid()}")
    hidden.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    hidden.replace(path)
