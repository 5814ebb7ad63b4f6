"""Does the graph ask each office as soon as its inputs exist, and never before?"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payvand.window.rules import graph, packs
from payvand.window.rules.graph import Outcome, Plan

DAY = date(2026, 4, 4)
FULL = {
    "is_producer": True,
    "exemption_asked": True,
    "policy_required": True,
    "supply_route": "bank",
    "transport": "sea",
    "standard_required": True,
    "transmits": True,
    "has_radiation_source": True,
    "is_chemical": True,
    "wooden_packing": True,
}
SLACK = {
    "trader_card": 2,
    "tax_status": 3,
    "production_licence": 0,
    "commodity_id": 0,
    "domestic_equivalent": 0,
    "order_registration": 0,
    "cargo_insurance": 0,
    "fx_origin": 0,
    "manifest_delivery_order": 2,
    "warehouse_receipt": 2,
    "tariff_valuation": 0,
    "standard_conformity": 3,
    "radio_release": 0,
    "radiation_release": 2,
    "plant_packaging": 9,
    "chemical_environment": 4,
}
STARTS = {
    "trader_card": (0, 5),
    "tax_status": (0, 7),
    "production_licence": (0, 2),
    "commodity_id": (0, 2),
    "domestic_equivalent": (2, 7),
    "order_registration": (7, 10),
    "cargo_insurance": (10, 11),
    "fx_origin": (11, 16),
    "manifest_delivery_order": (0, 1),
    "warehouse_receipt": (1, 2),
    "tariff_valuation": (10, 16),
    "standard_conformity": (2, 13),
    "radio_release": (2, 16),
    "radiation_release": (2, 14),
    "plant_packaging": (2, 7),
    "chemical_environment": (2, 12),
}


def make(*inquiries: dict[str, Any], table: str = "") -> packs.CompiledService:
    """Return a small service of these inquiries; each: id, and what differs from the plain one."""
    text = {"fa": "الف", "en": "a"}
    fields = [{"id": "name", "type": "text", "title": text}]
    fields += [{"id": one, "type": "table", "title": text} for one in table.split()]
    plain = {"title": text, "question": text, "to": {"role": "tax"}, "term": "5wd"}
    body = {
        "payvand": "service-pack/1",
        "id": "small",
        "version": "1.0.0",
        "title": text,
        "summary": text,
        "owner": "tax",
        "subject": {"type": "activity"},
        "form": [{"id": "one", "title": text, "fields": fields}],
        "inquiries": [{**plain, **one} for one in inquiries],
    }
    return packs.from_json(body)


@pytest.fixture(scope="module")
def trade() -> packs.CompiledService:
    result = packs.load(packs.shipped()["trade-clearance"], "service.yaml")
    assert result.pack is not None
    return packs.compile(result.pack)


@pytest.fixture(scope="module")
def days(trade: packs.CompiledService) -> dict[str, float]:
    return {one.key: one.terms[0].term.amount for one in trade.inquiries}


def total(service: packs.CompiledService, facts: dict[str, Any], days: dict[str, float]) -> float:
    return graph.critical_path(service, graph.plan(service, facts, DAY), days).total


def test_trade_has_sixteen_inquiries_and_twenty_one_edges_adding_up_to_ninety(trade, days):
    assert len(graph.plan(trade, FULL, DAY).active) == 16
    assert sum(len(one.predecessors) for one in trade.inquiries) == 21
    assert sum(len(later) for later in graph.dependents(trade).values()) == 21
    assert sum(days.values()) == 90


def test_longest_chain_and_slack_are_those_of_the_worked_table(trade, days):
    plan = graph.plan(trade, FULL, DAY)
    longest, path, slack = graph.critical_path(trade, plan, days)
    assert longest == 16
    assert slack == SLACK
    assert sum(days[node] for node in path) == 16
    assert all(slack[node] == 0 for node in path)
    assert graph.earliest(trade, plan, days) == STARTS


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({"domestic_equivalent": 10}, 21, id="domestic equivalent takes 10"),
        pytest.param({"standard_conformity": 15}, 17, id="conformity takes 15"),
        pytest.param({"fx_origin": 160}, 171, id="currency takes 160"),
        pytest.param(
            {"tariff_valuation": 4, "fx_origin": 3, "radio_release": 12}, 14, id="three faster"
        ),
    ],
)
def test_variant_takes_the_days_of_the_table(trade, days, changed, expected):
    assert total(trade, FULL, days | changed) == expected


def test_no_single_office_alone_makes_the_case_faster(trade, days):
    for key in days:
        assert total(trade, FULL, days | {key: days[key] - 1}) == 16, key


def test_without_exemption_fifteen_are_asked_and_the_chain_stays_sixteen(trade, days):
    facts = FULL | {"exemption_asked": False}
    plan = graph.plan(trade, facts, DAY)
    assert len(plan.active) == 15
    assert sum(days[node] for node in plan.active) == 85
    assert graph.critical_path(trade, plan, days).total == 16


def test_plain_goods_are_asked_about_twelve_times(trade, days):
    facts = FULL | dict.fromkeys(
        ["transmits", "wooden_packing", "is_chemical", "has_radiation_source"], False
    )
    plan = graph.plan(trade, facts, DAY)
    assert len(plan.active) == 12
    assert graph.critical_path(trade, plan, days).total == 16


def test_waiting_for_the_declaration_by_habit_takes_thirty_one_days(trade, days):
    waits = ["order_registration", "fx_origin", "warehouse_receipt", "tariff_valuation"]
    late = [
        "standard_conformity",
        "radio_release",
        "radiation_release",
        "plant_packaging",
        "chemical_environment",
    ]
    inquiries = [
        {**one, "after": ["declaration"]} if one["id"] in late else one
        for one in trade.body["inquiries"]
    ]
    declaration = {**trade.body["inquiries"][0], "id": "declaration", "after": waits}
    habit = packs.from_json({**trade.body, "inquiries": [*inquiries, declaration]})
    assert total(habit, FULL, days | {"declaration": 1}) == 31


def test_first_asked_are_those_that_need_nothing(trade):
    plan = graph.plan(trade, FULL, DAY)
    assert graph.ready(trade, plan, {}) == (
        "trader_card",
        "tax_status",
        "production_licence",
        "commodity_id",
        "manifest_delivery_order",
    )
    asked = dict.fromkeys(graph.ready(trade, plan, {}))
    assert graph.ready(trade, plan, asked) == ()


def test_unknown_condition_means_asked_and_the_trace_says_so(trade):
    facts = {key: value for key, value in FULL.items() if key != "transmits"}
    plan = graph.plan(trade, facts, DAY)
    assert "radio_release" in plan.active
    [(node, trace)] = plan.undecided
    assert node == "radio_release"
    assert trace[0].fact == "transmits"
    assert trace[0].value is None


def test_condition_is_judged_at_the_day_of_submission():
    result = packs.load(packs.shipped()["business-licence"], "service.yaml")
    assert result.pack is not None
    service = packs.compile(result.pack)
    facts = {"trade": "repair", "site": {"zone": "classified_estate"}}
    before = graph.plan(service, facts, date(2021, 6, 29))
    after = graph.plan(service, facts, date(2021, 6, 30))
    assert "environment" in before.active
    assert "environment" not in after.active
    assert [node for node, _ in after.skipped] == ["health", "environment"]


def test_dependency_on_a_skipped_inquiry_is_satisfied(trade):
    plan = graph.plan(trade, FULL | {"is_producer": False, "exemption_asked": False}, DAY)
    state = {"commodity_id": Outcome.POSITIVE}
    assert "chemical_environment" in graph.ready(trade, plan, state)


def test_an_open_answer_is_not_an_answer():
    service = make({"id": "a"}, {"id": "b", "after": ["a"]})
    plan = graph.plan(service, {}, DAY)
    assert graph.ready(service, plan, {"a": None}) == ()
    assert graph.ready(service, plan, {"a": Outcome.NEGATIVE}) == ("b",)


@pytest.mark.parametrize(
    ("join", "answers", "starts"),
    [
        pytest.param("all", 2, False, id="all, two of three"),
        pytest.param("all", 3, True, id="all, three of three"),
        pytest.param("any", 0, False, id="any, none"),
        pytest.param("any", 1, True, id="any, one"),
        pytest.param({"at_least": 2}, 1, False, id="two, one"),
        pytest.param({"at_least": 2}, 2, True, id="two, two"),
    ],
)
def test_join_counts_answers(join, answers, starts):
    labs = ["lab1", "lab2", "lab3"]
    service = make(*({"id": lab} for lab in labs), {"id": "sum", "after": labs, "join": join})
    plan = graph.plan(service, {}, DAY)
    state: dict[str, Outcome | None] = dict.fromkeys(labs)
    state.update(dict.fromkeys(labs[:answers], Outcome.POSITIVE))
    assert ("sum" in graph.ready(service, plan, state)) is starts


def test_quota_never_waits_for_more_than_are_asked():
    never = {"fact": "name", "op": "eq", "value": "x"}
    service = make(
        {"id": "lab1"},
        {"id": "lab2", "when": never},
        {"id": "sum", "after": ["lab1", "lab2"], "join": {"at_least": 2}},
    )
    plan = graph.plan(service, {"name": "y"}, DAY)
    assert graph.ready(service, plan, {"lab1": None}) == ()
    assert graph.ready(service, plan, {"lab1": Outcome.POSITIVE}) == ("sum",)


CHAIN = (
    {"id": "order", "returns": [{"id": "number", "type": "text", "title": {"fa": "ا", "en": "a"}}]},
    {"id": "policy", "needs": ["order.number"], "sees": ["order.number"]},
    {"id": "last", "after": ["policy"]},
)


def test_answer_without_the_needed_field_makes_the_next_one_moot_and_the_case_goes_on():
    service = make(*CHAIN)
    plan = graph.plan(service, {}, DAY)
    state = {"order": Outcome.DEEMED}
    assert graph.missing_inputs(service, plan, state) == {"policy": ("order.number",)}
    assert graph.moot(service, plan, state) == ("policy",)
    assert graph.ready(service, plan, state) == ("last",)
    assert graph.ready_after(service, plan, state, "order") == ("last",)
    assert graph.is_complete(service, plan, state | {"last": Outcome.POSITIVE})


def test_a_field_left_empty_is_not_returned():
    service = make(*CHAIN)
    plan = graph.plan(service, {}, DAY)
    state = {"order": Outcome.POSITIVE}
    assert graph.ready(service, plan, state, {"order": ["number"]}) == ("policy",)
    assert graph.ready(service, plan, state, {"order": []}) == ("last",)


def test_every_answer_is_collected_unless_the_pack_says_that_one_is_fatal():
    for fatal, complete in (([], False), (["negative"], True)):
        service = make({"id": "a", "fatal_on": fatal}, {"id": "b"})
        plan = graph.plan(service, {}, DAY)
        state = {"a": Outcome.NEGATIVE, "b": None}
        assert graph.is_complete(service, plan, state) is complete
        later = graph.ready(service, plan, {"a": Outcome.NEGATIVE})
        assert later == (() if complete else ("b",))


def test_decision_waits_for_the_last_answer():
    service = make({"id": "a"}, {"id": "b"})
    plan = graph.plan(service, {}, DAY)
    assert not graph.is_complete(service, plan, {"a": Outcome.POSITIVE, "b": None})
    assert not graph.is_complete(service, plan, {"a": Outcome.POSITIVE})
    assert graph.is_complete(service, plan, {"a": Outcome.POSITIVE, "b": Outcome.CANCELLED})


def test_rows_of_one_table_wait_row_by_row_and_the_join_for_all():
    service = make(
        {"id": "lab", "for_each": "parts"},
        {"id": "check", "for_each": "parts", "after": ["lab"]},
        {"id": "sum", "after": ["check"]},
        table="parts",
    )
    plan = graph.plan(service, {"parts": [{"n": 1}, {"n": 2}]}, DAY)
    assert plan.active == ("lab[1]", "lab[2]", "check[1]", "check[2]", "sum")
    assert plan.branches == {"lab": 2, "check": 2}
    state = {"lab[1]": None, "lab[2]": Outcome.POSITIVE}
    assert graph.ready(service, plan, state) == ("check[2]",)
    state |= {"check[2]": Outcome.POSITIVE, "lab[1]": Outcome.POSITIVE, "check[1]": None}
    assert graph.ready(service, plan, state) == ()
    assert graph.ready(service, plan, state | {"check[1]": Outcome.NEGATIVE}) == ("sum",)


def test_condition_may_read_the_row():
    foreign = {"fact": "row.origin", "op": "eq", "value": "foreign"}
    service = make({"id": "lab", "for_each": "parts", "when": foreign}, table="parts")
    rows = [{"origin": "domestic"}, {"origin": "foreign"}, {}]
    plan = graph.plan(service, {"parts": rows}, DAY)
    assert plan.active == ("lab[2]", "lab[3]")
    assert [node for node, _ in plan.skipped] == ["lab[1]"]
    assert [node for node, _ in plan.undecided] == ["lab[3]"]


def test_empty_table_skips_and_unknown_table_asks():
    service = make({"id": "lab", "for_each": "parts"}, {"id": "z", "after": ["lab"]}, table="parts")
    empty = graph.plan(service, {"parts": []}, DAY)
    assert empty.active == ("z",)
    assert graph.ready(service, empty, {}) == ("z",)
    unknown = graph.plan(service, {}, DAY)
    assert unknown.active == ("lab[1]", "z")
    assert [node for node, _ in unknown.undecided] == ["lab[1]"]


def test_thousand_branches_and_a_join_stay_linear():
    service = make(
        {"id": "lab", "for_each": "parts"}, {"id": "sum", "after": ["lab"]}, table="parts"
    )
    plan = graph.plan(service, {"parts": [{}] * 1000}, DAY)
    nodes = graph.ready(service, plan, {})
    assert len(nodes) == 1000
    state: dict[str, Outcome | None] = dict.fromkeys(nodes)
    for node in nodes:
        state[node] = Outcome.POSITIVE
        found = graph.ready_after(service, plan, state, node)
        assert found == (("sum",) if node == "lab[1000]" else ())
    assert graph.critical_path(service, plan, {"lab": 2, "lab[7]": 9, "sum": 1}).total == 10


class Counted(dict[str, Any]):
    """A state that counts how often it is looked at."""

    looks = 0

    def get(self, key: str, default: Any = None) -> Any:
        self.looks += 1
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self.looks += 1
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.looks += 1
        return super().__contains__(key)


@pytest.mark.parametrize("rows", [100, 1000])
def test_looks_grow_with_nodes_and_edges_only(rows):
    service = make(
        {"id": "lab", "for_each": "left"},
        {"id": "check", "for_each": "right", "after": ["lab"]},
        {"id": "sum", "after": ["check"]},
        table="left right",
    )
    plan = graph.plan(service, {"left": [{}] * rows, "right": [{}] * rows}, DAY)
    state = Counted({f"lab[{n}]": Outcome.POSITIVE for n in range(1, rows + 1)})
    assert len(graph.ready(service, plan, state)) == rows
    assert state.looks <= 10 * (2 * rows + 1)
    state = Counted({f"lab[{n}]": None for n in range(1, rows + 1)} | {"lab[1]": "positive"})
    assert graph.ready_after(service, plan, state, "lab[1]") == ()
    assert state.looks <= 10 * rows  # the branches that wait, not branches times branches


def test_long_chain_needs_no_deep_stack():
    given_field = [{"id": "x", "type": "text", "title": {"fa": "ا", "en": "a"}}]
    links = [{"id": "n0", "returns": given_field}]
    for n in range(1, 3000):
        need = f"n{n - 1}.x"
        links.append({"id": f"n{n}", "needs": [need], "sees": [need], "returns": given_field})
    service = make(*links)
    plan = graph.plan(service, {}, DAY)
    assert graph.moot(service, plan, {"n0": Outcome.DEEMED}) == plan.active[1:]
    assert graph.is_complete(service, plan, {"n0": Outcome.DEEMED})
    assert graph.ready(service, plan, {}) == ("n0",)


def test_first_answer_of_any_sets_the_pace():
    service = make({"id": "a"}, {"id": "b"}, {"id": "c", "after": ["a", "b"], "join": "any"})
    plan = graph.plan(service, {}, DAY)
    assert graph.earliest(service, plan, {"a": 3, "b": 8, "c": 1})["c"] == (3, 4)
    assert graph.critical_path(service, plan, {"a": 3, "b": 8, "c": 1}).total == 8


def test_plan_survives_storage(trade):
    plan = graph.plan(trade, {"is_producer": False}, DAY)
    assert Plan.from_json(plan.to_json()) == plan


def test_empty_plan_is_complete_and_takes_no_time(trade):
    assert graph.is_complete(trade, Plan(()), {})
    assert graph.critical_path(trade, Plan(()), {}) == (0, (), {})


def test_trace_with_lists_and_days_survives_storage():
    rule = {"any": [
        {"fact": "name", "op": "in", "value": ["x", "y"]},
        {"fact": "today", "op": "gte", "value": "2030-01-01"},
    ]}  # fmt: skip
    service = make({"id": "a", "when": rule})
    body = graph.plan(service, {"name": {"odd": 1}}, DAY).to_json()
    assert json.loads(json.dumps(body)) == body
    assert Plan.from_json(body).to_json() == body


@st.composite
def services(draw):
    """A random service without circles: needs, policy, joins, repeats, skips, fatal answers."""
    inquiries: list[dict[str, Any]] = []
    field = [{"id": "x", "type": "text", "title": {"fa": "ا", "en": "a"}}]
    for n in range(draw(st.integers(1, 8))):
        earlier = [one["id"] for one in inquiries]
        needs = draw(st.lists(st.sampled_from(earlier), max_size=2, unique=True)) if earlier else []
        after = draw(st.lists(st.sampled_from(earlier), max_size=3, unique=True)) if earlier else []
        one: dict[str, Any] = {
            "id": f"n{n}",
            "returns": field,
            "needs": [f"{key}.x" if draw(st.booleans()) else key for key in needs],
            "after": after,
            "join": draw(st.sampled_from(["all", "any", {"at_least": 2}])),
        }
        if draw(st.booleans()):
            one["for_each"] = draw(st.sampled_from(["left", "right"]))
        if draw(st.integers(0, 3)) == 0:
            one["when"] = {"fact": "name", "op": "eq", "value": draw(st.sampled_from("ab"))}
        if draw(st.integers(0, 6)) == 0:
            one["fatal_on"] = ["negative"]
        inquiries.append(one)
    return make(*inquiries, table="left right")


@settings(max_examples=300, deadline=None)
@given(data=st.data(), service=services())
def test_looking_only_at_dependents_finds_what_a_full_look_finds(data, service):
    facts = {
        "name": data.draw(st.sampled_from(["a", None])),
        "left": [{}] * data.draw(st.integers(0, 3)),
        "right": [{}] * data.draw(st.integers(0, 3)),
    }
    plan = graph.plan(service, facts, DAY)
    state: dict[str, Outcome | None] = dict.fromkeys(graph.ready(service, plan, {}))
    returned: dict[str, list[str]] = {}
    while open_ones := [node for node, outcome in state.items() if outcome is None]:
        node = data.draw(st.sampled_from(open_ones))
        state[node] = data.draw(st.sampled_from(list(Outcome)))
        returned[node] = ["x"] if data.draw(st.booleans()) else []
        found = graph.ready_after(service, plan, state, node, returned)
        assert found == graph.ready(service, plan, state, returned)
        state.update(dict.fromkeys(found))
    assert graph.is_complete(service, plan, state, returned)  # no case is ever stuck
