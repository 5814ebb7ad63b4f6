"""How do e-mails and text messages leave the house?"""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage

from payvand.ledger.adapters.contract import Delivered, Later, Never, Parcel


def send_mail(parcel: Parcel, attachments: tuple[tuple[str, str, str], ...] = ()) -> Delivered:
    """Send one e-mail; its Message-ID is made of the key, so that mailboxes drop a second copy."""
    name = parcel.key.replace("/", ".")
    mail = EmailMessage(
        str(parcel.body.get("subject", "")),
        str(parcel.body.get("text", "")),
        to=[parcel.address],
        headers={"Message-ID": f"<{name}@payvand>", "X-Idempotency-Key": parcel.key},
    )
    for filename, content, kind in attachments:
        mail.attach(filename, content, kind)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as refused:
        raise Never(f"mailbox refused: {refused}") from refused
    except (OSError, smtplib.SMTPException) as broken:
        raise Later(f"{type(broken).__name__}: {broken}") from broken
    return Delivered(f"mail:{name}"[:200])


class Email:
    """A notice by e-mail."""

    def deliver(self, parcel: Parcel) -> Delivered:
        """Send it; raises Later when the mail server is away."""
        return send_mail(parcel)


class Sms:
    """A notice by an SMS gateway over HTTP: POST {to, text} with the Idempotency-Key."""

    def deliver(self, parcel: Parcel) -> Delivered:
        """Send it; raises Never where no gateway is set."""
        if not settings.PAYVAND_SMS_URL:
            raise Never("no SMS gateway is set (PAYVAND_SMS_URL)")
        import httpx  # not every process sends

        message = {"to": parcel.address, "text": parcel.body.get("text", "")}
        try:
            with httpx.Client(timeout=10.0) as client:
                response = client.post(settings.PAYVAND_SMS_URL, json=message,
                                       headers={"Idempotency-Key": parcel.key})  # fmt: skip
        except httpx.HTTPError as broken:
            raise Later(f"{type(broken).__name__}: {broken}") from broken
        if response.status_code == 429 or response.status_code >= 500:
            raise Later(f"HTTP {response.status_code}")
        if response.status_code >= 400 and response.status_code != 409:
            raise Never(f"HTTP {response.status_code}")
        return Delivered(f"sms:{parcel.key}"[:200])
