"""How is an inquiry put to an agency that reads letters?

A signed JSON file and a printable letter with a single-use link, in a drop folder or by e-mail. The
proof of delivery is the signed receipt or the secretariat number, recorded when it comes back.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from payvand.ledger import links
from payvand.ledger.adapters.contract import Delivered, Later, Never, Parcel
from payvand.ledger.adapters.messages import send_mail


def signature(content: bytes) -> str:
    """Return the installation's mark on a letter's data, base64."""
    key = hashlib.sha256(f"letter:{settings.SECRET_KEY}".encode()).digest()
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


def data_of(parcel: Parcel) -> str:
    """Return the signed JSON of a letter."""
    whole: dict[str, Any] = {"key": parcel.key, **parcel.body}
    plain = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return json.dumps(
        {"letter": whole, "signature": signature(plain.encode()), "algorithm": "HMAC-SHA256"},
        ensure_ascii=False, sort_keys=True, indent=1,
    )  # fmt: skip


def printed(parcel: Parcel, language: str = "fa") -> str:
    """Return the printable letter."""
    context = {
        "letter": parcel.body, "key": parcel.key, "lang": language,
        "dir": "rtl" if language == "fa" else "ltr",
        "link": links.page_url(parcel.token, language) if parcel.token else "",
    }  # fmt: skip
    with translation.override(language):
        return render_to_string("ledger/letter.html", context)


class Letter:
    """A letter in a drop folder (an absolute path) or by e-mail."""

    def deliver(self, parcel: Parcel) -> Delivered:
        """Write or send the letter; the same key replaces its own files and nothing else."""
        name = "letter-" + parcel.key.replace("/", "-")
        if "@" in parcel.address:
            return self._mail(parcel, name)
        folder = Path(parcel.address)
        if not folder.is_absolute():
            raise Never(f"neither a mailbox nor an absolute folder: {parcel.address!r}")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder / f"{name}.html", printed(parcel))
            _write(folder / f"{name}.json", data_of(parcel))  # last: a reader waits for this one
        except OSError as broken:
            raise Later(f"{type(broken).__name__}: {broken}") from broken
        return Delivered(f"file:{name}"[:200])

    def _mail(self, parcel: Parcel, name: str) -> Delivered:
        page = printed(parcel)
        title = dict(parcel.body.get("title") or {})
        mail = Parcel(parcel.key, parcel.address, {
            "subject": f"پیوند – {title.get('fa', '')} – {parcel.body.get('case_code', '')}",
            "text": links.page_url(parcel.token),
        })  # fmt: skip
        files = ((f"{name}.html", page, "text/html"),
                 (f"{name}.json", data_of(parcel), "application/json"))  # fmt: skip
        return send_mail(mail, files)


def _write(target: Path, content: str) -> None:
    """Write a file so that nobody ever reads half of it."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=target.parent, suffix=".part", delete=False
    ) as out:
        out.write(content)
    Path(out.name).replace(target)
