"""How well does each candidate fit a need, by words, letter runs, pairs, lead, client and name?

Engines find candidates and count; everything that is decided from the counts is decided here, so
that all engines rank alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from payvand.matching.rules import fusion
from payvand.matching.rules.query import Bag, Query

Array = npt.NDArray[Any]
K1, B = 1.5, 0.75
TITLE = 2.0  # a word of the title counts as three


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the bank as a whole is like: numbers of texts, their lengths, and where words stand."""

    texts: int
    words: float  # mean number of words of a text
    titled: float  # the same, words of the lead counted three times
    clients: float  # mean number of words of a client's name
    firms: int
    names: float  # mean number of words of a firm's name
    in_texts: dict[str, int]  # stem of the need -> texts that use it
    in_clients: dict[str, int]
    in_names: dict[str, int]


@dataclass(frozen=True, slots=True)
class Slots:
    """Which column stands for which stem or pair of the need."""

    stems: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    clients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Counted evidence: C items, F firms, columns as in `Slots`."""

    items: list[str]
    firms: list[str]
    owner_item: Array  # of each ownership
    owner_firm: Array
    own_ids: list[str]  # of each ownership, the owner's own id of the item
    shares: Array  # C, firms that own the item
    declared: Array  # C, True where nobody but the firm says so
    tf: Array  # C x stems
    lead_tf: Array  # C x stems
    length: Array  # C
    lead_length: Array
    pairs: Array  # C x pairs
    runs: Array  # C x 3: likeness by letter runs of text, titled text and lead
    kinds: Array  # C, how near its classes of ISIC are to the need's, 0 to 1
    client_tf: Array  # C x clients
    client_length: Array
    name_tf: Array  # F x stems
    name_length: Array
    name_runs: Array  # F

    def __len__(self) -> int:
        return len(self.items)


def slots_of(query: Query) -> Slots:
    """Return the columns in which a need's words are counted."""
    stems = dict.fromkeys([*query.stems, *query.lead])
    return Slots(tuple(stems), tuple(sorted(query.pairs)), tuple(query.client))


def worth(query: Query, slots: Slots, bank: Statistics) -> dict[str, float]:
    """Return how much each stem of a need tells, for the choice of candidates."""
    idf = _idf(slots.stems, bank.in_texts, bank.texts)
    weight = _weights(query.stems, slots.stems) + TITLE * _weights(query.lead, slots.stems)
    return dict(zip(slots.stems, (idf * weight).tolist(), strict=True))


def item_scores(
    query: Query, slots: Slots, found: Candidates, bank: Statistics
) -> dict[str, Array]:
    """Return the score of each item in each way that looks at items."""
    idf = _idf(slots.stems, bank.in_texts, bank.texts)
    whole, head = _weights(query.stems, slots.stems), _weights(query.lead, slots.stems)
    plain = _saturated(found.tf, found.length, bank.words)
    titled = _saturated(
        found.tf + TITLE * found.lead_tf,
        found.length + TITLE * found.lead_length,
        bank.titled,
    )
    in_pairs = np.array([
        idf[slots.stems.index(a)] + idf[slots.stems.index(b)] for a, b in slots.pairs
    ])  # fmt: skip
    pair_length = np.maximum(found.length - 1, 0)
    clients = _idf(slots.clients, bank.in_clients, bank.texts)
    return {
        "words": plain @ (idf * whole),
        "titled": titled @ (idf * (whole + TITLE * head)),
        "runs": found.runs[:, 0],
        "titled_runs": found.runs[:, 1],
        "pairs": _saturated(found.pairs, pair_length, max(bank.words - 1, 1)) @ in_pairs
        if len(slots.pairs)
        else np.zeros(len(found)),
        "lead": plain @ (idf * head),
        "lead_runs": found.runs[:, 2],
        "kinds": found.kinds,
        "client": _saturated(found.client_tf, found.client_length, bank.clients)
        @ (clients * _weights(query.client, slots.clients)),
    }


def firm_scores(
    query: Query,
    slots: Slots,
    found: Candidates,
    bank: Statistics,
    *,
    items: dict[str, Array] | None = None,
) -> dict[str, Array]:
    """Return the score of each firm in each way."""
    owners = (found.owner_item, found.owner_firm)
    scores: dict[str, Array] = {
        way: fusion.of_firms(value, owners, len(found.firms), way=way, shares=found.shares)
        for way, value in (items or item_scores(query, slots, found, bank)).items()
    }
    idf = _idf(slots.stems, bank.in_names, bank.firms) * _weights(query.stems, slots.stems)
    idf = np.where(np.array([stem in query.own for stem in slots.stems], bool), idf, 0.0)
    scores["name"] = _saturated(found.name_tf, found.name_length, bank.names) @ idf
    scores["name_runs"] = found.name_runs
    return scores


def _weights(bag: Bag, columns: tuple[str, ...]) -> Array:
    return np.array([bag.get(column, 0.0) for column in columns], np.float64)


def _idf(columns: tuple[str, ...], stands_in: dict[str, int], total: int) -> Array:
    """Return how much a word tells: much when few texts use it."""
    often = np.array([stands_in.get(column, 0) for column in columns], np.float64)
    weight = np.log1p((total - np.minimum(often, total) + 0.5) / (often + 0.5))
    return np.where(often > 0, weight, 0.0)


def _saturated(tf: Array, length: Array, mean: float) -> Array:
    """Return BM25's count: the second mention of a word tells less, a long text less too."""
    relative = np.asarray(length, np.float32) / np.float32(max(mean, 1e-9))
    below = np.asarray(K1 * (1 - B) + 1e-6 + K1 * B * relative, np.float32)[:, None]
    # In place and in 32 bits: a need of a hundred words times a thousand texts is memory above all
    value = np.asarray(tf, np.float32) + below
    np.divide(tf, value, out=value)
    value *= np.float32(K1 + 1)
    return value
