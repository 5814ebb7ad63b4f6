"""How is a closure, a holiday or an hour of opening recorded, corrected and taken back?

Nothing is overwritten: a correction ends what was known and adds what is known from now on, so that
what was believed on any day can be told later.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from payvand.kernel import clock
from payvand.registry import access, versions
from payvand.registry.actions.journal import record, subject
from payvand.registry.models import CalendarFact
from payvand.registry.queries import places
from payvand.registry.rules.actor import Actor
from payvand.registry.rules.calendars import FactDraft, faults, join, org_of
from payvand.registry.rules.refusals import FactSuperseded, NoPlace, Unfit


@transaction.atomic
def record_closure(
    fact: FactDraft, *, by: Actor, corrects: int | None = None, at: datetime | None = None
) -> int:
    """Record one calendar fact and return its id; `corrects` names the fact it replaces.

    at: when it became known; now by default, so that a correction never rewrites the past.
    Raises Refused, Unfit, NoPlace, FactSuperseded.
    """
    access.may_declare(by, fact.scope).or_raise()
    _check(fact)
    now = at or clock.now()
    if corrects is not None:
        _close(corrects, by, now)
    row = CalendarFact.objects.create(**_columns(fact, now))
    record(
        by,
        "calendar_recorded",
        subject("calendar", row.pk),
        facts={
            "scope": fact.scope,
            "kind": fact.kind,
            "starts": fact.starts.isoformat(),
            "ends": fact.ends.isoformat() if fact.ends else None,
            "opens": fact.opens.isoformat() if fact.opens else None,
            "closes": fact.closes.isoformat() if fact.closes else None,
            "status": fact.status,
            "corrects": corrects,
            "source": fact.source,
        },
        topics=(versions.CALENDAR,),
        at=now,
    )
    return row.pk


@transaction.atomic
def retract_fact(fact_id: int, *, by: Actor, reason: str) -> None:
    """Take a calendar fact back without a successor; it stays in the record of what was known.

    Raises Refused, FactSuperseded.
    """
    now = clock.now()
    _close(fact_id, by, now)
    record(
        by,
        "calendar_retracted",
        subject("calendar", fact_id),
        facts={"reason": reason},
        topics=(versions.CALENDAR,),
        at=now,
    )


@transaction.atomic
def record_facts(
    drafts: Sequence[FactDraft], *, by: Actor, source: str, replaces: Sequence[int] = ()
) -> int:
    """Record many calendar facts at once, with one event; return how many were new.

    A draft that was ever recorded is left out, so that seeding twice adds nothing and what people
    corrected or took back stays so. replaces: facts that are no longer held to be true.
    """
    access.may_manage(by).or_raise()
    now = clock.now()
    known = {_identity(row) for row in CalendarFact.objects.all()}
    rows = []
    for draft in drafts:
        _check(draft)
        row = CalendarFact(**_columns(draft, draft.known_from or now))
        if _identity(row) not in known:
            known.add(_identity(row))
            rows.append(row)
    CalendarFact.objects.filter(pk__in=replaces, known_to=None).update(known_to=now)
    CalendarFact.objects.bulk_create(rows, batch_size=500)
    if rows or replaces:
        record(
            by,
            "calendar_seeded",
            subject("calendar", "list"),
            facts={"new": len(rows), "replaced": sorted(replaces), "source": source},
            topics=(versions.CALENDAR,),
            at=now,
        )
    return len(rows)


def _check(fact: FactDraft) -> None:
    wrong = faults(fact)
    if wrong:
        raise Unfit(fields=wrong)
    if org_of(fact.scope) is None and fact.scope not in places.all_places():
        raise NoPlace(place=fact.scope)


def _close(fact_id: int, by: Actor, now: datetime) -> None:
    old = CalendarFact.objects.select_for_update().filter(pk=fact_id).first()
    if old is None or old.known_to is not None:
        raise FactSuperseded(fact=fact_id, known_to=old.known_to if old else None)
    access.may_declare(by, old.scope).or_raise()
    CalendarFact.objects.filter(pk=fact_id).update(known_to=now)


def _columns(fact: FactDraft, known_from: datetime) -> dict[str, object]:
    return {
        "scope": fact.scope,
        "starts": fact.starts,
        "ends": fact.ends,
        "weekdays": join(fact.weekdays),
        "kind": fact.kind,
        "opens": fact.opens,
        "closes": fact.closes,
        "status": fact.status,
        "title_fa": fact.title_fa,
        "title_en": fact.title_en,
        "source": fact.source,
        "exempt": join(fact.exempt),
        "known_from": known_from,
    }


def _identity(row: CalendarFact) -> tuple[object, ...]:
    return (
        row.scope, row.starts, row.ends, row.weekdays, row.kind, row.opens, row.closes,
        row.status, row.title_fa, row.title_en, row.exempt,
    )  # fmt: skip
