"""What of a day's consumption may the public read, given everything it has read before?

The gate itself is pure (rules/privacy.py). Here its memory is kept: every cell that was ever put
before it, with what was said, and with the groups it was made of. No page and no export shows a
cell of consumption that did not pass here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from payvand.energy import access
from payvand.energy.actions.journal import need_arithmetic, record, stream_of
from payvand.energy.models import DayLoad, Published, Release
from payvand.energy.rules.hours import ELECTRICITY
from payvand.kernel import clock
from payvand.registry.public import Actor

if TYPE_CHECKING:
    from payvand.energy.rules.privacy import Cell, Group, Record

SEP = "|"


@transaction.atomic
def release_day(area: str, day: date, *, by: Actor, carrier: str = ELECTRICITY) -> Release | None:
    """Publish a day's consumption by city, district and sector as far as the gate allows.

    Returns None when there is nothing to publish. Raises Refused, NotInstalled.
    """
    access.may_operate(by, area, carrier).or_raise()
    need_arithmetic()
    from payvand.energy.rules.privacy import Cell, Group

    groups: dict[str, Group] = {}
    cells: dict[str, set[str]] = {}
    rows = DayLoad.objects.filter(area_id=area, day=day, carrier=carrier)
    for row in rows.order_by("city", "district", "sector"):
        atom = SEP.join((row.city, row.district, row.sector))
        groups[atom] = Group(row.consumers, float(sum(v or 0 for v in row.wh)), float(row.largest))
        for name in (area, f"{area}{SEP}{row.sector}", row.city, f"{row.city}{SEP}{row.sector}"):
            cells.setdefault(name, set()).add(atom)
    if not groups:
        return None
    wanted = [Cell(name, frozenset(atoms)) for name, atoms in sorted(cells.items())]
    return publish(Scope(area, day, carrier), wanted, groups, by=by)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is judged together: the consumption of a carrier on a day in a province."""

    area: str
    day: date
    carrier: str = ELECTRICITY

    def __str__(self) -> str:
        of = "" if self.carrier == ELECTRICITY else f"/{self.carrier}"
        return f"{self.area}/{self.day}{of}"


def publish(
    what: Scope, cells: Sequence[Cell], groups: Mapping[str, Group], *, by: Actor
) -> Release:
    """Put cells before the gate with every earlier release of the day; keep the result."""
    from payvand.energy.rules import privacy

    scope = str(what)
    list(Release.objects.select_for_update().filter(scope=scope))  # one release after another
    before = _record(scope)
    # a day that was told once stays as it was told: corrected sums would contradict what is out
    made_of: dict[Any, Group] = {**groups, **before.groups}
    found = privacy.release(cells, made_of, before, privacy.Policy())
    made = Release.objects.create(
        scope=scope, carrier=what.carrier, area_id=what.area, day=what.day, at=clock.now(),
        by=by.name(),
        groups={a: [g.count, g.total, g.largest] for a, g in made_of.items()},
    )  # fmt: skip
    atoms = {str(cell.name): sorted(map(str, cell.atoms)) for cell in cells}
    Published.objects.bulk_create(
        [_cell(made, name, atoms[name], found) for name in sorted(atoms)], batch_size=500
    )
    record(by, "released", stream_of(what.area), f"area:{what.area}", day=str(what.day),
           carrier=what.carrier, published=len(found.published),
           withheld=len(found.withheld))  # fmt: skip
    return made


def _cell(made: Release, name: str, atoms: list[str], found: Any) -> Published:
    if name in found.published:
        return Published(release=made, name=name, atoms=atoms, wh=found.published[name])
    if name in found.ranges:
        low, high = found.ranges[name]
        return Published(release=made, name=name, atoms=atoms, low=low, high=high)
    return Published(release=made, name=name, atoms=atoms, reason=found.withheld[name])


def _record(scope: str) -> Record:
    """Return all that was ever published or withheld of a day."""
    from payvand.energy.rules.privacy import Group, Record

    before = Record()
    for release in Release.objects.filter(scope=scope).order_by("at", "pk"):
        before.groups |= {a: Group(*told) for a, told in release.groups.items()}
    for atoms, wh, low in Published.objects.filter(release__scope=scope).values_list(
        "atoms", "wh", "low"
    ):
        key: frozenset[Any] = frozenset(atoms)
        if wh is not None:
            before.published[key] = wh
        elif low is None and key not in before.published:
            before.withheld[key] = sum(before.groups[atom].total for atom in atoms)
    return before
