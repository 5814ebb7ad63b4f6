"""Who meets whom, and when, so that a fair's meetings are worth most and nobody is in two places?

Pure, in two steps. *Which pairs*: a linear programme over firm × buyer whose matrix is that of a
flow, so that its best solution is whole; nobody has more meetings than slots or than wished, every
firm that somebody wants to meet gets its share before others get a second, rooms limit the sum.
*When*: the pairs are edges of a graph between firms and buyers; by König's theorem they can be
coloured with as many slots as the busiest participant has meetings, and exchanging two slots along
a path evens out the rooms. Where somebody is absent for a part, the slots are filled one after
another by best assignment instead, and the distance to the bound is told.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment, linprog
from scipy.sparse import coo_matrix, hstack, vstack

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fair:
    """What is known before the meetings are set.

    value: worth of a meeting, firm × buyer; 0 where none of the two wants it. slots: how many there
    are in all. rooms: meetings at once. most: meetings of one firm. share: meetings that each
    wanted firm gets before value decides. present_firms, present_buyers: who is there by slot.
    """

    value: Floats
    slots: int
    rooms: int
    most: int
    share: int = 1
    present_firms: NDArray[np.bool_] | None = None
    present_buyers: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """(slot, firm, buyer) of every meeting, their worth, and what no schedule can exceed."""

    meetings: list[tuple[int, int, int]]
    worth: float
    bound: float


def schedule(fair: Fair) -> Schedule:
    """Return the schedule; pairs that do not fit are left out. Raises ValueError for no slots."""
    if fair.slots < 1 or fair.rooms < 1:
        raise ValueError("a fair needs at least one slot and one room")
    firms, buyers = fair.value.shape
    here = _common(fair, firms, buyers)
    chosen, bound = _pairs(fair, here)
    placed = _coloured(chosen, fair) if here is None else _filled(fair, chosen)
    worth = float(sum(fair.value[f, b] for _, f, b in placed))
    return Schedule(sorted(placed), worth, bound)


def _common(fair: Fair, firms: int, buyers: int) -> NDArray[np.int64] | None:
    """Return in how many slots both of a pair are there; None when everybody is there always."""
    if fair.present_firms is None and fair.present_buyers is None:
        return None
    whole = np.ones((max(firms, buyers), fair.slots), dtype=bool)
    of_firms = whole[:firms] if fair.present_firms is None else fair.present_firms
    of_buyers = whole[:buyers] if fair.present_buyers is None else fair.present_buyers
    both: NDArray[np.int64] = of_firms.astype(np.int64) @ of_buyers.astype(np.int64).T
    return both


def _pairs(fair: Fair, here: NDArray[np.int64] | None) -> tuple[list[tuple[int, int]], float]:
    """Return the best pairs, and their worth without the shares: the bound."""
    able = fair.value > 0 if here is None else (fair.value > 0) & (here > 0)
    firm, buyer = np.nonzero(able)
    if not len(firm):
        return [], 0.0
    at, one = np.arange(len(firm)), np.ones(len(firm))
    firms, buyers = fair.value.shape
    rows = [coo_matrix((one, (firm, at)), shape=(firms, len(at))),
            coo_matrix((one, (buyer, at)), shape=(buyers, len(at))),
            coo_matrix((one, (np.zeros(len(at), dtype=int), at)), shape=(1, len(at)))]  # fmt: skip
    of_firm = np.full(firms, min(fair.most, fair.slots))
    of_buyer = np.full(buyers, fair.slots)
    if fair.present_firms is not None:
        of_firm = np.minimum(of_firm, fair.present_firms.sum(axis=1))
    if fair.present_buyers is not None:
        of_buyer = np.minimum(of_buyer, fair.present_buyers.sum(axis=1))
    most = np.concatenate([of_firm, of_buyer, [fair.rooms * fair.slots]])
    worth = fair.value[firm, buyer]
    best = linprog(-worth, A_ub=vstack(rows), b_ub=most, bounds=(0, 1), method="highs-ds")
    # a firm's first meetings are worth more than any other pair could gain: shares before value
    first = coo_matrix((one, (firm, at)), shape=(firms, len(at)))
    gained = coo_matrix((-np.ones(firms), (np.arange(firms), np.arange(firms))))
    fairly = linprog(
        np.concatenate([-worth, np.full(firms, -2.0 * float(worth.sum()))]),
        A_ub=vstack([*(_wide(row, firms) for row in rows), hstack([-first, -gained])]),
        b_ub=np.concatenate([most, np.zeros(firms)]), method="highs-ds",
        bounds=[(0, 1)] * len(at) + [(0, fair.share)] * firms,
    )  # fmt: skip
    taken = np.flatnonzero(fairly.x[: len(at)] > 0.5)
    return [(int(firm[n]), int(buyer[n])) for n in taken], float(-best.fun)


def _wide(row: coo_matrix, extra: int) -> coo_matrix:
    return coo_matrix((row.data, (row.row, row.col)), shape=(row.shape[0], row.shape[1] + extra))


class _Slots:
    """Meetings by slot, seen from both sides; exchanging along paths keeps them free of clashes."""

    def __init__(self, slots: int) -> None:
        self.sides: tuple[dict[int, dict[int, int]], dict[int, dict[int, int]]] = (
            defaultdict(dict), defaultdict(dict),
        )  # fmt: skip  # firm -> slot -> buyer, and buyer -> slot -> firm
        self.held = dict.fromkeys(range(slots), 0)

    def put(self, firm: int, buyer: int, slot: int) -> None:
        """Set a meeting."""
        self.sides[0][firm][slot], self.sides[1][buyer][slot] = buyer, firm
        self.held[slot] += 1

    def first_free(self, side: int, at: int) -> int:
        """Return the first slot in which a participant has no meeting."""
        return next(slot for slot in self.held if slot not in self.sides[side][at])

    def path(self, side: int, at: int, slot: int, other: int) -> list[tuple[int, int, int]]:
        """Return the (firm, buyer, slot) met on the way from a participant, slots taking turns."""
        found = []
        while (met := self.sides[side][at].get(slot)) is not None:
            found.append((at, met, slot) if side == 0 else (met, at, slot))
            side, at, slot, other = 1 - side, met, other, slot
        return found

    def exchange(self, path: list[tuple[int, int, int]], one: int, two: int) -> None:
        """Move every meeting of a path from either of two slots to the other."""
        for firm, buyer, slot in path:
            del self.sides[0][firm][slot], self.sides[1][buyer][slot]
            self.held[slot] -= 1
        for firm, buyer, slot in path:
            self.put(firm, buyer, two if slot == one else one)

    def even(self, rooms: int) -> None:
        """Exchange until no slot holds more meetings than there are rooms.

        Two slots' meetings form paths and even rings, so the fuller one has a path of odd length
        that begins and ends in it.
        """
        while max(self.held.values(), default=0) > rooms:
            full, empty = (pick(self.held, key=self.held.__getitem__) for pick in (max, min))
            ends = ((side, at) for side in (0, 1) for at, row in list(self.sides[side].items())
                    if full in row and empty not in row)  # fmt: skip
            paths = (self.path(side, at, full, empty) for side, at in ends)
            self.exchange(next(path for path in paths if len(path) % 2), full, empty)


def _coloured(pairs: list[tuple[int, int]], fair: Fair) -> list[tuple[int, int, int]]:
    """Give every pair a slot so that nobody has two at once and the rooms suffice (König)."""
    slots = _Slots(fair.slots)
    for firm, buyer in pairs:
        here, there = slots.first_free(0, firm), slots.first_free(1, buyer)
        if here != there:  # make room for the buyer in the firm's slot
            slots.exchange(slots.path(1, buyer, here, there), here, there)
        slots.put(firm, buyer, here)
    slots.even(fair.rooms)
    return [(slot, firm, b) for firm, row in slots.sides[0].items() for slot, b in row.items()]


def _filled(fair: Fair, pairs: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Fill slot after slot by best assignment; pairs with few slots left in common go first."""
    firms, buyers = fair.value.shape
    ones = np.ones((max(firms, buyers), fair.slots), dtype=bool)
    firm_here = ones[:firms] if fair.present_firms is None else fair.present_firms
    buyer_here = ones[:buyers] if fair.present_buyers is None else fair.present_buyers
    waiting = np.zeros(fair.value.shape, dtype=bool)
    for firm, buyer in pairs:
        waiting[firm, buyer] = True
    placed = []
    scarce = np.argsort(firm_here.sum(axis=0) + buyer_here.sum(axis=0), kind="stable")
    for n, slot in enumerate(scarce):
        later = scarce[n:]
        left = firm_here[:, later].astype(int) @ buyer_here[:, later].astype(int).T
        busy = waiting.sum(axis=1)[:, None] + waiting.sum(axis=0)[None, :]
        able = waiting & firm_here[:, slot][:, None] & buyer_here[:, slot][None, :]
        gain = np.where(able, fair.value * (1 + busy / np.maximum(left, 1)), 0.0)
        rows, columns = linear_sum_assignment(gain, maximize=True)
        order = sorted(zip(rows, columns, strict=True), key=lambda at: -gain[at])
        for firm, buyer in order[: fair.rooms]:
            if able[firm, buyer]:
                placed.append((int(slot), int(firm), int(buyer)))
                waiting[firm, buyer] = False
    return placed
