"""Who saw which fields of a case, and when? From the disclosures, which hold every opening."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from payvand.ledger.models import Disclosure
from payvand.registry import public as registry

MOST = 5000  # of one case; the newest count


@dataclass(frozen=True, slots=True)
class Opening:
    """One time that fields were sent to, or looked at by, an office; never a person's name."""

    obligation: UUID | None
    party: UUID | None
    office: dict[str, str]  # the name of the organisation, in both languages
    fields: tuple[str, ...]
    how: str  # sent opened link api download
    at: datetime


def disclosures_of(case_id: UUID, *, but: UUID | None = None) -> list[Opening]:
    """Return every disclosure of a case, the oldest first; two queries.

    but: a party whose own looking is left out, such as the applicant.
    """
    rows = Disclosure.objects.filter(case_id=case_id).order_by("-id")
    found = list(rows.values_list("obligation_id", "party_id", "fields", "how", "at")[:MOST])
    names = registry.party_names(set(filter(None, (row[1] for row in found))))
    return [
        Opening(owed, party, names.get(party, {}) if party else {}, tuple(fields), how, at)
        for owed, party, fields, how, at in reversed(found)
        if but is None or party != but
    ]
