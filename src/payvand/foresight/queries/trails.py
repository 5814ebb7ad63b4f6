"""Which cases of a service and period leave the house as an event log, one after another?

Read by chunks of cases, so that memory does not grow with the log; five readings a chunk.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from payvand.foresight import sql
from payvand.foresight.queries.scope import midnight
from payvand.foresight.queries.told import province_of
from payvand.foresight.rules import trail as t
from payvand.foresight.rules.pseudonyms import Pseudonyms
from payvand.foresight.rules.trail import Question, Step, Trail
from payvand.ledger import public as ledger
from payvand.window import public as window

CHUNK = 300
OF_APPLICANTS = ("completion", "condition", "payment")
CASE = (
    "id", "code", "service_id", "version__version", "service__owner__slug", "service__owner_id",
    "place_id", "state", "outcome", "submitted_at", "decided_at",
)  # fmt: skip
OWED = (
    "id", "case_id", "kind", "question", "debtor_id", "debtor__slug", "office_id", "term",
    "state", "outcome", "sent_at", "delivered_at", "opened_at", "answered_at", "due_at", "proof",
)  # fmt: skip
# Of the log only what the columns of an obligation do not say; who did it is left out.
VERBS = {
    "ledger.reported": t.REPORT, "ledger.corrected": t.CORRECT, "ledger.moved": t.MOVE,
    "ledger.outage": t.OUTAGE, "window.licence_issued": t.LICENCE, "ledger.cancelled": t.WITHDRAW,
}  # fmt: skip


@dataclass
class Told:
    """What was told, and what was set aside with the reason."""

    cases: int = 0
    events: int = 0
    aside: Counter[str] = field(default_factory=Counter)


def trails(
    service: str, days: tuple[date | None, date | None], names: Pseudonyms, told: Told
) -> Iterator[Trail]:
    """Yield the cases that were submitted on some days, in the order of their ids.

    days: first and last, both included; None: no bound.
    """
    first, last = days
    rows = window.Application.objects.filter(service_id=service).order_by("pk")
    if first is not None:
        rows = rows.filter(submitted_at__gte=midnight(first))
    if last is not None:
        rows = rows.filter(submitted_at__lt=midnight(last + timedelta(days=1)))
    after: UUID | None = None
    while True:
        page = rows if after is None else rows.filter(pk__gt=after)
        cases = list(page.values_list(*CASE)[:CHUNK])
        yield from _told(cases, names, told)
        if len(cases) < CHUNK:
            return
        after = cases[-1][0]


def _told(cases: Sequence[tuple[Any, ...]], names: Pseudonyms, told: Told) -> Iterator[Trail]:
    ids = [row[0] for row in cases]
    owed: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    mine = ledger.Obligation.objects.filter(case_id__in=ids)
    for row in mine.order_by("sent_at", "pk").values_list(*OWED):
        owed[row[1]].append(row)
    stops: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    held = mine.filter(has_stops=True, interruptions__starts__isnull=False)
    columns = ("pk", "interruptions__starts", "interruptions__ends", "interruptions__kind")
    for key, *stop in held.order_by("pk", "interruptions__starts").values_list(*columns):
        stops[key].append(tuple(stop))
    events: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    for row in sql.events_of(ids):
        events[row[0]].append(row)
    for case in cases:
        made = _Case(case, owed[case[0]], stops, events[case[0]]).trail(names, told)
        told.cases += 1
        told.events += len(made.steps)
        yield made


@dataclass(frozen=True, slots=True)
class _Case:
    """What was read of one case."""

    case: tuple[Any, ...]
    owed: Sequence[tuple[Any, ...]]
    stops: Mapping[UUID, list[tuple[Any, ...]]]
    events: Sequence[tuple[Any, ...]]

    def trail(self, names: Pseudonyms, told: Told) -> Trail:
        """Return it as it leaves the house."""
        code, service, version, slug, owner, place, state, outcome, *moments = self.case[1:]
        submitted, decided = moments
        questions = {row[0]: _question(row, names) for row in self.owed}
        steps = [Step(submitted, t.SUBMIT)]
        for row in self.owed:
            steps += _steps(row, questions[row[0]], self.stops.get(row[0], ()), told)
        found = [_event(row, questions, names, told) for row in self.events]
        steps += [step for step in found if step is not None]
        gone = {step.question.id for step in steps
                if step.kind == t.WITHDRAW and step.question is not None}  # fmt: skip
        steps += [
            Step(decided, t.WITHDRAW, questions[row[0]])
            for row in self.owed
            if row[8] == "cancelled" and decided and questions[row[0]].id not in gone
        ]
        steps.sort(key=lambda step: step.at)
        return Trail(
            names.case(code), service, version, names.office(slug or owner), province_of(place),
            state, outcome, submitted, decided, tuple(questions.values()), tuple(steps),
        )  # fmt: skip


def _question(row: tuple[Any, ...], names: Pseudonyms) -> Question:
    agency = "" if row[2] in OF_APPLICANTS else names.office(row[5] or row[4])
    office = names.office(f"office-{row[6]}") if row[6] else ""
    return Question(
        names.question(row[0]), row[2], row[3], agency, office, row[7], row[14], row[9], row[8]
    )


def _steps(row: tuple[Any, ...], question: Question, stops: Sequence[tuple[Any, ...]],
           told: Told) -> Iterator[Step]:  # fmt: skip
    sent, delivered, opened, answered, proof = row[10], row[11], row[12], row[13], row[15]
    yield Step(sent, t.SCHEDULE, question)
    for at, kind in ((delivered, t.ASSIGN), (opened, t.START)):
        if at is None or (kind == t.ASSIGN and proof in ("opened", "answered")):
            continue
        if at < sent or (answered is not None and at > answered):
            told.aside[f"{kind} outside the question's own time"] += 1
            continue
        yield Step(at, kind, question)
    for starts, ends, ground in stops:
        yield Step(starts, t.SUSPEND, question, facts={"ground": ground})
        if ends is not None:
            yield Step(ends, t.RESUME, question, facts={"ground": ground})
    if answered is not None and answered < sent:
        told.aside["answered before it was asked"] += 1
    elif answered is not None:
        kind = t.AUTOSKIP if row[8] == "deemed" else t.COMPLETE
        yield Step(answered, kind, question, facts={"outcome": row[9]})


def _event(row: tuple[Any, ...], questions: dict[UUID, Question], names: Pseudonyms,
           told: Told) -> Step | None:  # fmt: skip
    _stream, _seq, at, verb, subject, facts = row
    kind = VERBS.get(verb)
    if kind is None:
        return None
    about, _, key = str(subject).partition(":")
    question = questions.get(UUID(key)) if about == "obligation" else None
    if about == "obligation" and question is None:
        told.aside["events of a question that is not there"] += 1
        return None
    said = json.loads(facts)
    office = said.get("office")
    kept = {k: str(said[k]) for k in ("rung", "was", "became", "begin", "end") if said.get(k)}
    when = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
    when = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
    return Step(when, kind, question, names.office(f"office-{office}") if office else "", kept)


def known_service(service: str) -> bool:
    """Is there a service of that name?"""
    return window.Service.objects.filter(pk=service).exists()
