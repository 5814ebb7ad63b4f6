"""What would make it faster, by how many days, and how much of it is order and how much answering?

Pure. All scenarios share their random numbers, so that a difference is a change and not chance.
The mix of applications (which questions apply, when they came in) is that of the last year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from payvand.foresight.rules import blueprint as layouts
from payvand.foresight.rules import composition
from payvand.foresight.rules.blueprint import Blueprint, Change, Layout, Refused
from payvand.foresight.rules.composition import Chances, Run, Step, days_on_the_way, table_of
from payvand.foresight.rules.draws import CHANCES
from payvand.foresight.rules.learning import Known
from payvand.foresight.rules.network import DECISION
from payvand.foresight.rules.office_days import Floats, OfficeDays
from payvand.foresight.rules.queueing import Capacity, capacity

AT_ONCE = 0.02  # working days of an answer from a register
ENDLESS = np.float32(4000.0)


@dataclass(frozen=True, slots=True)
class Mix:
    """The applications that the samples stand for: one element per sample."""

    starts: Floats  # moments of submission
    asked: dict[str, NDArray[np.bool_]]  # question → is it asked?
    rows: dict[str, NDArray[np.intp]] = field(default_factory=dict)  # of repeated questions


@dataclass(frozen=True, slots=True)
class Figures:
    """What one layout comes to, in calendar days from submission."""

    p50: float
    p90: float
    mean: float
    by_law: float | None  # share done within the legal term


@dataclass(frozen=True, slots=True)
class Effect:
    """One change: what it comes to alone, or why it is refused."""

    change: Change
    figures: Figures | None
    p50_bought: float = 0.0
    p90_bought: float = 0.0
    refused: str = ""
    facts: dict[str, object] = field(default_factory=dict)
    capacity: Capacity | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """The whole page: the service as it is, each change alone, and all together."""

    now: Figures
    effects: tuple[Effect, ...]
    together: Figures | None
    sequence: Figures
    graph: Figures
    wide_open: Figures
    shares: tuple[tuple[str, float], ...]  # days on the slowest way, as it is
    then: tuple[tuple[str, float], ...]  # and with all changes
    samples: int


@dataclass(frozen=True, slots=True)
class Shop:
    """Everything that scenarios share: what is known, the office days, the mix, the draws."""

    blueprint: Blueprint
    known: Known
    office: OfficeDays
    mix: Mix
    chances: Chances
    rates: dict[str, float] = field(default_factory=dict)  # question → inquiries a day per office
    _tables: dict[object, Floats] = field(default_factory=dict)

    def table(self, key: str) -> Floats:
        """Return the durations of a question over all offices."""
        if key not in self._tables:
            self._tables[key] = table_of(self.known.curve(key))
        return self._tables[key]

    def run(self, layout: Layout, *, by_law: bool = False) -> Run:
        """Return the samples of a layout; by_law: were every term used up."""
        network = layout.network()
        steps = [
            self._by_law(n.key) if by_law else self._step(layout, n.key) for n in network.nodes
        ]
        return composition.run(network, steps, self.mix.starts, self.chances)

    def _step(self, layout: Layout, key: str) -> Step:
        asked = self.mix.asked.get(key)
        if key in layout.at_once:
            return Step(self.office, np.full(len(CHANCES), AT_ONCE, np.float32), asked)
        table = self.table(key)
        for other in layout.merged.get(key, ()):
            table = np.maximum(table, self.table(other))
            own, more = asked, self.mix.asked.get(other)
            asked = own | more if own is not None and more is not None else None
        if key in layout.desks:
            table = table * np.float32(self.factor(key, *layout.desks[key]))
        return Step(self.office, table, asked, cap=layout.caps.get(key), fatal=self._fatal(key),
                    rows=self.mix.rows.get(key))  # fmt: skip

    def _fatal(self, key: str) -> float:
        return self.known.fatal.get(key, 0.0)

    def _by_law(self, key: str) -> Step:
        question = self.blueprint.question(key)
        days = self.blueprint.decision_days if key == DECISION else (
            question.term_days if question else None
        )  # fmt: skip
        table = np.full(len(CHANCES), ENDLESS if days is not None else AT_ONCE, np.float32)
        return Step(self.office, table, self.mix.asked.get(key), cap=days)

    def capacity(self, key: str, now: int, added: int) -> Capacity:
        """Return what more desks would change for one question."""
        share = self.known.unopened.get(key, 0.0)
        mean = float(np.mean(self.table(key)))
        return capacity(now, added, rate=self.rates.get(key, 0.0), waited=share * mean)

    def factor(self, key: str, now: int, added: int) -> float:
        """Return by which factor more desks shorten the answer time of a question."""
        share = self.known.unopened.get(key, 0.0)
        return 1 - share * (1 - self.capacity(key, now, added).factor)


def study(shop: Shop, changes: Sequence[Change], *, sequence: bool = False) -> Study:
    """Return what the changes come to, on the service as it is or asked one after another."""
    graph = Layout.of(shop.blueprint)
    chain = Layout.of(shop.blueprint, sequence=True)
    base = chain if sequence else graph
    legal = shop.run(graph, by_law=True).done
    runs = {"graph": shop.run(graph), "chain": shop.run(chain), "open": shop.run(graph.wide_open())}
    now = runs["chain" if sequence else "graph"]
    figures = {name: _figures(shop, run, legal) for name, run in runs.items()}
    own = figures["chain" if sequence else "graph"]
    effects = tuple(_effect(shop, base, one, (own, legal)) for one in changes)
    layout, together = base, None
    for n, effect in enumerate(effects):
        if effect.refused:
            continue
        try:
            layout = layouts.change(layout, effect.change)
        except Refused as refused:  # allowed alone, but not after the changes before it
            effects = (*effects[:n], _refusal(effect.change, refused), *effects[n + 1 :])
    then = now
    if any(not effect.refused for effect in effects):
        then = shop.run(layout)
        together = _figures(shop, then, legal)
    return Study(
        now=own, effects=effects, together=together, sequence=figures["chain"],
        graph=figures["graph"], wide_open=figures["open"], shares=_shares(now),
        then=_shares(then), samples=shop.chances.samples,
    )  # fmt: skip


def _effect(shop: Shop, base: Layout, one: Change, before: tuple[Figures, Floats]) -> Effect:
    now, legal = before
    try:
        layout = layouts.change(base, one)
    except Refused as refused:
        return _refusal(one, refused)
    found = _figures(shop, shop.run(layout), legal)
    more = shop.capacity(one.key, one.now, one.number) if one.kind == layouts.DESKS else None
    return Effect(one, found, now.p50 - found.p50, now.p90 - found.p90, capacity=more)


def _refusal(one: Change, refused: Refused) -> Effect:
    return Effect(one, None, refused=refused.code, facts=dict(refused.facts))


def _figures(shop: Shop, run: Run, legal: Floats) -> Figures:
    days = run.done - shop.mix.starts
    p50, p90 = composition.quantiles(days)
    share = float(np.mean(run.done <= legal + np.float32(1e-3)))
    return Figures(p50, p90, float(np.mean(days)), share)


def _shares(run: Run) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(days_on_the_way(run).items(), key=lambda pair: -pair[1]))


@dataclass(frozen=True, slots=True)
class Split:
    """Of the days that asking one after another takes: what the order gives, and what is left.

    All in days as they are shown, so that the sums agree with what stands beside them.
    """

    from_days: float
    by_order: float  # days that the graph takes off
    at_most: float  # days that asking everything at once would take off
    rest: float  # days that no order of asking takes off: answering itself


def split(found: Study, *, ninetieth: bool) -> Split:
    """Return how much parallelism explains, at the median or at nine in ten."""

    def read(one: Figures) -> float:
        return as_shown(one.p90 if ninetieth else one.p50)

    start, graph, best = read(found.sequence), read(found.graph), read(found.wide_open)
    return Split(start, start - graph, start - best, best)


def as_shown(days: float) -> float:
    """Return days as they are shown: whole ones, with a tenth where they are few."""
    return float(round(days)) if days >= 10 else round(days, 1)


def resampled(mix: Mix, count: int, seed: int) -> Mix:
    """Return the mix with `count` elements: each application equally often, as far as it goes."""
    chance = np.random.Generator(np.random.SFC64(seed))
    size = len(mix.starts)
    picked = chance.permutation(np.arange(count) % max(size, 1))
    return replace(
        mix, starts=mix.starts[picked], asked={k: v[picked] for k, v in mix.asked.items()},
        rows={k: v[picked] for k, v in mix.rows.items()},
    )  # fmt: skip
