"""What else must an action know of an obligation: where its clock stood still, what it shows?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from payvand.kernel.questions import Round, counted, node_of
from payvand.ledger.models import Interruption, Obligation


def stops_of(obligation_id: UUID) -> list[tuple[datetime, datetime | None]]:
    """Return the interruptions of an obligation."""
    found = Interruption.objects.filter(obligation_id=obligation_id).order_by("starts")
    return list(found.values_list("starts", "ends"))


def stops_of_many(ids: list[UUID]) -> dict[UUID, list[tuple[datetime, datetime | None]]]:
    """Return the interruptions of many obligations, by obligation."""
    found: dict[UUID, list[tuple[datetime, datetime | None]]] = {}
    if not ids:
        return found
    rows = Interruption.objects.filter(obligation_id__in=ids).order_by("starts")
    for key, starts, ends in rows.values_list("obligation_id", "starts", "ends"):
        found.setdefault(key, []).append((starts, ends))
    return found


def payload_keys(obligation_id: UUID) -> list[str]:
    """Return the names of the fields that an obligation shows to its debtor."""
    return sorted(Obligation.objects.values_list("payload", flat=True).get(pk=obligation_id))


def debtor_of(obligation_id: UUID) -> UUID | None:
    """Return who owes an obligation."""
    found = Obligation.objects.filter(pk=obligation_id).values_list("debtor_id", flat=True)
    return found.first()


def asked_again(case_id: UUID, question: str) -> bool:
    """Was the question put again after this one? The later one bears a higher number."""
    node, _, number = question.partition("#")
    later = f"{node}#{int(number or 1) + 1}"
    return Obligation.objects.filter(case_id=case_id, question=later).exists()


def superseded(case_ids: Collection[UUID]) -> set[UUID]:
    """Return the obligations of some cases that figures leave out: their question was put again.

    Of such a question one is counted: `kernel.questions.counted`. One query where there is none.
    """
    asked = Obligation.objects.filter(case_id__in=case_ids, kind="inquiry")
    again = set(asked.filter(question__contains="#").values_list("case_id", flat=True).distinct())
    if not again:
        return set()
    found: dict[tuple[UUID, str], list[tuple[UUID, Round]]] = {}
    rows = Obligation.objects.filter(case_id__in=again, kind="inquiry").order_by("id")
    for key, case, question, state, sent, due, answered in rows.values_list(
        "id", "case_id", "question", "state", "sent_at", "due_at", "answered_at"
    ):
        found.setdefault((case, node_of(question)), []).append(
            (key, Round(state, sent, due, answered))
        )
    return {
        key
        for rounds in found.values()
        for place, (key, _) in enumerate(rounds)
        if place != counted([one for _, one in rounds])
    }


def reply_before(case_id: UUID, question: str) -> dict[str, Any] | None:
    """Return the last answer to a question before it was put again; None when there was none."""
    node = node_of(question)
    rows = Obligation.objects.filter(case_id=case_id, answered_at__isnull=False)
    rows = rows.filter(Q(question=node) | Q(question__startswith=f"{node}#"))
    found = rows.exclude(question=question).order_by("-id").values_list("reply", flat=True)
    return found.first()


def decided(case_id: UUID) -> bool:
    """Has the case its decision?"""
    return bool(
        Obligation.objects.filter(
            case_id=case_id, kind="decision", answered_at__isnull=False
        ).exists()
    )
