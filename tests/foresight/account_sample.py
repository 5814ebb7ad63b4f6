"""Which small cases are counted by hand in the tests of accounts? Rows, and the events of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

from payvand.audit.models import Chain, Event
from payvand.kernel.ids import tracking_code, uuid7
from payvand.ledger.models import Interruption, Obligation
from payvand.window.models import Application
from tests import world as worlds

START = datetime(2025, 11, 8, 20, 30, tzinfo=UTC)  # midnight of Sunday 18 Aban 1404 in Tehran
NOW = START + timedelta(days=60)


def at(days: float) -> datetime:
    """Return the moment so many days after START, a local midnight."""
    return START + timedelta(days=days)


def apply(world, *, days=0.0, decided=None, state="", place="IR-15-1503", **data) -> Application:
    """Write an application that was submitted on a day, and decided on another."""
    return Application.objects.create(
        id=uuid7(), code=tracking_code(), version_id=world.version, service_id="grid",
        applicant_id=world.company, place_id=place, submitted_by="user:1", plan={},
        data={"name": "راز متقاضی", "secret": "پنهان", **data},
        state=state or ("in_review" if decided is None else "granted"), submitted_at=at(days),
        decided_at=None if decided is None else at(decided),
        outcome="" if decided is None else "positive",
    )  # fmt: skip


def ask(world, case: Application, agency="a0", *, sent=0.0, answered=None, due=None, kind="inquiry",
        question="q00", **more) -> Obligation:  # fmt: skip
    """Write one question of a case, with the event of asking."""
    state = more.pop("state", "sent" if answered is None else "answered")
    owed = Obligation.objects.create(
        id=uuid7(), kind=kind, case_id=case.pk, case_code=case.code, service=case.service_id,
        question=question, title={"fa": "استعلام نمونه", "en": "Sample inquiry"},
        asker_id=world.agencies["owner"], debtor_id=world.agencies[agency],
        place_id=case.place_id, term="5wd", state=state, sent_at=at(sent),
        answered_at=None if answered is None or state == "cancelled" else at(answered),
        due_at=None if due is None else at(due), outcome="positive" if answered else "", **more,
    )  # fmt: skip
    happen(owed, "ledger.asked", sent)
    return owed


def stop(owed: Obligation, starts: float, ends: float | None, kind="completion") -> None:
    """Let the clock of a question stand still."""
    Interruption.objects.create(obligation=owed, kind=kind, starts=at(starts),
                                ends=None if ends is None else at(ends))  # fmt: skip
    Obligation.objects.filter(pk=owed.pk).update(has_stops=True)


def happen(owed: Obligation, verb: str, days: float, **facts) -> None:
    """Write an event of an obligation as the log has it; the chain is not under test here."""
    stream: UUID = owed.case_id
    number = Event.objects.filter(stream=stream).count() + 1
    Event.objects.create(
        stream=stream, seq=number, at=at(days), actor="user:77", verb=verb,
        subject=f"obligation:{owed.id}", facts=json.dumps(facts), hash=f"{number:064d}",
    )  # fmt: skip
    Chain.objects.update_or_create(
        stream=stream, defaults={"seq": number, "head": f"{number:064d}"}
    )


def made(world_pack=None):
    """Return the small country."""
    return worlds.build(world_pack)
