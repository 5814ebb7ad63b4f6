"""What follows from a decision: a licence, a refusal, conditions, a hand-over, a new decision?"""

from __future__ import annotations

from payvand.kernel import clock
from payvand.ledger import public as ledger
from payvand.window import sql
from payvand.window.actions import issuing
from payvand.window.models import Application, Licence


def settle(owed: ledger.Owed, work: ledger.Work) -> None:
    """Carry a decision, or the answer to an objection, into the application; same transaction."""
    application = work.known.get("application")  # the action that decides has read it
    if application is None:
        found = Application.objects.select_related("service").filter(pk=owed.case_id)
        application = found.first()
    if application is None:
        return
    if owed.kind == "objection":
        _after_objection(application, owed, work)
        return
    granted = owed.outcome in ("positive", "conditional", "deemed")
    application.state = (
        "deemed" if owed.outcome == "deemed" else "granted" if granted else "refused"
    )
    application.outcome, application.decided_at = owed.outcome, work.at
    work.beside.append(sql.set_decided(application.id, application.state, owed.outcome, work.at))
    work.add("Notice", party_id=application.applicant_id, case_id=application.id,
             verb=f"application.{application.state}", args={"code": application.code},
             at=work.at)  # fmt: skip
    if granted:
        licence = issue(application, work, by_silence=owed.outcome == "deemed")
        work.known["licence"] = licence
        asks = issuing.condition_asks(application, owed, licence)
        if asks:
            ledger.put(work, asks)


def _after_objection(application: Application, owed: ledger.Owed, work: ledger.Work) -> None:
    """An objection that is upheld opens the decision anew; one that is not leaves it."""
    verb = "objection.rejected"
    if owed.outcome in ("positive", "conditional"):
        from payvand.window.actions.progress import decision_ask, load

        case = load({application.id}, ())[application.id]
        again = ledger.count_of(application.id, "decision")
        ledger.put(work, [decision_ask(case, again=again + 1)])
        work.beside.append(sql.set_state(application.id, "deciding"))
        verb = "objection.upheld"
    work.add("Notice", party_id=application.applicant_id, case_id=application.id, verb=verb,
             args={"code": application.code}, at=work.at)  # fmt: skip


def issue(
    application: Application, work: ledger.Work, *, by_silence: bool = False,
    renews: Licence | None = None,
) -> Licence | None:  # fmt: skip
    """Issue the licence that the pack describes, or hand over to the national issuer."""
    licence = issuing.licence_for(application, clock.local_date(work.at), by_silence=by_silence)
    if licence is None:
        return None
    sequence, deemed = sql.to_issue(application.service_id, application.id)
    licence.number = issuing.number_of(licence, application.version_id, sequence)
    licence.liability, licence.renews = ledger.liabilities_in(deemed), renews
    work.beside.append(ledger.insertion(licence))
    work.log(application.id, "window.licence_issued", f"licence:{licence.id}",
             number=licence.number, by_silence=by_silence)  # fmt: skip
    handed = issuing.hand_over_for(application, licence, work.at)
    if handed is not None:
        work.beside.append(ledger.insertion(handed))
        work.log(application.id, "window.handed_over", f"licence:{licence.id}",
                 issuer=handed.issuer)  # fmt: skip
    return licence
