"""What must an engine be able to do, and how are the answers of its parts put together?

An engine finds candidates and counts; `rules.scoring` decides. All engines pass one contract suite
(tests/matching/test_engines.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from payvand.matching.rules.evidence import EvidenceText
from payvand.matching.rules.query import Query
from payvand.matching.rules.scoring import Candidates, Slots, Statistics

CANDIDATES = 1_000


@dataclass(frozen=True, slots=True)
class Looked:
    """What an engine found for a need."""

    slots: Slots
    found: Candidates
    bank: Statistics


class Engine(Protocol):
    """Keeps evidence findable."""

    def rebuild(self, items: Iterable[EvidenceText]) -> int:
        """Index everything anew; returns the number of items."""

    def replace(self, firms: Mapping[str, Sequence[EvidenceText]]) -> None:
        """Let each firm have exactly these items from now on; no items remove it."""

    def look(self, query: Query, *, limit: int = CANDIDATES, also: Sequence[str] = ()) -> Looked:
        """Return the best candidates for a need, counted; also: items to be counted as well."""

    def knows(self, word: str) -> bool:
        """True when some evidence uses the word, in whatever form."""

    def compounds(self) -> Mapping[str, tuple[str, ...]]:
        """Return joined spellings and their parts, as the evidence writes them."""


def joined(parts: Sequence[Candidates]) -> Candidates:
    """Return the candidates of several segments as one; no firm may stand in two of them."""
    if len(parts) == 1:
        return parts[0]
    items = np.cumsum([0, *(len(part) for part in parts)])
    firms = np.cumsum([0, *(len(part.firms) for part in parts)])

    def stacked(name: str) -> npt.NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in parts])

    plain = ("shares", "declared", "tf", "lead_tf", "length", "lead_length", "pairs", "runs",
             "kinds", "client_tf", "client_length", "name_tf", "name_length",
             "name_runs")  # fmt: skip
    return Candidates(
        items=[item for part in parts for item in part.items],
        firms=[firm for part in parts for firm in part.firms],
        own_ids=[one for part in parts for one in part.own_ids],
        owner_item=np.concatenate([p.owner_item + at for p, at in zip(parts, items, strict=False)]),
        owner_firm=np.concatenate([p.owner_firm + at for p, at in zip(parts, firms, strict=False)]),
        **{name: stacked(name) for name in plain},
    )


def summed(parts: Sequence[Statistics]) -> Statistics:
    """Return the statistics of several segments as one."""
    texts, firms = sum(p.texts for p in parts), sum(p.firms for p in parts)

    def mean(name: str, by: str) -> float:
        total = sum(getattr(p, name) * getattr(p, by) for p in parts)
        return float(total / max(sum(getattr(p, by) for p in parts), 1))

    def counts(name: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for part in parts:
            for word, often in getattr(part, name).items():
                found[word] = found.get(word, 0) + often
        return found

    return Statistics(
        texts, mean("words", "texts"), mean("titled", "texts"), mean("clients", "texts"), firms,
        mean("names", "firms"), counts("in_texts"), counts("in_clients"), counts("in_names"),
    )  # fmt: skip
