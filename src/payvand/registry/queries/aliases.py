"""Which entry does a merged one stand for now?

A merge moves no row: it records an alias, and whoever reads follows it. So a merge can be undone,
and nothing that points at either party is lost. The aliases are few and kept in the process.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from payvand.registry import versions
from payvand.registry.models import Alias

TOPIC = "aliases"


def _load() -> tuple[dict[UUID, UUID], dict[UUID, tuple[UUID, ...]]]:
    kept = dict(Alias.objects.values_list("gone_id", "kept_id"))
    families: dict[UUID, list[UUID]] = defaultdict(list)
    for gone in kept:
        families[_end(gone, kept)].append(gone)
    return (
        {gone: _end(gone, kept) for gone in kept},
        {head: (head, *sorted(rest)) for head, rest in families.items()},
    )


def _end(key: UUID, kept: dict[UUID, UUID]) -> UUID:
    """Follow aliases to the last one; the merge action keeps them free of rings."""
    for _step in range(len(kept) + 1):
        if key not in kept:
            break
        key = kept[key]
    return key


_ALIASES = versions.Book(_load, TOPIC)


def kept_of(party_id: UUID) -> UUID:
    """Return the entry that stands for a party: itself, unless it was merged into another."""
    return _ALIASES.open()[0].get(party_id, party_id)


def heads() -> dict[UUID, UUID]:
    """Return every merged entry with the one that stands for it, for loops."""
    return _ALIASES.open()[0]


def family(party_id: UUID) -> tuple[UUID, ...]:
    """Return every id under which this party is known, the one that stands first."""
    head = kept_of(party_id)
    return _ALIASES.open()[1].get(head, (head,))


def families(ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return all ids of several parties, each with the one that stands for it."""
    kept, known = _ALIASES.open()
    found = {kept.get(key, key) for key in ids}
    return {member: head for head in found for member in known.get(head, (head,))}


def with_families(ids: Iterable[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Return for each of several parties all ids under which it is known. One look."""
    kept, known = _ALIASES.open()
    return {key: known.get(kept.get(key, key), (key,)) if kept else (key,) for key in ids}
