"""How is a need, up to its contract, told in the Open Contracting Data Standard?

Pure. OCDS 1.1.5 releases: one per need, its state as of now. A need is the tender, a deal with a
contract the award and the contract, its milestones the implementation. Sites, tiers, budget edges
below the upper one, questions' askers and firms that were not awarded stay out.
Codelists: tenderStatus, awardStatus, contractStatus, milestoneStatus, partyRole, releaseTag.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from payvand.kernel import units

# Questions and answers are not in the core of the standard but in an extension of it
ENQUIRIES = (
    "https://raw.githubusercontent.com/open-contracting-extensions/"
    "ocds_enquiry_extension/v1.1.5/extension.json"
)
PREFIX = "ocds-payvand"  # registered prefixes are given by the Open Contracting Partnership
VERSION = "1.1"
TENDER_STATUS = {"frozen": "planned", "open": "active", "closed": "complete", "awarded": "complete",
                 "withdrawn": "cancelled"}  # fmt: skip
CURRENCY = "IRR"


@dataclass(frozen=True, slots=True)
class PartyText:
    """An organisation as it stands in a release."""

    id: str
    name: str
    name_en: str = ""
    national_id: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class MilestoneText:
    """A milestone of a contract."""

    id: str
    title: str
    kind: str
    due: date
    done: date | None


@dataclass(frozen=True, slots=True)
class DealText:
    """A contract that came of a need."""

    id: str
    firm: PartyText
    number: str
    signed: date
    amount_rial: int | None
    milestones: Sequence[MilestoneText] = ()
    produced: date | None = None


@dataclass(frozen=True, slots=True)
class NeedRecord:
    """A need as it is published."""

    code: str
    buyer: PartyText
    title: str
    title_en: str
    description: str
    state: str
    opened: datetime
    closes: date | None
    changed: datetime
    is_public: bool
    tender_no: str = ""
    budget_most: int | None = None
    quantity: str = ""
    unit: str = ""
    codes: Sequence[str] = ()
    requirements: Sequence[tuple[str, bool]] = ()
    questions: Sequence[tuple[str, str, datetime, datetime | None, str]] = ()
    answers: int | None = None  # None: not told before they are closed
    deals: Sequence[DealText] = ()


def release(need: NeedRecord) -> dict[str, Any]:
    """Return the release of one need; empty parts are left out."""
    tags = ["tender"]
    if need.deals:
        tags += ["award", "contract"]
    if any(deal.milestones for deal in need.deals):
        tags.append("implementation")
    ocid = f"{PREFIX}-{need.code}"
    whole = {
        "ocid": ocid,
        "id": f"{ocid}-{need.changed:%Y%m%dT%H%M%SZ}",
        "date": _moment(need.changed),
        "tag": tags,
        "initiationType": "tender",
        "language": "fa",
        "parties": _parties(need),
        "buyer": {"id": need.buyer.id, "name": need.buyer.name},
        "planning": _planning(need),
        "tender": _tender(need),
        "awards": [_award(need, deal) for deal in need.deals],
        "contracts": [_contract(need, deal) for deal in need.deals],
    }
    return _object(whole)


def package(
    releases: Sequence[Mapping[str, Any]], *, at: datetime, uri: str, publisher: str
) -> dict[str, Any]:
    """Return a release package with its metadata, and the extension that its releases use."""
    is_asked = any("enquiries" in one["tender"] for one in releases)
    return {
        "uri": uri,
        "version": VERSION,
        **({"extensions": [ENQUIRIES]} if is_asked else {}),
        "publishedDate": _moment(at),
        "publisher": {"name": publisher},
        "releases": list(releases),
    }


def _moment(at: datetime | date) -> str:
    if isinstance(at, datetime):
        return f"{at:%Y-%m-%dT%H:%M:%SZ}"
    return f"{at.isoformat()}T00:00:00Z"


def _parties(need: NeedRecord) -> list[dict[str, Any]]:
    found = [_party(need.buyer, ["buyer", "procuringEntity"])]
    seen = {need.buyer.id}
    for deal in need.deals:
        if deal.firm.id not in seen:
            seen.add(deal.firm.id)
            found.append(_party(deal.firm, ["supplier", "tenderer"]))
    return found


def _party(party: PartyText, roles: list[str]) -> dict[str, Any]:
    identifier = {"scheme": "IR-NID", "id": party.national_id} if party.national_id else {}
    return _object({
        "id": party.id, "name": party.name, "name_en": party.name_en, "identifier": identifier,
        "address": {"region": party.region, "countryName": "Iran"} if party.region else {},
        "roles": roles,
    })  # fmt: skip


def _planning(need: NeedRecord) -> dict[str, Any]:
    if need.budget_most is None:
        return {}
    return {"budget": {"amount": {"amount": need.budget_most, "currency": CURRENCY}}}


def _tender(need: NeedRecord) -> dict[str, Any]:
    return {
        "id": need.tender_no or need.code,
        "title": need.title,
        "title_en": need.title_en,
        "description": need.description,
        "status": TENDER_STATUS[need.state],
        "procurementMethod": "open" if need.is_public else "selective",
        "submissionMethod": ["electronicSubmission"],
        "procuringEntity": {"id": need.buyer.id, "name": need.buyer.name},
        "tenderPeriod": {"startDate": _moment(need.opened),
                         "endDate": _moment(need.closes) if need.closes else ""},
        "eligibilityCriteria": "\n".join(text for text, needed in need.requirements if needed),
        "items": [_item(need)],
        "numberOfTenderers": need.answers,
        "hasEnquiries": bool(need.questions),
        "enquiries": [
            {"id": key, "date": _moment(at), "description": text, "answer": answer,
             "dateAnswered": _moment(answered) if answered else ""}
            for key, text, at, answered, answer in need.questions
        ],
    }  # fmt: skip


def _item(need: NeedRecord) -> dict[str, Any]:
    codes = [(scheme.upper(), code) for one in need.codes
             for scheme, _, code in [one.partition(":")] if code]  # fmt: skip
    quantity = float(need.quantity) if need.quantity else None
    return {
        "id": "1",
        "description": need.title,
        "classification": {"scheme": codes[0][0], "id": codes[0][1]} if codes else {},
        "additionalClassifications": [{"scheme": s, "id": c} for s, c in codes[1:]],
        "quantity": quantity,
        "unit": _unit(need.unit),
    }


def _unit(text: str) -> dict[str, Any]:
    """Return a unit by its code (UNCEFACT in the standard's list of schemes) and its names."""
    known = units.unit_of(text)
    if known is None:
        return {"name": text}
    code = {"scheme": "UNCEFACT", "id": known.code} if known.is_common else {}
    return {**code, "name": known.fa, "name_en": known.en}


def _value(amount: int | None) -> dict[str, Any]:
    return {"amount": amount, "currency": CURRENCY} if amount is not None else {}


def _award(need: NeedRecord, deal: DealText) -> dict[str, Any]:
    return {
        "id": f"{deal.id}-award", "title": need.title, "status": "active",
        "date": _moment(deal.signed), "value": _value(deal.amount_rial),
        "suppliers": [{"id": deal.firm.id, "name": deal.firm.name}],
    }  # fmt: skip


def _contract(need: NeedRecord, deal: DealText) -> dict[str, Any]:
    milestones = [
        {"id": one.id, "title": one.title, "type": "delivery", "code": one.kind,
         "dueDate": _moment(one.due), "dateMet": _moment(one.done) if one.done else "",
         "status": "met" if one.done else "scheduled"}
        for one in deal.milestones
    ]  # fmt: skip
    return {
        "id": deal.id, "awardID": f"{deal.id}-award", "title": deal.number, "status": "active",
        "dateSigned": _moment(deal.signed), "value": _value(deal.amount_rial),
        "implementation": {"milestones": milestones},
    }  # fmt: skip


def _object(value: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = _without_empty(value)
    return found


def _without_empty(value: Any) -> Any:
    """Return a value without empty strings, lists, objects and None, at every depth.

    >>> _without_empty({"a": "", "b": [{}], "c": 0, "d": False})
    {'c': 0, 'd': False}
    """
    if isinstance(value, Mapping):
        kept = {key: _without_empty(one) for key, one in value.items()}
        return {key: one for key, one in kept.items() if one not in ("", None, [], {})}
    if isinstance(value, list):
        kept_list = [_without_empty(one) for one in value]
        return [one for one in kept_list if one not in ("", None, [], {})]
    return value
