"""How is a sample case decided, and what follows: fee, licence, conditions, objection?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from payvand.audit.public import Entry
from payvand.demo.filings import Filing
from payvand.demo.rules import chance, replies
from payvand.kernel import clock, jalali, rules
from payvand.kernel.ids import tracking_code, uuid7
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.window import public as window

OBJECTS, OBJECTION_DAYS = 0.3, 4.0
REFUSES_AFTER_NO = 0.75  # share of decisions that follow an office's no


class Story(Protocol):
    """A case that is being told: what a verdict reads, and what it may do."""

    case: window.Case
    filing: Filing
    row: dict[str, Any]
    work: ledger.Work
    owed: dict[UUID, ledger.Owed]
    fees: list[dict[str, Any]]
    licence: dict[str, Any] | None
    licence_entry: Entry | None
    handed_over: bool

    def ask(self, asks: Sequence[ledger.Ask]) -> None:
        """Put obligations into the step."""

    def note(self, verb: str, subject: str, **facts: Any) -> None:
        """Write into the log."""

    def later(self, at: datetime, what: str, key: UUID | None = None) -> None:
        """Let something happen."""

    def tell_applicant(self, verb: str, **args: Any) -> None:
        """Send the applicant a notice."""


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
        _issue(story, by_silence=owed.outcome == "deemed")
        _conditions(story, owed)
        return
    luck = chance.patience(case.code, f"objection:{owed.question}", OBJECTION_DAYS)
    if case.service.objection and luck.fate < OBJECTS and owed.question == "decision":
        story.later(story.work.at + timedelta(days=min(luck.days, 15)), "object")


def _issue(story: Story, *, by_silence: bool) -> None:
    """Prepare the licence; its number is given when all stories are known, in order of time."""
    case, licence = story.case, story.case.service.licence
    if licence is None:
        return
    start = clock.local_date(story.work.at)
    months = licence.valid_months
    story.licence = {
        "id": uuid7(story.work.at), "check_code": tracking_code(), "application_id": case.id,
        "holder_id": case.applicant, "service_id": case.service_id, "by_silence": by_silence,
        "public": {key: case.data[key] for key in licence.public if key in case.data},
        "liability": _liabilities(story), "valid_from": start,
        "valid_to": months_later(start, months) if months else None,
    }  # fmt: skip
    story.licence_entry = Entry(case.id, "window.licence_issued", f"licence:{story.licence['id']}",
                                {"by_silence": by_silence})  # fmt: skip
    story.work.entries.append(story.licence_entry)
    if licence.issuer:
        story.handed_over = True
        story.note("window.handed_over", f"licence:{story.licence['id']}", issuer=licence.issuer)


def _liabilities(story: Story) -> list[dict[str, Any]]:
    return [
        {"title": o.title, "effect": o.spec["silence"]["do"], "ref": o.spec["silence"]["ref"]}
        for o in story.owed.values()
        if o.outcome == "deemed" and o.spec["silence"]["do"] == "act_allowed_liability_remains"
    ]


def _conditions(story: Story, owed: ledger.Owed) -> None:
    owner = owed.debtor_id
    story.ask([
        ledger.Ask("condition", story.case.id, f"condition[{n}]", {"fa": text, "en": text}, owner,
                   story.case.applicant, term="90d", case_code=story.case.code,
                   service=story.case.service_id, place=story.case.place, about=owed.id,
                   spec={"licence": str(story.licence["id"]) if story.licence else ""})
        for n, text in enumerate((owed.reply or {}).get("conditions", ()), 1)
    ])  # fmt: skip


def object_(story: Story) -> None:
    """The applicant objects; the body that the pack names owes an answer."""
    case, objection = story.case, story.case.service.objection
    if objection is None or case.state != "refused":
        return
    story.work.by = story.filing.by
    place = window.level_place(case.place, objection.place)
    debtor = registry.debtor_for(objection.role, place, clock.local_date(story.work.at))
    term = str(objection.decide_term) if objection.decide_term else ""
    story.ask([
        ledger.Ask("objection", case.id, "objection", {"fa": "اعتراض", "en": "Objection"},
                   case.applicant, debtor, term=term, case_code=case.code,
                   service=case.service_id, place=case.place,
                   ground=window.ground_of(case.version_id, objection.ref),
                   payload={"text": "شرط یادشده در پروندهٔ ما برقرار است."})
    ])  # fmt: skip


def after_objection(story: Story, owed: ledger.Owed) -> None:
    """An objection that is upheld opens the decision anew."""
    if owed.outcome in ("positive", "conditional"):
        again = sum(o.kind == "decision" for o in story.owed.values())
        story.ask([window.decision_ask(story.case, again=again + 1)])
        story.case.state = "deciding"
        story.tell_applicant("objection.upheld")
    else:
        story.tell_applicant("objection.rejected")


def months_later(start: date, months: int) -> date:
    """Return the day before the same day some Jalali months later."""
    year, month, day = jalali.to_jalali(start)
    year, month = year + (month - 1 + months) // 12, (month - 1 + months) % 12 + 1
    _, last = jalali.month_bounds(year, month)
    return min(jalali.parse(year, month, 1) + timedelta(days=day - 1), last) - timedelta(days=1)
