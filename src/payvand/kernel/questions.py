"""Which question is meant, when one may have several rows and may be put again?

`lab[3]#2` is the inquiry `lab`, asked of the third row of a table, for the second time: a
correction puts a question again under a new number, so that the first stays as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise


def node_of(question: str) -> str:
    """Return the node of a question, whichever time it was put.

    >>> node_of("lab[3]#2")
    'lab[3]'
    """
    return question.partition("#")[0]


def key_of(question: str) -> str:
    """Return the inquiry of a question, whichever row and time.

    >>> key_of("lab[3]#2")
    'lab'
    """
    return node_of(question).partition("[")[0]


@dataclass(frozen=True, slots=True)
class Round:
    """One time that a question was put."""

    state: str  # sent, stopped, answered, deemed or cancelled
    sent: datetime
    due: datetime | None
    answered: datetime | None


def counted(rounds: Sequence[Round]) -> int:
    """Return the place of the one that figures count, of a question that was put several times.

    The first that was late, for nothing that is asked later erases a delay; else the last.

    rounds: in the order of asking, at least one. A cancelled one ended when the next was put.
    """
    for place, (one, following) in enumerate(pairwise(rounds)):
        ended = one.answered or following.sent
        if one.due is not None and (one.state == "deemed" or ended > one.due):
            return place
    return len(rounds) - 1
