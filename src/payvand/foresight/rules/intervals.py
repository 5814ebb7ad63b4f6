"""What are the quantiles of some days, and how few are too few?"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

LEAST = 10  # fewer say too little, and might point at single cases


def quantile(ordered: Sequence[float], p: float) -> float | None:
    """Return the smallest value that at least a share p of the values does not exceed.

    >>> quantile([1, 2, 3, 4], 0.5), quantile([1, 2, 3, 4], 0.9), quantile([], 0.5)
    (2, 4, None)
    """
    if not ordered:
        return None
    return ordered[max(0, ceil(p * len(ordered) - 1e-9) - 1)]
