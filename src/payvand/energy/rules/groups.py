"""Which groups does a plan see, and who of a group gives how much?

Pure. Every sector falls into what was offered (`sector/offers`), the consumers known by name by
their tier (`sector/vital`, …), and all others (`sector/rest`), who are cut by feeders in turns.
Vital sites and homes with a medical device are never asked; a site that nobody has ranked is not
cut by name either, for unknown is not ordinary. The caps of the rest are defaults of this product,
not law: an authority that decrees others hands them over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from payvand.energy.rules.plan import Floats, Group, Plan
from payvand.energy.rules.rotation import spread

OFFERS, REST = "offers", "rest"
VITAL, MEDICAL, UNRANKED = "vital", "medical", "unranked"
NEVER = (VITAL, MEDICAL, UNRANKED)  # tiers that are not cut by name
BLOCK = 2  # hours a feeder is off


@dataclass(frozen=True, slots=True)
class Policy:
    """Of one sector: harm of a MWh cut and moved, and how much of an hour and a day may be cut."""

    harm: float
    shed_cap: float
    day_cap: float
    shift_harm: float = 0.2


POLICIES = {
    "residential": Policy(3.0, 0.15, 0.06),
    "industrial": Policy(1.2, 0.25, 0.15, 0.1),
    "agriculture": Policy(1.5, 0.20, 0.10, 0.1),
    "public": Policy(2.0, 0.15, 0.08),
    "other": Policy(2.0, 0.15, 0.08),
    "street_lighting": Policy(0.8, 0.30, 0.25),
}
USUAL = Policy(2.0, 0.10, 0.05)
TIER_HARM = {"sensitive": 3.0, "important": 1.5}  # times the sector's


@dataclass(frozen=True, slots=True)
class Offered:
    """So many MW may move out of these hours, with so many hours of notice."""

    mw: float
    from_hour: int
    to_hour: int
    notice: int


@dataclass(frozen=True, slots=True)
class Consumer:
    """One consumer known by name; tier None: not ranked. usual: MW by hour; caps are shares."""

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

    def offered(self) -> Floats:
        """Return the MW offered by hour; never in protected hours, never more than it uses."""
        found = np.zeros(24)
        for one in self.offers:
            found[one.from_hour : one.to_hour] += one.mw
        found[list(self.protected_hours)] = 0
        if self.level in (VITAL, MEDICAL):
            found[:] = 0
        least: Floats = np.minimum(found, np.array(self.usual, dtype=float))
        return least

    def kept(self) -> Floats:
        """Return its usual MW without what it offers."""
        return np.array(self.usual, dtype=float) - self.offered()

    def cap(self) -> Floats:
        """Return the MW by hour that may be cut of it by name."""
        found = self.kept() * (0.0 if self.level in NEVER else self.shed_cap)
        found[list(self.protected_hours)] = 0
        return found


def key_of(sector: str, level: str) -> str:
    """Return the name of a group, as lines and burden entries carry it."""
    return f"{sector}/{level}"


def build(
    area: str, loads: Mapping[str, Floats], consumers: Sequence[Consumer],
    borne: Mapping[str, float] | None = None,
) -> list[Group]:  # fmt: skip
    """Return the groups of an area from its sectors' MW by hour. borne: MWh this year by group."""
    history = borne or {}
    found = []
    for sector, load in loads.items():
        policy = POLICIES.get(sector, USUAL)
        ours = [one for one in consumers if one.sector == sector]
        offered = sum((one.offered() for one in ours), np.zeros(24))
        if offered.any():
            found.append(Group(
                key_of(sector, OFFERS), area, offered, shift_cap=1.0, harm=policy.harm,
                shift_harm=policy.shift_harm, borne=history.get(key_of(sector, OFFERS), 0.0),
                notice=max(o.notice for one in ours for o in one.offers),
            ))  # fmt: skip
        levels = sorted({one.level for one in ours})
        found += [_level(area, sector, level, [o for o in ours if o.level == level], history)
                  for level in levels]  # fmt: skip
        rest = np.maximum(load - sum((np.array(one.usual) for one in ours), np.zeros(24)), 0.0)
        found.append(Group(
            key_of(sector, REST), area, rest, shed_cap=policy.shed_cap, day_cap=policy.day_cap,
            harm=policy.harm, borne=history.get(key_of(sector, REST), 0.0),
        ))  # fmt: skip
    return found


def _level(  # noqa: PLR0917 - one call, above
    area: str, sector: str, level: str, ours: Sequence[Consumer], history: Mapping[str, float]
) -> Group:
    policy = POLICIES.get(sector, USUAL)
    load = sum((one.kept() for one in ours), np.zeros(24))
    cap = sum((one.cap() for one in ours), np.zeros(24))
    share = np.divide(cap, load, out=np.zeros(24), where=load > 0)
    protected = np.array([level in NEVER] * 24)
    for one in ours:
        protected[list(one.protected_hours)] = True
    day = float(load.sum())
    day_cap = sum(one.day_cap * float(one.kept().sum()) for one in ours) / day if day else 0.0
    return Group(
        key_of(sector, level), area, load,
        shed_cap=float(share[~protected].min()) if (~protected).any() else 0.0, day_cap=day_cap,
        harm=policy.harm * TIER_HARM.get(level, 1.0), protected=protected,
        borne=history.get(key_of(sector, level), 0.0), notice=max(one.notice for one in ours),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Share:
    """What one consumer gives and takes back, MW by hour."""

    key: str
    out: Floats
    back: Floats


def shares(groups: Sequence[Group], plan: Plan, consumers: Iterable[Consumer]) -> list[Share]:
    """Divide what the groups give over the consumers known by name, none beyond its own cap."""
    ours = list(consumers)
    out = {one.key: np.zeros(24) for one in ours}
    back = {one.key: np.zeros(24) for one in ours}
    for n, group in enumerate(groups):
        sector, _, level = group.key.partition("/")
        if level == REST:
            continue
        if level == OFFERS:
            giving = [one for one in ours if one.sector == sector and one.offered().any()]
            load = cap = np.array([one.offered() for one in giving])
            wanted = plan.shift_out[n]
        else:
            giving = [one for one in ours if one.sector == sector and one.level == level]
            load = np.array([one.kept() for one in giving])
            cap = np.array([one.cap() for one in giving])
            wanted = plan.shed[n]
        given, _rest = spread(load, cap, wanted)
        for row, one in zip(given, giving, strict=True):
            out[one.key] += row
        moved = plan.shift_out[n].sum()
        if level == OFFERS and moved > 0:
            for row, one in zip(given, giving, strict=True):
                back[one.key] += plan.shift_back[n] * (row.sum() / moved)
    return [Share(one.key, out[one.key].round(3), back[one.key].round(3)) for one in ours
            if out[one.key].max() > 0.01]  # fmt: skip


def blocks(mw: Floats) -> Floats:
    """Return the largest MW of each block of two hours."""
    found: Floats = np.asarray(mw).reshape(-1, BLOCK).max(axis=1)
    return found
