"""How do roll-ups reach the pages?

What pages need of readings are sums: one row per district, sector and day, written here whenever
days were rolled up. A day is a day in Tehran, made of two UTC days. Each roll-up is read once,
however many provinces take over from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from payvand.energy import access
from payvand.energy.actions.journal import record, stream_of
from payvand.energy.models import Asset, AssetLoad, DayLoad, Feeder
from payvand.energy.rules.hours import BEFORE
from payvand.kernel import clock
from payvand.registry.public import Actor

CARRIER = "electricity"
HEAD = "head"
EVE, DAY = slice(24 - BEFORE, 24), slice(0, 24 - BEFORE)  # hours of the two UTC days
KINDS = ("wh", "n", "bad", "expected")
Key = tuple[str, str, str]


class Sums:
    """The register and the roll-ups of a store, each read once."""

    def __init__(self, store: Any) -> None:
        self.store = store
        found = store.register(CARRIER)
        self.meters, self.names = found.meters, found.names
        self._rolled: dict[date, dict[str, Any] | None] = {}
        self._used: dict[date, tuple[Any, Any]] = {}
        self._hours: dict[date, Any] = {}
        self.named = Named(self)

    def rolled(self, day: date) -> dict[str, Any] | None:
        """Return wh, n, bad and expected of a UTC day as (cell, 24); None where not rolled up.

        Cells are those of the register of today, whichever the day was summed with.
        """
        if day not in self._rolled:
            self._rolled[day] = self._read(day)
        return self._rolled[day]

    def _read(self, day: date) -> dict[str, Any] | None:
        import numpy as np
        import pyarrow.parquet as parquet

        from payvand.energy.engine.store import PLACE

        path = self.store.folder("rollup", CARRIER, day) / "rollup.parquet"
        if not path.exists():
            return None
        table = parquet.read_table(path, partitioning=None)
        firsts = table.select(PLACE).take(np.arange(0, len(table), 24)).to_pydict()
        row = {key: n for n, key in enumerate(zip(*firsts.values(), strict=True))}
        now = zip(*(self.names[name] for name in PLACE), strict=True)
        place = np.array([row.get(key, -1) for key in now])
        return {
            name: np.where(place[:, None] >= 0, table[name].to_numpy().reshape(-1, 24)[place], 0)
            for name in KINDS
        }

    def largest(self, day: date) -> Any:
        """Return by cell the Wh of the largest consumer on a day in Tehran."""
        import numpy as np

        used = self.used(day - timedelta(days=1))[1] + self.used(day)[0]
        top = np.zeros(self.meters.cells)
        np.maximum.at(top, self.meters.cell, used)
        return top

    def used(self, day: date) -> tuple[Any, Any]:
        """Return the Wh of each meter in the hours of a UTC day before and from 21:00 on."""
        import numpy as np

        from payvand.energy.rules.rollup import current

        if day not in self._used:
            rows, _old = current(self.store.readings(CARRIER, day))
            place = self.meters.places(rows.meter)
            known = (place >= 0) & (rows.wh > 0)
            wh = np.minimum(rows.wh[known], self.meters.most_wh[place[known]])
            self._hours[day] = self.named.hours(rows)
            late = rows.hour[known] % 24 >= EVE.start
            size = len(self.meters.meter)
            early, evening = (
                np.bincount(place[known][part], weights=wh[part], minlength=size)
                for part in (~late, late)
            )
            self._used[day] = early, evening
        return self._used[day]

    def hours_by_name(self, day: date) -> Any:
        """Return (consumer known by name, 24) Wh of a day in Tehran, -1 where not read."""
        import numpy as np

        eve = day - timedelta(days=1)
        self.used(eve), self.used(day)
        return np.concatenate([self._hours[eve][:, EVE], self._hours[day][:, DAY]], axis=1)

    def counts(self) -> Any:
        """Return how many consumers each cell has."""
        import numpy as np

        return np.bincount(self.meters.cell, minlength=self.meters.cells)


class Named:
    """The consumers known by name whose meter is in the register, on the feeder they stand for.

    A meter on another feeder or of another province is not theirs: it is left out.
    """

    def __init__(self, sums: Sums) -> None:
        import numpy as np

        from payvand.energy.rules.rollup import OVERLOAD

        rows = Asset.objects.filter(carrier=CARRIER, closed_on=None, meter__isnull=False)
        rows = rows.order_by("meter")
        found = list(rows.values_list("pk", "area_id", "feeder", "meter"))
        place = sums.meters.places(np.array([row[3] for row in found], dtype=np.int64))
        cell = [int(sums.meters.cell[n]) if n >= 0 else -1 for n in place]
        hangs = list(zip(sums.names["province"], sums.names["feeder"], strict=True))
        own = [n for n, c in enumerate(cell) if c >= 0 and hangs[c] == found[n][1:3]]
        self.rows = [found[n] for n in own]
        self.meters = np.array([row[3] for row in self.rows], dtype=np.int64)
        self.most = OVERLOAD * sums.meters.most_wh[place[own]]

    def hours(self, rows: Any) -> Any:
        """Return (consumer, 24) Wh of a UTC day; -1 where none was read that can be true."""
        import numpy as np

        found = np.full((len(self.meters), 24), -1, dtype=np.int64)
        ours = np.isin(rows.meter, self.meters)
        place = np.searchsorted(self.meters, rows.meter[ours])
        wh = rows.wh[ours]
        found[place, rows.hour[ours] % 24] = np.where((wh >= 0) & (wh <= self.most[place]), wh, -1)
        return found


@transaction.atomic
def take_over(area: str, sums: Sums, days: Iterable[date], *, by: Actor) -> int:
    """Write the sums of rolled-up UTC days into rows for the pages; returns how many rows.

    A day in Tehran needs two UTC days; one that lacks its first hours is written with gaps.
    """
    access.may_operate(by, area).or_raise()
    touched = sorted({one for day in days for one in (day, day + timedelta(days=1))})
    districts = dict(Feeder.objects.filter(area_id=area).values_list("code", "district"))
    cells = _cells(sums.names, area, districts)
    rows: list[DayLoad] = []
    newest = None
    for day in touched:
        eve, whole = sums.rolled(day - timedelta(days=1)), sums.rolled(day)
        if whole is None:
            continue
        told = _Told(day, eve, whole, sums)
        rows += [told.row(area, key, own) for key, own in cells.items()]
        newest = told if eve is not None else newest
    DayLoad.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True,
        unique_fields=["carrier", "area", "day", "city", "district", "sector"],
        update_fields=["wh", "expected", "n", "bad", "consumers", "largest", "known_at"],
    )  # fmt: skip
    if newest is not None:
        _refresh_feeders(area, newest)
    _load_named(area, sums, touched)
    record(by, "loads_taken_over", stream_of(area), f"area:{area}", days=len(touched),
           rows=len(rows))  # fmt: skip
    return len(rows)


def _load_named(area: str, sums: Sums, days: Iterable[date]) -> None:
    """Keep the hours of those who are asked by name: for themselves, settlement and operator."""
    places = [n for n, row in enumerate(sums.named.rows) if row[1] == area]
    if not places:
        return
    rows = []
    for day in days:
        if sums.rolled(day) is None:
            continue
        hours = sums.hours_by_name(day)
        rows += [AssetLoad(asset_id=sums.named.rows[n][0], day=day,
                           wh=[None if v < 0 else int(v) for v in hours[n]])
                 for n in places if (hours[n] >= 0).any()]  # fmt: skip
    AssetLoad.objects.bulk_create(rows, batch_size=500, update_conflicts=True,
                                  unique_fields=["asset", "day"], update_fields=["wh"])  # fmt: skip


class _Told:
    """What one day in Tehran says: the end of one UTC day and most of the next."""

    def __init__(self, day: date, eve: Any, whole: Any, sums: Sums) -> None:
        self.day, self.eve, self.whole, self.names = day, eve, whole, sums.names
        self.counts, self.largest, self.now = sums.counts(), sums.largest(day), clock.now()

    def hours(self) -> Any:
        """Return Wh as (cell, 24) of the day; both UTC days must be there."""
        import numpy as np

        return np.concatenate([self.eve["wh"][:, EVE], self.whole["wh"][:, DAY]], axis=1)

    def row(self, area: str, key: Key, own: Sequence[int]) -> DayLoad:
        """Return the row of a city, district and sector."""
        parts = [(self.whole, DAY)] if self.eve is None else [(self.eve, EVE), (self.whole, DAY)]
        hours: list[int | None] = [None] * BEFORE if self.eve is None else []
        for part, cut in parts:
            hours += [int(v) for v in part["wh"][own, cut].sum(axis=0)]
        expected, n, bad = (
            sum(int(part[name][own, cut].sum()) for part, cut in parts)
            for name in ("expected", "n", "bad")
        )
        return DayLoad(
            area_id=area, city=key[0], district=key[1], sector=key[2], day=self.day, wh=hours,
            expected=expected, n=n, bad=bad, consumers=int(self.counts[own].sum()),
            largest=int(self.largest[own].max()), known_at=self.now,
        )  # fmt: skip


def _cells(names: dict[str, list[str]], area: str, districts: dict[str, str]
           ) -> dict[Key, list[int]]:  # fmt: skip
    """Return the rows of the roll-up that count in each city, district and sector of an area."""
    found: dict[Key, list[int]] = {}
    columns = (names["province"], names["city"], names["feeder"], names["sector"])
    for n, (province, city, feeder, sector) in enumerate(zip(*columns, strict=True)):
        if province == area and sector != HEAD:
            found.setdefault((city[:16], districts.get(feeder, "1"), sector), []).append(n)
    return found


def _refresh_feeders(area: str, newest: _Told) -> None:
    """Keep what hangs on each feeder, its hours, and how far its head meter lies from the sum.

    A new feeder lies in district 1 until the operator says otherwise; cuts and districts stay.
    """
    hours, names = newest.hours(), newest.names
    columns = (names["province"], names["city"], names["feeder"], names["sector"])
    found: dict[str, tuple[str, list[int], list[int]]] = {}
    for n, (province, city, feeder, sector) in enumerate(zip(*columns, strict=True)):
        if province == area:
            _city, own, heads = found.setdefault(feeder, (city, [], []))
            (heads if sector == HEAD else own).append(n)
    rows = []
    for code, (city, own, heads) in found.items():
        used, head = hours[own].sum(axis=0), float(hours[heads].sum())
        gap = abs(head - float(used.sum())) / head if head > 0 else 0.0
        rows.append(Feeder(
            code=code[:40], area_id=area, city=city[:16], district="1", gap_day=newest.day,
            consumers=int(newest.counts[own].sum()), gap_ppm=min(int(1e6 * gap), 2_000_000_000),
            usual_mw=[round(float(v) / 1e6, 4) for v in used],
        ))  # fmt: skip
    Feeder.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["code"],
        update_fields=["city", "consumers", "usual_mw", "gap_ppm", "gap_day"],
    )  # fmt: skip
