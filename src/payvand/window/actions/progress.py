"""What may start now? After each answer: the next inquiries, then the decision, then the end.

Called by the ledger inside the transaction of the answer; writes into the same step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from payvand.kernel import clock
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.window import compiled, sql
from payvand.window.actions import outcomes
from payvand.window.models import Application
from payvand.window.rules import graph


class Case:
    """One application while a step is written: its plan and what was answered so far."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.id: UUID = row["id"]
        self.code: str = row["code"]
        self.version_id: int = row["version_id"]
        self.service_id: str = row["service_id"]
        self.applicant: UUID = row["applicant_id"]
        self.place: str = row["place_id"]
        self.data: dict[str, Any] = row["data"]
        self.state: str = row["state"]
        self.is_deciding = False  # a decision is asked for already
        self.service = compiled.service_of(self.version_id)
        self.plan = compiled.plan_of(row["plan"])
        self.answers: dict[str, str | None] = {}  # node -> outcome; None while asked and open
        self.returned: dict[str, dict[str, Any]] = {}
        self.rounds: dict[str, int] = {}  # node -> how often it was asked; corrections ask again

    def take(self, question: str, outcome: str, fields: dict[str, Any]) -> None:
        """Note the standing of one question."""
        if question.startswith("decision"):
            self.is_deciding = True
            return
        node, _, number = question.partition("#")
        again = int(number or 1)
        if again < self.rounds.get(node, 1):
            return  # it was put again since then
        self.rounds[node] = again
        self.answers[node] = outcome or None
        self.returned[node] = fields

    def ready_after(self, question: str) -> tuple[str, ...]:
        """Return the nodes that may start after this answer."""
        return graph.ready_after(self.service, self.plan, self.answers, question, self.returned)

    def is_complete(self) -> bool:
        """Say whether the decision may start."""
        return graph.is_complete(self.service, self.plan, self.answers, self.returned)

    def facts(self) -> dict[str, Any]:
        """Return everything that rules may read: the form, and what inquiries returned."""
        return {**self.data, **{k.partition("[")[0]: v for k, v in self.returned.items() if v}}


def asks_for(
    case: Case, nodes: Sequence[str], *, rounds: Mapping[str, int] | None = None
) -> list[ledger.Ask]:
    """Return the obligations that begin with these nodes, each with just its declared fields.

    rounds: the number of those that are asked again, from 2.
    """
    today = clock.local_date(clock.now())
    owner = compiled.owner_of(case.version_id)
    facts = case.facts()
    asks = []
    for node in nodes:
        inquiry = case.service.inquiry(node)
        place = compiled.level_place(case.place, inquiry.place)
        term = compiled.term_of(inquiry.terms, facts, today)
        asks.append(
            ledger.Ask(
                "inquiry", case.id, _question(node, rounds), compiled.both(inquiry.title), owner,
                registry.debtor_for(inquiry.role, place, today),
                term=str(term.term) if term else "", case_code=case.code,
                service=case.service_id, place=case.place,
                ground=compiled.ground_of(case.version_id, term.ref) if term else None,
                spec=compiled.spec_of(case.version_id, inquiry.key),
                payload=_payload(case, node, inquiry.sees),
            )
        )  # fmt: skip
    return asks


def _question(node: str, rounds: Mapping[str, int] | None) -> str:
    again = (rounds or {}).get(node, 1)
    return f"{node}#{again}" if again > 1 else node


def _payload(case: Case, node: str, sees: tuple[str, ...]) -> dict[str, Any]:
    """Return the declared fields and nothing else; a branch sees its own row of a table."""
    _, _, branch = node.partition("[")
    for_each = case.service.inquiry(node).for_each
    found: dict[str, Any] = {}
    for name in sees:
        base, _, inner = name.partition(".")
        if inner and base in case.service.by_key:
            found[name] = case.returned.get(base, {}).get(inner)
        elif base == for_each and branch:
            found[name] = (case.data.get(base) or [])[int(branch.rstrip("]")) - 1]
        else:
            found[name] = case.data.get(base)
    return found


def decision_ask(case: Case, again: int = 0) -> ledger.Ask:
    """Return the obligation to decide, owed by the owner office."""
    decision = case.service.decision
    owner = compiled.owner_of(case.version_id)
    terms = decision.terms if decision else ()
    term = compiled.term_of(terms, case.facts(), clock.local_date(clock.now()))
    return ledger.Ask(
        "decision", case.id, f"decision#{again}" if again else "decision",
        {"fa": "تصمیم", "en": "Decision"}, case.applicant, owner,
        term=str(term.term) if term else "", case_code=case.code, service=case.service_id,
        place=case.place,
        ground=compiled.ground_of(case.version_id, term.ref) if term else None,
        spec=compiled.spec_of(case.version_id, ""),
    )  # fmt: skip


def load(
    case_ids: set[UUID], rows: Sequence[ledger.Owed], work: ledger.Work | None = None
) -> dict[UUID, Case]:
    """Return the cases with all their inquiries, this step's rows laid over the stored ones.

    work: the step, which may have read the cases already.
    """
    cases = {}
    read = work.known.get(sql.READING) if work else None
    for row, standing in sql.cases(list(case_ids)) if read is None else sql.cases_in(read):
        case = cases[row["id"]] = Case(row)
        for question, outcome, fields in standing:
            case.take(question, outcome, fields or {})
    for owed in rows:
        if owed.case_id in cases and owed.kind == "inquiry":
            cases[owed.case_id].take(
                owed.question, owed.outcome, (owed.reply or {}).get("fields", {})
            )
    return cases


def on_answered(rows: Sequence[ledger.Owed], work: ledger.Work) -> None:
    """Start what became possible, and tell the applicant; set-based over all cases of the step."""
    for row in rows:
        if row.kind in ("decision", "objection"):
            outcomes.settle(row, work)
    asked = [r for r in rows if r.kind == "inquiry"]
    if asked:
        _after_answers(asked, work)


def _after_answers(asked: Sequence[ledger.Owed], work: ledger.Work) -> None:
    """Ask what the answers make possible, or for the decision; tell the applicants."""
    cases = load({r.case_id for r in asked}, asked, work)
    for row in asked:
        if "#" in row.question and row.case_id in cases:
            _answered_again(cases[row.case_id], row, work)
    asks: list[ledger.Ask] = []
    deciding: list[UUID] = []
    for row in asked:
        case = cases.get(row.case_id)
        if case is None or case.is_deciding or case.state not in ("in_review", "awaiting"):
            continue
        nodes = case.ready_after(graph.node_of(row.question))
        asks += asks_for(case, nodes)
        for node in nodes:
            case.answers[node] = None
        if case.service.decision and case.is_complete():
            asks.append(decision_ask(case))
            case.is_deciding = True
            deciding.append(case.id)
        work.add("Notice", party_id=case.applicant, case_id=case.id, verb="inquiry.answered",
                 args={"code": case.code, "title": row.title, "outcome": row.outcome},
                 at=work.at)  # fmt: skip
    if asks:
        ledger.put(work, asks)
    work.beside += [sql.set_state(case_id, "deciding") for case_id in deciding]
    waiting = [c.id for c in cases.values() if c.state == "awaiting" and not c.is_deciding]
    for case_id in waiting:
        _go_on(case_id, {r.id for r in asked})


def _answered_again(case: Case, row: ledger.Owed, work: ledger.Work) -> None:
    """Let those who were asked with the answer before hear of what differs."""
    from payvand.window.actions import corrections  # it reads cases as this module does

    before = ledger.reply_before(row)
    if before is not None:
        corrections.follow(case, row, before, work)


def on_stopped(rows: Sequence[ledger.Owed], work: ledger.Work) -> None:
    """An application waits for its applicant as long as the clock of an inquiry stands still."""
    for row in rows:
        if row.state == "stopped":
            Application.objects.filter(pk=row.case_id, state="in_review").update(state="awaiting")
        else:
            _go_on(row.case_id, {row.id})


def _go_on(case_id: UUID, moving: set[UUID]) -> None:
    """The applicant has answered, or nobody needs it any more: examine further."""
    still = ledger.Obligation.objects.filter(case_id=case_id, kind="inquiry", state="stopped")
    if not still.exclude(pk__in=moving).exists():
        Application.objects.filter(pk=case_id, state="awaiting").update(state="in_review")


def applicant_of(case_id: UUID) -> UUID | None:
    """Return who applied in a case of the window; None for cases of others."""
    found = Application.objects.filter(pk=case_id).values_list("applicant_id", flat=True)
    return found.first()
