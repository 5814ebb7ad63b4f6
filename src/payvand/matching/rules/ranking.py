"""Which firms come first for a need, because of which evidence, and in which way?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from payvand.matching.rules import fusion, scoring
from payvand.matching.rules.query import TOLD, Query
from payvand.matching.rules.scoring import Candidates, Slots, Statistics

Array = npt.NDArray[Any]
BECAUSE = 3
# For "because of": how much each way says about one item
_TELLING = ("titled", "titled_runs", "lead", "meaning", "kinds")


@dataclass(frozen=True, slots=True)
class Ranked:
    """One firm in the list."""

    firm: str
    score: float  # only its order means something
    items: tuple[str, ...]  # evidence that put it here, the strongest first
    is_newcomer: bool  # nothing but its own word was found
    ways: Mapping[str, float] = field(default_factory=dict)  # share of the best score, each way


def ranked(
    query: Query,
    slots: Slots,
    found: Candidates,
    bank: Statistics,
    *,
    meaning: Mapping[str, Array] | None = None,
    limit: int = 200,
) -> list[Ranked]:
    """Return the best firms, the best first; equal ones in the order of their ids.

    meaning: scores of the candidate items by nearness of meaning, where a model is installed.
    """
    if not found.firms:
        return []
    owners = (found.owner_item, found.owner_firm)
    by_item = scoring.item_scores(query, slots, found, bank)
    by_firm = scoring.firm_scores(query, slots, found, bank, items=by_item)
    for way, value in (meaning or {}).items():
        by_item[way] = value
        by_firm[way] = fusion.of_firms(
            value, owners, len(found.firms), way=way, shares=found.shares
        )
    order = np.argsort(np.array(found.firms), kind="stable")
    by_firm = {way: value[order] for way, value in by_firm.items()}
    total = fusion.combined(by_firm, _weights(query, has_meaning=bool(meaning)))
    shares = fusion.shares(by_firm)
    best = np.argsort(-total, kind="stable")[:limit]
    items, newcomers = _because(by_item, found, order[best]), _newcomers(found)
    return [
        Ranked(
            found.firms[order[at]], float(total[at]), items.get(int(order[at]), ()),
            bool(newcomers[order[at]]), {way: float(value[at]) for way, value in shares.items()},
        )
        for at in best.tolist()
    ]  # fmt: skip


def _weights(query: Query, *, has_meaning: bool) -> fusion.Weights:
    if query.is_persian:
        return fusion.PERSIAN if len(query.own) >= TOLD else fusion.WEIGHTS
    return fusion.WITH_MEANING if has_meaning else fusion.WEIGHTS


def _because(
    by_item: Mapping[str, Array], found: Candidates, firms: Array
) -> dict[int, tuple[str, ...]]:
    telling = np.zeros(len(found))
    for way in _TELLING:
        if way in by_item and (best := float(by_item[way].max(initial=0.0))) > 0:
            telling += by_item[way] / best
    wanted = np.zeros(len(found.firms), bool)
    wanted[firms] = True
    owned = np.flatnonzero(wanted[found.owner_firm])
    kept: dict[int, list[str]] = {}
    for at in owned[np.argsort(-telling[found.owner_item[owned]], kind="stable")].tolist():
        items = kept.setdefault(int(found.owner_firm[at]), [])
        if len(items) < BECAUSE and telling[found.owner_item[at]] > 0:
            items.append(found.own_ids[at])
    return {firm: tuple(items) for firm, items in kept.items()}


def _newcomers(found: Candidates) -> Array:
    """Return which firms have nothing to show among the candidates but their own word."""
    proven = np.bincount(
        found.owner_firm, weights=~found.declared[found.owner_item], minlength=len(found.firms)
    )
    return np.asarray(proven == 0)
