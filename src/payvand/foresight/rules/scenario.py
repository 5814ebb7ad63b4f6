"""What does an address say of a plan: compared with what, and which changes in which order?

Pure. The address is the whole plan, so that it can be shared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from payvand.foresight.rules import blueprint as layouts
from payvand.foresight.rules.blueprint import Change, Refused
from payvand.kernel.text import fold_digits

GRAPH, SEQUENCE = "graph", "sequence"


@dataclass(frozen=True, slots=True)
class Scenario:
    """What the address says: the base, the changes that can be read, and what cannot."""

    base: str
    changes: tuple[Change, ...]
    unread: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """Return the scenario as the tail of an address."""
        return self.query_of(self.changes)

    def query_of(self, changes: Sequence[Change], base: str = "") -> str:
        """Return the tail of an address for other changes."""
        pairs = [("change", str(one)) for one in changes]
        if (base or self.base) == SEQUENCE:
            pairs.insert(0, ("base", SEQUENCE))
        return urlencode(pairs, safe=":*+")


def scenario(texts: Sequence[str], base: str) -> Scenario:
    """Return the scenario of an address; each change once, at most eleven."""
    changes: dict[Change, None] = {}
    unread = []
    for text in texts:
        try:
            changes[Change.parse(fold_digits(text.replace(" ", "+")))] = None
        except Refused:
            unread.append(text[:80])
    kept = tuple(changes)[: layouts.MOST_CHANGES]
    return Scenario(SEQUENCE if base == SEQUENCE else GRAPH, kept, tuple(unread))
