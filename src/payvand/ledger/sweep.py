"""Who must hear of a delay now, and where does silence take effect?

A batch is one transaction: rows are taken with SKIP LOCKED on PostgreSQL, by the single writer on
SQLite. A worker that dies loses nothing and doubles nothing: the rung, the report, the notice and
the next look are written together, and (obligation, rung) is unique.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from payvand.kernel import clock
from payvand.kernel.calendar import WorkCalendar
from payvand.ledger import lookups, sql
from payvand.ledger.actions import Ask, put
from payvand.ledger.models import Pulse
from payvand.ledger.rules.clockwork import Standing, derive
from payvand.plugins import slots
from payvand.registry import public as registry

BY = "system:sweep"
# which columns of an obligation each step of the sweep sets; what no row sets is not written
SETS = {
    "": ("next_rung_at", "calendar_version"),
    "rung": ("rung",),
    "presume": ("delivered_at", "proof"),
    "silence": ("state", "outcome", "answered_at", "recorded_at", "reply"),
}
Stretches = Sequence[tuple[datetime, datetime | None]]


def sweep(now: datetime | None = None, *, limit: int = 1000) -> Counter[str]:
    """Handle everything that is due, batch by batch; returns what was done, by kind."""
    done: Counter[str] = Counter()
    while True:
        batch = sweep_batch(now or clock.now(), limit=limit)
        done += batch
        if batch["rows"] < limit:
            break
    Pulse.objects.update_or_create(name="sweep", defaults={"at": clock.now(), "facts": dict(done)})
    return done


@transaction.atomic
def sweep_batch(now: datetime, *, limit: int = 1000) -> Counter[str]:
    """Handle up to `limit` obligations in one transaction."""
    rows = sql.lock_due(now, limit)
    done: Counter[str] = Counter(rows=len(rows))
    if not rows:
        return done
    work = sql.Work(at=now, by=BY)
    for owed in rows:
        work.heads[owed.case_id] = (owed.seq, owed.head)
    calendars = registry.calendars_of({r.debtor_id for r in rows})
    stops = lookups.stops_of_many([r.id for r in rows if r.has_stops])
    batch = _Batch(work, _Offices(clock.local_date(now)), done)
    for owed in rows:
        _walk(owed, batch, calendars[owed.debtor_id], stops.get(owed.id, ()))
    work.columns = tuple(c for c in sql.UPDATED if c in batch.changed)
    work.updates += [owed.changed(work.columns) for owed in rows]
    if batch.reports:
        put(work, batch.reports)
    if batch.deemed:
        for handler in slots.on_answered:
            handler(batch.deemed, work)
    sql.flush(work)
    return done


@dataclass
class _Batch:
    """What one transaction of the sweep gathers."""

    work: sql.Work
    offices: _Offices
    done: Counter[str]
    reports: list[Ask] = field(default_factory=list)
    deemed: list[sql.Owed] = field(default_factory=list)
    changed: set[str] = field(default_factory=lambda: set(SETS[""]))


def _walk(owed: sql.Owed, batch: _Batch, calendar: WorkCalendar, stops: Stretches) -> None:
    """Take every step that an obligation owes by now; one left alone long may owe several."""
    while True:
        standing = Standing(
            owed.term, owed.sent_at, owed.delivered_at, owed.spec, owed.rung, stops,
            owed.level == "inbox",
        )  # fmt: skip
        times = derive(standing, calendar)
        if times.next_at is None or times.next_at > batch.work.at:
            if owed.due_at != times.due_at:
                batch.changed.add("due_at")
            owed.due_at, owed.next_rung_at = times.due_at, times.next_at
            owed.calendar_version = calendar.version
            return
        batch.done[times.what] += 1
        batch.changed.update(SETS[times.what])
        if times.what == "presume":
            owed.delivered_at, owed.proof = times.next_at, "presumed"
            batch.work.log(owed.case_id, "ledger.presumed_delivered", f"obligation:{owed.id}",
                           ref=owed.spec["presume"].get("ref", ""))  # fmt: skip
        elif times.what == "rung":
            _report(owed, batch, times.due_at)
            owed.rung += 1
        else:
            _deem(owed, batch.work)
            batch.deemed.append(owed)
            return


def look_at(owed: sql.Owed, work: sql.Work, stops: Stretches = ()) -> bool:
    """Take, in a step that the caller writes, all that one obligation owes by `work.at`.

    For histories that are told in memory; True when silence has settled it.
    """
    batch = _Batch(work, _Offices(clock.local_date(work.at)), Counter())
    _walk(owed, batch, registry.calendar_of(owed.debtor_id), stops)
    if batch.reports:
        put(work, batch.reports)
    return bool(batch.deemed)


class _Offices:
    """Which office is meant by a rung; asked of the registry once per batch and meaning."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.known: dict[tuple[str, UUID, str | None], int | None] = {}

    def find(self, role: str, agency: UUID, place: str | None) -> int | None:
        key = (role, agency, place)
        if key not in self.known:
            try:
                found: int | None = registry.office_for(
                    role, agency_id=agency, place_code=place, on=self.on
                )
            except registry.NoOffice:  # nobody to report to: the delay stands in the log alone
                found = None
            self.known[key] = found
        return self.known[key]


def _report(owed: sql.Owed, batch: _Batch, due: datetime | None) -> None:
    """Report to the office of the rung; the report is an obligation to acknowledge."""
    rung = owed.spec["ladder"][owed.rung]
    work = batch.work
    office = batch.offices.find(rung["to"], owed.debtor_id, owed.place_id)
    late = due is not None and work.at >= due
    verb = "ledger.reported" if late else "ledger.reminded"
    work.log(owed.case_id, verb, f"obligation:{owed.id}", rung=owed.rung + 1, to=rung["to"],
             office=office)  # fmt: skip
    if office is None:
        return
    args = {"code": owed.case_code, "title": owed.title, "rung": owed.rung + 1,
            "due": due.isoformat() if due else "", "obligation": str(owed.id)}  # fmt: skip
    work.add("Notice", office_id=office, case_id=owed.case_id, at=work.at, args=args,
             verb="delay.reported" if late else "delay.near")  # fmt: skip
    if late or rung.get("ack"):
        batch.reports.append(
            Ask("acknowledgement", owed.case_id, f"{owed.question}.report[{owed.rung + 1}]",
                owed.title, owed.asker_id, owed.debtor_id, term=rung.get("ack") or "1wd",
                case_code=owed.case_code, service=owed.service, place=owed.place_id,
                office=office, about=owed.id, rung_no=owed.rung + 1)
        )  # fmt: skip


def _deem(owed: sql.Owed, work: sql.Work) -> None:
    """Let silence take the effect that its ground gives it; delivery was proven before."""
    silence = owed.spec["silence"]
    owed.state, owed.outcome = "deemed", "deemed"
    owed.answered_at = owed.recorded_at = work.at
    owed.next_rung_at = None
    owed.reply = {"outcome": "deemed", "effect": silence["do"], "ref": silence["ref"]}
    work.log(owed.case_id, "ledger.deemed", f"obligation:{owed.id}", effect=silence["do"],
             ref=silence["ref"], proof=owed.proof, question=owed.question)  # fmt: skip
