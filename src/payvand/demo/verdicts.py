"""How is a sample case decided, and what follows: fee, licence, conditions, objection?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from payvand.demo import licences
from payvand.demo.rules import chance, replies
from payvand.demo.stage import Story
from payvand.kernel import clock, rules
from payvand.ledger import public as ledger
from payvand.window import public as window

OBJECTS, OBJECTION_DAYS = 0.3, 4.0
REFUSES_AFTER_NO = 0.75  # share of decisions that follow an office's no


def wise(case: window.Case, fate: float) -> str:
    """Return the outcome of a decision that respects the answers and the service's checks."""
    facts = dict(case.data)
    for question, fields in case.returned.items():
        facts[question] = {**fields, "outcome": case.answers.get(question)}
    return judge(case.service, facts, list(case.answers.values()), fate)


def judge(service: Any, facts: dict[str, Any], outcomes: Sequence[str | None], fate: float) -> str:
    """Return the outcome for these facts; a blocking check that fails leaves no choice."""
    failed = any(
        check.at == "decide" and check.severity == "block"
        and rules.evaluate(check.rule, facts).value is False
        for check in service.checks
    )  # fmt: skip
    if failed or ("negative" in outcomes and fate < REFUSES_AFTER_NO):
        return "negative"
    return replies.outcome(fate, replies.DECISIONS)


def charge(story: Story, service: Any) -> None:
    """Ask the fees of the service; nearly all are paid on the next day."""
    for fee in service.fees:
        if fee.when is None or rules.evaluate(fee.when, story.case.data).value is not False:
            story.fees.append({"key": fee.id, "title": window.both(fee.title),
                               "amount_rial": fee.amount_rial})  # fmt: skip
    luck = chance.patience(story.case.code, "fee", 1.0)
    if story.fees and luck.fate < 0.96:
        story.later(story.filing.at + timedelta(days=luck.days), "pay")


def pay(story: Story) -> None:
    """Record the receipts."""
    story.work.by = story.filing.by
    for fee in story.fees:
        fee |= {"receipt": f"R{story.case.code[:8]}", "paid_at": story.work.at}
        story.note("window.fee_paid", f"application:{story.case.id}", fee=fee["key"],
                   receipt=fee["receipt"])  # fmt: skip


def settle(story: Story, owed: ledger.Owed) -> None:
    """Carry a decision into the application; an approval brings a licence and its conditions."""
    granted = owed.outcome in ("positive", "conditional", "deemed")
    case = story.case
    case.state = "deemed" if owed.outcome == "deemed" else "granted" if granted else "refused"
    story.row |= {"outcome": owed.outcome, "decided_at": story.work.at}
    story.tell_applicant(f"application.{case.state}")
    if granted:
        licence = licences.issue(story, by_silence=owed.outcome == "deemed")
        story.ask(window.condition_asks(window.Application(**story.row), owed, licence))
        return
    luck = chance.patience(case.code, f"objection:{owed.question}", OBJECTION_DAYS)
    if case.service.objection and luck.fate < OBJECTS and owed.question == "decision":
        story.later(story.work.at + timedelta(days=min(luck.days, 15)), "object")


def object_(story: Story) -> None:
    """The applicant objects; the body that the pack names owes an answer."""
    if story.case.state != "refused":
        return
    story.work.by = story.filing.by
    asked = window.objection_ask(
        window.Application(**story.row), "شرط یادشده در پروندهٔ ما برقرار است.",
        clock.local_date(story.work.at),
    )  # fmt: skip
    story.ask([asked] if asked else [])


def after_objection(story: Story, owed: ledger.Owed) -> None:
    """An objection that is upheld opens the decision anew."""
    if owed.outcome in ("positive", "conditional"):
        again = sum(o.kind == "decision" for o in story.owed.values())
        story.ask([window.decision_ask(story.case, again=again + 1)])
        story.case.state = "deciding"
        story.tell_applicant("objection.upheld")
    else:
        story.tell_applicant("objection.rejected")
