"""Which chances do the samples take, the same for the same seed, and alike within one case?

Pure. One-factor Gaussian copula: a case that is slow with one office tends to be slow with others
(`rho`). Each question has a stream of its own, named by its key, so that a what-if that drops one
leaves the draws of all others as they were (common random numbers). Streams are stratified: of n
draws exactly one falls into each n-th part of the distribution.
"""

from __future__ import annotations

from functools import lru_cache
from math import erf, sqrt
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

GRID = 4096  # cells of the table of durations
EDGE = 4.5  # the table covers this many standard deviations to each side
KEPT = 256  # streams kept in the process: at most 40 MB at 20,000 samples
FACTOR = "\x00case"  # name of the stream that a case's questions share

Places = NDArray[np.intp]


def _phi(z: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray([0.5 * (1 + erf(one / sqrt(2))) for one in z.tolist()])


_CENTRES: NDArray[np.float64] = np.linspace(-EDGE, EDGE, 2 * GRID + 1)[1::2]
CHANCES = _phi(_CENTRES)  # the probability at the middle of each cell
CHANCES.flags.writeable = False


def normal_scores(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the standard normal quantiles of probabilities, within ±4.5."""
    return np.asarray(np.interp(chances, CHANCES, _CENTRES), float)


def _stream(seed: int, name: str, count: int) -> NDArray[np.float64]:
    chance = np.random.Generator(
        np.random.SFC64(np.random.SeedSequence([seed & 0xFFFFFFFF, crc32(name.encode())]))
    )
    return normal_scores((chance.permutation(count) + chance.random(count)) / count)


@lru_cache(maxsize=8)
def _factor(seed: int, count: int) -> NDArray[np.float64]:
    return _stream(seed, FACTOR, count)


@lru_cache(maxsize=KEPT)
def places(seed: int, name: str, count: int, rho: float) -> Places:
    """Return for each sample the cell of the table from which the question's duration is taken."""
    z = sqrt(rho) * _factor(seed, count) + sqrt(1 - rho) * _stream(seed, name, count)
    found = np.clip((z + EDGE) * (GRID / (2 * EDGE)), 0, GRID - 1).astype(np.intp)
    found.flags.writeable = False
    return found


@lru_cache(maxsize=KEPT)
def evenly(seed: int, name: str, count: int) -> NDArray[np.float32]:
    """Return uniform draws of a stream that shares nothing with the durations."""
    found = CHANCES[places(seed, f"even:{name}", count, 0.0)].astype(np.float32)
    found.flags.writeable = False
    return found
