"""Which open terms does a change of the calendar move, and how far is the work on it?

A job is a row of `Pulse` named after what caused it: `closure:<fact>`, or `calendar:<token>` for
corrections and facts taken back. Each batch is one transaction that also writes how far it came: a
run that is cut goes on where it stopped, two workers never do the same batch, and a long job gives
way to the sweep after a few seconds. A term that was overdue before stays as it was reported.
"""

from __future__ import annotations

import time as watch
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from payvand.kernel import clock
from payvand.kernel.errors import NotFound
from payvand.ledger import lookups, sql
from payvand.ledger.models import Obligation, Pulse
from payvand.ledger.rules.clockwork import Standing, derive
from payvand.registry import public as registry

BATCH = 5000
SMALL_BATCH = 1000  # inside a request, which gives up after a few seconds
CALENDAR = "calendar"  # the pulse that knows which state of the calendar was worked in
LAST_DAY = date(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is."""

    job: str
    title: dict[str, str]
    scopes: tuple[str, ...]
    starts: date
    ends: date
    source: str
    began_at: datetime
    at: datetime  # of the last batch
    total: int | None  # terms to be looked at; None before they are counted
    looked: int
    moved: int
    is_done: bool

    @property
    def percent(self) -> int:
        """Return how much is done; 100 only when all is."""
        if self.is_done:
            return 100
        return min(99, 100 * self.looked // self.total) if self.total else 0


def begin(job: str, *, by: str, scopes: Sequence[str], **told: Any) -> None:
    """Write a job down; the worker, or the caller, takes the steps. The same job begins once.

    told: title_fa, title_en, source, starts and ends (ISO dates), and what else the job should say.
    """
    now = clock.now()
    facts = {**told, "scopes": list(scopes), "by": by, "began": now.isoformat(), "after": "",
             "total": None, "looked": 0, "moved": 0, "done": False}  # fmt: skip
    Pulse.objects.get_or_create(name=job, defaults={"at": now, "facts": facts})


@transaction.atomic
def step(job: str, *, limit: int = BATCH) -> bool:
    """Take one batch of a job; returns whether more is to do for this worker."""
    rows = Pulse.objects.filter(name=job)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    pulse = rows.first()
    if pulse is None or pulse.facts["done"]:
        return False  # another worker is at it, or nothing is left
    facts, now = pulse.facts, clock.now()
    touched = _touched(facts, now)
    if facts["total"] is None:
        facts["total"] = touched.count()  # once a job; by the index of the agencies' open terms
    if facts["after"]:
        touched = touched.filter(id__gt=UUID(facts["after"]))
    ids = list(touched.values_list("id", flat=True)[:limit])
    if ids:
        facts["moved"] += _rederive(ids, by=facts["by"], cause=facts["title_fa"], now=now)
        facts["looked"] += len(ids)
        facts["after"] = str(ids[-1])
    facts["done"] = len(ids) < limit
    pulse.at = now
    pulse.save(update_fields=["facts", "at"])
    return not facts["done"]


def finish(job: str, progress: Callable[[int], None] | None = None) -> int:
    """Take all steps of a job and return how many terms moved in all."""
    while step(job):
        if progress:
            progress(progress_of(job).moved)
    return progress_of(job).moved


def go_on(seconds: float, jobs: Sequence[str] | None = None, *, limit: int = BATCH) -> int:
    """Take steps of unfinished jobs for some seconds; returns how many batches were done."""
    until, done = watch.monotonic() + seconds, 0
    for job in unfinished() if jobs is None else jobs:
        more = True
        while more and watch.monotonic() < until:
            more = step(job, limit=limit)
            done += 1
    return done


def unfinished() -> list[str]:
    """Return the jobs with terms that are not re-derived yet, the oldest first."""
    rows = Pulse.objects.filter(name__contains=":", facts__done=False).order_by("at")
    return list(rows.values_list("name", flat=True))


def progress_of(job: str) -> Progress:
    """Return how far a job is; raises NotFound."""
    pulse = Pulse.objects.filter(name=job).first()
    if pulse is None:
        raise NotFound(job=job)
    return _progress(pulse)


def latest(size: int = 20) -> list[Progress]:
    """Return the latest jobs."""
    rows = Pulse.objects.filter(name__contains=":").order_by("-at")
    return [_progress(pulse) for pulse in rows[:size]]


def _progress(pulse: Pulse) -> Progress:
    facts = pulse.facts
    return Progress(
        job=pulse.name,
        title={"fa": facts["title_fa"], "en": facts["title_en"]},
        scopes=tuple(facts["scopes"]),
        starts=date.fromisoformat(facts["starts"]),
        ends=date.fromisoformat(facts["ends"]),
        source=facts.get("source", ""),
        began_at=datetime.fromisoformat(facts["began"]),
        at=pulse.at,
        total=facts["total"],
        looked=facts["looked"],
        moved=facts["moved"],
        is_done=facts["done"],
    )


# --- what changed in the calendar without a closure of ours --------------------------------------


@transaction.atomic
def look_at_calendar() -> bool:
    """Begin a job when facts were corrected, added or taken back since the last look.

    A token is compared each time; facts are read only when it differs. The first look only notes
    where it stands: terms that exist were derived with the calendar as it is.
    """
    version, now = registry.calendar_version(), clock.now()
    rows = Pulse.objects.filter(name=CALENDAR)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    pulse = rows.first()
    if pulse is None:
        facts = {"version": version, "until": now.isoformat()}
        Pulse.objects.get_or_create(name=CALENDAR, defaults={"at": now, "facts": facts})
        return False
    if pulse.facts["version"] == version:
        return False
    changed = registry.facts_changed(datetime.fromisoformat(pulse.facts["until"]), now)
    ours = set(Pulse.objects.filter(name__startswith="closure:").values_list("name", flat=True))
    changed = [one for one in changed if f"closure:{one.id}" not in ours or one.is_gone]
    pulse.facts, pulse.at = {"version": version, "until": now.isoformat()}, now
    pulse.save(update_fields=["facts", "at"])
    if changed:
        first, many = changed[0], len(changed)
        begin(
            f"{CALENDAR}:{version}", by="system:calendar",
            scopes=sorted({c.scope for c in changed}),
            starts=min(c.starts for c in changed).isoformat(),
            ends=max(c.ends or LAST_DAY for c in changed).isoformat(),
            title_fa=first.title_fa if many == 1 else "تغییر تقویم کاری",
            title_en=first.title_en if many == 1 else "Change of the working calendar",
        )  # fmt: skip
    return bool(changed)


# --- the terms ------------------------------------------------------------------------------------


def touched_by(scopes: Sequence[str], starts: date, ends: date, now: datetime) -> Any:
    """Return the open terms, by id, that run on these days in these scopes and are not overdue."""
    first = datetime.combine(starts, time(), clock.TEHRAN).astimezone(UTC)
    last = datetime.combine(min(ends, LAST_DAY) + timedelta(days=1), time(), clock.TEHRAN)
    debtors: set[UUID] = set().union(*(registry.parties_under(scope) for scope in scopes))
    return Obligation.objects.filter(
        state="sent", due_at__gte=max(first, now), sent_at__lt=last.astimezone(UTC),
        debtor_id__in=list(debtors),
    ).order_by("id")  # fmt: skip


def _touched(facts: dict[str, Any], now: datetime) -> Any:
    starts, ends = date.fromisoformat(facts["starts"]), date.fromisoformat(facts["ends"])
    return touched_by(facts["scopes"], starts, ends, now)


def _rederive(ids: list[UUID], *, by: str, cause: str, now: datetime) -> int:
    rows = sql.lock(ids)
    calendars = registry.calendars_of({r.debtor_id for r in rows})
    stops = lookups.stops_of_many([r.id for r in rows if r.has_stops])
    work = sql.Work(at=now, by=by, columns=sql.CLOCK)
    for owed in rows:
        if owed.state != "sent":
            continue
        calendar = calendars[owed.debtor_id]
        standing = Standing(
            owed.term, owed.sent_at, owed.delivered_at, owed.spec, owed.rung,
            tuple(stops.get(owed.id, ())), owed.level == "inbox",
        )  # fmt: skip
        times = derive(standing, calendar)
        if times.due_at == owed.due_at:
            continue
        work.heads[owed.case_id] = (owed.seq, owed.head)
        work.add("Move", obligation_id=owed.id, was=owed.due_at, became=times.due_at,
                 calendar_version=calendar.version, cause=cause[:200], at=now)  # fmt: skip
        work.log(owed.case_id, "ledger.moved", f"obligation:{owed.id}", cause=cause,
                 was=owed.due_at.isoformat() if owed.due_at else "",
                 became=times.due_at.isoformat() if times.due_at else "")  # fmt: skip
        owed.due_at, owed.next_rung_at = times.due_at, times.next_at
        owed.calendar_version = calendar.version
        work.updates.append(owed.changed(sql.CLOCK))
    sql.flush(work)
    return len(work.updates)
