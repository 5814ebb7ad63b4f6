"""Which obligations are counted by hand in the tests? Rows with the events that made them."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from payvand.audit.models import Event
from payvand.kernel.ids import uuid7
from payvand.ledger.models import Obligation
from tests import world as worlds

MONDAY = worlds.MONDAY  # 19 Aban 1404
NOW = MONDAY + timedelta(days=40)


def owe(world, agency: str = "a0", *, sent=0.0, due=5.0, closed=None, state="sent", **more):
    """Write one obligation with times in days from MONDAY, and an event in its case's stream."""
    at = lambda days: None if days is None else MONDAY + timedelta(days=days)
    case: UUID = more.pop("case", None) or uuid7()
    owed = Obligation.objects.create(
        kind=more.pop("kind", "inquiry"), case_id=case, case_code="123456789",
        service=more.pop("service", "grid"), question=more.pop("question", f"q{uuid7()}"),
        title={"fa": "استعلام", "en": "Inquiry"}, asker_id=world.agencies["owner"],
        debtor_id=world.agencies[agency], place_id=more.pop("place", "IR-15-1503"),
        state=state, sent_at=at(sent), delivered_at=at(sent), due_at=at(due),
        answered_at=at(closed) if state != "cancelled" else None, **more,
    )  # fmt: skip
    happen(owed, "ledger.cancelled" if state == "cancelled" else "ledger.asked", at(closed))
    return owed


def happen(owed, verb="ledger.answered", at=None):
    """Write an event of an obligation as the log has it; the chain is not under test here."""
    number = Event.objects.filter(stream=owed.case_id).count() + 1
    Event.objects.create(
        stream=owed.case_id, seq=number, at=at or datetime.now(UTC), actor="system:tests",
        verb=verb, subject=f"obligation:{owed.id}", facts="{}", hash=f"{number:064d}",
    )  # fmt: skip


def day(days: float) -> date:
    """Return the legal day that lies so many days after MONDAY."""
    from payvand.kernel.clock import local_date

    return local_date(MONDAY + timedelta(days=days))
