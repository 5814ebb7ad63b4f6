"""Who of whom gives how much, and what may be told of it: groups, schedule areas, exports, rows?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payvand.energy.rules import groups, hours, openadr, plan, schedule, supply_rows
from payvand.energy.rules.groups import Consumer, Offered
from payvand.energy.rules.policies import Policy
from payvand.energy.rules.schedule import Line

RULES = {"industrial": Policy(1.2, 0.25, 0.15, 0.1)}
EVENING = np.where((np.arange(24) >= 17) & (np.arange(24) < 21), 20.0, -30.0)


def consumer(key: str, tier: str | None, **more) -> Consumer:
    return Consumer(key, "industrial", tier, [10.0] * 24, **more)


def solved(consumers: list[Consumer]):
    found = groups.build("a", {"industrial": np.full(24, 100.0)}, consumers, RULES)
    made = plan.solve(found, {"a": EVENING}, now=-24)
    return found, {one.key: one for one in groups.shares(found, made, consumers)}


@pytest.mark.parametrize(
    "one",
    [
        consumer("x", "vital", shed_cap=0.5, offers=(Offered(5, 0, 24, 0),)),
        consumer("x", "ordinary", shed_cap=0.5, is_medical=True),
        consumer("x", None, shed_cap=0.5),
    ],
    ids=["vital", "medical device", "not ranked"],
)
def test_who_is_protected_or_not_ranked_is_never_cut_by_name(one):
    _, shares = solved([one])
    assert "x" not in shares


def test_protected_hours_stay_free_even_of_what_was_offered():
    one = consumer("x", "sensitive", protected_hours=(18, 19), offers=(Offered(8, 0, 24, 0),))
    _, shares = solved([one])
    assert shares["x"].out[[18, 19]].sum() == 0
    assert shares["x"].out[[17, 20]].min() > 0


def test_nobody_is_asked_for_more_than_it_offered_and_all_of_it_comes_back():
    offered = (Offered(3, 8, 24, 0),)
    _, shares = solved([consumer("x", "ordinary", offers=offered)])
    assert shares["x"].out.max() <= 3 + 1e-6
    assert shares["x"].back.sum() == pytest.approx(shares["x"].out.sum(), abs=0.02)


@given(st.lists(st.sampled_from(["vital", "sensitive", "important", "ordinary", None]), max_size=6))
def test_the_groups_of_a_sector_sum_to_its_load(tiers):
    ours = [consumer(str(n), tier, offers=(Offered(2, 6, 22, 0),)) for n, tier in enumerate(tiers)]
    found = groups.build("a", {"industrial": np.full(24, 100.0)}, ours, RULES)
    assert sum(g.load for g in found) == pytest.approx(np.full(24, 100.0))


# --- schedule areas ---------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5), st.booleans()), max_size=60))
def test_every_schedule_area_has_three_feeders_that_can_be_cut(rows):
    lines = [Line(f"f{n}", f"c{c}", str(d), 30, o) for n, (c, d, o) in enumerate(rows)]
    told = [(p.city, d) for p in schedule.parts(lines) for d in p.districts]
    assert len(told) == len(set(told))
    for part in schedule.parts(lines):
        open_ = [x for x in lines if x.city == part.city and x.district in part.districts]
        assert sum(x.is_open for x in open_) >= schedule.LEAST_OPEN


def test_areas_come_from_the_register_and_not_from_who_is_off():
    lines = [Line(f"f{n}", "c", str(n % 3), 30, n != 4) for n in range(15)]
    parts = schedule.parts(lines)
    for off in ({}, {14: ["f0"]}, {14: [x.code for x in lines if x.is_open]}):
        assert list(schedule.told(parts, lines, off)) == [p.name for p in parts]
    assert "f0" not in str(schedule.told(parts, lines, {14: ["f0"]}))


# --- OpenADR 3 --------------------------------------------------------------------------------


def test_events_carry_intervals_in_utc_with_typed_payloads():
    start = hours.start_of(date(2026, 7, 22))
    frame = openadr.Frame("P1", "prog", start)
    (event,) = openadr.outages(frame, {"a/1": [14], "a/2": []}, "off")
    interval = event["intervals"][0]
    assert interval["intervalPeriod"] == {"start": "2026-07-22T11:00:00Z", "duration": "PT2H"}
    assert interval["payloads"] == [{"type": "ALERT_POSSIBLE_OUTAGE", "values": ["off"]}]
    asked = openadr.asked(frame, "c1", [0.0] * 14 + [-1.5] + [0.0] * 9)
    assert asked["intervals"][0]["payloads"][0] == {
        "type": "DISPATCH_SETPOINT_RELATIVE", "values": [-1500.0]
    }  # fmt: skip
    assert asked["payloadDescriptors"][0]["units"] == "KW"


def test_a_day_of_tehran_has_24_hours_that_follow_each_other():
    day = date(2026, 3, 21)
    assert hours.start_of(day + timedelta(days=1)) - hours.start_of(day) == timedelta(hours=24)
    assert hours.hour_at(datetime(2026, 3, 20, 20, 59, tzinfo=UTC), day) == -1


# --- rows of supply ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (["soon", "2100"], "time_unreadable"), (["2026-07-22T10:00Z", "many"], "mw_unreadable"),
        (["2026-07-22T10:00Z", "-1"], "mw_negative"),
        (["2026-07-22T10:00Z", "2100000"], "units_doubtful"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_the_others_are_kept(cells, why):
    good = [[f"2026-07-22T{n:02}:00Z", "2100"] for n in range(4)]
    rows, problems = supply_rows.read(enumerate([["ts", "mw"], *good[:2], cells, *good[2:]], 1))
    assert len(rows) == 4
    assert [(p.row, p.why) for p in problems] == [(4, why)]


def test_persian_digits_are_read_and_a_table_without_columns_is_named():
    rows, _ = supply_rows.read(enumerate([["ts", "mw"], ["2026-07-22T10:00Z", "۲۱۰۰٫۵"]], 1))
    assert rows[0].mw == 2100.5
    assert supply_rows.read([(1, ["hour", "power"])])[1][0].why == "no_column"
    assert supply_rows.read([]) == ([], [supply_rows.Problem(1, "no_column", "")])
