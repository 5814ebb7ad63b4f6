"""Who is never cut, how much of the others may be, and what is a rule that cannot be read?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payvand.energy.queries.policies import samples
from payvand.energy.rules import groups, plan, policies, settle
from payvand.energy.rules.carriers import CARRIERS
from payvand.energy.rules.groups import Consumer, Offered
from payvand.energy.rules.plan import Group, Settings
from payvand.energy.rules.policies import Policy

WEEK = 7
COLD = np.array([30.0, 10.0, -20.0, -20.0, -20.0, -20.0, -20.0])  # MWh missing by day
DAYS = Settings(days=WEEK, hours=24)


def factory(key: str, *offers: Offered, tier: str | None = "ordinary", **more) -> Consumer:
    return Consumer(key, "industrial", tier, [20.0] * WEEK, offers=offers, **more)


def solved(consumers, rules, short=COLD, now=-24):
    loads = {"industrial": np.full(WEEK, 60.0), "residential": np.full(WEEK, 100.0)}
    found = groups.build("a", loads, consumers, rules)
    made = plan.solve(found, {"a": short}, now=now, settings=DAYS)
    return found, made


RULES = {"industrial": Policy(1.2, 0.3, 0.2, 0.1), "residential": Policy(5.0, is_never_cut=True)}


def test_the_shipped_rules_are_samples_and_leave_the_gas_of_homes_alone():
    for carrier in CARRIERS:
        held = samples()[carrier]
        assert all(rule.is_sample and rule.source["fa"] and rule.source["en"]
                   for rule in held.values())  # fmt: skip
    assert samples()["gas"]["residential"].is_never_cut
    assert not samples()["electricity"]["residential"].is_never_cut


@pytest.mark.parametrize(
    "row",
    [{"harm": "much"}, {"harm": "0"}, {"harm": "1", "shed_cap": "120"}, {"shed_cap": "10"},
     {"harm": "1", "shift_harm": "-1"}],
    ids=["no number", "no harm", "over all", "harm missing", "harm of moving"],
)  # fmt: skip
def test_a_row_that_says_nothing_usable_is_refused(row):
    with pytest.raises(policies.RuleUnreadable):
        policies.read(row)


def test_a_sector_without_any_rule_is_not_cut():
    found, made = solved([], {"industrial": RULES["industrial"]})
    place = [g.key for g in found].index("residential/rest")
    assert made.shed[place].sum() == 0
    assert plan.explain(found, {"a": COLD}, made, now=-24, step=24)[place][0] == "ruled"


def test_a_rule_for_all_protects_those_known_by_name_as_well():
    home = Consumer("h", "residential", "ordinary", [2.0] * WEEK, shed_cap=0.5)
    found, made = solved([home], RULES, short=COLD * 5)
    why = plan.explain(found, {"a": COLD}, made, now=-24, step=24)
    assert why[[g.key for g in found].index("residential/ordinary")][0] == "ruled"
    assert made.unmet.sum() > 0


def test_what_is_given_up_is_not_taken_back_and_what_is_moved_is_as_soon_as_there_is_room():
    ours = [factory("a", Offered(6, 0, WEEK, 0)), factory("b", Offered(8, 0, WEEK, 0, False))]
    found, made = solved(ours, RULES)
    keys = [g.key for g in found]
    moved, switched = keys.index("industrial/offers"), keys.index("industrial/switch")
    assert made.shift_out[moved].sum() == pytest.approx(made.shift_back[moved].sum())
    assert np.flatnonzero(made.shift_back[moved])[0] == 2
    assert made.shift_back[switched].sum() == 0
    shares = {one.key: one for one in groups.shares(found, made, ours)}
    assert shares["b"].out.max() >= 8
    assert shares["b"].back.sum() == 0
    assert shares["a"].back.sum() == pytest.approx(made.shift_back[moved].sum(), abs=0.01)


def test_an_offer_to_move_counts_before_one_to_give_up_and_both_within_the_use():
    both = factory("a", Offered(15, 0, WEEK, 0), Offered(15, 0, WEEK, 0, returns=False))
    assert both.offered("offers").max() == 15
    assert both.offered("switch").max() == 5
    assert both.kept().max() == 0


def test_notice_in_hours_spares_the_days_that_begin_too_soon():
    found, made = solved([factory("a", Offered(6, 0, WEEK, 30))], RULES, now=-8)
    keys = [g.key for g in found]
    assert made.shift_out[keys.index("industrial/offers"), 0] == 0
    why = plan.explain(found, {"a": COLD}, made, now=-8, step=24)
    assert why[keys.index("industrial/offers")][0] == "notice"


def test_a_burden_is_told_in_days_of_usual_use_however_long_the_plan_is():
    homes = Group("x", "a", np.full(WEEK, 10.0), shed_cap=0.5, day_cap=0.5)
    short = np.array([5.0, 0, 0, 0, 0, 0, 0])
    made = plan.solve([homes], {"a": short}, settings=DAYS)
    assert made.largest_burden == pytest.approx(0.5)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(0, 40), min_size=WEEK, max_size=WEEK), st.integers(1, 4))
def test_every_sector_is_told_one_share_and_homes_none(missing, scale):
    found, made = solved([], RULES, short=np.array(missing) * scale - 5)
    told = groups.limits(found, made)
    assert {one.sector for one in told} <= {"industrial"}
    for one in told:
        assert max(one.percent) <= 30.05


def test_where_one_taking_its_room_soon_leaves_another_none_the_programme_is_left_as_it_is():
    anywhen = Group("a", "a", np.full(4, 10.0), shift_cap=1.0)
    only_next = Group("b", "a", np.full(4, 10.0), shift_cap=1.0,
                      protected=np.array([True, False, False, True]))  # fmt: skip
    made = plan.solve([anywhen, only_next], {"a": np.array([0.0, 20.0, -10.0, -10.0])})
    assert made.unmet.sum() < 1e-6
    assert made.shift_back[0].tolist() == pytest.approx([0, 0, 0, 10])
    assert made.shift_back[1].tolist() == pytest.approx([0, 0, 10, 0])


def test_a_day_on_which_nothing_was_asked_settles_as_nothing():
    told = settle.nothing(np.array([4.0]))
    assert told.delivered.sum() == 0
    assert np.isnan(told.baseline).all()
