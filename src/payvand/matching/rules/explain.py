"""Which words of an evidence text made it match, where do they stand, and what is missing?

Offsets are places in the text as it is shown, so that a page can mark exactly these letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from payvand.kernel.text import tokens
from payvand.matching.rules.query import Query
from payvand.matching.rules.words import NO_COMPOUNDS, STOP, Compounds, stem

# A word as it is shown: letters, digits, marks upon letters, and the joiners inside it
_SHOWN = re.compile(
    "[^\\W_](?:[\\w\u0300-\u036f\u064b-\u0670\u0640\u200c\u200d]*[^\\W_\u200c\u200d]|[\u064b-\u0652])*"
)
MISSING = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a text: from `start` up to before `end`."""

    start: int
    end: int
    is_other_name: bool = False  # a synonym or the other language, not the need's own word


def marks(query: Query, text: str, compounds: Compounds = NO_COMPOUNDS) -> list[Mark]:
    r"""Return the parts of a text that match a need, in their order, neighbours joined.

    >>> from payvand.matching.rules.query import build
    >>> from payvand.matching.rules.evidence import NeedText
    >>> text = "Precision machining of shafts"
    >>> [text[m.start:m.end] for m in marks(build(NeedText("machined shaft")), text)]
    ['machining', 'shafts']
    """
    found: list[Mark] = []
    for match in _SHOWN.finditer(text):
        parts = [p for token in tokens(match.group()) for p in compounds.get(token, (token,))]
        hits = {stem(part) for part in parts if part not in STOP} & query.stems.keys()
        if not hits:
            continue
        other = not hits & query.own
        gap = text[found[-1].end : match.start()] if found else "-"
        if found and gap == " " and found[-1].is_other_name == other:
            found[-1] = Mark(found[-1].start, match.end(), other)
        else:
            found.append(Mark(match.start(), match.end(), other))
    return found


def missing(
    query: Query,
    texts: list[str],
    *,
    compounds: Compounds = NO_COMPOUNDS,
    names: Callable[[int], tuple[str, ...]] = lambda term: (),
    asked: list[str],
) -> list[str]:
    """Return words of a need that none of the texts mentions, under any of their names.

    asked: the need's words as they were written, in their order; names: stems of a term's names.
    """
    present = {
        stem(part)
        for text in texts
        for token in tokens(text)
        for part in compounds.get(token, (token,))
    }
    told: dict[str, set[str]] = {}
    for one in query.found:
        for of in names(one.term):
            told.setdefault(of, set()).update(names(one.term))
    absent = []
    for word in dict.fromkeys(asked):
        own = stem(word)
        if own in present or told.get(own, set()) & present:
            continue
        absent.append(word)
    return absent[:MISSING]
