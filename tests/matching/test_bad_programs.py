"""Is what a program sends wrongly refused at its field, on both databases alike?"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from payvand.matching.models import Need
from payvand.registry import models as r
from payvand.registry import public as registry
from tests.matching.exchange_world import BY, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(market, client):
    """Return a function that sends JSON for the private buyer."""
    user = r.User.objects.create(username="program")
    day = (NOW - timedelta(days=9)).date()
    registry.seat(registry.SeatDraft(user.pk, market.buyer, "signatory", day), by=BY)
    registry.forget()
    client.force_login(user)

    def go(path, body):
        return client.post(
            f"/api/v1/{path}", json.dumps(body), content_type="application/json",
            HTTP_IDEMPOTENCY_KEY=f"{path}{body}"[:90].encode("ascii", "replace").decode(),
        )  # fmt: skip

    return go


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": {"fa": "ل" * 201}}, "title.fa"),
        ({"text": {"fa": "ل" * 4001}}, "text.fa"),
        ({"quantity": 1e30}, "quantity"),
        ({"quantity": 0}, "quantity"),
        ({"unit": "ل" * 41}, "unit"),
        ({"field": "sorcery" * 9}, "field"),
        ({"requirements": [{"text": "ل" * 301}]}, "requirements.0.text"),
        ({"requirements": [{"text": "ل", "kind": "certificate", "value": "ل" * 121}]},
         "requirements.0.value"),
        ({"requirements": [{"text": "ل", "kind": "readiness", "value": "ده"}]}, "requirement_1"),
        ({"tender_no": "9" * 61}, "tender_no"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)  # fmt: skip
def test_what_no_column_holds_is_refused_at_its_field(send, market, more, field):
    told = send("needs", {"buyer": str(market.buyer), "title": {"fa": "لنت"}} | more)
    assert told.status_code == 422, told.content
    assert field in {one["field"] for one in told.json()["errors"]}
    assert not Need.objects.exists()


def test_a_sign_that_no_database_keeps_is_refused_and_the_other_controls_fall_away(send, market):
    body = {"title": {"fa": "لنت\x07 ترمز"}, "text": {"fa": "الف\x07\nب"}}
    worse = body | {"title": {"fa": "لنت\x00 ترمز"}}
    assert send("needs", worse | {"buyer": str(market.buyer)}).status_code == 400
    assert not Need.objects.exists()
    assert send("needs", body | {"buyer": str(market.buyer)}).status_code == 201
    row = Need.objects.get()
    assert (row.title_fa, row.text_fa) == ("لنت ترمز", "الف\nب")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": {"fa": "ل" * 201}}, "title_fa"),
        ({"capacity": "99999999999999", "capacity_unit": "تن"}, "capacity"),
        ({"domestic_percent": 50, "domestic_basis": "ل" * 201}, "domestic_basis"),
    ],
    ids=["title", "capacity", "basis"],
)
def test_an_entry_that_no_column_holds_is_refused_at_its_field(send, market, more, field):
    registry_profile = {"kind": "company", "field": "automotive"}
    from payvand.registry.public import databank

    databank.open_profile(market.buyer, databank.ProfileDraft(**registry_profile), by=BY)
    body = {"title": {"fa": "ریخته‌گری"}} | more
    told = send(f"databank/{market.buyer}/capabilities", body)
    assert told.status_code == 422, told.content
    assert field in {one["field"] for one in told.json()["errors"]}
