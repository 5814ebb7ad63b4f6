"""How does another system read needs, answer one for its firm, and see firms for its own need?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from payvand.kernel import units
from payvand.matching.exchange import access, ranking, reading, releases, rounds
from payvand.matching.exchange import answers as speaking
from payvand.matching.exchange import deals as dealing
from payvand.matching.exchange import needs as acting
from payvand.matching.models import Need
from payvand.matching.rules.needs import NeedDraft, RequirementDraft
from payvand.registry import public as registry
from payvand.registry.public import Actor, actor, databank
from payvand.ui.language import pick

router = Router(tags=["exchange"])


class NeedTexts(Schema):
    """A text in both languages."""

    fa: str = ""
    en: str = ""


class NeedRequirementOut(Schema):
    """One requirement of a need."""

    no: int
    text: str
    text_en: str
    is_essential: bool
    rule: dict[str, Any] | None = Field(description="over the firm's facts; null: words only")


class NeedLine(Schema):
    """A need in a list. Neither site nor tier is ever part of it."""

    id: UUID
    code: str
    buyer: NeedTexts
    title: NeedTexts
    field: str
    is_public: bool
    state: str = Field(
        description="open, closed, awarded or withdrawn; draft and frozen only to the buyer"
    )
    answers_until: date | None
    opened_at: datetime | None


class NeedChangeOut(Schema):
    """A need was extended or withdrawn."""

    kind: str
    reason: str
    at: datetime
    until: date | None = Field(description="the new last day for answers")


class NeedTellingOut(Schema):
    """How far judging and telling the firms has come."""

    seen: int
    total: int
    told: int


class NeedExtendIn(Schema):
    """A later last day for answers, and why."""

    until: date
    reason: str


class NeedWithdrawIn(Schema):
    """Why a need is withdrawn."""

    reason: str


class DealEndIn(Schema):
    """When and why a deal ended without a contract."""

    on: date
    because: str = Field(description="price, capacity, quality, time, need_gone or other")
    note: str = Field("", max_length=300)


class DealResumeIn(Schema):
    """Since when and why a deal goes on that had ended."""

    on: date
    reason: str = Field(max_length=300)


class NeedOut(NeedLine):
    """One need."""

    text: NeedTexts
    quantity: str
    unit: str = Field(description="UN/ECE code such as KGM; else as it was written")
    unit_name: NeedTexts
    wanted_by: date | None
    budget_least: str = Field(description="rials, as a string; empty when not told")
    budget_most: str
    tender_no: str
    requirements: list[NeedRequirementOut]
    changes: list[NeedChangeOut] = Field(description="extended or withdrawn, and why")
    telling: NeedTellingOut | None = Field(description="to its buyer, while firms are being told")


class NeedsOut(Schema):
    """A page of needs, the latest first."""

    rows: list[NeedLine]
    after: str = Field(description="where the next page begins; empty at the end")


class NeedRequirementIn(Schema):
    """One requirement; kind names what is checked by itself, value what it is compared with."""

    text: str = Field(max_length=300)
    is_essential: bool = True
    kind: str = "text"
    value: str = Field("", max_length=120)
    text_en: str = Field("", max_length=300)


class NeedTitleIn(Schema):
    """A title in both languages; the Persian one is needed."""

    fa: str = Field("", max_length=200)
    en: str = Field("", max_length=200)


class NeedTextIn(Schema):
    """A description in both languages."""

    fa: str = Field("", max_length=4000)
    en: str = Field("", max_length=4000)


class NeedIn(Schema):
    """A need to be kept as a draft."""

    buyer: UUID
    title: NeedTitleIn
    text: NeedTextIn = Field(default_factory=lambda: NeedTextIn(fa="", en=""))
    is_public: bool = False
    field: str = ""
    quantity: float | None = None
    unit: str = Field("", max_length=40, description="a UN/ECE code, or any words")
    wanted_by: date | None = None
    answers_until: date | None = None
    budget_least: str = ""
    budget_most: str = ""
    tender_due: bool = False
    tender_no: str = Field("", max_length=60)
    requirements: list[NeedRequirementIn] = []


class NeedMadeOut(Schema):
    """What was made."""

    id: UUID


class NeedFirmOut(Schema):
    """A firm for a need, and why."""

    firm: UUID
    name: NeedTexts
    because: list[str] = Field(description="texts of its evidence")
    missing: list[str] = Field(description="words of the need that it does not mention")
    eligible: bool | None = Field(description="null: not known")
    is_newcomer: bool


class SupplyOut(Schema):
    """Supply against need of one field of work in one province."""

    province: str
    province_name: NeedTexts
    field: str
    field_name: NeedTexts
    needs: int
    unmet: int = Field(description="open needs that nobody has answered")
    firms: int = Field(description="firms of the field that the databank shows to everybody")
    is_missing: bool


class NeedAnswerLineIn(Schema):
    """What a firm says to one requirement."""

    no: int
    says: str = Field(description="yes, partly or no")
    text: str = ""
    evidence: list[str] = []


class NeedAnswerIn(Schema):
    """An answer of a firm to a need."""

    firm: UUID
    lines: list[NeedAnswerLineIn]
    remark: str = ""
    ready_on: date | None = None


class NeedQuery(Schema):
    """What a list of needs is narrowed to."""

    q: str = ""
    field: str = ""
    province: str = ""
    sector: str = Field("", description="public or private")
    state: str = ""
    after: str = ""


@router.get("/needs", response=NeedsOut, auth=None, operation_id="needs")
def needs(request: HttpRequest, asked: Query[NeedQuery]) -> dict[str, Any]:
    """The needs that everybody sees."""
    del request
    wanted = reading.Filters(asked.q, asked.field, asked.province, asked.sector, asked.state)
    page = reading.page(wanted, after=asked.after)
    return {"rows": [_line(row) for row in page.rows], "after": page.after}


@router.get("/needs/{uuid:need_id}", response=NeedOut, auth=None, operation_id="need")
def need(request: HttpRequest, need_id: UUID) -> dict[str, Any]:
    """One need."""
    return _whole(reading.need(need_id, by=actor(request)), actor(request))


@router.post("/needs", response={201: NeedMadeOut}, operation_id="write_need")
def write_need(request: HttpRequest, body: NeedIn) -> Status[dict[str, Any]]:
    """Keep a need as a draft. 422 says field by field what is wrong."""
    told = body.dict(exclude={"buyer", "title", "text", "requirements", "budget_least",
                              "budget_most", "quantity"})  # fmt: skip
    draft = NeedDraft(
        title_fa=body.title.fa, title_en=body.title.en, text_fa=body.text.fa,
        text_en=body.text.en, budget_least=_rials(body.budget_least),
        budget_most=_rials(body.budget_most), quantity=_number(body.quantity),
        requirements=[RequirementDraft(**one.dict()) for one in body.requirements], **told,
    )  # fmt: skip
    return Status(201, {"id": acting.write(draft, by=actor(request), buyer=body.buyer)})


@router.post("/needs/{uuid:need_id}/freeze", response=NeedOut, operation_id="freeze_need")
def freeze(request: HttpRequest, need_id: UUID) -> dict[str, Any]:
    """Freeze the requirements."""
    acting.freeze(need_id, by=actor(request))
    return _whole(reading.need(need_id, by=actor(request)), actor(request))


@router.post("/needs/{uuid:need_id}/open", response=NeedOut, operation_id="open_need")
def open_(request: HttpRequest, need_id: UUID) -> dict[str, Any]:
    """Let firms answer; all eligible firms are told of a public need: see `telling`."""
    acting.open_(need_id, by=actor(request))
    return _whole(reading.need(need_id, by=actor(request)), actor(request))


@router.post("/needs/{uuid:need_id}/close", response=NeedOut, operation_id="close_need")
def close(request: HttpRequest, need_id: UUID) -> dict[str, Any]:
    """End the answers. 409 for a public need before its announced day is over."""
    acting.close(need_id, by=actor(request))
    return _whole(reading.need(need_id, by=actor(request)), actor(request))


@router.post("/needs/{uuid:need_id}/extend", response=NeedOut, operation_id="extend_need")
def extend(request: HttpRequest, need_id: UUID, body: NeedExtendIn) -> dict[str, Any]:
    """Give firms longer to answer; never shorter. Everybody who was told is told why."""
    acting.extend(need_id, body.until, by=actor(request), reason=body.reason)
    return _whole(reading.need(need_id, by=actor(request)), actor(request))


@router.post("/needs/{uuid:need_id}/withdraw", response=NeedOut, operation_id="withdraw_need")
def withdraw(request: HttpRequest, need_id: UUID, body: NeedWithdrawIn) -> dict[str, Any]:
    """Take a need back before it is awarded. Everybody concerned is told why."""
    acting.withdraw(need_id, by=actor(request), reason=body.reason)
    return _whole(reading.need(need_id, by=actor(request)), actor(request))


@router.post("/deals/{uuid:deal_id}/end", response={204: None}, operation_id="end_deal")
def end_deal(request: HttpRequest, deal_id: UUID, body: DealEndIn) -> Status[None]:
    """End a deal without a contract; either side may."""
    dealing.end(deal_id, body.on, by=actor(request), because=body.because, note_=body.note)
    return Status(204, None)


@router.post("/deals/{uuid:deal_id}/resume", response={204: None}, operation_id="resume_deal")
def resume_deal(request: HttpRequest, deal_id: UUID, body: DealResumeIn) -> Status[None]:
    """Take a deal up again that had ended without a contract; either side may."""
    dealing.resume(deal_id, body.on, by=actor(request), reason=body.reason)
    return Status(204, None)


@router.get("/needs/{uuid:need_id}/firms", response=list[NeedFirmOut], operation_id="need_firms")
def firms(request: HttpRequest, need_id: UUID) -> list[dict[str, Any]]:
    """Firms for the buyer's own need. 403 to a public buyer before the answers are closed."""
    return [
        {"firm": one.line.id, "name": one.line.name, "because": [b.text for b in one.match.because],
         "missing": list(one.match.missing), "eligible": one.eligibility.value,
         "is_newcomer": one.match.is_newcomer}
        for one in ranking.show(need_id, by=actor(request))
    ]  # fmt: skip


@router.post("/needs/{uuid:need_id}/answers", response={204: None}, operation_id="answer_need")
def answer(request: HttpRequest, need_id: UUID, body: NeedAnswerIn) -> Status[None]:
    """Answer a need for a firm that the caller acts for; a later answer replaces it."""
    lines = {
        one.no: speaking.LineDraft(one.says, one.text, tuple(one.evidence)) for one in body.lines
    }
    speaking.answer(need_id, body.firm, lines, by=actor(request), remark=body.remark,
                    ready_on=body.ready_on)  # fmt: skip
    return Status(204, None)


@router.get("/supply", response=list[SupplyOut], auth=None, operation_id="supply")
def supply(request: HttpRequest, province: str = "") -> list[dict[str, Any]]:
    """Supply against need by field and province; what is needed and missing comes first."""
    del request
    places, fields = registry.all_places(), databank.fields()
    return [
        {"province": gap.province, "province_name": _words(places[gap.province].name),
         "field": gap.field, "field_name": _words(fields.get(gap.field)), "needs": gap.needs,
         "unmet": gap.unmet, "firms": gap.firms, "is_missing": gap.is_missing}
        for gap in reading.gaps(province=province)
    ]  # fmt: skip


def _words(name: Any) -> dict[str, str]:
    return {lang: pick(name, lang) for lang in ("fa", "en")}


@router.get("/needs.ocds", auth=None, operation_id="needs_ocds")
def ocds(request: HttpRequest) -> dict[str, Any]:
    """Needs to contracts as an OCDS 1.1 release package."""
    return releases.package(request.build_absolute_uri())


def _line(row: Need) -> dict[str, Any]:
    buyer = row.buyer
    return {
        "id": row.pk, "code": row.code, "field": row.field, "is_public": row.is_public,
        "buyer": {"fa": buyer.name_fa, "en": buyer.name_en or buyer.name_fa},
        "title": {"fa": row.title_fa, "en": row.title_en or row.title_fa}, "state": row.state,
        "answers_until": row.answers_until, "opened_at": row.opened_at,
    }  # fmt: skip


def _whole(row: Need, by: Actor) -> dict[str, Any]:
    telling = rounds.under_way(row) if access.may_buy(by, row) else None
    return _line(row) | {
        "changes": list(row.changes.order_by("at", "pk")), "telling": telling,
        "text": {"fa": row.text_fa, "en": row.text_en or row.text_fa},
        "quantity": "" if row.quantity is None else f"{row.quantity.normalize():f}",
        "unit": units.stored(row.unit),
        "unit_name": {lang: units.named(row.unit, lang, row.quantity) for lang in ("fa", "en")},
        "wanted_by": row.wanted_by, "tender_no": row.tender_no,
        "budget_least": _sum(row.budget_least), "budget_most": _sum(row.budget_most),
        "requirements": [
            {"no": one.no, "text": one.text, "text_en": one.text_en, "rule": one.rule,
             "is_essential": one.is_essential}
            for one in row.requirements.order_by("no")
        ],
    }  # fmt: skip


def _sum(amount: int | None) -> str:
    return "" if amount is None else str(amount)


def _rials(text: str) -> int | None:
    from payvand.kernel.money import parse_rial

    return parse_rial(text) if text else None


def _number(value: float | None) -> Any:
    from decimal import Decimal

    return None if value is None else Decimal(str(value))
