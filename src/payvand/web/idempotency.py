"""How does a POST that is sent twice take effect once?

Key and actor are claimed in a transaction of their own, so that a second request at the same time
sees them. The action and its stored answer are then committed together: a claim without an answer
means that nothing was done, and may be taken over once it is old. A refusal (4xx, 5xx) did nothing
either, so its key is free again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from payvand.kernel import clock
from payvand.kernel.errors import PayvandError
from payvand.registry import public as registry
from payvand.web import problems
from payvand.web.errors import KeyInProgress, KeyMissing, KeyReused
from payvand.web.models import IdempotentRequest

HEADER = "Idempotency-Key"
STALE = timedelta(minutes=2)  # a claim this old belongs to a process that died
KEPT = timedelta(days=7)
MAX_KEY = 100


class IdempotentPosts:
    """Ask every signed-in POST below /api/v1/ for its key, and answer a retry from the store."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the first answer to this key, doing the work only when there is none yet."""
        if request.method != "POST" or not request.path.startswith("/api/v1/"):
            return self.get_response(request)
        by = registry.actor(request)
        if by.kind == "guest":
            return self.get_response(request)
        try:
            key = _key(request)
            claim = _claim(by.name(), key, _hash(request))
        except PayvandError as error:
            return problems.problem(error)
        if isinstance(claim, IdempotentRequest):
            return _again(claim)
        return self._first(request, claim)

    def _first(self, request: HttpRequest, claim: UUID) -> HttpResponse:
        try:
            with transaction.atomic():
                response = self.get_response(request)
                if response.status_code < 400:
                    _store(claim, response)
                else:
                    transaction.set_rollback(True)
        except KeyInProgress as error:
            return problems.problem(error)
        except BaseException:
            _free(claim)
            raise
        if response.status_code >= 400:
            _free(claim)
        return response


def forget_old() -> int:
    """Delete answers that no client will ask for again; returns how many."""
    return IdempotentRequest.objects.filter(begun_at__lt=clock.now() - KEPT).delete()[0]


def _key(request: HttpRequest) -> str:
    key = request.headers.get(HEADER, "").strip()
    if not 1 <= len(key) <= MAX_KEY or not (key.isascii() and key.isprintable()):
        raise KeyMissing
    return key


def _hash(request: HttpRequest) -> str:
    """Return what makes two requests the same; the boundary of a multipart body differs anyway."""
    parts = f"{request.get_full_path()}\n".encode()
    is_multipart = (request.content_type or "").startswith("multipart/")
    return sha256(parts if is_multipart else parts + request.body).hexdigest()


def _claim(actor: str, key: str, request_hash: str) -> IdempotentRequest | UUID:
    """Return the ended request with this key, or the claim under which to do it now."""
    now, claim = clock.now(), uuid4()
    try:
        with transaction.atomic():
            IdempotentRequest.objects.create(
                actor=actor, key=key, request_hash=request_hash, claim=claim, begun_at=now
            )
    except IntegrityError:
        pass
    else:
        return claim
    known = IdempotentRequest.objects.filter(actor=actor, key=key).first()
    if known is None:  # freed in this very moment
        raise KeyInProgress(key=key)
    if known.request_hash != request_hash:
        raise KeyReused(key=key)
    if known.status is not None:
        return known
    taken = IdempotentRequest.objects.filter(
        pk=known.pk, claim=known.claim, status=None, begun_at__lt=now - STALE
    ).update(claim=claim, begun_at=now)
    if not taken:
        raise KeyInProgress(key=key)
    return claim


def _store(claim: UUID, response: HttpResponse) -> None:
    kept = IdempotentRequest.objects.filter(claim=claim, status=None).update(
        status=response.status_code,
        content_type=response.headers.get("Content-Type", ""),
        location=response.headers.get("Location", ""),
        body=response.content,
    )
    if not kept:  # another try has taken over; undo what this one did
        raise KeyInProgress


def _free(claim: UUID) -> None:
    IdempotentRequest.objects.filter(claim=claim, status=None).delete()


def _again(known: IdempotentRequest) -> HttpResponse:
    response = HttpResponse(
        bytes(known.body), status=known.status, content_type=known.content_type or None
    )
    if known.location:
        response.headers["Location"] = known.location
    response.headers["Idempotent-Replay"] = "true"
    return response
