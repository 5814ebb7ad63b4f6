"""Which single number stands for the state of every stream at the end of a day?

A Merkle tree over (stream, head, count). Streams fall into 4,096 buckets by the last twelve bits of
their id, so that a day costs what moved in it, however many streams there are:

leaf = SHA-256("leaf|stream|count|head"); bucket = SHA-256 over its leaves in the order of their
streams (an empty bucket: SHA-256 of nothing); above them twelve levels of SHA-256(left + right).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from uuid import UUID

from payvand.audit.rules.chain import Head, canonical

LEVELS = 12
BUCKETS = 1 << LEVELS
Leaf = tuple[UUID, int, str]  # stream, number of its last event, hash of that event


def _empty() -> list[bytes]:
    """Return the nodes of a tree without streams; all of one level are alike."""
    levels = [sha256().digest()]
    for _ in range(LEVELS):
        levels.append(sha256(levels[-1] + levels[-1]).digest())
    return [b"", *(levels[LEVELS + 1 - node.bit_length()] for node in range(1, 2 * BUCKETS))]


_EMPTY = _empty()


class State:
    """Every stream's head at one moment, and the root over them."""

    def __init__(self) -> None:
        self.heads: dict[UUID, Head] = {}
        self.events = 0
        self._buckets: list[dict[UUID, bytes]] = [{} for _ in range(BUCKETS)]
        self._dirty: set[int] = set()
        # A heap in an array: node n has the children 2n and 2n+1; the buckets are the last row.
        self._nodes = list(_EMPTY)

    def move(self, leaves: Iterable[Leaf]) -> None:
        """Take over the heads that moved."""
        for stream, seq, head in leaves:
            self.events += seq - self.heads.get(stream, (0, ""))[0]
            self.heads[stream] = (seq, head)
            bucket = stream.int & (BUCKETS - 1)
            self._buckets[bucket][stream] = sha256(f"leaf|{stream}|{seq}|{head}".encode()).digest()
            self._dirty.add(bucket)

    def root(self) -> str:
        """Return the root over all streams, hex."""
        for bucket in self._dirty:
            leaves = sorted(self._buckets[bucket].items())
            self._nodes[BUCKETS + bucket] = sha256(b"".join(leaf for _, leaf in leaves)).digest()
        touched = {(BUCKETS + bucket) >> 1 for bucket in self._dirty}
        self._dirty.clear()
        while touched:
            for node in touched:
                self._join(node)
            touched = {node >> 1 for node in touched} - {0}
        return self._nodes[1].hex()

    def _join(self, node: int) -> None:
        self._nodes[node] = sha256(self._nodes[2 * node] + self._nodes[2 * node + 1]).digest()


def statement(
    day: date, state: State, leaves: Iterable[Leaf], *, previous: str, key_id: str
) -> str:
    """Return the text that is signed for a day.

    previous: SHA-256 of the statement of the day before, so that no day can be left out.
    """
    moved = [[str(stream), seq, head] for stream, seq, head in leaves]
    return canonical(
        {
            "day": day,
            "root": state.root(),
            "streams": len(state.heads),
            "events": state.events,
            "leaves": moved,
            "previous": previous,
            "key_id": key_id,
        }
    )


def fingerprint(text: str) -> str:
    """Return the SHA-256 of a statement; the next day's statement carries it."""
    return sha256(text.encode()).hexdigest()
