"""Do e-mail and SMS keep one contract: one try, and a plain word on what came of it?"""

import json
import smtplib
import socket
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.core import mail

from payvand.plugins import channels, slots
from payvand.plugins.adapters import Failed, Receipt, Retry
from payvand.plugins.channels import Channel, Letter

MOBILE = Letter("key/1", "+989121234567", "موضوع", "پروندهٔ شما به‌روز شد.")
EMAIL = Letter("key/1", "a@example.org", "موضوع\r\nBcc: x@example.org", "پروندهٔ شما به‌روز شد.")


class Gateway(BaseHTTPRequestHandler):
    """An SMS gateway on this machine that answers as it is told."""

    answer = (200, {}, b"{}")
    seen: list = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Gateway.seen.append((dict(self.headers), json.loads(body)))
        status, headers, out = Gateway.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(out)))
        self.end_headers()
        self.wfile.write(out)

    def log_message(self, *args):
        pass


@pytest.fixture
def gateway(settings):
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.PAYVAND_SMS_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.PAYVAND_SMS_TOKEN = "s3cret"
    Gateway.seen, Gateway.answer = [], (200, {}, b'{"id": "r-77"}')
    yield Gateway
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def post(settings, monkeypatch):
    """A mail server that fails as it is told."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def failing(error):
        def send_messages(self, messages):
            raise error

        monkeypatch.setattr(
            "django.core.mail.backends.locmem.EmailBackend.send_messages", send_messages
        )

    return failing


@pytest.mark.parametrize("name", ["email", "sms"])
def test_each_channel_keeps_the_contract(name, gateway):
    channel = channels.by_name(name)
    assert isinstance(channel, Channel)
    assert channel.name == name
    result = channel.send(EMAIL if name == "email" else MOBILE)
    assert isinstance(result, Receipt)
    assert result.id


def test_the_gateway_gets_number_text_key_and_token(gateway):
    assert channels.by_name("sms").send(MOBILE) == Receipt("r-77")
    headers, body = gateway.seen[0]
    assert body == {"to": "+989121234567", "text": "پروندهٔ شما به‌روز شد."}
    assert headers["Idempotency-Key"] == "key/1"
    assert headers["Authorization"] == "Bearer s3cret"


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        pytest.param((202, {}, b"accepted"), Receipt(""), id="no-json"),
        pytest.param((200, {}, b"[1]"), Receipt(""), id="a-list"),
        pytest.param((429, {"Retry-After": "30"}, b""), Retry("SMS gateway: 429", 30), id="429"),
        pytest.param((503, {"Retry-After": "soon"}, b""), Retry("SMS gateway: 503"), id="503"),
        pytest.param((400, {}, b""), Failed("SMS gateway: 400"), id="400"),
        pytest.param((302, {"Location": "/"}, b""), Failed("SMS gateway: 302"), id="302"),
    ],
)  # fmt: skip
def test_only_too_many_requests_and_server_errors_are_tried_again(gateway, answer, result):
    gateway.answer = answer
    assert channels.by_name("sms").send(MOBILE) == result
    assert len(gateway.seen) == 1


def test_a_gateway_that_is_down_is_tried_again(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.PAYVAND_SMS_URL = f"http://127.0.0.1:{free.getsockname()[1]}/"
    assert channels.by_name("sms").send(MOBILE) == Retry("SMS gateway: ConnectError")


@pytest.mark.parametrize("url", ["", "http://[::1"])
def test_a_wrong_setting_is_no_reason_to_try_for_ever(settings, url):
    settings.PAYVAND_SMS_URL = url
    assert isinstance(channels.by_name("sms").send(MOBILE), Failed)


def test_a_second_try_by_mail_has_the_same_message_id_and_no_smuggled_header():
    channel = channels.by_name("email")
    assert channel.send(EMAIL) == channel.send(EMAIL)
    first, second = mail.outbox
    assert first.message()["Message-ID"] == second.message()["Message-ID"]
    assert first.message()["Bcc"] is None
    assert first.recipients() == ["a@example.org"]


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no")}), Failed("recipient refused (550)")),
        (smtplib.SMTPRecipientsRefused({"a": (451, b"no")}), Retry("recipient refused (451)")),
        (smtplib.SMTPDataError(554, b"no"), Failed("mail server: 554")),
        (smtplib.SMTPAuthenticationError(535, b"no"), Retry("mail server: 535")),
        (smtplib.SMTPServerDisconnected(), Retry("mail server: SMTPServerDisconnected")),
        (ConnectionRefusedError(), Retry("mail server: ConnectionRefusedError")),
    ],
    ids=str,
)
def test_a_mail_server_is_judged_alike(post, error, result):
    post(error)
    assert channels.by_name("email").send(EMAIL) == result


def test_a_registered_channel_comes_before_the_built_in_one():
    class Own:
        name = "sms"

        def send(self, letter):
            return Receipt("own")

    own = slots.channels.register(Own())
    assert channels.by_name("sms") is own
    slots.channels.remove(own)
    with pytest.raises(KeyError):
        channels.by_name("pigeon")
