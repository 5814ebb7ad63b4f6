"""Which warnings would have been given lately, and was it right to give them?

For the sample country: what the rules say of answers that have come by now, as they stood then.
Nothing is written to the log and nobody is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

import numpy as np

from payvand.foresight.actions.warnings import KINDS, Quantiles
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

DAYS = 60
OWED = (
    "id", "case_id", "case_code", "title", "question", "kind", "debtor_id", "level", "place_id",
    "service", "sent_at", "due_at", "answered_at",
)  # fmt: skip


def rehearse(now: datetime, *, budget: int = rules.A_DAY) -> int:
    """Write the warnings that the answers of the last weeks would have had; returns how many."""
    given: Counter[tuple[Any, date]] = Counter()
    kept: list[Warned] = []
    for warned in sorted(_found(now), key=lambda w: (w.day, -rules.ORDER[w.level])):
        if given[warned.agency_id, warned.day] < budget:
            given[warned.agency_id, warned.day] += 1
            kept.append(warned)
    Warned.objects.bulk_create(kept, batch_size=500, ignore_conflicts=True)
    return len(kept)


def _found(now: datetime) -> Iterator[Warned]:
    services = Learnt.objects.order_by("service").values_list("service", flat=True).distinct()
    for service in services:
        learnt = newest(service)
        if learnt is None:
            continue
        rows = list(
            ledger.Obligation.objects.filter(
                service=service, state="answered", kind__in=KINDS, due_at__isnull=False,
                answered_at__gte=now - timedelta(days=DAYS),
            ).order_by("pk").values_list(*OWED)
        )  # fmt: skip
        quantiles = Quantiles(learnt[1])
        days = worked_of(
            [row[6] for row in rows], np.array([row[10].timestamp() for row in rows], float),
            np.array([row[12].timestamp() for row in rows], float),
        )  # fmt: skip
        calendars = registry.calendars_of({row[6] for row in rows})
        for row, waited in zip(rows, days.tolist(), strict=True):
            question = DECISION if row[5] == "decision" else key_of(row[4])
            edges = quantiles.of(question, row[7], row[6].hex)
            warned = _warned(row, waited, edges, calendars[row[6]])
            if warned is not None:
                yield warned


def _warned(
    row: tuple[Any, ...], waited: float, edges: dict[float, float | None], calendar: Any
) -> Warned | None:
    """Return the highest warning that would have come before the term ended."""
    key, case, code, title, _question, _kind, agency, _level, place, service, sent, due, at = row
    for name, p in reversed(rules.LEVELS):
        edge = edges.get(p)
        if edge is None or waited <= edge:
            continue
        day = calendar.add_working_days(clock.local_date(sent), ceil(edge) or 1)
        if day >= min(clock.local_date(due), clock.local_date(at)):
            continue
        return Warned(
            obligation=key, case_id=case, code=code, title=title, agency_id=agency,
            place=province_of(place), service=service, level=name, day=day,
            at=calendar.opening(calendar.next_open(day)), waited_days=float(ceil(edge) or 1),
            bound_days=edge, due_at=due, late=at > due, settled_at=at,
        )  # fmt: skip
    return None
