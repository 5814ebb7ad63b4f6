"""Which inquiries may start now, which must wait, and when may the decision start?

Pure. A *node* is an inquiry, or one branch of a repeated one: ``lab``, ``lab[3]``. The state maps
nodes to outcomes; a node that is not in it has not been asked, one with None is still open.

* `needs` (data) must all be there, with the fields named. `join` counts the answers of `after`
  (policy order): all of them, or k of those that are really asked.
* A dependency on a skipped inquiry is satisfied. Two inquiries repeated for the same table wait
  for each other row by row.
* A node is *moot* when a field it needs will never come (its answer was deemed, cancelled, or left
  it empty): it is not asked, and whatever waits for it goes on.
* Unless a pack declares `fatal_on`, every answer is collected, so that an applicant learns every
  obstacle at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from payvand.kernel.rules import TraceLine, evaluate
from payvand.window.rules.pack_model import CompiledService, Inquiry


class Outcome(StrEnum):
    """How an inquiry ended."""

    POSITIVE = "positive"
    CONDITIONAL = "conditional"
    NEGATIVE = "negative"
    DEEMED = "deemed"
    NOT_OURS = "not_ours"
    CANCELLED = "cancelled"


# outcomes by which the office itself gave its fields; the others bring no data
WITH_DATA = frozenset({Outcome.POSITIVE, Outcome.CONDITIONAL, Outcome.NEGATIVE})

State = Mapping[str, Outcome | str | None]
Returned = Mapping[str, Collection[str]]
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


def dependents(service: CompiledService) -> Mapping[str, tuple[str, ...]]:
    """Return for each inquiry those that wait for it; made once, when the pack is compiled."""
    return service.successors


def ready(
    service: CompiledService, plan: Plan, state: State, returned: Returned | None = None
) -> tuple[str, ...]:
    """Return the nodes that may start now and have not been asked, in the order of the plan.

    returned: fields that each answer brought; without it, an office's own answer brings all it
    declares. Time: O(nodes + edges).
    """
    look = _Look(service, plan, state, returned)
    if look.is_fatal():
        return ()
    return tuple(node for node in plan.active if node not in state and look.may_start(node))


def ready_after(
    service: CompiledService,
    plan: Plan,
    state: State,
    answered: str,
    returned: Returned | None = None,
) -> tuple[str, ...]:
    """Return what `ready` returns, looking only at the nodes that waited for `answered`.

    Right whenever everything that was ready before that answer has been asked.
    """
    look = _Look(service, plan, state, returned)
    if look.is_fatal():
        return ()
    found: set[str] = set()
    queue, seen = [answered], {answered}
    while queue:
        for node in look.waiting_for(queue.pop()):
            if node in state or node in seen:
                continue
            if look.is_moot(node):  # whatever waits for it may go on
                seen.add(node)
                queue.append(node)
            elif look.may_start(node):
                found.add(node)
    return tuple(sorted(found, key=plan.place.__getitem__))


def is_complete(
    service: CompiledService, plan: Plan, state: State, returned: Returned | None = None
) -> bool:
    """Say whether the decision may start: all is answered or moot, or an answer is fatal."""
    look = _Look(service, plan, state, returned)
    return look.is_fatal() or all(look.is_closed(node) for node in plan.active)


def moot(
    service: CompiledService, plan: Plan, state: State, returned: Returned | None = None
) -> tuple[str, ...]:
    """Return the nodes that will not be asked because a field they need will never come."""
    look = _Look(service, plan, state, returned)
    return tuple(node for node in plan.active if look.is_moot(node))


def missing_inputs(
    service: CompiledService, plan: Plan, state: State, returned: Returned | None = None
) -> dict[str, tuple[str, ...]]:
    """Return for each node not yet asked the data it still lacks, as `inquiry.field`."""
    look = _Look(service, plan, state, returned)
    found: dict[str, tuple[str, ...]] = {}
    for node in plan.active:
        if node in state:
            continue
        lacking = tuple(
            f"{key}.{name}" if name else key
            for key, name in service.inquiry(node).needs
            if not look.has_data(node, key, name)
        )
        if lacking:
            found[node] = lacking
    return found


def predecessors(service: CompiledService, plan: Plan, node: str, key: str) -> tuple[str, ...]:
    """Return the nodes of inquiry `key` that `node` waits for; none where it is skipped."""
    group = plan.groups.get(key, ())
    own, other = service.inquiry(node), service.by_key[key]
    if not other.for_each or own.for_each != other.for_each:
        return group
    same_row = key + node[len(own.key) :]
    return (same_row,) if same_row in plan.place else ()


class _Look:
    """One look at a case: what is closed, moot, ready. Remembers what it worked out."""

    __slots__ = ("_closed_groups", "_data", "_moot", "plan", "returned", "service", "state")

    def __init__(
        self, service: CompiledService, plan: Plan, state: State, returned: Returned | None
    ) -> None:
        self.service, self.plan, self.state, self.returned = service, plan, state, returned
        self._moot: dict[str, bool] = {}
        self._closed_groups: dict[str, bool] = {}
        self._data: dict[tuple[str, str], bool] = {}

    def is_fatal(self) -> bool:
        """Say whether an answer stands after which nothing more is asked."""
        return any(
            self.state.get(node) in self.service.by_key[key].fatal_on
            for key in self.service.fatal
            for node in self.plan.groups.get(key, ())
        )

    def is_closed(self, node: str) -> bool:
        """Say whether nothing more is to come from a node."""
        if node in self.state:
            return self.state[node] is not None
        return self.is_moot(node)

    def is_moot(self, node: str) -> bool:
        """Say whether a node will never be asked; walks up by hand, chains may be long."""
        stack = [node]
        while stack:
            top = stack[-1]
            if top in self._moot:
                stack.pop()
            elif top in self.state:
                self._moot[top] = False
            else:
                inner = [
                    before
                    for key, _ in self.service.inquiry(top).needs
                    for before in self._before(top, key)
                    if before not in self.state and before not in self._moot
                ]
                if inner:
                    stack.extend(inner)
                else:
                    self._moot[top] = any(
                        self._never_comes(top, key, name)
                        for key, name in self.service.inquiry(top).needs
                    )
        return self._moot[node]

    def _before(self, node: str, key: str) -> tuple[str, ...]:
        return predecessors(self.service, self.plan, node, key)

    def _never_comes(self, node: str, key: str, name: str) -> bool:
        """Say whether all that could bring a field is closed, and none of it did."""
        return (
            bool(self._before(node, key))
            and self._all_closed(node, key)
            and not self._brought(node, key, name)
        )

    def has_data(self, node: str, key: str, name: str) -> bool:
        """Say whether the data that `node` needs of inquiry `key` is there, or is not asked for."""
        if not self._before(node, key):
            return True
        return self._all_closed(node, key) and self._brought(node, key, name)

    def _all_closed(self, node: str, key: str) -> bool:
        before = self._before(node, key)
        if before is not self.plan.groups.get(key):
            return all(self.is_closed(one) for one in before)
        if key not in self._closed_groups:
            self._closed_groups[key] = all(self.is_closed(one) for one in before)
        return self._closed_groups[key]

    def _brought(self, node: str, key: str, name: str) -> bool:
        before = self._before(node, key)
        if before is not self.plan.groups.get(key):
            return any(self._has_field(one, name) for one in before)
        if (key, name) not in self._data:
            self._data[key, name] = any(self._has_field(one, name) for one in before)
        return self._data[key, name]

    def _has_field(self, node: str, name: str) -> bool:
        outcome = self.state.get(node)
        if outcome is None:
            return False
        if not name:
            return True
        if self.returned is None:
            return outcome in WITH_DATA
        return name in self.returned.get(node, ())

    def may_start(self, node: str) -> bool:
        """Say whether data and policy let a node be asked now."""
        inquiry = self.service.inquiry(node)
        if not all(self.has_data(node, key, name) for key, name in inquiry.needs):
            return False
        if inquiry.join is None:
            return all(self._all_closed(node, key) for key in inquiry.after)
        return self._enough(node, inquiry, inquiry.join)

    def _enough(self, node: str, inquiry: Inquiry, wanted: int) -> bool:
        """Say whether `wanted` answers are there, or all that will ever come."""
        answered = to_come = 0
        for key in inquiry.after:
            for before in self._before(node, key):
                if self.state.get(before) is not None:
                    answered += 1
                    if answered >= wanted:
                        return True
                elif not self.is_moot(before):
                    to_come += 1
        return to_come == 0

    def waiting_for(self, node: str) -> Iterator[str]:
        """Yield the nodes that wait for `node`."""
        key = base(node)
        own = self.service.by_key[key].for_each
        for later in self.service.successors[key]:
            if own and self.service.by_key[later].for_each == own:
                same_row = later + node[len(key) :]
                if same_row in self.plan.place:
                    yield same_row
            else:
                yield from self.plan.groups.get(later, ())


class CriticalPath(NamedTuple):
    """The longest chain of a case: its length, its nodes, and what each node could lose."""

    total: float
    path: tuple[str, ...]
    slack: dict[str, float]


def earliest(
    service: CompiledService, plan: Plan, days: Mapping[str, float]
) -> dict[str, tuple[float, float]]:
    """Return earliest start and end of each node; `days` by node or inquiry, absent = 0."""
    times: dict[str, tuple[float, float]] = {}
    for key in service.order:
        for node in plan.groups.get(key, ()):
            start = max((end for end, _ in _binding(service, plan, node, times)), default=0)
            times[node] = (start, start + _days_of(node, days))
    return times


def critical_path(service: CompiledService, plan: Plan, days: Mapping[str, float]) -> CriticalPath:
    """Return the longest chain when each node takes `days`, and the slack of every node.

    With join `any` or `at_least`, only the answers that fill the quota bind what follows, so the
    slack of such nodes errs on the small side. Time: O(nodes + edges).
    """
    times = earliest(service, plan, days)
    total: float = max((end for _, end in times.values()), default=0)
    latest = dict.fromkeys(times, total)
    for key in reversed(service.order):
        for node in plan.groups.get(key, ()):
            start_by = latest[node] - (times[node][1] - times[node][0])
            for _, before in _binding(service, plan, node, times):
                latest[before] = min(latest[before], start_by)
    slack = {node: latest[node] - times[node][1] for node in plan.active}
    return CriticalPath(total, _longest(service, plan, times, total), slack)


def _days_of(node: str, days: Mapping[str, float]) -> float:
    return days.get(node, days.get(base(node), 0))


def _binding(
    service: CompiledService, plan: Plan, node: str, times: Mapping[str, tuple[float, float]]
) -> list[tuple[float, str]]:
    """Return (end, node) of all that must be closed before `node` starts."""
    inquiry = service.inquiry(node)
    needed = {one for key, _ in inquiry.needs for one in predecessors(service, plan, node, key)}
    policy = {one for key in inquiry.after for one in predecessors(service, plan, node, key)}
    ordered = sorted((times[one][1], one) for one in policy)
    bound = dict.fromkeys(ordered[: inquiry.join])
    bound.update(dict.fromkeys((times[one][1], one) for one in needed))
    return list(bound)


def _longest(
    service: CompiledService, plan: Plan, times: Mapping[str, tuple[float, float]], total: float
) -> tuple[str, ...]:
    if not times:
        return ()
    node = next(one for one in plan.active if times[one][1] == total)
    way = [node]
    while before := [
        one
        for end, one in _binding(service, plan, node, times)
        if end == times[node][0]
    ]:
        node = min(before, key=plan.place.__getitem__)
        way.append(node)
    return tuple(reversed(way))
