"""Which drafts and cases are mine, and how far is each of them?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payvand.kernel.errors import NotFound
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.registry.public import Actor
from payvand.ui.language import pick
from payvand.window import compiled
from payvand.window.models import Application, Attachment, Draft, Licence
from payvand.window.queries import answers
from payvand.window.rules.pack_model import CompiledService, Step

PAGE = 20
STATES: dict[str, tuple[str, Any]] = {
    "in_review": ("run", gettext_lazy("Being examined")),
    "awaiting": ("stop", gettext_lazy("Waiting for the applicant")),
    "deciding": ("run", gettext_lazy("Being decided")),
    "granted": ("ok", gettext_lazy("Approved")),
    "refused": ("no", gettext_lazy("Refused")),
    "withdrawn": ("wait", gettext_lazy("Withdrawn")),
    "decided": ("done", gettext_lazy("Decided")),  # replayed from a log that names no outcome
    "deemed": ("deemed", gettext_lazy("Deemed approved by silence")),
}


def state_of(row: Application, *, mine: bool = False) -> tuple[str, str]:
    """Return the kind of chip and the words for the state of an application; mine = to its side."""
    kind, label = STATES.get(row.state, ("run", row.state))
    return kind, _("Waiting for you") if mine and row.state == "awaiting" else str(label)


@dataclass(frozen=True, slots=True)
class Task:
    """One step of a draft in the task list."""

    id: str
    title: str
    href: str
    state: str
    label: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft with its service, its answers and the state of each step."""

    draft: Draft
    service: CompiledService
    applicant: Mapping[str, str]
    data: Mapping[str, Any]
    steps: tuple[Step, ...]
    tasks: tuple[Task, ...]

    @property
    def is_ready(self) -> bool:
        """Is every step done?"""
        return all(task.is_done for task in self.tasks)

    @property
    def done(self) -> int:
        """Return how many steps are done."""
        return sum(task.is_done for task in self.tasks)

    def step(self, step_id: str) -> Step:
        """Return a step that is asked; raises NotFound."""
        found = next((s for s in self.steps if s.id == step_id), None)
        if found is None:
            raise NotFound(step=step_id)
        return found

    def next_after(self, step_id: str) -> str:
        """Return the id of the step after this one; empty after the last."""
        ids = [s.id for s in self.steps]
        place = ids.index(step_id) + 1
        return ids[place] if place < len(ids) else ""

    def hidden(self) -> tuple[str, ...]:
        """Return the steps that need no answer and are not marked as done."""
        asked = {s.id for s in self.steps}
        return tuple(
            s.id
            for s in self.service.steps
            if s.id not in asked and s.id not in self.draft.steps_done
        )


def applicants_of(by: Actor, slug: str) -> list[tuple[str, str]]:
    """Return (id, name) of everybody the actor may apply for: oneself first."""
    ids = [p for p in (by.party, *by.mandates) if p is not None]
    ids = [p for p in dict.fromkeys(ids) if p == by.party or registry.may_act_for(by, p, slug).ok]
    names = registry.party_names(ids)
    return [(str(p), pick(names[p])) for p in ids if p in names]


def draft(by: Actor, draft_id: UUID) -> DraftView:
    """Return a draft of one's own; somebody else's does not exist for the asker."""
    row = Draft.objects.filter(pk=draft_id).first()
    if row is None or row.user_id != by.user_id:
        raise NotFound(draft=str(draft_id))
    service = compiled.service_of(row.version_id)
    steps = tuple(s for s in service.steps if answers.is_shown(s, row.data))
    names = registry.party_names([row.applicant_id])
    tasks = tuple(_task(row, step) for step in steps)
    return DraftView(row, service, names.get(row.applicant_id, {}), row.data, steps, tasks)


def _task(row: Draft, step: Step) -> Task:
    is_done = step.id in row.steps_done and not answers.missing(step, row.data)
    begun = any(f.id in row.data for f in step.fields)
    state, label = ("done", _("Done")) if is_done else ("wait", _("Not started"))
    if begun and not is_done:
        state, label = "soon", _("Not finished")
    href = reverse("window:step", args=[row.pk, step.id])
    return Task(step.id, pick(step.title), href, state, label, is_done)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in the list."""

    id: UUID
    title: Mapping[str, str]
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in the list."""

    id: UUID
    code: str
    title: Mapping[str, str]
    applicant: Mapping[str, str]
    state: str
    label: str
    submitted_at: datetime
    answered: int
    asked: int
    overdue: int
    due_at: datetime | None
    service: str
    decided_at: datetime | None
    stage: str  # the state as it is stored


@dataclass(frozen=True, slots=True)
class CasePage:
    """Some cases, the newest first, and where older ones begin."""

    rows: tuple[CaseRow, ...]
    before: str = ""


def drafts_of(by: Actor) -> list[DraftRow]:
    """Return the drafts of an account, the last touched first."""
    if by.user_id is None:
        return []
    rows = Draft.objects.filter(user_id=by.user_id).order_by("-updated_at")
    found = rows.values_list("pk", "version__service__title", "updated_at")[:PAGE]
    return [DraftRow(*row) for row in found]


def cases_of(by: Actor, *, now: datetime, before: str = "") -> CasePage:
    """Return the cases of the actor and of those it acts for; three queries whatever the size."""
    parties = [p for p in (by.party, *by.mandates) if p is not None]
    rows = Application.objects.filter(applicant_id__in=parties).order_by("-id")
    if before:
        try:
            rows = rows.filter(pk__lt=UUID(before))
        except ValueError:
            raise NotFound(page=before) from None
    rows = rows.select_related("service", "applicant").defer("data")
    found = list(rows[: PAGE + 1])
    more = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    sums = _standing([a.pk for a in found[:PAGE]], now)
    return CasePage(tuple(_case_row(a, sums.get(a.pk, _NONE)) for a in found[:PAGE]), more)


def waiting_for(by: Actor, *, most: int = 10) -> list[tuple[UUID, str, dict[str, str]]]:
    """Return id, code and service of the cases whose clocks stand still until the actor answers."""
    parties = [p for p in (by.party, *by.mandates) if p is not None]
    rows = Application.objects.filter(applicant_id__in=parties, state="awaiting").order_by("id")
    return list(rows.values_list("pk", "code", "service__title")[:most])


_Sums = tuple[int, int, int, datetime | None]
_NONE: _Sums = (0, 0, 0, None)


def _standing(ids: list[UUID], now: datetime) -> dict[UUID, _Sums]:
    """Return (asked, answered, overdue, last due) of each case."""
    rows = ledger.Obligation.objects.filter(case_id__in=ids, kind__in=("inquiry", "decision"))
    sums: dict[UUID, _Sums] = {}
    for case, kind, state, due in rows.values_list("case_id", "kind", "state", "due_at"):
        asked, answered, overdue, last = sums.get(case, _NONE)
        is_open, counts = state in ledger.OPEN, kind == "inquiry"
        late = is_open and due is not None and due < now
        last = max(last, due) if last and due else last or due
        done = counts and not is_open
        sums[case] = (asked + counts, answered + done, overdue + late, last)
    return sums


def _of(row: Application, asked: int) -> int:
    """Return how many inquiries a case has: while it runs, those that are still to come too."""
    return asked if row.decided_at else max(asked, len(row.plan["active"]))


def _case_row(row: Application, sums: _Sums) -> CaseRow:
    state, label = state_of(row, mine=True)
    asked, answered, overdue, due = sums
    applicant = {"fa": row.applicant.name_fa, "en": row.applicant.name_en or row.applicant.name_fa}
    return CaseRow(row.pk, row.code, row.service.title, applicant, state, label,
                   row.submitted_at, answered, _of(row, asked), overdue,
                   None if row.decided_at else due, row.service_id, row.decided_at,
                   row.state)  # fmt: skip


def application(application_id: UUID) -> Application:
    """Return an application with what access asks of it; raises NotFound."""
    found = (
        Application.objects.select_related("service__owner", "applicant", "place")
        .filter(pk=application_id)
        .first()
    )
    if found is None:
        raise NotFound(application=str(application_id))
    return found


def file_of(file_id: UUID) -> Attachment:
    """Return an attachment with the draft or application it belongs to; raises NotFound."""
    found = (
        Attachment.objects.select_related("application__service", "draft")
        .filter(pk=file_id)
        .first()
    )
    if found is None:
        raise NotFound(file=str(file_id))
    return found


def is_on_desk(by: Actor, row: Attachment) -> bool:
    """Does an inquiry on a desk of the actor carry this very file?"""
    orgs = {seat.org for seat in by.seats}
    if row.application_id is None or not orgs:
        return False
    carried = ledger.Obligation.objects.filter(
        case_id=row.application_id, kind="inquiry", debtor_id__in=orgs
    )
    return any(
        isinstance(value, Mapping) and value.get("file") == str(row.pk)
        for payload in carried.values_list("payload", flat=True)
        for value in payload.values()
    )


@dataclass(frozen=True, slots=True)
class PublicStanding:
    """What a tracking code tells to anybody: no names, no answers, no fields."""

    code: str
    title: Mapping[str, str]
    state: str
    label: str
    submitted_at: datetime
    decided_at: datetime | None
    asked: int
    answered: int
    overdue: int


def by_code(code: str, *, now: datetime) -> PublicStanding | None:
    """Return the standing of the case with this tracking code; None when there is none."""
    rows = Application.objects.select_related("service").defer("data")
    row = rows.filter(code=code).first()
    if row is None:
        return None
    asked, answered, overdue, _due = _standing([row.pk], now).get(row.pk, _NONE)
    state, label = state_of(row)
    return PublicStanding(row.code, row.service.title, state, label, row.submitted_at,
                          row.decided_at, _of(row, asked), answered, overdue)  # fmt: skip


def licence_by(text: str) -> Licence | None:
    """Return the licence with this number or check code, however its letters are written."""
    bare = text.replace(" ", "")
    rows = Licence.objects.select_related("service", "holder", "application__service__owner")
    return (
        rows.filter(number__iexact=text).first()
        or rows.filter(check_code=bare.replace("-", "")).first()
    )


def public_lines(row: Licence) -> tuple[answers.Line, ...]:
    """Return the fields that the service makes public on its licences, in the reader's words."""
    service = compiled.service_of(row.application.version_id)
    found = []
    for key, value in row.public.items():
        field = service.find_field(key)
        if field is not None:
            found.append(answers.Line(pick(field.title), answers.show(service, field, value)))
    return tuple(found)


def licence(licence_id: UUID) -> Licence:
    """Return a licence with its application; raises NotFound."""
    rows = Licence.objects.select_related(
        "service", "holder", "application__service__owner", "application__place", "renews"
    )
    found = rows.filter(pk=licence_id).first()
    if found is None:
        raise NotFound(licence=str(licence_id))
    return found
