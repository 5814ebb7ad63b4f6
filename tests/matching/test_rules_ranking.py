"""Words, verbs, terms, fairness, eligibility, explanation and evaluation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payvand.matching.rules import explain, fairness, fusion, query
from payvand.matching.rules.eligibility import Requirement, judge
from payvand.matching.rules.evaluation import bootstrap, measure
from payvand.matching.rules.evidence import EvidenceText, NeedText, lead
from payvand.matching.rules.terms import Bridge, TermText
from payvand.matching.rules.words import compounds_of, stem, words

TERMS = Bridge(
    [
        TermText("برش لیزر", "laser cutting", ("لیزرکاری",), ("laser cutter",)),
        TermText("برش", "cut"),
        TermText("روی (فلز)", "zinc"),
    ]
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("بسازند", "ساخته", id="verb"),
        pytest.param("قطعه‌های", "قطعه", id="plural"),
        pytest.param("دستگاهها", "دستگاه", id="joined-plural"),
        pytest.param("صنعتی", "صنعت", id="adjective"),
        pytest.param("machining", "machined", id="english"),
    ],
)
def test_forms_of_a_word_are_one(one, other):
    assert [stem(w) for w in words(one)] == [stem(w) for w in words(other)]


@pytest.mark.parametrize("word", ["برند", "سازمان", "کارخانه", "دارو", "رویداد"])
def test_other_words_are_not_taken_for_verbs(word):
    assert stem(word) == word


@given(st.text(alphabet="ابپتسکگلمنهی \u200cabc", max_size=40))
def test_analysis_does_not_depend_on_arabic_letters_or_spaces_for_zwnj(text):
    known = dict(compounds_of(text))
    arabic = text.replace("ی", "ي").replace("ک", "ك")
    assert words(text, known) == words(arabic, known)
    assert words(text) == words(text.replace("\u200c", " "))


def test_synonyms_that_lead_to_each_other_end():
    circle = Bridge(
        [TermText("الف‌ها", "beta", (), ("gamma",)), TermText("گاما", "gamma", (), ("beta",))]
    )
    assert query.build(NeedText("beta"), bridge=circle).stems["gamma"] > 0


def test_a_longer_name_counts_more_than_its_part():
    found = TERMS.find([stem(w) for w in words("برش لیزر")])
    assert [(one.term, one.is_part) for one in found] == [(0, False), (1, True)]


def test_other_language_is_looked_for_and_own_words_are_known():
    asked = query.build(NeedText("لیزرکاری ورق"), bridge=TERMS)
    assert {"laser", "cut"} <= set(asked.stems)
    assert "laser" not in asked.own


def test_lead_is_the_title_or_the_first_sentence():
    assert lead("Pipes", "x. y") == "Pipes"
    assert lead("", "لوله. آب") == "لوله"
    assert len(lead("", "x" * 900)) == 100


@given(st.lists(st.booleans(), max_size=60), st.floats(0, 1))
def test_newcomers_have_their_share_of_every_beginning(flags, share):
    order = fairness.order(flags, share)
    assert sorted(order) == list(range(len(flags)))
    shown = 0
    for place, at in enumerate(order, 1):
        shown += flags[at]
        assert shown >= min(int(place * share + 1e-9), sum(flags))
    for kind in (True, False):
        kept = [at for at in order if flags[at] is kind]
        assert kept == sorted(kept)


@given(st.lists(st.booleans(), max_size=30))
def test_nobody_moves_where_the_share_is_met(flags):
    assert fairness.order(flags, 0) == list(range(len(flags)))


def test_a_share_beyond_one_is_refused():
    with pytest.raises(ValueError, match="between"):
        fairness.fair([], share=2)


def test_many_good_items_beat_one_and_poor_ones_hardly_count():
    owners = (np.array([0, 1, 2, 3]), np.array([0, 0, 1, 1]))
    scores = fusion.of_firms(np.array([1.0, 1.0, 1.1, 0.1]), owners, 2, way="titled",
                             shares=np.ones(4))  # fmt: skip
    assert scores[0] > scores[1] == pytest.approx(1.1, abs=0.01)


RULE = {"fact": "firm.exports", "op": "eq", "value": True}


@pytest.mark.parametrize(
    ("facts", "value", "missing"),
    [
        pytest.param({"firm": {"exports": True}}, True, (), id="yes"),
        pytest.param({"firm": {"exports": False}}, False, ("Exports",), id="no"),
        pytest.param({}, None, ("Exports",), id="unknown-is-not-no"),
    ],
)
def test_eligibility_has_three_values(facts, value, missing):
    verdict = judge([Requirement("e", "Exports", RULE)], facts)
    assert (verdict.value, verdict.missing) == (value, missing)
    assert verdict.judged[0].trace


def test_nice_to_have_never_decides_and_nothing_asked_is_met():
    assert judge([Requirement("e", "Exports", RULE, is_essential=False)], {}).value is True
    assert judge([], {}).value is True


def test_marks_are_places_in_the_text_as_shown():
    text = "ما برش‌هاي ليزر و Laser cutting داریم"
    asked = query.build(NeedText("برش لیزر"), bridge=TERMS)
    marks = explain.marks(asked, text, TERMS.compounds)
    assert [(text[m.start : m.end], m.is_other_name) for m in marks] == [
        ("برش‌هاي ليزر", False), ("Laser cutting", True)
    ]  # fmt: skip


def test_missing_is_what_no_item_says_under_any_name():
    asked = query.build(NeedText("برش لیزر مس"), bridge=TERMS)
    told = explain.missing(
        asked, ["laser cutting"], names=TERMS.stems_of, asked=["برش", "لیزر", "مس"]
    )
    assert told == ["مس"]


def test_declared_is_what_nobody_else_says():
    assert EvidenceText("f", "i", "x", kind="capability").is_declared_only
    assert not EvidenceText("f", "i", "x", kind="capability", verified=True).is_declared_only
    assert not EvidenceText("f", "i", "x", kind="contract").is_declared_only


def test_measures_agree_with_paper():
    found = measure(["x", "a", "b"], {"a": 1, "b": 1})
    assert found.ndcg == pytest.approx((1 / 1.58496 + 0.5) / (1 + 1 / 1.58496), abs=1e-4)
    assert (found.recall, found.mrr) == (1.0, 0.5)
    assert measure([], {}).ndcg == 0


def test_bootstrap_draws_groups_not_needs():
    same = bootstrap([1.0, 1.0, 0.0], ["g", "g", "h"], draws=500)
    apart = bootstrap([1.0, 1.0, 0.0], ["g", "i", "h"], draws=500)
    assert same.mean == apart.mean
    assert same.low <= apart.low
    assert bootstrap([], []).mean == 0
