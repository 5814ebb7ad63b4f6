"""How far could chance alone have moved a share?"""

from __future__ import annotations

from math import sqrt

Z95 = 1.959964


def wilson(hits: float, tries: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, from 0 to 1 (Wilson 1927).

    hits need not be whole: open cases count in parts.

    >>> [round(edge, 3) for edge in wilson(8, 10)]
    [0.49, 0.943]
    """
    if not tries:
        return 0.0, 1.0
    share, square = hits / tries, Z95 * Z95
    middle = (share + square / (2 * tries)) / (1 + square / tries)
    spread = Z95 / (1 + square / tries)
    spread *= sqrt(share * (1 - share) / tries + square / (4 * tries * tries))
    return max(0.0, middle - spread), min(1.0, middle + spread)
