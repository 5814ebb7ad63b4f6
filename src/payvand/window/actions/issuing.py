"""What is written when a licence is issued, conditions are set, or an objection is lodged?

Rows and questions only, nothing is stored here: decisions write them one by one, a sample history
set by set.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from payvand.kernel import jalali
from payvand.kernel.ids import tracking_code
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.window import compiled
from payvand.window.models import Application, HandOver, Licence

CONDITION_TERM = "90d"


def licence_for(
    application: Application, on: date, *, by_silence: bool = False,
    liability: Sequence[dict[str, Any]] = (),
) -> Licence | None:  # fmt: skip
    """Return the licence that the pack describes, unsaved and without its number; None for none."""
    declared = compiled.service_of(application.version_id).licence
    if declared is None:
        return None
    months = declared.valid_months
    return Licence(
        check_code=tracking_code(), application_id=application.pk,
        holder_id=application.applicant_id, service_id=application.service_id,
        public={k: application.data[k] for k in declared.public if k in application.data},
        by_silence=by_silence, liability=list(liability), valid_from=on,
        valid_to=months_later(on, months) if months else None,
    )  # fmt: skip


def number_of(licence: Licence, version_id: int, sequence: int) -> str:
    """Return the number of a licence, as its pack writes numbers; raises ValueError for none."""
    declared = compiled.service_of(version_id).licence
    if declared is None:
        raise ValueError(f"version {version_id} issues no licence")
    return declared.number.format(jyear=jalali.to_jalali(licence.valid_from)[0], seq=sequence)


def hand_over_for(application: Application, licence: Licence, at: datetime) -> HandOver | None:
    """Return the record for the national issuer, unsaved; None where the service names none."""
    declared = compiled.service_of(application.version_id).licence
    if declared is None or not declared.issuer:
        return None
    body = {"number": licence.number, "code": application.code, "public": licence.public}
    return HandOver(application_id=application.pk, issuer=declared.issuer,
                    ref=declared.issuer_ref, at=at, body=body)  # fmt: skip


def condition_asks(
    application: Application, decided: ledger.Owed, licence: Licence | None
) -> list[ledger.Ask]:
    """Return what the holder owes under an approval: one obligation for each condition."""
    texts: Sequence[str] = (decided.reply or {}).get("conditions", ())
    return [
        ledger.Ask(
            "condition", application.pk, f"condition[{n}]", {"fa": text, "en": text},
            compiled.owner_of(application.version_id), application.applicant_id,
            term=CONDITION_TERM, case_code=application.code, service=application.service_id,
            place=application.place_id, about=decided.id,
            spec={"licence": str(licence.pk) if licence else ""},
        )
        for n, text in enumerate(texts, 1)
    ]  # fmt: skip


def objection_ask(application: Application, text: str, on: date) -> ledger.Ask | None:
    """Return the objection as the body named in the pack owes it; None where there is none."""
    declared = compiled.service_of(application.version_id).objection
    if declared is None:
        return None
    place = compiled.level_place(application.place_id, declared.place)
    return ledger.Ask(
        "objection", application.pk, "objection", {"fa": "اعتراض", "en": "Objection"},
        application.applicant_id, registry.debtor_for(declared.role, place, on),
        term=str(declared.decide_term) if declared.decide_term else "",
        case_code=application.code, service=application.service_id, place=application.place_id,
        ground=compiled.ground_of(application.version_id, declared.ref), payload={"text": text},
    )  # fmt: skip


def months_later(start: date, months: int) -> date:
    """Return the day before the same day some Jalali months later."""
    year, month, day = jalali.to_jalali(start)
    year, month = year + (month - 1 + months) // 12, (month - 1 + months) % 12 + 1
    _, last = jalali.month_bounds(year, month)
    return min(jalali.parse(year, month, 1) + timedelta(days=day - 1), last) - timedelta(days=1)
