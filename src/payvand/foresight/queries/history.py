"""Which answers and cases has a service had, as columns to learn from?

Two readings whatever the number of cases; what is still open is censored at the present.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from payvand.foresight.rules.learning import Answers, Cases
from payvand.foresight.rules.network import DECISION
from payvand.foresight.rules.office_days import working_days
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.window import public as window

DAYS_BACK = 730  # older answers say little of how an office works today
CLOSED_BY = ("answered", "deemed")
UNDECIDED = ("in_review", "awaiting", "deciding")
READ = (
    "case_id", "question", "kind", "debtor_id", "level", "state", "outcome", "sent_at",
    "opened_at", "answered_at",
)  # fmt: skip
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class History:
    """What was read of one service; `as_of` makes columns of it."""

    cases: Sequence[tuple[Any, ...]]  # id, submitted, decided, state, sequential
    rows: Sequence[tuple[Any, ...]]  # READ
    owner: UUID
    fatal: Mapping[str, frozenset[str]]

    def as_of(self, now: datetime) -> tuple[Answers, Cases]:
        """Return the answers and cases as they stood at a moment: nothing later is known."""
        # What was asked one after another says how long answers take, not how long cases take.
        cases = [row for row in self.cases if row[1] <= now and not row[4]]
        return self._answers(now), _cases(cases, self.owner, now)

    def _answers(self, now: datetime) -> Answers:
        stop = now.timestamp()
        ended = {row[0]: row[2] for row in self.cases}
        rows = [row for row in self.rows if row[7] <= now]
        ends, opened, closed, hits, questions = [], [], [], [], []
        for case, question, kind, _, _, state, outcome, sent, opened_at, answered in rows:
            done = state in CLOSED_BY and answered is not None and answered <= now
            withdrawn = ended[case] if state == "cancelled" else None
            end = answered if done else withdrawn
            ends.append(max(min(end.timestamp(), stop) if end else stop, sent.timestamp()))
            opened.append(max(opened_at.timestamp(), sent.timestamp()) if opened_at else np.nan)
            closed.append(done)
            key = DECISION if kind == "decision" else question.partition("[")[0]
            questions.append(key)
            hits.append(done and outcome in self.fatal.get(key, ()))
        starts = np.asarray([row[7].timestamp() for row in rows], float)
        offices = [row[3] for row in rows]
        unopened = np.asarray(opened, float)
        known = np.flatnonzero(~np.isnan(unopened))
        unopened[known] = worked_of([offices[n] for n in known], starts[known], unopened[known])
        return Answers(
            case=[row[0] for row in rows], question=questions, level=[row[4] for row in rows],
            office=[one.hex for one in offices],
            days=worked_of(offices, starts, np.asarray(ends, float)),
            closed=np.asarray(closed, bool), fatal=np.asarray(hits, bool), unopened=unopened,
        )  # fmt: skip


def history(service: str, now: datetime) -> History:
    """Return the answers and the cases of a service that are not too old."""
    since = now - timedelta(days=DAYS_BACK)
    cases = list(
        window.Application.objects.filter(service_id=service, submitted_at__gte=since)
        .order_by("id")
        .values_list("id", "submitted_at", "decided_at", "state", "sequential")
    )
    owner = window.Service.objects.values_list("owner_id", flat=True).get(pk=service)
    mine = {row[0] for row in cases}
    rows = ledger.Obligation.objects.filter(
        service=service, kind__in=("inquiry", "decision"), sent_at__gte=since
    )
    found = [
        row for row in rows.order_by("id").values_list(*READ).iterator(chunk_size=5000)
        if row[0] in mine and not row[1].startswith("decision#")
    ]  # fmt: skip
    return History(cases, found, owner, _fatal_outcomes(service))


def _fatal_outcomes(service: str) -> dict[str, frozenset[str]]:
    version = window.ServiceVersion.objects.filter(service=service).order_by("-pk").first()
    if version is None:
        return {}
    compiled = window.service_of(version.pk)
    return {key: frozenset(compiled.by_key[key].fatal_on) for key in compiled.fatal}


def worked_of(offices: Sequence[UUID], starts: Floats, ends: Floats) -> Floats:
    """Return the working days between moments, each on its own office's calendar."""
    found = np.zeros(len(offices))
    if not len(offices):
        return found
    calendars = registry.calendars_of(set(offices))
    versions: dict[str, list[int]] = {}
    for place, office in enumerate(offices):
        versions.setdefault(calendars[office].version, []).append(place)
    for places in versions.values():
        here = np.asarray(places)
        found[here] = working_days(calendars[offices[places[0]]], starts[here], ends[here])
    return np.asarray(np.maximum(found, 0.0), float)


def _cases(rows: Sequence[tuple[Any, ...]], owner: UUID, now: datetime) -> Cases:
    """Withdrawn cases are censored at their withdrawal."""
    starts = np.asarray([row[1].timestamp() for row in rows], float)
    ends = np.asarray([min(row[2] or now, now).timestamp() for row in rows], float)
    closed = np.asarray(
        [row[2] is not None and row[2] <= now and row[3] != "withdrawn" for row in rows], bool
    )
    return Cases(worked_of([owner] * len(rows), starts, np.maximum(ends, starts)), closed)
