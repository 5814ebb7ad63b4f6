"""How alike are two words to the eye: machining and machine, تراشکاری and تراش?

A word is the bag of its 3 to 5 letter runs, begin and end marked. The runs belong to the words of
the bank, not to its texts: a text is as near to a need as its words are. That keeps the index
small, and a million texts cost no more than the words they share.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
SHORTEST, LONGEST = 3, 5
BUCKETS = 1 << 18


@lru_cache(maxsize=200_000)
def grams(word: str) -> tuple[int, ...]:
    """Return the letter runs of a word as bucket numbers, repeated ones repeated."""
    marked = f" {word} "
    found: list[int] = []
    for size in range(SHORTEST, LONGEST + 1):
        if len(marked) <= size:
            found.append(_bucket(marked))
            break
        found += [_bucket(marked[at : at + size]) for at in range(len(marked) - size + 1)]
    return tuple(found)


def _bucket(run: str) -> int:
    return crc32(run.encode()) & (BUCKETS - 1)


def weights(words: list[str], documents: npt.NDArray[Any], total: int) -> Floats:
    """Return the weight of each bucket: rare runs tell more.

    documents: in how many texts each word stands; total: number of texts.
    """
    counted = np.zeros(BUCKETS, np.float64)
    for word, count in zip(words, documents.tolist(), strict=True):
        counted[list(set(grams(word)))] += count
    return idf(counted, total)


def idf(counted: npt.NDArray[Any], total: int) -> Floats:
    """Return the weights of runs that stand in so many texts of all."""
    weight = np.log((1 + total) / (1 + np.minimum(counted, total))) + 1
    return np.asarray(weight, np.float32)


def pattern(words: Mapping[str, float], weight: Floats) -> tuple[Ints, Floats]:
    """Return the buckets of a need's words, and how much each counts, as a vector of length 1."""
    counts: dict[int, float] = {}
    for word, times in words.items():
        for gram in grams(word):
            counts[gram] = counts.get(gram, 0.0) + times
    at = np.fromiter(counts, np.int64, len(counts))
    times_of = np.fromiter(counts.values(), np.float32, len(counts))
    value = np.where(times_of >= 1, 1 + np.log(np.maximum(times_of, 1)), times_of) * weight[at]
    length = float(np.sqrt((value * value).sum())) or 1.0
    return at, (value / length).astype(np.float32)


def norm2(word: str, weight: Floats) -> float:
    """Return the squared length of a word's vector."""
    seen: dict[int, int] = {}
    for gram in grams(word):
        seen[gram] = seen.get(gram, 0) + 1
    return float(sum((times * weight[gram]) ** 2 for gram, times in seen.items()))
