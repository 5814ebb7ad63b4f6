"""Is what a program files held to the form that a person fills?"""

import pytest

from payvand.window.rules import answers, pack_compile
from tests.world import grid_pack

BOTH = {"fa": "x", "en": "x"}


def service(**field):
    pack = grid_pack(1, 1)
    pack["codelists"] = {"kind": [{"code": "a", "title": BOTH}, {"code": "b", "title": BOTH}]}
    pack["form"][0]["fields"] = [
        {"id": "f", "title": BOTH, **field},
        {"id": "other", "type": "integer", "title": BOTH},
    ]
    return pack_compile.service(pack)


@pytest.mark.parametrize(("field", "value", "told"), [
    pytest.param({"type": "text", "required": True}, None, answers.MISSING, id="missing"),
    pytest.param({"type": "text", "required": True}, "", answers.MISSING, id="empty"),
    pytest.param({"type": "text"}, 5, answers.WRONG_KIND, id="number-for-text"),
    pytest.param({"type": "text", "max_length": 3}, "abcd", answers.OUT_OF_RANGE, id="too-long"),
    pytest.param({"type": "text", "format": "national_id"}, "0012345040", None, id="national-id"),
    pytest.param({"type": "text", "format": "national_id"}, "0012345092", answers.BAD_FORMAT,
                 id="national-id-wrong"),
    pytest.param({"type": "integer"}, "12", None, id="integer-as-text"),
    pytest.param({"type": "integer"}, "12.5", answers.WRONG_KIND, id="fraction-for-integer"),
    pytest.param({"type": "integer"}, True, answers.WRONG_KIND, id="yes-for-integer"),
    pytest.param({"type": "decimal", "min": 0}, "-1", answers.OUT_OF_RANGE, id="below-min"),
    pytest.param({"type": "decimal"}, "NaN", answers.WRONG_KIND, id="not-a-number"),
    pytest.param({"type": "money"}, str(2**63), answers.OUT_OF_RANGE, id="money-beyond-64-bits"),
    pytest.param({"type": "choice", "codelist": "kind"}, ["a"], answers.NOT_LISTED,
                 id="list-for-choice"),
    pytest.param({"type": "choices", "codelist": "kind"}, [{"a": 1}], answers.NOT_LISTED,
                 id="object-for-choice"),
    pytest.param({"type": "date"}, "2026-02-30", answers.WRONG_KIND, id="impossible-date"),
    pytest.param({"type": "date"}, "2026-02-28", None, id="date"),
    pytest.param({"type": "choice", "codelist": "kind"}, "c", answers.NOT_LISTED, id="not-listed"),
    pytest.param({"type": "choices", "codelist": "kind"}, ["a", "b"], None, id="choices"),
    pytest.param({"type": "declaration"}, False, answers.WRONG_KIND, id="declaration-refused"),
    pytest.param({"type": "boolean"}, False, None, id="no-is-an-answer"),
    pytest.param({"type": "file"}, "x", answers.WRONG_KIND, id="file"),
])  # fmt: skip
def test_each_value_is_held_to_its_field(field, value, told):
    found = answers.problems(service(**field), {"f": value} if value is not None else {})
    assert found == ({"f": told} if told else {})


def test_a_field_the_service_does_not_ask_for_is_refused():
    assert answers.problems(service(type="text"), {"extra": 1}) == {"extra": answers.UNKNOWN}


def test_a_hidden_field_is_neither_needed_nor_judged():
    rule = {"fact": "other", "op": "eq", "value": 1}
    asked = service(type="integer", required=True, show_when=rule)
    assert answers.problems(asked, {"other": 2, "f": "x"}) == {}
    assert answers.problems(asked, {"other": 1}) == {"f": answers.MISSING}


def test_rows_of_a_table_name_row_and_column():
    columns = [{"id": "plate", "type": "text", "title": BOTH, "required": True}]
    asked = service(type="table", columns=columns)
    assert answers.problems(asked, {"f": [{"plate": "1"}, {}]}) == {"f[2].plate": answers.MISSING}
    assert answers.problems(asked, {"f": "x"}) == {"f": answers.WRONG_KIND}
