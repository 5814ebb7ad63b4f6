"""What does an obligation look like to a program?"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from payvand.ledger.rules.reply import Reply

A_FILE = {"name": "report.pdf", "media_type": "application/pdf", "content": "JVBERi0xLjcK"}


class Titles(Schema):
    """A text in both languages."""

    fa: str = ""
    en: str = ""


class ObligationLine(Schema):
    """One line of an inbox."""

    id: UUID
    kind: str
    case_code: str
    service: str
    question: str
    title: Titles
    state: str = Field(description="sent, stopped, answered, deemed or cancelled")
    sent_at: datetime
    delivered_at: datetime | None
    due_at: datetime | None
    term: str = Field(description="5wd, 5d or 8wh; empty without a term")


class ObligationOut(ObligationLine):
    """One obligation with the fields that its question declares, and no others."""

    asked: Titles = Field(description="the question in words")
    ground: Titles | None = Field(description="what the term rests on; null without a ground")
    fields: dict[str, Any] = Field(examples=[{"address": "نمونه"}])
    returns: list[dict[str, Any]] = Field(
        description="which fields an answer has", examples=[[{"id": "width_m", "type": "decimal"}]]
    )
    conditions: list[dict[str, Any]] = Field(
        description="a refusal names one of these by its number",
        examples=[[{"number": 1, "title": {"fa": "نمونه", "en": "Sample"}}]],
    )
    outcome: str = Field(examples=[""])
    reply: dict[str, Any] | None = Field(examples=[None])


class InboxOut(Schema):
    """A page of an inbox, in the order of terms."""

    rows: list[ObligationLine]
    after: str = Field(description="where the next page begins; empty at the end")


class AnswerIn(Schema):
    """An answer."""

    outcome: str = Field(description="positive, conditional, negative or not_ours")
    text: str = ""
    fields: dict[str, Any] = Field(
        {},
        description="a file is {name, media_type, content}, its content in base64",
        examples=[{"width_m": "3.5", "report": A_FILE}],
    )
    conditions: list[str] = []
    refused: str = Field("", description="number of the condition that is not met")
    letter_no: str = ""
    share: int | None = None

    def to_reply(self) -> Reply:
        """Return the answer as the ledger takes it."""
        return Reply(self.outcome, self.text, self.fields, tuple(self.conditions), self.refused,
                     self.letter_no, self.share)  # fmt: skip


class AnsweredOut(Schema):
    """What was recorded."""

    id: UUID
    state: str
    outcome: str
    answered_at: datetime | None


class CorrectionIn(AnswerIn):
    """An answer that replaces the one before, and why."""

    reason: str


class HandOverIn(Schema):
    """To which colleague an inquiry goes."""

    account: str = Field(description="the name with which the colleague signs in")
    note: str = ""


class OrderIn(Schema):
    """What an office orders when it acknowledges a delay report."""

    order: str


class InboxQuery(Schema):
    """Which part of an inbox?"""

    org: UUID | None = None
    when: str = Field("", description="overdue, today or week")
    service: str = ""
    code: str = ""
    after: str = ""


class AnswersIn(AnswerIn):
    """One answer to many inquiries."""

    ids: list[UUID] = Field(min_length=1, max_length=200)


class CountOut(Schema):
    """How many there were."""

    count: int


class IdsIn(Schema):
    """Which obligations?"""

    ids: list[UUID] = Field(min_length=1, max_length=200)


class CompletionAsk(Schema):
    """What the applicant is asked to complete: items that the service declares, and a word."""

    items: list[str] = Field(min_length=1, examples=[["plan"]])
    text: str


class CompletionAsked(Schema):
    """The request to the applicant; the clock of the inquiry stands still until the answer."""

    id: UUID


class LetterIn(Schema):
    """The number that the receiver's secretariat gave: the proof of delivery."""

    letter_no: str


class WhyOut(Schema):
    """The due time and why it is there, in the language that was asked for."""

    due_at: datetime | None
    why: list[str] = Field(
        examples=[["Delivery was proven on 19 Aban 1404; that day is not counted."]]
    )


class NoticeOut(Schema):
    """One notice, in the language that was asked for."""

    id: int
    at: datetime
    read_at: datetime | None
    verb: str = Field(examples=["application.submitted"])
    text: str
    case_id: UUID | None


class NoticesOut(Schema):
    """A page of notices, the newest first."""

    rows: list[NoticeOut]
    before: str = Field(description="where older ones begin; empty at the end", examples=[""])
