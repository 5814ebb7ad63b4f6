"""How do promises keep up with the log by the minute, and with silence by the night?

Nothing of this runs in the transaction of an applicant or an office: the log says who moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from time import monotonic
from uuid import UUID

from django.db import transaction

from payvand.audit import public as audit
from payvand.foresight.actions import learn
from payvand.foresight.actions.learn import learn_all
from payvand.foresight.actions.promises import DONE, FOLLOW, NIGHT, Round, promise_many
from payvand.foresight.models import Reading
from payvand.foresight.queries.situations import open_cases, open_page
from payvand.foresight.rules import promises as rules
from payvand.kernel import clock
from payvand.window import public as window

PART_SECONDS = 2.0
CASES_AT_ONCE = 500
FEW = 50  # more moved cases than these are drawn with as many samples as at night


def follow() -> int:
    """Make the promises of cases that moved since the last call; returns how many were made."""
    reading, _ = Reading.objects.get_or_create(name=FOLLOW)
    last = audit.last_event()
    if last < reading.event:  # another database: begin again
        reading.before = reading.event = 0
    if last == reading.event:
        return 0
    made = _follow(audit.moved(reading.before, last))
    # The events of this round are read again: on PostgreSQL one with a lower number may come late.
    Reading.objects.filter(name=FOLLOW).update(before=reading.event, event=last, at=clock.now())
    return made


def _follow(streams: Sequence[UUID]) -> int:
    samples = rules.SAMPLES if len(streams) <= FEW else rules.SAMPLES_AT_NIGHT
    whole, made = Round(clock.now(), samples), 0
    for start in range(0, len(streams), CASES_AT_ONCE):
        cases = open_cases(whole.now, streams[start : start + CASES_AT_ONCE])
        made += len(promise_many(cases, whole, only_news=True))
    return made


def nightly(*, seconds: float | None = None) -> int:
    """Learn and promise anew, once a day; returns how many promises differ from those told.

    seconds: stop after about so long; the next call goes on where this one stopped.
    """
    now, began, made = clock.now(), monotonic(), 0
    if _begins(now):
        learn_all(now)
    whole = Round(now, rules.SAMPLES_AT_NIGHT)
    while (part := _next_part(whole)) is not None:
        made += part
        if seconds is not None and monotonic() - began > seconds:
            break
    return made


@transaction.atomic
def _begins(now: datetime) -> bool:
    """Say whether a new day has begun, and note that its night's work has."""
    reading, _ = Reading.objects.select_for_update().get_or_create(name=NIGHT)
    if reading.at is not None and clock.local_date(reading.at) >= clock.local_date(now):
        return False
    Reading.objects.filter(name=NIGHT).update(at=now, mark="")
    return True


@transaction.atomic
def _next_part(whole: Round) -> int | None:
    """Promise some more cases; None when the night is done. Two workers take turns."""
    mark = Reading.objects.select_for_update().values_list("mark", flat=True).get(name=NIGHT)
    if mark == DONE:
        return None
    slug, _, last = mark.partition(" ")
    services = window.Service.objects.filter(pk__gte=slug).order_by("pk")
    for service in services.values_list("pk", flat=True):
        after = UUID(last) if last and service == slug else None
        page = open_page(whole.now, service=service, after=after, limit=CASES_AT_ONCE)
        if page.last is not None:
            made = len(promise_many(page.cases, whole))
            Reading.objects.filter(name=NIGHT).update(mark=f"{service} {page.last}")
            return made
    Reading.objects.filter(name=NIGHT).update(mark=DONE)
    return None


def forget_old() -> int:
    """Delete what was learnt long ago and is needed by nothing."""
    return learn.forget_old(clock.now())


class Night:
    """The night's work in small parts between the rounds of the worker; looks once a day."""

    def __init__(self) -> None:
        self.done_on: date | None = None

    def __call__(self) -> int:
        """Work for a moment; returns how many promises were made."""
        today = clock.local_date(clock.now())
        if self.done_on == today:
            return 0
        made = nightly(seconds=PART_SECONDS)
        if Reading.objects.filter(name=NIGHT, mark=DONE).exists():
            self.done_on = today
        return made


night = Night()
