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
from enum import StrEnum

from payvand.kernel.questions import node_of
from payvand.window.rules.graph_path import CriticalPath, critical_path, earliest
from payvand.window.rules.graph_plan import Plan, Traced, base, plan, predecessors
from payvand.window.rules.pack_model import CompiledService, Inquiry

__all__ = [
    "WITH_DATA",
    "CriticalPath",
    "Outcome",
    "Plan",
    "Traced",
    "base",
    "critical_path",
    "dependents",
    "earliest",
    "is_complete",
    "is_fatal",
    "missing_inputs",
    "moot",
    "node_of",
    "plan",
    "predecessors",
    "ready",
    "ready_after",
]


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


def ready_after(  # noqa: PLR0917 - the arguments of `ready`, and the node
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
            if look.may_start(node):
                found.add(node)
            elif look.is_moot(node):  # whatever waits for it may go on
                seen.add(node)
                queue.append(node)
    return tuple(sorted(found, key=plan.place.__getitem__))


def is_complete(
    service: CompiledService, plan: Plan, state: State, returned: Returned | None = None
) -> bool:
    """Say whether the decision may start: all is answered or moot, or an answer is fatal."""
    look = _Look(service, plan, state, returned)
    if look.is_fatal():
        return True
    if any(state.get(node, "") is None for node in plan.active):
        return False  # the usual case, seen without working out what is moot
    return all(look.is_closed(node) for node in plan.active)


def is_fatal(service: CompiledService, plan: Plan, state: State) -> bool:
    """Say whether an answer stands after which nothing more is asked."""
    return _Look(service, plan, state, None).is_fatal()


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
        if not self.service.fatal:
            return False
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
                    if key not in self._closed_groups  # worked out before, for all of them
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
        return self._all_closed(node, key) and not self.has_data(node, key, name)

    def has_data(self, node: str, key: str, name: str) -> bool:
        """Say whether the data that `node` needs of inquiry `key` is there, or is not asked for."""
        before = self._before(node, key)
        if not before:
            return True
        if before is not self.plan.groups.get(key):
            return self._all_closed(node, key) and self._brought(before, name)
        if (key, name) not in self._data:
            self._data[key, name] = self._all_closed(node, key) and self._brought(before, name)
        return self._data[key, name]

    def _all_closed(self, node: str, key: str) -> bool:
        before = self._before(node, key)
        if before is not self.plan.groups.get(key):
            return all(self.is_closed(one) for one in before)
        if key not in self._closed_groups:
            self._closed_groups[key] = all(self.is_closed(one) for one in before)
        return self._closed_groups[key]

    def _brought(self, nodes: tuple[str, ...], name: str) -> bool:
        return any(self._has_field(one, name) for one in nodes)

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
