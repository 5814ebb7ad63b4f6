"""How does what happens to a need get into the log? Ids, codes and counts; never a name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from payvand.audit.public import Entry, append
from payvand.kernel import clock
from payvand.registry.public import Actor


def record(by: Actor, stream: UUID, verb: str, subject: str, **facts: Any) -> None:
    """Write one event to the stream of a need, a deal or a fair."""
    append([Entry(stream, f"matching.{verb}", subject, facts)], by=by.name(), at=clock.now())
