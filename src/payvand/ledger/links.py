"""How does an agency without an account answer one inquiry, once?

The letter carries a link; only the SHA-256 of its token is kept. The token of a delivery is derived
from the delivery's key, so that a letter sent again after a crash carries the same link.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from payvand.kernel import clock
from payvand.ledger.errors import LinkUsed
from payvand.ledger.models import OPEN, AnswerLink
from payvand.registry.public import Actor

LIFETIME = timedelta(days=30)


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def derived(key: str) -> str:
    """Return the token that belongs to a delivery, the same each time it is sent."""
    whole = hmac.new(settings.SECRET_KEY.encode(), f"answer-link:{key}".encode(), hashlib.sha256)
    return urlsafe_b64encode(whole.digest()).decode().rstrip("=")


def create(obligation_id: UUID, *, key: str = "") -> str:
    """Return the token of a single-use link; with a delivery's key always the same one."""
    token = derived(key) if key else secrets.token_urlsafe(32)
    AnswerLink.objects.get_or_create(
        token_hash=digest(token),
        defaults={"obligation_id": obligation_id, "expires_at": clock.now() + LIFETIME},
    )
    return token


def actor_for_token(token: str) -> Actor:
    """Return the actor that a link makes of its bearer: it may open and answer one obligation.

    Raises LinkUsed when the link is unknown, used, expired, or its inquiry is closed already.
    """
    link = AnswerLink.objects.select_related("obligation").filter(token_hash=digest(token)).first()
    if link is None:
        raise LinkUsed(expires_at="", code="")
    facts = {"expires_at": link.expires_at, "code": link.obligation.case_code}
    if link.used_at or link.expires_at < clock.now() or link.obligation.state not in OPEN:
        raise LinkUsed(**facts)
    return Actor(kind="link", label=link.token_hash[:16], obligation=link.obligation_id)


def use(token: str) -> None:
    """Mark a link as used, in the transaction of the answer; of two at once only one succeeds."""
    rows = AnswerLink.objects.filter(token_hash=digest(token), used_at__isnull=True)
    if rows.update(used_at=clock.now()) != 1:
        raise LinkUsed(expires_at="", code="")


def page_url(token: str, language: str = "fa") -> str:
    """Return the address of the answer page, as printed in a letter."""
    with translation.override(language):
        return _absolute("ledger:answer_by_link", f"/{language}/answer/{token}/", token)


def callback_url(token: str) -> str:
    """Return the address to which an agency's system puts its answer."""
    return _absolute("api:ledger_callback", f"/api/v1/callbacks/{token}", token)


def _absolute(name: str, otherwise: str, token: str) -> str:
    try:
        path = reverse(name, args=[token])
    except NoReverseMatch:
        path = otherwise  # this installation mounts the page elsewhere or not at all
    return str(settings.PAYVAND_BASE_URL).rstrip("/") + path
