"""Do the pages keep what was typed, show nothing too early, and ask a fixed number of questions?"""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from payvand.kernel import clock
from payvand.matching.exchange import answers
from payvand.matching.models import Need
from payvand.registry import models as r
from payvand.registry import public as registry
from tests.matching.exchange_world import BY, NOW, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(market, client, settings):
    """Return a function that signs somebody in who has a seat in an organisation."""
    settings.LANGUAGE_CODE = "en"

    def go(org):
        name = f"u{str(org)[-6:]}"
        user, new = r.User.objects.get_or_create(username=name)
        if new:
            day = (NOW - timedelta(days=9)).date()
            registry.seat(registry.SeatDraft(user.pk, org, "signatory", day), by=BY)
            registry.forget()
        client.force_login(user)
        return client

    return go


def url(name, *args):
    with override("en"):
        return reverse(f"matching:{name}", args=args)


FORM = {
    "title_fa": "لنت ترمز", "title_en": "Brake pads", "text_fa": "<b>داغ نشود</b>", "rows": "3",
    "r1-text": "گواهی", "r1-kind": "certificate",
    "r1-value": "IATF 16949", "r1-weight": "essential",
    "budget_least": "۱۰۰", "budget_most": "۵۰",
}  # fmt: skip


def test_a_broken_need_keeps_what_was_typed_and_says_where(sign_in, market):
    client = sign_in(market.buyer)
    page = client.post(url("write"), FORM)
    assert page.status_code == 422
    text = page.content.decode()
    assert "The upper edge of the budget lies below the lower one" in text
    assert 'value="IATF 16949"' in text
    assert "&lt;b&gt;" in text
    page = client.post(url("write"), {**FORM, "budget_most": "500", "r2-kind": "readiness",
                                      "r2-text": "بلوغ", "r2-value": "دوازده"})  # fmt: skip
    assert page.status_code == 422
    assert "whole number" in page.content.decode()
    assert not Need.objects.exists()
    page = client.post(url("write"), {**FORM, "budget_most": "500"})
    assert page.status_code == 302
    assert Need.objects.get().requirements.get().rule["value"] == ["IATF 16949"]


@pytest.mark.parametrize(("lang", "word"), [("fa", "ریال"), ("en", "rials")])
def test_a_sum_is_asked_for_in_the_readers_language(sign_in, market, lang, word):
    client = sign_in(market.buyer)
    with override(lang):
        page = client.get(reverse("matching:write")).content.decode()
    assert page.count(f"<span>{word}</span>") == 2


def test_more_rows_come_without_script_and_without_blame(sign_in, market):
    page = sign_in(market.buyer).post(url("write"), {**FORM, "title_fa": "", "more": "1"})
    text = page.content.decode()
    assert page.status_code == 200
    assert 'name="r6-text"' in text
    assert "aria-invalid" not in text


def test_an_answer_that_says_nothing_is_refused_at_the_requirement(sign_in, market):
    client = sign_in(market.firms[0])
    told = client.post(url("answer", opened(market)), {"for": str(market.firms[0])})
    assert told.status_code == 422
    assert told.content.decode().count("Say yes, partly or no.") == 2  # above, and beside it


def test_codes_are_found_and_ticked_in_a_need_without_a_script(sign_in, market):
    client = sign_in(market.buyer)
    form = {"for": str(market.buyer), "title_fa": "لنت", "rows": "1", "find_code": "خودرو",
            "lookup": "1"}  # fmt: skip
    found = client.post(reverse("matching:write"), form)
    assert (found.status_code, 'value="isic:2930"' in found.content.decode()) == (200, True)
    bad = client.post(reverse("matching:write"), {**form, "codes": "foo", "lookup": ""} | {})
    assert bad.status_code == 200  # looking up judges nothing yet
    del form["lookup"]
    assert client.post(reverse("matching:write"), {**form, "codes": "foo"}).status_code == 422
    client.post(reverse("matching:write"), {**form, "codes": "hs:8708", "pick": "isic:2930"})
    assert Need.objects.get().codes == "hs:8708 isic:2930"


def test_terms_are_suggested_while_one_types(sign_in, market, client):
    from payvand.matching import actions

    actions.seed_terms(by=registry.system("test"))
    told = client.get(reverse("matching:words"), {"q": "brake"}).content.decode()
    assert "<option" in told
    later = client.get(reverse("matching:words"), {"q": "زیر ده هزار لنت"}).content.decode()
    assert 'value="زیر ده هزار لنت' in later


def test_a_requirement_is_read_in_the_readers_language(sign_in, market, client):
    form = {**FORM, "for": str(market.buyer), "r1-text_en": "Quality certificate",
            "budget_most": "500"}  # fmt: skip
    sign_in(market.buyer).post(url("write"), form)
    row = Need.objects.get()
    assert row.requirements.get(no=1).text_en == "Quality certificate"
    for lang, word in (("en", "Quality certificate"), ("fa", "گواهی")):
        with override(lang):
            page = sign_in(market.buyer).get(reverse("matching:need", args=[row.pk]))
        assert f"<bdi>{word}</bdi>" in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("کیلو", "KGM", {"fa": "۲٬۵۰۰ کیلوگرم", "en": "2,500 kilograms"}),
        ("دستگاه", "device", {"fa": "۲٬۵۰۰ دستگاه", "en": "2,500 units"}),
        ("رأس دام", "رأس دام", {"fa": "۲٬۵۰۰ رأس دام", "en": "2,500 رأس دام"}),
    ],
)
def test_a_quantity_is_read_in_the_readers_language(sign_in, market, typed, kept, shown):
    client = sign_in(market.buyer)
    client.post(url("write"), {**FORM, "budget_most": "500", "quantity": "2500", "unit": typed})
    row = Need.objects.get()
    assert row.unit == kept
    for lang, words in shown.items():
        with override(lang):
            page = client.get(reverse("matching:need", args=[row.pk])).content.decode()
            form = client.get(reverse("matching:edit", args=[row.pk])).content.decode()
        assert words in page
        assert f'value="{words.partition(" ")[2]}"' in form
        assert "<datalist" in form
    told = client.get(f"/api/v1/needs/{row.pk}").json()
    assert (told["unit"], told["unit_name"]["en"]) == (kept, shown["en"].partition(" ")[2])


def test_an_office_gets_no_page_of_firms_before_the_end(sign_in, market):
    key = opened(market, "office")
    client = sign_in(market.office)
    assert client.get(url("matches", key)).status_code == 403
    assert client.get(url("answers", key)).status_code == 403
    client.post(url("step", key), {"step": "close"})
    assert client.get(url("matches", key)).status_code == 403  # the announced day is kept
    with clock.frozen(NOW + timedelta(days=31)):
        client.post(url("step", key), {"step": "close"})
        assert client.get(url("matches", key)).status_code == 200


def test_a_freeze_that_is_refused_is_told_on_the_page(sign_in, market):
    client = sign_in(market.buyer)
    client.post(url("write"), {**FORM, "budget_most": "500", "r1-weight": "nice"})
    key = Need.objects.get().pk
    page = client.post(url("step", key), {"step": "freeze"}, follow=True)
    assert "At least one requirement must be essential" in page.content.decode()
    assert Need.objects.get().state == "draft"


def test_a_draft_is_nobody_elses_to_read(sign_in, market):
    sign_in(market.buyer).post(url("write"), {**FORM, "budget_most": "500"})
    key = Need.objects.get().pk
    for org in (market.firms[0], market.office):
        assert sign_in(org).get(url("need", key)).status_code == 403


def test_the_public_pages_answer_guests_in_both_languages(market, client, sign_in):
    key = opened(market)
    for lang in ("fa", "en"):
        for path in ("", "needs.rss", "needs-ocds.json", "firms/?q=brake+pads", "supply/",
                     "results/", "fairs/", f"needs/{key}/"):  # fmt: skip
            page = client.get(f"/{lang}/exchange/{path}")
            assert page.status_code == 200, (lang, path)
            assert page.content
    for path in ("mine/", "work/", "write/", "saved/"):
        assert client.get(f"/en/exchange/{path}").status_code in (302, 403)


@pytest.mark.parametrize("path", ["", "supply/", "results/", "firms/?q=لنت"])
def test_public_pages_ask_a_fixed_number_of_questions(
    market, client, path, django_assert_max_num_queries
):
    for _n in range(3):
        opened(market)
    client.get(f"/fa/exchange/{path}")
    with django_assert_max_num_queries(22):
        client.get(f"/fa/exchange/{path}")


def test_the_interface_writes_opens_answers_and_refuses(sign_in, market):
    client = sign_in(market.office)
    head = {"HTTP_IDEMPOTENCY_KEY": "k1", "HTTP_ACCEPT_LANGUAGE": "en"}
    body = {
        "buyer": str(market.office),
        "title": {"fa": "تخت"},
        "answers_until": "2025-12-09",
        "requirements": [{"text": "گواهی", "kind": "certificate", "value": "IATF 16949"}],
    }

    def post(path, data, n):
        return client.post(f"/api/v1/{path}", json.dumps(data), content_type="application/json",
                           **(head | {"HTTP_IDEMPOTENCY_KEY": f"k{n}"}))  # fmt: skip

    made = post("needs", body, 1)
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    assert post("needs", {**body, "budget_least": "9", "budget_most": "1"}, 2).status_code == 422
    assert post(f"needs/{key}/freeze", {}, 3).json()["state"] == "frozen"
    assert post(f"needs/{key}/open", {}, 4).json()["state"] == "open"
    assert client.get(f"/api/v1/needs/{key}/firms").status_code == 403
    client = sign_in(market.firms[0])
    answer = {"firm": str(market.firms[0]), "lines": [{"no": 1, "says": "yes"}]}
    assert post(f"needs/{key}/answers", answer, 5).status_code == 204
    assert client.get("/api/v1/needs").json()["rows"][0]["id"] == key


def test_the_interface_extends_withdraws_and_ends_with_reasons(sign_in, market):
    key = opened(market, "office")
    office, firm, guest = market.office, market.firms[0], Client()

    def post(who, path, data):
        return sign_in(who).post(
            f"/api/v1/{path}", json.dumps(data), content_type="application/json",
            HTTP_IDEMPOTENCY_KEY=f"{path}{data}"[:90],
        )  # fmt: skip

    early = post(office, f"needs/{key}/extend", {"until": "2025-12-01", "reason": "earlier"})
    assert early.status_code == 422
    assert "until" in json.dumps(early.json())
    later = {"until": "2025-12-20", "reason": "three questions"}
    assert post(firm, f"needs/{key}/extend", later).status_code == 403
    told = post(office, f"needs/{key}/extend", later).json()
    assert (told["answers_until"], told["changes"][0]["reason"]) == (
        "2025-12-20",
        "three questions",
    )
    assert told["telling"] == {"seen": 0, "total": 2, "told": 0}
    assert guest.get(f"/api/v1/needs/{key}").json()["telling"] is None  # for its buyer alone
    assert post(office, f"needs/{key}/close", {}).status_code == 409  # the announced day is kept
    assert post(office, f"needs/{key}/withdraw", {"reason": ""}).status_code == 422
    gone = post(office, f"needs/{key}/withdraw", {"reason": "no money"}).json()
    assert gone["state"] == "withdrawn"
    assert guest.get("/api/v1/needs?state=withdrawn").json()["rows"][0]["id"] == str(key)
    private = opened(market)
    pk = answers.invite(private, market.firms[0], by=market.actors["buyer"])
    deal = answers.settle(pk, by=market.actors["firm0"], accept=True)
    end = {"on": "2025-11-09", "because": "price"}
    assert post(office, f"deals/{deal}/end", end).status_code == 403
    assert post(firm, f"deals/{deal}/end", end).status_code == 204
    assert post(firm, f"deals/{deal}/end", end | {"note": "again"}).status_code == 409
    again = {"on": "2025-11-09", "reason": "a new price"}
    assert post(office, f"deals/{deal}/resume", again).status_code == 403
    assert post(firm, f"deals/{deal}/resume", again | {"reason": ""}).status_code == 422
    assert post(market.buyer, f"deals/{deal}/resume", again).status_code == 204
    assert post(firm, f"deals/{deal}/resume", again | {"reason": "twice"}).status_code == 409


def test_the_report_of_supply_leaves_as_a_table_in_both_languages(sign_in, market, client):
    opened(market)
    for lang in ("fa", "en"):
        with override(lang):
            told = client.get(reverse("matching:supply_csv"))
            page = client.get(reverse("matching:supply"), {"province": "IR-03"})
        assert told["Content-Type"].startswith("text/csv")
        assert "supply.csv?province=IR-03" in page.content.decode()
        head, row = list(csv.reader(io.StringIO(told.content.decode("utf-8-sig"))))
        assert head[1] == "استان، به فارسی / Province, in Persian"
        assert row[:3] == ["IR-03", "آذربایجان شرقی", "East Azerbaijan"]
        assert row[3:] == ["automotive", "قطعه‌سازی خودرو", "Automotive parts", "1", "1", "3", "0"]
    assert client.get(url("supply_csv") + "?province=nowhere").status_code == 200
    (line,) = client.get("/api/v1/supply?province=IR-03").json()
    assert (line["field"], line["firms"], line["is_missing"]) == ("automotive", 3, False)
    assert client.get("/api/v1/supply?province=IR-15").json() == []


def test_an_invited_firm_accepts_on_its_own_page(sign_in, market):
    key = opened(market)
    pk = answers.invite(key, market.firms[0], by=market.actors["buyer"])
    client = sign_in(market.firms[0])
    assert "You need not answer" in client.get(url("mine")).content.decode()
    page = client.post(url("settle", pk), {"step": "accept"})
    assert page.status_code == 302
    assert client.get(page.url).status_code == 200
    assert client.post(url("settle", pk), {"step": "decline"}).status_code == 302


def test_a_newcomer_of_whom_no_word_fits_has_no_place_in_the_list():
    from payvand.matching.exchange.ranking import is_stray
    from payvand.matching.queries import NOTHING_ASKED, Because, Match
    from payvand.matching.rules.explain import Mark

    told = Because("capability:1", "فیلم گلخانه", False, "capability", ())
    fits = Because("capability:2", "لنت ترمز", False, "capability", (Mark(0, 3),))
    cases = [((told,), True, {}, True), ((told, fits), True, {}, False),
             ((told,), False, {}, False), ((told,), True, {"meaning": 0.4}, False)]  # fmt: skip
    for because, is_new, ways, stray in cases:
        match = Match("f", 1.0, because, (), NOTHING_ASKED, is_new, ways)
        assert is_stray(match) is stray
