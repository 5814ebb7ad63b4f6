"""How do promises keep up with the log by the minute, and with silence by the night?

Nothing of this runs in the transaction of an applicant or an office: the log says who moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from payvand.foresight import sql
from payvand.foresight.actions.learn import learn_all
from payvand.foresight.actions.promises import Round, promise_all, promise_many
from payvand.foresight.models import Reading
from payvand.foresight.queries.situations import open_cases
from payvand.foresight.rules import promises as rules
from payvand.kernel import clock

FOLLOW, NIGHT = "promises", "night"
CASES_AT_ONCE = 500
FEW = 50  # more moved cases than these are drawn with as many samples as at night


def follow() -> int:
    """Make the promises of cases that moved since the last call; returns how many were made."""
    reading, _ = Reading.objects.get_or_create(name=FOLLOW)
    last = sql.last_event()
    if last < reading.event:  # another database: begin again
        reading.before = reading.event = 0
    if last == reading.event:
        return 0
    made = _follow(sql.moved(reading.before, last))
    # The events of this round are read again: on PostgreSQL one with a lower number may come late.
    Reading.objects.filter(name=FOLLOW).update(before=reading.event, event=last, at=clock.now())
    return made


def _follow(streams: Sequence[UUID]) -> int:
    samples = rules.SAMPLES if len(streams) <= FEW else rules.SAMPLES_AT_NIGHT
    whole, made = Round(clock.now(), samples), 0
    for start in range(0, len(streams), CASES_AT_ONCE):
        cases = open_cases(whole.now, ids=streams[start : start + CASES_AT_ONCE])
        made += len(promise_many(cases, whole, only_news=True))
    return made


def nightly() -> int:
    """Learn and promise anew, once a day; returns how many promises differ from those told."""
    now = clock.now()
    with transaction.atomic():
        reading, _ = Reading.objects.select_for_update().get_or_create(name=NIGHT)
        if reading.at is not None and clock.local_date(reading.at) >= clock.local_date(now):
            return 0
        Reading.objects.filter(name=NIGHT).update(at=now)
    learn_all(now)
    return promise_all(now)
