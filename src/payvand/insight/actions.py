"""How are the daily counts kept current? From the log, by changed cases, only the changed days.

Idempotent: a day is counted anew from its obligations and replaces what stood there. A round that
is cut goes on where it stopped. The events of the round before are read again, for on PostgreSQL
an event may become visible a moment after one with a higher number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum

from payvand.audit import public as audit
from payvand.insight import sql
from payvand.insight.models import Clocked, DailyTally, Progress
from payvand.insight.rules.measures import VERSION
from payvand.insight.rules.recount import marks
from payvand.kernel import clock
from payvand.ledger import public as ledger
from payvand.registry import public as registry

NAME = "tally"
CASES = 400  # cases read at once
DAYS = 60  # days counted at once
# What applicants owe is not the offices' punctuality; reports go to officials, not to agencies.
KINDS = ("inquiry", "decision", "objection", "resolution")
KEY = ("agency_id", "place", "service", "kind")
COLUMNS = (
    "id", "case_id", "debtor_id", "place_id", "service", "kind", "state", "sent_at", "due_at",
    "answered_at",
)  # fmt: skip
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class RollUp:
    """What one round has done."""

    cases: int
    days: int


def roll_up(*, everything: bool = False) -> RollUp:
    """Count what has changed since the last round; with `everything`, all of the log anew."""
    progress, _ = Progress.objects.get_or_create(name=NAME)
    now, last = clock.now(), audit.last_event()
    if everything or progress.version != VERSION or last < progress.event:
        progress = _forget()
    streams = audit.moved(progress.before, last)
    _wait(_passed(progress.at, now))
    for start in range(0, len(streams), CASES):
        _read(streams[start : start + CASES])
    waiting = Progress.objects.values_list("waiting", flat=True).get(name=NAME)
    days = [date.fromisoformat(day) for day in waiting]
    for start in range(0, len(days), DAYS):
        _settle(days[start : start + DAYS], now)
    Progress.objects.filter(name=NAME).update(before=progress.event, event=last, at=now)
    return RollUp(len(streams), len(days))


def _held() -> Progress:
    """Return the progress, locked: two workers at once take turns and count the same."""
    return Progress.objects.select_for_update().get(name=NAME)


@transaction.atomic
def _forget() -> Progress:
    """Begin again, as when a definition has a new version."""
    progress = _held()
    DailyTally.objects.all().delete()
    Clocked.objects.all().delete()
    progress.event = progress.before = 0
    progress.at, progress.waiting, progress.version = None, [], VERSION
    progress.save()
    return progress


def _passed(since: datetime | None, now: datetime) -> Iterable[date]:
    """Yield the days whose due times may have passed without an event since the last round.

    Both ways, for the clock of a demonstration may be set back.
    """
    ends = sorted((clock.local_date(since or now), clock.local_date(now)))
    for place in range((ends[1] - ends[0]).days + 1):
        yield ends[0] + timedelta(days=place)


@transaction.atomic
def _wait(days: Iterable[date]) -> None:
    """Note days that must be counted anew, with what made them so, in one transaction."""
    progress = _held()
    progress.waiting = sorted({*progress.waiting, *(day.isoformat() for day in days)})
    progress.save(update_fields=["waiting"])


@transaction.atomic
def _settle(days: Sequence[date], now: datetime) -> None:
    progress = _held()
    count_days(days, now)
    done = {day.isoformat() for day in days}
    progress.waiting = [day for day in progress.waiting if day not in done]
    progress.save(update_fields=["waiting"])


@transaction.atomic
def _read(cases: Sequence[UUID]) -> None:
    """Take over the obligations of some cases; note every day that counts differently now."""
    _held()
    rows = ledger.Obligation.objects.filter(case_id__in=cases, kind__in=KINDS)
    found = list(rows.values_list(*COLUMNS))
    ended = sql.cancelled(sorted({row[1] for row in found if row[6] == "cancelled"}))
    again = ledger.superseded(cases)
    fresh = {row[0]: _clocked(row, ended.get(row[0])) for row in found if row[0] not in again}
    old = {one.obligation: one for one in Clocked.objects.filter(case_id__in=cases)}
    changed = [one for key, one in fresh.items() if key not in old or _differs(one, old[key])]
    days: set[date] = set()
    for one in changed:
        days |= _days(one)
        if one.obligation in old:
            days |= _days(old[one.obligation])
    gone = [one for key, one in old.items() if key in again]
    days |= {day for one in gone for day in _days(one)}
    Clocked.objects.filter(pk__in=[one.pk for one in gone]).delete()
    Clocked.objects.bulk_create(
        changed, batch_size=500, update_conflicts=True, unique_fields=["obligation"],
        update_fields=[f.name for f in Clocked._meta.fields if not f.primary_key],
    )  # fmt: skip
    _wait(days)


def _clocked(row: tuple[Any, ...], cancelled: datetime | None) -> Clocked:
    key, case, agency, place, service, kind, state, sent, due, answered = row
    closed = cancelled if state == "cancelled" else answered
    made = marks(state, sent=sent, due=due, closed=closed)
    return Clocked(
        obligation=key, case_id=case, agency_id=agency, place=province_of(place), service=service,
        kind=kind, state=state, sent_at=sent, due_at=due, closed_at=closed,
        sent_day=made.sent_day, due_day=made.due_day, closed_day=made.closed_day,
        on_time=made.on_time, seconds=made.seconds, time_class=made.time_class,
    )  # fmt: skip


def _differs(one: Clocked, old: Clocked) -> bool:
    names = [f.attname for f in Clocked._meta.fields]
    return any(getattr(one, name) != getattr(old, name) for name in names)


def _days(one: Clocked) -> set[date]:
    return {day for day in (one.sent_day, one.due_day, one.closed_day) if day is not None}


def province_of(place: str | None) -> str:
    """Return the code of the province in which a place lies; empty for the country itself."""
    if not place:
        return ""
    path = registry.place_path(place)
    return path[1] if len(path) > 1 else ""


# --- one day ---------------------------------------------------------------------------------


@transaction.atomic
def count_days(days: Sequence[date], now: datetime) -> None:
    """Count some days anew and replace what stood there."""
    found: dict[Key, DailyTally] = {}
    for day_field, rows, sums in _counts(days, now):
        grouped = rows.order_by().values_list(day_field, *KEY).annotate(**sums)
        names = list(sums)
        for row in grouped:
            tally = _tally(found, row[: 1 + len(KEY)])
            for name, value in zip(names, row[1 + len(KEY) :], strict=True):
                setattr(tally, name.removeprefix("n_"), value or 0)
    closed = Clocked.objects.filter(closed_day__in=days, time_class__isnull=False)
    classes = closed.order_by().values_list("closed_day", *KEY, "time_class")
    for *key, place, count in classes.annotate(n=Count("pk")):
        setattr(_tally(found, tuple(key)), f"c{place}", count)
    DailyTally.objects.filter(day__in=days).delete()
    DailyTally.objects.bulk_create(found.values(), batch_size=500)


def _tally(found: dict[Key, DailyTally], key: Key) -> DailyTally:
    if key not in found:
        found[key] = DailyTally(day=key[0], **dict(zip(KEY, key[1:], strict=True)))
    return found[key]


def _counts(
    days: Sequence[date], now: datetime
) -> Iterable[tuple[str, QuerySet[Clocked], dict[str, Any]]]:
    """Yield what is counted on which day of an obligation."""
    every = Count("pk")
    yield "sent_day", Clocked.objects.filter(sent_day__in=days), {"n_received": every}
    fell = Clocked.objects.filter(due_day__in=days, due_at__lte=now)
    yield "due_day", fell, {
        "n_due": every, "n_on_time": Count("pk", filter=Q(on_time=True)),
        "n_deemed": Count("pk", filter=Q(state="deemed")),
    }  # fmt: skip
    closed = Clocked.objects.filter(closed_day__in=days)
    answered = closed.filter(state="answered")
    yield "closed_day", answered, {"n_answered": every, "n_seconds": Sum("seconds")}
    late = closed.filter(due_day__isnull=False, on_time=False, closed_at__gte=F("due_at"))
    yield "closed_day", late, {"n_late_closed": every}
