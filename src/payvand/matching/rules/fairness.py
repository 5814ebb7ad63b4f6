"""Where do firms without contracts stand in the list, so that they get their fair share?

A newcomer has declared capabilities but no verified evidence for this need. Among the first n
places of any list, floor(n × share) belong to newcomers, as long as there are any who fit: the best
placed newcomers move up to the last place that keeps the promise, and nobody else changes order.
No chance is involved: the same candidates give the same list.
"""

from __future__ import annotations

from collections.abc import Sequence

from payvand.matching.rules.ranking import Ranked

SHARE = 0.2  # one place in five


def fair(ranked: Sequence[Ranked], *, share: float = SHARE) -> list[Ranked]:
    """Return the list in which newcomers have their share of every beginning of it.

    share: 0 to 1. Raises ValueError for another share.
    """
    if not 0 <= share <= 1:
        raise ValueError("a share lies between 0 and 1")
    flags = [one.is_newcomer for one in ranked]
    return [ranked[at] for at in order(flags, share)]


def order(newcomers: Sequence[bool], share: float) -> list[int]:
    """Return places in the new order, newcomers moved up only where their share is not met.

    >>> order([False, False, False, False, False, True], 0.2)
    [0, 1, 2, 3, 5, 4]
    """
    fresh = [at for at, flag in enumerate(newcomers) if flag]
    found: list[int] = []
    placed: set[int] = set()
    others = iter(range(len(newcomers)))
    shown = 0
    for place in range(1, len(newcomers) + 1):
        due = int(place * share + 1e-9)
        nearest = next((at for at in fresh if at not in placed), None)
        if shown < due and nearest is not None:
            at = nearest
        else:
            at = next(other for other in others if other not in placed)
        found.append(at)
        placed.add(at)
        shown += newcomers[at]
    return found
