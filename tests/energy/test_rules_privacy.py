"""Does a publication ever tell what it withheld, alone or together with all earlier ones?"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from payvand.energy.rules.privacy import (
    DIFFERENCE,
    DOMINATED,
    FEW,
    Cell,
    Group,
    Policy,
    Record,
    Release,
    release,
)

POLICY = Policy(k=15, share=0.85, width=0.1)


def cells(**named: set[str]) -> list[Cell]:
    return [Cell(name, frozenset(atoms)) for name, atoms in named.items()]


@pytest.mark.parametrize(
    ("count", "total", "largest", "reason"),
    [(14, 1400, 100, FEW), (15, 1500, 100, None), (40, 1000, 851, DOMINATED),
     (40, 1000, 850, None), (0, 0, 0, None)],
)  # fmt: skip
def test_a_cell_of_few_or_of_one_large_consumer_is_withheld(
    count: int, total: float, largest: float, reason: str | None
) -> None:
    found = release(cells(one={"a"}), {"a": Group(count, total, largest)}, Record(), POLICY)
    assert found.withheld.get("one") == reason
    assert ("one" in found.published) == (reason is None)


GROUPS = {
    "big": Group(300, 9000.0, 60.0), "large": Group(200, 8000.0, 70.0), "few": Group(3, 90.0, 40.0)
}  # fmt: skip


def test_a_total_and_its_parts_never_give_the_small_part_by_difference() -> None:
    found = release(
        cells(all=set(GROUPS), big={"big"}, large={"large"}, few={"few"}), GROUPS, Record(), POLICY
    )
    assert found.withheld["few"] == FEW
    assert len(found.published) == 2  # one of the three others is withheld for its sake
    assert DIFFERENCE in found.withheld.values() or found.ranges


def test_what_an_earlier_release_said_is_remembered() -> None:
    record = Record()
    release(cells(all=set(GROUPS)), GROUPS, record, POLICY)
    later = release(cells(parts={"big", "large"}), GROUPS, record, POLICY)
    assert "parts" not in later.published  # with the total it would give the three households
    alone = release(cells(parts={"big", "large"}), GROUPS, Record(), POLICY)
    assert "parts" in alone.published


def test_what_follows_from_earlier_releases_is_published_because_it_says_nothing_new() -> None:
    record = Record()
    release(cells(big={"big"}, large={"large"}), GROUPS, record, POLICY)
    later = release(cells(both={"big", "large"}), GROUPS, record, POLICY)
    assert later.published == {"both": 17000.0}


def sequence(seed: int) -> tuple[dict[Any, Group], list[tuple[list[Cell], Release]], Record]:
    """Publish a random hierarchy in a random order, with some tables nobody foresaw."""
    draw = random.Random(seed)
    groups: dict[Any, Group] = {}
    for city in range(draw.randint(2, 3)):
        for feeder in range(draw.randint(2, 3)):
            for sector in range(2):
                used = [
                    draw.lognormvariate(1, 1) for _ in range(draw.choice([0, 1, 3, 8, 40, 200]))
                ]
                groups[city, feeder, sector] = Group(
                    len(used), round(1e6 * sum(used)), round(1e6 * max(used, default=0))
                )
    views = [lambda a: a[0], lambda a: a[2], lambda a: a[:2], lambda a: (a[0], a[2]), lambda _: 0]
    draw.shuffle(views)
    record, told = Record(), []
    for n, view in enumerate(views):
        parts: dict[Any, set[Any]] = {}
        for atom in groups:
            parts.setdefault(view(atom), set()).add(atom)
        table = [Cell((n, key), frozenset(atoms)) for key, atoms in parts.items()]
        if draw.random() < 0.3:
            odd = draw.sample(list(groups), draw.randint(1, len(groups)))
            table.append(Cell((n, "odd"), frozenset(odd)))
        told.append((table, release(table, groups, record, POLICY)))
    return groups, told, record


def interval(atoms: frozenset[Any], groups: dict[Any, Group], record: Record) -> tuple[float, ...]:
    """Work out, as an attacker would, between which values a sum must lie."""
    place = {atom: n for n, atom in enumerate(groups)}
    table = np.zeros((len(record.published), len(groups)))
    for n, row in enumerate(record.published):
        table[n, [place[a] for a in row]] = 1
    sums = np.array(list(record.published.values())) / 1e6
    aim = np.zeros(len(groups))
    aim[[place[a] for a in atoms]] = 1
    low = linprog(aim, A_eq=table, b_eq=sums).fun if len(table) else 0.0
    high = linprog(-aim, A_eq=table, b_eq=sums) if len(table) else None
    most = -high.fun if high is not None and high.status == 0 else np.inf
    return 1e6 * low, 1e6 * most


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000))
def test_no_withheld_value_is_pinned_by_all_releases_together(seed: int) -> None:
    groups, told, record = sequence(seed)
    for table, found in told:
        for cell in table:
            truth = sum(groups[a].total for a in cell.atoms)
            if cell.name in found.published:
                assert found.published[cell.name] == pytest.approx(truth)
            elif cell.name in found.withheld and truth:
                low, high = interval(cell.atoms, groups, record)
                assert low < 0.9 * truth or high > 1.1 * truth, (seed, cell.name)
