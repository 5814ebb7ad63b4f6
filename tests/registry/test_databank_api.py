"""Can a program search the databank, keep its firm's profile and claim one, and see no more?"""

from __future__ import annotations

import json
from base64 import b64encode
from uuid import uuid4

import pytest
from django.test import Client

from payvand.kernel.ids import make_company_id
from payvand.registry import public as registry
from payvand.registry.models import Capability, ImportRun, Keeper, Party, User
from payvand.registry.public import databank
from tests.registry.conftest import NOW, ROOT, TODAY

pytestmark = pytest.mark.django_db
NUMBER = make_company_id("1412340088")
CAST = {"title": {"fa": "ریخته‌گری", "en": "Casting"}, "readiness": 8, "capacity": "12.5",
        "capacity_unit": "تن", "codes": ["isic:2431"]}  # fmt: skip


@pytest.fixture
def firm(land):
    """A listed firm with an evidence item whose client did not agree to be named."""
    row = databank.RowDraft(
        "1", national_id=NUMBER, name_fa="ریخته‌گری نمونه", name_en="Sample Casting",
        profile=databank.ProfileDraft("company", field="metal", places=("IR-15-1503",),
                                      exports=True),
        entries=[databank.EvidenceDraft("delivery", "تحویل دیسک", client="خریدار پنهان")],
    )  # fmt: skip
    return databank.load_firms([row], by=ROOT, source="test")[0]


@pytest.fixture
def send(firm):
    """Return a function that calls the interface as an account, with a fresh key."""

    def call(user, method, path, data=None, **headers):
        client = Client()
        if user:
            client.force_login(user)
        headers.setdefault("HTTP_IDEMPOTENCY_KEY", str(uuid4()))
        return client.generic(method, f"/api/v1/databank{path}", json.dumps(data or {}),
                              content_type="application/json", **headers)  # fmt: skip

    return call


@pytest.fixture
def keeper(firm):
    """An account that keeps the firm's profile."""
    user = User.objects.create(username="keeper")
    Keeper.objects.create(user=user, party_id=firm, since=NOW)
    return user


def test_everybody_searches_and_reads_what_the_page_shows_and_no_more(send, firm, keeper):
    found = send(None, "GET", "?q=ريخته&field=metal&province=IR-15").json()["rows"]
    assert [row["id"] for row in found] == [str(firm)]
    assert found[0]["name"] == {"fa": "ریخته‌گری نمونه", "en": "Sample Casting"}
    told = send(None, "GET", f"/{firm}").json()
    assert (told["exports"], told["evidence"][0]["client"]) == (None, "")
    assert NUMBER not in json.dumps(told)  # neither identifiers nor addresses are in it
    own = send(keeper, "GET", f"/{firm}").json()
    assert (own["exports"], own["evidence"][0]["client"]) == (True, "خریدار پنهان")
    assert send(None, "GET", "?q=ناموجود").json() == {"rows": [], "after": ""}


def test_a_keeper_keeps_the_profile_and_a_retry_adds_nothing(send, firm, keeper):
    key = {"HTTP_IDEMPOTENCY_KEY": "one"}
    first = send(keeper, "POST", f"/{firm}/capabilities", CAST, **key)
    again = send(keeper, "POST", f"/{firm}/capabilities", CAST, **key)
    assert (first.status_code, first.json()) == (201, again.json())
    assert Capability.objects.count() == 1
    number = first.json()["id"]
    changed = send(keeper, "PUT", f"/{firm}/capabilities/{number}", CAST | {"readiness": 9})
    assert changed.json() == {"id": number}
    told = send(None, "GET", f"/{firm}").json()["capabilities"]
    assert [(row["readiness"], row["capacity"], row["codes"], row["standing"]) for row in told] == [
        (9, "12.5", ["isic:2431"], "declared")
    ]
    for part, body in (
        ("products", {"title": {"fa": "دیسک"}}),
        ("certificates", {"title": "ISO 9001", "valid_to": "2030-01-01"}),
        ("evidence", {"kind": "contract", "text": {"fa": "ساخت پوسته"}}),
    ):
        assert send(keeper, "POST", f"/{firm}/{part}", body).status_code == 201, part
    profile = {"kind": "company", "field": "metal", "about": {"fa": "ما"}, "languages": ["fa"],
               "places": ["IR-15-1502"], "from_home": True}  # fmt: skip
    assert send(keeper, "PUT", f"/{firm}", profile).json()["about"] == {"fa": "ما", "en": "ما"}
    assert send(keeper, "POST", f"/{firm}/confirm").status_code == 204
    export = send(keeper, "GET", f"/{firm}/export").json()
    assert export["party"]["national_id"] == NUMBER
    assert send(keeper, "DELETE", f"/{firm}/capabilities/{number}").status_code == 204
    assert not Capability.objects.exists()


@pytest.mark.parametrize(
    ("method", "path", "data"),
    [
        ("PUT", "", {"kind": "company"}),
        ("POST", "/capabilities", CAST),
        ("DELETE", "/evidence/1", None),
        ("POST", "/confirm", None),
        ("GET", "/export", None),
        ("POST", "/consent", {"shown": True}),
    ],
)
def test_nobody_else_changes_or_takes_out_a_profile(send, firm, method, path, data):
    stranger = User.objects.create(username="stranger")
    refused = send(stranger, method, f"/{firm}{path}", data)
    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"
    assert send(None, method, f"/{firm}{path}", data).status_code == 401


def test_what_is_wrong_is_told_by_field_and_what_is_hidden_does_not_exist(send, firm, keeper):
    wrong = send(keeper, "POST", f"/{firm}/capabilities", {"title": {"fa": "x"}, "readiness": 12})
    assert wrong.status_code == 422
    assert "readiness" in json.dumps(wrong.json())
    assert send(keeper, "PUT", f"/{firm}", {"kind": "planet"}).status_code == 422
    assert send(keeper, "DELETE", f"/{firm}/secrets/1").status_code == 404
    assert send(None, "GET", f"/{uuid4()}").status_code == 404
    Party.objects.filter(pk=firm).get().profile.__class__.objects.update(is_listed=False)
    assert send(None, "GET", f"/{firm}").status_code == 404


def test_a_profile_is_claimed_decided_on_and_withdrawn(send, firm, agency):
    claimant = User.objects.create(username="claimant")
    told = send(claimant, "POST", "/claims", {"national_id": NUMBER, "proof": "روزنامه"})
    assert (told.status_code, told.json()["outcome"]) == (201, "waits")
    (claim,) = send(claimant, "GET", "/claims").json()
    assert (claim["party"], claim["state"]) == (str(firm), "open")
    assert send(claimant, "POST", f"/claims/{claim['id']}/decision",
                {"accept": True}).status_code == 403  # fmt: skip
    org = agency("databank-15")
    registry.set_debtor(databank.REGISTRAR_ROLE, "IR-15", org, by=ROOT)
    desk = User.objects.create(username="desk")
    registry.seat(registry.SeatDraft(desk.pk, org, "clerk", TODAY), by=ROOT)
    silent = send(desk, "POST", f"/claims/{claim['id']}/decision", {"accept": False})
    assert silent.status_code == 422  # a refusal needs a reason
    assert send(desk, "POST", f"/claims/{claim['id']}/decision",
                {"accept": True}).status_code == 204  # fmt: skip
    assert send(claimant, "POST", f"/{firm}/confirm").status_code == 204
    other = User.objects.create(username="other")
    send(other, "POST", "/claims", {"national_id": NUMBER, "proof": "نامه"})
    (mine,) = send(other, "GET", "/claims").json()
    assert mine["is_contested"] is True
    assert send(claimant, "POST", f"/claims/{mine['id']}/withdraw").status_code == 403
    assert send(other, "POST", f"/claims/{mine['id']}/withdraw").status_code == 204


def test_groups_are_read_by_everybody(send, firm):
    databank.seed_group_states(ROOT)
    draft = databank.GroupDraft("cluster", "خوشهٔ ریخته‌گری", "Casting", place="IR-15",
                                steps=(("operating", TODAY),), members=(firm,))  # fmt: skip
    (key,) = databank.found_groups([draft], by=ROOT)
    (line,) = send(None, "GET", "/groups?kind=cluster&province=IR-15").json()
    assert (line["id"], line["state"], line["is_operating"]) == (str(key), "operating", True)
    whole = send(None, "GET", f"/groups/{key}").json()
    assert [one["id"] for one in whole["shown_members"]] == [str(firm)]
    assert send(None, "GET", f"/groups/{uuid4()}").status_code == 404


def sent(text, name="own.csv"):
    """Return a file as the interface takes it."""
    return {"name": name, "content": b64encode(text.encode()).decode()}


OWN = """capability,readiness,product,national_id
تراش دقیق,8,,
جوش,99,,
,,دیسک,
بیگانه,7,,14005893875
"""


def test_a_firm_sends_its_own_entries_as_a_file_and_reads_what_came_of_each_row(send, firm, keeper):
    key = {"HTTP_IDEMPOTENCY_KEY": "file"}
    done = send(keeper, "POST", f"/{firm}/import", sent(OWN), **key)
    told = done.json()
    assert (done.status_code, told["counts"]["refused"], told["after"]) == (201, 2, 0)
    assert {(row["place"], row["outcome"]) for row in told["rows"]} >= {
        ("3", "refused"), ("5", "refused")}  # fmt: skip
    (wrong,) = (row for row in told["rows"] if row["place"] == "3")
    assert "آمادگی" in wrong["remarks"][0]["what"]
    assert send(keeper, "POST", f"/{firm}/import", sent(OWN), **key).json() == told
    assert ImportRun.objects.count() == 1  # a retry is no second import
    assert Capability.objects.count() == 1
    again = send(keeper, "POST", f"/{firm}/import", sent(OWN)).json()
    assert again["counts"]["unchanged"] == 2
    whole = send(keeper, "GET", f"/imports/{told['id']}?show=all").json()
    assert [row["place"] for row in whole["rows"]] == ["2", "3", "4", "5"]
    assert send(keeper, "GET", f"/imports/{told['id']}?show=all&after=4").json()["rows"] == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": "a.csv", "content": "***"}, "invalid"),
        ({"name": "a.csv", "content": ""}, "registry.bad_file"),
        (sent("PK\x03\x04 broken", "a.xlsx"), "registry.bad_file"),
        (sent('{"firms": [', "a.json"), "registry.bad_file"),
        (sent("weather\nrain\n"), "registry.bad_file"),
        ({"name": "a.csv"}, "invalid"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_problem_with_a_remedy(send, firm, keeper, body, code):
    done = send(keeper, "POST", f"/{firm}/import", body)
    assert (done.status_code, done["Content-Type"]) == (422, "application/problem+json")
    assert code in done.json()["code"]
    assert not ImportRun.objects.exists()


def test_only_a_keeper_sends_entries_and_only_the_registrar_sends_firms(send, firm, keeper):
    stranger, number = User.objects.create(username="stranger"), 0
    assert send(stranger, "POST", f"/{firm}/import", sent(OWN)).status_code == 403
    assert send(None, "POST", f"/{firm}/import", sent(OWN)).status_code == 401
    assert send(keeper, "POST", "/import", sent("name\nب\n")).status_code == 403
    number = send(keeper, "POST", f"/{firm}/import", sent(OWN)).json()["id"]
    assert send(stranger, "GET", f"/imports/{number}").status_code == 403
    chief = User.objects.create(username="chief", is_superuser=True)
    done = send(chief, "POST", "/import", sent("name,place\nکاوشگران سهند,خرم‌آباد\n"))
    assert done.json()["counts"]["created"] == 1
