"""Are two entries one firm? A person decides; a merge moves nothing and can be undone.

The merged entry gets an alias to the one that is kept: names, evidence, seats, mandates and old
cases stay where they are and are read through the alias.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from payvand.kernel import clock
from payvand.kernel.errors import gettext_noop
from payvand.kernel.text import clean
from payvand.registry import versions
from payvand.registry.access import databank as access
from payvand.registry.actions.databank import changed, relist
from payvand.registry.actions.journal import record, subject
from payvand.registry.models import Alias, Merge, Party, Suspicion
from payvand.registry.queries import aliases, desk
from payvand.registry.queries.databank import provinces
from payvand.registry.rules.actor import Actor
from payvand.registry.rules.databank import CannotMerge, MergeUndone
from payvand.registry.rules.similarity import Bank, Name, name_of

MOST_PER_PARTY = 3  # suspicions that one entry may raise: the likeliest


def names_of_bank(*, without: Iterable[UUID] = ()) -> list[Name]:
    """Return every organisation of the databank ready to be compared. One query."""
    rows = (
        Party.objects.filter(~Q(kind="person"), alias=None, profile__isnull=False)
        .exclude(pk__in=list(without))
        .values_list("pk", "name_fa", "name_en", "national_id", "place_id")
    )
    where = provinces()
    return [
        name_of(*row[:3], national_id=row[3], province=where.get(row[4] or "", "")) for row in rows
    ]


def suspicions(new: Sequence[Name], bank: Bank) -> list[Suspicion]:
    """Compare names with a bank, and with each other; the rows are not stored yet."""
    now, found, seen = clock.now(), [], set()
    for name in new:
        bank.add(name)
    for name in new:
        for like in bank.likenesses(name)[:MOST_PER_PARTY]:
            left, right = sorted((UUID(str(name.key)), UUID(str(like.key))))
            if (left, right) not in seen:
                seen.add((left, right))
                found.append(
                    Suspicion(left_id=left, right_id=right, score=round(like.score, 4),
                              shared=" ".join(like.shared)[:200], found_at=now)
                )  # fmt: skip
    return found


@transaction.atomic
def look_for_duplicates(*, by: Actor) -> int:
    """Compare all organisations of the databank; return how many new pairs wait for a person."""
    access.may_register(by).or_raise()
    found = suspicions(names_of_bank(), Bank())
    before = Suspicion.objects.count()
    Suspicion.objects.bulk_create(found, batch_size=500, ignore_conflicts=True)
    new = Suspicion.objects.count() - before
    record(by, "duplicates_looked_for", subject("party", "many"), facts={"new": new})
    return new


@transaction.atomic
def keep_apart(pair_id: int, *, by: Actor) -> None:
    """Say that two entries are different; they are not suspected again."""
    pair = desk.pair(pair_id)
    access.may_register(by, pair.left.place_id).or_raise()
    _decide(pair, "different", by)
    record(by, "kept_apart", subject("party", pair.left_id), facts={"other": str(pair.right_id)})


@transaction.atomic
def merge(kept_id: UUID, gone_id: UUID, *, by: Actor, reason: str) -> int:
    """Let one entry stand for another from now on, and return the merge's id.

    Raises Refused, and CannotMerge for two persons, two different identifiers, or one entry.
    """
    kept, gone = (
        Party.objects.select_for_update(of=("self",)).get(pk=aliases.kept_of(key))
        for key in (kept_id, gone_id)
    )
    access.may_register(by, kept.place_id).or_raise()
    access.may_register(by, gone.place_id).or_raise()
    why = _obstacle(kept, gone)
    if why:
        raise CannotMerge(reason=why, kept=str(kept.pk), gone=str(gone.pk))
    row = Merge.objects.create(
        kept=kept, gone=gone, reason=clean(reason)[:300], made_at=clock.now(), made_by=by.name()
    )
    Alias.objects.create(gone=gone, kept=kept, merge=row)
    pair = Suspicion.objects.filter(
        Q(left=kept, right=gone) | Q(left=gone, right=kept), state="open"
    ).first()
    if pair is not None:
        _decide(pair, "merged", by)
    record(by, "merged", subject("party", kept.pk), facts={"gone": str(gone.pk), "merge": row.pk},
           topics=(aliases.TOPIC,))  # fmt: skip
    relist([kept.pk, gone.pk])
    changed([kept.pk])
    return row.pk


def _obstacle(kept: Party, gone: Party) -> str:
    if kept.pk == gone.pk:
        return gettext_noop("They are one entry already.")
    if "person" in (kept.kind, gone.kind):
        return gettext_noop("Persons are told apart by their national ids and never merged.")
    if kept.national_id and gone.national_id and kept.national_id != gone.national_id:
        return gettext_noop("Both have a national id, and the two differ.")
    if gone.national_id and not kept.national_id:
        return gettext_noop("The entry with a national id is the one to keep.")
    if "agency" in (kept.kind, gone.kind) and kept.kind != gone.kind:
        return gettext_noop("An agency and a firm are two things.")
    return ""


def _decide(pair: Suspicion, state: str, by: Actor) -> None:
    Suspicion.objects.filter(pk=pair.pk).update(
        state=state, decided_at=clock.now(), decided_by=by.name()
    )


@transaction.atomic
def undo_merge(merge_id: int, *, by: Actor) -> None:
    """Part two merged entries again: each has exactly what it had before, and what came since."""
    row = desk.merge(merge_id)
    access.may_register(by, row.kept.place_id).or_raise()
    if row.undone_at is not None:
        raise MergeUndone(merge=merge_id)
    Alias.objects.filter(merge=row).delete()
    Merge.objects.filter(pk=row.pk).update(undone_at=clock.now(), undone_by=by.name())
    Suspicion.objects.filter(
        Q(left=row.kept_id, right=row.gone_id) | Q(left=row.gone_id, right=row.kept_id)
    ).update(state="open", decided_at=None, decided_by="")
    record(by, "merge_undone", subject("party", row.kept_id), facts={"gone": str(row.gone_id)},
           topics=(aliases.TOPIC, versions.PARTIES))  # fmt: skip
    relist([row.kept_id, row.gone_id])
    changed([row.kept_id, row.gone_id])
