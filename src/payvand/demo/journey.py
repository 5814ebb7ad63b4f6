"""How does the demo's clock travel further than a request may take?

The request that asks for it begins the journey and goes on for some seconds; what is left is done
by the worker. Only one of them walks at a time: whoever holds the lease, renewed at every hour.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from payvand.demo import clock as demo_clock
from payvand.demo import simulator
from payvand.demo.models import DemoClock
from payvand.kernel import clock

REPORT = "report"
IN_REQUEST_S, IN_WORKER_S = 4.0, 30.0
LEASE = timedelta(seconds=30)  # of the machine's clock; an hour of the demo takes far less


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the clock has come on its way."""

    is_done: bool
    done: Counter[str]
    percent: int | None  # None where the end is not known before: to the next report


def begin(span: str) -> None:
    """Set the goal: a span such as `1wd`, or the next `report`; one journey at a time."""
    now = clock.now()
    goal = None if span == REPORT else simulator.target(span)
    DemoClock.objects.filter(pk=1, travels=False).update(
        travels=True, began_at=now, goal_at=goal, done={}
    )


def carry_on(seconds: float) -> Progress:
    """Walk for so many seconds, unless somebody else does; returns how far the clock has come."""
    if _take():
        try:
            _walk(time.monotonic() + seconds)
        finally:
            DemoClock.objects.filter(pk=1).update(held_until=None)
    return progress()


def for_worker() -> None:
    """Let the worker do what a request has left of a journey."""
    if DemoClock.objects.filter(pk=1, travels=True).exists():
        carry_on(IN_WORKER_S)


def progress() -> Progress:
    """Return how far the clock has come."""
    row = DemoClock.objects.get(pk=1)
    done = Counter[str](row.done)
    if row.goal_at is None or row.began_at is None:
        return Progress(not row.travels, done, None)
    whole = (row.goal_at - row.began_at).total_seconds() or 1
    passed = (clock.now() - row.began_at).total_seconds()
    return Progress(not row.travels, done, max(0, min(99, int(100 * passed / whole))))


def _take() -> bool:
    """Take the lease of a journey that is under way; False when there is none to take."""
    now = demo_clock.machine_now()
    free = Q(held_until=None) | Q(held_until__lt=now)
    waiting = DemoClock.objects.filter(free, pk=1, travels=True)
    return bool(waiting.update(held_until=now + LEASE))


def _walk(until: float) -> None:
    row = DemoClock.objects.get(pk=1)
    total = Counter[str](row.done)
    for _, done in simulator.walk(row.goal_at):
        total += done
        arrived = row.goal_at is None and simulator.has_report(total)
        held = demo_clock.machine_now() + LEASE
        DemoClock.objects.filter(pk=1).update(done=dict(total), travels=not arrived,
                                              held_until=held)  # fmt: skip
        if arrived or time.monotonic() >= until:
            break
    if row.goal_at is not None and _is_there(row.goal_at):
        DemoClock.objects.filter(pk=1).update(travels=False)


def _is_there(goal: datetime) -> bool:
    return clock.now() >= goal - timedelta(seconds=1)  # the offset is kept in whole seconds
