"""What does a sample office write, and what does a sample applicant?

Pure. Values are plausible for their type and say nothing about anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from payvand.demo import data

# Yes or no questions whose usual answer is no.
USUALLY_NO = frozenset("national_land barren state_land endowed farmland equivalent_exists".split())
DEBTS = frozenset(("debt", "sum_due"))
# By list: what is answered when all is well, and when it is not.
CHOICES = {
    "standing": ("clear", "debt"),
    "conformity": ("conform", "not_conform"),
    "quarantine": ("free", "return"),
    "channel": ("green", "red"),
}
OUTCOMES = ((0.845, "positive"), (0.925, "conditional"), (0.98, "negative"), (1.0, "not_ours"))
DECISIONS = ((0.86, "positive"), (0.95, "conditional"), (1.0, "negative"))


def outcome(fate: float, table: Sequence[tuple[float, str]] = OUTCOMES) -> str:
    """Return the outcome at a place between 0 and 1.

    >>> outcome(0.1), outcome(0.97)
    ('positive', 'negative')
    """
    return next(name for limit, name in table if fate <= limit)


def values(spec: Mapping[str, Any], rng: Random, on: date, *, is_well: bool) -> dict[str, Any]:
    """Return the fields that a question declares, filled; sample offices send no files."""
    return {
        field["id"]: _value(field, spec, rng, on, is_well)  # required or not: offices are thorough
        for field in spec.get("returns", ())
        if field["type"] != "file"
    }


def _value(  # noqa: PLR0917 - one row of a table
    field: Mapping[str, Any], spec: Mapping[str, Any], rng: Random, on: date, is_well: bool
) -> Any:
    name, kind = str(field["id"]), field["type"]
    if kind == "boolean":
        return is_well != (name in USUALLY_NO)
    if kind in ("decimal", "integer"):
        return rng.choice((120, 250, 480, 900, 2400))
    if kind == "money":
        owes = name not in DEBTS or rng.random() < 0.4
        return rng.randrange(5, 900) * 1_000_000 if owes else 0
    if kind == "percent":
        return rng.choice((0, 2, 4, 5, 10, 20))
    if kind == "date":
        return (on + timedelta(days=rng.randrange(30, 400))).isoformat()
    if kind == "choice":
        return _choice(str(field.get("codelist", "")), spec, rng, is_well=is_well)
    if kind == "longtext":
        return "در این پاسخ نمونه، نکتهٔ دیگری نیست."
    if name in ("address", "location"):
        return "نشانی نمونه، خیابان نمونه، پلاک ۱۲"
    if name == "full_name":
        return "متقاضی نمونه"
    return str(rng.randrange(10_000_000, 99_999_999))


def _choice(codelist: str, spec: Mapping[str, Any], rng: Random, *, is_well: bool) -> Any:
    if codelist in CHOICES:
        return CHOICES[codelist][0 if is_well else 1]
    codes = [one["code"] for one in spec.get("codelists", {}).get(codelist, ())]
    return rng.choice(codes) if codes else ""


def reply(wanted: str, spec: Mapping[str, Any], rng: Random, on: date) -> dict[str, Any]:
    """Return the parts of a complete reply with this outcome, as the ledger's Reply takes them."""
    told: dict[str, Any] = {"outcome": wanted, "letter_no": f"ن/{rng.randrange(1000, 99999)}"}
    if wanted == "not_ours":
        told["text"] = "این پرسش در صلاحیت دستگاه دیگری است."
        return told
    told["fields"] = values(spec, rng, on, is_well=wanted != "negative")
    if wanted == "conditional":
        told["conditions"] = (rng.choice(data.CONDITIONS),)
    if wanted == "negative":
        told["text"] = rng.choice(data.REASONS)
        numbers = [str(one["number"]) for one in spec.get("conditions", ())]
        if numbers:
            told["refused"] = rng.choice(numbers)
    return told
