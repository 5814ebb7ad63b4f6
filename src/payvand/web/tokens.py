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
from payvand.kernel.errors import YES, Invalid, NotFound, Verdict, gettext_noop, no
from payvand.registry import public as registry
from payvand.registry.public import Actor, Seat
from payvand.web.errors import ReadsOnly
from payvand.web.models import ApiToken
from payvand.web.problems import API_PREFIX, problem

ROLES = ("clerk", "signatory", "secretariat", "decider", "head", "admin")
MAX_DAYS = 731


@dataclass(frozen=True, slots=True)
class TokenDraft:
    """Which system gets a token, and what limits it."""

    name: str
    role: str
    days: int = 365
    place: str = ""  # limits the seat to a place
    reads_only: bool = False


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token; `secret` is shown once and kept nowhere."""

    id: int
    secret: str
    expires_at: datetime


def may_issue(by: Actor, org: UUID) -> Verdict:
    """May the actor make and end tokens of an organisation? Its head, and the administrator."""
    if registry.may_manage(by) or by.works_for(org, "head", "admin"):
        return YES
    return no(gettext_noop("Only the head of the organisation makes tokens for its systems."))


def orgs_of(by: Actor) -> list[UUID]:
    """Return the organisations for which the actor may make tokens by their own seats."""
    return list(dict.fromkeys(seat.org for seat in by.seats if may_issue(by, seat.org)))


@transaction.atomic
def issue(*, by: Actor, org: UUID, draft: TokenDraft) -> Issued:
    """Give a system of an organisation a token.

    Raises Refused, and Invalid for a wrong role, name, place or term.
    """
    may_issue(by, org).or_raise()
    name, role, days = draft.name, draft.role, draft.days
    wrong = {}
    if role not in ROLES:
        wrong["role"] = gettext_noop("There is no such role.")
    if not name.strip() or len(name) > 80:
        wrong["name"] = gettext_noop("Say which system holds the token, in up to 80 letters.")
    if not 1 <= days <= MAX_DAYS:
        wrong["days"] = gettext_noop("A token lives from one day to two years.")
    if draft.place and draft.place not in registry.all_places():
        wrong["place"] = gettext_noop("There is no such place.")
    if wrong:
        raise Invalid(wrong)
    now, secret = clock.now(), f"pvd_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        org_id=registry.party(org).id,
        name=name.strip(),
        role=role,
        place=draft.place,
        reads_only=draft.reads_only,
        token_hash=_hash(secret),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    _record(by, token, "web.token_issued")
    return Issued(token.pk, secret, token.expires_at)


@transaction.atomic
def revoke(*, by: Actor, token_id: int) -> None:
    """End a token at once. Raises NotFound when there is no such token in force, and Refused."""
    token = ApiToken.objects.filter(pk=token_id, revoked_at=None).first()
    if token is None:
        raise NotFound(token=token_id)
    may_issue(by, token.org_id).or_raise()
    ApiToken.objects.filter(pk=token_id).update(revoked_at=clock.now())
    _record(by, token, "web.token_revoked")


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One token as its organisation sees it; the secret is known to its holder alone."""

    id: int
    org: UUID
    org_name: dict[str, str]
    name: str
    role: str
    place: str
    reads_only: bool
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    standing: str  # holds | expired | revoked


def tokens_of(by: Actor, org: UUID | None = None) -> list[TokenLine]:
    """Return the tokens of the organisations for which the actor may make some, newest first."""
    rows = ApiToken.objects.select_related("org").order_by("-pk")
    if org is not None:
        may_issue(by, org).or_raise()
        rows = rows.filter(org_id=org)
    elif not registry.may_manage(by):
        rows = rows.filter(org_id__in=orgs_of(by))
    now = clock.now()
    return [
        TokenLine(
            row.pk, row.org_id, {"fa": row.org.name_fa, "en": row.org.name_en or row.org.name_fa},
            row.name, row.role, row.place, row.reads_only, row.created_at, row.expires_at,
            row.last_used_at,
            "revoked" if row.revoked_at else "expired" if row.expires_at <= now else "holds",
        )
        for row in rows[:500]
    ]  # fmt: skip


def actor_of(secret: str, *, reads: bool = True) -> Actor | None:
    """Return on whose behalf the holder of a token acts; None for a wrong or ended one.

    reads: whether the request only looks. Raises ReadsOnly.
    """
    now = clock.now()
    token = ApiToken.objects.filter(
        token_hash=_hash(secret), revoked_at=None, expires_at__gt=now
    ).first()
    if token is None:
        return None
    if token.reads_only and not reads:
        raise ReadsOnly
    if token.last_used_at is None or now - token.last_used_at >= timedelta(minutes=1):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    org = registry.party(token.org_id)
    return Actor(
        kind="agency",
        label=(org.slug or str(org.id))[:70],
        seats=(Seat(org.id, token.role, token.place),),
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
            try:
                by = actor_of(secret.strip(), reads=request.method in ("GET", "HEAD", "OPTIONS"))
            except ReadsOnly as refused:
                return problem(refused)
            if by is not None:
                # The place in which registry.public.actor keeps what it has built for a request.
                request._payvand_actor = (request.user.pk, by)  # type: ignore[attr-defined]
                request.token_actor = by  # type: ignore[attr-defined]
        return self.get_response(request)


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _record(by: Actor, token: ApiToken, verb: str) -> None:
    facts = {"name": token.name, "role": token.role, "until": token.expires_at,
             "place": token.place, "reads_only": token.reads_only}  # fmt: skip
    entry = audit.Entry(token.org_id, verb, f"token:{token.pk}", facts)
    audit.append([entry], by=by.name(), at=clock.now())
