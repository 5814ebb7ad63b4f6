"""Is every fault of a pack found at its line, and is a sound pack made into a service?"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from payvand.window.rules import graph, pack_reference, packs
from payvand.window.rules.pack_compile import find_cycle
from payvand.window.rules.pack_problems import WORDING

GOOD = """\
payvand: "service-pack/1"
id: "small"
version: "1.0.0"
title: {fa: "کوچک", en: "Small"}
summary: {fa: "نمونه", en: "A sample"}
owner: "municipality"
legal_basis:
  - {id: "law", title: {fa: "قانون", en: "A law"}, date: "2020-01-01", status: "in_force"}
  - {id: "example", title: {fa: "نمونه", en: "An example"}, status: "sample"}
subject: {type: "activity"}
codelists:
  size:
    - {code: "big", title: {fa: "بزرگ", en: "Big"}}
    - {code: "tiny", title: {fa: "ریز", en: "Tiny"}}
form:
  - id: "first"
    title: {fa: "نخست", en: "First"}
    fields:
      - {id: "name", type: "text", title: {fa: "نام", en: "Name"}}
      - {id: "size", type: "choice", codelist: "size", title: {fa: "اندازه", en: "Size"}}
conditions:
  - {number: 1, title: {fa: "نام درست", en: "A correct name"}}
inquiries:
  - id: "a"
    title: {fa: "الف", en: "A"}
    question: {fa: "چیست؟", en: "What?"}
    to: {role: "tax", place: "county"}
    sees: ["name"]
    returns: [{id: "number", type: "text", title: {fa: "شماره", en: "Number"}}]
    term: "5wd"
    term_ref: "law"
  - id: "b"
    title: {fa: "ب", en: "B"}
    question: {fa: "چیست؟", en: "What?"}
    to: {role: "health", place: "county"}
    needs: ["a.number"]
    sees: ["name", "a.number"]
    when: {fact: "size", op: "eq", value: "big"}
    term: "3wd"
    term_ref: "law"
decision:
  by: "municipality"
  term: "2wd"
  term_ref: "law"
  outcomes: ["approve", "reject"]
"""


def load(text: str = GOOD) -> packs.LoadResult:
    return packs.load(text, "service.yaml")


def swap(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def test_a_sound_pack_has_no_problems_at_all():
    result = load()
    assert result.problems == ()
    assert result.pack is not None
    assert (result.pack.id, result.pack.version) == ("small", "1.0.0")


@pytest.mark.parametrize("name", ["trade-clearance", "land-window", "business-licence"])
def test_shipped_pack_loads_without_errors_and_speaks_both_languages(name):
    text = packs.shipped()[name]
    result = packs.load(text, f"{name}/service.yaml")
    assert result.errors == ()
    assert result.pack is not None
    service = packs.compile(result.pack)
    assert service.id == name
    assert service.sample
    assert service.conditions
    for basis in service.legal_basis.values():
        assert basis.status in ("sample", "to_review")  # no lawyer has read them yet
    for persian in _texts(service.body):
        assert not re.search("[يكةۀ]", persian), persian  # Persian letters only
        assert "دیرکرد" not in persian


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "fa" in value:
            yield value["fa"]
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def test_silence_in_the_shipped_packs_is_the_one_of_the_law():
    made = {
        name: packs.compile(result.pack)
        for name, text in packs.shipped().items()
        if (result := packs.load(text, name)).pack
    }
    trade, land, business = (
        made[name] for name in ("trade-clearance", "land-window", "business-licence")
    )
    assert {one.silence.do for one in trade.inquiries} == {"none"}
    assert [(rung.at, rung.to) for rung in trade.inquiries[0].ladder[:3]] == [
        ("0", "agency-head"),
        ("+2wd", "governor"),
        ("+5wd", "first-vice-president"),
    ]
    assert all(rung.ack for one in trade.inquiries for rung in one.ladder)
    assert any(one.completion for one in trade.inquiries)
    assert land.by_key["social_security"].silence.do == "act_allowed_liability_remains"
    assert land.by_key["municipal_dues"].silence.do == "substitute_available"
    assert land.by_key["municipal_dues"].place == "county"
    assert land.by_key["registry_status"].predecessors == ()
    assert all(one.predecessors == ("registry_status",) for one in land.inquiries[1:])
    assert business.by_key["environment"].silence.do == "positive_answer"
    assert business.decision is not None
    assert business.decision.silence.do == "licence_issued"
    basis = business.legal_basis[business.decision.silence.ref]
    assert basis.status == "to_review"
    assert basis.date is not None
    assert basis.cite is not None


def test_the_list_of_roles_names_every_role_in_both_languages():
    found = packs.roles()
    assert len(found) > 30
    for role in found.values():
        assert role.title.fa
        assert role.title.en
        assert role.level in ("country", "province", "county", "site")
        assert role.kind in ("office", "agency", "body")


# text, code, line, a word of the message
FAULTS = [
    pytest.param(
        swap('owner: "municipality"', 'owner: "municipality"\nowner: "tax"'),
        ("yaml.duplicate_key", 7, "line 6"),
        id="key twice",
    ),
    pytest.param(
        swap('owner: "municipality"', "owner: no"), ("yaml.word_as_boolean", 6, "no"), id="no"
    ),
    pytest.param(
        swap('status: "sample"', "status: off"), ("yaml.word_as_boolean", 9, "off"), id="off"
    ),
    pytest.param(
        swap('    sees: ["name"]\n', '    sees: ["name"]\n    on: 3\n'),
        ("yaml.word_as_boolean", 29, "on"),
        id="on as key",
    ),
    pytest.param(swap("{number: 1,", "{number: 010,"), ("yaml.octal", 22, "010"), id="octal"),
    pytest.param(swap('id: "first"', "id: 12:30"), ("yaml.sexagesimal", 16, "12:30"), id="base 60"),
    pytest.param(
        swap('version: "1.0.0"', "version: 1.0"), ("yaml.number_as_text", 3, "1.0"), id="number"
    ),
    pytest.param(swap('owner: "municipality"', "owner:"), ("yaml.empty", 6, "owner"), id="empty"),
    pytest.param(swap('owner: "', '\towner: "'), ("yaml.tab", 6, "tab"), id="tab"),
    pytest.param(
        swap('title: {fa: "کوچک"', 'title: &x {fa: "کوچک"'), ("yaml.anchor", 4, "x"), id="anchor"
    ),
    pytest.param(swap('id: "small"', 'id: "small'), ("yaml.syntax", None, ""), id="open quote"),
    pytest.param(
        swap('title: {fa: "کوچک", en: "Small"}', 'title: {fa: "کوچک"}'),
        ("schema.missing_language", 4, "en"),
        id="no English",
    ),
    pytest.param(
        swap('    question: {fa: "چیست؟", en: "What?"}\n', ""),
        ("schema.required", 24, "question"),
        id="no question",
    ),
    pytest.param(
        swap('    sees: ["name"]\n', '    see: ["name"]\n'),
        ("schema.unknown_key", 28, "sees"),
        id="misspelt key",
    ),
    pytest.param(swap('term: "5wd"', 'term: "5 days"'), ("schema.pattern", 30, "5wd"), id="term"),
    pytest.param(
        swap('type: "activity"', 'type: "bird"'), ("schema.enum", 10, "organisation"), id="enum"
    ),
    pytest.param(swap('sees: ["name"]', 'sees: "name"'), ("schema.type", 28, "list"), id="type"),
    pytest.param(
        swap('op: "eq", value: "big"', 'op: "like", value: "big"'),
        ("schema.enum", 38, "eq"),
        id="operator",
    ),
    pytest.param(
        swap('when: {fact: "size", op: "eq", value: "big"}', "when: {always: 1}"),
        ("schema.rule", 38, "fact"),
        id="no rule",
    ),
    pytest.param(
        swap('date: "2020-01-01"', 'date: "2020-02-31"'), ("schema.pattern", 8, "date"), id="date"
    ),
    pytest.param(
        swap('role: "tax"', 'role: "taxx"'), ("pack.unknown_role", 27, "'tax'"), id="role"
    ),
    pytest.param(
        swap('needs: ["a.number"]', 'needs: ["c.number"]'),
        ("pack.unknown_inquiry", 36, "'c'"),
        id="inquiry",
    ),
    pytest.param(
        swap('needs: ["a.number"]', 'needs: ["a.numbr"]'),
        ("pack.unknown_field", 36, "a.number"),
        id="needed field",
    ),
    pytest.param(
        swap('sees: ["name", "a.number"]', 'sees: ["nam", "a.number"]'),
        ("pack.unknown_field", 37, "'name'"),
        id="seen field",
    ),
    pytest.param(
        swap('sees: ["name", "a.number"]', 'sees: ["name"]'),
        ("pack.sees_lacks_need", 36, "a.number"),
        id="need not shown",
    ),
    pytest.param(
        swap('fact: "size"', 'fact: "sise"'), ("pack.unknown_field", 38, "'size'"), id="fact"
    ),
    pytest.param(
        swap('fact: "size"', 'fact: "a.number"'),
        ("pack.when_reads_answer", 38, "a.number"),
        id="when reads an answer",
    ),
    pytest.param(
        swap('value: "big"', 'value: "huge"'), ("pack.unknown_reference", 38, "huge"), id="code"
    ),
    pytest.param(
        swap('codelist: "size"', 'codelist: "sizes"'),
        ("pack.unknown_codelist", 20, "'size'"),
        id="codelist",
    ),
    pytest.param(
        swap('term_ref: "law"', 'term_ref: "lawn"'),
        ("pack.unknown_legal_basis", 31, "'law'"),
        id="legal basis",
    ),
    pytest.param(
        swap('sees: ["name"]\n', 'sees: ["name"]\n    after: ["b"]\n'),
        ("pack.cycle", 24, "a → b → a"),
        id="circle",
    ),
    pytest.param(
        swap('sees: ["name"]\n', 'sees: ["name"]\n    on_silence: {do: "positive_answer"}\n'),
        ("pack.silence_without_ground", 29, "positive_answer"),
        id="silence without a ground",
    ),
    pytest.param(
        swap('sees: ["name"]\n', 'sees: ["name"]\n    for_each: "name"\n'),
        ("pack.not_a_table", 29, "name"),
        id="rows of no table",
    ),
    pytest.param(
        swap(
            'needs: ["a.number"]\n',
            'needs: ["a.number"]\n    after: ["a"]\n    join: {at_least: 2}\n',
        ),
        ("pack.unreachable", 38, "2"),
        id="quota too high",
    ),
    pytest.param(
        swap('when: {fact: "size", op: "eq", value: "big"}', "when: {any: []}"),
        ("pack.unreachable", 38, "never"),
        id="condition never holds",
    ),
    pytest.param(
        swap(
            'when: {fact: "size", op: "eq", value: "big"}',
            'when: {all: [{fact: "size", op: "eq", value: "big"},'
            ' {fact: "size", op: "eq", value: "tiny"}]}',
        ),
        ("pack.unreachable", 38, "never"),
        id="condition contradicts itself",
    ),
    pytest.param(
        swap('op: "eq", value: "big"', 'op: "eq"'),
        ("pack.rule_without_value", 38, "eq"),
        id="rule without a value",
    ),
    pytest.param(
        swap('value: "big"', 'value: [7, {"x": 1}]'),
        ("pack.unknown_reference", 38, "7"),
        id="odd values against a list",
    ),
    pytest.param(
        swap('op: "eq", value: "big"', 'op: "gte", value: {table: "t", column: "c"}'),
        ("pack.unknown_reference", 38, "'t'"),
        id="unknown table",
    ),
    pytest.param(
        swap('value: "big"', 'value: {fact: "nam"}'),
        ("pack.unknown_field", 38, "'name'"),
        id="unknown fact to compare with",
    ),
    pytest.param(
        swap('needs: ["a.number"]\n', 'needs: ["a.number"]\n    after: ["z"]\n'),
        ("pack.unknown_inquiry", 37, "'z'"),
        id="after an unknown inquiry",
    ),
    pytest.param(
        swap('sees: ["name", "a.number"]', 'sees: ["name"]').replace('["a.number"]', '["a"]'),
        ("pack.sees_lacks_need", 36, "'a'"),
        id="need of a whole answer, nothing shown",
    ),
    pytest.param(
        swap('sees: ["name"]\n', 'sees: ["name"]\n    for_each: "rows"\n'),
        ("pack.unknown_field", 29, "rows"),
        id="rows of an unknown table",
    ),
    pytest.param(
        swap('sees: ["name"]\n', 'sees: ["name"]\n    fee: "dear"\n'),
        ("pack.unknown_reference", 29, "dear"),
        id="unknown fee",
    ),
    pytest.param(
        swap('sees: ["name"]\n', 'sees: ["name"]\n    conditions: [9]\n'),
        ("pack.unknown_reference", 29, "9"),
        id="unknown condition",
    ),
    pytest.param(
        swap('sees: ["name"]\n', 'sees: ["name"]\n    legal_basis: ["lex"]\n'),
        ("pack.unknown_legal_basis", 29, "lex"),
        id="unknown duty",
    ),
    pytest.param(
        swap('id: "name"', 'id: "b"'), ("pack.duplicate_id", 32, "'b'"), id="same as field"
    ),
    pytest.param(swap('- id: "b"', '- id: "a"'), ("pack.duplicate_id", 32, "'a'"), id="id twice"),
    pytest.param(
        GOOD.replace(
            'conditions:\n  - {number: 1, title: {fa: "نام درست", en: "A correct name"}}\n', ""
        ),
        ("pack.refusal_without_condition", None, "conditions"),
        id="refusal without conditions",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAULTS)
def test_fault_is_named_at_its_line_with_a_way_to_mend_it(text, expected):
    code, line, word = expected
    result = load(text)
    assert result.pack is None
    found = [one for one in result.errors if one.code == code]
    assert found, [one.line_text() for one in result.problems]
    if line is not None:
        assert found[0].line == line
    if word == "never":
        assert "never" in found[0].what["en"]
    else:
        assert word in found[0].line_text("en")
    for language in ("fa", "en"):
        assert found[0].what[language]
        assert found[0].how[language]
        assert "{" not in found[0].what[language] + found[0].how[language].replace("{…}", "")
    assert re.search("[آ-ی]", found[0].what["fa"])


WARNINGS = [
    pytest.param(
        swap('    term: "3wd"\n    term_ref: "law"\n', '    term: "3wd"\n'),
        ("pack.term_without_ground", 39),
        id="term without a ground",
    ),
    pytest.param(
        swap(
            'sees: ["name"]\n',
            'sees: ["name"]\n    on_silence: {do: "positive_answer", ref: "example"}\n',
        ),
        ("pack.silence_on_sample", 29),
        id="consent on a sample",
    ),
    pytest.param(
        swap('sees: ["name"]\n', 'sees: ["name", "b.x"]\n').replace(
            '    when: {fact: "size"',
            '    returns: [{id: "x", type: "text", title: {fa: "ا", en: "x"}}]\n'
            '    when: {fact: "size"',
        ),
        ("pack.sees_too_early", 28),
        id="seen before it can be there",
    ),
    pytest.param(
        swap('date: "2020-01-01"', "date: 2020-01-01"), ("yaml.unquoted_date", 8), id="bare date"
    ),
    pytest.param(
        swap('term: "5wd"', 'term: [{term: "5wd", to: "2027-01-01"}]'),
        ("pack.term_without_default", 30),
        id="no term for later cases",
    ),
]


@pytest.mark.parametrize(("text", "expected"), WARNINGS)
def test_doubtful_point_is_a_warning_and_the_pack_still_loads(text, expected):
    result = load(text)
    assert result.errors == ()
    assert result.pack is not None
    assert [(one.code, one.line) for one in result.warnings] == [expected]


def test_all_faults_are_told_at_once():
    text = GOOD.replace('role: "tax"', 'role: "taxx"').replace('codelist: "size"', 'codelist: "s"')
    assert {one.code for one in load(text).errors} == {"pack.unknown_role", "pack.unknown_codelist"}


def test_expansion_bomb_is_refused_before_it_expands():
    lines = ['a0: &a0 ["x", "x", "x", "x", "x", "x", "x", "x", "x"]']
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert [one.code for one in load("\n".join(lines)).errors] == ["yaml.anchor"]
    assert [one.code for one in load("x" * 1_000_001).errors] == ["yaml.too_large"]
    assert [one.code for one in load("[" * 5000).errors] == ["yaml.too_large"]


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "3", "{}", "a: b: c", "? [x]\n: 1", "\x00", "x: " + "9" * 9999]
)
def test_anything_that_is_no_pack_gets_an_error_not_a_crash(text):
    result = load(text)
    assert result.pack is None
    assert result.errors


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_damage_to_a_pack_makes_the_loader_crash(data):
    place = data.draw(st.integers(0, len(GOOD) - 1))
    cut = data.draw(st.integers(0, 12))
    put = data.draw(st.text(st.sampled_from("ab{}[]:,-\"'\n\t 01&*#!|>%@yn"), max_size=6))
    result = load(GOOD[:place] + put + GOOD[place + cut :])
    assert (result.pack is None) == bool(result.errors)
    if result.pack is not None:
        packs.compile(result.pack)


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for key, one in inner:
            yield from _leaves(one, (*path, key))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_wrong_type_anywhere_is_reported_not_raised(data):
    body = copy.deepcopy(yaml.safe_load(GOOD))
    *way, last = data.draw(st.sampled_from([one for one in _leaves(body) if one]))
    part = body
    for key in way:
        part = part[key]
    part[last] = data.draw(st.sampled_from([None, 7, True, "x", [], {}, [7], {"x": 1}, -1.5]))
    result = load(yaml.safe_dump(body, allow_unicode=True))
    assert (result.pack is None) == bool(result.errors)
    if result.pack is not None:
        packs.compile(result.pack)


def test_stored_service_is_the_same_service_again():
    result = load()
    assert result.pack is not None
    made = packs.compile(result.pack)
    stored = json.loads(json.dumps(made.to_json()))
    again = packs.from_json(stored)
    assert again == made
    assert again.digest == made.digest
    assert len({again, made}) == 1
    reordered = dict(reversed(list(stored.items())))
    assert packs.from_json(reordered).digest == made.digest
    assert packs.from_json({**stored, "version": "1.0.1"}).digest != made.digest


def test_compiled_service_answers_for_its_parts():
    pack = load().pack
    assert pack is not None
    made = packs.compile(pack)
    assert made.order == ("a", "b")
    assert made.successors == {"a": ("b",), "b": ()}
    assert made.inquiry("b[7]").needs == (("a", "number"),)
    assert made.find_field("a.number") == made.by_key["a"].returns[0]
    assert made.find_field("name") is not None
    assert made.find_field("z.number") is None
    assert made.condition(1) == made.conditions[0]
    assert made.condition(2) is None
    assert made.by_key["a"].terms[0].ref == "law"
    assert made.title.get("fa") == "کوچک"


def test_defaults_hold_for_inquiries_that_say_nothing_else():
    text = swap(
        "inquiries:\n",
        'defaults:\n  escalate: [{at: "0", to: "governor", ack: "1wd"}]\ninquiries:\n',
    ).replace('sees: ["name"]\n', 'sees: ["name"]\n    escalate: [{at: "80%", to: "minister"}]\n')
    pack = load(text).pack
    assert pack is not None
    made = packs.compile(pack)
    assert [rung.to for rung in made.by_key["a"].ladder] == ["minister"]
    assert [rung.to for rung in made.by_key["b"].ladder] == ["governor"]


def test_a_circle_is_found_wherever_it_starts():
    assert find_cycle({"a": ["b"], "b": ["c"], "c": []}) == ()
    assert find_cycle({"a": ["b"], "b": ["c"], "c": ["b"]}) == ("b", "c", "b")
    assert find_cycle({"x": [], "a": ["x", "a"]}) == ("a", "a")
    chain = {f"n{n}": [f"n{n + 1}"] for n in range(5000)} | {"n5000": []}
    assert find_cycle(chain) == ()
    assert len(find_cycle({**chain, "n5000": ["n0"]})) == 5002


def test_every_problem_code_is_tried_here():
    tried = {param.values[1][0] for param in [*FAULTS, *WARNINGS]}
    elsewhere = {
        "yaml.too_large",
        "schema.value",
        "pack.silence_to_review",
        "pack.choice_without_list",
    }
    assert set(WORDING) - tried == elsewhere


def test_silence_awaiting_legal_review_is_a_warning():
    text = swap('status: "in_force"', 'status: "to_review"').replace(
        'sees: ["name"]\n',
        'sees: ["name"]\n    on_silence: {do: "act_allowed", ref: "law"}\n',
    )
    assert [one.code for one in load(text).problems] == ["pack.silence_to_review"]


def test_silence_with_a_law_in_force_is_accepted_without_a_word():
    text = swap(
        'sees: ["name"]\n', 'sees: ["name"]\n    on_silence: {do: "act_allowed", ref: "law"}\n'
    )
    assert load(text).problems == ()


def test_a_pack_may_lack_decision_terms_and_contradict_nothing():
    text = GOOD[: GOOD.index("decision:")].replace(
        'when: {fact: "size", op: "eq", value: "big"}',
        'when: {all: [{fact: "size", op: "filled"}, {fact: "size", op: "eq", value: "big"}]}',
    )
    assert load(text).problems == ()
    text = swap('  term: "2wd"\n  term_ref: "law"\n', "")
    result = load(text)
    assert result.problems == ()
    assert result.pack is not None
    decision = packs.compile(result.pack).decision
    assert decision is not None
    assert decision.terms == ()


def test_choice_without_a_list_is_refused():
    text = swap('type: "choice", codelist: "size",', 'type: "choice",')
    assert "pack.choice_without_list" in {one.code for one in load(text).errors}


def test_repeated_item_is_refused_with_the_meaning_of_the_key():
    text = swap('sees: ["name"]', 'sees: ["name", "name"]')
    assert [(one.code, one.line) for one in load(text).errors] == [("schema.value", 28)]


def test_reference_page_is_current(request):
    page = request.config.rootpath / "docs/reference/packs.md"
    assert page.read_text("utf-8") == pack_reference.page()


def test_every_part_of_the_schema_is_described():
    for row in pack_reference.rows():
        assert row.about, row.path


def test_the_fourth_service_of_the_guide_loads_as_it_stands(request):
    guide = (request.config.rootpath / "docs/how-to/add-a-service.md").read_text("utf-8")
    [text] = re.findall(r"```yaml\n(payvand:.*?)```", guide, re.DOTALL)
    result = packs.load(text, "street-cafe/service.yaml")
    assert [one.line_text() for one in result.errors] == []
    assert result.pack is not None
    made = packs.compile(result.pack)
    assert made.id == "street-cafe"
    told = {one.line_text() for one in result.warnings}
    shown = re.findall(r"^(street-cafe/service\.yaml:.*)$", guide, re.MULTILINE)
    assert set(shown) <= told  # what the guide says the loader says
    assert shown
    plan = graph.plan(made, {"cooks_outside": True}, date(2026, 4, 4))
    days = {one.key: one.terms[0].term.amount for one in made.inquiries}
    assert graph.critical_path(made, plan, days).total == 7  # "5 + 2 working days"
