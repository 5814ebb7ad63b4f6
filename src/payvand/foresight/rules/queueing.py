"""How long do inquiries wait for a desk, and what would one desk more change?

Pure. The share of the time before an inquiry is opened is taken for a queue in front of `desks`
equal desks (M/M/c); how long one inquiry keeps a desk busy follows from the wait that was measured.
The discrete-event check (SimPy, extra `simulate`) plays the same with real desks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

STEPS = 60  # halvings when the service time is sought
MOST_BUSY = 0.995


def wait(desks: int, rate: float, service: float) -> float:
    """Return the mean wait in an M/M/c queue (Erlang C); infinite when the desks cannot keep up.

    rate: arrivals per day. service: days that one inquiry keeps a desk busy.
    """
    load = rate * service
    if load <= 0:
        return 0.0
    if load >= desks:
        return float("inf")
    blocked = 1.0  # Erlang B by recursion, which does not overflow
    for n in range(1, desks + 1):
        blocked = load * blocked / (n + load * blocked)
    waits = blocked / (1 - (load / desks) * (1 - blocked))
    return waits * service / (desks - load)


def service_time(desks: int, rate: float, waited: float) -> float:
    """Return the service time at which the mean wait is the one that was measured."""
    low, high = 0.0, MOST_BUSY * desks / rate
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if wait(desks, rate, middle) < waited else (low, middle)
    return (low + high) / 2


@dataclass(frozen=True, slots=True)
class Capacity:
    """What more desks change at one office: the mean wait before and after, and how busy it is."""

    desks: int
    added: int
    rate: float
    service: float
    before: float
    after: float

    @property
    def factor(self) -> float:
        """Return the share of the wait that is left."""
        return min(self.after / self.before, 1.0) if self.before > 0 else 1.0

    @property
    def busy(self) -> float:
        """Return which share of the day the desks are busy now."""
        return min(self.rate * self.service / self.desks, 1.0)


def capacity(desks: int, added: int, *, rate: float, waited: float) -> Capacity:
    """Return what `added` desks would change where inquiries wait `waited` days on average."""
    if rate <= 0 or waited <= 0:
        return Capacity(desks, added, rate, 0.0, 0.0, 0.0)
    service = service_time(desks, rate, waited)
    before, after = wait(desks, rate, service), wait(desks + added, rate, service)
    return Capacity(desks, added, rate, service, before, after)


@dataclass(frozen=True, slots=True)
class Played:
    """What the discrete-event check saw: mean wait and the wait of nine in ten."""

    mean: float
    p90: float
    inquiries: int


def can_play() -> bool:
    """Is the extra `simulate` installed?"""
    from importlib.util import find_spec

    return find_spec("simpy") is not None


def play(found: Capacity, *, desks: int, seed: int, inquiries: int = 3000) -> Played:
    """Return the waits of inquiries that come to real desks; the first tenth warms up."""
    import simpy

    chance = np.random.default_rng(seed)
    gaps = chance.exponential(1 / found.rate, inquiries).tolist()
    spent = chance.exponential(found.service, inquiries).tolist()
    house = simpy.Environment()
    room = simpy.Resource(house, capacity=desks)
    waits: list[float] = []

    def inquiry(length: float) -> Any:
        came = house.now
        with room.request() as desk:
            yield desk
            waits.append(house.now - came)
            yield house.timeout(length)

    def arrivals() -> Any:
        for gap, length in zip(gaps, spent, strict=True):
            yield house.timeout(gap)
            house.process(inquiry(length))

    house.process(arrivals())
    house.run()
    kept = np.asarray(waits[inquiries // 10 :])
    return Played(float(kept.mean()), float(np.quantile(kept, 0.9)), len(kept))
