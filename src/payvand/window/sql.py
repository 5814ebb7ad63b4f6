"""Which readings and writings of the window stand on the way of every answer and decision?

Constant text without the ORM, which took half of the time of a case (ADR 0010); both databases.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from payvand.ledger import public as ledger

READ = ("id", "code", "version_id", "service_id", "applicant_id", "place_id", "data", "plan",
        "state")  # fmt: skip
_CASES = f"SELECT {', '.join(f'a.{c}' for c in READ)}, {{}} FROM window_application a WHERE"
READING = "window.cases"  # under this name a step knows the rows of `reading_of_cases`
_STATE = "UPDATE window_application SET state = %s WHERE id = %s"
_DECIDED = "UPDATE window_application SET state = %s, outcome = %s, decided_at = %s WHERE id = %s"
_COUNTED = (
    "UPDATE window_service SET licences_issued = licences_issued + 1 WHERE slug = %s "
    "RETURNING licences_issued"
)
_TO_DECIDE = (
    f"SELECT {', '.join(f'a.{c}' for c in READ)}, s.owner_id FROM window_application a "
    "JOIN window_service s ON s.slug = a.service_id WHERE a.id = %s"
)


Case = tuple[dict[str, Any], list[list[Any]]]


def cases(ids: list[UUID]) -> list[Case]:
    """Return each application, and [question, outcome, returned fields] of all it was asked."""
    return cases_in(ledger.run_among(_CASES.format(ledger.standing_of("a.id")), "a.id", ids))


def cases_in(rows: Sequence[tuple[Any, ...]]) -> list[Case]:
    """Return the same from rows that were read already, by `reading_of_cases`."""
    return [(_row(values), ledger.loads(values[-1]) or []) for values in rows]


def reading_of_cases(ids: Sequence[UUID]) -> tuple[str, str, list[Any]]:
    """Return how the applications of these obligations are read: (name, text, values)."""
    where, values = ledger.among("o.id", list(ids))
    some = "=" if len(ids) == 1 else "IN"
    text = _CASES.format(ledger.standing_of("a.id"))
    asked = f"SELECT o.case_id FROM ledger_obligation o WHERE {where}"
    return READING, f"{text} a.id {some} ({asked})", values


def _row(values: tuple[Any, ...]) -> dict[str, Any]:
    row = dict(zip(READ, values, strict=False))
    for name in ("id", "applicant_id"):  # SQLite keeps ids as text
        row[name] = row[name] if isinstance(row[name], UUID) else UUID(hex=row[name])
    row["data"], row["plan"] = ledger.loads(row["data"]), ledger.loads(row["plan"])
    return row


def to_decide(one: UUID) -> tuple[dict[str, Any], UUID, list[tuple[Any, ...]]] | None:
    """Return an application, the owner of its service, and the rows for `ledger.facts_in`."""
    found, rows = ledger.run_all([(_TO_DECIDE, [one]), ledger.reading_of_facts(one)])
    if not found:
        return None
    owner = found[0][-1]
    return _row(found[0]), owner if isinstance(owner, UUID) else UUID(hex=owner), rows


def set_state(one: UUID, state: str) -> ledger.Order:
    """Return how the state of an application is set, for the step that causes it."""
    return _STATE, [state, one]


def set_decided(one: UUID, state: str, outcome: str, at: Any) -> ledger.Order:
    """Return how it is set what the decision made of an application."""
    return _DECIDED, [state, outcome, at, one]


def to_issue(service: str, case: UUID) -> tuple[int, list[tuple[Any, ...]]]:
    """Count one more licence of a service; its number, and the rows for `ledger.liabilities_in`."""
    counted, deemed = ledger.run_all([(_COUNTED, [service]), ledger.reading_of_liabilities(case)])
    return int(counted[0][0]), deemed
