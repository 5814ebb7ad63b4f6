"""How is a text said to a model of meaning: in English, whole and lead together?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from payvand.matching.rules.evidence import lead, whole
from payvand.matching.rules.terms import Bridge
from payvand.matching.rules.words import stem, words

Floats = npt.NDArray[np.float32]
_PERSIAN = re.compile("[\u0600-\u06ff]")


class NoMeaningError(Exception):
    """The model cannot answer now; `reason` says why, and ranking goes on without it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Embedder(Protocol):
    """Turns texts into vectors of length 1."""

    name: str  # vectors of different names are never compared
    reads_persian: bool  # False: Persian is carried over to English first

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one row for each text, all of one width. Raises NoMeaningError, nothing else."""


def unit(vector: npt.NDArray[Any]) -> Floats:
    """Return the vector with length 1."""
    scaled: Floats = (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)
    return scaled


def pair(model: Embedder, title: str, text: str, bridge: Bridge) -> Floats:
    """Return two vectors: of text and lead together, and of the lead alone."""
    both: Floats = pairs(model, [(title, text)], bridge)[0]
    return both


def pairs(model: Embedder, texts: Sequence[tuple[str, str]], bridge: Bridge) -> Floats:
    """Return the same for several titles and texts at once: texts x 2 x width."""
    told = [said(model, part(*one), bridge) for one in texts for part in (whole, lead)]
    if not told:
        return np.zeros((0, 2, 0), np.float32)
    rows = model.embed(told).reshape(len(texts), 2, -1)
    both = [np.stack([unit(body + head), head]) for body, head in rows]
    return np.stack(both)


def said(model: Embedder, text: str, bridge: Bridge) -> str:
    """Return a text in a language that the model reads."""
    return text if model.reads_persian else in_english(text, bridge)


def in_english(text: str, bridge: Bridge) -> str:
    """Return a Persian text as the English names of what it mentions; other texts unchanged.

    Words that no term knows are left out: the English model could only guess at them.
    """
    if not _PERSIAN.search(text):
        return text
    spoken = words(text, bridge.compounds)
    named: dict[int, str] = {}
    for one in bridge.find([stem(word) for word in spoken]):
        if not one.is_part:
            named.setdefault(one.first, bridge.terms[one.term].en)
    latin = {at: word for at, word in enumerate(spoken) if not _PERSIAN.search(word)}
    return " ".join(word for _, word in sorted({**latin, **named}.items()))
