"""How long does a case take at best, along which chain, and who could be slower at no cost?

Pure. Days may be terms, medians or wishes: the arithmetic is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from payvand.window.rules.graph_plan import Plan, base, predecessors
from payvand.window.rules.pack_model import CompiledService


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
        one for end, one in _binding(service, plan, node, times) if end == times[node][0]
    ]:
        node = min(before, key=plan.place.__getitem__)
        way.append(node)
    return tuple(reversed(way))
