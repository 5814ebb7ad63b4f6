"""What is known of one case at one moment: its obligations, calendars, plan and expected dates?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from payvand.kernel import clock
from payvand.kernel.calendar import CalendarTooShort, WorkCalendar
from payvand.kernel.errors import PayvandError
from payvand.kernel.terms import NO_STOPS, Stops, Term, due_at
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.window import compiled
from payvand.window.models import Application
from payvand.window.rules import graph
from payvand.window.rules.pack_model import CompiledService


@dataclass(frozen=True, slots=True)
class Expected:
    """When a question that was not asked yet would begin and end, were every term used up."""

    debtor: UUID | None
    starts: datetime
    ends: datetime | None
    behind: str  # the node whose end it waits for; empty = nothing but itself


class CaseFacts:
    """The facts of one case, read once; everything else is derived from them."""

    def __init__(
        self,
        application: Application,
        service: CompiledService,
        owed: Sequence[Any],
        now: datetime,
    ) -> None:
        self.application, self.service, self.owed, self.now = application, service, owed, now
        self.plan = compiled.plan_of(application.plan)
        self.by_node = {graph.node_of(o.question): o for o in owed if o.kind == "inquiry"}
        self.by_id = {o.pk: o for o in owed}
        self.debtors = {node: self._debtor(node) for node in self.plan.active}
        ids = {o.debtor_id for o in owed} | {d for d in self.debtors.values() if d is not None}
        self.calendars: dict[UUID, WorkCalendar] = registry.calendars_of(
            ids | {application.service.owner_id}
        )

    def of(self, kind: str) -> list[Any]:
        """Return the obligations of a kind, in the order of their sending."""
        return [o for o in self.owed if o.kind == kind]

    def _debtor(self, node: str) -> UUID | None:
        """Return who answers, or would answer, a question."""
        if node in self.by_node:
            return self.by_node[node].debtor_id  # type: ignore[no-any-return]
        inquiry = self.service.inquiry(node)
        place = compiled.level_place(self.application.place_id, inquiry.place)
        try:
            return registry.debtor_for(inquiry.role, place, clock.local_date(self.now))
        except PayvandError:  # nobody is named for the role there: the row says the role alone
            return None

    def waits_for(self, node: str) -> tuple[str, ...]:
        """Return the questions that must be closed before this one is asked."""
        return tuple(
            before
            for key in self.service.inquiry(node).predecessors
            for before in graph.predecessors(self.service, self.plan, node, key)
            if self._is_open(before)
        )

    def _is_open(self, node: str) -> bool:
        owed = self.by_node.get(node)
        return owed is None or owed.state in ledger.OPEN

    def is_moot(self, node: str) -> bool:
        """Will the question never be asked, since data it needs will not come?"""
        return node in self._moot

    @cached_property
    def _moot(self) -> frozenset[str]:
        state = {node: owed.outcome or None for node, owed in self.by_node.items()}
        given = {n: (o.reply or {}).get("fields", {}) for n, o in self.by_node.items()}
        return frozenset(graph.moot(self.service, self.plan, state, given))

    @cached_property
    def expected(self) -> dict[str, Expected]:
        """Return the expected times of every question not asked yet, in the pack's order."""
        found: dict[str, Expected] = {}
        for key in self.service.order:
            for node in self.plan.groups.get(key, ()):
                if node not in self.by_node and not self.is_moot(node):
                    found[node] = self._expect(node, found)
        return found

    def _expect(self, node: str, found: dict[str, Expected]) -> Expected:
        starts, behind = self.now, ""
        for key in self.service.inquiry(node).predecessors:
            for before in graph.predecessors(self.service, self.plan, node, key):
                end = self.end(before, found)
                if end is not None and end > starts:
                    starts, behind = end, before
        debtor = self.debtors.get(node)
        rule = compiled.term_of(self.service.inquiry(node).terms, {}, clock.local_date(self.now))
        calendar = self.calendars.get(debtor) if debtor else None
        ends = self.reach(rule.term, starts, calendar) if rule and calendar else None
        return Expected(debtor, starts, ends, behind)

    def end(self, node: str, found: dict[str, Expected] | None = None) -> datetime | None:
        """Return when a question was closed, is due (now, when overdue), or would be due."""
        owed = self.by_node.get(node)
        if owed is not None:
            if owed.answered_at is not None:
                return owed.answered_at  # type: ignore[no-any-return]
            return max(owed.due_at, self.now) if owed.due_at else self.now
        ahead = (self.expected if found is None else found).get(node)
        return ahead.ends or ahead.starts if ahead else None

    @staticmethod
    def reach(term: Term, start: datetime, calendar: WorkCalendar) -> datetime | None:
        """Return when a term ends; None beyond the recorded calendar."""
        try:
            return due_at(term, start, NO_STOPS, calendar)
        except CalendarTooShort:
            return None

    def stops(self, owed: Any) -> Stops:
        """Return when the clock of an obligation stood still."""
        return Stops.of([(i.starts, i.ends) for i in owed.interruptions.all()])
