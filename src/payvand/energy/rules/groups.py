"""Which groups does a plan see, and who of a group gives how much?

Pure. Every sector falls into what was offered (`sector/offers`; `sector/switch` where it is not
taken later), the consumers known by name by their tier (`sector/vital`, …), and all others
(`sector/rest`), who are cut by feeders in turns or told to use less, all alike. Vital sites and
homes with a medical device are never asked; a site that nobody has ranked is not cut by name
either, for unknown is not ordinary. How much of a sector may be cut, and which is never, are data
(rules/policies.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from payvand.energy.rules import policies
from payvand.energy.rules.plan import PROTECTED, RULED, Floats, Group, Plan
from payvand.energy.rules.policies import Policy
from payvand.energy.rules.rotation import spread

OFFERS, SWITCH, REST = "offers", "switch", "rest"
GIVEN = (OFFERS, SWITCH)
VITAL, MEDICAL, UNRANKED = "vital", "medical", "unranked"
NEVER = (VITAL, MEDICAL, UNRANKED)  # tiers that are not cut by name
BLOCK = 2  # hours a feeder is off
LEAST_PERCENT = 0.05
TIER_HARM = {"sensitive": 3.0, "important": 1.5}  # times the sector's


@dataclass(frozen=True, slots=True)
class Offered:
    """So many MWh a period may move out of these periods, with so many hours of notice.

    returns: what is moved is taken later; else it is given up.
    """

    mw: float
    from_hour: int
    to_hour: int
    notice: int
    returns: bool = True


@dataclass(frozen=True, slots=True)
class Consumer:
    """One consumer known by name; tier None: not ranked.

    usual: MWh by period; caps are shares.
    """

    key: str
    sector: str
    tier: str | None
    usual: Sequence[float]
    is_medical: bool = False
    protected_hours: tuple[int, ...] = ()
    shed_cap: float = 0.0
    day_cap: float = 0.1
    notice: int = 12
    offers: tuple[Offered, ...] = ()

    @property
    def level(self) -> str:
        """Return the part of the sector that it counts in."""
        return MEDICAL if self.is_medical else (self.tier or UNRANKED)

    @property
    def is_barred(self) -> bool:
        """True when its feeder must never be switched off."""
        return self.is_medical or self.tier == VITAL

    def offered(self, level: str) -> Floats:
        """Return what is offered by period, to be moved or given up.

        Never in protected periods, never more than it uses; what moves counts first.
        """
        moves: Floats = np.minimum(self._sum(returns=True), np.array(self.usual, dtype=float))
        if level == OFFERS:
            return moves
        left: Floats = np.minimum(self._sum(returns=False), np.array(self.usual) - moves)
        return left

    def _sum(self, *, returns: bool) -> Floats:
        found = np.zeros(len(self.usual))
        for one in self.offers:
            if one.returns == returns:
                found[one.from_hour : one.to_hour] += one.mw
        found[list(self.protected_hours)] = 0
        if self.level in (VITAL, MEDICAL):
            found[:] = 0
        return found

    def kept(self) -> Floats:
        """Return its usual use without what it offers."""
        found: Floats = np.array(self.usual, dtype=float)
        for level in GIVEN:
            found = found - self.offered(level)
        return found

    def cap(self) -> Floats:
        """Return how much by period may be cut of it by name."""
        found = self.kept() * (0.0 if self.level in NEVER else self.shed_cap)
        found[list(self.protected_hours)] = 0
        return found


def key_of(sector: str, level: str) -> str:
    """Return the name of a group, as lines and burden entries carry it."""
    return f"{sector}/{level}"


def build(
    area: str,
    loads: Mapping[str, Floats],
    consumers: Sequence[Consumer],
    rules: Mapping[str, Policy],
    *,
    borne: Mapping[str, float] | None = None,
) -> list[Group]:
    """Return the groups of an area from its sectors' MWh by period.

    borne: MWh this year by group.
    """
    found = []
    for sector, load in loads.items():
        one = _Sector(area, sector, policies.of(rules, sector), borne or {})
        ours = [who for who in consumers if who.sector == sector]
        found += [one.given(level, ours) for level in GIVEN
                  if any(who.offered(level).any() for who in ours)]  # fmt: skip
        found += [one.named(level, [who for who in ours if who.level == level])
                  for level in sorted({who.level for who in ours})]  # fmt: skip
        named = sum((np.array(who.usual) for who in ours), np.zeros(len(load)))
        found.append(one.rest(np.maximum(load - named, 0.0)))
    return found


@dataclass(frozen=True, slots=True)
class _Sector:
    """One sector of an area, with its rule and what its groups have borne."""

    area: str
    name: str
    policy: Policy
    history: Mapping[str, float]

    def given(self, level: str, ours: Sequence[Consumer]) -> Group:
        """Return what was offered, to be moved or given up: a rule keeps nobody from offering."""
        key = key_of(self.name, level)
        offered = sum((one.offered(level) for one in ours), np.zeros(len(ours[0].usual)))
        returns = level == OFFERS
        return Group(
            key, self.area, offered, shift_cap=1.0, harm=self.policy.harm, returns=returns,
            shift_harm=self.policy.shift_harm, borne=self.history.get(key, 0.0),
            notice=max(o.notice for one in ours for o in one.offers if o.returns == returns),
        )  # fmt: skip

    def named(self, level: str, ours: Sequence[Consumer]) -> Group:
        """Return the consumers of a tier that are known by name."""
        key, spared, count = key_of(self.name, level), level in NEVER, len(ours[0].usual)
        load = sum((one.kept() for one in ours), np.zeros(count))
        cap = sum((one.cap() for one in ours), np.zeros(count))
        share = np.divide(cap, load, out=np.zeros(count), where=load > 0)
        protected = np.array([spared or self.policy.is_never_cut] * count)
        for one in ours:
            protected[list(one.protected_hours)] = True
        whole = float(load.sum())
        day_cap = sum(one.day_cap * float(one.kept().sum()) for one in ours) / whole if whole else 0
        return Group(
            key, self.area, load, day_cap=day_cap,
            shed_cap=float(share[~protected].min()) if (~protected).any() else 0.0,
            harm=self.policy.harm * TIER_HARM.get(level, 1.0), protected=protected,
            borne=self.history.get(key, 0.0), notice=max(one.notice for one in ours),
            spared=RULED if self.policy.is_never_cut and not spared else PROTECTED,
        )  # fmt: skip

    def rest(self, load: Floats) -> Group:
        """Return all others, as far as the rule of the sector allows."""
        key, policy = key_of(self.name, REST), self.policy
        protected = np.ones(len(load), dtype=bool) if policy.is_never_cut else None
        return Group(
            key, self.area, load, shed_cap=policy.shed_cap, day_cap=policy.day_cap,
            harm=policy.harm, borne=self.history.get(key, 0.0), protected=protected, spared=RULED,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Share:
    """What one consumer gives and takes back, MWh by period."""

    key: str
    out: Floats
    back: Floats


def shares(groups: Sequence[Group], plan: Plan, consumers: Iterable[Consumer]) -> list[Share]:
    """Divide what the groups give over the consumers known by name, none beyond its own cap."""
    ours = list(consumers)
    out = {one.key: np.zeros(len(one.usual)) for one in ours}
    back = {one.key: np.zeros(len(one.usual)) for one in ours}
    for n, group in enumerate(groups):
        sector, _, level = group.key.partition("/")
        if level == REST:
            continue
        given = level in GIVEN
        giving = [one for one in ours if one.sector == sector
                  and (one.offered(level).any() if given else one.level == level)]  # fmt: skip
        load = np.array([one.offered(level) if given else one.kept() for one in giving])
        cap = load if given else np.array([one.cap() for one in giving])
        rows, _rest = spread(load, cap, plan.shift_out[n] if given else plan.shed[n])
        moved = plan.shift_out[n].sum()
        for row, one in zip(rows, giving, strict=True):
            out[one.key] += row
            if moved > 0:
                back[one.key] += plan.shift_back[n] * (row.sum() / moved)
    return [Share(one.key, out[one.key].round(3), back[one.key].round(3)) for one in ours
            if out[one.key].max() > 0.01]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limit:
    """By how many percent all of a sector that is not asked by name must use less, by period."""

    sector: str
    percent: tuple[float, ...]


def limits(groups: Sequence[Group], plan: Plan) -> list[Limit]:
    """Return by how much the rest of each sector must use less, where lines cannot take turns.

    The same share everywhere: no city gate is favoured, and nobody can tell who is never cut.
    """
    found = []
    for n, group in enumerate(groups):
        sector, _, level = group.key.partition("/")
        share = 100 * np.divide(plan.shed[n], group.load, out=np.zeros_like(group.load),
                                where=group.load > 0)  # fmt: skip
        if level == REST and share.max(initial=0.0) >= LEAST_PERCENT:
            found.append(Limit(sector, tuple(float(v) for v in share.round(1))))
    return found


def blocks(mw: Floats) -> Floats:
    """Return the largest MW of each block of two hours."""
    found: Floats = np.asarray(mw).reshape(-1, BLOCK).max(axis=1)
    return found
