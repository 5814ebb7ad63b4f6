"""What becomes of the inquiries that rest on a corrected answer? The table, row by row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payvand.window.rules import corrections, graph, packs
from payvand.window.rules.corrections import Effect
from tests.world import grid_pack

FORM = {"parcels": [{"plate": "1"}, {"plate": "2"}]}


def service():
    """A survey; a tax that needs its area; a visit that sees its map; a wait; rows of a table."""
    body = grid_pack(1, 1, ladder=False)
    first = body["inquiries"][0]
    both = {"fa": "م", "en": "t"}
    fields = [{"id": n, "type": "text", "title": both} for n in ("area", "map", "remark")]
    body["form"][0]["fields"].append(
        {"id": "parcels", "type": "table", "title": both,
         "columns": [{"id": "plate", "type": "text", "title": both}]})  # fmt: skip

    def one(key, **more):
        return {**first, "id": key, "sees": ["name"], **more}

    body["inquiries"] = [
        one("survey", returns=fields),
        one("tax", needs=["survey.area"]),
        one("visit", needs=["survey"], sees=["name", "survey.map"]),
        one("wait", after=["survey"]),
        one("lab", for_each="parcels", sees=["parcels"], returns=fields),
        one("use", for_each="parcels", sees=["parcels"], needs=["lab.area"]),
    ]
    return packs.from_json(body)


SERVICE = service()
PLAN = graph.plan(SERVICE, FORM, __import__("datetime").date(2025, 11, 10))
BROUGHT = {"survey": {"area", "map", "remark"}, "lab[1]": {"area"}, "lab[2]": {"area"}}


@pytest.mark.parametrize(
    ("corrected", "changed", "state", "expected"),
    [
        pytest.param("survey", {"area"}, {"tax": None}, {"tax": Effect.ASK_AGAIN},
                     id="open, its value changed: asked again"),
        pytest.param("survey", {"area"}, {"tax": "positive"}, {"tax": Effect.ASK_AGAIN},
                     id="answered, its value changed: asked again"),
        pytest.param("survey", {"remark"}, {"tax": None, "visit": "positive"},
                     {"tax": Effect.TELL, "visit": Effect.TELL},
                     id="another value changed: told"),
        pytest.param("survey", set(), {"tax": "positive"}, {"tax": Effect.TELL},
                     id="only the outcome or the text changed: told"),
        pytest.param("survey", {"map"}, {"tax": None, "visit": None},
                     {"tax": Effect.TELL, "visit": Effect.ASK_AGAIN},
                     id="a value that is only seen counts as well"),
        pytest.param("survey", {"area"}, {"wait": "positive"}, {},
                     id="who only waited hears nothing"),
        pytest.param("survey", {"area"}, {}, {}, id="who was not asked hears nothing"),
        pytest.param("lab[1]", {"area"}, {"use[1]": None, "use[2]": None},
                     {"use[1]": Effect.ASK_AGAIN}, id="row by row"),
    ],
)  # fmt: skip
def test_what_rests_on_the_answer_is_asked_again_or_told(corrected, changed, state, expected):
    whole = {"survey": "positive", "lab[1]": "positive", "lab[2]": "positive", **state}
    found = corrections.effects(SERVICE, PLAN, whole, corrected, changed=frozenset(changed),
                                returned=BROUGHT)  # fmt: skip
    assert found == expected


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        pytest.param(None, Effect.WITHDRAW, id="open: withdrawn"),
        pytest.param("positive", Effect.TELL, id="answered: told"),
    ],
)
def test_a_value_taken_back_leaves_nothing_to_ask(standing, expected):
    found = corrections.effects(
        SERVICE, PLAN, {"survey": "not_ours", "tax": standing}, "survey",
        changed=frozenset({"area"}), returned={"survey": set()},
    )  # fmt: skip
    assert found == {"tax": expected}


values = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", None, "1", "2"]))


@given(values, values)
def test_a_change_is_seen_from_both_sides_alike(before, after):
    assert corrections.changed_fields(before, after) == corrections.changed_fields(after, before)
    assert not corrections.changed_fields(before, before)
