"""Which organisation's system is calling, and how does it get and lose its token?"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from payvand.audit import public as audit
from payvand.kernel import clock
from payvand.kernel.errors import Invalid, NotFound, gettext_noop
from payvand.registry import public as registry
from payvand.registry.public import Actor, Seat
from payvand.web.models import ApiToken
from payvand.web.problems import API_PREFIX

ROLES = ("clerk", "signatory", "secretariat", "decider", "head", "admin")
MAX_DAYS = 731


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token; `secret` is shown once and kept nowhere."""

    id: int
    secret: str
    expires_at: datetime


@transaction.atomic
def issue(*, by: Actor, org: UUID, name: str, role: str, days: int = 365) -> Issued:
    """Give a system of an organisation a token. Raises Invalid for a wrong role, name or term."""
    wrong = {}
    if role not in ROLES:
        wrong["role"] = gettext_noop("There is no such role.")
    if not name.strip() or len(name) > 80:
        wrong["name"] = gettext_noop("Say which system holds the token, in up to 80 letters.")
    if not 1 <= days <= MAX_DAYS:
        wrong["days"] = gettext_noop("A token lives from one day to two years.")
    if wrong:
        raise Invalid(wrong)
    now, secret = clock.now(), f"pvd_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        org_id=registry.party(org).id,
        name=name.strip(),
        role=role,
        token_hash=_hash(secret),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    _record(by, token, "web.token_issued")
    return Issued(token.pk, secret, token.expires_at)


@transaction.atomic
def revoke(*, by: Actor, token_id: int) -> None:
    """End a token at once. Raises NotFound when there is no such token in force."""
    token = ApiToken.objects.filter(pk=token_id, revoked_at=None).first()
    if token is None:
        raise NotFound(token=token_id)
    ApiToken.objects.filter(pk=token_id).update(revoked_at=clock.now())
    _record(by, token, "web.token_revoked")


def actor_of(secret: str) -> Actor | None:
    """Return on whose behalf the holder of a token acts; None for a wrong or ended one."""
    now = clock.now()
    token = ApiToken.objects.filter(
        token_hash=_hash(secret), revoked_at=None, expires_at__gt=now
    ).first()
    if token is None:
        return None
    org = registry.party(token.org_id)
    return Actor(
        kind="agency",
        label=(org.slug or str(org.id))[:70],
        seats=(Seat(org.id, token.role),),
        mandates=(org.id,) if org.kind == "company" else (),
    )


class BearerTokens:
    """Let a system sign in by its token, below /api/ only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Make the token's actor the actor of the request."""
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if request.path.startswith(API_PREFIX) and scheme.lower() == "bearer":
            by = actor_of(secret.strip())
            if by is not None:
                # The place in which registry.public.actor keeps what it has built for a request.
                request._payvand_actor = (request.user.pk, by)  # type: ignore[attr-defined]
                request.token_actor = by  # type: ignore[attr-defined]
        return self.get_response(request)


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _record(by: Actor, token: ApiToken, verb: str) -> None:
    facts = {"name": token.name, "role": token.role, "until": token.expires_at}
    entry = audit.Entry(token.org_id, verb, f"token:{token.pk}", facts)
    audit.append([entry], by=by.name(), at=clock.now())
