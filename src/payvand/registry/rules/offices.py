"""Who acts for an office on a day, and to which office does a vacant one fall?

The holder acts; without one, the first deputy in order; without any, the office it falls to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Term:
    """One appointment: who, in which order (0 = the holder), from when to when (inclusive)."""

    user: int
    order: int
    starts: date
    ends: date | None

    def holds_on(self, day: date) -> bool:
        """Is the appointment in force on that day?"""
        return self.starts <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class Post:
    """An office with its appointments."""

    id: int
    role: str
    agency: UUID | None
    place: str | None
    falls_to: int | None
    terms: tuple[Term, ...] = ()

    def acting_on(self, day: date) -> tuple[int, ...]:
        """Return who acts for the office itself on that day: the first in order; empty = vacant."""
        present = [term for term in self.terms if term.holds_on(day)]
        first = min((term.order for term in present), default=None)
        return tuple(term.user for term in present if term.order == first)


def responsible(start: int, posts: Mapping[int, Post], day: date) -> int:
    """Return the first office on the way up that somebody holds; the last one if nobody does."""
    seen: list[int] = []
    step: int | None = start
    while step is not None and step in posts and step not in seen:
        if posts[step].acting_on(day):
            return step
        seen.append(step)
        step = posts[step].falls_to
    return seen[-1] if seen else start


def held_by_user(posts: Mapping[int, Post], day: date) -> dict[int, tuple[int, ...]]:
    """Return for every user the offices that are theirs on that day, fallen ones included."""
    found: dict[int, list[int]] = {}
    for post in posts.values():
        for user in posts[responsible(post.id, posts, day)].acting_on(day):
            found.setdefault(user, []).append(post.id)
    return {user: tuple(offices) for user, offices in found.items()}


def choose(
    role: str, posts: Iterable[Post], *, agency: UUID | None, path: tuple[str, ...]
) -> int | None:
    """Return the office of a role: of the agency itself, else of the nearest place, else of all."""
    fitting = [post for post in posts if post.role == role]
    for post in fitting:
        if agency is not None and post.agency == agency:
            return post.id
    by_place = {post.place: post.id for post in fitting if post.agency is None}
    for code in reversed(path):
        if code in by_place:
            return by_place[code]
    return by_place.get(None)
