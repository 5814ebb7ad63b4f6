"""Which cells of a table of consumption may be published, given everything published before?

A cell is a sum over *atoms*: the finest groups of consumers in one period (a feeder's households on
one day). Three tests, in this order:

1. **Few or dominated.** A cell with fewer than `k` consumers, or in which one consumer makes more
   than `share` of the sum, is withheld.
2. **By difference.** Published sums, now and in every earlier release, are equations. What must
   stay unknown (a cell that was withheld, an atom that is few or dominated, any sum of such atoms)
   is safe only when, by linear programming over all of them, its value may lie `width` below and
   above the truth.
3. **By what is left over.** Where that does not hold, the smallest cell that helps to give the
   value away is withheld as well (complementary suppression), until nothing is given away.

A cell that follows from earlier releases is published, because it says nothing new. One that is
withheld only for the sake of others, and that the public can already tell within `width`, is given
as the range that everybody could compute.

Sources: the k of 15 and the share rules of energy regulators (CPUC D.11-07-056); complementary
suppression as in statistical disclosure control.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

Atom = Hashable
FEW, DOMINATED, DIFFERENCE = "few", "dominated", "difference"


@dataclass(frozen=True, slots=True)
class Policy:
    """How much must stay unknown.

    k: fewest consumers of a published cell. share: most that one consumer may make of it.
    width: how far a withheld value must be able to lie from the truth, as a share of it.
    """

    k: int = 15
    share: float = 0.85
    width: float = 0.1


@dataclass(frozen=True, slots=True)
class Group:
    """An atom: how many consumers, their sum (Wh), and the largest of them (Wh)."""

    count: int
    total: float
    largest: float


@dataclass(frozen=True, slots=True)
class Cell:
    """What somebody wants to publish: a name, and the atoms that it sums."""

    name: Hashable
    atoms: frozenset[Atom]


@dataclass(slots=True)
class Record:
    """All that was ever published or withheld of the same atoms."""

    groups: dict[Atom, Group] = field(default_factory=dict)
    published: dict[frozenset[Atom], float] = field(default_factory=dict)
    withheld: dict[frozenset[Atom], float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Release:
    """What may go out (cell → sum), what only as a range, and what not at all (cell → reason)."""

    published: dict[Hashable, float]
    ranges: dict[Hashable, tuple[float, float]]
    withheld: dict[Hashable, str]


def release(
    cells: Sequence[Cell], groups: Mapping[Atom, Group], record: Record, policy: Policy
) -> Release:
    """Decide on a table and put the decision on the record, which later releases must respect.

    Sums in the unit of the groups. Raises KeyError for an atom that no group describes.
    """
    record.groups.update({atom: groups[atom] for cell in cells for atom in cell.atoms})
    asked: dict[frozenset[Atom], list[Hashable]] = {}
    for cell in cells:
        asked.setdefault(cell.atoms, []).append(cell.name)
    reasons = {a: why for a in asked if (why := _alone(a, record.groups, policy))}
    record.withheld |= {atoms: _sum(atoms, record) for atoms in reasons}
    reasons |= _protect(set(asked) - set(reasons), record, policy)
    public = {atoms: _sum(atoms, record) for atoms in asked if atoms not in reasons}
    record.published |= public
    ranges = _ranges([a for a, why in reasons.items() if why == DIFFERENCE], record, policy)
    return Release(
        {name: value for atoms, value in public.items() for name in asked[atoms]},
        {name: ends for atoms, ends in ranges.items() for name in asked[atoms]},
        {name: why for atoms, why in reasons.items() if atoms not in ranges
         for name in asked[atoms]},
    )  # fmt: skip


def _protect(
    open_: set[frozenset[Atom]], record: Record, policy: Policy
) -> dict[frozenset[Atom], str]:
    """Return which of the open cells must be withheld so that nothing hidden is given away.

    Withholding only takes equations away, so what was found safe once stays safe.
    """
    earlier = _Equations(record.published, record.groups)
    open_ = {atoms for atoms in open_ if not earlier.imply(atoms)}
    reasons: dict[frozenset[Atom], str] = {}
    waiting = [frozenset((a,)) for a in _hidden(record, policy)] + list(record.withheld)
    safe: set[frozenset[Atom]] = set()
    while True:
        sums = record.published | {atoms: _sum(atoms, record) for atoms in open_}
        equations = _Equations(sums, record.groups)
        helping = _told_exactly(equations, open_, record, policy)
        while not helping and waiting:
            atoms = waiting.pop()
            if atoms not in safe:
                helping = _telling(equations, atoms, record, policy) & open_
                safe.add(atoms)  # or earlier releases alone tell it: nothing helps any more
                if helping:
                    safe.remove(atoms)
                    waiting.append(atoms)
        if not helping:
            return reasons
        victim = min(helping, key=lambda atoms: (_sum(atoms, record), sorted(map(repr, atoms))))
        open_.remove(victim)
        reasons[victim] = DIFFERENCE
        record.withheld[victim] = _sum(victim, record)
        waiting.append(victim)


def _hidden(record: Record, policy: Policy) -> set[Atom]:
    """Return the atoms that are few or dominated by themselves."""
    return {a for a in record.groups if _alone(frozenset((a,)), record.groups, policy)}


def _told_exactly(
    equations: _Equations, open_: set[frozenset[Atom]], record: Record, policy: Policy
) -> set[frozenset[Atom]]:
    """Return open cells by which a sum of hidden atoms alone follows from the equations."""
    for atoms, by in equations.combined(_hidden(record, policy)):
        if by & open_ and _alone(atoms, record.groups, policy):
            return by & open_
    return set()


def _telling(
    equations: _Equations, atoms: frozenset[Atom], record: Record, policy: Policy
) -> set[frozenset[Atom]]:
    """Return the published sums that hold a hidden value too near the truth; none when it is safe.

    What is few or dominated must be uncertain on both sides, what is withheld for others on one.
    """
    if not sum(record.groups[atom].count for atom in atoms):
        return set()
    low, high, by = equations.bounds(atoms)
    truth = _sum(atoms, record)
    slack = policy.width * truth
    below, above = low <= truth - slack, high >= truth + max(slack, 1.0)
    both = bool(truth and _alone(atoms, record.groups, policy))
    is_safe = (below and above) if both else (below or above)
    return set() if is_safe else by


def _ranges(
    cells: Iterable[frozenset[Atom]], record: Record, policy: Policy
) -> dict[frozenset[Atom], tuple[float, float]]:
    """Return the cells that the public can tell within `width` anyway, and what it can tell."""
    equations = _Equations(record.published, record.groups)
    found = {}
    for atoms in cells:
        low, high, _ = equations.bounds(atoms)
        truth = _sum(atoms, record)
        if low >= (1 - policy.width) * truth and high <= (1 + policy.width) * truth:
            found[atoms] = (low, high)
            record.withheld.pop(atoms, None)
    return found


def _alone(atoms: frozenset[Atom], groups: Mapping[Atom, Group], policy: Policy) -> str:
    """Return why a sum may not be known by itself; empty when it may."""
    inside = [groups[atom] for atom in atoms]
    count, total = sum(g.count for g in inside), sum(g.total for g in inside)
    if count == 0:
        return ""
    if count < policy.k:
        return FEW
    return DOMINATED if max(g.largest for g in inside) > policy.share * total else ""


def _sum(atoms: frozenset[Atom], record: Record) -> float:
    return sum(record.groups[atom].total for atom in atoms)


class _Equations:
    """Published sums as equations over atoms, in units of their mean so that solvers stay exact."""

    def __init__(self, published: Mapping[frozenset[Atom], float], atoms: Iterable[Atom]) -> None:
        self.rows = list(published)
        self.place = {atom: n for n, atom in enumerate(atoms)}
        self.unit = max(float(np.mean(list(published.values()))), 1.0) if published else 1.0
        at = [(r, self.place[a]) for r, row in enumerate(self.rows) for a in row]
        ones, (down, across) = np.ones(len(at)), zip(*at, strict=True) if at else ((), ())
        self.matrix = csr_matrix((ones, (down, across)), shape=(len(self.rows), len(self.place)))
        self.sums = np.array([published[row] / self.unit for row in self.rows])

    def bounds(self, atoms: frozenset[Atom]) -> tuple[float, float, set[frozenset[Atom]]]:
        """Return the least and the most that a sum can be, and the equations that hold it there."""
        if not self.rows:
            return 0.0, np.inf, set()
        aim = np.zeros(len(self.place))
        aim[[self.place[atom] for atom in atoms]] = 1.0
        ends, binding = [], set()
        for sign in (1.0, -1.0):
            found = linprog(sign * aim, A_eq=self.matrix, b_eq=self.sums, method="highs")
            if found.status == 3:  # nothing holds it on this side
                ends.append(-sign * np.inf)
                continue
            if found.status != 0:
                raise ArithmeticError(f"the published sums contradict each other: {found.message}")
            ends.append(sign * found.fun * self.unit)
            used = np.flatnonzero(np.abs(found.eqlin.marginals) > 1e-7)
            binding |= {self.rows[n] for n in used}
        return ends[0], ends[1], binding

    def imply(self, atoms: frozenset[Atom]) -> bool:
        """Say whether a sum follows exactly from the equations."""
        if not self.rows:
            return False
        aim = np.zeros(len(self.place))
        aim[[self.place[atom] for atom in atoms]] = 1.0
        found, *_ = np.linalg.lstsq(self.matrix.toarray().T, aim, rcond=None)
        return bool(np.allclose(self.matrix.T @ found, aim, atol=1e-8))

    def combined(self, hidden: set[Atom]) -> Iterable[tuple[frozenset[Atom], set[frozenset[Atom]]]]:
        """Yield sums over hidden atoms alone that differences of published sums give exactly."""
        inside = [atom for atom in self.place if atom in hidden]
        outside = [self.place[atom] for atom in self.place if atom not in hidden]
        dense = self.matrix.toarray()
        if not inside or not len(dense):
            return
        mixed = _reduced(np.hstack([dense[:, outside], dense[:, [self.place[a] for a in inside]],
                                    np.eye(len(dense))]), len(outside) + len(inside))  # fmt: skip
        for row in mixed:
            left, middle = row[: len(outside)], row[len(outside) : len(outside) + len(inside)]
            if np.any(np.abs(left) > 1e-9):
                continue
            used = np.flatnonzero(np.abs(middle) > 1e-9)
            if len(used) and np.allclose(middle[used], middle[used[0]]):
                made_of = np.flatnonzero(np.abs(row[len(outside) + len(inside) :]) > 1e-9)
                yield frozenset(inside[n] for n in used), {self.rows[n] for n in made_of}


def _reduced(table: np.ndarray, pivots: int) -> np.ndarray:
    """Return the reduced row echelon form over the first columns; the rest goes along."""
    table, row = table.copy(), 0
    for column in range(pivots):
        if row == len(table):
            break
        best = row + int(np.argmax(np.abs(table[row:, column])))
        if abs(table[best, column]) < 1e-9:
            continue
        table[[row, best]] = table[[best, row]]
        table[row] /= table[row, column]
        others = np.flatnonzero(np.abs(table[:, column]) > 1e-12)
        others = others[others != row]
        table[others] -= np.outer(table[others, column], table[row])
        row += 1
    return table
