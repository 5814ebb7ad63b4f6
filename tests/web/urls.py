"""The product's addresses, and a few that go wrong on purpose."""

from datetime import UTC, date, datetime

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponse
from django.urls import path
from ninja import Schema, Status

from payvand.kernel.errors import Conflict, Invalid, PayvandError, Refused
from payvand.web.api import frame
from payvand.web.errors import NotSignedIn
from payvand.web.urls import *  # noqa: F403
from payvand.web.urls import urlpatterns as product

api = frame("test-api")
DONE: list[str] = []  # what the operations have really done, in this process


class Moved(PayvandError):
    """An error with facts of every kind."""

    code, status = "test.moved", 409
    what, why, now = "Moved to {day} at {at}.", "{reason}", "{forgotten}"


class Amount(Schema):
    """What the test operation takes."""

    amount: int


@api.post("/things", response={201: Amount})
def make(request, body: Amount):
    DONE.append(str(body.amount))
    if body.amount < 0:
        raise Refused("The amount is negative.")
    if body.amount == 500:
        raise RuntimeError("kaboom")
    return Status(201, body)


@api.get("/things")
def things(request):
    from payvand.registry.public import actor

    by = actor(request)
    return {"by": by.name(), "orgs": [str(seat.org) for seat in by.seats]}


@api.get("/open", auth=None)
def anybody(request):
    return {}


@api.post("/open", auth=None)
def anybody_posts(request):
    return {}


@api.get("/moved", auth=None)
def moved(request):
    raise error_of("moved")


@api.get("/invalid", auth=None)
def invalid(request):
    raise error_of("invalid")


def error_of(kind: str) -> Exception:
    return {
        "moved": Moved(
            day=date(2025, 11, 9), at=datetime(2025, 11, 9, 8, tzinfo=UTC), reason="Sign in"
        ),
        "refused": Refused("Sign in"),
        "conflict": Conflict(),
        "invalid": Invalid({"name": "Sign in"}),
        "sign-in": NotSignedIn(),
        "denied": PermissionDenied(),
        "suspicious": SuspiciousOperation(),
        "fault": RuntimeError("kaboom"),
    }[kind]


def fail(request, kind):
    raise error_of(kind)


def form(request):
    return HttpResponse("ok")


urlpatterns = [
    path("api/v1/test/", api.urls),
    path("en/fail/<kind>", fail),
    path("fa/fail/<kind>", fail),
    path("fa/form", form),
    *product,
]
