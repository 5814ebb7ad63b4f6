"""How is an inquiry put to an agency that reads letters?

A signed JSON file and a printable letter with a single-use link, in a drop folder or by e-mail. The
proof of delivery is the signed receipt or the secretariat number, recorded when it comes back.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import smtplib
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from payvand.ledger.rules.clockwork import parse_term
from payvand.plugins.adapters import Delivery, Failed, Message, Receipt, Retry
from payvand.ui import words


def signature(content: bytes) -> str:
    """Return the installation's mark on a letter's data, base64."""
    key = hashlib.sha256(f"letter:{settings.SECRET_KEY}".encode()).digest()
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


def canonical(letter: dict[str, Any]) -> bytes:
    """Return the bytes that are signed."""
    return json.dumps(letter, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def data_of(message: Message) -> str:
    """Return the signed JSON of a letter."""
    whole = {"key": message.key, **message.body}
    signed = {"letter": whole, "signature": signature(canonical(whole)), "algorithm": "HMAC-SHA256"}
    return json.dumps(signed, ensure_ascii=False, sort_keys=True, indent=1)


def printed(message: Message, language: str = "fa") -> str:
    """Return the printable letter."""
    context = {
        "letter": message.body, "key": message.key, "lang": language,
        "dir": "rtl" if language == "fa" else "ltr", "link": message.body.get("link", ""),
    }  # fmt: skip
    with translation.override(language):
        if message.body.get("term"):
            term = parse_term(message.body["term"])
            context["term"] = words.term(term.amount, term.unit)
        return render_to_string("ledger/letter.html", context)


class LetterAdapter:
    """A letter in a drop folder (an absolute path) or by e-mail."""

    level = "letter"

    def send(self, message: Message) -> Delivery:
        """Write or send the letter; the same key replaces its own files and nothing else."""
        name = "letter-" + message.key.replace("/", "-")
        if "@" in message.address:
            return _mail(message, name)
        folder = Path(message.address)
        if not folder.is_absolute():
            return Failed(f"neither a mailbox nor an absolute folder: {message.address!r}")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder / f"{name}.html", printed(message))
            _write(folder / f"{name}.json", data_of(message))  # last: a reader waits for this one
        except OSError as broken:
            return Retry(f"{type(broken).__name__}: {broken}")
        return Receipt(f"file:{name}"[:200])


def _mail(message: Message, name: str) -> Delivery:
    body = message.body
    title = (body.get("title") or {}).get("fa", "")
    mail = EmailMessage(
        " ".join(f"پیوند – {title} – {body.get('case_code', '')}".split()),
        str(body.get("link", "")),
        to=[message.address],
        headers={"Message-ID": f"<{name}@payvand>"},  # mailboxes drop a second copy
    )
    mail.attach(f"{name}.html", printed(message), "text/html")
    mail.attach(f"{name}.json", data_of(message), "application/json")
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as refused:
        return Failed(f"mailbox refused: {refused}")
    except (OSError, smtplib.SMTPException) as broken:
        return Retry(f"{type(broken).__name__}: {broken}")
    return Receipt(f"mail:{name}"[:200])


def _write(target: Path, content: str) -> None:
    """Write a file so that nobody ever reads half of it."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=target.parent, suffix=".part", delete=False
    ) as out:
        out.write(content)
    Path(out.name).replace(target)
