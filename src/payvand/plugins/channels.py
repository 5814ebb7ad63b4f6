"""How does a notice reach a person: by e-mail, by SMS?

In the product itself a notice is a row and needs no channel. Every channel keeps the same contract
as an adapter: one try, and what came of it.
"""

from __future__ import annotations

import smtplib
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings

from payvand.plugins import slots
from payvand.plugins.adapters import Channel, Delivery, Failed, Letter, Receipt, Retry

if TYPE_CHECKING:
    import httpx

__all__ = ["Channel", "EmailChannel", "Letter", "SmsChannel", "by_name", "is_set", "judge"]

SMS_TIMEOUT_SECONDS = 10


class EmailChannel:
    """E-mail through Django's mail backend (EMAIL_* settings)."""

    name = "email"

    def send(self, letter: Letter) -> Delivery:
        """Hand the letter to the mail server; a second try carries the same Message-ID."""
        from django.core.mail import EmailMessage

        name = sha256(letter.key.encode()).hexdigest()[:32]
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
        mail = EmailMessage(
            subject=" ".join(letter.subject.split()),  # a line break would end the header
            body=letter.text,
            to=[letter.address],
            headers={"Message-ID": f"<{name}@{domain}>"},
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            told = f"recipient refused ({', '.join(map(str, codes))})"
            return Failed(told) if all(code >= 500 for code in codes) else Retry(told)
        except smtplib.SMTPResponseException as error:
            told = f"mail server: {error.smtp_code}"
            # 535 and its like are our own wrong password: to be mended here, not the letter's fault
            final = error.smtp_code in (550, 551, 552, 553, 554)
            return Failed(told) if final else Retry(told)
        except (smtplib.SMTPException, OSError) as error:
            return Retry(f"mail server: {type(error).__name__}")
        except ValueError as error:  # an address that no mail server could be given
            return Failed(f"not an address: {error}")
        return Receipt(name)


class SmsChannel:
    """SMS through an HTTP gateway: POST {"to", "text"} to PAYVAND_SMS_URL.

    The gateway answers 2xx, with {"id": …} if it has a receipt. PAYVAND_SMS_TOKEN is sent as a
    bearer token; Idempotency-Key lets the gateway recognise a second try.
    """

    name = "sms"

    def is_set(self) -> bool:
        """Is there a gateway?"""
        return bool(settings.PAYVAND_SMS_URL)

    def send(self, letter: Letter) -> Delivery:
        """Hand the letter to the gateway."""
        import httpx

        if not settings.PAYVAND_SMS_URL:
            return Failed("no SMS gateway is set (PAYVAND_SMS_URL)")
        headers = {"Idempotency-Key": letter.key}
        if settings.PAYVAND_SMS_TOKEN:
            headers["Authorization"] = f"Bearer {settings.PAYVAND_SMS_TOKEN}"
        try:
            answer = httpx.post(
                settings.PAYVAND_SMS_URL,
                json={"to": letter.address, "text": letter.text},
                headers=headers,
                timeout=SMS_TIMEOUT_SECONDS,
            )
        except httpx.TransportError as error:
            return Retry(f"SMS gateway: {type(error).__name__}")
        except httpx.InvalidURL as error:
            return Failed(f"SMS gateway: {error}")
        return judge(answer, who="SMS gateway")


def judge(answer: httpx.Response, *, who: str) -> Delivery:
    """Return what an HTTP answer means for a delivery; only 429 and 5xx are tried again."""
    if answer.is_success:
        return Receipt(_receipt_id(answer))
    told = f"{who}: {answer.status_code}"
    if answer.status_code == 429 or answer.status_code >= 500:
        wait = answer.headers.get("Retry-After", "")
        return Retry(told, after=int(wait) if wait.isascii() and wait.isdigit() else None)
    return Failed(told)


def by_name(name: str) -> Channel:
    """Return a channel: one that was registered, else the built-in one. Raises KeyError."""
    for channel in slots.channels:
        if channel.name == name:
            return channel
    return _BUILT_IN[name]


def is_set(name: str) -> bool:
    """Is a channel set up here? One that is not is never tried, so that nothing of it can fail.

    A registered channel may say so itself with a method `is_set`; without one it is.
    """
    try:
        asked = getattr(by_name(name), "is_set", None)
    except KeyError:
        return False
    return asked is None or bool(asked())


def _receipt_id(answer: httpx.Response) -> str:
    try:
        told = answer.json()
    except ValueError:
        return ""
    return str(told.get("id", ""))[:200] if isinstance(told, dict) else ""


_BUILT_IN: dict[str, Channel] = {"email": EmailChannel(), "sms": SmsChannel()}
