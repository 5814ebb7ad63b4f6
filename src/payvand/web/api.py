"""Where do programs enter? One OpenAPI document, one way to sign in, one form of refusal."""

from __future__ import annotations

import json
from importlib import import_module
from importlib.util import find_spec
from json import JSONDecodeError
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from payvand import __version__
from payvand.kernel.errors import Invalid, NotFound, PayvandError
from payvand.registry.public import Actor
from payvand.web import entries, problems
from payvand.web.errors import BadRequest, Forbidden, FormExpired, NotJson, NotSignedIn
from payvand.web.openapi import Described

CONTEXTS = ("registry", "ledger", "window", "foresight", "matching", "energy", "insight")


ABOUT = """\
The single window. Sign in with `Authorization: Bearer TOKEN`, or as a person with the session of
the pages and `X-CSRFToken`. Every POST of somebody who is signed in carries an `Idempotency-Key`: a
retry with the same key and content returns the first answer, and is done once. Refusals are
`application/problem+json` (RFC 9457) in the language of `Accept-Language` (`fa`, the default, or
`en`); their `code` is stable. Times are UTC, dates Gregorian (ISO 8601), money is rials as text.
"""


class Readable(JSONRenderer):
    """JSON in which Persian stays Persian."""

    json_dumps_params = {"ensure_ascii": False}


class StrictJson(Parser):
    """JSON without what no database keeps: NaN, infinities, and the character NUL."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the content of a request. Raises ValueError."""
        text = request.body.decode()

        def refuse(word: str) -> Any:
            raise JSONDecodeError(word, text, text.find(word))

        found = json.loads(text, parse_constant=refuse)
        if "\\u0000" in text:
            refuse("\\u0000")
        return found


class Token(HttpBearer):
    """The bearer token of an organisation's system."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        return getattr(request, "token_actor", None)


class Session(APIKeyCookie):
    """The session of a signed-in person; what changes something carries X-CSRFToken."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Any | None:
        if not request.user.is_authenticated:
            return None
        if check_csrf(request):
            raise FormExpired
        return self.authenticate(request, None)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any | None:
        return request.user


def frame(namespace: str) -> NinjaAPI:
    """Return an interface without operations: sign-in and the form of refusals."""
    api = Described(
        title="Payvand",
        version=__version__,
        description=ABOUT,
        urls_namespace=namespace,
        renderer=Readable(),
        parser=StrictJson(),
        docs_url=None,  # the usual page loads scripts from elsewhere, which our policy forbids
        auth=[Token(), Session()],
    )
    _tell_refusals(api)
    return api


def make_api() -> NinjaAPI:
    """Return the interface with the routers of every context that has one."""
    api = frame("api")
    for context in CONTEXTS:
        if find_spec(f"payvand.{context}.api") is not None:
            router = import_module(f"payvand.{context}.api").router
            api.add_router("", router, tags=[context])
    return api


def _tell_refusals(api: NinjaAPI) -> None:
    @api.exception_handler(PayvandError)
    def refused(request: HttpRequest, error: PayvandError) -> HttpResponse:
        return problems.problem(error)

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problems.problem(NotSignedIn())

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problems.problem(NotFound())

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return problems.problem(Invalid(entries.told(error.errors)))

    @api.exception_handler(HttpError)
    def broken(request: HttpRequest, error: HttpError) -> HttpResponse:
        cause = error.__cause__
        if isinstance(cause, JSONDecodeError):
            return problems.problem(NotJson(line=cause.lineno, column=cause.colno))
        if error.status_code == 400 and cause is not None:  # no UTF-8, or nested too deeply
            return problems.problem(NotJson(line=1, column=1))
        kinds: dict[int, type[PayvandError]] = {403: Forbidden, 404: NotFound}
        return problems.problem(kinds.get(error.status_code, BadRequest)(detail=str(error)))


api = make_api()
