"""Do the parts of a pack fit together: references, grounds, data needs, order?

Pure. Works on data that has passed the schema; every finding has a position in the file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from payvand.window.rules.pack_compile import find_cycle
from payvand.window.rules.pack_problems import Path
from payvand.window.rules.pack_schema import nearest
from payvand.window.rules.pack_yaml import Source

# facts that the window adds to what the applicant typed
ROOTS = frozenset("applicant organisation person subject site place assessment review row".split())
UNARY = frozenset({"filled", "empty", "is_true", "is_false"})
REFUSALS = frozenset({"reject"})


@dataclass(slots=True)
class Names:
    """Everything in a pack that can be referred to."""

    fields: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    answers: dict[str, dict[str, Mapping[str, Any]]] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)  # id -> status
    codelists: dict[str, set[str]] = field(default_factory=dict)
    derived: set[str] = field(default_factory=set)
    fees: set[str] = field(default_factory=set)
    checks: set[str] = field(default_factory=set)
    conditions: set[int] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    repeated: set[str] = field(default_factory=set)  # inquiries with a branch for each row


def check(source: Source, *, roles: Collection[str]) -> None:
    """Report unknown references, circles, silence without a ground, and data that is not shown."""
    pack = source.data
    names = _collect(pack, source)
    _check_references(pack, names, roles, source)
    _check_fields(pack, names, source)
    for path, rule, reads_answers in _rules(pack):
        _check_rule(path, rule, names, source, reads_answers=reads_answers)
    _check_graph(pack, names, source)
    for path, part in _answerers(pack):
        _check_silence(path, part, names, source)
        _check_terms(path, part, source)
    _check_decision(pack, source)


def _collect(pack: Mapping[str, Any], source: Source) -> Names:
    names = Names()
    for path, one in _listed(pack, "legal_basis"):
        _once(names.bases, one["id"], one["status"], path, source)
    for n, step in enumerate(pack.get("form", ())):
        for m, one in enumerate(step["fields"]):
            _once(names.fields, one["id"], one, ("form", n, "fields", m), source)
    for path, one in _listed(pack, "inquiries"):
        returned = {given["id"]: given for given in one.get("returns", ())}
        _once(names.answers, one["id"], returned, path, source)
        if one["id"] in names.fields:
            source.report("pack.duplicate_id", (*path, "id"), id=one["id"])
    for name, codes in pack.get("codelists", {}).items():
        names.codelists[name] = {one["code"] for one in codes}
    names.derived = {one["id"] for one in pack.get("derive", ())}
    names.repeated = {one["id"] for one in pack.get("inquiries", ()) if "for_each" in one}
    names.tables = set(pack.get("tables", {}))
    seen: dict[str, dict[Any, Any]] = {"fees": {}, "checks": {}, "conditions": {}}
    for part, found in seen.items():
        for path, one in _listed(pack, part):
            _once(found, one["number" if part == "conditions" else "id"], True, path, source)
    names.fees, names.checks = set(seen["fees"]), set(seen["checks"])
    names.conditions = set(seen["conditions"])
    return names


def _listed(pack: Mapping[str, Any], part: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for n, one in enumerate(pack.get(part, ())):
        yield (part, n), one


def _once(  # noqa: PLR0917
    found: dict[Any, Any], key: Any, value: Any, path: Path, source: Source
) -> None:
    if key in found:
        source.report("pack.duplicate_id", path, id=key)
    else:
        found[key] = value


def _walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, str, Any]]:
    """Yield (path, key, value) of every key at any depth, except inside dated tables."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not path and key in ("tables", "codelists"):
                continue
            yield (*path, key), key, inner
            yield from _walk(inner, (*path, key))
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from _walk(inner, (*path, n))


def _check_references(
    pack: Mapping[str, Any], names: Names, roles: Collection[str], source: Source
) -> None:
    for path, key, value in _walk(pack):
        if _is_role(path, key, value) and value not in roles:
            source.report("pack.unknown_role", path, id=value, **nearest(value, roles))
        elif key in ("ref", "term_ref") and "legal_basis" not in path[:1]:
            _known_basis(value, path, names, source)
        elif key == "legal_basis" and path[0] == "inquiries":
            for n, one in enumerate(value):
                _known_basis(one, (*path, n), names, source)
        elif key == "codelist" and value not in names.codelists:
            source.report(
                "pack.unknown_codelist", path, id=value, **nearest(value, names.codelists)
            )
        elif key == "fee" and value not in names.fees:
            source.report("pack.unknown_reference", path, id=value, **nearest(value, names.fees))
        elif key == "conditions" and path[0] == "inquiries":
            _known_ones(value, {str(n) for n in names.conditions}, path, source)
    decision = pack.get("decision", {})
    _known_ones(decision.get("checks", ()), names.checks, ("decision", "checks"), source)
    licence = pack.get("licence", {})
    known = {*names.fields, *names.derived, "holder", "valid_from", "valid_to", "status", "number"}
    for key in ("scope", "public"):
        _known_ones(licence.get(key, ()), known, ("licence", key), source)


def _is_role(path: Path, key: str, value: Any) -> bool:
    if not isinstance(value, str):
        return False
    if path == ("owner",) or key in ("role", "issuer", "waivable_by", "provider"):
        return True
    if key in ("by", "second") and path[0] == "decision":
        return True
    return key == "to" and path[0] != "effective" and ("escalate" in path or path[0] == "fees")


def _known_basis(value: str, path: Path, names: Names, source: Source) -> None:
    if value not in names.bases:
        source.report("pack.unknown_legal_basis", path, id=value, **nearest(value, names.bases))


def _known_ones(values: Any, known: Collection[str], path: Path, source: Source) -> None:
    for n, one in enumerate(values):
        if str(one) not in known:
            source.report("pack.unknown_reference", (*path, n), id=one, **nearest(str(one), known))


def _check_fields(pack: Mapping[str, Any], names: Names, source: Source) -> None:
    for path, key, value in _walk(pack):
        if key not in ("fields", "returns", "items", "columns") or not isinstance(value, list):
            continue
        for n, one in enumerate(value):
            is_choice = isinstance(one, dict) and one.get("type") in ("choice", "choices")
            if is_choice and "codelist" not in one:
                source.report("pack.choice_without_list", (*path, n), id=one["id"])


def _rules(pack: Mapping[str, Any]) -> Iterator[tuple[Path, Any, bool]]:
    """Yield every rule over the case's facts; rows of tables have names of their own."""
    for path, key, value in _walk(pack):
        is_rule = key in ("when", "show_when", "required_when", "rule") and isinstance(value, dict)
        if is_rule and "columns" not in path:
            yield path, value, path[0] in ("checks", "decision") or "term" in path


def _conditions(rule: Any, path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for way in ("all", "any"):
        for n, inner in enumerate(rule.get(way, ())):
            yield from _conditions(inner, (*path, way, n))
    if "not" in rule:
        yield from _conditions(rule["not"], (*path, "not"))
    if "op" in rule:
        yield path, rule


def _check_rule(
    path: Path, rule: Any, names: Names, source: Source, *, reads_answers: bool
) -> None:
    for place, one in _conditions(rule, path):
        value = one.get("value")
        if one["op"] not in UNARY and "value" not in one:
            source.report("pack.rule_without_value", place, op=one["op"])
        _check_fact(one["fact"], (*place, "fact"), names, source, reads_answers=reads_answers)
        if isinstance(value, dict) and "fact" in value:
            inner = (*place, "value", "fact")
            _check_fact(value["fact"], inner, names, source, reads_answers=reads_answers)
        elif isinstance(value, dict):
            _known_ones([value["table"]], names.tables, (*place, "value", "table"), source)
        else:
            _check_choice(one, (*place, "value"), names, source)


def _check_fact(
    fact: str, path: Path, names: Names, source: Source, *, reads_answers: bool
) -> None:
    root, _, inner = fact.partition(".")
    known = (
        fact in names.fields
        or fact in names.derived
        or fact == "today"
        or (root in ROOTS and inner)
    )
    if known or (reads_answers and inner in names.answers.get(root, ())):
        return
    if inner in names.answers.get(root, ()):
        source.report("pack.when_reads_answer", path, id=fact)
        return
    answers = [f"{key}.{one}" for key, given in names.answers.items() for one in given]
    hint = nearest(fact, [*names.fields, *names.derived, *(answers if reads_answers else ())])
    source.report("pack.unknown_field", path, id=fact, **hint)


def _check_choice(rule: Mapping[str, Any], path: Path, names: Names, source: Source) -> None:
    """Report a code that the list does not hold: such a comparison can never be true."""
    codelist = names.fields.get(rule["fact"], {}).get("codelist")
    if (
        "value" not in rule
        or codelist not in names.codelists
        or rule["op"] not in ("eq", "ne", "in", "not_in", "has_any")
    ):
        return
    value = rule.get("value")
    if isinstance(value, list):
        _known_ones(value, names.codelists[codelist], path, source)
    elif value not in names.codelists[codelist]:
        hint = nearest(str(value), names.codelists[codelist])
        source.report("pack.unknown_reference", path, id=value, **hint)


def _check_graph(pack: Mapping[str, Any], names: Names, source: Source) -> None:
    waits_for: dict[str, list[str]] = {}
    for path, one in _listed(pack, "inquiries"):
        needed = [need.partition(".")[0] for need in one.get("needs", ())]
        waits_for[one["id"]] = [*needed, *one.get("after", ())]
        _check_needs(one, path, names, source)
        _check_reachable(one, path, names, source)
    cycle = find_cycle(waits_for)
    if cycle:
        at = next(p for p, one in _listed(pack, "inquiries") if one["id"] == cycle[0])
        source.report("pack.cycle", at, cycle=" → ".join(cycle))
        return
    reach = _all_before(waits_for)
    for path, one in _listed(pack, "inquiries"):
        _check_sees(one, path, names, reach[one["id"]], source)


def _all_before(waits_for: Mapping[str, list[str]]) -> dict[str, set[str]]:
    """Return for each inquiry all that surely came before it."""
    found: dict[str, set[str]] = {}

    def before(key: str) -> set[str]:
        if key not in found:
            direct = [one for one in waits_for[key] if one in waits_for]
            found[key] = set(direct).union(*(before(one) for one in direct))
        return found[key]

    for key in waits_for:
        before(key)
    return found


def _check_needs(one: Mapping[str, Any], path: Path, names: Names, source: Source) -> None:
    sees = set(one.get("sees", ()))
    for n, need in enumerate(one.get("needs", ())):
        key, _, inner = need.partition(".")
        place = (*path, "needs", n)
        if key not in names.answers:
            source.report("pack.unknown_inquiry", place, id=key, **nearest(key, names.answers))
        elif inner and inner not in names.answers[key]:
            known = [f"{key}.{given}" for given in names.answers[key]]
            source.report("pack.unknown_field", place, id=need, **nearest(need, known))
        elif inner and need not in sees:
            source.report("pack.sees_lacks_need", place, id=need)
        elif not inner and not any(shown.startswith(f"{key}.") for shown in sees):
            source.report("pack.sees_lacks_need", place, id=key)
    for n, key in enumerate(one.get("after", ())):
        if key not in names.answers:
            hint = nearest(key, names.answers)
            source.report("pack.unknown_inquiry", (*path, "after", n), id=key, **hint)


def _check_reachable(one: Mapping[str, Any], path: Path, names: Names, source: Source) -> None:
    table = one.get("for_each")
    if table is not None and table not in names.fields:
        hint = nearest(table, names.fields)
        source.report("pack.unknown_field", (*path, "for_each"), id=table, **hint)
    elif table is not None and names.fields[table]["type"] != "table":
        source.report("pack.not_a_table", (*path, "for_each"), id=table)
    join, after = one.get("join"), one.get("after", ())
    # how many answers a repeated inquiry brings is known only in each case
    repeated = names.repeated & set(after)
    if isinstance(join, dict) and join["at_least"] > len(after) and not repeated:
        source.report(
            "pack.unreachable",
            (*path, "join"),
            id=one["id"],
            why=f"{join['at_least']} answers are awaited, `after` lists {len(after)}",
            why_fa=f"{join['at_least']} پاسخ لازم است، اما after تنها {len(after)} استعلام دارد",
        )
    if _is_never(one.get("when")):
        source.report(
            "pack.unreachable",
            (*path, "when"),
            id=one["id"],
            why="its condition can never hold",
            why_fa="شرطش هرگز برقرار نمی‌شود",
        )


def _is_never(rule: Any) -> bool:
    """Say whether a rule is false whatever the facts are."""
    if not isinstance(rule, dict):
        return False
    if "any" in rule:
        return all(_is_never(inner) for inner in rule["any"])
    if "all" in rule:
        return any(_is_never(inner) for inner in rule["all"]) or _contradicts(rule["all"])
    return rule.get("op") == "in" and rule.get("value") == []


def _contradicts(rules: Any) -> bool:
    """Say whether one fact would have to equal two values at once."""
    wanted: dict[str, Any] = {}
    for one in rules:
        value = one.get("value")
        if one.get("op") != "eq" or isinstance(value, dict):
            continue
        if wanted.setdefault(one["fact"], value) != value:
            return True
    return False


def _check_sees(  # noqa: PLR0917
    one: Mapping[str, Any], path: Path, names: Names, before: set[str], source: Source
) -> None:
    for n, shown in enumerate(one.get("sees", ())):
        key, _, inner = shown.partition(".")
        place = (*path, "sees", n)
        if not inner and (key in names.fields or key in names.derived):
            continue
        if inner and inner in names.answers.get(key, ()):
            if key not in before:
                source.report("pack.sees_too_early", place, id=shown)
            continue
        answers = [f"{asked}.{given}" for asked, all_ in names.answers.items() for given in all_]
        hint = nearest(shown, [*names.fields, *names.derived, *answers])
        source.report("pack.unknown_field", place, id=shown, **hint)


def _answerers(pack: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    yield from _listed(pack, "inquiries")
    if "decision" in pack:
        yield ("decision",), pack["decision"]


def _check_silence(path: Path, part: Mapping[str, Any], names: Names, source: Source) -> None:
    silence = part.get("on_silence", {"do": "none"})
    place = (*path, "on_silence")
    if silence["do"] == "none":
        return
    status = names.bases.get(silence.get("ref", ""))
    if "ref" not in silence:
        source.report("pack.silence_without_ground", place, do=silence["do"])
    elif status == "sample":
        source.report("pack.silence_on_sample", place, id=silence["ref"])
    elif status == "to_review":
        source.report("pack.silence_to_review", place, id=silence["ref"])


def _check_terms(path: Path, part: Mapping[str, Any], source: Source) -> None:
    term = part.get("term")
    if term is None:
        return
    place = (*path, "term")
    if isinstance(term, str):
        if "term_ref" not in part:
            source.report("pack.term_without_ground", place, term=term)
        return
    for n, one in enumerate(term):
        if "ref" not in one and "term_ref" not in part:
            source.report("pack.term_without_ground", (*place, n), term=one["term"])
    if all("when" in one or "to" in one or "from" in one for one in term):
        source.report("pack.term_without_default", place)


def _check_decision(pack: Mapping[str, Any], source: Source) -> None:
    outcomes = pack.get("decision", {}).get("outcomes", ())
    if REFUSALS & set(outcomes) and not pack.get("conditions"):
        source.report("pack.refusal_without_condition", ("decision", "outcomes"))
