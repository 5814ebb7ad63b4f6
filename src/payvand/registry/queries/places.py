"""Which places are there, and how do they lie in each other?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from payvand.registry import versions
from payvand.registry.models import Place
from payvand.registry.rules.calendars import path
from payvand.registry.rules.refusals import NoPlace


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """One place, as others may see it."""

    code: str
    parent: str | None
    kind: str  # country | province | county
    name: dict[str, str]
    sort_key: str
    valid_from: date | None
    valid_to: date | None


def _load() -> dict[str, PlaceCard]:
    rows = Place.objects.order_by("sort_key", "code").values_list(
        "code", "parent_id", "kind", "name_fa", "name_en", "sort_key", "valid_from", "valid_to"
    )
    return {
        code: PlaceCard(code, parent, kind, {"fa": fa, "en": en or fa}, key, start, end)
        for code, parent, kind, fa, en, key, start, end in rows
    }


_PLACES = versions.Book(_load, versions.PLACES)
_PARENTS = versions.Book(
    lambda: {card.code: card.parent for card in _PLACES.open().values()}, versions.PLACES
)


def all_places() -> dict[str, PlaceCard]:
    """Return every place by code, in the order of the Persian alphabet."""
    return _PLACES.open()


def place(code: str) -> PlaceCard:
    """Return one place; raises NoPlace."""
    found = all_places().get(code)
    if found is None:
        raise NoPlace(place=code)
    return found


def place_path(code: str) -> tuple[str, ...]:
    """Return the codes from the country down to the place itself; raises NoPlace."""
    found = path(code, parents())
    if not found:
        raise NoPlace(place=code)
    return found


def parents() -> dict[str, str | None]:
    """Return what lies in what; places that no longer exist too, for old cases."""
    return _PARENTS.open()


def places_under(code: str) -> set[str]:
    """Return the codes of a place and of everything inside it."""
    inside: dict[str | None, list[str]] = {}
    for card in all_places().values():
        inside.setdefault(card.parent, []).append(card.code)
    found, waiting = set(), [code]
    while waiting:
        step = waiting.pop()
        if step not in found:
            found.add(step)
            waiting.extend(inside.get(step, ()))
    return found


def children_of(code: str | None, *, on: date | None = None) -> list[PlaceCard]:
    """Return the places directly inside a place (None: the countries) that exist on a day."""
    return [
        card
        for card in all_places().values()
        if card.parent == code
        and (on is None or card.valid_from is None or card.valid_from <= on)
        and (on is None or card.valid_to is None or on <= card.valid_to)
    ]


def country() -> str | None:
    """Return the code of the country of this installation; None before places are seeded."""
    roots = children_of(None)
    return roots[0].code if roots else None
