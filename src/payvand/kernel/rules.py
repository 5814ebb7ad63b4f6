"""Does a rule hold for these facts: yes, no, or unknown, and how did that come about?

Rules are data with closed operators (the schema of packs, ``rule``): ``all``, ``any``, ``not``, or
``{fact, op, value}``. Logic is Kleene's: a missing fact is unknown, never "no", except for `filled`
and `empty`. What cannot be compared is unknown too, with a line in the trace that says so. Every
condition is judged, none is skipped, so that the trace shows every obstacle at once.

Derived figures (``derive`` of a pack) are sums, counts and the like over table rows. A row that is
unknown (its value, or whether it belongs) makes the whole figure unknown: a sum that silently
leaves rows out would be wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from payvand.kernel.clock import local_date
from payvand.kernel.errors import Invalid, gettext_noop

Facts = Mapping[str, Any]
Tables = Mapping[str, Mapping[str, Any]]
Kleene = bool | None

MISSING_FACT = gettext_noop("not known")
NOT_COMPARABLE = gettext_noop("cannot be compared")
NO_ROW = gettext_noop("no row of the table applies")


class BadRule(Invalid):
    """The rule is not built from the closed operators."""

    code = "rule.bad"
    what = gettext_noop("The rule at {place} cannot be read.")
    why = gettext_noop("{problem}")
    now = gettext_noop("Use all, any, not, or a fact with one of the listed operators.")


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One condition as it was judged."""

    place: str  # where in the rule: "all[1].not"
    fact: str
    op: str
    actual: Any  # None when not known
    expected: Any  # the operand, looked up
    value: Kleene
    note: str = ""  # MISSING_FACT, NOT_COMPARABLE or NO_ROW when unknown


@dataclass(frozen=True, slots=True)
class Verdict3:
    """Yes (True), no (False) or unknown (None), with its trace."""

    value: Kleene
    trace: tuple[TraceLine, ...]

    def __bool__(self) -> bool:
        raise TypeError("a verdict has three values: compare `value` with True, False or None")


def evaluate(
    rule: Mapping[str, Any],
    facts: Facts,
    *,
    tables: Tables | None = None,
    at: date | None = None,
) -> Verdict3:
    """Return whether the rule holds, with one trace line per condition.

    tables: dated tables as in a pack; at: the day whose row applies, by default the newest row.
    Raises BadRule for what the operators do not cover, never for a fact.

    >>> rule = {"all": [{"fact": "site.zone", "op": "eq", "value": "free"},
    ...                 {"fact": "share", "op": "gte", "value": 51}]}
    >>> evaluate(rule, {"site": {"zone": "free"}}).value is None
    True
    >>> evaluate(rule, {"site": {"zone": "mainland"}}).value
    False
    """
    judge = _Judge(facts, tables or {}, at)
    return Verdict3(judge.value(rule, ""), tuple(judge.trace))


def facts_used(rule: Mapping[str, Any], tables: Tables | None = None) -> set[str]:
    """Return the paths of all facts that a rule reads, the keys of its tables included.

    >>> sorted(facts_used({"not": {"fact": "a.b", "op": "lt", "value": {"fact": "c"}}}))
    ['a.b', 'c']
    """
    for word in ("all", "any"):
        if word in rule:
            return {fact for part in rule[word] for fact in facts_used(part, tables)}
    if "not" in rule:
        return facts_used(rule["not"], tables)
    used = {rule["fact"]}
    operand = rule.get("value")
    if isinstance(operand, Mapping) and "fact" in operand:
        used.add(operand["fact"])
    if isinstance(operand, Mapping) and operand.get("table") in (tables or {}):
        used.add((tables or {})[operand["table"]]["key"])
    return used


def look_up(facts: Facts, path: str) -> Any:
    """Return the fact at a dotted path, or None when it is not known."""
    if path in facts:
        return facts[path]
    found: Any = facts
    for step in path.split("."):
        if not isinstance(found, Mapping) or step not in found:
            return None
        found = found[step]
    return found


def kleene_all(values: Iterable[Kleene]) -> Kleene:
    """Return no if any is no, else unknown if any is unknown, else yes."""
    seen = set(values)
    return False if False in seen else None if None in seen else True


def kleene_any(values: Iterable[Kleene]) -> Kleene:
    """Return yes if any is yes, else unknown if any is unknown, else no."""
    seen = set(values)
    return True if True in seen else None if None in seen else False


def kleene_not(value: Kleene) -> Kleene:
    """Return the opposite; the opposite of unknown is unknown."""
    return None if value is None else not value


class _Judge:
    """Walks one rule over one set of facts and keeps the trace."""

    def __init__(self, facts: Facts, tables: Tables, at: date | None) -> None:
        self.facts, self.tables, self.at = facts, tables, at
        self.trace: list[TraceLine] = []

    def value(self, rule: Any, place: str) -> Kleene:
        """Return the value of a rule or of a part of one."""
        if not isinstance(rule, Mapping):
            raise BadRule(place=place or "/", problem=f"{rule!r} is no rule")
        dot = f"{place}." if place else ""
        if rule.keys() == {"not"}:
            return kleene_not(self.value(rule["not"], f"{dot}not"))
        for word, join in (("all", kleene_all), ("any", kleene_any)):
            if rule.keys() == {word} and isinstance(rule[word], Sequence):
                parts = enumerate(rule[word])
                return join([self.value(part, f"{dot}{word}[{n}]") for n, part in parts])
        if not {"fact", "op"} <= rule.keys() <= {"fact", "op", "value"}:
            raise BadRule(place=place or "/", problem=f"unknown form with {sorted(rule)}")
        return self._condition(rule, place or "/")

    def _condition(self, rule: Mapping[str, Any], place: str) -> Kleene:
        fact, op = rule["fact"], rule["op"]
        if not isinstance(fact, str) or not isinstance(op, str):
            raise BadRule(place=place, problem="a fact and an operator are words")
        actual = look_up(self.facts, fact)
        expected, note = None, ""
        if op in _UNARY:
            value = _UNARY[op](actual)
        elif op not in _BINARY:
            raise BadRule(place=place, problem=f"unknown operator {op!r}")
        elif "value" not in rule:
            raise BadRule(place=place, problem=f"{op} needs a value")
        else:
            expected, note = self._operand(rule["value"], place)
            known = actual is not None and expected is not None
            value = _BINARY[op](actual, expected) if known else None
        if value is not None:
            note = ""
        elif actual is None:
            note = MISSING_FACT
        elif expected is not None or not note:
            note = NOT_COMPARABLE
        self.trace.append(TraceLine(place, fact, op, actual, expected, value, note))
        return value

    def _operand(self, operand: Any, place: str) -> tuple[Any, str]:
        """Return the value to compare with, or None and the reason why it is not known."""
        if not isinstance(operand, Mapping):
            return operand, ""
        if operand.keys() == {"fact"}:
            return look_up(self.facts, operand["fact"]), MISSING_FACT
        if operand.keys() != {"table", "column"}:
            raise BadRule(place=place, problem=f"unknown operand with {sorted(operand)}")
        if operand["table"] not in self.tables:
            raise BadRule(place=place, problem=f"unknown table {operand['table']!r}")
        return self._cell(self.tables[operand["table"]], operand["column"]), NO_ROW

    def _cell(self, table: Mapping[str, Any], column: str) -> Any:
        key = look_up(self.facts, table["key"])
        valid = [
            (since, row[column])
            for row in table["rows"]
            if row["key"] == key and column in row
            for since, until in [(as_date(row.get("from")), as_date(row.get("to")))]
            if self.at is None or (since or date.min) <= self.at <= (until or date.max)
        ]
        # Later rows win among equals, so that a correction may simply be added.
        newest = max(enumerate(valid), key=lambda v: (v[1][0] or date.min, v[0]), default=None)
        return None if newest is None else newest[1][1]


def as_date(value: Any) -> date | None:
    """Return the day that a date, an aware moment or an ISO text states, or None."""
    if isinstance(value, datetime):
        return local_date(value)
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return None


def as_number(value: Any) -> Decimal | None:
    """Return the exact number, or None for what is none; truth values and texts are none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    return number if number.is_finite() else None


def is_list(value: Any) -> bool:
    """Tell whether the value is a list of values."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _is_empty(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or ((is_list(value) or isinstance(value, Mapping)) and not value)


def _eq(left: Any, right: Any) -> Kleene:
    first, second = as_number(left), as_number(right)
    if first is not None and second is not None:
        return first == second
    if isinstance(left, date) or isinstance(right, date):
        day, other = as_date(left), as_date(right)
        return None if day is None or other is None else day == other
    for kind in (bool, str):
        if isinstance(left, kind) and isinstance(right, kind):
            return bool(left == right)
    if is_list(left) and is_list(right):
        if len(left) != len(right):
            return False
        return kleene_all(_eq(a, b) for a, b in zip(left, right, strict=True))
    return None


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Kleene]:
    """Return an operator over two numbers or two dates; words have no order."""

    def operator(left: Any, right: Any) -> Kleene:
        for reading in (as_number, as_date):
            first, second = reading(left), reading(right)
            if first is not None and second is not None:
                return compare(first, second)
        return None

    return operator


def _in(value: Any, members: Any) -> Kleene:
    if is_list(value) or not is_list(members):
        return None
    return kleene_any(_eq(value, member) for member in members)


def _has(join: Callable[[Iterable[Kleene]], Kleene]) -> Callable[[Any, Any], Kleene]:
    def operator(values: Any, wanted: Any) -> Kleene:
        if not is_list(values) or not is_list(wanted):
            return None
        return join([_in(each, values) for each in wanted])

    return operator


def _holds(held: Any, wanted: Any) -> Kleene:
    """Every certificate asked for is among those held, at the level asked for or above."""
    if not is_list(held) or not is_list(wanted):
        return None
    return kleene_all(kleene_any(_covers(each, want) for each in held) for want in wanted)


def _covers(held: Any, want: Any) -> Kleene:
    if isinstance(want, str):
        return _eq(held.get("type") if isinstance(held, Mapping) else held, want)
    if not isinstance(held, Mapping) or not isinstance(want, Mapping):
        return None
    return kleene_all(
        _BINARY["gte" if as_number(least) is not None else "eq"](held.get(part), least)
        for part, least in want.items()
    )


_UNARY: dict[str, Callable[[Any], Kleene]] = {
    "filled": lambda value: not _is_empty(value),
    "empty": _is_empty,
    "is_true": lambda value: value if isinstance(value, bool) else None,
    "is_false": lambda value: not value if isinstance(value, bool) else None,
}
_BINARY: dict[str, Callable[[Any, Any], Kleene]] = {
    "eq": _eq,
    "ne": lambda left, right: kleene_not(_eq(left, right)),
    "lt": _ordered(lambda left, right: left < right),
    "lte": _ordered(lambda left, right: left <= right),
    "gt": _ordered(lambda left, right: left > right),
    "gte": _ordered(lambda left, right: left >= right),
    "in": _in,
    "not_in": lambda value, members: kleene_not(_in(value, members)),
    "has_all": _has(kleene_all),
    "has_any": _has(kleene_any),
    "holds": _holds,
}
OPERATORS = (*_BINARY, *_UNARY)

_AGGREGATES: dict[str, Callable[[list[Decimal]], Decimal | None]] = {
    "sum": lambda values: sum(values, Decimal(0)),
    "min": lambda values: min(values, default=None),
    "max": lambda values: max(values, default=None),
    "mean": lambda values: sum(values, Decimal(0)) / len(values) if values else None,
}
FUNCTIONS = (*_AGGREGATES, "count", "ratio")


def derive(declarations: Iterable[Mapping[str, Any]], facts: Facts) -> dict[str, Decimal | None]:
    """Return the derived figures by their ids, None for what cannot be known.

    declarations: in order; a ratio may use figures derived before it. Raises BadRule for an unknown
    function.

    >>> parts = [{"value": 30, "origin": "domestic"}, {"value": 10, "origin": "foreign"}]
    >>> local = {"fact": "origin", "op": "eq", "value": "domestic"}
    >>> derive([{"id": "all", "fn": "sum", "of": "parts.value"},
    ...         {"id": "local", "fn": "sum", "of": "parts.value", "where": local},
    ...         {"id": "share", "fn": "ratio", "of": "local", "over": "all", "unit": "percent"}],
    ...        {"parts": parts})
    {'all': Decimal('40'), 'local': Decimal('30'), 'share': Decimal('75')}
    """
    figures: dict[str, Decimal | None] = {}
    for each in declarations:
        figures[each["id"]] = _figure(each, {**facts, **figures})
    return figures


def _figure(declared: Mapping[str, Any], facts: Facts) -> Decimal | None:
    function, of = declared["fn"], declared["of"]
    if function not in FUNCTIONS:
        raise BadRule(place=declared["id"], problem=f"unknown function {function!r}")
    if function == "ratio":
        return _ratio(declared, facts)
    table, _, column = (of, "", "") if function == "count" else of.rpartition(".")
    rows = _rows(look_up(facts, table), declared.get("where"))
    if rows is None:
        return None
    if function == "count":
        return Decimal(len(rows))
    values = [as_number(look_up(row, column)) for row in rows]
    known = [value for value in values if value is not None]
    return _AGGREGATES[function](known) if len(known) == len(values) else None


def _rows(table: Any, where: Mapping[str, Any] | None) -> list[Facts] | None:
    """Return the rows that belong, or None when that cannot be known."""
    if not is_list(table) or not all(isinstance(row, Mapping) for row in table):
        return None
    if where is None:
        return list(table)
    belongs = [evaluate(where, row).value for row in table]
    if None in belongs:
        return None
    return [row for row, belonging in zip(table, belongs, strict=True) if belonging]


def _ratio(declared: Mapping[str, Any], facts: Facts) -> Decimal | None:
    part = as_number(look_up(facts, declared["of"]))
    whole = as_number(look_up(facts, declared["over"]))
    if part is None or whole is None or whole == 0:
        return None
    # Multiply first: 75 must come out as 75 and not as a rounded neighbour.
    return part * 100 / whole if declared.get("unit") == "percent" else part / whole
