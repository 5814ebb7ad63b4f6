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


class Embedder(Protocol):
    """Turns texts into vectors of length 1."""

    name: str

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one row for each text."""


def unit(vector: npt.NDArray[Any]) -> Floats:
    """Return the vector with length 1."""
    scaled: Floats = (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)
    return scaled


def pair(model: Embedder, title: str, text: str, bridge: Bridge) -> Floats:
    """Return two vectors: of text and lead together, and of the lead alone."""
    body, head = in_english(whole(title, text), bridge), in_english(lead(title, text), bridge)
    rows = model.embed([body, head])
    return np.stack([unit(rows[0] + rows[1]), rows[1]])


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
