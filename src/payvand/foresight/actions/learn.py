"""What do the answers so far say? Learnt anew each night, kept with the moment and the calendar."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from payvand.audit import public as audit
from payvand.foresight.models import Learnt, Promise
from payvand.foresight.queries.history import History, history
from payvand.foresight.queries.promises import level_of
from payvand.foresight.rules import learning
from payvand.foresight.rules.learning import Known
from payvand.registry import public as registry
from payvand.window import public as window

KEPT = timedelta(days=60)  # what no promise rests on is kept so long


def stream_of(service: str) -> UUID:
    """Return the stream of the log that holds what foresight did for a service."""
    return uuid5(NAMESPACE_URL, f"payvand:foresight:{service}")


def learn(service: str, now: datetime) -> Learnt:
    """Learn the answer times of a service; the row that stands is returned when nothing is new."""
    return keep(service, known_at(service, history(service, now), now), now)


def known_at(service: str, past: History, now: datetime) -> Known:
    """Return what a history says at a moment, and how the promises made until then were kept."""
    return learning.learn(*past.as_of(now), rho=_rho(), read_at=level_of(service, now))


def learn_all(now: datetime) -> list[Learnt]:
    """Learn all services."""
    return [learn(slug, now) for slug in window.Service.objects.values_list("pk", flat=True)]


@transaction.atomic
def keep(service: str, known: Known, now: datetime) -> Learnt:
    """Write down what was learnt, unless it is what was known before."""
    body = known.to_json()
    digest = hashlib.sha256(audit.canonical(body).encode()).hexdigest()[:32]
    version = registry.calendar_version()
    last = Learnt.objects.filter(service=service).order_by("-id").first()
    if last is not None and (last.digest, last.model) == (digest, learning.MODEL):
        return last
    made = Learnt.objects.create(
        service_id=service, at=now, model=learning.MODEL, calendar_version=version, digest=digest,
        closed=known.closed, body=body,
    )  # fmt: skip
    facts = {"digest": digest, "model": learning.MODEL, "closed": known.closed,
             "started": known.started, "rho": round(known.rho, 4),
             "level": round(known.level.level, 4)}  # fmt: skip
    audit.append(
        [audit.Entry(stream_of(service), "foresight.learnt", f"learnt:{made.pk}", facts)],
        by="system:foresight", at=now,
    )  # fmt: skip
    return made


@transaction.atomic
def forget_old(now: datetime) -> int:
    """Delete what was learnt long ago and no promise rests on; returns how many rows went."""
    used = Promise.objects.filter(learnt=OuterRef("pk"))
    newer = Learnt.objects.filter(service=OuterRef("service"), pk__gt=OuterRef("pk"))
    old = Learnt.objects.filter(~Exists(used), Exists(newer), at__lt=now - KEPT)
    rows = list(old.values_list("service", "pk"))
    if not rows:
        return 0
    Learnt.objects.filter(pk__in=[pk for _, pk in rows]).delete()
    gone: dict[str, int] = {}
    for slug, _pk in rows:
        gone[slug] = gone.get(slug, 0) + 1
    entries = [
        audit.Entry(stream_of(slug), "foresight.forgotten", f"service:{slug}", {"count": count})
        for slug, count in sorted(gone.items())
    ]
    audit.append(entries, by="system:foresight", at=now)
    return len(rows)


def _rho() -> float | None:
    """Return the correlation that the installation sets; None: estimated from its history."""
    text = settings.PAYVAND_FORESIGHT_RHO
    return float(text) if text else None
