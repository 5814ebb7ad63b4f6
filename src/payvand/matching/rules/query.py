"""What exactly is looked for when somebody writes a need?

Four bags: all words, the words of the lead (title), what stands side by side, and who asks. The
names that the terms add go into the first two with their weights.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from payvand.matching.rules.evidence import NeedText, lead, whole
from payvand.matching.rules.terms import NO_BRIDGE, Bridge, Found, merged
from payvand.matching.rules.words import NO_COMPOUNDS, Compounds, stem, words

Bag = dict[str, float]
MAX_WORDS = 400  # a need of several pages is read to here


@dataclass(frozen=True, slots=True)
class Query:
    """A need, ready to be looked for."""

    stems: Bag  # stem -> weight, added names included
    lead: Bag
    surface: Bag  # word as written -> weight, for letter runs
    lead_surface: Bag
    pairs: frozenset[tuple[str, str]]
    client: Bag
    own: frozenset[str]  # stems that the need itself uses
    found: tuple[Found, ...] = field(default=())


def build(
    need: NeedText,
    *,
    bridge: Bridge = NO_BRIDGE,
    compounds: Compounds = NO_COMPOUNDS,
    is_known: Callable[[str], bool] | None = None,
) -> Query:
    """Return what is looked for; compounds are those of the bank, the bridge brings its own."""
    joined = merged(compounds, bridge.compounds)
    known = None if is_known is None else _either(is_known, bridge.knows)
    text = words(whole(need.title, need.text), joined, known)[:MAX_WORDS]
    head = words(lead(need.title, need.text), joined, known)
    text_stems, head_stems = [stem(w) for w in text], [stem(w) for w in head]
    stems, surface, found = _bags(text, text_stems, bridge)
    lead_stems, lead_surface, _ = _bags(head, head_stems, bridge)
    return Query(
        stems, lead_stems, surface, lead_surface,
        frozenset(pairwise(text_stems)),
        _count([stem(w) for w in words(need.client, joined)]),
        frozenset(text_stems), tuple(found),
    )  # fmt: skip


def _either(one: Callable[[str], bool], other: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda word: one(word) or other(word)


def _bags(text: list[str], stems: list[str], bridge: Bridge) -> tuple[Bag, Bag, list[Found]]:
    bag, surface = _count(stems), _count(text)
    own = set(stems)
    found = bridge.find(stems)
    added: Bag = {}
    for one in {(f.term, f.lang, f.is_part): f for f in found}.values():
        for word, share in bridge.others(one):
            if stem(word) not in own:
                added[word] = max(added.get(word, 0.0), share)
    for word, share in bridge.hinted(stems):
        if stem(word) not in own:
            added[word] = max(added.get(word, 0.0), share)
    for word, share in added.items():
        bag[stem(word)] = max(bag.get(stem(word), 0.0), share)
        surface[word] = share
    return bag, surface, found


def _count(things: list[str]) -> Bag:
    bag: Bag = {}
    for thing in things:
        bag[thing] = bag.get(thing, 0.0) + 1.0
    return bag
