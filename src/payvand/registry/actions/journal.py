"""How does a change of the registry reach the log, and the caches?"""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from payvand.audit.public import Entry, append
from payvand.kernel import clock
from payvand.registry import versions
from payvand.registry.rules.actor import Actor

STREAM = uuid5(NAMESPACE_URL, "payvand:registry")  # one stream: the registry changes rarely


def record(
    by: Actor,
    verb: str,
    subject: str,
    *,
    facts: dict[str, object] | None = None,
    topics: tuple[str, ...] = (),
    at: datetime | None = None,
) -> None:
    """Write one event to the registry's stream and stamp the topics that changed.

    facts carry codes, ids and dates, never names of persons: the log keeps them for ever.
    """
    entry = Entry(stream=STREAM, verb=f"registry.{verb}", subject=subject, facts=facts or {})
    append([entry], by=by.name(), at=at or clock.now())
    if topics:
        versions.changed(*topics)


def subject(kind: str, key: int | str | UUID) -> str:
    """Return the name under which the log knows a row."""
    return f"{kind}:{key}"
