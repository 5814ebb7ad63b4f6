"""Are events written in one go, in order, and only inside their action's transaction?"""

from datetime import UTC, datetime
from threading import Thread
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from payvand.audit import public
from payvand.audit.models import Chain, Event
from payvand.audit.public import Entry

AT = datetime(2025, 11, 9, 8, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.django_db
def test_events_read_back_as_written_and_heads_follow():
    case, other = uuid4(), uuid4()
    with transaction.atomic():
        public.append([Entry(case, "a", "s:1", {"پاسخ": "بله"})], by="user:1", at=AT)
        public.append([Entry(other, "b", "s:2"), Entry(case, "c", "s:3")], by="user:2", at=AT)
    told = public.history(case)
    assert [(e.seq, e.verb, e.actor) for e in told] == [(1, "a", "user:1"), (2, "c", "user:2")]
    assert told[0].facts == {"پاسخ": "بله"}
    assert told[0].at == AT
    assert Chain.objects.get(pk=case).head == told[1].hash
    assert Chain.objects.get(pk=other).seq == 1


@pytest.mark.django_db
def test_a_thousand_events_cost_the_statements_of_one():
    """SQLite's executemany counts as one; known heads spare the read."""

    def statements(number: int, *, known: bool) -> int:
        entries = [Entry(uuid4(), "a", "s") for _ in range(number)]
        with (
            transaction.atomic(),
            CaptureQueriesContext(
                connection,
            ) as seen,
        ):
            public.append(entries, by="u", at=AT, heads={} if known else None)
        return len([q for q in seen if "audit_" in q["sql"]])

    assert statements(400, known=False) == statements(2, known=False)
    assert statements(1000, known=True) == statements(1, known=True) == 2
    assert Event.objects.count() == 1403


@pytest.mark.django_db
def test_heads_that_were_read_before_continue_the_chain():
    case = uuid4()
    with transaction.atomic():
        public.append([Entry(case, "a", "s")], by="u", at=AT)
    with transaction.atomic():
        heads = public.lock([case])
        public.append([Entry(case, "b", "s")], by="u", at=AT, heads=heads)
    assert [e.seq for e in public.history(case)] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written():
    with pytest.raises(transaction.TransactionManagementError):
        public.append([Entry(uuid4(), "a", "s")], by="u", at=AT)
    assert not Event.objects.exists()


class UndoneError(Exception):
    """The action fails after it wrote its event."""


@pytest.mark.django_db(transaction=True)
def test_an_undone_action_leaves_no_event():
    case = uuid4()

    @transaction.atomic
    def act() -> None:
        public.append([Entry(case, "a", "s")], by="u", at=AT)
        raise UndoneError

    with pytest.raises(UndoneError):
        act()
    assert public.history(case) == []
    assert not Chain.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time anyway")
def test_writers_at_the_same_time_never_break_a_chain():
    """Four writers, two streams that none of them has made before, in opposite orders."""
    streams, failures = [uuid4(), uuid4()], []

    def write(number: int) -> None:
        try:
            for _ in range(15):
                order = streams if number % 2 else streams[::-1]
                with transaction.atomic():
                    entries = [Entry(stream, "a", f"s:{number}") for stream in order]
                    public.append(entries, by=f"user:{number}", at=AT)
        except Exception as error:  # noqa: BLE001 - told below, in the test's own thread
            failures.append(error)
        finally:
            connection.close()

    writers = [Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    assert [len(public.history(stream)) for stream in streams] == [60, 60]
    assert public.verify().ok
