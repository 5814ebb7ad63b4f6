"""What may other contexts ask of the ledger?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from payvand.ledger import actions
from payvand.ledger.actions import (
    Ask,
    answer,
    answer_many,
    answer_within,
    ask,
    complete,
    open_,
    put,
    request_completion,
    sign,
)
from payvand.ledger.models import OPEN, Answer, Disclosure, Obligation
from payvand.ledger.queries import applicant_of, page_elsewhere
from payvand.ledger.rules.reply import Reply
from payvand.ledger.sql import Owed, Work, flush, loads, lock_heads, run_among, standing_of
from payvand.ledger.sweep import look_at, sweep
from payvand.registry.public import Actor

__all__ = [
    "OPEN",
    "Answer",
    "Ask",
    "Disclosure",
    "Obligation",
    "Owed",
    "Reply",
    "Work",
    "answer",
    "answer_many",
    "answer_within",
    "answers_of",
    "applicant_of",
    "ask",
    "cancel_case",
    "complete",
    "count_of",
    "facts_of",
    "flush",
    "liabilities",
    "liabilities_of",
    "loads",
    "lock_heads",
    "look_at",
    "open_",
    "open_decision",
    "page_elsewhere",
    "put",
    "request_completion",
    "run_among",
    "sign",
    "standing_of",
    "sweep",
]


def answers_of(case_ids: Iterable[UUID]) -> list[tuple[UUID, str, str, Any]]:
    """Return (case, question, outcome, reply) of every inquiry of the cases."""
    found = Obligation.objects.filter(case_id__in=list(case_ids), kind="inquiry")
    return list(found.values_list("case_id", "question", "outcome", "reply"))


def facts_of(case_id: UUID, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form's data with what the inquiries returned, for the checks of a decision."""
    facts = dict(data)
    for _, question, outcome, reply in answers_of([case_id]):
        facts[question] = {**(reply or {}).get("fields", {}), "outcome": outcome}
    return facts


def open_decision(case_id: UUID) -> UUID | None:
    """Return the open obligation to decide, if there is one."""
    found = Obligation.objects.filter(case_id=case_id, kind="decision", state__in=OPEN)
    return found.values_list("id", flat=True).first()


def count_of(case_id: UUID, kind: str) -> int:
    """Return how many obligations of a kind the case has had."""
    return Obligation.objects.filter(case_id=case_id, kind=kind).count()


def liabilities_of(case_id: UUID) -> list[dict[str, Any]]:
    """Return the remarks that silence has left on what the case may be issued."""
    found = Obligation.objects.filter(case_id=case_id, outcome="deemed")
    return liabilities(found.values_list("title", "spec"))


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
