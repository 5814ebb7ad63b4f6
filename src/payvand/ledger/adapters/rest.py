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
from typing import TYPE_CHECKING, Any

from payvand.kernel import clock
from payvand.ledger.adapters.contract import Delivered, Later, Never, Parcel

if TYPE_CHECKING:
    import httpx

TIMEOUT_SECONDS = 10.0
RETRIED = frozenset((408, 425, 429))
RECEIVED = frozenset((200, 201, 202, 204, 409))


def headers_of(parcel: Parcel, content: bytes) -> dict[str, str]:
    """Return the headers of a delivery: key, and signature or token."""
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Idempotency-Key": parcel.key,
        "Prefer": "respond-async",
    }
    kind, _, secret = parcel.secret.partition(":")
    if kind == "hmac" and secret:
        stamp = str(int(clock.now().timestamp()))
        signed = b".".join((parcel.key.encode(), stamp.encode(), content))
        mac = base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()
        headers |= {
            "webhook-id": parcel.key,
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{mac}",
        }
    elif parcel.secret:
        headers["Authorization"] = f"Bearer {secret or kind}"
    return headers


class Rest:
    """An agency's system, reached over HTTP."""

    def deliver(self, parcel: Parcel) -> Delivered:
        """Post an inquiry; raises Later on network errors, 408, 425, 429 and 5xx, else Never."""
        import httpx  # not every process sends

        content = json.dumps(dict(parcel.body), ensure_ascii=False, sort_keys=True).encode()
        url = parcel.address.rstrip("/") + "/inquiries"
        try:
            with httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False) as client:
                response = client.post(url, content=content, headers=headers_of(parcel, content))
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as broken:
            raise Never(f"address: {broken}") from broken
        except httpx.HTTPError as broken:
            raise Later(f"{type(broken).__name__}: {broken}") from broken
        return self._read(response, parcel)

    def _read(self, response: httpx.Response, parcel: Parcel) -> Delivered:
        status = response.status_code
        if status in RETRIED or status >= 500:
            raise Later(f"HTTP {status}")
        if status not in RECEIVED:
            raise Never(f"HTTP {status}: {response.text[:200]}")
        body = _json(response)
        receipt = (
            body.get("receipt") or response.headers.get("Location") or f"{status}:{parcel.key}"
        )
        reply = body.get("reply") if status in (200, 201) else None
        return Delivered(str(receipt)[:200], proven=True,
                         reply=reply if isinstance(reply, dict) else None)  # fmt: skip


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
