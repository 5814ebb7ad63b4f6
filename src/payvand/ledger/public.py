"""What may other contexts ask of the ledger?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from payvand.ledger import actions, lookups
from payvand.ledger.actions import (
    Ask,
    answer,
    answer_many,
    answer_within,
    ask,
    cancel_within,
    complete,
    open_,
    put,
    request_completion,
    sign,
)
from payvand.ledger.closures import Closure
from payvand.ledger.closures import apply as declare_closure
from payvand.ledger.lookups import superseded
from payvand.ledger.models import OPEN, Answer, Disclosure, Obligation
from payvand.ledger.queries import (
    applicant_of,
    counted_from,
    page_elsewhere,
    words_of,
    worker_state,
)
from payvand.ledger.queries.disclosures import Opening, disclosures_of
from payvand.ledger.rules.reply import Reply
from payvand.ledger.sql import (
    Order,
    Owed,
    Work,
    among,
    flush,
    insertion,
    loads,
    lock_heads,
    run,
    run_all,
    run_among,
    standing_of,
)
from payvand.ledger.sweep import look_at, sweep
from payvand.ledger.warnings import Foreseen, warn
from payvand.registry import public as registry
from payvand.registry.public import Actor

__all__ = [
    "OPEN",
    "Answer",
    "Ask",
    "Closure",
    "Disclosure",
    "Foreseen",
    "Obligation",
    "Opening",
    "Order",
    "Owed",
    "Reply",
    "Work",
    "among",
    "answer",
    "answer_many",
    "answer_within",
    "answers_of",
    "applicant_of",
    "ask",
    "before_decision",
    "cancel_case",
    "cancel_within",
    "complete",
    "corrections_of",
    "count_of",
    "counted_from",
    "debtor_name",
    "declare_closure",
    "disclosures_of",
    "facts_in",
    "facts_of",
    "flush",
    "insertion",
    "liabilities",
    "liabilities_in",
    "loads",
    "lock_heads",
    "look_at",
    "open_",
    "open_decision",
    "page_elsewhere",
    "put",
    "reading_of_facts",
    "reading_of_liabilities",
    "reply_before",
    "request_completion",
    "run",
    "run_all",
    "run_among",
    "sign",
    "standing_of",
    "superseded",
    "sweep",
    "warn",
    "words_of",
    "worker_state",
]


def answers_of(case_ids: Iterable[UUID]) -> list[tuple[UUID, str, str, Any]]:
    """Return (case, question, outcome, reply) of every inquiry of the cases."""
    found = Obligation.objects.filter(case_id__in=list(case_ids), kind="inquiry").order_by("id")
    return list(found.values_list("case_id", "question", "outcome", "reply"))


def facts_of(case_id: UUID, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form's data with what the inquiries returned, for the checks of a decision."""
    return before_decision(case_id, data)[0]


def before_decision(case_id: UUID, data: Mapping[str, Any]) -> tuple[dict[str, Any], UUID | None]:
    """Return what the checks of a decision may read, and the open obligation to decide, if any."""
    return facts_in(run(*reading_of_facts(case_id)), data)


def reading_of_facts(case_id: UUID) -> Order:
    """Return how the rows that `facts_in` takes are read, to be run together with others."""
    return _RECORD, [case_id]


def facts_in(
    rows: Iterable[tuple[Any, ...]], data: Mapping[str, Any]
) -> tuple[dict[str, Any], UUID | None]:
    """Return what the checks of a decision may read, and the open obligation to decide, if any.

    What they may read: the form's data, and each inquiry's returned fields with its outcome.
    """
    facts, decision = dict(data), None
    for key, kind, state, question, outcome, reply in rows:
        if kind == "inquiry":
            # a question that was put again (q#2) stands for the one before
            answered = {**(loads(reply).get("fields") or {}), "outcome": outcome}
            facts[question.partition("#")[0]] = answered
        elif kind == "decision" and state in OPEN:
            decision = key if isinstance(key, UUID) else UUID(hex=key)
    return facts, decision


_RECORD = (
    "SELECT id, kind, state, question, outcome, reply FROM ledger_obligation "
    "WHERE case_id = %s ORDER BY id"
)


def debtor_name(owed: Owed) -> dict[str, str]:
    """Return the name of who owes an obligation, in both languages."""
    return registry.party_names([owed.debtor_id]).get(owed.debtor_id, {})


def reply_before(owed: Owed) -> dict[str, Any] | None:
    """Return the last answer to a question before it was put again; None when there was none."""
    return lookups.reply_before(owed.case_id, owed.question)


def corrections_of(case_id: UUID) -> dict[UUID, list[tuple[Answer, str]]]:
    """Return the answers of a case that were superseded, by obligation, each with the reason.

    The reason is written with the answer that followed.
    """
    rows = list(Answer.objects.filter(obligation__case_id=case_id, no__gt=0).order_by("no"))
    because = {(row.obligation_id, row.no): row.reason for row in rows}
    found: dict[UUID, list[tuple[Answer, str]]] = {}
    for row in rows:
        if row.state == "superseded":
            reason = because.get((row.obligation_id, row.no + 1), "")
            found.setdefault(row.obligation_id, []).append((row, reason))
    return found


def open_decision(case_id: UUID) -> UUID | None:
    """Return the open obligation to decide, if there is one."""
    return before_decision(case_id, {})[1]


def count_of(case_id: UUID, kind: str) -> int:
    """Return how many obligations of a kind the case has had."""
    return Obligation.objects.filter(case_id=case_id, kind=kind).count()


def reading_of_liabilities(case_id: UUID) -> Order:
    """Return how the rows that `liabilities_in` takes are read."""
    return _DEEMED, [case_id]


def liabilities_in(rows: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Return the remarks that silence has left on what the case may be issued."""
    return liabilities((loads(title), loads(spec)) for title, spec in rows)


_DEEMED = "SELECT title, spec FROM ledger_obligation WHERE outcome = 'deemed' AND case_id = %s"


def liabilities(deemed: Iterable[tuple[dict[str, str], dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return the remarks that silence leaves (a debt that remains, …), of (title, spec)."""
    return [
        {"title": title, "effect": spec["silence"]["do"], "ref": spec["silence"]["ref"]}
        for title, spec in deemed
        if spec.get("silence", {}).get("do") == "act_allowed_liability_remains"
    ]


def cancel_case(*, by: Actor, case_id: UUID, reason: str) -> int:
    """Close what nobody has begun to answer; a recorded opinion stays (domain facts, finding 5)."""
    drafted = Answer.objects.filter(obligation__case_id=case_id, state="draft")
    found = Obligation.objects.filter(case_id=case_id, state__in=OPEN).exclude(
        id__in=drafted.values("obligation_id")
    )
    return actions.cancel(by=by, obligation_ids=list(found.values_list("id", flat=True)),
                          reason=reason)  # fmt: skip
