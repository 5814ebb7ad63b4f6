"""Who shifts or sheds how much, and when, so that a foreseen shortage does least harm?

Pure: a linear programme over *groups* (province × sector × tier) and *periods* (the hours of a day,
or the days of a week), solved by HiGHS. What is protected never takes part; notice, the cap of a
period and the cap of the whole of each group are kept; shifting is cheaper than shedding, so
industry is asked to shift before anybody is cut; a group that has borne much this year costs more.
A second programme keeps the harm and lowers the largest burden. What cannot be met stays *unmet*
and is said: no protection is broken to meet it.

Units: MWh a period, which of an hour is MW; harm in the unit of `Group.harm` per MWh.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, csr_matrix, hstack, vstack

Floats = NDArray[np.float64]
SHED, OUT, BACK = "shed", "shift_out", "shift_back"
UNMET_HARM = 1e4  # times the dearest group: only what nobody may give stays unmet


@dataclass(frozen=True, slots=True)
class Group:
    """Consumers of one province, sector and tier, as the plan sees them.

    load: MWh by period. shed_cap and shift_cap: shares of a period's load that may be cut or moved.
    day_cap: share of the energy of all periods that may be cut. harm, shift_harm: of a MWh cut, and
    moved. borne: MWh already cut this year. protected: periods in which nothing may be asked, set
    by the authority, for the reason `spared`. notice: hours that must lie between the plan and the
    first request. returns: what is moved is taken later; else it is given up, as offered (another
    fuel, own generation).
    """

    key: str
    area: str
    load: Floats
    shed_cap: float = 0.0
    shift_cap: float = 0.0
    day_cap: float = 1.0
    harm: float = 1.0
    shift_harm: float = 0.1
    borne: float = 0.0
    protected: NDArray[np.bool_] | None = None
    notice: int = 0
    returns: bool = True
    spared: str = "protected"


@dataclass(frozen=True, slots=True)
class Settings:
    """How much history counts, how much more harm a fairer plan may do, and how long it is.

    history: extra cost of a group per share of a day's energy that it has borne already.
    fairness: share of extra harm accepted to lower the largest burden; None: no second step.
    days: that the periods cover; hours: of a period.
    """

    history: float = 0.5
    fairness: float | None = 0.02
    days: int = 1
    hours: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """MWh by group and period for each lever, by area and period what stays unmet.

    largest_burden: in days of usual use, what was borne before included.
    """

    shed: Floats
    shift_out: Floats
    shift_back: Floats
    unmet: Floats
    harm: float
    largest_burden: float


@dataclass(frozen=True, slots=True)
class _Shape:
    areas: list[str]
    area_of: NDArray[np.int64]
    load: Floats
    free: Floats  # 1 where something may be asked
    hours: int


def solve(
    groups: Sequence[Group],
    short: dict[str, Floats],
    *,
    now: int = 0,
    settings: Settings | None = None,
) -> Plan:
    """Return the plan of least harm.

    short: MWh missing by area and period; negative where there is room, which shifted load may
    fill. now: hours from the first period's beginning to the plan; negative before it. Raises
    ValueError for areas without periods in common.
    """
    rules = settings or Settings()
    shape = _shape(groups, short, now, rules.hours)
    least = _Programme(groups, shape, short, rules)
    found = least.run(least.cost)
    if rules.fairness is not None and found.shed.sum() > 0:
        found = least.fairer(found, rules.fairness) or found
    return replace(found, shift_back=_soon(found, shape, short, least.caps_of_return()))


def _soon(plan: Plan, shape: _Shape, short: dict[str, Floats], caps: Floats) -> Floats:
    """Return what is taken back as soon after it was moved as room and caps allow.

    The programme does not care when; people do, and a shorter plan is settled earlier. Where some
    group would find no room, everything stays as the programme said.
    """
    missing = np.array([short[area] for area in shape.areas])
    given = np.zeros_like(missing)
    np.add.at(given, shape.area_of, plan.shed + plan.shift_out)
    room = np.maximum(given + plan.unmet - missing, 0.0)
    early = np.zeros_like(plan.shift_back)
    for n in np.flatnonzero(plan.shift_back.sum(axis=1) > 0):
        left, area = float(plan.shift_back[n].sum()), shape.area_of[n]
        first = int(np.flatnonzero(plan.shift_out[n] > 0)[0])
        for at in (*range(first + 1, shape.hours), *range(first + 1)):
            early[n, at] = min(left, caps[n, at], room[area, at])
            left -= early[n, at]
            room[area, at] -= early[n, at]
        if left > 1e-6:
            return plan.shift_back
    return early


def _shape(groups: Sequence[Group], short: dict[str, Floats], now: int, step: int) -> _Shape:
    hours = {len(g.load) for g in groups} | {len(row) for row in short.values()}
    if len(hours) != 1:
        raise ValueError(f"groups and shortages cover different periods: {sorted(hours)}")
    (span,) = hours
    areas = list(short)
    load = np.array([g.load for g in groups])
    free = np.ones_like(load)
    for n, group in enumerate(groups):
        if group.protected is not None:
            free[n, group.protected] = 0
        free[n, np.arange(span) * step < now + group.notice] = 0
    area_of = np.array([areas.index(g.area) for g in groups])
    return _Shape(areas, area_of, load, free, span)


class _Programme:
    """The linear programme: variables shed, out, back by group and period, then unmet by area."""

    def __init__(
        self, groups: Sequence[Group], shape: _Shape, short: dict[str, Floats], rules: Settings
    ) -> None:
        self.shape, count = shape, len(groups)
        cells, self.spots = count * shape.hours, len(shape.areas) * shape.hours
        self.whole = np.maximum(shape.load.sum(axis=1), 1e-9)
        self.day = self.whole / rules.days
        self.borne = np.array([g.borne for g in groups])
        harm = np.array([g.harm for g in groups]) * (1 + rules.history * self.borne / self.day)
        shift = np.array([g.shift_harm for g in groups])
        worst = UNMET_HARM * max(float(harm.max(initial=1.0)), 1.0)
        self.cost = np.concatenate([
            np.repeat(harm, shape.hours), np.repeat(shift, shape.hours), np.zeros(cells),
            np.full(self.spots, worst),
        ])  # fmt: skip
        self.cells = cells
        self.upper = self._caps(groups)
        self.rows, self.most = self._limits(groups, short)
        same = np.repeat(np.arange(count), shape.hours)
        at = np.arange(cells)
        sums = csr_matrix((np.ones(cells), (same, at)), shape=(count, cells))
        empty = csr_matrix((count, self.spots))
        back = sums.multiply(np.array([[g.returns] for g in groups]))
        self.returned = hstack([csr_matrix((count, cells)), back, -back, empty], format="csr")
        self.sums = sums

    def _caps(self, groups: Sequence[Group]) -> Floats:
        load, free = self.shape.load, self.shape.free
        shed = load * free * np.array([[g.shed_cap] for g in groups])
        out = load * free * np.array([[g.shift_cap] for g in groups])
        able = np.array([[float(g.shift_cap > 0 and g.returns)] for g in groups])
        back = able * load.max(axis=1, keepdims=True) * free
        return np.concatenate(
            [shed.ravel(), out.ravel(), back.ravel(), np.full(self.spots, np.inf)]
        )

    def _limits(self, groups: Sequence[Group], short: dict[str, Floats]) -> tuple[Any, Floats]:
        """Return A and b of A·x ≤ b: the balance, one cap on the period, one on the whole."""
        hours, cells, count = self.shape.hours, self.cells, len(groups)
        at = np.arange(cells)
        spot = np.repeat(self.shape.area_of, hours) * hours + np.tile(np.arange(hours), count)
        into = coo_matrix((np.ones(cells), (spot, at)), shape=(self.spots, cells))
        unmet = coo_matrix((np.ones(self.spots), (np.arange(self.spots),) * 2))
        balance = hstack([-into, -into, into, -unmet])
        need = -np.concatenate([short[area] for area in self.shape.areas])
        one = coo_matrix((np.ones(cells), (at, at)))
        nothing = coo_matrix((cells, cells))
        both = hstack([one, one, nothing, coo_matrix((cells, self.spots))])
        widest = np.maximum(self.upper[:cells], self.upper[cells : 2 * cells])
        same = np.repeat(np.arange(count), hours)
        sums = coo_matrix((np.ones(cells), (same, at)), shape=(count, cells))
        rest = coo_matrix((count, 2 * cells + self.spots))
        caps = np.array([g.day_cap for g in groups]) * self.whole
        return vstack([balance, both, hstack([sums, rest])], format="csr"), np.concatenate(
            [need, widest, caps]
        )

    def caps_of_return(self) -> Floats:
        """Return how much each group can take back in each period."""
        found: Floats = self.upper[2 * self.cells : 3 * self.cells].reshape(self.shape.load.shape)
        return found

    def run(self, cost: Floats, rows: Any = None, most: Floats | None = None) -> Plan:
        """Solve for a cost; raises ArithmeticError when the solver gives nothing."""
        found = linprog(
            cost, A_ub=self.rows if rows is None else rows,
            b_ub=self.most if most is None else most,
            A_eq=self.returned if cost.size == self.cost.size else _wider(self.returned),
            b_eq=np.zeros(self.returned.shape[0]), method="highs",
            bounds=np.column_stack([np.zeros(cost.size), self._uppers(cost.size)]),
        )  # fmt: skip
        if found.status != 0:
            raise ArithmeticError(f"no plan was found: {found.message}")
        return self._plan(found.x)

    def _uppers(self, size: int) -> Floats:
        return self.upper if size == self.upper.size else np.append(self.upper, np.inf)

    def _plan(self, x: Floats) -> Plan:
        count, hours = self.shape.load.shape
        parts = [x[n * self.cells : (n + 1) * self.cells].reshape(count, hours) for n in range(3)]
        unmet = x[3 * self.cells : 3 * self.cells + self.spots].reshape(-1, hours)
        own = np.concatenate([part.ravel() for part in parts])
        harm = float(self.cost[: own.size] @ own)
        burden = (self.borne + parts[0].sum(axis=1)) / self.day
        open_ = self.shape.free.any(axis=1) & (
            self.upper[: self.cells].reshape(count, hours) > 0
        ).any(axis=1)
        largest = float(burden[open_].max(initial=0.0))
        return Plan(parts[0], parts[1], parts[2], unmet, harm, largest)

    def fairer(self, least: Plan, slack: float) -> Plan | None:
        """Return the plan with the lowest largest burden among those that do little more harm."""
        count = len(self.borne)
        wide = hstack([self.rows, csr_matrix((self.rows.shape[0], 1))])
        share = hstack([
            self.sums.multiply(1 / self.day[:, None]),
            csr_matrix((count, 2 * self.cells + self.spots)), csr_matrix(-np.ones((count, 1))),
        ])  # fmt: skip
        bound = self.cost.copy()
        bound[3 * self.cells :] = 0  # what stays unmet is not for bargaining: it stays as it is
        self.upper[3 * self.cells :] = least.unmet.ravel() + 1e-7
        total = least.harm
        within = hstack([csr_matrix(bound[None, :]), csr_matrix((1, 1))])
        rows = vstack([wide, share, within], format="csr")
        most = np.concatenate([self.most, -self.borne / self.day, [total * (1 + slack) + 1e-6]])
        aim = np.append(self.cost / max(total, 1e-9) * 1e-4, 1.0)
        try:
            return self.run(aim, rows, most)
        except ArithmeticError:
            return None


def _wider(matrix: Any) -> Any:
    return hstack([matrix, csr_matrix((matrix.shape[0], 1))], format="csr")


# --- why this line? --------------------------------------------------------------------------

PROTECTED, RULED = "protected", "ruled"  # by the authority for this site; by a rule for all
NOTICE, HOUR_CAP, DAY_CAP = "notice", "hour_cap", "day_cap"
NO_NEED, CHEAPER, NEEDED = "no_need", "others_first", "needed"


def explain(
    groups: Sequence[Group], short: dict[str, Floats], plan: Plan, *, now: int = 0, step: int = 1
) -> list[list[str]]:
    """Return for each group and period which rule decided: one of the codes above.

    Of what is protected the group's own reason is told. step: hours of a period.
    """
    shape = _shape(groups, short, now, step)
    taken = plan.shed + plan.shift_out
    said = []
    for n, group in enumerate(groups):
        day_full = plan.shed[n].sum() >= group.day_cap * shape.load[n].sum() - 1e-6
        row = []
        for hour in range(shape.hours):
            cap = shape.load[n, hour] * max(group.shed_cap, group.shift_cap)
            if group.protected is not None and group.protected[hour]:
                row.append(group.spared)
            elif hour * step < now + group.notice:
                row.append(NOTICE)
            elif short[group.area][hour] <= 0 and taken[n, hour] < 1e-6:
                row.append(NO_NEED)
            elif taken[n, hour] > 1e-6:
                row.append(HOUR_CAP if taken[n, hour] >= cap - 1e-6 else NEEDED)
            else:
                row.append(DAY_CAP if day_full and group.shed_cap else CHEAPER)
        said.append(row)
    return said


@dataclass(frozen=True, slots=True)
class Compared:
    """One alternative: harm, largest burden, MWh by lever, MWh unmet."""

    name: str
    harm: float
    largest_burden: float
    shed: float
    shifted: float
    unmet: float


def compare(
    groups: Sequence[Group],
    short: dict[str, Floats],
    *,
    now: int = 0,
    settings: Settings | None = None,
) -> list[Compared]:
    """Return the plan beside those without shifting, without history, and without exemptions.

    The last is only counted, to say what the exemptions cost; it is never a plan.
    """
    rules = settings or Settings()
    still = [replace(g, shift_cap=0.0) for g in groups]
    open_ = [replace(g, protected=None, shed_cap=max(g.shed_cap, 0.1)) for g in groups]
    cases = (
        ("chosen", groups, rules),
        ("least_harm", groups, replace(rules, fairness=None)),
        ("no_shifting", still, rules),
        ("no_history", groups, replace(rules, history=0.0)),
        ("no_exemptions", open_, rules),
    )
    found = []
    for name, kept, how in cases:
        plan = solve(kept, short, now=now, settings=how)
        found.append(Compared(name, plan.harm, plan.largest_burden, float(plan.shed.sum()),
                              float(plan.shift_out.sum()), float(plan.unmet.sum())))  # fmt: skip
    return found
