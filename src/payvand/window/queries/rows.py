"""How does each inquiry stand on the time axis, in words and in bars?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payvand.kernel import clock
from payvand.kernel.calendar import CalendarTooShort, WorkCalendar
from payvand.kernel.jalali import format_date, format_datetime
from payvand.kernel.terms import NO_STOPS, OpenEndedStop, Term, due, due_at, remaining
from payvand.kernel.text import format_number
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.ui import charts, words
from payvand.ui.language import lang, pick
from payvand.window.queries.standing import CaseFacts, Expected
from payvand.window.rules import graph

EXPLAIN_AT_ONCE = 60  # more rows than these explain their dates one by one, on request
OUTCOMES: dict[str, tuple[str, Any]] = {
    "positive": ("ok", gettext_lazy("Agreed")),
    "conditional": ("cond", gettext_lazy("Agreed with conditions")),
    "negative": ("no", gettext_lazy("Refused")),
    "not_ours": ("out", gettext_lazy("Not this agency’s business")),
    "deemed": ("deemed", gettext_lazy("Deemed agreed by silence")),
    "cancelled": ("wait", gettext_lazy("Cancelled")),
    "done": ("done", gettext_lazy("Answered")),
}


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of the Gantt, in the words of `ui/gantt.html`."""

    node: str
    name: str  # whose desk: an agency, never a person
    what: str
    state: str
    outcome: str
    note: str
    group: str  # done run over wait: how it is counted
    bar: charts.Row
    sent: datetime | None = None
    due: datetime | None = None
    left: str = ""
    why: tuple[str, ...] = ()
    href: str = ""
    debtor: UUID | None = None


@dataclass(frozen=True, slots=True)
class View:
    """All rows of a case on one axis."""

    rows: tuple[RowView, ...]
    inquiries: tuple[RowView, ...]
    ticks: Sequence[tuple[float, str]]
    last_due: datetime | None
    way: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """A condition, an objection or another duty, as one line."""

    id: UUID
    title: str
    text: str
    agency: str
    state: str
    outcome: str
    due_at: datetime | None
    reply: str


@dataclass(slots=True)
class _Axis:
    """The time that is shown, and the closed days of each calendar on it."""

    span: charts.Span
    now: float | None
    made: dict[str, Sequence[tuple[float, float]]] = field(default_factory=dict)

    def closed(self, calendar: WorkCalendar | None) -> Sequence[tuple[float, float]]:
        if calendar is None:
            return ()
        if calendar.version not in self.made:
            try:
                bands = self.span.closed(lambda day: not calendar.is_open(day))
            except CalendarTooShort:
                bands = []
            self.made[calendar.version] = bands
        return self.made[calendar.version]


def party_name(party: Any) -> str:
    """Return the name of a party in the reader's language."""
    return str(party.name_en or party.name_fa) if lang() == "en" else str(party.name_fa)


def end_of(term: Term, start: datetime, calendar: WorkCalendar) -> datetime:
    """Return when a term without interruptions runs out."""
    return due_at(term, start, NO_STOPS, calendar)


def duty(owed: Any, now: datetime) -> Duty:
    """Return an obligation as one line of a list."""
    state, outcome = _chip(owed, now)
    text = str(owed.payload.get("text", "")) if owed.kind == "objection" else ""
    reply = str((owed.reply or {}).get("text", ""))
    return Duty(owed.pk, pick(owed.title), text, party_name(owed.debtor), state, outcome,
                owed.due_at, reply)  # fmt: skip


def view(facts: CaseFacts, *, why: str | None = None) -> View:
    """Return the rows of a case: its inquiries in the order of the plan, then the decision."""
    nodes = [n for n in facts.plan.active if n in facts.by_node or not facts.is_moot(n)]
    asked = [facts.by_node[n] for n in nodes if n in facts.by_node]
    axis = _axis(facts, [*asked, *facts.of("decision")])
    explain = {why} if why is not None else set(nodes) | {"decision"}
    if why is None and len(nodes) > EXPLAIN_AT_ONCE:
        explain = set()
    inquiries = tuple(_row(facts, node, axis, node in explain) for node in nodes)
    decision = _decision_rows(facts, axis, "decision" in explain)
    return View(
        rows=(*inquiries, *decision),
        inquiries=inquiries,
        ticks=axis.span.ticks(lang()),
        last_due=_last_due(facts),
        way=_way(facts),
    )


def _axis(facts: CaseFacts, owed: Sequence[Any]) -> _Axis:
    start = facts.application.submitted_at.astimezone(clock.TEHRAN)
    start = start.replace(hour=0, minute=0, second=0, microsecond=0)
    ends = [o.answered_at or o.due_at for o in owed if o.answered_at or o.due_at]
    ends += [o.due_at for o in owed if o.due_at]
    is_open = facts.application.decided_at is None
    if is_open:
        ends += [facts.now, *(e.ends for e in facts.expected.values() if e.ends)]
        last = _last_due(facts)
        ends += [last] if last else []
    end = max(ends, default=facts.now).astimezone(clock.TEHRAN) + timedelta(days=1)
    end = max(end.replace(hour=0, minute=0, second=0, microsecond=0), start + timedelta(days=3))
    span = charts.Span(start, end)
    return _Axis(span, span.percent(facts.now) if facts.now <= end else None)


def _row(facts: CaseFacts, node: str, axis: _Axis, explain: bool) -> RowView:
    owed = facts.by_node.get(node)
    if owed is None:
        return _waiting(facts, node, axis)
    return _asked(facts, owed, axis, explain)


def _asked(facts: CaseFacts, owed: Any, axis: _Axis, explain: bool) -> RowView:
    state, outcome = _chip(owed, facts.now)
    calendar = facts.calendars.get(owed.debtor_id)
    title = pick(owed.title)
    node = graph.node_of(owed.question)
    branch = node.partition("[")[2].rstrip("]")
    shown = format_number(int(branch), lang()) if branch.isdigit() else ""
    groups = {"run": "run", "soon": "run", "stop": "run", "over": "over"}
    return RowView(
        node=node,
        name=party_name(owed.debtor),
        what=_("%(title)s, row %(n)s") % {"title": title, "n": shown} if shown else title,
        state=state,
        outcome=outcome,
        note=_note(facts, owed),
        group=groups.get(state, "done"),
        bar=_bars(facts, owed, axis, state),
        sent=owed.sent_at,
        due=owed.due_at,
        left=_left(facts, owed, calendar),
        why=_why(facts, owed, calendar) if explain else (),
        href="" if explain or not owed.due_at else f"?{urlencode({'why': node})}",
        debtor=owed.debtor_id,
    )


def _waiting(facts: CaseFacts, node: str, axis: _Axis) -> RowView:
    inquiry = facts.service.inquiry(node)
    ahead = facts.expected[node]
    before = [pick(facts.service.inquiry(n).title) for n in facts.waits_for(node)]
    note = _("Waits for: %(what)s") % {"what": _(", ").join(before)} if before else ""
    from payvand.window.queries.catalogue import role_name

    calendar = facts.calendars.get(ahead.debtor) if ahead.debtor else None
    end = ahead.ends or ahead.starts
    bar = charts.Bar(axis.span.percent(ahead.starts), axis.span.percent(end), "wait")
    is_open = facts.application.decided_at is None
    return RowView(
        node=node,
        name=pick(role_name(inquiry.role)),
        what=pick(inquiry.title),
        state="wait",
        outcome=_("Not asked yet") if is_open else _("Was not asked"),
        note=note,
        group="wait",
        bar=charts.Row([bar] if is_open else [], None, axis.now, axis.closed(calendar)),
        due=ahead.ends if is_open else None,
        left=_("at the latest, as things stand") if is_open and ahead.ends else "",
        debtor=ahead.debtor,
    )


def _decision_rows(facts: CaseFacts, axis: _Axis, explain: bool) -> tuple[RowView, ...]:
    if facts.service.decision is None:
        return ()
    asked = facts.of("decision")
    if asked:
        return tuple(_asked(facts, owed, axis, explain) for owed in asked)
    if facts.application.decided_at is not None:
        return ()
    starts, ends = _decision_time(facts)
    bar = charts.Bar(axis.span.percent(starts), axis.span.percent(ends or starts), "wait")
    owner = facts.application.service.owner_id
    return (
        RowView(
            node="decision",
            name=party_name(facts.application.service.owner),
            what=_("Decision"),
            state="wait",
            outcome=_("Not asked yet"),
            note=_("After all answers"),
            group="wait",
            bar=charts.Row([bar], None, axis.now, axis.closed(facts.calendars.get(owner))),
            due=ends,
            left=_("at the latest, as things stand") if ends else "",
            debtor=owner,
        ),
    )


def _decision_time(facts: CaseFacts) -> tuple[datetime, datetime | None]:
    """Return when the decision would begin and be due, were every term used up."""
    ends = [facts.end(node) for node in facts.plan.active]
    starts = max([facts.now, *(end for end in ends if end is not None)])
    decision = facts.service.decision
    calendar = facts.calendars.get(facts.application.service.owner_id)
    longest = (
        max((r.term for r in decision.terms), key=lambda t: t.amount, default=None)
        if decision
        else None
    )
    return starts, facts.reach(longest, starts, calendar) if longest and calendar else None


def _last_due(facts: CaseFacts) -> datetime | None:
    """Return by when the case is decided at the latest, if nothing is answered after its term."""
    asked = [o for o in facts.of("decision") if o.state in ledger.OPEN]
    if asked:
        return asked[-1].due_at  # type: ignore[no-any-return]
    starts, ends = _decision_time(facts)
    return ends or (starts if starts > facts.now else None)


def _way(facts: CaseFacts) -> tuple[str, ...]:
    """Return the chain of questions that leads to the last date, the first one first."""
    open_nodes = [n for n in facts.plan.active if facts.end(n) is not None]
    if not open_nodes:
        return ()
    node = max(open_nodes, key=lambda n: facts.end(n) or facts.now)
    lines: list[str] = []
    while node:
        end = facts.end(node)
        title = pick(facts.service.inquiry(node).title)
        if end:
            lines.append(f"{title}: {format_date(clock.local_date(end), lang())}")
        ahead: Expected | None = facts.expected.get(node)
        node = ahead.behind if ahead else ""
    return tuple(reversed(lines))


def _chip(owed: Any, now: datetime) -> tuple[str, str]:
    """Return the kind of chip and its word; the outcome is said, never hidden behind “answered”."""
    if owed.state in ("answered", "deemed", "cancelled"):
        kind, label = OUTCOMES.get(owed.outcome, ("done", _("Answered")))
        return kind, str(label)
    if owed.state == "stopped":
        return "stop", _("Clock stopped")
    if owed.due_at is not None and owed.due_at < now:
        return "over", _("Overdue")
    if owed.due_at is not None and owed.due_at - now < timedelta(days=1):
        return "soon", _("Due soon")
    return "run", _("In progress")


def _note(facts: CaseFacts, owed: Any) -> str:
    if owed.answered_at and owed.due_at and owed.answered_at > owed.due_at:
        return _("after its term")
    told = [o for o in facts.of("acknowledgement") if o.about_id == owed.pk and o.office]
    if told and owed.state in ledger.OPEN:
        office = told[-1].office
        title = office.title_en if lang() == "en" else office.title_fa
        return _("Reported to: %(office)s") % {"office": title}
    if owed.state == "stopped":
        return _("until the applicant answers")
    return ""


def _left(facts: CaseFacts, owed: Any, calendar: WorkCalendar | None) -> str:
    if owed.answered_at is not None:
        return _("answered %(date)s") % {
            "date": format_date(clock.local_date(owed.answered_at), lang(), year=False)
        }
    if owed.state not in ledger.OPEN or not owed.term or calendar is None:
        return ""
    start = ledger.counted_from(owed)
    try:
        left = remaining(Term.parse(owed.term), start, facts.now, facts.stops(owed), calendar)
    except CalendarTooShort:
        return ""
    return "" if owed.state == "stopped" else words.duration(left)


def _why(facts: CaseFacts, owed: Any, calendar: WorkCalendar | None) -> tuple[str, ...]:
    """Return why the due date is where it is, line by line."""
    if not owed.term or calendar is None:
        return ()
    language = lang()
    start = ledger.counted_from(owed)
    term = Term.parse(owed.term)
    lines = [
        _("Term: %(term)s, on the calendar of %(agency)s")
        % {"term": words.term(term.amount, term.unit), "agency": party_name(owed.debtor)},
        (_("Received: %(at)s") if owed.delivered_at == start else _("Counted from sending: %(at)s"))
        % {"at": format_datetime(start, language)},
        _ground(owed),
    ]
    try:
        found = due(term, start, facts.stops(owed), calendar)
    except OpenEndedStop:
        return (
            *lines,
            _("The clock stands still; the date follows when the applicant has answered."),
        )
    except CalendarTooShort:
        return tuple(lines)
    for line in found.lines:
        title = line.title_fa if language == "fa" else line.title_en
        lines.append(f"{format_date(line.date, language, weekday=True)}: {title}")
    return (*lines, *_moves(owed))


def _ground(owed: Any) -> str:
    """Return by which law the term holds, with its mark; without one it is a service target."""
    ground = owed.ground
    if ground is None:
        return _("Ground: none cited; a service target")
    title = ground.title_en if lang() == "en" else ground.title_fa
    marks = {"sample": _("sample"), "to_review": _("to be reviewed by a lawyer")}
    mark = marks.get(ground.status)
    said = _("Ground: %(title)s") % {"title": title}
    return f"{said} ({mark})" if mark else said


def _moves(owed: Any) -> list[str]:
    """Return when and why the date moved; a cause is told as its closure was announced."""
    language, moves = lang(), list(owed.moves.all())
    titles = registry.closure_titles(move.cause for move in moves)
    return [
        _("Moved from %(was)s to %(became)s: %(cause)s")
        % {
            "was": format_date(clock.local_date(move.was), language),
            "became": format_date(clock.local_date(move.became), language),
            "cause": pick(titles.get(move.cause, move.cause)),
        }
        for move in moves
        if move.was and move.became
    ]


def _bars(facts: CaseFacts, owed: Any, axis: _Axis, state: str) -> charts.Row:
    at = axis.span.percent
    end = owed.answered_at or (facts.now if owed.state in ledger.OPEN else owed.sent_at)
    late = owed.answered_at and owed.due_at and owed.answered_at > owed.due_at
    kind = state if state in ("run", "over", "soon") else "late" if late else "done"
    if state == "stop":
        kind = "run"
    bars = [charts.Bar(at(owed.sent_at), max(at(end), at(owed.sent_at) + 0.8), kind)]
    if owed.due_at and owed.due_at > end:
        bars.append(charts.Bar(at(end), at(owed.due_at), "left"))
    for stop_from, stop_to in facts.stops(owed).intervals:
        bars.append(charts.Bar(at(stop_from), at(stop_to or facts.now), "stop"))
    due_place = at(owed.due_at) if owed.due_at else None
    closed = axis.closed(facts.calendars.get(owed.debtor_id))
    return charts.Row(bars, due_place, axis.now, closed)
