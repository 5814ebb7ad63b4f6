"""Which inquiries rest on an answer that was corrected, and what becomes of each of them?

Pure. Until the decision, an office may replace its answer. Others may have been asked with what it
said before:

* one that was asked with a value that changed is asked again, with the new value and its whole
  term, whether it is still open or has answered: its answer would speak of something else;
* one whose value was taken back is withdrawn while it is open; once answered it is told;
* one that was asked with values that stay as they were is told, and nothing else happens;
* one that only waited for the answer hears nothing.

What rests on an answer that was asked for again is judged when the new answer comes, by this same
rule: a chain is followed as far as values really change.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from payvand.window.rules import graph
from payvand.window.rules.graph_plan import Plan, base, predecessors
from payvand.window.rules.pack_model import CompiledService


class Effect(StrEnum):
    """What becomes of an inquiry that rests on a corrected answer."""

    ASK_AGAIN = "ask_again"
    WITHDRAW = "withdraw"
    TELL = "tell"


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> frozenset[str]:
    """Return the returned fields whose values differ; one that is empty is as good as missing.

    >>> sorted(changed_fields({"a": 1, "b": ""}, {"a": 2, "c": 3}))
    ['a', 'c']
    """

    def said(side: Mapping[str, Any], name: str) -> Any:
        value = side.get(name)
        return None if value in ("", [], {}) else value

    return frozenset(n for n in {*before, *after} if said(before, n) != said(after, n))


def used_fields(service: CompiledService, node: str, key: str) -> frozenset[str]:
    """Return the fields of inquiry `key` with which a node is asked."""
    inquiry = service.inquiry(node)
    needed = {name for before, name in inquiry.needs if before == key and name}
    seen = {name.partition(".")[2] for name in inquiry.sees if name.startswith(f"{key}.")}
    return frozenset(needed | seen)


def effects(
    service: CompiledService,
    plan: Plan,
    state: graph.State,
    corrected: str,
    *,
    changed: frozenset[str],
    returned: graph.Returned | None = None,
) -> dict[str, Effect]:
    """Return what becomes of each asked node that rests on the corrected one.

    state, returned: as they stand with the correction; a node with None is open.
    """
    key = base(corrected)
    found: dict[str, Effect] = {}
    ends_here = graph.is_fatal(service, plan, state)
    for node in plan.active:
        used = used_fields(service, node, key)
        if node == corrected or node not in state or not used:
            continue
        if corrected not in predecessors(service, plan, node, key):
            continue
        if not used & changed or ends_here:
            found[node] = Effect.TELL
        elif _can_be_asked(service, plan, state, node, returned):
            found[node] = Effect.ASK_AGAIN
        else:
            found[node] = Effect.WITHDRAW if state[node] is None else Effect.TELL
    return found


def _can_be_asked(  # noqa: PLR0917 - the arguments of `graph.moot`, and the node
    service: CompiledService,
    plan: Plan,
    state: graph.State,
    node: str,
    returned: graph.Returned | None,
) -> bool:
    """Would the node be asked, were it not asked yet?"""
    others = {name: outcome for name, outcome in state.items() if name != node}
    return node not in graph.moot(service, plan, others, returned)
