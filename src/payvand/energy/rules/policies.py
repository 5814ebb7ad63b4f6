"""How much of a sector may be cut at all, who is never cut, and on whose word?

Pure. These are data with a source, dated and by province: an authority decrees them
(actions/policies.py), and what nobody has decreed comes from policies.yaml, which is a sample. Of a
sector that no rule names nothing is cut: unknown is not ordinary.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

ANY = "*"  # the rule of sectors that have none of their own
COLUMNS = ("harm", "shift_harm", "shed_cap", "day_cap", "never_cut")


@dataclass(frozen=True, slots=True)
class Policy:
    """Of one sector: harm of a MWh cut and moved, and how much of a period and of all may be cut.

    shed_cap, day_cap: shares. source: where it stands, by language; is_sample: no authority said
    so.
    """

    harm: float
    shed_cap: float = 0.0
    day_cap: float = 0.0
    shift_harm: float = 0.2
    is_never_cut: bool = False
    source: Mapping[str, str] = field(default_factory=dict)
    is_sample: bool = True

    def as_json(self) -> dict[str, Any]:
        """Return it as a plan keeps it."""
        return {
            "harm": self.harm, "shed_cap": self.shed_cap, "day_cap": self.day_cap,
            "never_cut": self.is_never_cut, "source": dict(self.source), "sample": self.is_sample,
        }  # fmt: skip


UNKNOWN = Policy(10.0, is_never_cut=True)


class RuleUnreadable(ValueError):
    """A row of rules says nothing that can be used; the text says what."""


def of(rules: Mapping[str, Policy], sector: str) -> Policy:
    """Return the rule of a sector.

    >>> of({"*": Policy(2.0, 0.1, 0.05)}, "harbours").shed_cap, of({}, "harbours").is_never_cut
    (0.1, True)
    """
    return rules.get(sector) or rules.get(ANY) or UNKNOWN


def read(row: Mapping[str, Any]) -> Policy:
    """Return the rule in a row: harm, shift_harm, shed_cap and day_cap in percent, never_cut.

    Raises RuleUnreadable.

    >>> read({"harm": "2", "shed_cap": "20", "day_cap": 5}).shed_cap
    0.2
    """
    told = {name: value for name, value in row.items() if value not in (None, "")}
    if told.get("never_cut") in (True, "yes", "1", "true"):
        return Policy(_number(told, "harm", 10.0), is_never_cut=True)
    caps = [_number(told, name, 0.0) / 100 for name in ("shed_cap", "day_cap")]
    if not all(0 <= cap <= 1 for cap in caps):
        raise RuleUnreadable("shed_cap and day_cap are percentages from 0 to 100")
    made = Policy(_number(told, "harm", 0.0), caps[0], caps[1], _number(told, "shift_harm", 0.2))
    if made.harm <= 0 or made.shift_harm <= 0:
        raise RuleUnreadable("harm and shift_harm lie above 0")
    return made


def _number(told: Mapping[str, Any], name: str, usual: float) -> float:
    try:
        return float(told.get(name, usual))
    except (TypeError, ValueError) as error:
        raise RuleUnreadable(f"{name} is not a number") from error


def table(told: Mapping[str, Any]) -> dict[str, Policy]:
    """Return the rules by sector of one carrier as policies.yaml holds them."""
    return {
        sector: replace(read(row), source=row.get("source", told["source"]), is_sample=True)
        for sector, row in told["sectors"].items()
    }
