"""How do events get into the log?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from payvand.audit import sql
from payvand.audit.rules.chain import Entry, Head, compute


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
