"""What follows from a decision: a licence, a refusal, conditions, a hand-over, a new decision?"""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import F

from payvand.kernel import clock, jalali
from payvand.kernel.ids import tracking_code
from payvand.ledger import public as ledger
from payvand.window import compiled
from payvand.window.models import Application, HandOver, Licence, Service


def settle(owed: ledger.Owed, work: ledger.Work) -> None:
    """Carry a decision, or the answer to an objection, into the application; same transaction."""
    application = Application.objects.select_related("service").filter(pk=owed.case_id).first()
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
    application.save(update_fields=["state", "outcome", "decided_at"])
    work.add("Notice", party_id=application.applicant_id, case_id=application.id,
             verb=f"application.{application.state}", args={"code": application.code},
             at=work.at)  # fmt: skip
    if granted:
        licence = issue(application, work, by_silence=owed.outcome == "deemed")
        _ask_conditions(application, owed, licence, work)


def _after_objection(application: Application, owed: ledger.Owed, work: ledger.Work) -> None:
    """An objection that is upheld opens the decision anew; one that is not leaves it."""
    verb = "objection.rejected"
    if owed.outcome in ("positive", "conditional"):
        from payvand.window.actions.progress import decision_ask, load

        case = load({application.id}, ())[application.id]
        again = ledger.count_of(application.id, "decision")
        ledger.put(work, [decision_ask(case, again=again + 1)])
        Application.objects.filter(pk=application.pk).update(state="deciding")
        verb = "objection.upheld"
    work.add("Notice", party_id=application.applicant_id, case_id=application.id, verb=verb,
             args={"code": application.code}, at=work.at)  # fmt: skip


def issue(
    application: Application, work: ledger.Work, *, by_silence: bool = False
) -> Licence | None:
    """Issue the licence that the pack describes, or hand over to the national issuer."""
    service = compiled.service_of(application.version_id)
    if service.licence is None:
        return None
    Service.objects.filter(pk=application.service_id).update(
        licences_issued=F("licences_issued") + 1
    )
    number = Service.objects.values_list("licences_issued", flat=True).get(
        pk=application.service_id
    )
    start = clock.local_date(work.at)
    months = service.licence.valid_months
    facts = {**application.data}
    public = {k: facts[k] for k in service.licence.public if k in facts}
    licence = Licence.objects.create(
        number=service.licence.number.format(jyear=jalali.to_jalali(start)[0], seq=number),
        check_code=tracking_code(), application=application, holder_id=application.applicant_id,
        service_id=application.service_id, public=public, by_silence=by_silence,
        liability=ledger.liabilities_of(application.id), valid_from=start,
        valid_to=_months_later(start, months) if months else None,
    )  # fmt: skip
    work.log(application.id, "window.licence_issued", f"licence:{licence.id}",
             number=licence.number, by_silence=by_silence)  # fmt: skip
    if service.licence.issuer:
        HandOver.objects.create(
            application=application, issuer=service.licence.issuer,
            ref=service.licence.issuer_ref, at=work.at,
            body={"number": licence.number, "code": application.code, "public": public},
        )  # fmt: skip
        work.log(application.id, "window.handed_over", f"licence:{licence.id}",
                 issuer=service.licence.issuer)  # fmt: skip
    return licence


def _months_later(start: date, months: int) -> date:
    """Return the day before the same day some Jalali months later."""
    year, month, day = jalali.to_jalali(start)
    year, month = year + (month - 1 + months) // 12, (month - 1 + months) % 12 + 1
    _, last = jalali.month_bounds(year, month)
    return min(jalali.parse(year, month, 1) + timedelta(days=day - 1), last) - timedelta(days=1)


def _ask_conditions(application: Application, owed: ledger.Owed, licence: Licence | None,
                    work: ledger.Work) -> None:  # fmt: skip
    """Each condition of an approval becomes an obligation of the holder, with a term of its own."""
    texts = (owed.reply or {}).get("conditions", [])
    owner = application.service.owner_id
    asks = [
        ledger.Ask(
            "condition", application.id, f"condition[{n}]", {"fa": text, "en": text}, owner,
            application.applicant_id, term="90d", case_code=application.code,
            service=application.service_id, place=application.place_id, about=owed.id,
            spec={"licence": str(licence.id) if licence else ""},
        )
        for n, text in enumerate(texts, 1)
    ]  # fmt: skip
    if asks:
        ledger.put(work, asks)
