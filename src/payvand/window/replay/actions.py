"""How does a log become cases of a replayed service, on which every statistic runs?

A replayed service is marked as a sample, is never in force, and nobody can apply for it. Each case
is one application with one obligation to decide; its due time is the log's own deadline or, where
the log has none, ours. It carries no term, so no closure and no sweep ever touches it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from payvand.kernel import clock
from payvand.kernel.errors import Conflict, Invalid, gettext_noop
from payvand.kernel.ids import tracking_code, uuid7
from payvand.kernel.text import compact_key
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.registry.public import Actor
from payvand.window import access
from payvand.window.models import Application, Service, ServiceVersion
from payvand.window.replay import source
from payvand.window.replay.rules import reading, statistics
from payvand.window.replay.rules.mapping import LogMapping
from payvand.window.replay.rules.reading import Case
from payvand.window.replay.rules.report import Report, judge

BATCH = 500
PREFIX = "replay-"
T = TypeVar("T")


class ReplayedBefore(Conflict):
    """A log is replayed once under a name; what was written stays."""

    code = "window.replayed_before"
    what = gettext_noop("A log was replayed under the name {name} before.")
    why = gettext_noop("Cases are never overwritten.")
    now = gettext_noop("Give another name with --name, or look only with --dry-run.")


class NoCountry(Invalid):
    """Cases need a place, and no place is registered yet."""

    code = "window.no_country"
    what = gettext_noop("There is no country to place the cases in.")
    why = gettext_noop("The places of this installation are not seeded.")
    now = gettext_noop("Seed the places first, or look only with --dry-run.")


@dataclass(frozen=True, slots=True)
class Written:
    """What a replay has written."""

    service: str
    cases: int
    agencies: int


def study(path: Path, mapping: LogMapping, name: str) -> Report:
    """Read a log and return what it says by its own clock and, where the mapping has one, ours."""
    with source.rows(path) as (header, rows):
        log = reading.read(rows, header, mapping)
    report = judge(log, mapping, name)
    own = mapping.clock
    if own is None or not log.cases:
        return report
    years = sorted({c.start.year for c in log.cases})
    days = source.holidays_of(own.holidays, range(years[0], years[-1] + 3))
    calendar = statistics.calendar_for(log, own, mapping.zone, days)
    dues = statistics.our_dues(log, own, calendar)
    ours = statistics.figures(log.cases, lambda case: dues[case.id], log.until)
    return Report(
        name, log, mapping, report.all, report.terms, report.agencies, ours,
        statistics.differences(log, dues, own, calendar), dues,
    )  # fmt: skip


@transaction.atomic
def write(report: Report, *, by: Actor) -> Written:
    """Write the cases of a report as applications of a replayed service, all or none.

    Raises Refused, ReplayedBefore and NoCountry.
    """
    access.may_install(by).or_raise()
    slug = service_slug(report.name)
    if Service.objects.filter(slug=slug).exists():
        raise ReplayedBefore(name=report.name)
    place = registry.country()
    if place is None:
        raise NoCountry
    owner, agencies = _parties(report, slug, place, by)
    version = _service(report, slug, owner)
    home = _Home(slug, place, owner, version, agencies, dict(report.mapping.title))
    heads: dict[UUID, tuple[int, str]] = {}
    for batch in _batches(report.log.cases, BATCH):
        _write_batch(batch, home, report, ledger.Work(clock.now(), by.name(), heads=heads))
    return Written(slug, len(report.log.cases), len(agencies))


def service_slug(name: str) -> str:
    """Return the slug of the replayed service of a name."""
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower())
    return (PREFIX + "-".join(filter(None, plain.split("-"))))[:40]


@dataclass(frozen=True, slots=True)
class _Home:
    """Where the cases of one replay belong."""

    slug: str
    place: str
    owner: UUID
    version: int
    agencies: dict[str, UUID]
    title: dict[str, str]


def _parties(report: Report, slug: str, place: str, by: Actor) -> tuple[UUID, dict[str, UUID]]:
    """Register the office of the log and each agency it names; the first one stands for both."""
    title = report.mapping.title
    names = [name for name in report.agencies if name]
    drafts = [
        registry.PartyDraft("agency", title["fa"][:160], title["en"][:160], slug=slug, place=place,
                            is_sample=True),
        *(registry.PartyDraft("agency", name[:160], name[:160], slug=f"{slug}-{no}", place=place,
                              is_sample=True) for no, name in enumerate(names, 1)),
    ]  # fmt: skip
    owner, *found = registry.register_parties(drafts, by=by)
    return owner, dict(zip(names, found, strict=True))


def _service(report: Report, slug: str, owner: UUID) -> int:
    """Make the replayed service; its only version was in force while the log ran, never now."""
    title, starts = report.mapping.title, [c.start for c in report.log.cases]
    yesterday = clock.local_date(clock.now()) - timedelta(days=1)
    first = min((clock.local_date(at) for at in starts), default=yesterday)
    body = _body(slug, title)
    service = Service.objects.create(
        slug=slug, owner_id=owner, title=title, summary=body["summary"], category="other",
        icon="history", search_key=compact_key(title["fa"] + title["en"]),
    )  # fmt: skip
    version = ServiceVersion.objects.create(
        service=service, version="1.0.0", body=body, installed_at=clock.now(),
        digest=hashlib.sha256(slug.encode()).hexdigest(),
        effective_from=min(first, yesterday), effective_to=yesterday,
    )  # fmt: skip
    return version.pk


def _body(slug: str, title: Mapping[str, str]) -> dict[str, Any]:
    """Return the definition of a replayed service: a decision, and nothing else."""
    return {
        "payvand": "service-pack/1", "id": slug, "version": "1.0.0", "title": dict(title),
        "summary": {"fa": "از سابقهٔ رویدادها بازخوانی شده است؛ نمونه.",
                    "en": "Replayed from an event log; a sample."},
        "category": "other", "icon": "history", "owner": slug, "class": "confirmation",
        "sample": True, "legal_basis": [], "subject": {"type": "firm", "applicant": ["firm"]},
        "conditions": [], "form": [], "inquiries": [],
        "decision": {"by": slug, "outcomes": ["approve", "reject"]},
    }  # fmt: skip


def _write_batch(cases: Sequence[Case], home: _Home, report: Report, work: ledger.Work) -> None:
    applications = []
    for case in cases:
        made = _application(case, home)
        applications.append(made)
        due = case.deadline or report.dues.get(case.id)
        work.add("Obligation", **_obligation(case, made, home, due))
        work.log(made.pk, "window.replayed", f"application:{made.pk}", log=report.name,
                 case=case.id, started=case.start.isoformat(),
                 ended=case.end.isoformat() if case.end else "",
                 due=due.isoformat() if due else "")  # fmt: skip
    Application.objects.bulk_create(applications, batch_size=BATCH)
    ledger.flush(work)


def _application(case: Case, home: _Home) -> Application:
    return Application(
        id=uuid7(case.start), code=tracking_code(), version_id=home.version,
        service_id=home.slug, applicant_id=home.owner, place_id=home.place,
        submitted_by="system:replay", submitted_at=case.start, decided_at=case.end,
        state="deciding" if case.end is None else "decided",
        outcome="" if case.end is None else "done",
        data={"case": case.id, "events": [[at.isoformat(), what] for at, what in case.trace]},
        plan={"replayed": True},
    )  # fmt: skip


def _obligation(case: Case, made: Application, home: _Home, due: Any) -> dict[str, Any]:
    ended = case.end is not None
    return {
        "id": uuid7(case.start), "kind": "decision", "case_id": made.pk, "case_code": made.code,
        "service": home.slug, "question": "decision", "title": home.title,
        "asker_id": home.owner, "debtor_id": home.agencies.get(case.agency, home.owner),
        "place_id": home.place, "spec": {"replayed": True, "case": case.id}, "level": "letter",
        "state": "answered" if ended else "sent", "sent_at": case.start,
        "delivered_at": case.start, "proof": "replayed", "answered_at": case.end,
        "recorded_at": case.end, "outcome": "done" if ended else "",
        "reply": {"outcome": "done"} if ended else None, "due_at": due,
    }  # fmt: skip


def _batches(items: Iterable[T], size: int) -> Iterable[list[T]]:
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch
