"""What exactly is looked for when somebody writes a need?

Four bags: all words, the words of the lead (title), what stands side by side, and who asks. The
names that the terms add go into the first two with their weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from payvand.matching.rules.evidence import NeedText, lead, whole
from payvand.matching.rules.purpose import weighed
from payvand.matching.rules.terms import NO_BRIDGE, Bridge, Found, merged
from payvand.matching.rules.words import NO_COMPOUNDS, Compounds, is_persian, stem, words

Bag = dict[str, float]
TOLD = 5  # words: a need of fewer names what it wants, so its kind of business counts less
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
    kinds: Bag = field(default_factory=dict)  # class of ISIC -> how near it is to the need
    is_persian: bool = False


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
    text, weights = weighed(whole(need.title, need.text), joined, known)
    text, weights = text[:MAX_WORDS], weights[:MAX_WORDS]
    head, head_weights = weighed(lead(need.title, need.text), joined, known)
    text_stems, head_stems = [stem(w) for w in text], [stem(w) for w in head]
    stems, surface, found = _bags(text, text_stems, weights, bridge)
    lead_stems, lead_surface, _ = _bags(head, head_stems, head_weights, bridge)
    client = [stem(w) for w in words(need.client, joined)]
    persian = is_persian(f"{need.title} {need.text}")
    return Query(
        stems, lead_stems, surface, lead_surface,
        frozenset(pairwise(text_stems)), _count(client, [1.0] * len(client)),
        frozenset(text_stems), tuple(found), _kinds(text_stems, weights, bridge) if persian else {},
        persian,
    )  # fmt: skip


def _either(one: Callable[[str], bool], other: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda word: one(word) or other(word)


def _bags(
    text: list[str], stems: list[str], weights: list[float], bridge: Bridge
) -> tuple[Bag, Bag, list[Found]]:
    bag, surface = _count(stems, weights), _count(text, weights)
    found = bridge.find(stems)
    added: Bag = dict(bridge.hinted(stems))
    for one, weight in _heaviest(found, weights):
        for word, share in bridge.others(one):
            added[word] = max(added.get(word, 0.0), share * weight)
    own = set(stems)
    for word, share in added.items():
        if (of := stem(word)) not in own:
            bag[of] = max(bag.get(of, 0.0), share)
            surface[word] = share
    return bag, surface, found


def _kinds(stems: list[str], weights: list[float], bridge: Bridge) -> Bag:
    """Return the classes of a Persian need; the notices of English buyers name what they want."""
    heaviest: Bag = {}
    for one, weight in zip(stems, weights, strict=True):
        heaviest[one] = max(heaviest.get(one, 0.0), weight)
    trust = min((len(heaviest) - 1) / (TOLD - 1), 1.0)
    return {kind: trust * near for kind, near in bridge.kinds.of_need(heaviest).items()}


def _heaviest(found: list[Found], weights: list[float]) -> Iterable[tuple[Found, float]]:
    """Return each term once, where it weighs most: as a name of its own or a part of another."""
    best: dict[tuple[int, str, bool], tuple[Found, float]] = {}
    for one in found:
        weight = max(weights[one.first : one.last + 1])
        key = (one.term, one.lang, one.is_part)
        if key not in best or weight > best[key][1]:
            best[key] = one, weight
    return best.values()


def _count(things: list[str], weights: list[float]) -> Bag:
    bag: Bag = {}
    for thing, weight in zip(things, weights, strict=True):
        bag[thing] = bag.get(thing, 0.0) + weight
    return bag
