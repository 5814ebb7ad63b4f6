"""How do events get into the log, and how is a day closed with a signature?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from payvand.audit import queries, sql
from payvand.audit.keys import KeyRing
from payvand.audit.models import DailyRoot
from payvand.audit.rules.chain import Entry, Head, canonical, compute
from payvand.audit.rules.roots import Leaf, State, fingerprint, statement
from payvand.kernel import clock
from payvand.kernel.errors import Conflict, gettext_noop


class DayNotOver(Conflict):
    """A day is signed when nothing more can happen in it."""

    code = "audit.day_not_over"
    what = gettext_noop("The day {day} cannot be signed yet.")
    why = gettext_noop("It is not over; its last events are still to come.")
    now = gettext_noop("Sign it tomorrow.")


def append(
    entries: Sequence[Entry],
    *,
    by: str,
    at: datetime,
    heads: Mapping[UUID, Head] | None = None,
) -> None:
    """Write events at the end of their streams, in the caller's transaction.

    by: `Actor.name()`. heads: given when the caller has locked and read them already (see `lock`);
    a stream that is not in it must be new, made in this very transaction.
    Raises TransactionManagementError outside a transaction.
    """
    if not entries:
        return
    sql.require_transaction()
    if heads is None:
        heads = sql.lock({entry.stream for entry in entries})
    rows, moved = compute(entries, heads, by, at)
    sql.write(rows, moved)


def sign_day(day: date) -> list[DailyRoot]:
    """Sign the root over all streams at the end of `day`, and of each unsigned day before it.

    Days are days in Tehran; no day is left out, so that a missing one is noticed. Returns the new
    roots, oldest first; none when the day was signed before or nothing has happened yet.
    Raises DayNotOver.
    """
    if day >= clock.local_date(clock.now()):
        raise DayNotOver(day=day)
    if DailyRoot.objects.filter(day__gte=day).exists():
        return []
    ring = KeyRing()
    with transaction.atomic():
        state, previous, last = State(), "", None
        for root, leaves in queries.roots():
            state.move(leaves)
            previous, last = root_fingerprint(root), root.day
        start = last + timedelta(days=1) if last else queries.first_day()
        if start is None:
            return []
        waiting, made = queries.unsigned(state, queries.all_heads()), []
        while start <= day:
            leaves = queries.take_until(start, waiting, state)
            root = _signed(start, state, leaves, ring=ring, previous=previous)
            previous = root_fingerprint(root)
            made.append(root)
            start += timedelta(days=1)
        DailyRoot.objects.bulk_create(made, batch_size=100)
    return made


def sign_past_days() -> list[DailyRoot]:
    """Sign every day that is over and unsigned; nothing to do on most calls."""
    return sign_day(clock.local_date(clock.now()) - timedelta(days=1))


def root_fingerprint(root: DailyRoot) -> str:
    """Return the fingerprint of what was signed for a day; publish it outside the installation."""
    return fingerprint(root_statement(root))


def root_statement(root: DailyRoot) -> str:
    """Return the statement of a stored day, as it must have been signed."""
    names = ("day", "root", "streams", "events", "previous", "key_id")
    told = {name: getattr(root, name) for name in names}
    return canonical(told | {"leaves": json.loads(root.leaves)})


def _signed(
    day: date, state: State, leaves: list[Leaf], *, ring: KeyRing, previous: str
) -> DailyRoot:
    state.move(leaves)
    text = statement(day, state, leaves, previous=previous, key_id=ring.key_id)
    return DailyRoot(
        day=day,
        root=state.root(),
        streams=len(state.heads),
        events=state.events,
        leaves=canonical(leaves),
        previous=previous,
        signature=ring.sign(text),
        key_id=ring.key_id,
        signed_at=clock.now(),
    )
