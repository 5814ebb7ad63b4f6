"""Who is warned today, and was it right to warn? Once a day for each office, within a budget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import Count, Q

from payvand.foresight.models import Learnt, Warned
from payvand.foresight.queries.history import worked_of
from payvand.foresight.queries.promises import newest
from payvand.foresight.queries.told import province_of
from payvand.foresight.rules import warnings as rules
from payvand.foresight.rules.network import DECISION
from payvand.kernel import clock
from payvand.kernel.questions import key_of
from payvand.ledger import public as ledger
from payvand.registry import public as registry

KINDS = ("inquiry", "decision")
BATCH = 5000
OWED = (
    "id", "case_id", "case_code", "title", "question", "kind", "debtor_id", "level", "place_id",
    "sent_at", "due_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Row:
    """One open question as it was read, and the level it has passed."""

    owed: tuple[Any, ...]
    service: str
    found: rules.Found


def warn_today(*, budget: int = rules.A_DAY) -> int:
    """Settle what became of earlier warnings, then warn of the most pressing; returns how many."""
    now = clock.now()
    settle(now)
    day = clock.local_date(now)
    given = dict(
        Warned.objects.filter(day=day).order_by().values_list("agency").annotate(n=Count("pk"))
    )
    waiting = list(_passed(now))
    kept = {one.open.key for one in rules.chosen((r.found for r in waiting), given, budget=budget)}
    return _tell([row for row in waiting if row.found.open.key in kept], now)


def _passed(now: datetime) -> Iterator[_Row]:
    """Yield the open questions that have passed a level of their own kind of answer.

    Those past their term are left to the ladder of reports: to warn of them would foresee nothing.
    """
    for service in Learnt.objects.order_by("service").values_list("service", flat=True).distinct():
        learnt = newest(service)
        if learnt is None:
            continue
        quantiles = Quantiles(learnt[1])
        rows = ledger.Obligation.objects.filter(service=service, state="sent", kind__in=KINDS)
        rows = rows.filter(Q(due_at=None) | Q(due_at__gt=now))
        reading = rows.order_by("pk").values_list(*OWED).iterator(chunk_size=BATCH)
        while part := list(islice(reading, BATCH)):
            yield from _passed_of(part, service, quantiles, now)


class Quantiles:
    """The quantiles of each kind of answer, worked out once."""

    def __init__(self, known: Any) -> None:
        self.known = known
        self.kept: dict[tuple[str, str, str], dict[float, float | None]] = {}

    def of(self, question: str, level: str, office: str) -> dict[float, float | None]:
        """Return the quantile at each level; None where history does not reach."""
        key = (question, level, office)
        if key not in self.kept:
            curve = self.known.curve(*key)
            self.kept[key] = {p: curve.quantile(p) for _name, p in rules.LEVELS}
        return self.kept[key]


def _passed_of(
    rows: list[tuple[Any, ...]], service: str, quantiles: Quantiles, now: datetime
) -> Iterator[_Row]:
    starts = np.array([row[9].timestamp() for row in rows], float)
    waited = worked_of([row[6] for row in rows], starts, np.full(len(rows), now.timestamp()))
    told: dict[UUID, str] = {}
    seen = Warned.objects.filter(obligation__in=[row[0] for row in rows]).order_by("pk")
    for key, level in seen.values_list("obligation", "level"):
        told[key] = max(told.get(key, level), level)  # p50 < p80 < p90 as texts too
    for row, days in zip(rows, waited.tolist(), strict=True):
        question = DECISION if row[5] == "decision" else key_of(row[4])
        edges = quantiles.of(question, row[7], row[6].hex)
        found = rules.passed(rules.Open(row[0], row[6], days, told.get(row[0], "")), edges.get)
        if found is not None:
            yield _Row(row, service, found)


@transaction.atomic
def _tell(rows: list[_Row], now: datetime) -> int:
    by = registry.system("foresight")
    foreseen = [ledger.Foreseen(r.found.open.key, r.found.level, r.found.open.waited) for r in rows]
    told = set(ledger.warn(foreseen, by=by))
    day = clock.local_date(now)
    rows.sort(key=lambda r: (rules.ORDER[r.found.level], r.found.press))  # pages begin at the end
    Warned.objects.bulk_create(
        (
            Warned(
                obligation=row.owed[0], case_id=row.owed[1], code=row.owed[2], title=row.owed[3],
                agency_id=row.owed[6], place=province_of(row.owed[8]), service=row.service,
                level=row.found.level, day=day, at=now, waited_days=row.found.open.waited,
                bound_days=row.found.bound, due_at=row.owed[10],
            )
            for row in rows
            if row.owed[0] in told
        ),
        batch_size=500, ignore_conflicts=True,
    )  # fmt: skip
    return len(told)


def settle(now: datetime) -> int:
    """Note of each open warning whether the answer was late in the end; returns how many."""
    done = 0
    open_ones = Warned.objects.filter(late=None).order_by("pk")
    reading = open_ones.values_list("pk", "obligation").iterator(chunk_size=BATCH)
    while part := list(islice(reading, BATCH)):
        done += _settle(part, now)
    return done


def _settle(part: list[tuple[int, UUID]], now: datetime) -> int:
    owed = ledger.Obligation.objects.filter(pk__in={key for _pk, key in part})
    columns = ("pk", "state", "due_at", "answered_at")
    late = {row[0]: _was_late(row[1:], now) for row in owed.values_list(*columns)}
    for verdict in (True, False):
        keys = [pk for pk, key in part if late.get(key) is verdict]
        Warned.objects.filter(pk__in=keys).update(late=verdict, settled_at=now)
    gone = [pk for pk, key in part if late.get(key) == "gone"]
    Warned.objects.filter(pk__in=gone).delete()  # withdrawn in time: nothing can be said
    return sum(late.get(key) is not None for _pk, key in part)


def _was_late(row: Iterable[Any], now: datetime) -> bool | str | None:
    """Return whether an obligation was late; None while it cannot be said."""
    state, due, answered = row
    if due is None:
        return "gone" if state in ("answered", "deemed", "cancelled") else None
    if state == "cancelled":
        return "gone" if due > now else True
    if state == "deemed" or (answered is None and due < now):
        return True
    return None if answered is None else bool(answered > due)
