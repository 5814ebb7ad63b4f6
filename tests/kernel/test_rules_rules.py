"""Is unknown really unknown, for every operator, and does the trace tell why?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payvand.kernel.rules import (
    MISSING_FACT,
    NO_ROW,
    NOT_COMPARABLE,
    OPERATORS,
    BadRule,
    derive,
    evaluate,
    facts_used,
    kleene_not,
)

CERTIFICATES = [{"type": "lab", "level": 2}, {"type": "supply", "level": 1}]


def judge(op: str, fact: Any, value: Any = None, **facts: Any) -> bool | None:
    rule = {"fact": "x", "op": op} | ({} if value is None else {"value": value})
    return evaluate(rule, {"x": fact, **facts}).value


@pytest.mark.parametrize(
    ("op", "fact", "value", "expected"),
    [
        ("eq", 5, 5.0, True),
        ("eq", 0.1, Decimal("0.1"), True),
        ("eq", "a", "b", False),
        ("eq", "5", 5, None),
        ("eq", True, 1, None),
        ("eq", True, True, True),
        ("eq", date(2025, 11, 10), "2025-11-10", True),
        ("eq", date(2025, 11, 10), "soon", None),
        ("eq", [1, "a"], [1, "a"], True),
        ("eq", [1, "a"], [1, 2], None),
        ("eq", [1], [1, 2], False),
        ("eq", {"a": 1}, "a", None),
        ("ne", "a", "b", True),
        ("ne", "a", 1, None),
        ("lt", 4, 5, True),
        ("lte", 5, 5, True),
        ("gt", 5, 5, False),
        ("gte", Decimal("50.9"), 51, False),
        ("gte", "75", 51, None),
        ("gte", float("nan"), 51, None),
        ("lt", "2025-01-01", "2025-02-01", True),
        ("lt", datetime(2025, 1, 1, 21, tzinfo=UTC), "2025-01-02", False),
        ("lt", "alpha", "beta", None),
        ("in", "a", ["a", "b"], True),
        ("in", "c", ["a", "b"], False),
        ("in", "c", ["a", 1], None),
        ("in", ["a"], ["a", "b"], None),
        ("in", "a", "abc", None),
        ("not_in", "c", ["a", "b"], True),
        ("not_in", 3, ["a"], None),
        ("has_all", ["a", "b"], ["a"], True),
        ("has_all", ["a"], ["a", "b"], False),
        ("has_all", "ab", ["a"], None),
        ("has_any", ["a"], ["a", "b"], True),
        ("has_any", ["c"], ["a", "b"], False),
        ("has_any", ["c"], "ab", None),
        ("holds", CERTIFICATES, [{"type": "lab", "level": 2}], True),
        ("holds", CERTIFICATES, [{"type": "lab", "level": 3}], False),
        ("holds", CERTIFICATES, ["supply", "lab"], True),
        ("holds", CERTIFICATES, ["iso"], False),
        ("holds", ["lab"], ["lab"], True),
        ("holds", ["lab"], [{"type": "lab", "level": 1}], None),
        ("holds", [{"type": "lab"}], [{"type": "lab", "level": 1}], None),
        ("holds", [], [{"type": "lab", "level": 1}], False),
        ("holds", [], [], True),
        ("holds", CERTIFICATES, "lab", None),
        ("filled", "x", None, True),
        ("filled", "  ", None, False),
        ("filled", 0, None, True),
        ("filled", False, None, True),
        ("filled", None, None, False),
        ("empty", [], None, True),
        ("empty", {}, None, True),
        ("empty", {"a": 1}, None, False),
        ("empty", None, None, True),
        ("is_true", True, None, True),
        ("is_true", False, None, False),
        ("is_true", "yes", None, None),
        ("is_false", False, None, True),
        ("is_false", True, None, False),
        ("is_false", 0, None, None),
    ],
    ids=str,
)
def test_operator(op: str, fact: Any, value: Any, expected: bool | None) -> None:
    assert judge(op, fact, value) is expected


@pytest.mark.parametrize("op", sorted(OPERATORS))
def test_a_missing_fact_is_unknown_except_for_filled_and_empty(op: str) -> None:
    unary = op in ("filled", "empty", "is_true", "is_false")
    rule = {"fact": "x", "op": op} | ({} if unary else {"value": []})
    verdict = evaluate(rule, {})
    assert verdict.value is {"filled": False, "empty": True}.get(op)
    assert verdict.trace[0].note == (MISSING_FACT if verdict.value is None else "")


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.dates()
    | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
operands = anything.filter(lambda value: not isinstance(value, dict))
conditions = st.builds(
    lambda op, value: {"fact": "x", "op": op, "value": value}, st.sampled_from(OPERATORS), operands
)
rules = st.recursive(
    conditions,
    lambda inner: (
        st.builds(lambda part: {"not": part}, inner)
        | st.builds(lambda word, parts: {word: parts}, st.sampled_from(["all", "any"]),
                    st.lists(inner, max_size=3))
    ),
    max_leaves=5,
)  # fmt: skip


@given(rules, anything)
def test_no_fact_ever_crashes_a_rule(rule: Any, fact: Any) -> None:
    verdict = evaluate(rule, {"x": fact})
    assert verdict.value in (True, False, None)
    assert evaluate({"not": rule}, {"x": fact}).value is kleene_not(verdict.value)


@given(rules, anything)
def test_learning_a_fact_never_turns_a_settled_verdict(rule: Any, fact: Any) -> None:
    # filled and empty speak about the knowledge itself, so they are left out.
    def speaks_of_knowledge(part: Any) -> bool:
        if "op" in part:
            return part["op"] in ("filled", "empty")
        return any(map(speaks_of_knowledge, part.get("all") or part.get("any") or
                       ([part["not"]] if "not" in part else [])))  # fmt: skip

    before = evaluate(rule, {}).value
    if before is not None and not speaks_of_knowledge(rule):
        assert evaluate(rule, {"x": fact}).value is before


YES, NO, HM = (
    {"fact": "yes", "op": "is_true"},
    {"fact": "yes", "op": "is_false"},
    {"fact": "none", "op": "is_true"},
)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"all": [YES, HM]}, None),
        ({"all": [NO, HM]}, False),
        ({"all": [YES, YES]}, True),
        ({"all": []}, True),
        ({"any": [NO, HM]}, None),
        ({"any": [YES, HM]}, True),
        ({"any": [NO, NO]}, False),
        ({"any": []}, False),
        ({"not": HM}, None),
        ({"not": NO}, True),
    ],
    ids=str,
)
def test_logic_is_kleenes(rule: dict[str, Any], expected: bool | None) -> None:
    assert evaluate(rule, {"yes": True}).value is expected


def test_the_trace_names_every_condition_even_after_the_first_refusal() -> None:
    rule = {"all": [NO, {"not": {"any": [HM, {"fact": "n", "op": "gte", "value": "x"}]}}]}
    trace = evaluate(rule, {"yes": True, "n": 3}).trace
    assert [(line.place, line.value, line.note) for line in trace] == [
        ("all[0]", False, ""),
        ("all[1].not.any[0]", None, MISSING_FACT),
        ("all[1].not.any[1]", None, NOT_COMPARABLE),
    ]
    assert (trace[2].actual, trace[2].expected) == (3, "x")


def test_a_verdict_is_not_a_truth_value() -> None:
    with pytest.raises(TypeError):
        bool(evaluate(HM, {}))


def test_facts_are_found_by_dotted_path_or_flat_name() -> None:
    rule = {"fact": "site.zone", "op": "eq", "value": {"fact": "wanted"}}
    assert evaluate(rule, {"site": {"zone": "free"}, "wanted": "free"}).value is True
    assert evaluate(rule, {"site.zone": "free", "wanted": "main"}).value is False
    assert evaluate(rule, {"site": "free", "wanted": "free"}).value is None
    assert evaluate(rule, {"site": {"zone": "free"}}).trace[0].note == MISSING_FACT


TIERS = {
    "tier": {
        "key": "tier",
        "rows": [
            {"key": "vital", "from": "2026-03-21", "least": 75},
            {"key": "vital", "from": "2025-03-21", "to": "2026-03-20", "least": 60},
            {"key": "plain", "from": "2025-03-21"},
        ],
    }
}
FLOOR = {"fact": "share", "op": "gte", "value": {"table": "tier", "column": "least"}}


@pytest.mark.parametrize(
    ("facts", "at", "expected"),
    [
        pytest.param({"tier": "vital", "share": 70}, None, False, id="newest row"),
        pytest.param({"tier": "vital", "share": 70}, date(2026, 3, 20), True, id="row of the day"),
        pytest.param({"tier": "vital", "share": 70}, date(2026, 3, 21), False, id="next day"),
        pytest.param({"tier": "vital", "share": 70}, date(2024, 1, 1), None, id="before any row"),
        pytest.param({"tier": "plain", "share": 70}, None, None, id="row without the column"),
        pytest.param({"share": 70}, None, None, id="tier not known"),
    ],
)
def test_dated_table(facts: dict[str, Any], at: date | None, expected: bool | None) -> None:
    verdict = evaluate(FLOOR, facts, tables=TIERS, at=at)
    assert verdict.value is expected
    assert verdict.trace[0].note == (NO_ROW if expected is None else "")


def test_a_cell_that_cannot_be_compared_is_told_apart_from_a_missing_row() -> None:
    verdict = evaluate(FLOOR, {"tier": "vital", "share": "many"}, tables=TIERS)
    assert (verdict.value, verdict.trace[0].note) == (None, NOT_COMPARABLE)


@pytest.mark.parametrize(
    "rule",
    [
        "yes",
        {},
        {"all": [], "any": []},
        {"all": 3},
        {"fact": "x"},
        {"fact": "x", "op": "like", "value": 1},
        {"fact": "x", "op": "eq"},
        {"fact": "x", "op": ["eq"], "value": 1},
        {"fact": "x", "op": "eq", "value": {"of": 1}},
        {"fact": "x", "op": "eq", "value": {"table": "none", "column": "c"}},
        {"fact": "x", "op": "eq", "value": 1, "else": 2},
    ],
    ids=str,
)
def test_what_is_no_rule_is_refused_with_its_place(rule: Any) -> None:
    with pytest.raises(BadRule) as caught:
        evaluate({"all": [YES, rule]}, {"yes": True})
    assert caught.value.facts["place"] == "all[1]"


def test_all_facts_of_a_rule_are_listed_for_the_lint() -> None:
    rule = {
        "all": [YES, {"any": [{"not": FLOOR}, {"fact": "a", "op": "lt", "value": {"fact": "b"}}]}]
    }
    assert facts_used(rule) == {"yes", "share", "a", "b"}
    assert facts_used(rule, TIERS) == {"yes", "share", "a", "b", "tier"}


PARTS = [
    {"value": 30, "origin": "domestic", "critical": False},
    {"value": Decimal("10.5"), "origin": "foreign", "critical": True},
]
LOCAL = {"fact": "origin", "op": "eq", "value": "domestic"}
CRITICAL = {"fact": "critical", "op": "is_true"}


def figure(rows: Any, **declared: Any) -> Decimal | None:
    return derive([{"id": "f", **declared}], {"parts": rows})["f"]


@pytest.mark.parametrize(
    ("declared", "rows", "expected"),
    [
        pytest.param({"fn": "sum", "of": "parts.value"}, PARTS, Decimal("40.5"), id="sum"),
        pytest.param({"fn": "sum", "of": "parts.value", "where": LOCAL}, PARTS, 30, id="where"),
        pytest.param({"fn": "sum", "of": "parts.value"}, [], 0, id="sum of nothing"),
        pytest.param({"fn": "sum", "of": "parts.value"}, None, None, id="no table"),
        pytest.param({"fn": "sum", "of": "parts.value"}, [3], None, id="rows that are none"),
        pytest.param({"fn": "sum", "of": "parts.value"}, [*PARTS, {}], None, id="unknown row"),
        pytest.param(
            {"fn": "sum", "of": "parts.value", "where": LOCAL}, [*PARTS, {"value": 1}], None,
            id="unknown whether it belongs",
        ),
        pytest.param({"fn": "count", "of": "parts"}, PARTS, 2, id="count"),
        pytest.param({"fn": "count", "of": "parts", "where": CRITICAL}, PARTS, 1, id="count where"),
        pytest.param(
            {"fn": "count", "of": "parts", "where": CRITICAL}, [{"origin": "foreign"}], None,
            id="critical not stated is not uncritical",
        ),
        pytest.param({"fn": "min", "of": "parts.value"}, PARTS, Decimal("10.5"), id="min"),
        pytest.param({"fn": "max", "of": "parts.value"}, PARTS, 30, id="max"),
        pytest.param({"fn": "max", "of": "parts.value"}, [], None, id="max of nothing"),
        pytest.param({"fn": "mean", "of": "parts.value"}, PARTS, Decimal("20.25"), id="mean"),
        pytest.param({"fn": "mean", "of": "parts.value"}, [], None, id="mean of nothing"),
    ],
)  # fmt: skip
def test_figure(declared: dict[str, Any], rows: Any, expected: Decimal | None) -> None:
    assert figure(rows, **declared) == expected


def test_a_ratio_uses_figures_before_it_and_is_exact() -> None:
    declared = [
        {"id": "all", "fn": "sum", "of": "parts.value"},
        {"id": "local", "fn": "sum", "of": "parts.value", "where": LOCAL},
        {"id": "share", "fn": "ratio", "of": "local", "over": "all", "unit": "percent"},
        {"id": "part", "fn": "ratio", "of": "local", "over": "all"},
        {"id": "lost", "fn": "ratio", "of": "local", "over": "nothing"},
    ]
    rows = [{"value": 0.1, "origin": "domestic"}, {"value": 0.3, "origin": "foreign"}]
    figures = derive(declared, {"parts": rows, "nothing": 0})
    assert (figures["share"], figures["part"], figures["lost"]) == (25, Decimal("0.25"), None)
    assert derive(declared, {"parts": [{}]})["share"] is None


def test_an_unknown_function_is_refused() -> None:
    with pytest.raises(BadRule):
        figure([], fn="median", of="parts.value")
