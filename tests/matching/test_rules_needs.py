"""What a need must say, when a ranking may be seen, and that the funnel never widens."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payvand.matching.rules import needs as rules
from payvand.matching.rules.fairness import order
from payvand.matching.rules.needs import NeedDraft, RequirementDraft
from tests.matching.exchange_world import ESSENTIAL, NICE, draft

TODAY = date(2025, 11, 9)


@pytest.mark.parametrize(
    ("more", "place"),
    [
        pytest.param({"requirements": ()}, "requirements", id="no requirement"),
        pytest.param({"requirements": (NICE,)}, "requirements", id="nothing essential"),
        pytest.param({"requirements": (ESSENTIAL,) * 21}, "requirements", id="too many"),
        pytest.param({"budget_least": 9, "budget_most": 3}, "budget_most", id="band upside down"),
        pytest.param({"quantity": Decimal(0)}, "quantity", id="nothing wanted"),
        pytest.param({"answers_until": date(2025, 1, 1)}, "answers_until", id="past day"),
        pytest.param({"answers_until": None}, "answers_until", id="no day"),
        pytest.param({"wanted_by": date(2025, 11, 20)}, "wanted_by", id="delivery before answers"),
        pytest.param({"tender_due": True}, "tender_no", id="tender number asked for"),
        pytest.param({"title_fa": " "}, "title_fa", id="no title"),
        pytest.param({"requirements": (RequirementDraft("x", kind="readiness", value="12"),)},
                     "requirement_1", id="no such level"),
        pytest.param({"requirements": (RequirementDraft("x", kind="certificate"),)},
                     "requirement_1", id="which certificate"),
        pytest.param({"requirements": (RequirementDraft(""),)}, "requirement_1", id="no words"),
        pytest.param({"requirements": (RequirementDraft("x", kind="magic"),)}, "requirement_1",
                     id="unknown kind"),
    ],
)  # fmt: skip
def test_a_broken_need_is_told_at_its_place(more, place):
    assert place in rules.problems(draft(**more), today=TODAY, is_final=True)


def test_a_whole_need_has_no_problem_and_a_draft_may_be_unfinished():
    assert rules.problems(draft(), today=TODAY, is_final=True) == {}
    assert rules.problems(NeedDraft("نیاز"), today=TODAY, is_final=False) == {}


@given(st.sampled_from(rules.STATES), st.booleans())
def test_nobody_is_ranked_before_the_requirements_are_frozen_or_a_public_need_is_closed(
    state, is_public
):
    verdict = rules.may_rank(is_public=is_public, state=state)
    if verdict:
        assert state != rules.DRAFT
        assert not is_public or state in (rules.CLOSED, rules.AWARDED)
    else:
        assert verdict.reason


@given(st.lists(st.booleans(), max_size=60), st.floats(0, 1))
def test_newcomers_have_their_share_of_every_beginning_of_the_list(flags, share):
    found = order(flags, share)
    assert sorted(found) == list(range(len(flags)))
    newcomers = 0
    for place, at in enumerate(found, 1):
        newcomers += flags[at]
        assert newcomers >= min(int(place * share + 1e-9), sum(flags))


steps = st.lists(st.sampled_from(rules.STEPS), max_size=7)


@given(st.lists(steps, max_size=30))
def test_the_funnel_never_widens(deals):
    counts = list(rules.funnel(deals).values())
    assert counts == sorted(counts, reverse=True)


@given(st.sets(st.sampled_from(rules.STEPS)))
def test_what_a_contract_owes_comes_after_the_contract(taken):
    coming = rules.next_steps(taken)
    assert not set(coming) & taken
    assert "contract" in taken or not set(coming) & set(rules.MILESTONES)
