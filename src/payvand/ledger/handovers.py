"""On whose desk does an inquiry lie, and how does it get onto a colleague's?

A claim says who works on it; it takes no right from the others of the desk.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from payvand.kernel import clock
from payvand.kernel.errors import Invalid, NotFound, gettext_noop
from payvand.ledger import access, sql
from payvand.ledger.models import OPEN
from payvand.registry import public as registry
from payvand.registry.public import Actor

LONGEST_NOTE = 600


def _locked(by: Actor, ids: Sequence[UUID]) -> tuple[list[sql.Owed], sql.Work]:
    rows = sql.lock(list(ids)) if ids else []
    if len(rows) != len(set(ids)):
        raise NotFound
    work = sql.Work(at=clock.now(), by=by.name())
    for owed in rows:
        access.may_answer(by, owed).or_raise()
        work.heads[owed.case_id] = (owed.seq, owed.head)
    return rows, work


def _move(rows: Sequence[sql.Owed], work: sql.Work, to: int | None, note: str = "") -> int:
    for owed in rows:
        if owed.state in OPEN and owed.claimed_by_id != to:
            owed.claimed_by_id = to
            work.updates.append(owed.changed())
            told = {"note": note} if note else {}
            work.log(owed.case_id, "ledger.claimed", f"obligation:{owed.id}", to=to, **told)
    return len(work.updates)


@transaction.atomic
def claim(*, by: Actor, obligation_ids: Sequence[UUID]) -> int:
    """Put inquiries on the actor's own desk; returns how many moved."""
    rows, work = _locked(by, obligation_ids)
    moved = _move(rows, work, by.user_id)
    sql.flush(work)
    return moved


@transaction.atomic
def release(*, by: Actor, obligation_ids: Sequence[UUID]) -> int:
    """Give inquiries back to the whole desk; returns how many moved."""
    rows, work = _locked(by, obligation_ids)
    moved = _move(rows, work, None)
    sql.flush(work)
    return moved


@transaction.atomic
def hand_over(*, by: Actor, obligation_ids: Sequence[UUID], to: int, note: str = "") -> int:
    """Put inquiries on a colleague's desk and tell them; returns how many moved.

    Raises Refused (not the actor's desk), Invalid (the colleague could not answer one of them).
    """
    rows, work = _locked(by, obligation_ids)
    colleague = registry.actor_of_account(to)
    note = note.strip()[:LONGEST_NOTE]
    if any(not access.may_answer(colleague, owed).ok for owed in rows):
        raise Invalid(
            {"colleague": gettext_noop("This colleague has no seat that may answer all of these.")}
        )
    moved = [owed for owed in rows if owed.state in OPEN and owed.claimed_by_id != to]
    _move(moved, work, to, note)
    if moved and to != by.user_id:
        _tell(work, moved, to=to, by=by, note=note)
    sql.flush(work)
    return len(moved)


def _tell(work: sql.Work, moved: Sequence[sql.Owed], *, to: int, by: Actor, note: str) -> None:
    """Write one notice to the colleague, however many inquiries there are."""
    first = moved[0]
    names = registry.account_names([by.user_id] if by.user_id else [])
    args = {
        "who": names.get(by.user_id or 0, {"fa": by.label, "en": by.label}),
        "title": first.title, "code": first.case_code, "note": note, "n": len(moved),
        "obligation": str(first.id) if len(moved) == 1 else "",
    }  # fmt: skip
    verb = "inquiry.handed_over" if len(moved) == 1 else "inquiries.handed_over"
    case = first.case_id if len(moved) == 1 else None
    work.add("Notice", user_id=to, case_id=case, verb=verb, args=args, at=work.at)
