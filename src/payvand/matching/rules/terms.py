"""How do the words of a buyer become the words of a supplier, in the same or the other language?

A term is one thing with its names in Persian and English. Where a need uses one of them, the
others are looked for too. Names are compared by stems, the longest name first; names lead to
names, never on to further terms, so that synonyms cannot go round in a circle.

Whoever does not know a thing's name speaks of what it is for: of night, thieves and a shop. A term
may list such words (`said`). Each points to it the more, the fewer other terms list it, and the
hints of a need add up; the few terms with most hints are looked for as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from payvand.kernel.text import tokens
from payvand.matching.rules.words import NO_COMPOUNDS, Compounds, compounds_of, stem, words

if TYPE_CHECKING:
    from payvand.matching.rules.kinds import Kinds

SCHEME, ISIC = "class:", "isic:"  # of a code: the row of a class, and a thing that a class makes
_NOTE = re.compile(r"\s*\([^)]*\)")
_LONGEST = 6
# Weight of another name, by the language of the need and of the name
WEIGHTS = {("fa", "fa"): 0.8, ("fa", "en"): 0.6, ("en", "en"): 0.5, ("en", "fa"): 1.0}
PART = 0.5  # of names of a term inside a longer one that was found too
HINTED, HINT_WORDS = 8, 90  # terms that hints may bring up for one need, and words of theirs
NAMED, SPOKEN = 3, 6  # words: a need of so few names what it wants; from so many on hints count


@dataclass(frozen=True, slots=True)
class TermText:
    """One thing, its names in both languages and its codes."""

    fa: str
    en: str
    fa_also: tuple[str, ...] = ()
    en_also: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    said: tuple[str, ...] = ()  # what people speak of who do not know its name

    @property
    def is_kind(self) -> bool:
        """True for the row of a class of ISIC: it tells kinds apart and names no thing."""
        return any(code.startswith(SCHEME) for code in self.codes)

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield language and name, a note in brackets left out.

        >>> list(TermText("برنج (آلیاژ)", "brass").names())
        [('fa', 'برنج'), ('en', 'brass')]
        """
        for lang, name in [
            ("fa", self.fa), ("en", self.en),
            *(("fa", n) for n in self.fa_also), *(("en", n) for n in self.en_also),
        ]:  # fmt: skip
            if bare := _NOTE.sub("", name).strip():
                yield lang, bare


@dataclass(frozen=True, slots=True)
class Found:
    """A term that a text uses, and where: the places of the text's words."""

    term: int
    lang: str
    first: int
    last: int  # inclusive
    is_part: bool = False  # lies inside a longer name that was found too


class Bridge:
    """All terms, ready to be found in a text."""

    def __init__(self, terms: Sequence[TermText]) -> None:
        self.terms = tuple(term for term in terms if not term.is_kind)
        self._all = tuple(terms)
        self.compounds: dict[str, tuple[str, ...]] = {}
        for term in self._all:
            for lang, name in term.names():
                if lang == "fa":
                    self.compounds.update(compounds_of(name))
        self._longest: dict[str, int] = {}  # first stem -> length of the longest name
        self._english: dict[int, tuple[str, ...]] = {}
        self._by_stems: dict[tuple[str, ...], list[tuple[int, str]]] = {}
        self._names: list[list[tuple[str, tuple[str, ...], tuple[str, ...]]]] = []
        self._stems: set[str] = set()
        for number, term in enumerate(self.terms):
            self._names.append(list(self._prepared(term)))
            for lang, bare, _ in self._names[-1]:
                self._longest[bare[0]] = max(self._longest.get(bare[0], 0), len(bare))
                self._stems.update(bare)
                kept = self._by_stems.setdefault(bare, [])
                if (number, lang) not in kept:
                    kept.append((number, lang))
        self._hints = Hints(self.terms, self.compounds)

    def _prepared(self, term: TermText) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
        for lang, name in term.names():
            surface = tuple(words(name, self.compounds))
            if surface and not _lost(name, surface):
                yield lang, tuple(stem(word) for word in surface), surface

    @cached_property
    def kinds(self) -> Kinds:
        """The classes of ISIC, with all that terms and rows of classes say of them."""
        from payvand.matching.rules.kinds import (
            Kinds,
        )  # numpy comes with it

        return Kinds(self._all, self.compounds)

    def knows(self, word: str) -> bool:
        """True when the word stands in a term or tells of a class, in whatever form."""
        of = stem(word)
        return of in self._stems or self.kinds.knows(of)

    def find(self, stems: Sequence[str]) -> list[Found]:
        """Return the terms that stand in a sequence of stems, longer names before their parts."""
        found: list[Found] = []
        covered = -1
        for first, start in enumerate(stems):
            longest = min(self._longest.get(start, 0), _LONGEST, len(stems) - first)
            for size in range(longest, 0, -1):
                hits = self._by_stems.get(tuple(stems[first : first + size]))
                if not hits:
                    continue
                last = first + size - 1
                found += [Found(n, lang, first, last, last <= covered) for n, lang in hits]
                covered = max(covered, last)
        return found

    def others(self, found: Found) -> Iterator[tuple[str, float]]:
        """Yield the words of the other names, each with its share of the weight of the term.

        The words of a name share its weight; a word of several names counts by its best share.
        """
        best: dict[str, float] = {}
        own = {bare for lang, bare, _ in self._names[found.term] if lang == found.lang}
        for lang, bare, surface in self._names[found.term]:
            weight = WEIGHTS[found.lang, lang]
            if lang == found.lang and len(own) == 1:
                continue
            for word in surface:
                share = weight * (PART if found.is_part else 1.0) / len(bare) ** 0.5
                best[word] = max(best.get(word, 0.0), share)
        yield from best.items()

    def hinted(self, stems: Iterable[str]) -> Iterator[tuple[str, float]]:
        """Yield the words of the terms that a need speaks of without naming them, with weights."""
        best: dict[str, float] = {}
        for term, strength in self._hints.of(stems):
            for _, bare, surface in self._names[term]:
                for word in surface:
                    best[word] = max(best.get(word, 0.0), strength / len(bare) ** 0.5)
        yield from sorted(best.items(), key=lambda pair: -pair[1])[:HINT_WORDS]

    def carried(self, spoken: Sequence[str]) -> list[str]:
        """Return the English words of the terms that a Persian text uses.

        They are indexed beside the text: so a need and an evidence text in Persian meet in English
        even where they share no Persian word.
        """
        found: dict[str, None] = {}
        stems = [stem(word) for word in spoken]
        for first, start in enumerate(stems):
            longest = min(self._longest.get(start, 0), _LONGEST, len(stems) - first)
            for size in range(longest, 0, -1):
                for term, lang in self._by_stems.get(tuple(stems[first : first + size]), ()):
                    if lang == "fa":
                        found.update(dict.fromkeys(self._in_english(term)))
        return list(found)

    def _in_english(self, term: int) -> tuple[str, ...]:
        if term not in self._english:
            names = (surface for lang, _, surface in self._names[term] if lang == "en")
            self._english[term] = tuple(dict.fromkeys(word for name in names for word in name))
        return self._english[term]

    def stems_of(self, term: int) -> tuple[str, ...]:
        """Return the stems of all names of a term."""
        return tuple(dict.fromkeys(one for _, bare, _ in self._names[term] for one in bare))

    def codes(self, found: Iterable[Found]) -> set[str]:
        """Return the codes of some terms."""
        return {code for one in found for code in self.terms[one.term].codes}


class Hints:
    """Which terms are spoken of where none of their names falls?"""

    def __init__(self, terms: Sequence[TermText], compounds: Compounds) -> None:
        self._terms: dict[frozenset[str], set[int]] = {}
        for number, term in enumerate(terms):
            for hint in term.said:
                if key := frozenset(stem(word) for word in words(hint, compounds)):
                    self._terms.setdefault(key, set()).add(number)
        self._with: dict[str, list[frozenset[str]]] = {}
        for key in self._terms:
            for one in key:
                self._with.setdefault(one, []).append(key)

    def of(self, stems: Iterable[str]) -> list[tuple[int, float]]:
        """Return the terms with most hints, strongest first, and how strong the hints are.

        A hint of several words counts where all of them fall, in any order; one that several
        terms share is shared out among them. Who writes three words names the thing.
        """
        said = set(stems)
        trust = min((len(said) - NAMED) / (SPOKEN - NAMED), 1.0)
        if trust <= 0:
            return []
        strength: dict[int, float] = {}
        for key in {key for one in said for key in self._with.get(one, ())}:
            if key <= said:
                for term in self._terms[key]:
                    share = trust * (len(key) / len(self._terms[key])) ** 0.5
                    strength[term] = strength.get(term, 0.0) + share
        return sorted(strength.items(), key=lambda pair: (-pair[1], pair[0]))[:HINTED]


# Signs that add nothing to the word before them
_SIGNS = frozenset("ها های هایی ای ی تر ترین ات و the of a for and".split())


def _lost(name: str, kept: tuple[str, ...]) -> bool:
    """True when a name shrank to one word because the others are too common to look for."""
    return len(kept) == 1 and len([t for t in tokens(name) if t not in _SIGNS]) > 1


NO_BRIDGE = Bridge(())


def merged(known: Compounds, more: Compounds) -> Compounds:
    """Return both sets of compounds as one."""
    if known is NO_COMPOUNDS or not known:
        return more
    return {**known, **more} if more else known
