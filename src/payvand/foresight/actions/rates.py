"""How does an office set what a day of delay is taken to cost?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from payvand.audit import public as audit
from payvand.foresight import charge
from payvand.foresight.models import CostRate
from payvand.kernel import clock
from payvand.kernel.errors import Invalid, gettext_noop
from payvand.registry.public import Actor
from payvand.window import public as window

STREAM = UUID("6f0d3c52-7c34-4b43-9a54-64656c617973")  # what is set about the cost of delay
MOST_PERCENT = 1000


@dataclass(frozen=True, slots=True)
class RateDraft:
    """What is to hold from a day on."""

    service: str
    since: date
    percent_a_year: Decimal
    value_field: str = ""
    currency_field: str = ""
    exchange: dict[str, str] = field(default_factory=dict)  # code → rials, as decimals
    flat_million_rial: int = 0
    note: str = ""


@transaction.atomic
def set_rate(draft: RateDraft, *, by: Actor) -> CostRate:
    """Record a setting; the account is counted anew with it. Raises Refused and Invalid."""
    charge.may_set_rates(charge.charge_of(by)).or_raise()
    wrong = _problems(draft)
    if wrong:
        raise Invalid(wrong)
    office = by.offices[0] if by.offices else None
    row = CostRate.objects.create(
        service=draft.service, since=draft.since, percent_a_year=draft.percent_a_year,
        value_field=draft.value_field, currency_field=draft.currency_field,
        exchange=draft.exchange, flat_million_rial=draft.flat_million_rial, note=draft.note,
        set_by=by.name(), office_id=office, set_at=clock.now(),
    )  # fmt: skip
    facts = {"service": draft.service, "since": str(draft.since),
             "percent_a_year": str(draft.percent_a_year), "office": office}  # fmt: skip
    entry = audit.Entry(STREAM, "foresight.rate_set", f"rate:{row.pk}", facts)
    audit.append([entry], by=by.name(), at=row.set_at)
    return row


def _problems(draft: RateDraft) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not 0 <= draft.percent_a_year <= MOST_PERCENT:
        wrong["percent_a_year"] = gettext_noop("The rate lies between 0 and 1,000 percent a year.")
    if draft.service and not window.Service.objects.filter(pk=draft.service).exists():
        wrong["service"] = gettext_noop("There is no such service.")
    if draft.flat_million_rial < 0:
        wrong["flat_million_rial"] = gettext_noop("A value is not negative.")
    if draft.value_field and not draft.value_field.isidentifier():
        wrong["value_field"] = gettext_noop("Write the key of a field, such as amount.")
    if draft.currency_field and not draft.currency_field.isidentifier():
        wrong["currency_field"] = gettext_noop("Write the key of a field, such as currency.")
    if not draft.note.strip():
        wrong["note"] = gettext_noop("Say where the figures come from.")
    return wrong
