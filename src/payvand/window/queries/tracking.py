"""Where does a case stand: each inquiry on one row, whose desk, until when, and why then?

The number of queries is the same whatever the number of inquiries; templates only show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payvand.audit import public as audit
from payvand.kernel import clock
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.ui.language import pick
from payvand.ui.templatetags import ui
from payvand.window import compiled
from payvand.window.models import Application, Fee, Licence
from payvand.window.queries import answers
from payvand.window.queries import events as history_of
from payvand.window.queries import rows as gantt
from payvand.window.queries.cases import application, state_of
from payvand.window.queries.standing import CaseFacts
from payvand.window.rules import graph
from payvand.window.rules.pack_model import CompiledService

LATEST = 8  # events shown at once
ROWS = 100  # inquiries on one page; a case with more is paged


@dataclass(frozen=True, slots=True)
class Seen:
    """Which fields of the case an office was shown, for which question, and each time it looked."""

    agency: str
    question: str
    fields: tuple[str, ...]
    sent_at: datetime | None  # None: it was not asked with them, it read a file
    openings: tuple[tuple[datetime, str], ...]  # when, and how, the newest first
    times: int  # how many questions of this kind carried them, one for each row of a list

    @property
    def opened_at(self) -> datetime | None:
        """Return when somebody of the office looked last."""
        return self.openings[0][0] if self.openings else None


@dataclass(frozen=True, slots=True)
class Looked:
    """An office in charge that looked at terms and delays, without any answer."""

    office: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """What an agency asks the applicant to complete, while its own clock stands still."""

    id: UUID
    agency: str
    title: str
    text: str
    items: Sequence[Mapping[str, Any]]
    due_at: datetime | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class DecisionView:
    """The decision as the applicant reads it."""

    kind: str
    label: str
    agency: str
    at: datetime
    text: str
    refused: str
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tracking:
    """Everything that the tracking page shows."""

    application: Application
    service: CompiledService
    state: str
    label: str
    day: int
    percent: int
    asked: int
    answered: int
    running: int
    overdue: int
    waiting: int
    last_due: datetime | None
    way: tuple[str, ...]  # why the last date: the chain of terms that leads to it
    rows: tuple[gantt.RowView, ...]
    ticks: Sequence[tuple[float, str]]
    earlier_from: int | None  # where the page before this one begins
    later_from: int | None
    skipped: tuple[str, ...]
    requests: tuple[Request, ...]
    conditions: tuple[gantt.Duty, ...]
    decision: DecisionView | None
    objections: tuple[gantt.Duty, ...]
    may_object: bool
    is_open: bool
    fees: Sequence[Fee]
    licences: Sequence[Licence]
    seen: tuple[Seen, ...]
    looked: tuple[Looked, ...]
    events: tuple[history_of.EventView, ...]

    @property
    def latest(self) -> tuple[history_of.EventView, ...]:
        """Return the newest events, shown at once."""
        return self.events[:LATEST]

    @property
    def earlier(self) -> tuple[history_of.EventView, ...]:
        """Return the older events, shown on request."""
        return self.events[LATEST:]


def tracking(
    case: UUID | Application,
    now: datetime | None = None,
    *,
    why: str | None = None,
    start: int = 0,
    mine: bool = False,
) -> Tracking:
    """Return the tracking page of a case; raises NotFound.

    why: the question whose date alone is explained; by default all are, in cases of usual size.
    mine: is it read by the applicant's side?
    start: the inquiry that the page begins with, where there are more than fit on one.
    """
    row = case if isinstance(case, Application) else application(case)
    now = now or clock.now()
    service = compiled.service_of(row.version_id)
    facts = CaseFacts(row, service, _owed(row.pk), now)
    view = gantt.view(facts, why=why)
    state, label = state_of(row, mine=mine)
    happened = audit.history(row.pk)
    counts = [r.group for r in view.inquiries]
    start = start if 0 < start < len(counts) else 0
    shown = (*view.inquiries[start : start + ROWS], *view.rows[len(counts) :])
    answered = counts.count("done")
    is_open = row.state in ("in_review", "awaiting", "deciding")
    return Tracking(
        application=row, service=service, state=state, label=label,
        day=max(1, ((row.decided_at or now) - row.submitted_at).days + 1),
        percent=round(100 * answered / len(counts)) if counts else (0 if is_open else 100),
        asked=len(counts), answered=answered, running=counts.count("run"),
        overdue=counts.count("over"), waiting=counts.count("wait"),
        last_due=view.last_due if is_open else None, way=view.way if is_open else (),
        rows=shown, ticks=view.ticks,
        earlier_from=max(start - ROWS, 0) if start else None,
        later_from=start + ROWS if start + ROWS < len(counts) else None,
        skipped=_skipped(service, row.plan),
        requests=tuple(_request(facts, o) for o in facts.of("completion")),
        conditions=tuple(gantt.duty(o, now) for o in facts.of("condition")),
        decision=_decision(facts),
        objections=tuple(gantt.duty(o, now) for o in facts.of("objection")),
        may_object=_may_object(facts), is_open=is_open,
        fees=list(row.fees.order_by("pk")), licences=list(row.licences.order_by("-id")),
        seen=tuple(_seen(service, facts)), looked=_looked(happened),
        events=history_of.history(happened, facts),
    )  # fmt: skip


def _owed(case_id: UUID) -> list[Any]:
    """Return all obligations of a case in three queries: they, their interruptions and moves."""
    found = ledger.Obligation.objects.filter(case_id=case_id)
    related = found.select_related("debtor", "office", "ground")
    return list(related.prefetch_related("interruptions", "moves").order_by("sent_at", "pk"))


def _skipped(service: CompiledService, plan: Mapping[str, Any]) -> tuple[str, ...]:
    nodes = [node for node, _trace in plan.get("skipped", ())]
    return tuple(pick(service.inquiry(node).title) for node in nodes)


def _request(facts: CaseFacts, owed: Any) -> Request:
    asker = facts.by_id.get(owed.about_id)
    return Request(
        id=owed.pk,
        agency=gantt.party_name(asker.debtor) if asker else "",
        title=pick(owed.title),
        text=str(owed.spec.get("text", "")),
        items=owed.spec.get("items", ()),
        due_at=owed.due_at,
        is_open=owed.state in ledger.OPEN,
    )


def _decision(facts: CaseFacts) -> DecisionView | None:
    found = [o for o in facts.of("decision") if o.answered_at is not None]
    if not found:
        return None
    owed = found[-1]
    reply: Mapping[str, Any] = owed.reply or {}
    number = str(reply.get("refused", ""))
    refused = next((pick(c.title) for c in facts.service.conditions if str(c.number) == number), "")
    kind, label = gantt.OUTCOMES.get(owed.outcome, gantt.OUTCOMES["done"])
    return DecisionView(
        kind=kind,
        label=str(label),
        agency=gantt.party_name(owed.debtor),
        at=owed.answered_at,
        text=str(reply.get("text", "")),
        refused=f"{ui.digits(number)}. {refused}" if number else "",
        conditions=tuple(reply.get("conditions", ())),
    )


def _may_object(facts: CaseFacts) -> bool:
    """Is the term for objections still running, and was none lodged since the decision?"""
    service, row = facts.service, facts.application
    if (
        service.objection is None
        or row.decided_at is None
        or row.state not in ("refused", "granted")
    ):
        return False
    if any(o.sent_at >= row.decided_at for o in facts.of("objection")):
        return False
    calendar = facts.calendars.get(row.service.owner_id)
    if calendar is None:
        calendar = registry.calendar_of(row.service.owner_id)
    return facts.now <= gantt.end_of(service.objection.term, row.decided_at, calendar)


def _seen(service: CompiledService, facts: CaseFacts) -> list[Seen]:
    """Return who was shown what: every sending and every opening is a disclosure of its own."""
    alike: dict[tuple[str, str, tuple[str, ...]], list[ledger.Opening]] = {}
    shown = ledger.disclosures_of(facts.application.pk, but=facts.application.applicant_id)
    for one in shown:
        owed = facts.by_id.get(one.obligation)
        question = pick(owed.title) if owed is not None else ""
        alike.setdefault((pick(one.office), question, one.fields), []).append(one)
    return [
        Seen(
            agency=agency or _("By a letter or link"), question=question,
            fields=tuple(_field_title(service, name) for name in names),
            sent_at=next((one.at for one in group if one.how == "sent"), None),
            openings=tuple((one.at, str(HOW[one.how])) for one in reversed(group)
                           if one.how in HOW)[:MOST_OPENINGS],
            times=sum(one.how == "sent" for one in group),
        )
        for (agency, question, names), group in alike.items()
    ]  # fmt: skip


MOST_OPENINGS = 50  # shown of one office and question
HOW = {
    "opened": gettext_lazy("opened"),
    "link": gettext_lazy("opened by the link of a letter"),
    "api": gettext_lazy("read by the office’s system"),
    "download": gettext_lazy("file downloaded"),
}


def _field_title(service: CompiledService, name: str) -> str:
    """Return the title of a field; an answer's own bear the node they came from."""
    key, dot, inner = name.partition(".")
    return answers.field_title(service, f"{graph.base(graph.node_of(key))}{dot}{inner}")


def _looked(happened: Sequence[audit.Happened]) -> tuple[Looked, ...]:
    """Return which offices in charge looked, and when; offices, never persons. Two queries."""
    looks = [e for e in happened if e.verb == "window.looked_into"]
    if not looks:
        return ()
    offices = registry.office_names(e.facts["office"] for e in looks if e.facts.get("office"))
    agencies = registry.party_names(UUID(e.facts["agency"]) for e in looks if e.facts.get("agency"))
    found = []
    for event in looks:
        agency = event.facts.get("agency")
        name = offices.get(event.facts.get("office") or 0) or (agencies.get(UUID(agency)) if agency
                                                             else None)  # fmt: skip
        found.append(Looked(pick(name or {"fa": "—", "en": "—"}), event.at))
    return tuple(reversed(found))
