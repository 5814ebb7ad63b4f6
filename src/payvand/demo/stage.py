"""What do all sample stories share, and what may the parts of one do to it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from payvand.demo import data
from payvand.demo.filings import Filing
from payvand.ledger import public as ledger
from payvand.window import public as window

# When, which licence, and the facts that tell its number once it is known.
Unnumbered = tuple[datetime, window.Licence, dict[str, Any]]


class Story(Protocol):
    """A case that is being told: what a verdict reads, and what it may do."""

    case: window.Case
    filing: Filing
    row: dict[str, Any]
    work: ledger.Work
    owed: dict[UUID, ledger.Owed]
    fees: list[dict[str, Any]]
    licences: list[window.Licence]
    unnumbered: list[Unnumbered]
    handed_over: list[tuple[window.HandOver, window.Licence]]

    def decider(self) -> str:
        """Return how the log names who decides in the owner office."""

    def ask(self, asks: Sequence[ledger.Ask]) -> None:
        """Put obligations into the step."""

    def note(self, verb: str, subject: str, **facts: Any) -> None:
        """Write into the log."""

    def later(self, at: datetime, what: str, key: UUID | None = None) -> None:
        """Let something happen."""

    def tell_applicant(self, verb: str, **args: Any) -> None:
        """Send the applicant a notice."""


@dataclass
class Stage:
    """What all stories share: who the offices are, and until when the stories are told."""

    until: datetime
    versions: dict[str, int]
    slugs: dict[UUID, str]  # agency → slug
    desks: dict[UUID, str]  # agency → how the log names who answers there
    signers: dict[UUID, str]  # agency → who signs, where two signatures are asked
    tried: frozenset[int]  # offices whose new reports are left to the visitor

    def outage_of(self, owed: ledger.Owed) -> tuple[datetime, datetime] | None:
        """Return from when until when the debtor's system was down as the question was sent."""
        if owed.level != "rest" or self.slugs.get(owed.debtor_id) != data.OUTAGE.slug:
            return None
        ends = self.until - data.OUTAGE.ago
        begins = ends - data.OUTAGE.length
        return (begins, ends) if begins <= owed.sent_at < ends else None
