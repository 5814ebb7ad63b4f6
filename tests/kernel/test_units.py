"""Are amounts told in both languages, whatever language the unit was written in?"""

from __future__ import annotations

import re

import pytest

from payvand.kernel import units

# As they stand in UN/ECE Recommendation 20; a slip here would send wrong codes to the world
PUBLISHED = {"H87": "piece", "C62": "one", "SET": "set", "PR": "pair", "DZN": "dozen",
             "NMP": "number of packs", "KGM": "kilogram", "GRM": "gram", "TNE": "tonne",
             "LTR": "litre", "MLT": "millilitre", "MTR": "metre", "KMT": "kilometre",
             "MTK": "square metre", "HAR": "hectare", "MTQ": "cubic metre", "KWT": "kilowatt",
             "MAW": "megawatt", "KVA": "kilovolt-ampere", "KWH": "kilowatt hour",
             "MWH": "megawatt hour", "HUR": "hour", "LH": "labour hour", "DAY": "day",
             "MON": "month", "ANN": "year", "IE": "person", "E48": "service unit"}  # fmt: skip


@pytest.mark.parametrize("unit", units.UNITS, ids=lambda one: one.code)
def test_a_unit_is_known_by_its_code_and_by_both_names(unit):
    assert units.stored(unit.fa) == unit.code
    for name in (unit.code, unit.code.lower(), unit.en_one):
        assert units.unit_of(name) is not None
    assert re.fullmatch(r"[\u0600-\u06ff\u200c ]+", units.named(unit.code, "fa"))
    assert re.fullmatch(r"[a-zA-Z -]+", units.named(unit.code, "en"))


def test_codes_are_those_of_the_recommendation_and_none_stands_twice():
    codes = [one.code for one in units.UNITS]
    assert len(codes) == len(set(codes))
    assert {one.code for one in units.UNITS if one.is_common} == set(PUBLISHED)


def test_an_old_code_for_pieces_is_read_and_never_written():
    assert units.stored("PCE") == "H87"


@pytest.mark.parametrize("free", ["رأس دام", "head of cattle", "", "  "])
def test_other_words_stay_as_they_were_written(free):
    assert units.stored(free) == units.named(units.stored(free), "en") == free.strip()
