"""Which inquiries does this application call for, and which nodes does each wait for?

Pure. A plan is made once, at the day of submission, and kept with the application.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from payvand.kernel.rules import TraceLine, evaluate
from payvand.window.rules.pack_model import CompiledService, Inquiry

Traced = tuple[str, tuple[TraceLine, ...]]


@dataclass(frozen=True, slots=True)
class Plan:
    """Which inquiries one application asks, judged at the day of submission.

    skipped and undecided carry the trace of `when`; undecided nodes are active all the same.
    branches: number of rows of each repeated inquiry.
    """

    active: tuple[str, ...]
    skipped: tuple[Traced, ...] = ()
    undecided: tuple[Traced, ...] = ()
    branches: Mapping[str, int] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    place: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        groups: dict[str, list[str]] = {}
        for node in self.active:
            groups.setdefault(base(node), []).append(node)
        object.__setattr__(self, "groups", {key: tuple(nodes) for key, nodes in groups.items()})
        object.__setattr__(self, "place", {node: n for n, node in enumerate(self.active)})

    def to_json(self) -> dict[str, Any]:
        """Return the plan as plain JSON data, to be kept with the application."""
        return {
            "active": list(self.active),
            "skipped": [_traced_out(one) for one in self.skipped],
            "undecided": [_traced_out(one) for one in self.undecided],
            "branches": dict(self.branches),
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Plan:
        """Return the plan that `to_json` wrote; values in traces come back as JSON has them."""
        return cls(
            active=tuple(body["active"]),
            skipped=tuple(_traced_in(one) for one in body["skipped"]),
            undecided=tuple(_traced_in(one) for one in body["undecided"]),
            branches=dict(body["branches"]),
        )


def _traced_out(traced: Traced) -> list[Any]:
    lines = [
        {name: _plain(getattr(line, name)) for name in TraceLine.__dataclass_fields__}
        for line in traced[1]
    ]
    return [traced[0], lines]


def _traced_in(body: Sequence[Any]) -> Traced:
    node, lines = body
    return node, tuple(TraceLine(**line) for line in lines)


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def base(node: str) -> str:
    """Return the inquiry of a node.

    >>> base("lab[3]")
    'lab'
    """
    return node.partition("[")[0]


def plan(service: CompiledService, facts: Mapping[str, Any], at: date) -> Plan:
    """Return which inquiries these facts call for on the day `at` (rules may read it as `today`).

    An unknown `when` means that the inquiry is asked: unknown is never "no".
    """
    known = {**facts, "today": at}
    active: list[str] = []
    skipped: list[Traced] = []
    undecided: list[Traced] = []
    branches: dict[str, int] = {}
    tables = service.body.get("tables", {})
    for inquiry in service.inquiries:
        nodes = _nodes(inquiry, known)
        if inquiry.for_each:
            branches[inquiry.key] = len(nodes)
            if not nodes:
                skipped.append((inquiry.key, ()))
            elif not isinstance(known.get(inquiry.for_each), list | tuple):
                undecided.append((nodes[0][0], ()))
        for node, row in nodes:
            if inquiry.when is None:
                active.append(node)
                continue
            seen = known if row is None else {**known, "row": row}
            verdict = evaluate(inquiry.when, seen, tables=tables, at=at)
            if verdict.value is False:
                skipped.append((node, verdict.trace))
                continue
            active.append(node)
            if verdict.value is None:
                undecided.append((node, verdict.trace))
    return Plan(tuple(active), tuple(skipped), tuple(undecided), branches)


def _nodes(inquiry: Inquiry, facts: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return (node, row) for each branch; a table that is not known is asked about once."""
    if not inquiry.for_each:
        return [(inquiry.key, None)]
    rows = facts.get(inquiry.for_each)
    if not isinstance(rows, list | tuple):
        return [(f"{inquiry.key}[1]", None)]
    return [(f"{inquiry.key}[{n}]", row) for n, row in enumerate(rows, start=1)]


def predecessors(service: CompiledService, plan: Plan, node: str, key: str) -> tuple[str, ...]:
    """Return the nodes of inquiry `key` that `node` waits for; none where it is skipped."""
    group = plan.groups.get(key, ())
    other = service.by_key[key]
    if not other.for_each:
        return group
    own = service.inquiry(node)
    if own.for_each != other.for_each:
        return group
    same_row = key + node[len(own.key) :]
    return (same_row,) if same_row in plan.place else ()
