"""What does a declared closure move, and how is every moved term recorded?

A closure is a dated fact of the calendar. Applying it re-derives every open term that it touches,
in batches that commit one by one: a run that is cut goes on where it stopped. A term that was
overdue before the closure was known stays as it was reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from payvand.kernel import clock
from payvand.kernel.calendar import CalendarRule, WorkCalendar
from payvand.kernel.errors import YES, Verdict, gettext_noop, no
from payvand.ledger import lookups, sql
from payvand.ledger.models import Pulse
from payvand.ledger.rules.clockwork import Standing, derive
from payvand.registry import public as registry
from payvand.registry.public import Actor

BATCH = 5000


@dataclass(frozen=True, slots=True)
class Closure:
    """A closure to be declared; with opens/closes it shortens the day instead of closing it."""

    scope: str  # IR, IR-15, IR-15-1503 or org:<uuid>
    starts: date
    ends: date
    title_fa: str
    title_en: str
    source: str
    opens: time | None = None
    closes: time | None = None
    exempt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """One due time that would move."""

    obligation: UUID
    title: dict[str, str]
    debtor: UUID
    was: datetime
    becomes: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """How many open terms a closure moves, whose, and some examples."""

    looked_at: int
    count: int
    by_agency: dict[UUID, int]
    sample: tuple[Moved, ...]


def may_declare(by: Actor) -> Verdict:
    """Closures are declared by the administrator on an official announcement."""
    ok = by.is_operator or by.kind == "system"
    return YES if ok else no(gettext_noop("Only an administrator declares closures."))


def as_rule(closure: Closure, known_from: datetime) -> CalendarRule:
    """Return the closure as a rule of the calendar."""
    return CalendarRule(
        id="preview", scope=closure.scope, starts=closure.starts, ends=closure.ends,
        weekdays=None, kind="closure", opens=closure.opens, closes=closure.closes,
        status="announced", title_fa=closure.title_fa, title_en=closure.title_en,
        source=closure.source, known_from=known_from, known_to=None,
        classes=frozenset(closure.exempt),
    )  # fmt: skip


def _draft(closure: Closure) -> registry.FactDraft:
    return registry.FactDraft(
        scope=closure.scope, starts=closure.starts, ends=closure.ends, kind="closure",
        opens=closure.opens, closes=closure.closes, status="announced", title_fa=closure.title_fa,
        title_en=closure.title_en, source=closure.source, exempt=frozenset(closure.exempt),
    )  # fmt: skip


def preview(*, by: Actor, closure: Closure) -> Preview:
    """Return what the closure would move; nothing is written."""
    may_declare(by).or_raise()
    now = clock.now()
    calendars = _Calendars(closure, now)
    looked = moved = 0
    by_agency: Counter[UUID] = Counter()
    sample: list[Moved] = []
    for rows in _touched(closure, now, None):
        stops = lookups.stops_of_many([r[0] for r in rows if r[7]])
        for key, debtor, term, sent, delivered, due, title, has_stops, level in rows:
            looked += 1
            standing = Standing(
                term, sent, delivered, {}, 0, tuple(stops.get(key, ())) if has_stops else (),
                level == "inbox",
            )  # fmt: skip
            becomes = derive(standing, calendars.of(debtor)).due_at
            if becomes is not None and becomes != due:
                moved += 1
                by_agency[debtor] += 1
                if len(sample) < 20:
                    sample.append(Moved(key, title, debtor, due, becomes))
    return Preview(looked, moved, dict(by_agency), tuple(sample))


class _Calendars:
    """The calendars with the closure laid over them, one build per agency."""

    def __init__(self, closure: Closure, now: datetime) -> None:
        self.rule = as_rule(closure, now)
        self.known: dict[UUID, WorkCalendar] = {}

    def of(self, debtor: UUID) -> WorkCalendar:
        if debtor not in self.known:
            self.known[debtor] = registry.calendar_with(debtor, [self.rule])
        return self.known[debtor]


def apply(*, by: Actor, closure: Closure,
          progress: Callable[[int], None] | None = None) -> int:  # fmt: skip
    """Record the closure and re-derive every term it touches; returns how many moved."""
    may_declare(by).or_raise()
    fact = registry.record_closure(_draft(closure), by=by)
    job = f"closure:{fact}"
    facts: dict[str, Any] = {k: _text(v) for k, v in asdict(closure).items()}
    Pulse.objects.create(name=job, at=clock.now(), facts={"closure": facts, "after": "",
                                                          "moved": 0, "done": False})  # fmt: skip
    return resume(job, closure, by=by.name(), progress=progress)


def resume(job: str, closure: Closure, *, by: str,
           progress: Callable[[int], None] | None = None) -> int:  # fmt: skip
    """Go on with a closure from where its last committed batch ended."""
    pulse = Pulse.objects.get(name=job)
    if pulse.facts["done"]:
        return int(pulse.facts["moved"])
    after = UUID(pulse.facts["after"]) if pulse.facts["after"] else None
    now = clock.now()
    for ids in _ids(closure, now, after):
        with transaction.atomic():
            moved = _rederive_batch(ids, by=by, cause=closure.title_fa, now=now)
            pulse.facts["moved"] += moved
            pulse.facts["after"] = str(ids[-1])
            pulse.at = clock.now()
            pulse.save(update_fields=["facts", "at"])
        if progress:
            progress(pulse.facts["moved"])
    pulse.facts["done"] = True
    pulse.save(update_fields=["facts"])
    return int(pulse.facts["moved"])


def unfinished() -> list[str]:
    """Return closures whose terms are not all re-derived yet; the worker resumes them."""
    found = Pulse.objects.filter(name__startswith="closure:").values_list("name", "facts")
    return [name for name, facts in found if not facts["done"]]


def closure_of(job: str) -> Closure:
    """Return the closure that a job applies."""
    facts = dict(Pulse.objects.get(name=job).facts["closure"])
    for name in ("starts", "ends"):
        facts[name] = date.fromisoformat(facts[name])
    for name in ("opens", "closes"):
        facts[name] = time.fromisoformat(facts[name]) if facts[name] else None
    facts["exempt"] = tuple(facts["exempt"])
    return Closure(**facts)


def _rederive_batch(ids: list[UUID], *, by: str, cause: str, now: datetime) -> int:
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


def _window(closure: Closure, now: datetime) -> tuple[datetime, datetime]:
    """Return the moments between which a term must run to be touched: (due after, began before)."""
    first = datetime.combine(closure.starts, time(), clock.TEHRAN).astimezone(UTC)
    last = datetime.combine(closure.ends + timedelta(days=1), time(), clock.TEHRAN)
    return max(first, now), last.astimezone(UTC)


def _touched(closure: Closure, now: datetime, after: UUID | None) -> Iterator[list[Any]]:
    columns = ("id", "debtor_id", "term", "sent_at", "delivered_at", "due_at", "title",
               "has_stops", "level")  # fmt: skip
    yield from _pages(closure, now, after, columns)


def _ids(closure: Closure, now: datetime, after: UUID | None) -> Iterator[list[UUID]]:
    for rows in _pages(closure, now, after, ("id",)):
        yield [row[0] for row in rows]


def _pages(closure: Closure, now: datetime, after: UUID | None,
           columns: tuple[str, ...]) -> Iterator[list[Any]]:  # fmt: skip
    from payvand.ledger.models import Obligation

    due_after, began_before = _window(closure, now)
    found = Obligation.objects.filter(
        state="sent", due_at__gte=due_after, sent_at__lt=began_before,
        debtor_id__in=list(registry.parties_under(closure.scope)),
    ).order_by("id")  # fmt: skip
    while True:
        page = found.filter(id__gt=after) if after else found
        rows = list(page.values_list(*columns)[:BATCH])
        if rows:
            yield rows
        if len(rows) < BATCH:
            return
        after = rows[-1][0]


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | time) else value
