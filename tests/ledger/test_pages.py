"""Do the desks show, refuse and record what they promise?"""

import io
import re
from datetime import date, timedelta
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from payvand.kernel import clock
from payvand.kernel.text import compact_key
from payvand.ledger import actions, links, queries, resolutions, sweep
from payvand.ledger.models import Answer, Disclosure, Notice, Obligation, Outbox, Pulse
from payvand.ledger.queries import Filters
from payvand.ledger.rules.reply import Reply
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.window import actions as window
from tests import world as worlds

pytestmark = pytest.mark.django_db
YES = Reply("positive", fields={"number": "12"})


@pytest.fixture
def world():
    with clock.frozen(worlds.MONDAY):
        yield worlds.build()
    registry.forget()


@pytest.fixture
def case(world):
    return window.file(by=world.applicant, version=world.version, applicant=world.company,
                       place="IR-15-1503", data=worlds.DATA)  # fmt: skip


@pytest.fixture
def owed(case):
    return Obligation.objects.get(case_id=case.id, question="q00")


def signed_in(name="clerk", *seats, office=None, operator=False):
    """Return a client of an account with these seats (agency id, role) and this office."""
    user = r.User.objects.create(username=name, is_superuser=operator)
    for org, role in seats:
        r.Membership.objects.create(user=user, org_id=org, role=role, valid_from=date(2020, 1, 1))
    if office:
        r.Holding.objects.filter(office_id=office).delete()
        r.Holding.objects.create(office_id=office, user=user, valid_from=date(2020, 1, 1))
    registry.forget()
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def clerk(world):
    return signed_in("clerk", (world.agencies["a0"], "clerk"))


def page(client, path, data=None):
    answer = client.post(f"/fa{path}", data) if data is not None else client.get(f"/fa{path}")
    return answer, answer.content.decode()


# --- the inbox -------------------------------------------------------------------------------


def test_the_inbox_shows_what_the_agency_owes_and_nothing_of_others(clerk, owed, case):
    answer, html = page(clerk, "/inbox/")
    assert answer.status_code == 200
    assert str(owed.pk) in html
    others = Obligation.objects.filter(case_id=case.id).exclude(pk=owed.pk)
    assert all(str(other.pk) not in html for other in others)


def test_somebody_without_a_seat_is_told_so(world):
    answer, html = page(signed_in("guest"), "/inbox/")
    assert answer.status_code == 403
    assert "<h1>" in html


def test_the_inbox_needs_the_same_few_queries_however_long_it_is(world):
    by, org = world.clerk("a0"), world.agencies["a0"]
    _many(world, 3)
    assert _ledger_queries(lambda: queries.inbox(by, org=org)) == 2
    _many(world, 40)  # a full page of dated rows needs no look at undated ones
    assert _ledger_queries(lambda: queries.inbox(by, org=org, size=20)) == 1


def _ledger_queries(call):
    """Count what asks the ledger; the registry looks now and then whether its caches hold."""
    with CaptureQueriesContext(connection) as asked:
        call()
    return sum("ledger_" in query["sql"] for query in asked.captured_queries)


def _many(world, number, **changes):
    before = Obligation.objects.count()
    Obligation.objects.bulk_create(
        Obligation(
            kind="inquiry", case_id=world.agencies["other"], case_code=f"1234{n:08}",
            question=f"q{before + n}", title={"fa": f"ردیف {n}", "en": f"Row {n}"},
            asker_id=world.agencies["owner"], debtor_id=world.agencies["a0"], term="5wd",
            place_id="IR-15", sent_at=clock.now(),
            due_at=clock.now() + timedelta(days=n // 3), **changes,
        )
        for n in range(number)
    )  # fmt: skip


def test_pages_follow_each_other_without_gap_or_double(world):
    _many(world, 30)
    Obligation.objects.filter(title__fa__in=["ردیف 5", "ردیف 6"]).update(due_at=None, term="")
    by, org = world.clerk("a0"), world.agencies["a0"]
    seen, after = [], ""
    for _ in range(10):
        found = queries.inbox(by, org=org, after=after, size=7)
        seen += [row.owed for row in found.rows]
        after = found.after
        if not after:
            break
    assert len(seen) == len({o.pk for o in seen}) == 30
    dated = [o.due_at for o in seen if o.due_at]
    assert dated == sorted(dated)
    assert [o.due_at for o in seen[-2:]] == [None, None]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param(Filters(when="overdue"), 0, id="overdue"),
        pytest.param(Filters(when="today"), 3, id="today"),
        pytest.param(Filters(when="week"), 15, id="week-ends-with-friday"),
        pytest.param(Filters(code="۱۲۳۴ ۰۰۰۰ ۰۰۰۱"), 1, id="persian-digits-and-spaces"),
        pytest.param(Filters(service="nothing"), 0, id="service"),
        pytest.param(Filters(mine=True), 0, id="mine"),
    ],
)
def test_filters_narrow_the_inbox(world, filters, expected):
    _many(world, 20)
    found = queries.inbox(world.clerk("a0"), org=world.agencies["a0"], filters=filters)
    assert len(found.rows) == expected


def test_a_seat_limited_to_a_place_sees_that_place_only(world):
    _many(world, 2)
    Obligation.objects.filter(title__fa="ردیف 1").update(place_id="IR-03")
    by = registry.Actor(
        user_id=1, seats=(registry.Seat(world.agencies["a0"], "clerk", place="IR-15"),)
    )
    found = queries.inbox(by, org=world.agencies["a0"])
    assert [row.owed.title["fa"] for row in found.rows] == ["ردیف 0"]


def test_a_clerk_claims_and_hands_back(clerk, owed):
    page(clerk, "/inbox/claim/", {"id": str(owed.pk), "to": "me"})
    owed.refresh_from_db()
    assert owed.claimed_by_id == clerk.user.pk
    page(clerk, "/inbox/claim/", {"id": str(owed.pk), "to": "nobody"})
    owed.refresh_from_db()
    assert owed.claimed_by_id is None


def test_the_way_back_never_leads_off_the_site(clerk, owed):
    answer, _ = page(clerk, "/inbox/claim/", {"id": str(owed.pk), "back": "//evil.example/"})
    assert answer["Location"] == "/fa/inbox/"


# --- one inquiry -----------------------------------------------------------------------------


def test_opening_proves_delivery_and_is_written_down_once_an_hour(clerk, owed):
    before = Disclosure.objects.filter(obligation=owed).count()
    for _ in range(3):
        answer, html = page(clerk, f"/inquiry/{owed.pk}/")
        assert answer.status_code == 200
    owed.refresh_from_db()
    assert owed.proof == "opened"
    assert Disclosure.objects.filter(obligation=owed).count() == before + 1
    assert worlds.DATA["name"] in html
    assert worlds.DATA["secret"] not in html


def test_another_agency_is_refused_with_the_reason(world, owed):
    other = signed_in("other", (world.agencies["a1"], "clerk"))
    answer, html = page(other, f"/inquiry/{owed.pk}/")
    assert answer.status_code == 403
    assert worlds.DATA["name"] not in html
    assert Disclosure.objects.filter(obligation=owed, how="opened").count() == 0


def test_an_answer_is_recorded_with_its_fields_and_number(clerk, owed):
    data = {"outcome": "positive", "r-number": "۱۲/۳۴", "letter_no": "5/6"}
    answer, _ = page(clerk, f"/inquiry/{owed.pk}/", data)
    assert answer.status_code == 302
    owed.refresh_from_db()
    assert owed.outcome == "positive"
    assert owed.reply["fields"]["number"]
    assert owed.reply["letter_no"] == "5/6"


@pytest.mark.parametrize("data", [
    pytest.param({}, id="no-answer-chosen"),
    pytest.param({"outcome": "negative"}, id="refusal-without-reasons"),
    pytest.param({"outcome": "conditional", "text": "متن"}, id="conditions-missing"),
    pytest.param({"outcome": "not_ours"}, id="not-ours-without-saying-whose"),
])  # fmt: skip
def test_an_incomplete_answer_is_shown_again_with_everything_typed(clerk, owed, data):
    answer, html = page(clerk, f"/inquiry/{owed.pk}/", {**data, "letter_no": "KEEP-77"})
    assert answer.status_code == 422
    assert 'id="errors"' in html
    assert "KEEP-77" in html
    owed.refresh_from_db()
    assert owed.state == "sent"


def test_a_refusal_names_the_numbered_condition(clerk, owed):
    spec = {**owed.spec, "conditions": [{"number": 3, "title": {"fa": "سه", "en": "three"}}]}
    Obligation.objects.filter(pk=owed.pk).update(spec=spec)
    data = {"outcome": "negative", "text": "مدرک ناقص است"}
    answer, _ = page(clerk, f"/inquiry/{owed.pk}/", data)
    assert answer.status_code == 422
    answer, _ = page(clerk, f"/inquiry/{owed.pk}/", {**data, "refused": "3"})
    owed.refresh_from_db()
    assert (answer.status_code, owed.reply["refused"]) == (302, "3")


def test_where_two_sign_the_clerk_drafts_and_the_signatory_signs(world, clerk, owed):
    Obligation.objects.filter(pk=owed.pk).update(spec={**owed.spec, "signatures": 2})
    page(clerk, f"/inquiry/{owed.pk}/", {"outcome": "positive"})
    owed.refresh_from_db()
    assert owed.state == "sent"
    assert Answer.objects.get(obligation=owed).state == "draft"
    answer, _ = page(clerk, f"/inquiry/{owed.pk}/sign/", {})
    assert answer.status_code == 403
    chief = signed_in("chief", (world.agencies["a0"], "signatory"))
    _, html = page(chief, f"/inquiry/{owed.pk}/")
    assert f"/inquiry/{owed.pk}/sign/" in html
    page(chief, f"/inquiry/{owed.pk}/sign/", {})
    owed.refresh_from_db()
    assert owed.outcome == "positive"


def test_a_correction_needs_a_reason_and_both_answers_stay_visible(world, clerk, owed):
    actions.answer(by=world.clerk("a0"), obligation_id=owed.pk, reply=YES)
    path = f"/inquiry/{owed.pk}/correct/"
    answer, _ = page(clerk, path, {"outcome": "not_ours", "text": "با شهرداری است"})
    assert answer.status_code == 422
    data = {"outcome": "not_ours", "text": "با شهرداری است", "reason": "اشتباه در ثبت"}
    page(clerk, path, data)
    _, html = page(clerk, f"/inquiry/{owed.pk}/")
    assert "اشتباه در ثبت" in html
    assert html.count("<article") == 2


def test_the_applicant_is_asked_for_declared_items_and_the_clock_stands_still(
    world, clerk, owed, monkeypatch
):
    items = [{"id": "map", "type": "file", "title": {"fa": "نقشه", "en": "Map"}}]
    spec = {**owed.spec, "completion": {"items": items, "term": "10wd"}}
    Obligation.objects.filter(pk=owed.pk).update(spec=spec)
    monkeypatch.setattr(queries.applicant_of, "_kept", [(1, lambda case: world.company)])
    data = {"outcome": "completion", "items": "map", "text": "نقشه ناخواناست"}
    answer, _ = page(clerk, f"/inquiry/{owed.pk}/", data)
    assert answer.status_code == 302
    owed.refresh_from_db()
    assert (owed.state, owed.due_at) == ("stopped", None)
    assert page(clerk, f"/inquiry/{owed.pk}/")[0].status_code == 200


def test_many_are_answered_alike_or_none(world, clerk, case):
    mine = list(Obligation.objects.filter(debtor_id=world.agencies["a0"]))
    others = Obligation.objects.filter(debtor_id=world.agencies["a1"]).first()
    ids = [str(o.pk) for o in mine]
    _, html = page(clerk, "/inbox/answer/", {"id": ids})
    assert html.count('name="id"') == len(ids)
    data = {"id": [*ids, str(others.pk)], "step": "answer", "outcome": "positive"}
    assert page(clerk, "/inbox/answer/", data)[0].status_code == 403
    assert not Obligation.objects.filter(state="answered").exists()
    assert page(clerk, "/inbox/answer/", {**data, "id": ids})[0].status_code == 302
    assert Obligation.objects.filter(state="answered").count() == len(ids)


def test_what_cannot_be_answered_together_is_left_out_with_the_reason(world, clerk, case):
    window.file(by=world.applicant, version=world.version, applicant=world.company,
                place="IR-15-1503", data=worlds.DATA)  # fmt: skip
    first, second = Obligation.objects.filter(debtor_id=world.agencies["a0"])
    Obligation.objects.filter(pk=second.pk).update(spec={**second.spec, "signatures": 2})
    answer, html = page(clerk, "/inbox/answer/", {"id": [str(first.pk), str(second.pk)]})
    assert answer.status_code == 200
    assert re.findall(r'name="id" value="([^"]+)"', html) == [str(first.pk)]
    assert 'class="note warn"' in html
    answer, _ = page(clerk, "/inbox/answer/", {"id": str(second.pk)})
    assert answer.status_code == 302


# --- the single-use link ---------------------------------------------------------------------


def test_a_link_opens_one_inquiry_and_answers_it_once(owed):
    token = links.create(owed.pk)
    client = Client()
    answer, html = page(client, f"/answer/{token}/")
    assert answer.status_code == 200
    assert worlds.DATA["secret"] not in html
    owed.refresh_from_db()
    assert owed.delivered_at is not None
    page(client, f"/answer/{token}/", {"outcome": "positive"})
    owed.refresh_from_db()
    assert owed.outcome == "positive"
    for data in (None, {"outcome": "negative", "text": "نه"}):
        answer, html = page(client, f"/answer/{token}/", data)
        assert answer.status_code == 410
        assert owed.case_code[-4:].translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) in html


def test_an_expired_or_invented_link_is_refused_kindly_with_a_way_on(owed):
    token = links.create(owed.pk)
    with clock.frozen(worlds.MONDAY + timedelta(days=31)):
        answer, html = page(Client(), f"/answer/{token}/")
    assert answer.status_code == 410
    assert "<ul" in html
    assert page(Client(), "/answer/invented/")[0].status_code == 410


def test_only_the_digest_of_a_token_is_kept(owed):
    token = links.create(owed.pk)
    kept = owed.links.get()
    assert token not in (kept.token_hash, str(kept.__dict__))
    assert links.create(owed.pk, key="k/1") == links.create(owed.pk, key="k/1")


def test_an_answer_that_cannot_stand_does_not_use_the_link_up(owed):
    token = links.create(owed.pk)
    answer, _ = page(Client(), f"/answer/{token}/", {"outcome": "negative"})
    assert answer.status_code == 422
    assert links.actor_for_token(token).obligation == owed.pk


# --- officials -------------------------------------------------------------------------------


@pytest.fixture
def reported(world, case):
    """Let every term pass, so that reports go to the heads of the agencies."""
    with clock.frozen(worlds.MONDAY + timedelta(days=8)):
        sweep.sweep(clock.now())
        yield


def test_a_report_reaches_the_desk_of_its_office_and_is_acknowledged_with_an_order(world, reported):
    head = signed_in("head", office=world.offices["head-a0"])
    stranger = signed_in("stranger", office=world.offices["head-a1"])
    report = Obligation.objects.get(kind="acknowledgement", office_id=world.offices["head-a0"])
    _, html = page(head, "/reports/")
    assert str(report.pk) in html
    assert str(report.pk) not in page(stranger, "/reports/")[1]
    answer, _ = page(head, "/reports/", {"id": str(report.pk)})
    assert answer.status_code == 422
    answer, _ = page(stranger, "/reports/", {"id": str(report.pk), "order": "پیگیری"})
    assert answer.status_code == 403
    page(head, "/reports/", {"id": str(report.pk), "order": "تا فردا پاسخ دهید"})
    report.refresh_from_db()
    assert (report.outcome, report.reply["text"]) == ("acknowledged", "تا فردا پاسخ دهید")


def test_the_page_of_a_report_says_what_is_late_but_shows_no_field_of_the_case(world, reported):
    head = signed_in("head", office=world.offices["head-a0"])
    report = Obligation.objects.get(kind="acknowledgement", office_id=world.offices["head-a0"])
    answer, html = page(head, f"/inquiry/{report.pk}/")
    assert answer.status_code == 200
    assert "دستگاه a0" in html
    assert worlds.DATA["name"] not in html
    assert page(head, f"/inquiry/{report.about_id}/")[0].status_code == 403
    page(head, f"/inquiry/{report.pk}/", {"order": "امروز پاسخ دهید"})
    report.refresh_from_db()
    assert report.outcome == "acknowledged"


def test_who_opens_a_report_after_its_term_is_not_told_that_days_are_left(world, reported):
    head = signed_in("head", office=world.offices["head-a0"])
    report = Obligation.objects.get(kind="acknowledgement", office_id=world.offices["head-a0"])
    with clock.frozen(report.due_at + timedelta(days=3)):
        _, html = page(head, f"/inquiry/{report.pk}/")
        later = Obligation.objects.get(pk=report.pk)
    assert later.delivered_at is not None
    assert later.due_at == report.due_at
    assert "از مهلت گذشته" in html  # and not «… مانده» beside «تأخیر»
    assert "مانده" not in html
    assert "پس از پایان مهلت باز شده است" in html


def test_an_obligation_that_is_answered_elsewhere_leads_there(clerk, owed, monkeypatch):
    there = [(1, lambda case, kind, key: f"/fa/there/{case}/" if kind == "inquiry" else None)]
    monkeypatch.setattr(queries.page_elsewhere, "_kept", there)
    answer, _ = page(clerk, f"/inquiry/{owed.pk}/")
    assert answer["Location"] == f"/fa/there/{owed.case_id}/"


def test_notices_are_told_in_the_readers_language(world, reported):
    head = signed_in("head", office=world.offices["head-a0"])
    fa = head.get("/fa/notices/").content.decode()
    en = head.get("/en/notices/").content.decode()
    assert "تأخیر" in fa
    assert "Delay report" in en
    assert head.post("/fa/notices/read/").status_code == 302
    assert queries.count_notices(registry.actor_for(head.user)) == 0


def test_notices_stand_by_time_with_the_newest_first_page_after_page(world):
    head = signed_in("head", office=world.offices["head-a0"])
    for n in (2, 0, 1):  # a history may be written in another order than it happened
        at = clock.now() + timedelta(hours=n)
        Notice.objects.create(
            office_id=world.offices["head-a0"], verb="delay.near", args={"title": f"t{n}"}, at=at
        )
    by = registry.actor_for(head.user)
    first, older = queries.notices(by, size=2)
    second, end = queries.notices(by, before=older, size=2)
    assert [n.args["title"] for n in (*first, *second)] == ["t2", "t1", "t0"]
    assert end == ""
    assert head.get("/fa/notices/?before=broken").status_code == 200


def test_the_pulse_says_once_that_no_sms_gateway_is_set(world, settings):
    admin = signed_in("admin", operator=True)
    assert "PAYVAND_SMS_URL" in page(admin, "/operations/pulse/")[1]
    settings.PAYVAND_SMS_URL = "https://sms.example/send"
    assert "PAYVAND_SMS_URL" not in page(admin, "/operations/pulse/")[1]


def sheet(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "resolutions.xlsx"
    return file


HEAD = ("title", "owner", "term", "place", "proof")


def test_resolutions_are_previewed_then_entered_as_obligations(world):
    keeper = signed_in("keeper", (world.agencies["owner"], "head"))
    file = sheet(HEAD, ("گشایش باجهٔ دوم", "a0", "۱۰wd", "IR-15", "شمارهٔ نامه"),
                 ("نشست استانی", "governor", "30d", "IR-15", ""))  # fmt: skip
    answer, html = page(keeper, "/resolutions/import/", {"file": file})
    assert answer.status_code == 200
    assert not Obligation.objects.filter(kind="resolution").exists()
    rows = re.search(r'name="rows" value="([^"]+)"', html)[1]
    page(keeper, "/resolutions/import/",
         {"rows": rows, "asker": str(world.agencies["owner"]), "source": "x.xlsx"})  # fmt: skip
    made = Obligation.objects.filter(kind="resolution").order_by("question")
    assert [(m.term, m.office_id) for m in made] == [
        ("10wd", None), ("30d", world.offices["governor"])]  # fmt: skip
    assert all(m.due_at for m in made)
    _, html = page(keeper, "/resolutions/")
    assert "گشایش باجهٔ دوم" in html
    assert "استاندار" in page(keeper, "/resolutions/?print=1")[1]
    clerk = signed_in("doer", (world.agencies["a0"], "clerk"))
    page(clerk, f"/inquiry/{made[0].pk}/", {"text": "باجه باز شد", "letter_no": "88"})
    assert Obligation.objects.get(pk=made[0].pk).outcome == "done"


def test_every_wrong_row_of_a_spreadsheet_is_named_and_nothing_is_entered(world):
    keeper = signed_in("keeper", (world.agencies["owner"], "head"))
    file = sheet(HEAD, ("", "a0", "10wd", "", ""), ("ب", "nobody", "soon", "IR-99", ""))
    lines, problems = resolutions.read(file)
    assert lines == []
    assert [(p.row, p.column) for p in problems] == [
        (2, "title"), (3, "term"), (3, "place"), (3, "owner")]  # fmt: skip
    file.seek(0)
    answer, html = page(keeper, "/resolutions/import/", {"file": file})
    assert answer.status_code == 422
    assert 'name="rows"' not in html
    broken = io.BytesIO(b"not a workbook")
    broken.name = "x.xlsx"
    assert page(keeper, "/resolutions/import/", {"file": broken})[0].status_code == 422


def rebuilt(file, name, change):
    """Return a workbook with one of its parts changed."""
    made = io.BytesIO()
    with ZipFile(file) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            body = old.read(part)
            new.writestr(part, change(body) if part == name else body)
    made.seek(0)
    made.name = "resolutions.xlsx"
    return made


def test_a_workbook_that_unfolds_to_far_more_than_it_holds_is_not_opened(world, monkeypatch):
    opened = []
    monkeypatch.setattr("openpyxl.load_workbook", lambda *_, **__: opened.append(1))
    bomb = sheet(HEAD, ("الف", "a0", "10wd", "", ""))
    with ZipFile(bomb, "a", ZIP_DEFLATED) as book:
        book.writestr("xl/media/image1.png", b"0" * (resolutions.MOST_UNPACKED + 1))
    bomb.seek(0)
    assert len(bomb.getvalue()) < 1_000_000
    lines, problems = resolutions.read(bomb)
    assert (lines, [p.row for p in problems], opened) == ([], [0], [])
    bomb.seek(0)
    keeper = signed_in("keeper", (world.agencies["owner"], "head"))
    answer, html = page(keeper, "/resolutions/import/", {"file": bomb})
    assert answer.status_code == 422
    assert "۱۰۰ مگابایت" in html


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "change",
    [lambda body: b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + body, lambda body: body[:200]],
    ids=["entities", "cut sheet"],
)
def test_a_workbook_that_is_broken_inside_or_defines_entities_is_refused_in_words(world, change):
    broken = rebuilt(sheet(HEAD, ("الف", "a0", "10wd", "", "")), SHEET, change)
    lines, problems = resolutions.read(broken)
    assert lines == []
    assert ["XLSX" in p.why for p in problems] == [True]


def test_a_zip_cut_in_the_middle_is_refused_in_words(world):
    whole = sheet(HEAD, ("الف", "a0", "10wd", "", "")).getvalue()
    for size in (100, len(whole) // 2, len(whole) - 10):
        lines, problems = resolutions.read(io.BytesIO(whole[:size]))
        assert (lines, len(problems)) == ([], 1)


def test_a_formula_counts_as_what_it_was_last_worth_and_never_as_its_text(world):
    """The program that saved the sheet left the worth beside the formula; without it, nothing."""
    file = sheet(HEAD, ("=A9", "a0", "10wd", "", ""))
    _, problems = resolutions.read(file)
    assert [(p.row, p.column) for p in problems] == [(2, "title")]
    file.seek(0)
    worth = rebuilt(
        file,
        SHEET,
        lambda body: body.replace(
            b'<c r="A2"><f>A9</f><v></v></c>', b'<c r="A2" t="str"><f>A9</f><v>second</v></c>'
        ).replace(b'<c r="A2"><f>A9</f><v/></c>', b'<c r="A2" t="str"><f>A9</f><v>second</v></c>'),
    )
    lines, problems = resolutions.read(worth)
    assert ([one.title for one in lines], problems) == (["second"], [])


@pytest.mark.parametrize(("name", "size"), [("list.exe", 10), ("list.xlsx", 3_000_000)])
def test_an_upload_that_is_no_sheet_or_too_large_is_refused_at_the_field(world, name, size):
    keeper = signed_in("keeper", (world.agencies["owner"], "head"))
    file = io.BytesIO(b"0" * size)
    file.name = name
    answer, html = page(keeper, "/resolutions/import/", {"file": file})
    assert answer.status_code == 422
    assert 'id="errors"' in html


def test_rows_that_were_not_previewed_cannot_be_slipped_in(world):
    keeper = signed_in("keeper", (world.agencies["owner"], "head"))
    page(keeper, "/resolutions/import/", {"rows": "forged", "asker": str(world.agencies["owner"])})
    assert not Obligation.objects.filter(kind="resolution").exists()


def test_a_sheet_in_plain_persian_names_offices_places_and_terms_as_people_do(world):
    known = r.Party.objects.filter(pk=world.agencies["a0"])
    known.update(search_key=compact_key("دستگاه a0"))
    file = sheet(("عنوان", "متولی", "مهلت", "محل", "مدرک"),
                 ("گشایش باجهٔ دوم", "دستگاه a0", "۱۰ روز کاری", "لرستان", "شمارهٔ نامه"),
                 ("نشست استانی", "استاندار", "۳۰ روز", "لرستان", ""))  # fmt: skip
    lines, problems = resolutions.read(file)
    assert problems == []
    assert [(one.owner, one.office, one.term, one.place) for one in lines] == [
        (world.agencies["a0"], None, "10wd", "IR-15"),
        (None, world.offices["governor"], "30d", "IR-15"),
    ]


def test_a_clerk_or_a_company_enters_no_resolutions(world, clerk):
    assert page(clerk, "/resolutions/import/")[0].status_code == 403
    firm = signed_in("firm", (world.company, "signatory"))
    answer, html = page(firm, "/resolutions/import/")
    assert answer.status_code == 403
    assert "/fa/resolutions/" not in html.split("<main")[0]


# --- operations ------------------------------------------------------------------------------


@pytest.fixture
def operator(world):
    return signed_in("operator", operator=True)


def test_operations_are_for_administrators(clerk):
    for path in ("pulse", "dead-letters", "closure"):
        assert page(clerk, f"/operations/{path}/")[0].status_code == 403


def test_a_stopped_sweeper_raises_the_alarm(operator):
    assert 'role="alert"' in page(operator, "/operations/pulse/")[1]
    Pulse.objects.create(name="sweeper", at=clock.now())
    assert 'role="alert"' not in page(operator, "/operations/pulse/")[1]
    with clock.frozen(worlds.MONDAY + timedelta(minutes=5)):
        assert 'role="alert"' in page(operator, "/operations/pulse/")[1]


def test_dead_letters_are_sent_again_or_closed_with_a_reason(operator, owed):
    dead = [Outbox.objects.create(key=f"{owed.pk}/{n}", kind="inquiry", channel="rest",
                                  address="http://x", obligation=owed, state="dead",
                                  first_failed_at=clock.now(), attempts=12)
            for n in (8, 9)]  # fmt: skip
    assert "http://x" in page(operator, "/operations/dead-letters/")[1]
    page(operator, "/operations/dead-letters/", {"id": dead[0].pk, "do": "retry"})
    dead[0].refresh_from_db()
    assert (dead[0].state, dead[0].attempts) == ("waiting", 0)
    data = {"id": dead[1].pk, "do": "give_up"}
    assert page(operator, "/operations/dead-letters/", data)[0].status_code == 422
    page(operator, "/operations/dead-letters/", {**data, "reason": "سامانه برچیده شد"})
    dead[1].refresh_from_db()
    assert (dead[1].state, dead[1].last_error) == ("dropped", "سامانه برچیده شد")


CLOSURE = {"scope": "IR-15", "starts_day": "۲۲", "starts_month": "8", "starts_year": "۱۴۰۴",
           "title_fa": "برف سنگین", "source": "استانداری، نمونه"}  # fmt: skip


def test_a_closure_is_previewed_and_then_moves_the_terms(operator, owed):
    path = "/operations/closure/"
    before = owed.due_at
    answer, html = page(operator, path, {**CLOSURE, "do": "preview"})
    assert answer.status_code == 200
    assert "۴" in html
    owed.refresh_from_db()
    assert owed.due_at == before
    assert page(operator, path, {**CLOSURE, "do": "apply"})[0].status_code == 302
    owed.refresh_from_db()
    assert owed.due_at > before
    assert owed.moves.get().cause == "برف سنگین"


def test_a_closure_that_makes_no_sense_is_refused_at_the_field(operator):
    data = {**CLOSURE, "ends_day": "1", "ends_month": "8", "ends_year": "1404", "opens": "10:00"}
    answer, html = page(operator, "/operations/closure/", data)
    assert answer.status_code == 422
    assert html.count('class="err"') == 2
    assert "برف سنگین" in html


# --- the menu --------------------------------------------------------------------------------


def test_the_menu_counts_to_a_hundred_and_no_further(world):
    _many(world, 120)
    assert queries.count_inbox([world.agencies["a0"]]) == 100
