"""How does what an authority decrees about the cutting of sectors come on record?

Rules are added with their day and source, never changed: a plan can be read by the rules that held
when it was made. Every decree is an event of the province's stream.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from payvand.energy import access
from payvand.energy.actions.journal import record, stream_of
from payvand.energy.labels import SECTORS
from payvand.energy.models import SectorRule
from payvand.energy.rules import policies
from payvand.kernel.errors import Invalid, gettext_noop
from payvand.registry import public as registry
from payvand.registry.public import Actor

Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Decree:
    """For which carrier, from when on, and by which law or order."""

    carrier: str
    since: date
    source: str


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV with the columns sector, harm, shed_cap, day_cap, never_cut."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@transaction.atomic
def decree(area: str, rows: Rows, what: Decree, *, by: Actor) -> int:
    """Record rules of sectors for a province or the country; returns how many.

    Raises Refused, and Invalid for a row that says nothing that can be used, or without a source.
    """
    registry.place(area)
    access.may_set_threshold(by, area).or_raise()
    if not what.source.strip():
        raise Invalid({"source": gettext_noop("Name the law or order, with number and date.")})
    found = []
    for row in rows:
        sector = str(row.get("sector", "")).strip()
        if sector not in SECTORS and sector != policies.ANY:
            raise Invalid({"sector": gettext_noop("Choose one of the sectors.")})
        try:
            rule = policies.read(row)
        except policies.RuleUnreadable as error:
            raise Invalid({sector: str(error)}) from error
        found.append(SectorRule(
            carrier=what.carrier, area_id=area, sector=sector, since=what.since, harm=rule.harm,
            shift_harm=rule.shift_harm, shed_cap=100 * rule.shed_cap, day_cap=100 * rule.day_cap,
            is_never_cut=rule.is_never_cut,
            source={"fa": what.source.strip()[:300], "en": what.source.strip()[:300]},
        ))  # fmt: skip
    SectorRule.objects.bulk_create(
        found, batch_size=500, update_conflicts=True,
        unique_fields=["carrier", "area", "sector", "since"],
        update_fields=["harm", "shift_harm", "shed_cap", "day_cap", "is_never_cut", "source",
                       "is_sample"],
    )  # fmt: skip
    record(by, "rules_decreed", stream_of(area), f"area:{area}", carrier=what.carrier,
           since=str(what.since), sectors=sorted(one.sector for one in found))  # fmt: skip
    return len(found)
