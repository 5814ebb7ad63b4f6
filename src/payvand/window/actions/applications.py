"""How is an application filed, paid for, withdrawn or objected to?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from payvand.kernel import clock, rules
from payvand.kernel.errors import Conflict, Invalid, gettext_noop
from payvand.kernel.ids import tracking_code, uuid7
from payvand.kernel.terms import Stops, due_at
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.registry.public import Actor
from payvand.window import access, compiled
from payvand.window.actions import issuing
from payvand.window.actions.progress import Case, asks_for, decision_ask
from payvand.window.models import Application, Fee
from payvand.window.rules import answers, graph
from payvand.window.rules.pack_model import Check, CompiledService


class ChecksFailed(Invalid):
    """Checks of the service stop the application; `reasons` are their messages, in {fa, en}."""

    code = "window.check_failed"
    what = gettext_noop("The application cannot be filed yet.")
    why = gettext_noop("{reasons}")
    now = gettext_noop("Change the answers concerned; everything else is kept.")

    def __init__(self, failed: Sequence[Check] = ()) -> None:
        said = {"fa": "؛ ".join(c.message.fa for c in failed),
                "en": "; ".join(c.message.en for c in failed)}  # fmt: skip
        super().__init__(reasons=said, checks=[c.id for c in failed])


class ObjectionClosed(Conflict):
    """There is nothing to object to, or the term has run out."""

    code = "window.objection_closed"
    what = gettext_noop("An objection is not possible here.")
    why = gettext_noop("{reason}")
    now = gettext_noop("Write to the office that decided, with the tracking code.")


class CannotWithdraw(Conflict):
    """The application is decided or withdrawn."""

    code = "window.cannot_withdraw"
    what = gettext_noop("This application cannot be withdrawn any more.")
    why = gettext_noop("Its state is {state}.")
    now = gettext_noop("Object to the decision, or return the licence.")


def failing(service: CompiledService, at: str, facts: dict[str, Any]) -> list[Any]:
    """Return the blocking checks of a stage whose rule is known to be false."""
    return [
        c for c in service.checks
        if c.at == at and c.severity == "block" and rules.evaluate(c.rule, facts).value is False
    ]  # fmt: skip


@transaction.atomic
def file(*, by: Actor, version: int, applicant: UUID, place: str, data: dict[str, Any],
         assisted: bool = False) -> Application:  # fmt: skip
    """File an application: every inquiry that may start is asked in the same transaction."""
    access.may_file_for(by, applicant).or_raise()
    service = compiled.service_of(version)
    wrong = answers.problems(service, data)
    if wrong:
        raise Invalid(wrong)
    failed = failing(service, "submit", data)
    if failed:
        raise ChecksFailed(failed)
    work = ledger.Work(at=clock.now(), by=by.name())
    plan = graph.plan(service, data, clock.local_date(work.at))
    application = Application(
        id=uuid7(), code=tracking_code(), version_id=version, service_id=service.id,
        applicant_id=applicant, place_id=place, submitted_by=work.by, assisted=assisted,
        data=data, plan=plan.to_json(), submitted_at=work.at,
    )  # fmt: skip
    work.heads[application.id] = (0, "")
    work.log(application.id, "window.submitted", f"application:{application.id}",
             service=service.id, version=service.version, code=application.code,
             inquiries=len(plan.active))  # fmt: skip
    case = Case({
        "id": application.id, "code": application.code, "version_id": version,
        "service_id": service.id, "applicant_id": applicant, "place_id": place, "data": data,
        "plan": application.plan, "state": "in_review",
    })  # fmt: skip
    asks = asks_for(case, graph.ready(service, plan, {}))
    if not asks and service.decision:
        asks = [decision_ask(case)]
        application.state = "deciding"
    ledger.put(work, asks)
    work.beside.append(ledger.insertion(application))
    work.add("Notice", party_id=applicant, case_id=application.id, verb="application.submitted",
             args={"code": application.code}, at=work.at)  # fmt: skip
    fees = [
        Fee(application=application, key=f.id, title=compiled.both(f.title),
            amount_rial=f.amount_rial)
        for f in service.fees
        if f.when is None or rules.evaluate(f.when, data).value is not False
    ]  # fmt: skip
    work.beside += [ledger.insertion(fee) for fee in fees]
    ledger.flush(work, last=True)
    return application


@transaction.atomic
def withdraw(*, by: Actor, application_id: UUID, reason: str) -> None:
    """Withdraw: untouched inquiries are closed; one with a recorded opinion stays on record."""
    application = Application.objects.select_for_update(of=("self",)).get(pk=application_id)
    access.may_act_for_applicant(by, application).or_raise()
    if application.state not in ("in_review", "awaiting", "deciding"):
        raise CannotWithdraw(state=application.state)
    ledger.cancel_case(by=by, case_id=application_id, reason=reason)
    application.state, application.decided_at = "withdrawn", clock.now()
    application.save(update_fields=["state", "decided_at"])
    _log(by, application_id, "window.withdrawn", reason=reason)


@transaction.atomic
def object_(*, by: Actor, application_id: UUID, text: str) -> UUID:
    """Object to a decision within its term; the body named in the pack owes an answer."""
    application = Application.objects.select_related("service").get(pk=application_id)
    access.may_act_for_applicant(by, application).or_raise()
    service = compiled.service_of(application.version_id)
    if service.objection is None or application.state not in ("refused", "granted"):
        raise ObjectionClosed(reason="There is no decision that can be objected to.")
    if not text.strip():
        raise Invalid({"text": "Write what you object to, and why."})
    now = clock.now()
    calendar = registry.calendar_of(application.service.owner_id)
    decided = application.decided_at or now
    until = due_at(service.objection.term, decided, Stops.of([]), calendar)
    if now > until:
        raise ObjectionClosed(reason="The term for objections has run out.")
    asked = issuing.objection_ask(application, text, clock.local_date(now))
    if asked is None:
        raise ObjectionClosed(reason="There is no decision that can be objected to.")
    return ledger.ask([asked], by=by)[0]


@transaction.atomic
def pay(*, by: Actor, fee_id: int, receipt: str) -> Fee:
    """Record the receipt of a payment; receipts are kept, never changed."""
    fee = Fee.objects.select_related("application").select_for_update(of=("self",)).get(pk=fee_id)
    access.may_act_for_applicant(by, fee.application).or_raise()
    if not receipt.strip():
        raise Invalid({"receipt": "Write the number of the receipt."})
    if fee.paid_at is not None:
        raise Conflict(fee=fee.key)
    fee.receipt, fee.paid_at = receipt.strip(), clock.now()
    fee.save(update_fields=["receipt", "paid_at"])
    _log(by, fee.application_id, "window.fee_paid", fee=fee.key, receipt=fee.receipt)
    return fee


def _log(by: Actor, case_id: UUID, verb: str, **facts: Any) -> None:
    work = ledger.Work(at=clock.now(), by=by.name())
    work.heads = ledger.lock_heads({case_id})
    work.log(case_id, verb, f"application:{case_id}", **facts)
    ledger.flush(work)
