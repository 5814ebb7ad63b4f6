"""What waits for the decision of my office, and what speaks for or against each application?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from payvand.kernel import clock, rules
from payvand.kernel.terms import Term, remaining
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.registry.public import Actor
from payvand.ui import words
from payvand.ui.language import pick
from payvand.ui.templatetags import ui
from payvand.window import compiled
from payvand.window.models import Application, HandOver, Licence, Service
from payvand.window.queries import answers
from payvand.window.queries.cases import state_of
from payvand.window.queries.rows import OUTCOMES, party_name
from payvand.window.rules import graph
from payvand.window.rules.pack_model import Check, CompiledService, Condition

PAGE = 30
DESK = ("clerk", "signatory", "secretariat", "decider", "head")
OPERATORS: dict[str, Any] = {
    "eq": gettext_lazy("is"),
    "ne": gettext_lazy("is not"),
    "lt": gettext_lazy("is less than"),
    "lte": gettext_lazy("is at most"),
    "gt": gettext_lazy("is more than"),
    "gte": gettext_lazy("is at least"),
    "in": gettext_lazy("is one of"),
    "not_in": gettext_lazy("is none of"),
    "filled": gettext_lazy("is there"),
    "empty": gettext_lazy("is absent"),
    "is_true": gettext_lazy("is yes"),
    "is_false": gettext_lazy("is no"),
    "has_any": gettext_lazy("has one of"),
    "has_all": gettext_lazy("has all of"),
    "has_none": gettext_lazy("has none of"),
    "covers": gettext_lazy("covers"),
}


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One application that waits for a decision."""

    case_id: UUID
    code: str
    title: str
    applicant: str
    place: str
    sent_at: datetime
    due_at: datetime | None
    state: str
    left: str


@dataclass(frozen=True, slots=True)
class DeskPage:
    """Some applications in the order of their terms, and where the next ones begin."""

    rows: tuple[DeskRow, ...]
    after: str = ""


def owners_of(by: Actor) -> list[UUID]:
    """Return the organisations that own a service and on whose desk the actor works."""
    desks = {s.org for s in by.seats if s.role in DESK and s.org not in by.mandates}
    if not desks:  # a company is acted for; it decides nothing
        return []
    return list(Service.objects.filter(owner_id__in=desks).values_list("owner_id", flat=True)
                .distinct().order_by("owner_id"))  # fmt: skip


def to_decide(by: Actor, *, now: datetime, after: str = "") -> DeskPage:
    """Return the open decisions of the actor's organisations, in a fixed number of queries."""
    orgs = owners_of(by)
    if not orgs:
        return DeskPage(())
    rows = ledger.Obligation.objects.filter(
        debtor_id__in=orgs, kind="decision", state__in=ledger.OPEN
    )
    start = _read(after)
    if start is not None:
        due, key = start
        later = Q(due_at__gt=due) | Q(due_at=due, pk__gt=key) | Q(due_at=None)
        rows = rows.filter(later if due else Q(due_at=None, pk__gt=key))
    order = (F("due_at").asc(nulls_last=True), "pk")
    found = list(rows.defer("payload", "reply").order_by(*order)[: PAGE + 1])
    more = found[PAGE - 1] if len(found) > PAGE else None
    found = found[:PAGE]
    cases = Application.objects.filter(pk__in=[o.case_id for o in found]).defer("data", "plan")
    by_id = {a.pk: a for a in cases.select_related("service", "applicant", "place")}
    calendars = registry.calendars_of({o.debtor_id for o in found}) if found else {}
    shown = tuple(
        _desk_row(o, by_id[o.case_id], calendars[o.debtor_id], now)
        for o in found
        if o.case_id in by_id
    )
    return DeskPage(shown, _cursor(more) if more else "")


def _cursor(owed: Any) -> str:
    return f"{owed.due_at.isoformat() if owed.due_at else '-'}~{owed.pk}"


def _read(after: str) -> tuple[datetime | None, UUID] | None:
    due, _tilde, key = after.partition("~")
    try:
        at = None if due == "-" else datetime.fromisoformat(due.replace(" ", "+"))
        return (at, UUID(key)) if key else None
    except ValueError:
        return None  # a broken address shows the first page


def _desk_row(owed: Any, case: Application, calendar: Any, now: datetime) -> DeskRow:
    left = ""
    if owed.term:
        start = ledger.counted_from(owed)
        left = words.duration(
            remaining(Term.parse(owed.term), start, now, ledger_stops(owed), calendar)
        )
    state = "over" if owed.due_at and owed.due_at < now else "run"
    place = {"fa": case.place.name_fa, "en": case.place.name_en}
    return DeskRow(case.pk, case.code, pick(case.service.title), party_name(case.applicant),
                   pick(place), owed.sent_at, owed.due_at, state, left)  # fmt: skip


def ledger_stops(owed: Any) -> Any:
    """Return the union of the interruptions of an obligation; a decision seldom has any."""
    from payvand.kernel.terms import NO_STOPS, Stops

    if not owed.has_stops:
        return NO_STOPS
    return Stops.of([(i.starts, i.ends) for i in owed.interruptions.all()])


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One application of the office's services, decided or not."""

    id: UUID
    code: str
    title: str
    applicant: str
    state: str
    label: str
    submitted_at: datetime


def of_office(by: Actor, *, before: str = "") -> tuple[tuple[CaseLine, ...], str]:
    """Return the applications of the office's services, the newest first, and the next page."""
    rows = Application.objects.filter(service__owner_id__in=owners_of(by)).order_by("-id")
    if before:
        with suppress(ValueError):  # a broken address shows the first page
            rows = rows.filter(pk__lt=UUID(before))
    rows = rows.select_related("service", "applicant").defer("data", "plan")
    found = list(rows[: PAGE + 1])
    lines = tuple(_case_line(row) for row in found[:PAGE])
    return lines, str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def _case_line(row: Application) -> CaseLine:
    state, label = state_of(row)
    return CaseLine(row.pk, row.code, pick(row.service.title), party_name(row.applicant), state,
                    label, row.submitted_at)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one agency answered."""

    agency: str
    title: str
    kind: str
    label: str
    at: datetime | None
    text: str
    refused: str
    letter_no: str
    conditions: tuple[str, ...]
    fields: tuple[answers.Line, ...]
    earlier: tuple[Earlier, ...] = ()  # what it said before it was corrected
    is_replaced: bool = False  # the question was put again, after another answer was corrected


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer that its office has replaced, with the reason."""

    at: datetime
    kind: str
    label: str
    text: str
    reason: str
    fields: tuple[answers.Line, ...]


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One condition of a check as it was judged."""

    fact: str
    operator: str
    expected: str
    actual: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One check of the pack with its verdict and its trace."""

    about: str
    message: str
    severity: str
    kind: str
    label: str
    ref: str
    trace: tuple[TraceRow, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything the owner office needs in order to decide."""

    application: Application
    service: CompiledService
    state: str
    label: str
    blocks: tuple[answers.Block, ...]
    opinions: tuple[Opinion, ...]
    checks: tuple[Judged, ...]
    outcomes: tuple[str, ...]
    conditions: tuple[tuple[str, str], ...]
    decision: Any
    is_open: bool
    licences: tuple[Licence, ...]
    handed_over: tuple[HandOver, ...]


_OUTCOME_OF = {
    "approve": "positive",
    "approve_with_conditions": "conditional",
    "reject": "negative",
    "return": "negative",
}


def dossier(row: Application) -> Dossier:
    """Return the application with all answers, and the trace of the pack's checks."""
    service = compiled.service_of(row.version_id)
    owed = list(
        ledger.Obligation.objects.filter(case_id=row.pk, kind__in=("inquiry", "decision"))
        .select_related("debtor")
        .order_by("sent_at", "pk")
    )
    facts = ledger.facts_of(row.pk, row.data)
    asked = [o for o in owed if o.kind == "inquiry"]
    decisions = [o for o in owed if o.kind == "decision"]
    replaced, latest = ledger.corrections_of(row.pk), {graph.node_of(o.question): o for o in asked}
    state, label = state_of(row)
    decision = service.decision
    outcomes = [_OUTCOME_OF[o] for o in decision.outcomes if o in _OUTCOME_OF] if decision else []
    numbered = tuple((str(c.number), _numbered(c)) for c in service.conditions)
    return Dossier(
        application=row, service=service, state=state, label=label,
        blocks=answers.blocks(service, row.data),
        opinions=tuple(
            _opinion(service, o, replaced.get(o.pk, ()),
                     is_replaced=latest[graph.node_of(o.question)] is not o)
            for o in asked
        ),
        checks=tuple(_judged(service, check, facts) for check in service.checks),
        outcomes=tuple(dict.fromkeys(outcomes)), conditions=numbered,
        decision=decisions[-1] if decisions else None,
        is_open=bool(decisions) and decisions[-1].state in ledger.OPEN,
        licences=tuple(row.licences.order_by("-id")),
        handed_over=tuple(HandOver.objects.filter(application=row).order_by("pk")),
    )  # fmt: skip


def _numbered(condition: Condition) -> str:
    return f"{ui.digits(str(condition.number))}. {pick(condition.title)}"


def _earlier(
    service: CompiledService, owed: Any, before: Sequence[tuple[ledger.Answer, str]]
) -> tuple[Earlier, ...]:
    """Return the answers that were replaced; the reason stands with the one that followed."""
    found = []
    for one, because in before:
        kind, label = OUTCOMES.get(str(one.reply.get("outcome")), OUTCOMES["done"])
        given = one.reply.get("fields", {})
        lines = _returned(service, owed, given)
        found.append(Earlier(one.at, kind, str(label), str(one.reply.get("text", "")),
                             because, lines))  # fmt: skip
    return tuple(found)


def _returned(
    service: CompiledService, owed: Any, given: Mapping[str, Any]
) -> tuple[answers.Line, ...]:
    returned = service.inquiry(owed.question).returns
    return tuple(
        answers.Line(pick(f.title), answers.show(service, f, given.get(f.id)))
        for f in returned
        if f.id in given
    )


def _opinion(
    service: CompiledService, owed: Any, before: Sequence[tuple[ledger.Answer, str]] = (), *,
    is_replaced: bool = False,
) -> Opinion:  # fmt: skip
    reply: Mapping[str, Any] = owed.reply or {}
    kind, label = OUTCOMES.get(owed.outcome, ("run", _("In progress")))
    if owed.state == "cancelled":
        kind, label = OUTCOMES["cancelled"]
    given = reply.get("fields", {})
    number = str(reply.get("refused", ""))
    refused = next((_numbered(c) for c in service.conditions if str(c.number) == number), number)
    return Opinion(
        agency=party_name(owed.debtor),
        title=pick(owed.title),
        kind=kind,
        label=str(label),
        at=owed.answered_at,
        text=str(reply.get("text", "")),
        refused=refused,
        letter_no=str(reply.get("letter_no", "")),
        conditions=tuple(reply.get("conditions", ())),
        fields=_returned(service, owed, given),
        earlier=_earlier(service, owed, before),
        is_replaced=is_replaced,
    )


_VERDICTS: dict[bool | None, tuple[str, Any]] = {
    True: ("ok", pgettext_lazy("check", "Holds")),
    False: ("no", gettext_lazy("Does not hold")),
    None: ("soon", gettext_lazy("Unknown")),
}


def _judged(service: CompiledService, check: Check, facts: Mapping[str, Any]) -> Judged:
    body = service.body
    known = {**facts, **rules.derive(body.get("derive", ()), facts)}
    verdict = rules.evaluate(
        check.rule, known, tables=body.get("tables", {}), at=clock.local_date(clock.now())
    )
    kind, label = _VERDICTS[verdict.value]
    basis = service.legal_basis.get(check.ref)
    trace = tuple(_trace_row(service, line) for line in verdict.trace)
    return Judged(
        about=_(", ").join(dict.fromkeys(row.fact for row in trace)),
        message=pick(check.message),
        severity=_("A must") if check.severity == "block" else _("A warning only"),
        kind=kind,
        label=str(label),
        ref=pick(basis.title) if basis else "",
        trace=trace,
    )


def _trace_row(service: CompiledService, line: rules.TraceLine) -> TraceRow:
    field = service.find_field(line.fact)
    kind, label = _VERDICTS[line.value]
    name = answers.field_title(service, line.fact)

    def said(value: Any) -> str:
        if value is None:
            return _("not known")
        parts = value if isinstance(value, list | tuple | set | frozenset) else [value]
        shown = (answers.show(service, field, p) if field else str(p) for p in parts)
        return format_html_join(_(", "), "{}", ((one,) for one in shown))  # codes are marked up

    no_operand = line.op in ("filled", "empty", "is_true", "is_false")
    expected = "" if no_operand else said(line.expected)
    operator = str(OPERATORS.get(line.op, line.op))
    return TraceRow(name, operator, expected, said(line.actual), kind, str(label))
