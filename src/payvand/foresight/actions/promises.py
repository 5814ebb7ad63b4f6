"""How are promises made, and who hears when one slips?

At submission, after each answer, and each night of silence. A promise is a row that never changes;
a night that changes nothing of what was told adds none. Every batch leaves one event with the hash
of its rows in the stream of its service.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from payvand.audit import public as audit
from payvand.foresight.actions.learn import stream_of
from payvand.foresight.models import Promise
from payvand.foresight.queries import promises as kept
from payvand.foresight.queries.situations import OpenCase, open_cases, open_page
from payvand.foresight.rules import promises as rules
from payvand.foresight.rules.composition import Chances
from payvand.foresight.rules.learning import NOTHING
from payvand.foresight.rules.verdicts import judge
from payvand.kernel import clock, jalali
from payvand.kernel.calendar import CalendarTooShort
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.window import public as window

BY = "system:foresight"
BATCH = 500  # promises written in one transaction
FOLLOW, NIGHT, DONE = "promises", "night", "done"  # bookmarks, and the end of a night
SUBMITTED, ANSWERED, SILENCE = "submitted", "answered", "silence"


@dataclass
class Round:
    """What one round shares: the moment, how many samples, and a teller for each service."""

    now: datetime
    samples: int
    is_quiet: bool = False  # nobody is sent a message: what is promised now counts as told
    tellers: dict[str, tuple[int | None, rules.Teller]] = field(default_factory=dict)
    calendar: str = field(default_factory=registry.calendar_version)

    def teller(self, service: str) -> tuple[int | None, rules.Teller]:
        """Return the teller of a service, with the row of what it knows."""
        if service not in self.tellers:
            row, known = kept.newest(service) or (None, NOTHING)
            chances = Chances(rules.SEED, self.samples, round(known.rho, 3))
            teller = rules.Teller(known, self.now, chances, top=known.level.level)
            self.tellers[service] = row, teller
        return self.tellers[service]


def promise(application: UUID, *, now: datetime | None = None) -> Promise | None:
    """Make the promise of one case, unless its last one still holds; returns the last one."""
    at = now or clock.now()
    cases = open_cases(at, [application])
    made = promise_many(cases, Round(at, rules.SAMPLES), only_news=True)
    return made[0] if made else kept.latest_of([application]).get(application)


def promise_all(now: datetime) -> int:
    """Make the promises of all open cases anew and send no message; returns how many differ."""
    whole, count = Round(now, rules.SAMPLES_AT_NIGHT, is_quiet=True), 0
    for slug in window.Service.objects.order_by("pk").values_list("pk", flat=True):
        page = open_page(now, service=slug)
        while page.last is not None:
            count += len(promise_many(page.cases, whole))
            page = open_page(now, service=slug, after=page.last)
    return count


def promise_many(
    cases: Sequence[OpenCase], whole: Round, *, only_news: bool = False
) -> list[Promise]:
    """Append the promises of cases that differ from what was told last.

    only_news: leave out cases in which nobody has answered or been asked since.
    """
    before = kept.latest_of([one.id for one in cases])
    rows: list[Promise] = []
    told: list[tuple[OpenCase, Promise]] = []
    for case in cases:
        last = before.get(case.id)
        if only_news and last and last.inputs[:16] == case.situation.progress()[:16]:
            continue
        row = _row(case, whole, last)
        if last is None or row.inputs[:16] != last.inputs[:16] or _differs(row, last):
            _tell(row, None if whole.is_quiet else last)
            rows.append(row)
            told.append((case, row))
    for start in range(0, len(told), BATCH):
        write(told[start : start + BATCH], whole.now)
    return rows


def first_promise(case: OpenCase, whole: Round) -> Promise:
    """Return the promise at submission, not yet written; the applicant is told of it."""
    row = _row(case, whole, None)
    _tell(row, None)
    return row


def _row(case: OpenCase, whole: Round, last: Promise | None) -> Promise:
    """Return the promise of one case, not yet written."""
    learnt, teller = whole.teller(case.service)
    cause = SUBMITTED
    if last is not None:
        cause = SILENCE if last.inputs[:16] == case.situation.progress()[:16] else ANSWERED
    verdict = judge(teller.known, case.situation)
    row = Promise(
        application_id=case.id, at=whole.now, cause=cause, model=rules.METHOD, learnt_id=learnt,
        calendar_version=whole.calendar, seed=rules.SEED, samples=whole.samples,
        inputs=case.situation.inputs(learnt, whole.calendar, whole.now, whole.samples),
        verdict=verdict.code, verdict_facts=dict(verdict.facts), basis=verdict.basis,
        legal_at=case.legal_at,
    )  # fmt: skip
    if verdict.is_promise:
        _fill(row, case, teller, verdict.basis)
    return row


def _fill(row: Promise, case: OpenCase, teller: rules.Teller, basis: str) -> None:
    try:
        if basis == "case":
            told = teller.tell_by_case(teller.known.case, case.calendar, case.waited)
        else:
            told = teller.tell(case.situation)
    except CalendarTooShort:
        row.verdict, row.verdict_facts = "calendar", {}
        return
    row.p50, row.p90 = clock.local_date(told.p50), clock.local_date(told.p90)
    chance = told.chance_by(case.legal_at)
    row.p_legal = None if chance is None else round(chance, 4)
    row.slowest, row.points = told.slowest, told.points(row.at)
    row.shares = [[key, round(days, 2)] for key, days in told.shares[:8]]


def _differs(row: Promise, last: Promise) -> bool:
    """Does it say something else than the last one?"""
    names = ("p50", "p90", "verdict", "slowest")
    return any(getattr(row, name) != getattr(last, name) for name in names)


def _tell(row: Promise, last: Promise | None) -> None:
    """Note of which P90 the applicant was told, and whether this one is a slip."""
    row.told_p90, row.told_at = row.p90, row.at
    if last is None or last.told_p90 is None or last.told_at is None:
        return
    row.slipped = rules.has_slipped(
        p50=row.p50, p90=row.p90, told=last.told_p90, since=row.at - last.told_at
    )
    if not row.slipped:
        row.told_p90, row.told_at = last.told_p90, last.told_at


@transaction.atomic
def write(told: Sequence[tuple[OpenCase, Promise]], now: datetime) -> None:
    """Write promises, the notices of those that slipped, and one event for each service."""
    Promise.objects.bulk_create([row for _, row in told], batch_size=BATCH)
    work = ledger.Work(at=now, by=BY)
    for case, row in told:
        if row.slipped:
            work.add("Notice", party_id=case.applicant, case_id=case.id, verb="promise.slipped",
                     args=_args(case, row), at=now)  # fmt: skip
    if work.inserts:
        ledger.flush(work)
    audit.append(list(_events(told)), by=BY, at=now)


def _args(case: OpenCase, row: Promise) -> dict[str, Any]:
    return {"code": case.code, "p50": _both(row.p50), "p90": _both(row.p90)}


def _both(day: date | None) -> dict[str, str]:
    """Return a day as a notice carries it: told in the reader's language when it is read."""
    return {} if day is None else {lang: jalali.format_date(day, lang) for lang in ("fa", "en")}


def _events(told: Sequence[tuple[OpenCase, Promise]]) -> Iterator[audit.Entry]:
    by_service: dict[str, list[Promise]] = {}
    for case, row in told:
        by_service.setdefault(case.service, []).append(row)
    for service, rows in sorted(by_service.items()):
        yield audit.Entry(
            stream_of(service), "foresight.promised", f"service:{service}",
            {"count": len(rows), "slipped": sum(r.slipped for r in rows),
             "digest": digest_of(rows)},
        )  # fmt: skip


def digest_of(rows: Sequence[Promise]) -> str:
    """Return the hash of promises, as the log names it: anybody with the rows can check it."""
    lines = sorted(audit.canonical(_plain(row)) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _plain(row: Promise) -> Mapping[str, Any]:
    names = ("application_id", "at", "cause", "model", "inputs", "seed", "samples", "verdict",
             "p50", "p90")  # fmt: skip
    return {name: _said(getattr(row, name)) for name in names}


def _said(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
