"""Are needs understood that speak of what somebody wants without naming it?"""

import pytest

from payvand.matching.rules import query
from payvand.matching.rules.evidence import NeedText
from payvand.matching.rules.terms import HINTED, Bridge, TermText
from payvand.matching.rules.words import stem, stems, words

ALARM = TermText("اعلام سرقت", "burglar alarm", said=("شب", "دزد", "دست زدن"))
STORE = TermText("انبارداری", "warehousing", said=("شب", "جا کم"))
BRIDGE = Bridge([ALARM, STORE])
SPOKEN = "اگر شب دزد به فرش و پنبهٔ ما دست زد خبر می‌خواهیم"


def test_hints_bring_up_what_a_need_does_not_name():
    asked = query.build(NeedText(SPOKEN), bridge=BRIDGE)
    assert {"سرق", "burglar", "alarm"} & set(asked.stems)
    assert not {"burglar", "alarm"} & asked.own


def test_hints_add_up_and_a_shared_one_tells_less():
    weight = query.build(NeedText(SPOKEN), bridge=BRIDGE).stems
    assert weight["burglar"] > weight[stem("warehousing")] > 0


def test_a_hint_of_several_words_needs_all_of_them():
    alone = query.build(NeedText("برای فرش و پنبه و پشم و نخ جا می‌خواهیم"), bridge=BRIDGE)
    assert stem("warehousing") not in alone.stems


def test_who_writes_three_words_names_the_thing():
    assert "burglar" not in query.build(NeedText("دزد شب"), bridge=BRIDGE).stems


def test_only_a_few_terms_come_by_hints():
    many = Bridge([TermText(f"واژه{n}", f"thing{n}", said=("شب", "دزد")) for n in range(30)])
    stems_of = query.build(NeedText(SPOKEN), bridge=many).stems
    assert sum(one.startswith("thing") for one in stems_of) == HINTED


def test_what_stands_behind_for_counts_less():
    weight = query.build(NeedText("شیر صنعتی برای پالایشگاه")).stems
    assert weight["شیر"] == 1 > weight["پالایشگاه"] > 0
    again = query.build(NeedText("پالایشگاه نو، شیر صنعتی برای پالایشگاه")).stems
    assert again["پالایشگاه"] > 1


def test_the_purpose_ends_where_the_wish_begins():
    weight = query.build(NeedText("برای پالایشگاه به شیر نیازمندیم")).stems
    assert weight["شیر"] == 1


@pytest.mark.parametrize(
    ("plural", "one"), [("مدارس", "مدرسه"), ("البسه", "لباس"), ("کارمندان", "کارمند"),
                        ("رانندگان", "راننده"), ("دانشجویان", "دانشجو")],
)  # fmt: skip
def test_plurals_meet_their_singular(plural, one):
    assert stems(plural) == stems(one)


@pytest.mark.parametrize("word", ["ساختمان", "درمان", "تهران"])
def test_words_that_only_end_like_a_plural_stay(word):
    assert stems(word) == [word]


@pytest.mark.parametrize(("typed", "known"), [("کامیونمان", "کامیون"), ("پولش", "پول")])
def test_an_unknown_word_gives_its_owner_up(typed, known):
    assert words(typed, {}, {known}.__contains__) == [known]
    assert words(typed, {}, {known, typed}.__contains__) == [typed]
