"""Has the registry changed since it was last read, here or in another process?

Every action stamps the topics that it changed with a random token, in its own transaction. Caches
hold what they read together with the token; a process looks at the tokens at most once a second.
A token is never reused, so a rolled-back change cannot be mistaken for a later one.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import transaction

from payvand.registry.models import Revision

CALENDAR, PARTIES, PLACES = "calendar", "parties", "places"
OFFICES, DEBTORS, CONNECTIONS = "offices", "debtors", "connections"
NEVER = "0"  # the token of a topic that nobody has changed yet

LOOK_EVERY = 1.0  # seconds
DISTRUST = 60.0  # seconds in which a change that was not yet committed makes every look a fresh one

T = TypeVar("T")


class _Seen(threading.local):
    """What this thread read last; threads have their own transactions, so they share nothing."""

    def __init__(self) -> None:
        self.tokens: dict[str, str] = {}
        self.read_at = float("-inf")
        self.uncommitted_until = float("-inf")


_seen = _Seen()
_books: list[Book[object]] = []


def token(topic: str) -> str:
    """Return the token of a topic; at most one look at the database a second."""
    now = time.monotonic()
    if now - _seen.read_at >= LOOK_EVERY or now < _seen.uncommitted_until:
        _seen.tokens = dict(Revision.objects.values_list("topic", "token"))
        _seen.read_at = now
    return _seen.tokens.get(topic, NEVER)


def changed(*topics: str) -> None:
    """Stamp topics as changed; call it in the transaction of the change."""
    Revision.objects.bulk_create(
        [Revision(topic=topic, token=secrets.token_hex(8)) for topic in topics],
        update_conflicts=True,
        unique_fields=["topic"],
        update_fields=["token"],
    )
    _seen.uncommitted_until = time.monotonic() + DISTRUST
    transaction.on_commit(_committed)


def forget() -> None:
    """Drop everything that was read, for tests and after changes past the actions."""
    _seen.read_at = _seen.uncommitted_until = float("-inf")
    for book in _books:
        book.close()


def _committed() -> None:
    _seen.uncommitted_until = float("-inf")
    _seen.read_at = float("-inf")


class Book(Generic[T]):
    """Something small that is read whole and kept until one of its topics changes."""

    def __init__(self, load: Callable[[], T], *topics: str) -> None:
        self._load = load
        self._topics = topics
        self._held: tuple[tuple[str, ...], T] | None = None
        _books.append(self)  # type: ignore[arg-type]

    def open(self) -> T:
        """Return the contents, read again when they have changed."""
        current = tuple(token(topic) for topic in self._topics)
        held = self._held
        if held is None or held[0] != current:
            held = self._held = (current, self._load())
        return held[1]

    def close(self) -> None:
        """Forget the contents."""
        self._held = None
