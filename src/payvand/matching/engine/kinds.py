"""Which texts of an index speak of which kinds of business?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from payvand.matching.rules.kinds import KEPT, LEAST, Kinds, shared

Array = npt.NDArray[Any]
Arrays = dict[str, Array]
ROWS = 2_000  # texts at a time
FULL = 255  # a share of 1, as a byte


def arrays(text_ptr: Array, stems: Array, spelt: Sequence[str], kinds: Kinds) -> Arrays:
    """Return classes and shares of each text, and the texts of each class.

    text_ptr, stems: numbers of the stems of each text; spelt: the stems by their numbers.
    """
    texts, many = len(text_ptr) - 1, len(kinds.codes)
    at, share = np.zeros((texts, KEPT), np.uint16), np.zeros((texts, KEPT), np.uint8)
    if many >= KEPT:
        table = kinds.table(spelt)
        for low in range(0, texts, ROWS):
            high = min(low + ROWS, texts)
            scores = _scores(text_ptr[low : high + 1], stems, table, many)
            best = np.argpartition(-scores, KEPT - 1, axis=1)[:, :KEPT]
            found = shared(np.take_along_axis(scores, best, axis=1))
            at[low:high], share[low:high] = best, np.round(found * FULL)
    text, column = np.nonzero(share >= LEAST * FULL)
    kind = at[text, column]
    order = np.argsort(kind, kind="stable")
    ends = np.searchsorted(kind[order], np.arange(many + 1))
    return {"kind_at": at, "kind_share": share, "kind_ptr": ends,
            "kind_text": text[order].astype(np.int32)}  # fmt: skip


def _scores(ptr: Array, stems: Array, table: tuple[Array, Array, Array], many: int) -> Array:
    """Return what the distinct words of some texts tell of each class: texts x classes."""
    ends, kinds, value = table
    owner = np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))
    pairs = np.unique(owner * (len(ends) - 1) + stems[ptr[0] : ptr[-1]])
    owner, which = pairs // (len(ends) - 1), pairs % (len(ends) - 1)
    sizes = ends[which + 1] - ends[which]
    last = np.cumsum(sizes)
    flat = np.repeat(ends[which] - (last - sizes), sizes) + np.arange(last[-1] if len(last) else 0)
    spots = np.repeat(owner, sizes) * many + kinds[flat]
    told: Array = np.bincount(spots, weights=value[flat], minlength=(len(ptr) - 1) * many)
    return told.reshape(-1, many)


def nearness(a: Arrays, codes: Sequence[str], wanted: Mapping[str, float], texts: Array) -> Array:
    """Return how near the classes of some texts are to those that a need speaks of, 0 to 1."""
    if not wanted or "kind_at" not in a:
        return np.zeros(len(texts))
    value = np.array([wanted.get(code, 0.0) for code in codes] or [0.0])
    near: Array = (value[a["kind_at"][texts]] * a["kind_share"][texts]).sum(axis=1) / FULL
    return near


def lift(a: Arrays, codes: Sequence[str], wanted: Mapping[str, float], total: Array) -> None:
    """Raise the texts of a need's nearest classes among the candidates, as high as the best."""
    if "kind_at" not in a or not len(total):
        return
    number = {code: at for at, code in enumerate(codes)}
    high = max(float(total.max()), 1.0)
    for code in sorted(wanted, key=lambda one: -wanted[one])[:KEPT]:
        if code in number:
            low, end = a["kind_ptr"][number[code]], a["kind_ptr"][number[code] + 1]
            total[a["kind_text"][low:end]] += np.float32(high * wanted[code])
