"""Does everything that must leave the house arrive once, whatever breaks in between?"""

import json
import os
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection

from payvand.audit import public as audit
from payvand.kernel import clock
from payvand.kernel.errors import Refused
from payvand.kernel.ids import uuid7
from payvand.ledger import actions, deliveries, links, notices, sql
from payvand.ledger.models import AnswerLink, Notice, Obligation, Outbox
from payvand.ledger.rules.retries import LONGEST, Failures, next_try
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.window import actions as window
from tests import world as worlds
from tests.fakes.agency import FakeAgency

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def agency():
    with FakeAgency() as found:
        yield found


@pytest.fixture
def world(db):
    with clock.frozen(worlds.MONDAY):
        yield worlds.build()
    registry.forget()


def connect(world, slug, level, address, secret=""):
    r.Connection.objects.create(agency_id=world.agencies[slug], level=level, address=address,
                                secret_name=secret, valid_from=worlds.LONG_AGO)  # fmt: skip
    registry.forget()


def put_inquiry(world, slug="a0", n=1, **spec):
    """Ask an agency n things, each in a case of its own."""
    asks = [
        actions.Ask("inquiry", uuid7(), "q", {"fa": "پرسش", "en": "Question"},
                    world.agencies["owner"], world.agencies[slug], term="5wd",
                    case_code="123456789012", payload={"name": "نمونه"}, spec=spec)
        for _ in range(n)
    ]  # fmt: skip
    return actions.ask(asks, by=registry.system("tests"))


def deliver(after=timedelta()):
    with clock.frozen(worlds.MONDAY + after):
        return deliveries.deliver_once()


def events(case_id):
    return [(e.verb, e.facts) for e in audit.history(case_id)]


# --- proof -----------------------------------------------------------------------------------


def test_a_receipt_of_the_agencys_system_proves_delivery_and_starts_the_term(world, agency):
    connect(world, "a0", "rest", agency.url)
    (key,) = put_inquiry(world)
    assert deliver(timedelta(hours=3)) == 1
    owed = Obligation.objects.get(pk=key)
    assert owed.proof.startswith("receipt:R-")
    assert owed.delivered_at == worlds.MONDAY + timedelta(hours=3)
    assert Outbox.objects.get().state == "sent"
    assert "ledger.delivered" in dict(events(owed.case_id))
    body = agency.received[f"{key}/1"]
    title = {"fa": "name", "en": "name"}
    assert body["fields"] == [{"id": "name", "title": title, "value": "نمونه"}]
    assert body["asked"] == {"fa": "پرسش", "en": "Question"}
    assert body["callback"].startswith("http")


def test_an_answer_that_comes_at_once_is_recorded(world, agency):
    connect(world, "a0", "rest", agency.url)
    agency.reply = {"outcome": "positive", "fields": {"number": "9"}}
    (key,) = put_inquiry(world)
    deliver()
    assert Obligation.objects.get(pk=key).outcome == "positive"


@pytest.mark.parametrize("reply", [
    pytest.param({"outcome": "negative"}, id="refusal-without-reasons"),
    pytest.param({"outcome": "positive", "conditions": 5}, id="not-even-a-list"),
    pytest.param({"text": "no outcome"}, id="no-outcome"),
])  # fmt: skip
def test_an_answer_at_once_that_cannot_stand_leaves_the_inquiry_open_and_delivered(
    world, agency, reply
):
    connect(world, "a0", "rest", agency.url)
    agency.reply = reply
    (key,) = put_inquiry(world)
    deliver()
    owed = Obligation.objects.get(pk=key)
    assert (owed.state, bool(owed.delivered_at)) == ("sent", True)
    assert "not accepted" in Outbox.objects.get().last_error


def test_a_letter_is_delivered_when_the_secretariat_number_comes_back(world, tmp_path):
    connect(world, "a0", "letter", str(tmp_path))
    (key,) = put_inquiry(world)
    deliver()
    owed = Obligation.objects.get(pk=key)
    assert Outbox.objects.get().state == "sent"
    assert owed.delivered_at is None
    link = json.loads(next(tmp_path.glob("*.json")).read_text(encoding="utf-8"))["letter"]["link"]
    assert links.actor_for_token(link.rstrip("/").rsplit("/", 1)[1]).obligation == key
    with clock.frozen(worlds.MONDAY + timedelta(days=2)):
        deliveries.record_receipt(by=world.clerk("owner"), obligation_id=key, letter_no="12/7")
    owed.refresh_from_db()
    assert (owed.proof, owed.delivered_at) == ("letter:12/7", worlds.MONDAY + timedelta(days=2))


def test_a_stranger_records_no_receipt(world, tmp_path):
    connect(world, "a0", "letter", str(tmp_path))
    (key,) = put_inquiry(world)
    with pytest.raises(Refused):
        deliveries.record_receipt(by=world.clerk("a1"), obligation_id=key, letter_no="1")


# --- failures --------------------------------------------------------------------------------


def test_an_agency_that_is_down_for_300_seconds_loses_nothing_and_the_outage_is_on_record(
    world, agency
):
    connect(world, "a0", "rest", agency.url)
    keys = put_inquiry(world, n=20)
    agency.down()
    for second in range(0, 300, 5):
        deliver(timedelta(seconds=second))
    assert Outbox.objects.filter(state="waiting").count() == 20
    agency.up()
    for second in range(300, 900, 5):
        deliver(timedelta(seconds=second))
    assert Outbox.objects.filter(state="sent").count() == 20
    assert sorted(agency.received) == sorted(f"{key}/1" for key in keys)
    facts = dict(events(Obligation.objects.get(pk=keys[0]).case_id))["ledger.outage"]
    assert facts["begin"] == worlds.MONDAY.isoformat()
    assert worlds.MONDAY + timedelta(seconds=300) <= _time(facts["end"])


def _time(text):
    from datetime import datetime

    return datetime.fromisoformat(text)


def test_while_an_address_is_down_one_inquiry_a_round_knocks_and_the_others_wait(world, agency):
    connect(world, "a0", "rest", agency.url)
    put_inquiry(world, n=8)
    agency.failures = [500] * 8
    deliver()
    assert len(agency.requests) == 1
    assert sorted(Outbox.objects.values_list("attempts", flat=True)) == [0] * 7 + [1]


def test_one_agency_that_is_down_keeps_no_other_waiting(world, agency):
    connect(world, "a0", "rest", "http://127.0.0.1:9")
    connect(world, "a1", "rest", agency.url)
    put_inquiry(world, "a0", n=3)
    put_inquiry(world, "a1", n=3)
    deliver()
    assert len(agency.received) == 3


def test_failures_are_tried_again_later_and_later_but_never_later_than_an_hour():
    waits = [next_try(Failures(n, worlds.MONDAY), worlds.MONDAY) - worlds.MONDAY
             for n in range(1, 12)]  # fmt: skip
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert waits[-1] == LONGEST


@pytest.mark.parametrize(("count", "hours", "gives_up"), [
    pytest.param(12, 47, False, id="two-days-are-not-over"),
    pytest.param(11, 49, False, id="not-tried-often-enough"),
    pytest.param(12, 48, True, id="both"),
])  # fmt: skip
def test_a_person_is_asked_after_two_days_and_twelve_tries(count, hours, gives_up):
    later = worlds.MONDAY + timedelta(hours=hours)
    assert (next_try(Failures(count, worlds.MONDAY), later) is None) is gives_up


def test_what_stays_undeliverable_ends_at_the_dead_letter_desk_with_its_history(world, agency):
    connect(world, "a0", "rest", agency.url)
    (key,) = put_inquiry(world)
    agency.down()
    for hour in range(60):
        deliver(timedelta(hours=hour * 1.01))
    row = Outbox.objects.get()
    assert (row.state, row.attempts >= 12) == ("dead", True)
    assert "ledger.undelivered" in dict(events(Obligation.objects.get(pk=key).case_id))
    assert Obligation.objects.get(pk=key).state == "sent"


def test_a_refusal_by_the_other_side_is_not_repeated(world, agency):
    connect(world, "a0", "rest", agency.url)
    put_inquiry(world)
    agency.failures = [422]
    deliver()
    deliver(timedelta(hours=1))
    assert (Outbox.objects.get().state, len(agency.requests)) == ("dead", 1)


def test_a_dead_letter_is_retried_with_its_old_key(world, agency):
    connect(world, "a0", "rest", agency.url)
    (key,) = put_inquiry(world)
    agency.failures = [400]
    deliver()
    admin = registry.Actor(user_id=1, is_operator=True)
    with clock.frozen(worlds.MONDAY + timedelta(hours=1)):
        assert deliveries.retry(by=admin, row_ids=[Outbox.objects.get().pk]) == 1
        with pytest.raises(Refused):
            deliveries.retry(by=world.clerk("a0"), row_ids=[1])
    deliver(timedelta(hours=2))
    assert list(agency.received) == [f"{key}/1"]


def test_the_same_delivery_recorded_twice_counts_once(world, agency):
    connect(world, "a0", "rest", agency.url)
    put_inquiry(world)
    row = deliveries.lease(worlds.MONDAY, 1)[0]
    receipt = deliveries.adapter_for("rest").send(deliveries.message_of(row))
    assert deliveries.mark_sent(row, receipt, worlds.MONDAY) is True
    assert deliveries.mark_sent(row, receipt, worlds.MONDAY) is False


def test_a_leased_row_is_not_taken_by_another_worker_until_the_lease_runs_out(world, agency):
    connect(world, "a0", "rest", agency.url)
    put_inquiry(world, n=3)
    assert len(deliveries.lease(worlds.MONDAY, 10)) == 3
    assert deliveries.lease(worlds.MONDAY, 10) == []
    assert len(deliveries.lease(worlds.MONDAY + deliveries.LEASE, 10)) == 3


# --- notices ---------------------------------------------------------------------------------


def step(**notice):
    work = sql.Work(at=clock.now(), by="system:tests")
    work.add("Notice", verb="delay.reported", at=work.at,
             args={"code": "123456789012", "title": {"fa": "پرسش", "en": "Question"},
                   "due": "2025-11-09T10:30:00+00:00"}, **notice)  # fmt: skip
    return work


def test_a_notice_goes_out_by_mail_and_text_in_the_receivers_language(world, settings):
    settings.PAYVAND_SMS_URL = "http://127.0.0.1:1/"
    user = r.User.objects.create(username="en", email="head@agency.example", language="en")
    r.Holding.objects.filter(office_id=world.offices["head-a0"]).update(user=user)
    r.Party.objects.filter(pk=world.company).update(email="co@firm.example",
                                                    mobile="+989121234567")  # fmt: skip
    registry.forget()
    for target in ({"office_id": world.offices["head-a0"]}, {"party_id": world.company}):
        work = step(**target)
        deliveries.fan_out(work)
        sql.flush(work)
    assert Notice.objects.count() == 2
    rows = {row.address: row for row in Outbox.objects.all()}
    assert set(rows) == {"head@agency.example", "co@firm.example", "+989121234567"}
    assert "Question" in rows["head@agency.example"].body["text"]
    assert "پرسش" in rows["co@firm.example"].body["text"]
    assert rows["+989121234567"].channel == "sms"
    Outbox.objects.filter(channel="sms").delete()
    deliver()
    assert {m.to[0] for m in mail.outbox} == {"head@agency.example", "co@firm.example"}


def test_a_channel_that_is_not_set_up_is_never_tried_and_leaves_no_dead_letter(world):
    r.Party.objects.filter(pk=world.company).update(email="co@firm.example",
                                                    mobile="+989121234567")  # fmt: skip
    work = step(party_id=world.company)
    assert deliveries.fan_out(work) == 1
    sql.flush(work)
    deliver()
    assert list(Outbox.objects.values_list("channel", "state")) == [("email", "sent")]
    assert Notice.objects.count() == 1  # in the product it stands in any case


def test_the_cost_of_telling_does_not_grow_with_the_number_told(
    world, django_assert_max_num_queries
):
    r.Party.objects.filter(pk=world.company).update(email="co@firm.example")
    work = step(party_id=world.company)
    for _ in range(300):
        work.add("Notice", verb="delay.near", at=work.at, args={}, party_id=world.company)
    with django_assert_max_num_queries(3):
        assert deliveries.fan_out(work) == 301


def test_every_notice_of_the_ledger_can_be_said_without_any_argument():
    for verb in (*notices.TEXTS, "unheard.of"):
        for language in ("fa", "en"):
            subject, text = notices.letter(verb, {}, language)
            assert subject
            assert text
            assert "{" not in subject + text


# --- SIGKILL ---------------------------------------------------------------------------------

KILL = """
import os, signal, sys
from datetime import datetime
import django
django.setup()
from payvand.kernel import clock
from payvand.ledger import deliveries
clock.set_source(lambda: datetime.fromisoformat(sys.argv[2]))
def die(*a, **k):
    os.kill(os.getpid(), signal.SIGKILL)
step = sys.argv[1]
if step == "after-lease":
    deliveries.message_of = die
elif step == "before-send":
    deliveries.adapter_for = die
elif step == "after-send":
    deliveries.mark_sent = die
elif step == "inside-the-mark":
    deliveries.sql.flush = die
elif step == "after-the-mark":
    real = deliveries.mark_sent
    deliveries.mark_sent = lambda *a: (real(*a), die())
deliveries.deliver_once()
print("finished")
"""


class Elsewhere:
    """The database of this test as another process can reach it, and the way back."""

    def __init__(self, folder):
        self.file = folder / "copy.sqlite3"

    def url(self):
        """Return the address for PAYVAND_DATABASE_URL."""
        settings = connection.settings_dict
        if connection.vendor == "postgresql":
            host = settings["HOST"]
            user = settings["USER"] + (f":{settings['PASSWORD']}" if settings["PASSWORD"] else "")
            return f"postgresql://{user}@/{settings['NAME']}?host={host}"
        connection.ensure_connection()
        with sqlite3.connect(self.file) as copy:
            connection.connection.backup(copy)
        copy.close()
        return f"sqlite:///{self.file}"

    def back(self):
        """Bring what the other process wrote into the test's own connection."""
        if connection.vendor != "postgresql":
            copy = sqlite3.connect(self.file)
            copy.backup(connection.connection)
            copy.close()


def worker(url, step, at, more):
    env = {**os.environ, "PAYVAND_DATABASE_URL": url, "PYTHONPATH": str(ROOT / "src"),
           "DJANGO_SETTINGS_MODULE": "payvand.conf.settings.test", **more}  # fmt: skip
    return subprocess.run([sys.executable, "-c", KILL, step, at.isoformat()], env=env,
                          capture_output=True, text=True, timeout=60, check=False)  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "step", ["after-lease", "before-send", "after-send", "inside-the-mark", "after-the-mark"]
)
def test_a_worker_killed_at_any_step_loses_nothing_and_doubles_nothing(step, agency, tmp_path):
    with clock.frozen(worlds.MONDAY):
        world = worlds.build()
        connect(world, "a0", "rest", agency.url)
        keys = put_inquiry(world, n=3)
        Outbox.objects.create(key="notice/1", kind="notice", channel="sms", address="+989121234567",
                              body={"text": "خبر"}, next_try_at=worlds.MONDAY)  # fmt: skip
    elsewhere = Elsewhere(tmp_path)
    url = elsewhere.url()
    env = {"PAYVAND_SMS_URL": agency.url}
    killed = worker(url, step, worlds.MONDAY, env)
    assert killed.returncode == -9, killed.stderr
    later = worlds.MONDAY + deliveries.LEASE + timedelta(minutes=1)
    calm = worker(url, "none", later, env)
    assert "finished" in calm.stdout, calm.stderr
    elsewhere.back()
    assert sorted(agency.received) == sorted(["notice/1", *(f"{key}/1" for key in keys)])
    assert list(Outbox.objects.values_list("state", flat=True)) == ["sent"] * 4
    for owed in Obligation.objects.all():
        assert owed.proof.startswith("receipt:")
        assert [v for v, _ in events(owed.case_id)].count("ledger.delivered") == 1
    assert AnswerLink.objects.count() == 3
    assert audit.verify().ok
    registry.forget()


def test_a_letter_holds_question_term_and_titles_in_words(world, tmp_path):
    connect(world, "a0", "letter", str(tmp_path))
    window.file(by=world.applicant, version=world.version, applicant=world.company,
                place="IR-15-1503", data=worlds.DATA)  # fmt: skip
    assert deliver() == 1  # the others lie in inboxes
    page = next(tmp_path.glob("*.html")).read_text(encoding="utf-8")
    assert "۵ روز کاری" in page
    assert '<th scope="row">نام</th><td>کارخانهٔ نمونه</td>' in page
    assert '<th scope="row">مقدار</th><td>۱۲</td>' in page
    letter = json.loads(next(tmp_path.glob("*.json")).read_text(encoding="utf-8"))["letter"]
    amount = next(one for one in letter["fields"] if one["id"] == "amount")
    assert (amount["value"], amount["shown"]) == (12, {"fa": "۱۲", "en": "12"})
