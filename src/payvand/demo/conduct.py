"""How do sample offices, applicants and office-holders behave, in the history and ever after?

Everything follows from the case's code and the question, so that the history and the simulator that
carries it on agree.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from payvand.demo import data
from payvand.demo.rules import chance, replies
from payvand.ledger import public as ledger
from payvand.registry import public as registry

COMPLETION_SHARE, OWN_COMPLETION_SHARE, WITHDRAWN_SHARE = 0.2, 0.6, 0.04
ACKNOWLEDGED_SHARE, UPHELD_SHARE = 0.93, 0.3
NEGLECTED_DAYS = 18.0  # working days after which even a neglected report is acknowledged
COMPLETED_SHARE = 0.95  # of requests and conditions that are ever met
DRAFTED_AT = 0.7  # share of the time until the answer at which the clerk's draft is ready
LEFT_TO_VISITORS = timedelta(days=20)  # newer requests to an account of the page stay open


def signatures(owed: ledger.Owed) -> int:
    """Return how many signatures the answer needs."""
    return int(owed.spec.get("signatures", 1))


def share_of(*, is_own: bool) -> float:
    """Return how often something is asked of an applicant; often of those who can be tried out."""
    return OWN_COMPLETION_SHARE if is_own else COMPLETION_SHARE


def luck_of(owed: ledger.Owed, slug: str) -> chance.Draw:
    """Return what chance holds for an obligation; in the history and ever after the same."""
    if owed.kind == "acknowledgement":
        luck = chance.patience(owed.case_code, owed.question, 0.8)
        return luck if luck.fate < ACKNOWLEDGED_SHARE else replace(luck, days=NEGLECTED_DAYS)
    if owed.kind == "completion":
        return chance.patience(owed.case_code, owed.question, 2.5)
    if owed.kind == "condition":
        return chance.patience(owed.case_code, owed.question, 30.0, 0.5)
    return chance.draw(owed.case_code, owed.question, slug=slug, term=owed.term, level=owed.level)


def is_ever_answered(owed: ledger.Owed, luck: chance.Draw) -> bool:
    """Say whether an answer comes at all; applicants sometimes never give one."""
    return owed.kind not in ("completion", "condition") or luck.fate < COMPLETED_SHARE


def answer_at(owed: ledger.Owed, luck: chance.Draw, resumed: datetime | None = None) -> datetime:
    """Return when the answer comes: so many working days after it was asked, or asked again."""
    calendar = registry.calendar_of(owed.debtor_id)
    return chance.after(resumed or owed.sent_at, luck.days, calendar)


def words_of(owed: ledger.Owed, luck: chance.Draw, on: date, wanted: str = "") -> ledger.Reply:
    """Return a reply in full; `wanted` is the outcome of a decision."""
    if owed.kind == "acknowledgement":
        return ledger.Reply("acknowledged", text=luck.rest.choice(data.ORDERS))
    if owed.kind in ("completion", "condition"):
        return ledger.Reply("done", text="فرستاده شد.")
    if owed.kind == "objection":
        upheld = "positive" if luck.fate < UPHELD_SHARE else "negative"
        return ledger.Reply(upheld, text="اعتراض بررسی شد.")
    parts = replies.reply(wanted or replies.outcome(luck.fate), owed.spec, luck.rest, on)
    return ledger.Reply(**parts)
