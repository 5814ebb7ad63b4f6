"""Which rules say how much of a sector may be cut in a province on a day, and who said so?"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import yaml

from payvand.energy.models import SectorRule
from payvand.energy.rules import policies
from payvand.energy.rules.policies import Policy
from payvand.registry import public as registry

SAMPLE = Path(__file__).resolve().parents[1] / "policies.yaml"


@cache
def samples() -> dict[str, dict[str, Policy]]:
    """Return the rules of policies.yaml: carrier → sector → rule."""
    told = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))
    return {carrier: policies.table(rows) for carrier, rows in told.items()}


def rules_of(area: str, carrier: str, on: date) -> dict[str, Policy]:
    """Return the rule of each sector that holds on a day, nearest place first. One query."""
    found = dict(samples().get(carrier, {}))
    path = registry.place_path(area)
    rows = SectorRule.objects.filter(carrier=carrier, area_id__in=path, since__lte=on)
    for row in sorted(rows, key=lambda one: (path.index(one.area_id), one.since)):
        found[row.sector] = Policy(
            row.harm, row.shed_cap / 100, row.day_cap / 100, row.shift_harm, row.is_never_cut,
            row.source, row.is_sample,
        )  # fmt: skip
    return found
