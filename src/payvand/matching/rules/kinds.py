"""Which kinds of business does a text speak of: of what they make, or of what it is for?

Each class of ISIC has a row among the terms (code `class:2220`) with what its firms call their work
in both languages and what laymen speak of who need them: things, troubles, users, materials, verbs.
Terms that carry the class (`isic:2220`) lend it their names and hints. A word tells the more, the
fewer classes list it. A need and a text are each shared out over classes, and meet there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log1p
from typing import Any

import numpy as np
import numpy.typing as npt

from payvand.matching.rules.terms import ISIC, SCHEME, TermText
from payvand.matching.rules.words import Compounds, stem, words

Array = npt.NDArray[Any]
OFTEN, LENGTH = 1.2, 0.75  # how soon repetition stops counting; how far long rows are held back
SHARP = 3.0  # the best classes take nearly all
KEPT = 4  # classes of a text; of a need as many as count
SAME_GROUP, SAME_DIVISION = 0.25, 0.08  # how near two classes are that share three digits, or two
NOTHING = 1e-3
LEAST = 0.2  # share from which on a text is looked up by a class
SURE = 0.4  # share from which on a term without a class takes the one it speaks of
Key = str | frozenset[str]
Counts = dict[Key, dict[int, float]]


class Kinds:
    """The classes, ready to be found in texts."""

    def __init__(self, terms: Sequence[TermText], compounds: Compounds) -> None:
        self.codes = tuple(sorted({code for term in terms for code in _own(term)}))
        self._near = _nearness(self.codes)
        at = {code: place for place, code in enumerate(self.codes)}
        counts: Counts = {}
        rest: list[list[frozenset[str]]] = []
        for term in terms if at else ():
            told = [frozenset(stem(word) for word in words(one, compounds)) for one in _told(term)]
            kinds = {at[code]: 1.0 for code in (*_own(term), *_lent(term)) if code in at}
            if kinds:
                _count(counts, told, kinds)
            else:
                rest.append(told)
        self._weigh(counts)
        # Half of the terms carry no class: what their own words speak of is taken for it
        for told, kinds in [(told, self._guessed(told)) for told in rest]:
            _count(counts, told, kinds)
        self._weigh(counts)

    def _weigh(self, counts: Counts) -> None:
        """Set what each word tells of each class: much where few classes list it."""
        sizes = np.zeros(len(self.codes))
        for row in counts.values():
            for kind, weight in row.items():
                sizes[kind] += weight
        mean = float(sizes.mean()) if len(sizes) else 1.0
        held = (OFTEN * (1 - LENGTH + LENGTH * sizes / max(mean, 1e-9))).tolist()
        self._weights: dict[Key, list[tuple[int, float]]] = {}
        self._longer: dict[str, list[frozenset[str]]] = {}
        for key, row in counts.items():
            tells = log1p((len(self.codes) - len(row) + 0.5) / (len(row) + 0.5)) * (1 + OFTEN)
            self._weights[key] = [(k, tells * w / (w + held[k])) for k, w in row.items()]
            if isinstance(key, frozenset):
                for one in key:
                    self._longer.setdefault(one, []).append(key)

    def _guessed(self, told: Sequence[frozenset[str]]) -> dict[int, float]:
        """Return the classes that a term without one speaks of, where it is fairly sure of one."""
        best, found = self._best({one for stems in told for one in stems})
        return {at: 1.0 for at, share in zip(best[:1], found[:1], strict=True) if share >= SURE}

    def knows(self, of: str) -> bool:
        """True when a stem tells something about a class."""
        return of in self._weights

    def of_need(self, stems: Mapping[str, float]) -> dict[str, float]:
        """Return class -> how near it is to what a need speaks of; classes far from it left out.

        stems: of the need, with what each counts. Words that belong together tell more together.
        """
        scores = np.zeros(len(self.codes))
        for key in self._found(stems):
            weight = stems[key] if isinstance(key, str) else max(stems[one] for one in key)
            for kind, value in self._weights[key]:
                scores[kind] += weight * value
        if not len(scores) or scores.max() <= 0:
            return {}
        near = self._near @ shared(scores[None, :])[0]
        return {self.codes[at]: float(near[at]) for at in np.flatnonzero(near > NOTHING).tolist()}

    def of_text(self, stems: Iterable[str]) -> list[str]:
        """Return the classes that a text speaks of, at most four, the nearest first."""
        best, found = self._best(set(stems))
        return [self.codes[at] for at, share in zip(best, found, strict=True) if share >= LEAST]

    def _best(self, stems: set[str]) -> tuple[list[int], list[float]]:
        """Return the four classes that words speak of most, and their shares; none for none."""
        scores = np.zeros(len(self.codes))
        for one in stems:
            for kind, value in self._weights.get(one, ()):
                scores[kind] += value
        if not len(scores) or scores.max() <= 0:
            return [], []
        best = np.argsort(-scores, kind="stable")[:KEPT]
        return best.tolist(), shared(scores[None, best])[0].tolist()

    def _found(self, stems: Mapping[str, float]) -> Iterator[Key]:
        longer = {key for one in stems for key in self._longer.get(one, ()) if stems.keys() >= key}
        yield from (one for one in stems if one in self._weights)
        yield from sorted(longer, key=sorted)

    def table(self, stems: Iterable[str]) -> tuple[Array, Array, Array]:
        """Return for stems in their order: where the classes of each end, classes, and weights."""
        rows = [self._weights.get(one, []) for one in stems]
        ends = np.cumsum([0, *(len(row) for row in rows)])
        kinds = np.fromiter((kind for row in rows for kind, _ in row), np.int64, int(ends[-1]))
        value = np.fromiter((value for row in rows for _, value in row), np.float32, int(ends[-1]))
        return ends, kinds, value


def shared(scores: Array) -> Array:
    """Return scores (texts x classes) as shares that add up to 1, the best taking nearly all."""
    best = np.maximum(scores.max(axis=1, keepdims=True), 1e-9)
    powered = (scores / best) ** SHARP
    value: Array = powered / np.maximum(powered.sum(axis=1, keepdims=True), 1e-9)
    return value


def _own(term: TermText) -> list[str]:
    return [code.removeprefix(SCHEME) for code in term.codes if code.startswith(SCHEME)]


def _lent(term: TermText) -> list[str]:
    return [code.removeprefix(ISIC) for code in term.codes if code.startswith(ISIC)]


def _told(term: TermText) -> Iterator[str]:
    yield from (name for _, name in term.names())
    yield from term.said


def _count(counts: Counts, told: Iterable[frozenset[str]], kinds: Mapping[int, float]) -> None:
    for stems in told if kinds else ():
        for key in _keys(stems):
            row = counts.setdefault(key, {})
            for kind, share in kinds.items():
                row[kind] = row.get(kind, 0.0) + share


def _keys(stems: frozenset[str]) -> Iterator[Key]:
    """Yield what a name or hint counts as: each of its words, and all of them together."""
    yield from sorted(stems)
    if len(stems) > 1:
        yield stems


def _nearness(codes: Sequence[str]) -> Array:
    group, division = (np.array([code[:size] for code in codes]) for size in (3, 2))
    near = np.where(division[:, None] == division, SAME_DIVISION, 0.0)
    near = np.where(group[:, None] == group, SAME_GROUP, near)
    np.fill_diagonal(near, 1.0)
    return near
