"""Do the inbox, the letter and REST keep one contract?

Try once, say what came of it, never raise for what the network does, and have one effect per key.
"""

import base64
import hashlib
import hmac
import json
from pathlib import Path

import pytest
from django.core import mail

from payvand.ledger.adapters import ADAPTERS, adapter_for
from payvand.ledger.adapters.letter import canonical, signature
from payvand.ledger.adapters.rest import Taken
from payvand.plugins.adapters import Adapter, Failed, Message, Receipt, Retry
from tests.fakes.agency import FakeAgency

BODY = {
    "case_code": "123456789012", "title": {"fa": "استعلام مالیات", "en": "Tax"},
    "debtor": {"fa": "دستگاه نمونه", "en": "Sample agency"},
    "asker": {"fa": "مالک", "en": "Owner"}, "link": "http://127.0.0.1/fa/answer/T/",
    "fields": [{"id": "name", "title": {"fa": "نام", "en": "Name"}, "value": "کارخانهٔ نمونه",
                "shown": {"fa": "کارخانهٔ نمونه", "en": "کارخانهٔ نمونه"}}],
}  # fmt: skip


class Place:
    """Where an adapter delivers to, and how many messages have arrived there."""

    def __init__(self, level, tmp_path, agency):
        self.level, self.folder, self.agency = level, tmp_path, agency
        self.address = {
            "rest": agency.url, "letter": str(tmp_path), "mail": "office@agency.example",
        }.get(level, "")  # fmt: skip

    def arrived(self):
        """Return how many different messages have arrived."""
        if self.level == "rest":
            return len(self.agency.received)
        if self.level == "letter":
            return len(list(Path(self.folder).glob("*.json")))
        if self.level == "mail":
            return len({m.extra_headers["Message-ID"] for m in mail.outbox})
        return None  # the inbox: nothing leaves the house

    def break_down(self):
        """Make the place unreachable."""
        if self.level == "rest":
            self.agency.down()
        elif self.level == "letter":
            (self.folder / "file").write_text("in the way", encoding="utf-8")
            self.address = str(self.folder / "file" / "below")


@pytest.fixture(params=["inbox", "letter", "mail", "rest"])
def place(request, tmp_path):
    with FakeAgency() as agency:
        yield Place(request.param, tmp_path, agency)


@pytest.fixture
def adapter(place):
    return ADAPTERS["letter" if place.level == "mail" else place.level]


def test_every_adapter_is_one_and_names_its_level(place, adapter):
    assert isinstance(adapter, Adapter)
    assert adapter is adapter_for(adapter.level)


def test_a_message_arrives_and_its_receipt_names_it(place, adapter):
    came = adapter.send(Message("k1/1", place.address, dict(BODY)))
    assert isinstance(came, Receipt)
    assert came.id
    assert place.arrived() in (1, None)


def test_the_same_key_twice_has_one_effect(place, adapter):
    for _ in range(2):
        assert isinstance(adapter.send(Message("k1/1", place.address, dict(BODY))), Receipt)
    assert place.arrived() in (1, None)


def test_other_keys_are_other_messages(place, adapter):
    for key in ("k1/1", "k1/2", "k2/1"):
        adapter.send(Message(key, place.address, dict(BODY)))
    assert place.arrived() in (3, None)


def test_a_place_that_is_away_means_another_try_and_no_exception(place, adapter, settings):
    if place.level == "inbox":
        pytest.skip("our own inbox cannot be away")
    if place.level == "mail":
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    place.break_down()
    assert isinstance(adapter.send(Message("k1/1", place.address, dict(BODY))), Retry)


def test_an_address_that_makes_no_sense_is_refused_for_good(place, adapter):
    if place.level in ("inbox", "mail"):
        pytest.skip("has no address of this kind")
    wrong = {"rest": "ftp://nowhere", "letter": "relative/folder"}[place.level]
    assert isinstance(adapter.send(Message("k1/1", wrong, dict(BODY))), Failed)


# --- REST ------------------------------------------------------------------------------------


@pytest.fixture
def agency():
    with FakeAgency() as found:
        yield found


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        pytest.param(500, Retry, id="500"), pytest.param(503, Retry, id="503"),
        pytest.param(429, Retry, id="429"), pytest.param(400, Failed, id="400"),
        pytest.param(401, Failed, id="401"), pytest.param(404, Failed, id="404"),
        pytest.param(302, Failed, id="redirects-are-not-followed"),
    ],
)  # fmt: skip
def test_only_429_and_5xx_are_worth_another_try(agency, status, kind):
    agency.failures = [status]
    assert isinstance(ADAPTERS["rest"].send(Message("k/1", agency.url, BODY)), kind)


def test_the_wait_that_the_other_side_asks_for_is_told(agency):
    agency.failures, agency.retry_after = [503], "120"
    assert ADAPTERS["rest"].send(Message("k/1", agency.url, BODY)).after == 120


def test_an_answer_at_once_comes_with_the_receipt(agency):
    agency.reply = {"outcome": "positive", "fields": {"number": "7"}}
    came = ADAPTERS["rest"].send(Message("k/1", agency.url, BODY))
    assert isinstance(came, Taken)
    assert came.reply == agency.reply


def test_a_conflict_means_that_it_is_there_already(agency):
    agency.failures = [409]
    assert isinstance(ADAPTERS["rest"].send(Message("k/1", agency.url, BODY)), Taken)


def test_a_delivery_is_signed_with_the_secret_that_the_connection_names(agency, settings):
    settings.AGENCY_SECRET = "hmac:topsecret"
    ADAPTERS["rest"].send(Message("k/1", agency.url, BODY, "AGENCY_SECRET"))
    key, headers, content = agency.requests[0]
    signed = b".".join((key.encode(), headers["webhook-timestamp"].encode(), content))
    mac = hmac.new(b"topsecret", signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()
    assert headers["Prefer"] == "respond-async"


@pytest.mark.parametrize("value", ["bearer:abc", "abc"])
def test_a_bearer_token_is_sent_as_such(agency, settings, value):
    settings.AGENCY_SECRET = value
    ADAPTERS["rest"].send(Message("k/1", agency.url, BODY, "AGENCY_SECRET"))
    assert agency.requests[0][1]["Authorization"] == "Bearer abc"


# --- letters ---------------------------------------------------------------------------------


def test_a_letter_is_signed_and_printable_and_carries_the_link(tmp_path):
    ADAPTERS["letter"].send(Message("k/1", str(tmp_path), dict(BODY)))
    data = json.loads((tmp_path / "letter-k-1.json").read_text(encoding="utf-8"))
    assert data["signature"] == signature(canonical(data["letter"]))
    assert data["signature"] != signature(canonical({**data["letter"], "case_code": "0"}))
    page = (tmp_path / "letter-k-1.html").read_text(encoding="utf-8")
    assert BODY["link"] in page
    assert "کارخانهٔ نمونه" in page
    assert not list(tmp_path.glob("*.part"))


def test_a_letter_by_mail_has_both_parts():
    ADAPTERS["letter"].send(Message("k/1", "a@agency.example", dict(BODY)))
    names = [a[0] for a in mail.outbox[0].attachments]
    assert names == ["letter-k-1.html", "letter-k-1.json"]
