"""Which question waits for which, as plain positions that arrays can be indexed with?

Pure. The last node is the decision, where the service has one: it waits for all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Node:
    """One question: the positions of those whose answer it needs, and of those it follows.

    join: how many of `after` must have answered; None = all of them.
    """

    key: str
    needs: tuple[int, ...] = ()
    after: tuple[int, ...] = ()
    join: int | None = None

    @property
    def counts(self) -> bool:
        """Is it enough that some of `after` have answered?"""
        return self.join is not None and self.join < len(self.after)


@dataclass(frozen=True, slots=True)
class Network:
    """The questions of a case, each after those it waits for."""

    nodes: tuple[Node, ...]
    waits: tuple[tuple[int, ...], ...] = field(init=False, repr=False, compare=False)
    # waits without those that a nearer one waits for already
    direct: tuple[tuple[int, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        waits = tuple(_waits(node) for node in self.nodes)
        object.__setattr__(self, "waits", waits)
        object.__setattr__(self, "direct", tuple(_direct(waits)))

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys in their order."""
        return tuple(node.key for node in self.nodes)


def _waits(node: Node) -> tuple[int, ...]:
    """Return the nodes that must all be closed before this one."""
    return tuple(dict.fromkeys((*node.needs, *(() if node.counts else node.after))))


def _direct(waits: Sequence[tuple[int, ...]]) -> Iterable[tuple[int, ...]]:
    above: list[frozenset[int]] = []
    for own in waits:
        covered: set[int] = set()
        for one in own:
            covered |= above[one]
        above.append(frozenset(covered | set(own)))
        yield tuple(one for one in own if one not in covered)


def build(
    order: Sequence[str],
    needs: Mapping[str, Iterable[str]],
    after: Mapping[str, Iterable[str]],
    joins: Mapping[str, int | None],
    *, decision: bool = True,
) -> Network:  # fmt: skip
    """Return the network of questions that are given in an order in which they may be asked."""
    place = {key: n for n, key in enumerate(order)}
    nodes = [
        Node(
            key,
            tuple(place[one] for one in needs.get(key, ()) if one in place),
            tuple(place[one] for one in after.get(key, ()) if one in place),
            joins.get(key),
        )
        for key in order
    ]
    if decision:
        nodes.append(Node(DECISION, after=tuple(range(len(nodes)))))
    return Network(tuple(nodes))


def in_sequence(order: Sequence[str], *, decision: bool = True) -> Network:
    """Return the network in which each question waits for the one before it."""
    nodes = [Node(key, after=tuple(range(n))) for n, key in enumerate(order)]
    if decision:
        nodes.append(Node(DECISION, after=tuple(range(len(nodes)))))
    return Network(tuple(nodes))
