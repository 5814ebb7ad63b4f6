"""Is a fair's schedule free of clashes, within its rooms, fair to firms and nearly the best?"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payvand.matching.rules.schedule import Fair, Schedule, schedule


def check(fair: Fair, found: Schedule) -> None:
    slots = Counter(slot for slot, _, _ in found.meetings)
    assert max(slots.values(), default=0) <= fair.rooms
    for side in (1, 2):
        together = Counter((meeting[0], meeting[side]) for meeting in found.meetings)
        assert max(together.values(), default=1) == 1, "somebody is in two places"
    pairs = [(firm, buyer) for _, firm, buyer in found.meetings]
    assert len(pairs) == len(set(pairs)), "the same two meet twice"
    assert all(fair.value[pair] > 0 for pair in pairs)
    assert max(Counter(f for f, _ in pairs).values(), default=0) <= fair.most
    assert all(0 <= slot < fair.slots for slot in slots)
    assert found.worth <= found.bound + 1e-6


def drawn(seed: int, *, absent: bool = False) -> Fair:
    draw = np.random.default_rng(seed)
    firms, buyers, slots = (
        int(draw.integers(2, 25)),
        int(draw.integers(1, 9)),
        int(draw.integers(2, 9)),
    )
    value = draw.uniform(0.1, 5, (firms, buyers)) * (draw.random((firms, buyers)) < 0.5)
    here = (draw.random((firms, slots)) < 0.7, draw.random((buyers, slots)) < 0.8)
    return Fair(value, slots, int(draw.integers(1, buyers + 2)), int(draw.integers(1, 6)),
                present_firms=here[0] if absent else None,
                present_buyers=here[1] if absent else None)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_nobody_is_in_two_places_and_rooms_suffice(seed: int) -> None:
    fair = drawn(seed)
    check(fair, schedule(fair))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_who_is_absent_has_no_meeting_then(seed: int) -> None:
    fair = drawn(seed, absent=True)
    found = schedule(fair)
    check(fair, found)
    for slot, firm, buyer in found.meetings:
        assert fair.present_firms is not None
        assert fair.present_buyers is not None
        assert fair.present_firms[firm, slot]
        assert fair.present_buyers[buyer, slot]


def test_every_wanted_firm_meets_somebody_before_others_meet_a_second() -> None:
    value = np.array([[9.0, 9.0], [1.0, 0.0], [0.0, 1.0]])
    found = schedule(Fair(value, slots=1, rooms=2, most=2))
    assert {firm for _, firm, _ in found.meetings} in ({1, 2}, {0, 1}, {0, 2})
    assert len(found.meetings) == 2
    roomy = schedule(Fair(value, slots=2, rooms=2, most=2))
    assert {firm for _, firm, _ in roomy.meetings} == {0, 1, 2}


def test_a_large_fair_is_within_a_hundredth_of_what_is_possible() -> None:
    draw = np.random.default_rng(7)
    value = draw.uniform(0.1, 5, (120, 30)) * (draw.random((120, 30)) < 0.4)
    fair = Fair(value, slots=24, rooms=30, most=6)
    found = schedule(fair)
    check(fair, found)
    assert found.worth >= 0.99 * found.bound


def test_a_fair_without_slots_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one slot"):
        schedule(Fair(np.ones((1, 1)), slots=0, rooms=1, most=1))
