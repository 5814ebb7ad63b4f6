"""Which words of a Persian need say what it is for, not what is wanted?

In شیر صنعتی برای پالایشگاه the valve is wanted, not the refinery: what stands behind برای names the
place or the user, and firms that merely serve or own such places would crowd out those that make
the thing. Such words still count, but less.
"""

from __future__ import annotations

from collections.abc import Callable

from payvand.kernel.text import tokens
from payvand.matching.rules.words import STOP, Compounds, words

FOR = frozenset(("برای", "جهت"))
WEIGHT, WORDS = 0.4, 3  # of a word behind it; how many words it reaches
_GO_ON = frozenset("و ی ای های ها هایی".split())  # do not end what it is for


def weighed(
    text: str, compounds: Compounds, is_known: Callable[[str], bool] | None = None
) -> tuple[list[str], list[float]]:
    """Return the words of a text that carry content, in their order, and the weight of each.

    >>> weighed("شیر صنعتی برای پالایشگاه", {})
    (['شیر', 'صنعتی', 'پالایشگاه'], [1.0, 1.0, 0.4])
    """
    found: list[str] = []
    weights: list[float] = []
    for part, is_purpose in _parts(tokens(text)):
        more = words(" ".join(part), compounds, is_known)
        found += more
        weights += [WEIGHT if is_purpose else 1.0] * len(more)
    return found, weights


def _parts(spoken: list[str]) -> list[tuple[list[str], bool]]:
    parts: list[tuple[list[str], bool]] = [([], False)]
    left = 0  # words that the last برای still reaches
    for token in spoken:
        if token in FOR:
            parts.append(([], True))
            left = WORDS
            continue
        if left and token in STOP and token not in _GO_ON:
            parts.append(([], False))
            left = 0
        parts[-1][0].append(token)
        if left and token not in _GO_ON:
            left -= 1
            if not left:
                parts.append(([], False))
    return parts
