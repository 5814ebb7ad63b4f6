"""What does the window look like to a program? Times in UTC, dates Gregorian, money as text."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema

A_FILE = {"name": "plan.pdf", "media_type": "application/pdf", "content": "JVBERi0xLjcK"}
STATES = "in_review, awaiting, deciding, granted, refused, withdrawn or deemed"


class TextOut(Schema):
    """A text in both languages."""

    fa: str
    en: str


class ServiceOut(Schema):
    """One service of the catalogue."""

    slug: str
    title: TextOut
    summary: TextOut
    category: str = Field(examples=["trade"])


class FieldOut(Schema):
    """One field that the form of a service asks for."""

    id: str = Field(examples=["company_id"])
    type: str = Field(description="see docs/reference/packs.md", examples=["text"])
    title: TextOut
    required: bool
    format: str = Field(examples=["company_id"])
    codes: list[str] = Field(description="what may be chosen", examples=[[]])


class QuestionOut(Schema):
    """One inquiry of a service: who is asked, what they see, how long they have."""

    key: str = Field(examples=["tax_debt"])
    title: TextOut
    role: str
    sees: list[str] = Field(examples=[["company_id"]])
    waits_for: list[str] = Field(examples=[[]])
    terms: list[str] = Field(examples=[["5wd"]])


class ConditionOut(Schema):
    """A numbered condition of a service; a refusal names the one that is not met."""

    number: str = Field(examples=["1"])
    title: TextOut


class ServiceFeeOut(Schema):
    """What a service costs."""

    key: str = Field(examples=["filing"])
    title: TextOut
    amount_rial: str = Field(examples=["3000000"])


class ServiceDetail(ServiceOut):
    """What a service asks, and whom."""

    version: str = Field(examples=["1.0.0"])
    fields: list[FieldOut]
    inquiries: list[QuestionOut]
    conditions: list[ConditionOut]
    fees: list[ServiceFeeOut]


class StandingOut(Schema):
    """What a tracking code tells to anybody."""

    code: str
    title: TextOut
    state: str = Field(description="in words", examples=["Offices are answering"])
    submitted_at: datetime
    decided_at: datetime | None
    asked: int
    answered: int
    overdue: int


class LicenceOut(Schema):
    """What anyone may know of a licence."""

    number: str
    state: str = Field(description="valid, suspended or revoked", examples=["valid"])
    service: str
    public: dict[str, Any] = Field(examples=[{"address": "نمونه"}])
    valid_from: date
    valid_to: date | None
    by_silence: bool


class ApplicationIn(Schema):
    """A new application; money as strings of rials, dates as ISO Gregorian."""

    service: str
    applicant: UUID = Field(description="one of `applicants` in the answer of /me")
    place: str
    data: dict[str, Any] = Field(
        description="by the ids of the service's fields; a file is {name, media_type, content},"
        " its content in base64",
        examples=[{"company_id": "10100000014", "plan": A_FILE}],
    )


class ObligationState(Schema):
    """How one inquiry stands; times in UTC."""

    id: UUID
    question: str
    title: dict[str, str] = Field(examples=[{"fa": "نمونه", "en": "Sample"}])
    kind: str = Field(description="inquiry, completion, decision, objection, condition …")
    state: str
    outcome: str = Field(description="empty until it is answered")
    sent_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    is_overdue: bool


class FeeOut(Schema):
    """A sum that the application costs, and whether a receipt is recorded."""

    id: int
    key: str = Field(examples=["filing"])
    title: TextOut
    amount_rial: str = Field(examples=["3000000"])
    receipt: str = Field(examples=[""])
    paid_at: datetime | None


class WantedOut(Schema):
    """What an agency wants to be completed, while its clock stands still."""

    id: UUID
    text: str
    due_at: datetime | None
    items: list[dict[str, Any]] = Field(
        examples=[[{"id": "plan", "type": "file", "title": {"fa": "نقشه", "en": "Plan"}}]]
    )


class DecisionOut(Schema):
    """The decision with its reasons."""

    outcome: str
    text: str
    refused: str = Field(description="number of the condition that is not met", examples=[""])
    conditions: list[str] = Field(examples=[[]])
    answered_at: datetime


class ApplicationLine(Schema):
    """One application in a list."""

    id: UUID
    code: str
    service: str
    state: str = Field(description=STATES, examples=["in_review"])
    submitted_at: datetime
    decided_at: datetime | None


class ApplicationLines(Schema):
    """A page of applications, the newest first."""

    rows: list[ApplicationLine]
    before: str = Field(description="where older ones begin; empty at the end", examples=[""])


class ApplicationOut(ApplicationLine):
    """One application and everything that is owed in it."""

    applicant: UUID
    place: str
    obligations: list[ObligationState]
    fees: list[FeeOut]
    wanted: list[WantedOut]
    decision: DecisionOut | None
    licences: list[LicenceOut]


class ExplainedOut(Schema):
    """One date and why it is there, in the language that was asked for."""

    title: str
    office: str = Field(description="whose desk it is on")
    due_at: datetime | None
    why: list[str]


class SeenOut(Schema):
    """Which office was shown which fields, and when it looked."""

    office: str
    question: str
    fields: list[str] = Field(examples=[["National id"]])
    sent_at: datetime | None
    opened_at: datetime | None


class ObjectionIn(Schema):
    """What the applicant objects to, and why."""

    text: str


class ReceiptIn(Schema):
    """The number on the receipt of a payment."""

    receipt: str = Field(examples=["140408190042"])


class CompletionIn(Schema):
    """The things that were asked for, by their ids; files as in a new application."""

    fields: dict[str, Any] = Field(examples=[{"plan": A_FILE}])


class DecisionIn(Schema):
    """A decision; a refusal names the numbered condition and gives reasons."""

    outcome: Literal["positive", "conditional", "negative"]
    text: str = ""
    conditions: list[str] = []
    refused: str = ""


class ReasonIn(Schema):
    """Why a licence is changed."""

    reason: str


class WaitingLine(Schema):
    """An application that waits for the decision of the caller's office."""

    id: UUID
    code: str
    title: str
    applicant: str
    place: str
    sent_at: datetime
    due_at: datetime | None


class WaitingLines(Schema):
    """A page of applications that wait for a decision, in the order of their terms."""

    rows: list[WaitingLine]
    after: str = Field(description="where the next ones begin; empty at the end", examples=[""])


class LineOut(Schema):
    """One field with its value as people read it."""

    title: str
    value: str


class OpinionOut(Schema):
    """What one agency answered."""

    agency: str
    title: str
    outcome: str = Field(description="in words", examples=["Agreed"])
    at: datetime | None
    text: str
    refused: str = Field(examples=[""])
    letter_no: str
    conditions: list[str] = Field(examples=[[]])
    fields: list[LineOut]
    is_replaced: bool


class CheckOut(Schema):
    """One check of the service with its verdict and what it looked at."""

    message: str
    severity: str = Field(examples=["warn"])
    verdict: str = Field(description="in words", examples=["Met"])
    trace: list[str] = Field(examples=[["Width ≥ 3: 4"]])


class DossierOut(Schema):
    """All that an owner office needs in order to decide, in the language that was asked for."""

    id: UUID
    code: str
    state: str = Field(description=STATES, examples=["deciding"])
    answers: list[LineOut]
    opinions: list[OpinionOut]
    checks: list[CheckOut]
    outcomes: list[str] = Field(examples=[["positive", "negative"]])
    conditions: list[list[str]] = Field(examples=[[["1", "1. A condition"]]])
