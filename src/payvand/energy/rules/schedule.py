"""What may the public read of a rota, without learning which feeders are never cut?

Pure. A schedule that names feeders tells, by those it never names, where vital sites lie. So the
public reads of *schedule areas*: neighbouring districts of a city, joined until each holds at least
three feeders that can be cut and enough consumers. The areas come from the register alone, never
from a day's plan, so that they look the same whoever is off.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

LEAST_OPEN = 3  # feeders of a schedule area that can be cut
LEAST_CONSUMERS = 15


@dataclass(frozen=True, slots=True)
class Line:
    """A feeder as the register has it; is_open: it can be cut."""

    code: str
    city: str
    district: str
    consumers: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One schedule area: districts of a city that are always told of together."""

    city: str
    districts: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return a stable name for links and exports."""
        return f"{self.city}/{'+'.join(self.districts)}"


def parts(lines: Iterable[Line]) -> list[Part]:
    """Return the schedule areas of a register; a city too small for one belongs to none.

    >>> row = [Line(f"f{n}", "c", "1" if n < 2 else "2", 40, n > 0) for n in range(5)]
    >>> [part.districts for part in parts(row)]
    [('1', '2')]
    """
    by_place: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        by_place.setdefault((line.city, line.district), []).append(line)
    found: list[Part] = []
    for city in sorted({place[0] for place in by_place}):
        waiting: list[str] = []
        for district in sorted(d for c, d in by_place if c == city):
            waiting.append(district)
            if _is_enough([one for d in waiting for one in by_place[city, d]]):
                found.append(Part(city, tuple(waiting)))
                waiting = []
        if waiting and found and found[-1].city == city:  # what is left over joins its neighbour
            found[-1] = Part(city, found[-1].districts + tuple(waiting))
    return found


def _is_enough(lines: Sequence[Line]) -> bool:
    open_ = sum(line.is_open for line in lines)
    return open_ >= LEAST_OPEN and sum(line.consumers for line in lines) >= LEAST_CONSUMERS


def told(
    areas: Sequence[Part], lines: Iterable[Line], off: Mapping[int, Collection[str]]
) -> dict[str, list[int]]:
    """Return for each schedule area the hours at which some of it may be off.

    off: feeders by the hour at which their block begins.
    """
    place = {line.code: (line.city, line.district) for line in lines}
    found: dict[str, list[int]] = {part.name: [] for part in areas}
    for hour in sorted(off):
        hit = {place[code] for code in off[hour] if code in place}
        for part in areas:
            if any((part.city, district) in hit for district in part.districts):
                found[part.name].append(hour)
    return found
