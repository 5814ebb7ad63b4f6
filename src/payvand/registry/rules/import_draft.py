"""What does one row of a file of firms come to: a draft, and remarks on it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from payvand.registry.rules.databank import Entry, ProfileDraft


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong in which column, and what to do; `what` and `now` are msgids with {text}."""

    column: str
    what: str
    now: str
    text: str = ""
    is_fault: bool = True


@dataclass(frozen=True, slots=True)
class Lists:
    """What a row may choose from: fields of work and places, by the compact key of any name."""

    fields: Mapping[str, str]
    places: Mapping[str, str]  # codes and names in both languages → code


@dataclass(slots=True)
class RowDraft:
    """What one row says: a firm, what it can do and has done, and the remarks."""

    place: str  # where it stands: "row 12"
    national_id: str = ""
    ref: str = ""
    name_fa: str = ""
    name_en: str = ""
    email: str = ""
    profile: ProfileDraft = field(default_factory=lambda: ProfileDraft("company"))
    entries: list[Entry] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    is_verified: bool = False  # never from a file
    confirmed_on: date | None = None  # never from a file

    @property
    def is_good(self) -> bool:
        """Can the row be kept?"""
        return not any(remark.is_fault for remark in self.remarks)

    def fault(self, column: str, what: str, now: str, *, text: str = "") -> None:
        """Note what makes the row unfit."""
        self.remarks.append(Remark(column, what, now, text[:60]))

    def note(self, column: str, what: str, now: str, *, text: str = "") -> None:
        """Note what was mended or left out; the row is kept."""
        self.remarks.append(Remark(column, what, now, text[:60], is_fault=False))
