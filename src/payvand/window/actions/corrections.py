"""What follows for a case when an office corrects its answer?

The rule decides (`rules.corrections`); this writes it into the step of the correction: questions
are put again under a new number (`q10#2`), so that the first ones stay as they were, with their
answers and their times.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from payvand.ledger import public as ledger
from payvand.window.actions.progress import Case, asks_for, decision_ask, load
from payvand.window.models import Application
from payvand.window.rules import corrections, graph
from payvand.window.rules.corrections import Effect

OPEN_CASES = ("in_review", "awaiting", "deciding")


def on_corrected(owed: ledger.Owed, before: Mapping[str, Any], work: ledger.Work) -> None:
    """Ask again whoever was asked with what has changed; tell the others and the applicant."""
    if owed.kind != "inquiry":
        return
    case = load({owed.case_id}, [owed]).get(owed.case_id)
    if case is None or case.state not in OPEN_CASES:
        return
    work.add("Notice", party_id=case.applicant, case_id=case.id, verb="inquiry.corrected",
             args={"code": case.code, "title": owed.title, "agency": ledger.debtor_name(owed)},
             at=work.at)  # fmt: skip
    follow(case, owed, before, work)


def follow(
    case: Case, owed: ledger.Owed, before: Mapping[str, Any], work: ledger.Work
) -> None:  # fmt: skip
    """Write what an answer that replaced `before` means for the rest of its case."""
    node = graph.node_of(owed.question)
    now = (owed.reply or {}).get("fields", {})
    found = corrections.effects(
        case.service, case.plan, case.answers, node, returned=case.returned,
        changed=corrections.changed_fields(before.get("fields", {}), now),
    )  # fmt: skip
    asked = _asked(case.id)
    again = [n for n, effect in found.items() if effect is Effect.ASK_AGAIN]
    gone = [n for n, effect in found.items() if effect is Effect.WITHDRAW]
    _close(case, [asked[n] for n in (*again, *gone)], owed, work)
    for name in (*again, *gone):
        case.answers.pop(name, None)
        case.returned.pop(name, None)
    rounds = {n: asked[n].rounds + 1 for n in again}
    asks = asks_for(case, again, rounds=rounds)
    case.answers.update(dict.fromkeys(again))
    fresh = case.ready_after(node)
    asks += asks_for(case, fresh, rounds={n: asked[n].rounds + 1 for n in fresh if n in asked})
    case.answers.update(dict.fromkeys(fresh))
    _decide_later(case, asks, work)
    _tell(work, case, owed, found=found, asked=asked)
    if asks:
        ledger.put(work, asks)


class _Asked:
    """The latest obligation of a node, and how often it was asked."""

    def __init__(self) -> None:
        self.id: UUID | None = None
        self.debtor: UUID | None = None
        self.title: dict[str, str] = {}
        self.is_open = False
        self.rounds = 0


def _asked(case_id: UUID) -> dict[str, _Asked]:
    rows = ledger.Obligation.objects.filter(case_id=case_id, kind="inquiry").order_by("id")
    found: dict[str, _Asked] = {}
    for pk, question, state, debtor, title in rows.values_list(
        "id", "question", "state", "debtor_id", "title"
    ):
        one = found.setdefault(graph.node_of(question), _Asked())
        one.id, one.debtor, one.title = pk, debtor, title
        one.is_open, one.rounds = state in ledger.OPEN, one.rounds + 1
    return found


def _close(case: Case, rows: Iterable[_Asked], owed: ledger.Owed, work: ledger.Work) -> None:
    """Close what is open under the old values; what was answered stays as it is."""
    open_ids = [one.id for one in rows if one.is_open and one.id is not None]
    if open_ids:
        ledger.cancel_within(work, open_ids, reason=f"corrected:{owed.question}")


def _decide_later(case: Case, asks: list[ledger.Ask], work: ledger.Work) -> None:
    """Take the decision back while something is asked again; ask for it when all is there."""
    deciding = ledger.open_decision(case.id)
    if asks and deciding is not None:
        ledger.cancel_within(work, [deciding], reason="asked_again")
        Application.objects.filter(pk=case.id, state="deciding").update(state="in_review")
        case.is_deciding = False
    elif not asks and deciding is None and case.service.decision and case.is_complete():
        asks.append(decision_ask(case))
        case.is_deciding = True
        Application.objects.filter(pk=case.id).update(state="deciding")


def _tell(
    work: ledger.Work, case: Case, owed: ledger.Owed, *, found: Mapping[str, Effect],
    asked: Mapping[str, _Asked],
) -> None:  # fmt: skip
    for node, effect in found.items():
        one = asked[node]
        verb = "inquiry.asked_again" if effect is Effect.ASK_AGAIN else "inquiry.rests_on_corrected"
        args = {"code": case.code, "title": one.title, "source": owed.title,
                "agency": ledger.debtor_name(owed),
                "obligation": "" if effect is Effect.ASK_AGAIN else str(one.id)}  # fmt: skip
        work.add("Notice", party_id=one.debtor, case_id=case.id, verb=verb, args=args, at=work.at)
