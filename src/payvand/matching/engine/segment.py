"""Which texts of one index may answer a need, and how often does each use its words?

A segment is a set of arrays that never change: in memory when small and fresh, mapped from files
when large, so that several processes share one copy.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from payvand.matching.engine import kinds
from payvand.matching.engine.build import IMPACT, Arrays, key_of
from payvand.matching.rules import ngrams
from payvand.matching.rules.query import Query
from payvand.matching.rules.scoring import TITLE, Candidates, Slots, Statistics
from payvand.matching.rules.words import stem

Array = npt.NDArray[Any]
BUDGET = 3_000_000  # postings read for one need; the commonest words come last
GRAM_BUDGET = 1_500_000
KNOWN_STEMS = 20_000  # places that are remembered
ALIKE = 0.5  # cosine of letter runs from which on two words may be the same, misspelt


class Segment:
    """One set of arrays and what can be asked of it."""

    def __init__(self, arrays: Arrays, facts: dict[str, Any]) -> None:
        self.a = arrays
        self.firms: list[str] = facts["firms"]
        self.kinds: list[str] = facts.get("kinds", [])
        self.compounds = {joined: tuple(parts) for joined, parts in facts["compounds"].items()}
        self.firm_at = {firm: at for at, firm in enumerate(self.firms)}
        self._spots: dict[str, int | None] = {}

    def __len__(self) -> int:
        return len(self.a["text_ptr"]) - 1

    def write(self, folder: Path) -> None:
        """Write the arrays as files of a new folder."""
        folder.mkdir(parents=True)
        for name, values in self.a.items():
            np.save(folder / f"{name}.npy", values, allow_pickle=False)
        facts = {"firms": self.firms, "compounds": self.compounds, "kinds": self.kinds}
        (folder / "facts.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Segment:
        """Map the files of a folder, and have the system read them ahead.

        Page by page the first needs would each wait for the disk: 760 ms against 210 ms for the
        first one among a million items, 69 waits against none.
        """
        arrays = {path.stem: _mapped(path) for path in folder.glob("*.npy")}
        return cls(arrays, json.loads((folder / "facts.json").read_text(encoding="utf-8")))

    def knows(self, word: str) -> bool:
        """True when some text uses the word, in whatever form."""
        return self._stem_at(stem(word)) is not None

    def _stem_at(self, of: str) -> int | None:
        """Return the place of a stem; each need asks for the same ones several times."""
        if of not in self._spots:
            if len(self._spots) > KNOWN_STEMS:
                self._spots.clear()
            self._spots[of] = self._found(of)
        return self._spots[of]

    def _found(self, of: str) -> int | None:
        key = np.uint64(key_of(of))
        at = int(np.searchsorted(self.a["stem_key"], key))
        found = at < len(self.a["stem_key"]) and self.a["stem_key"][at] == key
        return at if found else None

    def statistics(self, slots: Slots) -> Statistics:
        """Return what this segment adds to the statistics of the bank, as means and counts."""
        a, texts, firms = self.a, len(self), len(self.firms)

        def counted(columns: Iterable[str], often: Array) -> dict[str, int]:
            at = {column: self._stem_at(column) for column in columns}
            return {column: int(often[spot]) for column, spot in at.items() if spot is not None}

        words, leads = int(a["text_ptr"][-1]), int(a["lead_ptr"][-1])
        return Statistics(
            texts, words / max(texts, 1), (words + TITLE * leads) / max(texts, 1),
            int(a["client_ptr"][-1]) / max(texts, 1), firms,
            int(a["name_ptr"][-1]) / max(firms, 1),
            {column: int(a["post_ptr"][spot + 1] - a["post_ptr"][spot])
             for column in slots.stems if (spot := self._stem_at(column)) is not None},
            counted(slots.clients, a["in_clients"]), counted(slots.stems, a["in_names"]),
        )  # fmt: skip

    # --- which texts -----------------------------------------------------------------------

    def best(
        self,
        weight: Mapping[Any, float],
        limit: int,
        *,
        dead: Array | None = None,
        wanted: Mapping[str, float] | None = None,
    ) -> Array:
        """Return the texts with the highest sums of weighted counts, at most `limit`.

        weight: of each stem of the need, or place of a stem; dead: True for firms
        whose evidence no longer counts; wanted: classes of ISIC, and how near each is.
        """
        spots = [
            (w, spot)
            for of, w in weight.items()
            if w > 0 and (spot := of if isinstance(of, int) else self._stem_at(of)) is not None
        ]
        total = np.zeros(len(self), np.float32)
        ptr, left = self.a["post_ptr"], BUDGET
        for value, spot in sorted(spots, reverse=True):
            low, high = int(ptr[spot]), int(ptr[spot + 1])
            if left < high - low and left < BUDGET:
                continue
            left -= high - low
            total[self.a["post_text"][low:high]] += self.a["post_value"][low:high] * np.float32(
                value / IMPACT
            )
        if wanted:
            kinds.lift(self.a, self.kinds, wanted, total)
        if dead is not None and dead.any():
            total[self._without_owner(dead)] = 0
        size = min(limit, int(np.count_nonzero(total)))
        top = np.argpartition(-total, size - 1)[:size] if size else np.zeros(0, np.int64)
        return np.sort(top)

    def _without_owner(self, dead: Array) -> Array:
        alive = np.flatnonzero(~dead[self.a["owner_firm"]])
        owned = np.zeros(len(self), bool)
        owned[np.searchsorted(self.a["owner_ptr"], alive, side="right") - 1] = True
        return ~owned

    def likeness(self, at: Array, value: Array) -> Array:
        """Return how alike each word of the vocabulary is to a pattern of letter runs."""
        ptr = self.a["gram_ptr"]
        sizes = ptr[at + 1] - ptr[at]
        order = np.argsort(sizes, kind="stable")
        order = order[np.cumsum(sizes[order]) <= GRAM_BUDGET]
        at, value, sizes = at[order], value[order], sizes[order]
        flat = self.a["gram_word"][_ranges(ptr[at], sizes)]
        each = np.repeat(value * self.a["gram_weight"][at], sizes)
        like = np.bincount(flat, weights=each, minlength=len(self.a["word_key"]))
        return np.asarray(like)

    def all_texts(self) -> Array:
        """Return the numbers of all texts."""
        return np.arange(len(self))

    def texts_of(self, items: Sequence[str]) -> Array:
        """Return the numbers of the texts of some items; unknown items are left out."""
        wanted = np.isin(self.a["owner_item"], np.array([item.encode() for item in items]))
        return np.unique(
            np.searchsorted(self.a["owner_ptr"], np.flatnonzero(wanted), side="right") - 1
        )

    def alike(self, query: Query, most: int = 40) -> dict[int, float]:
        """Return places of stems whose words look most like a need's, for misspelt needs."""
        like = self.likeness(*ngrams.pattern(query.surface, self.a["gram_weight"]))
        like = like / np.sqrt(np.maximum(self.a["word_norm2"], 1e-9))
        least = ALIKE / max(len(query.surface), 1) ** 0.5  # of one word of the need
        top = np.argsort(-like)[:most]
        return {
            int(self.a["word_stem"][at]): float(like[at]) for at in top[::-1] if like[at] > least
        }

    # --- how often -------------------------------------------------------------------------

    def count(
        self, query: Query, slots: Slots, texts: Array, *, dead: Array | None = None
    ) -> Candidates:
        """Return the counts of some texts."""
        a = self.a
        column = np.full(len(a["stem_key"]) + 1, -1, np.int32)
        for place, of in enumerate(slots.stems):
            if (spot := self._stem_at(of)) is not None:
                column[spot] = place
        word_column = column[a["word_stem"]]
        owner, words = self._gather("text", texts)
        lead_owner, lead_words = self._gather("lead", texts)
        plain = self.likeness(*ngrams.pattern(query.surface, a["gram_weight"]))
        runs = self._runs(query, plain, (owner, words), (lead_owner, lead_words), texts=len(texts))
        owner_item, owner_firm, item_ids = self._owners(texts, dead)
        firms, owner_firm = np.unique(owner_firm, return_inverse=True)
        sizes = (len(texts), len(slots.stems))
        name_owner, name_words = self._gather("name", firms)
        first = np.full(len(texts), -1)
        first[owner_item[::-1]] = np.arange(len(owner_item))[::-1]
        kept = first >= 0
        renumber = np.cumsum(kept) - 1
        return Candidates(
            items=[item_ids[at].decode() for at in first[kept]],
            firms=[self.firms[firm] for firm in firms],
            owner_item=renumber[owner_item], owner_firm=owner_firm,
            own_ids=[one.decode() for one in item_ids],
            shares=np.diff(a["owner_ptr"])[texts][kept], declared=a["declared"][texts][kept],
            tf=_table(owner, word_column[words], sizes)[kept],
            lead_tf=_table(lead_owner, word_column[lead_words], sizes)[kept],
            length=_lengths(a["text_ptr"], texts)[kept],
            lead_length=_lengths(a["lead_ptr"], texts)[kept],
            pairs=self._pairs(slots, owner, words, len(texts))[kept], runs=runs[kept],
            kinds=kinds.nearness(a, self.kinds, query.kinds, texts)[kept],
            client_tf=self._clients(slots, texts)[kept],
            client_length=_lengths(a["client_ptr"], texts)[kept],
            name_tf=_table(name_owner, word_column[name_words], (len(firms), len(slots.stems))),
            name_length=_lengths(a["name_ptr"], firms),
            name_runs=self._likeness(
                len(firms), (name_owner, name_words), np.ones(len(name_words)), plain
            ),
        )  # fmt: skip

    def _gather(self, name: str, rows: Array) -> tuple[Array, Array]:
        ptr = self.a[f"{name}_ptr"]
        sizes = ptr[rows + 1] - ptr[rows]
        return np.repeat(np.arange(len(rows)), sizes), self.a[f"{name}_word"][
            _ranges(ptr[rows], sizes)
        ]

    def _owners(self, texts: Array, dead: Array | None) -> tuple[Array, Array, Array]:
        ptr = self.a["owner_ptr"]
        sizes = ptr[texts + 1] - ptr[texts]
        spots = _ranges(ptr[texts], sizes)
        item, firm = np.repeat(np.arange(len(texts)), sizes), self.a["owner_firm"][spots]
        if dead is not None and dead.any():
            alive = ~dead[firm]
            item, firm, spots = item[alive], firm[alive], spots[alive]
        return item, firm, self.a["owner_item"][spots]

    def _clients(self, slots: Slots, texts: Array) -> Array:
        column = np.full(len(self.a["stem_key"]) + 1, -1, np.int32)
        for place, of in enumerate(slots.clients):
            if (spot := self._stem_at(of)) is not None:
                column[spot] = place
        owner, words = self._gather("client", texts)
        return _table(owner, column[self.a["word_stem"][words]], (len(texts), len(slots.clients)))

    def _pairs(self, slots: Slots, owner: Array, words: Array, texts: int) -> Array:
        size = len(self.a["stem_key"])
        wanted = {
            left * size + right: place
            for place, (a, b) in enumerate(slots.pairs)
            if (left := self._stem_at(a)) is not None and (right := self._stem_at(b)) is not None
        }
        table = (texts, len(slots.pairs))
        if not wanted or len(words) < 2:
            return np.zeros(table)
        stems = self.a["word_stem"][words].astype(np.int64)
        keys = np.where(owner[1:] == owner[:-1], stems[:-1] * size + stems[1:], -1)
        known = np.array(sorted(wanted))
        at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        place = np.array([wanted[key] for key in known.tolist()])[at]
        return _table(owner[1:], np.where(known[at] == keys, place, -1), table)

    def _runs(
        self, query: Query, plain: Array, body: tuple[Array, Array], head: tuple[Array, Array],
        *, texts: int,
    ) -> Array:  # fmt: skip
        """Return the likeness by letter runs of text, titled text and lead."""
        weight = self.a["gram_weight"]
        titled = {w: query.surface.get(w, 0.0) + TITLE * query.lead_surface.get(w, 0.0)
                  for w in [*query.surface, *query.lead_surface]}  # fmt: skip
        weighted = self.likeness(*ngrams.pattern(titled, weight))
        short = self.likeness(*ngrams.pattern(query.lead_surface, weight))
        own = np.ones(len(body[1]))
        both = (np.concatenate([body[0], head[0]]), np.concatenate([body[1], head[1]]))
        doubled = np.concatenate([own, np.full(len(head[1]), TITLE)])
        return np.stack([
            self._likeness(texts, body, own, plain),
            self._likeness(texts, both, doubled, weighted),
            self._likeness(texts, head, np.ones(len(head[1])), short),
        ], axis=1)  # fmt: skip

    def _likeness(self, texts: int, found: tuple[Array, Array], times: Array, like: Array) -> Array:
        owner, words = found
        size = len(self.a["word_key"])
        keys, back = np.unique(owner * size + words, return_inverse=True)
        tf = 1 + np.log(np.bincount(back, weights=times, minlength=len(keys)))
        text, word = keys // max(size, 1), keys % max(size, 1)
        summed = np.bincount(text, weights=tf * like[word], minlength=texts)
        norm = np.bincount(text, weights=self.a["word_norm2"][word], minlength=texts)
        likeness: Array = summed / np.sqrt(np.maximum(norm, 1e-9))
        return likeness


def _mapped(path: Path) -> Array:
    values = np.load(path, mmap_mode="r", allow_pickle=False)
    pages = getattr(values, "_mmap", None)  # none for an empty array
    if pages is not None and hasattr(mmap, "MADV_WILLNEED"):
        pages.madvise(mmap.MADV_WILLNEED)
    return np.asarray(values.view(np.ndarray))


def _ranges(starts: Array, sizes: Array) -> Array:
    """Return start, start + 1, ... of each range, one after the other."""
    ends = np.cumsum(sizes)
    shift = np.repeat(starts - (ends - sizes), sizes)
    flat: Array = shift + np.arange(int(ends[-1]) if len(ends) else 0)
    return flat


def _lengths(ptr: Array, rows: Array) -> Array:
    return np.asarray(ptr[rows + 1] - ptr[rows])


def _table(owner: Array, column: Array, size: tuple[int, int]) -> Array:
    """Return how often each column stands in each row; columns below 0 do not count."""
    kept = column >= 0
    flat = owner[kept] * size[1] + column[kept]
    counts = np.bincount(flat, minlength=size[0] * size[1])
    return np.asarray(counts.reshape(size), np.float32)
