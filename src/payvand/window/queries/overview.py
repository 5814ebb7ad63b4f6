"""What does an official in charge see of a case: terms, delays, reports and orders?

Never who applied, what was written, asked for or answered in words, or paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from payvand.audit import public as audit
from payvand.kernel import clock
from payvand.ledger import public as ledger
from payvand.ui.language import pick
from payvand.window import compiled
from payvand.window.models import Application
from payvand.window.queries import events as history_of
from payvand.window.queries import rows as gantt
from payvand.window.queries.cases import state_of
from payvand.window.queries.standing import CaseFacts

HIDDEN = ("window.fee_paid", "window.looked_into")


@dataclass(frozen=True, slots=True)
class Report:
    """One report of a delay: about what, to which office, and the order that followed."""

    title: str
    agency: str
    office: str
    rung: int
    sent_at: datetime
    due_at: datetime | None
    acknowledged_at: datetime | None
    order: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that the officials' page of a case shows."""

    application: Application
    state: str
    label: str
    is_open: bool
    is_partial: bool  # only what some agencies owe
    day: int
    last_due: datetime | None
    counts: dict[str, int]  # done run over wait
    rows: tuple[gantt.RowView, ...]
    ticks: Sequence[tuple[float, str]]
    reports: tuple[Report, ...]
    events: tuple[history_of.EventView, ...]


def overview(
    row: Application, agencies: frozenset[UUID] | None = None, *, why: str | None = None
) -> Overview:
    """Return a case as an official sees it; of some agencies only, when they are given."""
    now = clock.now()
    facts = CaseFacts(row, compiled.service_of(row.version_id), _owed(row.pk), now)
    view = gantt.view(facts, why=why)
    rows = tuple(r for r in view.rows if agencies is None or r.debtor in agencies)
    state, label = state_of(row)
    is_open = row.decided_at is None
    groups = [r.group for r in rows]
    return Overview(
        application=row, state=state, label=label, is_open=is_open,
        is_partial=agencies is not None,
        day=max(1, ((row.decided_at or now) - row.submitted_at).days + 1),
        last_due=view.last_due if is_open and agencies is None else None,
        counts={name: groups.count(name) for name in ("done", "run", "over", "wait")},
        rows=rows, ticks=view.ticks,
        reports=tuple(_report(o) for o in facts.of("acknowledgement") if _is_for(o, agencies)),
        events=history_of.history(_events(facts, agencies), facts),
    )  # fmt: skip


def _owed(case_id: UUID) -> list[Any]:
    """Return the obligations of a case in three queries, without what was written in them."""
    found = ledger.Obligation.objects.filter(case_id=case_id).defer("payload")
    related = found.select_related("debtor", "office", "ground")
    return list(related.prefetch_related("interruptions", "moves").order_by("sent_at", "pk"))


def _is_for(owed: Any, agencies: frozenset[UUID] | None) -> bool:
    return owed.office is not None and (agencies is None or owed.debtor_id in agencies)


def _report(owed: Any) -> Report:
    title = {"fa": owed.office.title_fa, "en": owed.office.title_en or owed.office.title_fa}
    return Report(
        title=pick(owed.title), agency=gantt.party_name(owed.debtor), office=pick(title),
        rung=owed.rung_no, sent_at=owed.sent_at, due_at=owed.due_at,
        acknowledged_at=owed.answered_at, order=str((owed.reply or {}).get("text", "")),
    )  # fmt: skip


def _events(facts: CaseFacts, agencies: frozenset[UUID] | None) -> list[audit.Happened]:
    """Return what happened to the obligations that are shown, and to the case as a whole."""
    found = []
    for event in audit.history(facts.application.pk):
        kind, _colon, key = event.subject.partition(":")
        owed = facts.by_id.get(UUID(key)) if kind == "obligation" else None
        theirs = owed is not None and (agencies is None or owed.debtor_id in agencies)
        whole = owed is None and agencies is None and event.verb not in HIDDEN
        if theirs or whole or event.verb == "window.submitted":
            found.append(event)
    return found
