"""What is known of a service, and what was promised to whom?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

import numpy as np
from django.db.models import Max

from payvand.foresight.models import Learnt, Promise
from payvand.foresight.rules.calibration import Level, level_for
from payvand.foresight.rules.learning import Known
from payvand.foresight.rules.promises import chance_of

SHOWN = 30  # earlier promises on one page
JUDGED = timedelta(days=365)


def newest(service: str) -> tuple[int, Known] | None:
    """Return what was last learnt of a service, with the number of its row."""
    found = Learnt.objects.filter(service=service).order_by("-id").values_list("pk", flat=True)
    row = found.first()
    return None if row is None else (row, known_of(row))


@lru_cache(maxsize=64)
def known_of(row: int) -> Known:
    """Return what one row says; rows never change, so it is kept in the process."""
    return Known.from_json(Learnt.objects.values_list("body", flat=True).get(pk=row))


def latest_of(ids: Iterable[UUID]) -> dict[UUID, Promise]:
    """Return the newest promise of each application that has one. Two queries."""
    newest_rows = (
        Promise.objects.filter(application__in=list(ids))
        .order_by()
        .values("application")
        .annotate(last=Max("pk"))
        .values_list("last", flat=True)
    )
    return {one.application_id: one for one in Promise.objects.filter(pk__in=list(newest_rows))}


def promises_of(application: UUID) -> list[Promise]:
    """Return the promises of an application, the newest first."""
    rows = Promise.objects.filter(application=application).order_by("-id")
    return list(rows[:SHOWN])


def first_of(application: UUID) -> Promise | None:
    """Return the promise at submission."""
    return Promise.objects.filter(application=application).order_by("id").first()


def level_of(service: str, now: datetime) -> Level:
    """Return at which level a P90 is to be read, from how a year's promises were kept by `now`."""
    rows = (
        Promise.objects.filter(
            application__service=service, cause="submitted", verdict="promised", at__lte=now,
            at__gt=now - JUDGED,
        )
        .order_by("pk")
        .values_list("at", "points", "application__decided_at", "application__state")
    )  # fmt: skip
    chances, ended = [], []
    for at, points, decided, state in rows:
        done = decided is not None and decided <= now
        days = (min(decided or now, now) - at).total_seconds() / 86_400
        chances.append(chance_of(points, days))
        ended.append(done and state != "withdrawn")
    return level_for(chances, np.asarray(ended, bool))


def forget() -> None:
    """Drop what is kept in the process; needed only where a database is replaced under it."""
    known_of.cache_clear()
