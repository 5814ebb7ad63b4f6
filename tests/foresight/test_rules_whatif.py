"""Is every change that breaks a data need refused by name, and is the rest counted rightly?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payvand.foresight.rules import blueprint as layouts
from payvand.foresight.rules import queueing, whatif
from payvand.foresight.rules.blueprint import Blueprint, Change, Layout, Need, Question, Refused
from payvand.foresight.rules.composition import Chances
from payvand.foresight.rules.learning import Known
from payvand.foresight.rules.scenario import scenario
from payvand.foresight.rules.survival import EMPTY, kaplan_meier
from payvand.foresight.rules.whatif import Mix, Shop, as_shown, resampled, split, study
from tests.foresight.test_rules_composition import OFFICE

PLAN = Blueprint(
    (
        Question("card", "trade", term_days=5, checked=("number",)),
        Question("tax", "tax", term_days=7),
        Question("order", "trade", needs=(Need("card", "card_number"),), term_days=3),
        Question("health", "health", after=("tax",), term_days=5),
        Question("site", "land", needs=(Need("order", "place"),), term_days=9,
                 silence_ref="article_7"),
    ),
    decision_days=2,
)  # fmt: skip


def shop(samples: int = 2000, **rates: float) -> Shop:
    chance = np.random.default_rng(3)
    keys = [*(one.key for one in PLAN.questions), "decision"]
    curves = {
        f"q|{key}": kaplan_meier(chance.lognormal(1.0, 1.1, 200), np.ones(200, bool))
        for key in keys
    }
    known = Known(curves, EMPTY, 300, 280, 0.25, 900, unopened={"tax": 0.5})
    starts = np.sort(chance.uniform(0, 60, 100)).astype(np.float32)
    mix = resampled(Mix(starts, {"health": np.arange(100) % 3 > 0}), samples, 7)
    return Shop(PLAN, known, OFFICE, mix, Chances(1, samples, 0.25), rates)


SHOP = shop(tax=0.4)


def effect(text: str, **how):
    return study(SHOP, [Change.parse(text)], **how).effects[0]


@pytest.mark.parametrize(
    ("text", "code", "facts"),
    [
        pytest.param("start:order", "needs", {"field": "card_number", "of": "card"}, id="earlier"),
        pytest.param("start:card", "at_once_already", {"key": "card"}, id="earlier than at once"),
        pytest.param("drop:order", "needed_by", {"field": "place", "by": "site"}, id="dropped"),
        pytest.param("drop:card", "needed_by", {"field": "card_number", "by": "order"}, id="data"),
        pytest.param("merge:order:card", "needs", {"field": "card_number", "of": "card"}, id="one"),
        pytest.param("merge:card:site", "needs", {"field": "place", "of": "order"}, id="chain"),
        pytest.param("deemed:tax", "no_ground", {"key": "tax"}, id="silence without an article"),
        pytest.param("cap:nobody:3", "no_question", {"key": "nobody"}, id="unknown"),
    ],
)  # fmt: skip
def test_a_change_that_breaks_something_is_refused_and_names_it(text, code, facts):
    found = effect(text)
    assert found.refused == code
    assert found.figures is None
    assert facts.items() <= found.facts.items()


def test_a_field_that_a_check_of_the_decision_reads_cannot_go():
    plan = Blueprint((Question("card", "trade", checked=("number",)),))
    with pytest.raises(Refused) as refused:
        layouts.change(Layout.of(plan), Change.parse("drop:card"))
    assert refused.value.code == "checked"
    assert refused.value.facts["field"] == "number"


def test_silence_counts_only_where_an_article_is_cited_and_no_data_are_lost():
    assert effect("deemed:site").p90_bought > 0
    plan = Blueprint((Question("a", "r", term_days=3, silence_ref="x"),
                      Question("b", "r", needs=(Need("a", "f"),))))  # fmt: skip
    with pytest.raises(Refused, match="needed_by"):
        layouts.change(Layout.of(plan), Change.parse("deemed:a"))


def test_an_order_that_is_only_policy_may_fall_away():
    assert effect("start:health").p50_bought >= 0
    freed = layouts.change(Layout.of(PLAN), Change.parse("start:health"))
    place = freed.network().keys.index("health")
    assert freed.network().waits[place] == ()


def test_asked_one_after_another_a_question_may_start_as_soon_as_its_data_are_there():
    found = effect("start:order", sequence=True)
    assert not found.refused
    layout = layouts.change(Layout.of(PLAN, sequence=True), Change.parse("start:order"))
    net = layout.network()
    order = net.keys.index("order")
    assert [net.keys[n] for n in net.waits[order]] == ["card"]


TEXTS = st.sampled_from(
    ["cap:tax:3", "cap:site:2", "cap:*:4", "register:card", "register:tax", "start:health",
     "drop:health", "drop:site", "deemed:site", "merge:tax:health", "desks:tax:2+1"]
)  # fmt: skip


@settings(max_examples=25)
@given(st.lists(TEXTS, unique=True, min_size=1, max_size=4))
def test_no_plan_ever_asks_before_its_data_are_there(texts):
    layout = Layout.of(PLAN)
    for text in texts:
        try:
            layout = layouts.change(layout, Change.parse(text))
        except Refused:
            continue
    net = layout.network()
    also = {other: key for key, others in layout.merged.items() for other in others}
    for question in PLAN.questions:
        asked = also.get(question.key, question.key)
        if asked not in net.keys:
            continue
        waits = {net.keys[n] for n in net.waits[net.keys.index(asked)]}
        needed = {also.get(n.question, n.question) for n in question.needs} - {asked}
        assert needed <= waits


@settings(max_examples=15)
@given(st.integers(1, 30), st.integers(1, 20))
def test_a_tighter_cap_never_makes_it_slower(days, less):
    loose, tight = effect(f"cap:*:{days + less}").figures, effect(f"cap:*:{days}").figures
    assert tight.p50 <= loose.p50 + 1e-4
    assert tight.p90 <= loose.p90 + 1e-4
    assert tight.by_law >= loose.by_law - 1e-9


def test_order_explains_less_than_everything_at_once_and_the_rest_is_answering():
    found = study(SHOP, [])
    for ninetieth in (False, True):
        parts = split(found, ninetieth=ninetieth)
        assert 0 < parts.by_order <= parts.at_most < parts.from_days
        assert parts.at_most + parts.rest == parts.from_days
        shown = found.sequence.p90 if ninetieth else found.sequence.p50
        assert parts.from_days == as_shown(shown)
    assert found.wide_open.p90 <= found.graph.p90 <= found.sequence.p90


def test_changes_together_buy_no_more_than_the_longest_chain_allows():
    found = study(SHOP, [Change.parse("register:tax"), Change.parse("cap:site:3")])
    together = found.now.p90 - found.together.p90
    assert max(one.p90_bought for one in found.effects) > 0
    assert max(one.p90_bought for one in found.effects) - 1e-4 <= together < found.now.p90


def test_the_same_scenario_gives_the_same_figures():
    first, second = study(SHOP, [Change.parse("cap:tax:3")]), study(shop(tax=0.4),
                          [Change.parse("cap:tax:3")])  # fmt: skip
    assert first.together == second.together


def test_more_desks_shorten_the_wait_and_nothing_else():
    found = effect("desks:tax:1+1")
    assert found.capacity.after < found.capacity.before
    assert SHOP.factor("tax", 1, 1) >= 0.5  # half of the time was not waiting
    assert effect("desks:card:1+1").p50_bought == 0  # nobody knows of a queue there


@settings(max_examples=40)
@given(st.integers(1, 8), st.floats(0.1, 5), st.floats(0.05, 4))
def test_the_service_time_that_is_found_gives_the_wait_that_was_measured(desks, rate, waited):
    found = queueing.capacity(desks, 1, rate=rate, waited=waited)
    assert found.after <= found.before
    assert found.before == pytest.approx(waited, rel=0.02) or found.busy > 0.98


def test_playing_the_desks_agrees_with_the_formula():
    pytest.importorskip("simpy")
    found = queueing.capacity(2, 1, rate=1.0, waited=1.0)
    now = queueing.play(found, desks=2, seed=4, inquiries=20_000)
    then = queueing.play(found, desks=3, seed=4, inquiries=20_000)
    assert now.mean == pytest.approx(found.before, rel=0.25)
    assert then.mean == pytest.approx(found.after, rel=0.35)


@pytest.mark.parametrize(
    "text", ["cap:tax", "cap:tax:0", "cap:tax:x", "fly:tax", "desks:tax:2", ""]
)
def test_what_cannot_be_read_is_named_and_left_out(text):
    found = scenario([text, "register:card"], "graph")
    assert found.unread == ((text,) if text else ("",))
    assert [str(one) for one in found.changes] == ["register:card"]


def test_the_address_carries_the_whole_plan():
    texts = ["cap:tax:5", "desks:tax:3+1", "merge:tax:health"]
    found = scenario(texts, "sequence")
    assert [str(one) for one in found.changes] == texts
    assert found.query.startswith("base=sequence&change=cap:tax:5")


def test_a_plan_holds_eleven_changes():
    assert len(scenario([f"cap:tax:{n}" for n in range(1, 30)], "").changes) == 11


def test_a_repeated_question_takes_as_long_as_its_slowest_row():
    one = whatif.Mix(SHOP.mix.starts, {}, {})
    many = whatif.Mix(SHOP.mix.starts, {}, {"tax": np.full(len(SHOP.mix.starts), 9, np.intp)})

    def done(mix):
        made = Shop(PLAN, SHOP.known, OFFICE, mix, SHOP.chances)
        return made.run(Layout.of(PLAN)).done

    assert done(many).mean() > done(one).mean()
    assert (done(many) >= done(one) - 1e-3).all()
