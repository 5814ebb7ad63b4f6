"""How is an inquiry put to an agency's own system?

POST {base}/inquiries with an Idempotency-Key and `Prefer: respond-async`. 200/201 may carry the
answer at once; 202 says that it will come to the callback; 409 says that it is there already.
Signed as Standard Webhooks do (HMAC-SHA256), or with a bearer token, as the connection says.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from payvand.kernel import clock
from payvand.plugins.adapters import Delivery, Failed, Message, Receipt, Retry

if TYPE_CHECKING:
    import httpx

TIMEOUT_SECONDS = 10.0
RETRIED = frozenset((408, 425, 429))
RECEIVED = frozenset((200, 201, 202, 204, 409))


@dataclass(frozen=True, slots=True)
class Taken(Receipt):
    """The agency's system has confirmed the inquiry, perhaps with its answer: a proof."""

    reply: Mapping[str, Any] | None = None


def secret_of(name: str) -> str:
    """Return the value behind the name of a setting, in Django's settings or the environment.

    "hmac:…" signs the body, "bearer:…" or a bare value is sent as a token.
    """
    return str(getattr(settings, name, "") or os.environ.get(name, "")) if name else ""


def headers_of(message: Message, content: bytes) -> dict[str, str]:
    """Return the headers of a delivery: key, and signature or token."""
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Idempotency-Key": message.key,
        "Prefer": "respond-async",
    }
    whole = secret_of(message.secret_name)
    kind, _, secret = whole.partition(":")
    if kind == "hmac" and secret:
        stamp = str(int(clock.now().timestamp()))
        signed = b".".join((message.key.encode(), stamp.encode(), content))
        mac = base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()
        headers |= {
            "webhook-id": message.key,
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{mac}",
        }
    elif whole:
        headers["Authorization"] = f"Bearer {secret if kind == 'bearer' else whole}"
    return headers


class RestAdapter:
    """An agency's system, reached over HTTP."""

    level = "rest"

    def send(self, message: Message) -> Delivery:
        """Post an inquiry once."""
        import httpx  # not every process sends

        content = json.dumps(message.body, ensure_ascii=False, sort_keys=True).encode()
        url = message.address.rstrip("/") + "/inquiries"
        try:
            with httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False) as client:
                response = client.post(url, content=content, headers=headers_of(message, content))
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as broken:
            return Failed(f"address: {broken}")
        except httpx.HTTPError as broken:
            return Retry(f"{type(broken).__name__}: {broken}")
        return _judge(response, message)


def _judge(response: httpx.Response, message: Message) -> Delivery:
    status = response.status_code
    if status in RETRIED or status >= 500:
        wait = response.headers.get("Retry-After", "")
        return Retry(f"HTTP {status}", int(wait) if wait.isascii() and wait.isdigit() else None)
    if status not in RECEIVED:
        return Failed(f"HTTP {status}: {response.text[:200]}")
    body = _json(response)
    place = response.headers.get("Location")
    receipt = body.get("receipt") or place or f"{status}:{message.key}"
    reply = body.get("reply") if status in (200, 201) else None
    return Taken(str(receipt)[:200], reply if isinstance(reply, dict) else None)


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
