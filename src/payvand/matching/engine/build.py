"""How does a list of evidence become arrays that answer a need in milliseconds?

One pass reads the texts into word numbers; everything else is arithmetic on whole arrays. Equal
texts of several firms (a joint contract) become one text with several owners.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

from payvand.matching.engine import kinds
from payvand.matching.rules import ngrams
from payvand.matching.rules.evidence import EvidenceText, lead, whole
from payvand.matching.rules.scoring import K1, TITLE, B
from payvand.matching.rules.terms import NO_BRIDGE, Bridge
from payvand.matching.rules.words import Compounds, compounds_of, stem, words

Array = npt.NDArray[Any]
Arrays = dict[str, Array]
MAX_WORDS = 1_000  # of one text
IMPACT = 100.0  # a saturated count (below 2.5) is kept as a byte
CHUNK = 100_000


def key_of(thing: str) -> int:
    """Return the number under which a word is looked up; the same on every machine."""
    return int.from_bytes(blake2b(thing.encode(), digest_size=8).digest(), "little")


@dataclass
class Reader:
    """Reads evidence one by one; what it holds grows with the texts, not with Python objects."""

    compounds: dict[str, tuple[str, ...]]
    bridge: Bridge = NO_BRIDGE
    words: dict[str, int] = field(default_factory=dict)
    firms: dict[str, int] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    texts: dict[bytes, int] = field(default_factory=dict)
    sizes: array[int] = field(default_factory=lambda: array("i"))
    flat: array[int] = field(default_factory=lambda: array("i"))
    leads: array[int] = field(default_factory=lambda: array("i"))
    lead_flat: array[int] = field(default_factory=lambda: array("i"))
    client_sizes: array[int] = field(default_factory=lambda: array("i"))
    client_flat: array[int] = field(default_factory=lambda: array("i"))
    declared: array[int] = field(default_factory=lambda: array("b"))
    owner_text: array[int] = field(default_factory=lambda: array("i"))
    owner_firm: array[int] = field(default_factory=lambda: array("i"))
    items: list[bytes] = field(default_factory=list)

    def add(self, item: EvidenceText) -> None:
        """Take one item in."""
        firm = self.firms.setdefault(item.firm_id, len(self.firms))
        if firm == len(self.names):
            self.names.append(item.firm_name)
        text = whole(item.title, item.text)
        key = blake2b(f"{item.is_declared_only}{text}\0{item.client}".encode(), digest_size=12)
        number = self.texts.setdefault(key.digest(), len(self.sizes))
        if number == len(self.sizes):
            self._read(text, lead(item.title, item.text), item)
        self.owner_text.append(number)
        self.owner_firm.append(firm)
        self.items.append(item.item_id.encode())

    def add_read(
        self, who: tuple[str, str, str], parts: Sequence[Sequence[str]], declared: bool
    ) -> None:
        """Take in one item whose words (text, lead, client) are known; who: firm, item, name."""
        firm = self.firms.setdefault(who[0], len(self.firms))
        if firm == len(self.names):
            self.names.append(who[2])
        key = blake2b(f"{declared}{parts[0]}{parts[2]}".encode(), digest_size=12).digest()
        number = self.texts.setdefault(key, len(self.sizes))
        if number == len(self.sizes):
            flats = (self.flat, self.lead_flat, self.client_flat)
            sizes = (self.sizes, self.leads, self.client_sizes)
            for flat, size, part in zip(flats, sizes, parts, strict=True):
                numbers = [self.words.setdefault(word, len(self.words)) for word in part]
                flat.extend(numbers)
                size.append(len(numbers))
            self.declared.append(declared)
        self.owner_text.append(number)
        self.owner_firm.append(firm)
        self.items.append(who[1].encode())

    def _read(self, text: str, head: str, item: EvidenceText) -> None:
        for flat, sizes, part, limit in (
            (self.flat, self.sizes, text, MAX_WORDS),
            (self.lead_flat, self.leads, head, 60),
            (self.client_flat, self.client_sizes, item.client, 30),
        ):
            self.compounds.update(compounds_of(part))
            numbers = self.numbers(part, limit)
            flat.extend(numbers)
            sizes.append(len(numbers))
        self.declared.append(item.is_declared_only)

    def numbers(self, text: str, limit: int) -> list[int]:
        """Return the numbers of the words of a text, and of what the terms add to it."""
        known, found = self.words, words(text, self.compounds)[:limit]
        found += self.bridge.carried(found) if self.bridge.terms else []
        return [known.setdefault(word, len(known)) for word in found]


def arrays(
    source: Iterable[EvidenceText],
    *,
    compounds: Compounds,
    bridge: Bridge = NO_BRIDGE,
    weight: ngrams.Floats | None = None,
    tell: Callable[[int], None] = lambda done: None,
) -> tuple[Arrays, dict[str, Any]]:
    """Return the arrays of an index, and the facts that go beside them.

    weight: of letter runs, from a larger bank; by default this bank's own.
    """
    reader = Reader(dict(compounds), bridge)
    for done, item in enumerate(source, 1):
        reader.add(item)
        if done % 10_000 == 0:
            tell(done)
    return arrays_of(
        reader, [words(name, reader.compounds) for name in reader.names], weight=weight
    )


def arrays_of(
    reader: Reader, names: Sequence[Sequence[str]], *, weight: ngrams.Floats | None = None
) -> tuple[Arrays, dict[str, Any]]:
    """Return the arrays of what a reader has read; names: the words of each firm's name."""
    known = reader.words
    name_ids = [[known.setdefault(word, len(known)) for word in name] for name in names]
    found = _words(reader, weight)
    order = found.pop("order")
    flat = order[np.frombuffer(reader.flat, np.int32)] if reader.flat else _none()
    found |= _texts(reader, order, flat)
    found |= _firms(reader, name_ids, order)
    found |= _counts(found)
    found |= _kinds(reader, found, order)
    facts = {
        "firms": list(reader.firms),
        "kinds": list(reader.bridge.kinds.codes),
        "compounds": {joined: list(parts) for joined, parts in reader.compounds.items()},
    }
    return found, facts


def _kinds(reader: Reader, found: Arrays, order: Array) -> Arrays:
    """Return which classes of ISIC the texts speak of."""
    spelt = [""] * len(found["stem_key"])
    for word, at in zip(reader.words, found["word_stem"][order].tolist(), strict=True):
        spelt[at] = stem(word)
    stems = found["word_stem"][found["text_word"]]
    return kinds.arrays(found["text_ptr"], stems, spelt, reader.bridge.kinds)


def _none() -> Array:
    return np.zeros(0, np.int32)


def _ends(sizes: Any) -> Array:
    return np.concatenate([[0], np.cumsum(np.asarray(sizes, np.int64))])


def _words(reader: Reader, weight: ngrams.Floats | None) -> Arrays:
    """Return the vocabulary, sorted by key, with stems; `order` maps a reader's number to it."""
    spelt = list(reader.words)
    keys = np.array([key_of(word) for word in spelt], np.uint64)
    sort = np.argsort(keys)
    order = np.empty(len(spelt), np.int32)
    order[sort] = np.arange(len(spelt), dtype=np.int32)
    stem_keys, of_word = np.unique(
        np.array([key_of(stem(word)) for word in spelt], np.uint64), return_inverse=True
    )
    counts = np.bincount(np.frombuffer(reader.flat, np.int32), minlength=len(spelt)) \
        if reader.flat else np.zeros(len(spelt))  # fmt: skip
    if weight is None:
        weight = ngrams.weights(spelt, counts, max(len(reader.sizes), 1))
    norm = np.array([ngrams.norm2(word, weight) for word in spelt], np.float32)
    sized = np.array([len(set(ngrams.grams(word))) for word in spelt], np.int64)
    owner = np.repeat(order, sized)
    bucket = np.fromiter(
        (gram for word in spelt for gram in dict.fromkeys(ngrams.grams(word))),
        np.int32, int(sized.sum()),
    )  # fmt: skip
    by_bucket = np.argsort(bucket, kind="stable")
    return {
        "order": order, "word_key": keys[sort], "word_stem": of_word[sort].astype(np.int32),
        "word_norm2": norm[sort], "stem_key": stem_keys, "gram_weight": weight,
        "gram_word": owner[by_bucket],
        "gram_ptr": np.searchsorted(bucket[by_bucket], np.arange(ngrams.BUCKETS + 1)),
    }  # fmt: skip


def _texts(reader: Reader, order: Array, flat: Array) -> Arrays:
    def renumbered(numbers: array[int]) -> Array:
        return order[np.frombuffer(numbers, np.int32)] if numbers else _none()

    owner_text = np.frombuffer(reader.owner_text, np.int32) if reader.owner_text else _none()
    owner_firm = np.frombuffer(reader.owner_firm, np.int32) if reader.owner_firm else _none()
    by_text = np.argsort(owner_text, kind="stable")
    return {
        "text_ptr": _ends(reader.sizes), "text_word": flat,
        "lead_ptr": _ends(reader.leads), "lead_word": renumbered(reader.lead_flat),
        "client_ptr": _ends(reader.client_sizes), "client_word": renumbered(reader.client_flat),
        "declared": np.array(reader.declared, bool),
        "owner_ptr": np.searchsorted(owner_text[by_text], np.arange(len(reader.sizes) + 1)),
        "owner_firm": owner_firm[by_text],
        "owner_item": np.array(reader.items, "S")[by_text] if reader.items else np.zeros(0, "S1"),
    }  # fmt: skip


def _firms(reader: Reader, name_ids: list[list[int]], order: Array) -> Arrays:
    flat = [number for ids in name_ids for number in ids]
    return {
        "name_ptr": _ends([len(ids) for ids in name_ids]),
        "name_word": order[np.array(flat, np.int64)] if flat else _none(),
    }


def _counts(found: Arrays) -> Arrays:
    """Return which texts use which stem, and in how many of them it stands."""
    stems = len(found["stem_key"])
    per_text, per_stem, value = _postings(found, stems)
    by_stem = np.argsort(per_stem, kind="stable")
    result: Arrays = {
        "post_ptr": np.searchsorted(per_stem[by_stem], np.arange(stems + 1)),
        "post_text": per_text[by_stem],
        "post_value": value[by_stem],
    }
    for name in ("client", "name"):
        owner = np.repeat(np.arange(len(found[f"{name}_ptr"]) - 1), np.diff(found[f"{name}_ptr"]))
        keys = np.unique(owner * stems + found["word_stem"][found[f"{name}_word"]])
        result[f"in_{name}s"] = np.bincount(keys % max(stems, 1), minlength=stems).astype(np.int32)
    return result


def _postings(found: Arrays, stems: int) -> tuple[Array, Array, Array]:
    """Return text, stem and saturated count of every stem of every text, the lead weighing more."""
    ends, lead_ends = found["text_ptr"], found["lead_ptr"]
    lengths = np.diff(ends) + TITLE * np.diff(lead_ends)
    mean = float(lengths.mean()) if len(lengths) else 1.0
    parts = []
    for low in range(0, len(ends) - 1, CHUNK):
        high = min(low + CHUNK, len(ends) - 1)
        keys, times = [], []
        for name, times_each in (("text", 1.0), ("lead", TITLE)):
            ptr = found[f"{name}_ptr"]
            ids = found["word_stem"][found[f"{name}_word"][ptr[low] : ptr[high]]]
            owner = np.repeat(np.arange(high - low), np.diff(ptr[low : high + 1]))
            keys.append(owner * stems + ids)
            times.append(np.full(len(ids), times_each, np.float32))
        unique, back = np.unique(np.concatenate(keys), return_inverse=True)
        tf = np.bincount(back, weights=np.concatenate(times))
        text = unique // max(stems, 1)
        short = K1 * (1 - B + B * lengths[low:high][text] / max(mean, 1e-9))
        value = np.minimum(tf * (K1 + 1) / (tf + short) * IMPACT, 255).astype(np.uint8)
        parts.append(((text + low).astype(np.int32), (unique % stems).astype(np.int32), value))
    if not parts:
        return _none(), _none(), np.zeros(0, np.uint8)
    text, which, value = (np.concatenate(column) for column in zip(*parts, strict=True))
    return text, which, value
