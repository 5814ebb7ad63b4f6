"""Which promises stand in the sample country? Each as it would have been made at its time.

What is known is learnt at the start of each quarter from nothing later, so that the sample
scorecard shows what the method would really have kept.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from payvand.audit import public as audit
from payvand.foresight.actions import promises
from payvand.foresight.actions.learn import keep, known_at
from payvand.foresight.actions.promises import Round, promise_all
from payvand.foresight.models import Promise, Reading
from payvand.foresight.queries import promises as kept
from payvand.foresight.queries.history import history
from payvand.foresight.queries.situations import OpenCase, submitted
from payvand.foresight.rules import learning
from payvand.foresight.rules import promises as rules
from payvand.foresight.rules.composition import Chances
from payvand.foresight.rules.promises import Teller
from payvand.kernel import clock
from payvand.plugins.slots import Sample
from payvand.window import public as window

FOLLOW, NIGHT, DONE = promises.FOLLOW, promises.NIGHT, promises.DONE
QUARTER, QUARTERS = timedelta(days=91), 4
SAMPLES = 1000


def add(sample: Sample) -> None:
    """Add promises to the sample country: at every submission of a year, and today's."""
    sample.tell("promises")
    for slug in window.Service.objects.order_by("pk").values_list("pk", flat=True):
        past = history(slug, sample.now)
        for quarter in range(QUARTERS, 0, -1):
            first = sample.now - quarter * QUARTER
            known = known_at(slug, past, first)
            _promise(slug, known, first, min(first + QUARTER, sample.now))
        keep(slug, known_at(slug, past, sample.now), sample.now)
    promise_all(sample.now)
    _bookmark(sample.now)


def _promise(slug: str, known: learning.Known, first: datetime, last: datetime) -> None:
    with clock.frozen(first):
        learnt = keep(slug, known, first)
    known = kept.known_of(learnt.pk)
    teller = Teller(
        known, first, Chances(rules.SEED, SAMPLES, round(known.rho, 3)), top=known.level.level
    )
    made: list[tuple[OpenCase, Promise]] = []
    for case in submitted(slug, first, last):
        whole = Round(case.submitted_at, SAMPLES)
        whole.tellers[slug] = learnt.pk, teller.at(case.submitted_at)
        made.append((case, promises.first_promise(case, whole)))
    if made:
        promises.write(made, last)


def _bookmark(now: datetime) -> None:
    """Let the worker begin with what happens next."""
    last = audit.last_event()
    Reading.objects.update_or_create(
        name=FOLLOW, defaults={"event": last, "before": last, "at": now}
    )
    Reading.objects.update_or_create(name=NIGHT, defaults={"at": now, "mark": DONE})
