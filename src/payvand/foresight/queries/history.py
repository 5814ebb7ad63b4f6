"""Which answers and cases has a service had, as columns to learn from?

Two readings whatever the number of cases; what is still open is censored at the present.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from payvand.foresight.rules.learning import Answers, Cases, Group
from payvand.foresight.rules.network import DECISION
from payvand.foresight.rules.office_days import working_days
from payvand.kernel.questions import key_of, node_of
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.window import public as window

DAYS_BACK = 730  # older answers say little of how an office works today
CLOSED_BY = ("answered", "deemed")
READ = (
    "case_id", "question", "kind", "debtor_id", "level", "state", "outcome", "sent_at",
    "opened_at", "answered_at",
)  # fmt: skip
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class History:
    """What was read of one service, in columns; `as_of` makes columns of a moment of it.

    Moments are seconds since 1970, NaN where there is none. `ends`: when a question was answered,
    put again, or its case was over; one that was taken back while the case goes on ended at once.
    """

    owner: UUID
    groups: Sequence[Group]
    offices: Sequence[UUID]
    group: NDArray[np.int32]
    office: NDArray[np.int32]
    case: NDArray[np.int32]
    sent: Floats
    opened: Floats
    ends: Floats
    answered: NDArray[np.bool_]
    fatal: NDArray[np.bool_]
    submitted: Floats  # of the cases that are counted as such
    decided: Floats
    is_decided: NDArray[np.bool_]

    def as_of(self, now: datetime) -> tuple[Answers, Cases]:
        """Return the answers and cases as they stood at a moment: nothing later is known."""
        stop = now.timestamp()
        return self._answers(stop), self._cases(stop)

    def _answers(self, stop: float) -> Answers:
        known = np.flatnonzero(self.sent <= stop)
        sent, ends = self.sent[known], self.ends[known]
        closed = self.answered[known] & (ends <= stop)
        until = np.maximum(np.where(ends <= stop, ends, stop), sent)
        office = self.office[known]
        opened = np.minimum(np.maximum(self.opened[known], sent), until)
        return Answers(
            groups=self.groups, group=self.group[known], case=self.case[known],
            days=_worked(self.offices, office, sent, until),
            closed=closed, fatal=self.fatal[known] & closed,
            unopened=_worked(self.offices, office, sent, opened),
        )  # fmt: skip

    def _cases(self, stop: float) -> Cases:
        known = np.flatnonzero(self.submitted <= stop)
        starts, ends = self.submitted[known], self.decided[known]
        until = np.maximum(np.where(ends <= stop, ends, stop), starts)
        nobody = np.zeros(len(known), np.int32)
        days = _worked([self.owner], nobody, starts, until)
        return Cases(days, self.is_decided[known] & (ends <= stop))


def history(service: str, now: datetime) -> History:
    """Return the answers and the cases of a service that are not too old."""
    since = now - timedelta(days=DAYS_BACK)
    owner = window.Service.objects.values_list("owner_id", flat=True).get(pk=service)
    rows = window.Application.objects.filter(service_id=service, submitted_at__gte=since)
    cases: dict[UUID, int] = {}
    submitted, decided, is_decided = array("d"), array("d"), array("b")
    over: dict[int, float] = {}  # case → when it was decided or withdrawn
    names = ("id", "submitted_at", "decided_at", "state", "sequential")
    for key, at, end, state, in_turn in rows.order_by("id").values_list(*names).iterator(5000):
        place = cases[key] = len(cases)
        if end is not None:
            over[place] = end.timestamp()
        # What was asked one after another says how long answers take, not how long cases take.
        if not in_turn:
            submitted.append(at.timestamp())
            decided.append(end.timestamp() if end else np.nan)
            is_decided.append(end is not None and state != "withdrawn")
    return History(
        owner=owner, **_read(service, since, cases, over), submitted=np.asarray(submitted),
        decided=np.asarray(decided), is_decided=np.asarray(is_decided, bool),
    )  # fmt: skip


def _read(
    service: str, since: datetime, cases: Mapping[UUID, int], over: Mapping[int, float]
) -> dict[str, Any]:
    """Return the columns of the answers; rows are let go at once, for there may be millions."""
    columns = _Columns(_fatal_outcomes(service))
    rows = ledger.Obligation.objects.filter(
        service=service, kind__in=("inquiry", "decision"), sent_at__gte=since
    )
    for row in rows.order_by("id").values_list(*READ).iterator(chunk_size=5000):
        case = cases.get(row[0])
        if case is not None and not row[1].startswith("decision#"):
            columns.add(case, *row[1:])
    return columns.as_arrays(over)


class _Columns:
    """The columns of the answers while they are read."""

    def __init__(self, fatal: Mapping[str, frozenset[str]]) -> None:
        self.fatal_on = fatal
        self.groups: dict[Group, int] = {}
        self.offices: dict[UUID, int] = {}
        self.codes = {name: array("i") for name in ("group", "office", "case")}
        self.moments = {name: array("d") for name in ("sent", "opened", "ends")}
        self.marks = {name: array("b") for name in ("answered", "fatal")}
        self.taken_back: dict[tuple[int, str], int] = {}  # and not put again so far: its row

    def add(self, case: int, question: str, kind: str, office: UUID, *facts: Any) -> None:
        """Add one obligation; facts: level, state, outcome, when it was sent, opened, answered."""
        level, state, outcome, sent, opened, ended = facts
        key = DECISION if kind == "decision" else key_of(question)
        done = state in CLOSED_BY and ended is not None
        ends, node = self.moments["ends"], (case, node_of(question))
        if node in self.taken_back:  # the earlier one was watched until it was put again
            ends[self.taken_back.pop(node)] = sent.timestamp()
        if state == "cancelled":
            self.taken_back[node] = len(ends)
        group = Group(key, level, office.hex)
        self.codes["group"].append(self.groups.setdefault(group, len(self.groups)))
        self.codes["office"].append(self.offices.setdefault(office, len(self.offices)))
        self.codes["case"].append(case)
        self.moments["sent"].append(sent.timestamp())
        self.moments["opened"].append(opened.timestamp() if opened else np.nan)
        ends.append(ended.timestamp() if done else np.nan)
        self.marks["answered"].append(done)
        self.marks["fatal"].append(done and outcome in self.fatal_on.get(key, ()))

    def as_arrays(self, over: Mapping[int, float]) -> dict[str, Any]:
        """Return the columns by name; over: when cases were decided or withdrawn."""
        for (case, _), row in self.taken_back.items():
            self.moments["ends"][row] = over.get(case, self.moments["sent"][row])
        return {
            "groups": list(self.groups), "offices": list(self.offices),
            **{name: np.asarray(one, np.int32) for name, one in self.codes.items()},
            **{name: np.asarray(one, float) for name, one in self.moments.items()},
            **{name: np.asarray(one, bool) for name, one in self.marks.items()},
        }  # fmt: skip


def _fatal_outcomes(service: str) -> dict[str, frozenset[str]]:
    version = window.ServiceVersion.objects.filter(service=service).order_by("-pk").first()
    if version is None:
        return {}
    compiled = window.service_of(version.pk)
    return {key: frozenset(compiled.by_key[key].fatal_on) for key in compiled.fatal}


def worked_of(offices: Sequence[UUID], starts: Floats, ends: Floats) -> Floats:
    """Return the working days between moments, each on its own office's calendar."""
    known = {office: n for n, office in enumerate(dict.fromkeys(offices))}
    codes = np.asarray([known[one] for one in offices], np.int32)
    return _worked(list(known), codes, starts, ends)


def _worked(
    offices: Sequence[UUID], codes: NDArray[np.int32], starts: Floats, ends: Floats
) -> Floats:
    """Return the same for offices by number; NaN stays NaN."""
    found = np.full(len(codes), np.nan)
    if not len(codes):
        return found
    calendars = registry.calendars_of(set(offices))
    versions = [calendars[office].version for office in offices]
    for version in set(versions):
        same = np.asarray([one == version for one in versions])
        here = np.flatnonzero(same[codes] & ~np.isnan(ends))
        calendar = calendars[offices[versions.index(version)]]
        found[here] = np.maximum(working_days(calendar, starts[here], ends[here]), 0)
    return found
