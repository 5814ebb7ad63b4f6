"""A step travels in few messages, and is as safe as one that waits for each answer."""

import threading

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from payvand.ledger import sql

pytestmark = pytest.mark.django_db(transaction=True)
INSERT = "INSERT INTO audit_chain (stream, seq, head) VALUES (%s, %s, %s)"
COUNT = "SELECT count(*) FROM audit_chain WHERE head = %s"
ONE, TWO = "00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"


@pytest.fixture(autouse=True)
def _only_postgres():
    if connection.vendor != "postgresql":
        pytest.skip("the wire is PostgreSQL's")


def kept() -> int:
    return sql.run(COUNT, ["wire"])[0][0]


def test_statements_that_travel_together_each_give_their_rows():
    with transaction.atomic():
        first, written, then = sql.run_all(
            [(COUNT, ["wire"]), (INSERT, [ONE, 1, "wire"]), (COUNT, ["wire"])]
        )
    assert (first, written, then) == ([(0,)], [], [(1,)])


def test_the_end_travels_with_the_last_writing_and_holds():
    with transaction.atomic():
        sql.run_all([(INSERT, [ONE, 1, "wire"])], last=True)
        assert connection.connection.pgconn.transaction_status == 0  # idle: it has ended
    connection.close()
    assert kept() == 1


def test_inside_a_larger_transaction_the_end_is_left_to_it():
    with transaction.atomic():
        with transaction.atomic():
            sql.run_all([(INSERT, [ONE, 1, "wire"])], last=True)
        transaction.set_rollback(True)
    assert kept() == 0


def test_a_statement_that_fails_takes_the_whole_step_back_and_the_connection_goes_on():
    with pytest.raises(IntegrityError), transaction.atomic():
        sql.run_all([(INSERT, [ONE, 1, "wire"]), (INSERT, [ONE, 1, "wire"])], last=True)
    assert kept() == 0
    with transaction.atomic():
        sql.run_all([(INSERT, [TWO, 1, "wire"])], last=True)
    assert kept() == 1


def test_text_with_the_character_nul_is_refused_and_not_cut_off():
    with pytest.raises(DataError):
        sql.run(COUNT, ["wire\0more"])


def test_more_than_fits_into_a_socket_at_once_is_still_sent():
    long = "x" * 60_000
    orders = [("SELECT length(%s::text)", [long]), ("SELECT %s::text", [long])] * 60
    assert sql.run_all(orders) == [[(60_000,)], [(long,)]] * 60


def test_waiting_for_a_lock_does_not_hold_up_the_thread_that_has_it():
    sql.run(INSERT, [ONE, 1, "wire"])
    lock = "SELECT seq FROM audit_chain WHERE stream = %s FOR UPDATE"
    seen = []

    def wait() -> None:
        try:
            with transaction.atomic():
                seen.append(sql.run_all([(lock, [ONE])])[0][0][0])
        finally:
            connection.close()

    with transaction.atomic():
        sql.run(lock, [ONE])
        other = threading.Thread(target=wait)
        other.start()
        other.join(0.3)  # it waits in the server by now; this thread must still be able to go on
        sql.run("UPDATE audit_chain SET seq = 2 WHERE stream = %s", [ONE])
    other.join(10)
    assert seen == [2]
