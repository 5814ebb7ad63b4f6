"""Do the window's pages keep their promises, in both languages, to the right people only?"""

from __future__ import annotations

import re
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from payvand.kernel import clock
from payvand.kernel.text import to_persian_digits
from payvand.ledger import public as ledger
from payvand.registry import models as r
from payvand.window import actions, compiled, queries
from payvand.window import models as w
from payvand.window.queries import office
from tests import world as worlds

pytestmark = pytest.mark.django_db
LANGUAGES = ("fa", "en")
DATA = {**worlds.DATA, "since": "2025-03-20"}


def both(text: str) -> dict[str, str]:
    return {"fa": text, "en": text}


def pack() -> dict:
    """Return the grid of 2×2 inquiries with more on its form, fees, checks and an objection."""
    body = worlds.grid_pack(2, 2)
    body["title"] = {"fa": "پروانهٔ كارگاه", "en": "Workshop permit"}
    body["form"].append(
        {
            "id": "more",
            "title": {"fa": "بیشتر", "en": "More"},
            "fields": [
                {"id": "since", "type": "date", "required": True, "title": both("Since when")},
                {
                    "id": "reason",
                    "type": "text",
                    "required": True,
                    "title": both("Why so many"),
                    "show_when": {"fact": "amount", "op": "gt", "value": 100},
                },
                {
                    "id": "plan",
                    "type": "file",
                    "accept": ["application/pdf"],
                    "title": both("Plan"),
                },
            ],
        }
    )
    body["checks"] = [
        {
            "id": "size", "at": "decide", "severity": "block", "message": both("Too large"),
            "rule": {"fact": "amount", "op": "lte", "value": 50},
        }
    ]  # fmt: skip
    body["fees"] = [
        {"id": "file", "title": both("File fee"), "amount_rial": 500000, "to": "owner",
         "at": "submit", "sample": True}
    ]  # fmt: skip
    body["objection"] = {"to": {"role": "role0", "place": "province"}, "term": "30d"}
    body["inquiries"][0]["completion"] = {
        "items": [
            {"id": "note", "type": "text", "required": True, "title": both("Missing note")},
            {"id": "scan", "type": "file", "accept": ["application/pdf"], "title": both("Scan")},
        ],
        "answer_term": "5wd",
    }
    return body


@pytest.fixture
def world(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with clock.frozen(worlds.MONDAY):
        made = worlds.build(pack())
        service = w.Service.objects.get(pk="grid")
        service.search_key = "پروانهٔکارگاه workshoppermit"
        service.category = "business"
        service.save()
        yield made


def account(name: str, **facts) -> r.User:
    return r.User.objects.create_user(username=name, password="secret-enough-1", **facts)


def signed_in(user: r.User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def owner(world) -> Client:
    """Give the browser of the applicant, who acts for a company too."""
    user = account("owner", party_id=world.applicant.party)
    r.Mandate.objects.create(
        principal_id=world.company, agent_id=world.applicant.party, evidence="نمونه",
        valid_from=date(2020, 1, 1),
    )  # fmt: skip
    return signed_in(user)


def seated(world, agency: str, role: str, name: str = "") -> Client:
    user = account(name or f"{agency}-{role}")
    r.Membership.objects.create(
        user=user, org_id=world.agencies[agency], role=role, valid_from=date(2020, 1, 1)
    )
    return signed_in(user)


@pytest.fixture
def decider(world) -> Client:
    return seated(world, "owner", "decider")


@pytest.fixture
def stranger(world) -> Client:
    party = r.Party.objects.create(kind="person", name_fa="دیگری", place_id="IR-15-1503")
    return signed_in(account("stranger", party=party))


@pytest.fixture
def case(world) -> w.Application:
    return actions.file(
        by=world.applicant, version=world.version, applicant=world.company, place="IR-15-1503",
        data=DATA,
    )  # fmt: skip


def answer_all(world, case, outcome: str = "positive") -> None:
    """Let every agency answer until nothing is open but the decision."""
    while True:
        rows = ledger.Obligation.objects.filter(
            case_id=case.pk, kind="inquiry", state__in=ledger.OPEN
        ).select_related("debtor")
        if not rows:
            return
        for owed in rows:
            desk = world.clerk(owed.debtor.slug, "clerk")
            ledger.answer(by=desk, obligation_id=owed.pk, reply=ledger.Reply(outcome))


# --- catalogue and service ---------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_and_the_service_page_speak_both_languages(world, client, language):
    title = {"fa": "پروانهٔ كارگاه", "en": "Workshop permit"}[language]
    listed = client.get(f"/{language}/services/")
    assert listed.status_code == 200
    page = client.get(f"/{language}/services/grid/")
    assert page.status_code == 200
    assert f'lang="{language}"' in page.content.decode()
    assert title.replace("ك", "ك") in page.content.decode()
    assert "role0" in page.content.decode()  # the office's role, by its name


def test_the_name_of_a_category_finds_its_services_in_both_languages(world, client):
    for word in ("کسب و کار", "کسب‌وكار", "business"):
        page = client.get("/fa/services/", {"q": word}).content.decode()
        assert "/fa/services/grid/" in page, word
    assert "/fa/services/grid/" not in client.get("/fa/services/", {"q": "انرژی"}).content.decode()


def test_search_forgives_arabic_letters_joiners_and_spaces(world, client):
    for typed in ("كارگاه", "کار‌گاه", "پروانهٔ  کارگاه", "WORKSHOP permit"):
        page = client.get("/en/services/", {"q": typed}).content.decode()
        assert "/en/services/grid/" in page, typed
    page = client.get("/en/services/", {"q": "zzz"}).content.decode()
    assert "/en/services/grid/" not in page


def test_htmx_gets_only_the_list(world, client):
    part = client.get("/en/services/", {"q": "workshop"}, HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in part
    assert "/en/services/grid/" in part


def test_the_longest_way_counts_each_layer_once(world):
    page = queries.service_page("grid", clock.local_date(clock.now()))
    assert [str(t) for t in queries.longest_terms(page.service)] == ["15wd"]


# --- the form ----------------------------------------------------------------------------------


def begin(world, owner) -> w.Draft:
    done = owner.post("/fa/services/grid/start/", {"applicant": str(world.company)})
    assert done.status_code == 302
    return w.Draft.objects.get()


def test_what_was_typed_is_kept_when_a_step_has_mistakes(world, owner):
    draft = begin(world, owner)
    page = owner.post(
        f"/en/drafts/{draft.pk}/steps/main/", {"name": "کارگاه من", "amount": "twelve"}
    )
    assert page.status_code == 422
    text = page.content.decode()
    assert 'value="کارگاه من"' in text
    assert 'value="twelve"' in text
    assert 'href="#id_amount"' in text  # the summary leads to the field
    draft.refresh_from_db()
    assert draft.data["name"] == "کارگاه من"
    assert "main" not in draft.steps_done


def test_an_impossible_jalali_date_is_refused_and_kept(world, owner):
    draft = begin(world, owner)
    typed = {"since_day": "۳۰", "since_month": "12", "since_year": "۱۴۰۴"}
    page = owner.post(f"/fa/drafts/{draft.pk}/steps/more/", typed)
    assert page.status_code == 422
    assert 'value="۳۰"' in page.content.decode()


def test_a_form_is_filled_step_by_step_and_ends_with_a_receipt(world, owner):
    draft = begin(world, owner)
    base = f"/en/drafts/{draft.pk}"
    assert owner.get(f"{base}/").status_code == 200
    early = owner.post(f"{base}/check/")
    assert early.status_code == 422
    assert not w.Application.objects.exists()
    step = owner.post(f"{base}/steps/main/", {"name": "کارگاه", "amount": "۱۲", "secret": "s"})
    assert step.headers["Location"].endswith("/steps/more/")
    paper = SimpleUploadedFile("plan.pdf", b"%PDF-1.4 sample", content_type="application/pdf")
    typed = {"since_day": "30", "since_month": "12", "since_year": "1403", "plan": paper}
    step = owner.post(f"{base}/steps/more/", typed)
    assert step.headers["Location"].endswith("/check/")
    check = owner.get(f"{base}/check/").content.decode()
    assert "steps/main/?from_check=1#id_amount" in check
    assert "plan.pdf" in check
    done = owner.post(f"{base}/check/")
    application = w.Application.objects.get()
    assert done.headers["Location"] == f"/en/cases/{application.pk}/receipt/"
    assert application.data["amount"] == 12
    assert application.data["since"] == "2025-03-20"
    receipt = owner.get(done.headers["Location"]).content.decode()
    assert f'data-value="{application.code}"' in receipt
    kept = w.Attachment.objects.get()
    download = owner.get(f"/en/files/{kept.pk}/")
    assert b"".join(download.streaming_content) == b"%PDF-1.4 sample"
    assert "attachment" in download.headers["Content-Disposition"]


def test_a_file_stays_uploaded_when_another_field_is_wrong(world, owner):
    draft = begin(world, owner)
    paper = SimpleUploadedFile("plan.pdf", b"%PDF-1.4 sample", content_type="application/pdf")
    page = owner.post(f"/en/drafts/{draft.pk}/steps/more/", {"since_day": "40", "plan": paper})
    assert page.status_code == 422
    assert "Already uploaded:" in page.content.decode()
    assert "plan.pdf" in page.content.decode()
    wrong = SimpleUploadedFile("fake.pdf", b"not a document", content_type="application/pdf")
    assert owner.post(f"/en/drafts/{draft.pk}/steps/more/", {"plan": wrong}).status_code == 422
    assert w.Attachment.objects.get(draft=draft).name == "plan.pdf"


def test_a_counter_files_for_somebody_and_the_application_says_so(world, stranger):
    counter = seated(world, "owner", "counter")
    company = r.Party.objects.get(pk=world.company)
    address = "/en/services/grid/assist/"
    typed = {"kind": "company", "national_id": to_persian_digits(company.national_id)}
    assert stranger.post(address, typed).status_code == 403
    wrong = counter.post(address, {"kind": "company", "national_id": "14009999071"})
    assert wrong.status_code == 422
    assert counter.post(address, typed).status_code == 302
    draft = w.Draft.objects.get()
    base = f"/en/drafts/{draft.pk}"
    counter.post(f"{base}/steps/main/", {"name": "کارگاه", "amount": "12"})
    counter.post(
        f"{base}/steps/more/", {"since_day": "1", "since_month": "1", "since_year": "1404"}
    )
    done = counter.post(f"{base}/check/")
    application = w.Application.objects.get()
    assert (application.applicant_id, application.assisted) == (world.company, True)
    assert counter.get(done.headers["Location"]).status_code == 200


def test_save_and_come_back_later_keeps_an_unfinished_step(world, owner):
    draft = begin(world, owner)
    left = owner.post(f"/fa/drafts/{draft.pk}/steps/main/", {"amount": "7", "later": "1"})
    assert left.headers["Location"] == f"/fa/drafts/{draft.pk}/"
    assert 'value="۷"' in owner.get(f"/fa/drafts/{draft.pk}/steps/main/").content.decode()


def test_somebody_elses_draft_does_not_exist(world, owner, stranger):
    draft = begin(world, owner)
    assert stranger.get(f"/fa/drafts/{draft.pk}/").status_code == 404
    assert stranger.post(f"/fa/drafts/{draft.pk}/delete/").status_code in (403, 404)
    assert w.Draft.objects.filter(pk=draft.pk).exists()


def test_nobody_applies_in_a_name_without_a_mandate(world, stranger):
    page = stranger.post("/en/services/grid/start/", {"applicant": str(world.company)})
    assert page.status_code == 422
    assert not w.Draft.objects.exists()


# --- the case ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tracking_page_shows_each_inquiry_with_its_desk_and_reason(
    world, owner, case, language
):
    page = owner.get(f"/{language}/cases/{case.pk}/")
    assert page.status_code == 200
    text = page.content.decode()
    name = {"fa": "دستگاه a0", "en": "Agency a0"}[language]
    assert name in text
    why = {"fa": "چرا این تاریخ؟", "en": "Why this date?"}[language]
    assert why in text
    assert "g-closed" in text  # closed days are drawn
    assert text.count("g-wait") >= 3  # two inquiries that wait, and the decision
    assert "style=" not in text
    assert "secret" not in text  # the field that no question declares is not said to be seen


def test_another_person_gets_403_with_the_reason(world, stranger, case):
    page = stranger.get(f"/en/cases/{case.pk}/")
    assert page.status_code == 403
    assert "This application belongs to somebody else." in page.content.decode()
    kept = stranger.get(f"/en/cases/{case.pk}/withdraw/")
    assert kept.status_code == 403


def test_the_tracking_page_takes_the_same_queries_for_any_number_of_inquiries(settings, tmp_path):
    counts = []
    with clock.frozen(worlds.MONDAY):
        made = worlds.build(pack())
        wide = worlds.grid_pack(4, 4)
        wide["id"] = "wide"
        large = worlds.install(wide, made.agencies["owner"])
        for version, data in ((made.version, DATA), (large, worlds.DATA)):
            filed = actions.file(
                by=made.applicant,
                version=version,
                applicant=made.company,
                place="IR-15-1503",
                data=data,
            )
            queries.tracking(filed.pk)  # warms the caches of the process
            with CaptureQueriesContext(connection) as seen:
                view = queries.tracking(filed.pk)
            counts.append((len(view.rows), len(seen)))
    assert counts[0][0] < counts[1][0]
    assert counts[0][1] == counts[1][1] <= 10


def test_the_last_date_follows_every_term_one_after_another(world, case):
    view = queries.tracking(case.pk)
    # Fridays are closed: 10 November + 5 = the 16th, + 5 = the 22nd, + 5 (decision) = the 27th.
    assert view.last_due is not None
    assert clock.local_date(view.last_due) == date(2025, 11, 27)
    assert (view.asked, view.waiting, view.running) == (4, 2, 2)
    assert len(view.way) == 2


def test_a_case_with_many_inquiries_is_shown_in_pages_that_count_all(
    world, owner, case, monkeypatch
):
    monkeypatch.setattr(import_module("payvand.window.queries.tracking"), "ROWS", 3)
    first = queries.tracking(case.pk)
    assert [row.node for row in first.rows] == ["q00", "q01", "q10", "decision"]
    assert first.asked == 4
    text = owner.get(f"/en/cases/{case.pk}/").content.decode()
    assert "?start=3#inquiries" in text
    second = queries.tracking(case.pk, start=3)
    assert [row.node for row in second.rows] == ["q11", "decision"]
    assert (second.earlier_from, second.later_from) == (0, None)
    assert owner.get(f"/en/cases/{case.pk}/?start=x").status_code == 200


def test_a_date_tells_its_term_its_ground_and_each_closed_day(world, case):
    asked = ledger.Obligation.objects.get(case_id=case.pk, question="q00")
    with translation.override("en"):
        row = queries.tracking(case.pk, why="q00").rows[0]
    assert row.due == asked.due_at
    assert row.why[0].startswith("Term: 5 working days")
    assert any(line.startswith("Ground: ") and "(sample)" in line for line in row.why)
    assert any("Friday" in line for line in row.why)


def test_an_overdue_row_says_so_and_is_counted(world, owner, case):
    with clock.frozen(worlds.MONDAY + timedelta(days=10)):
        view = queries.tracking(case.pk)
        assert view.overdue == 2
        assert "Overdue" in owner.get(f"/en/cases/{case.pk}/").content.decode()


def test_a_completion_request_is_answered_with_a_file_and_the_clock_runs_again(world, owner, case):
    asked = ledger.Obligation.objects.get(case_id=case.pk, question="q00")
    ledger.request_completion(
        by=world.clerk("a0"), obligation_id=asked.pk, items=["note", "scan"], text="لطفاً",
        applicant=world.company,
    )  # fmt: skip
    view = queries.tracking(case.pk)
    assert [one.state for one in view.rows if one.node == "q00"] == ["stop"]
    request = view.requests[0]
    address = f"/en/cases/{case.pk}/complete/{request.id}/"
    assert owner.post(address, {"note": ""}).status_code == 422
    paper = SimpleUploadedFile("scan.pdf", b"%PDF-1.4 x", content_type="application/pdf")
    done = owner.post(address, {"note": "here", "scan": paper})
    assert done.status_code == 302
    asked.refresh_from_db()
    assert asked.state == "sent"
    assert w.Attachment.objects.filter(application=case, field="scan").exists()


def test_what_waits_for_the_applicant_stands_above_the_list(world, owner, case):
    assert "waits for you" not in owner.get("/en/cases/").content.decode()
    owed = ledger.Obligation.objects.get(case_id=case.pk, question="q00")
    desk = world.clerk("a0", "clerk")
    ledger.request_completion(by=desk, obligation_id=owed.pk, items=["note"], text="?",
                              applicant=world.company)  # fmt: skip
    page = owner.get("/en/cases/").content.decode()
    assert "1 case waits for you" in page
    assert page.count(f'href="/en/cases/{case.pk}/"') == 2
    address = re.search(r'href="(/en/cases/[^"]+/complete/[^"]+)"',
                        owner.get(f"/en/cases/{case.pk}/").content.decode())[1]  # fmt: skip
    assert owner.post(address, {}).status_code == 422  # the single thing asked for is needed


def test_a_fee_is_paid_once_with_its_receipt(world, owner, case):
    fee = case.fees.get()
    address = f"/fa/cases/{case.pk}/fees/{fee.pk}/"
    assert owner.post(address, {"receipt": ""}).status_code == 422
    assert owner.post(address, {"receipt": "۱۲۳۴"}).status_code == 302
    fee.refresh_from_db()
    assert fee.receipt == "1234"
    assert owner.post(address, {"receipt": "99"}).status_code == 409


def test_withdrawing_needs_a_reason_and_closes_the_inquiries(world, owner, case):
    address = f"/en/cases/{case.pk}/withdraw/"
    assert owner.post(address, {"reason": ""}).status_code == 422
    assert owner.post(address, {"reason": "plans changed"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "withdrawn"
    assert "Withdrawn" in owner.get(f"/en/cases/{case.pk}/").content.decode()


def test_my_cases_are_mine_and_paged_by_key(world, owner, stranger, case):
    for _n in range(20):
        actions.file(by=world.applicant, version=world.version, applicant=world.company,
                     place="IR-15-1503", data=DATA)  # fmt: skip
    first = owner.get("/en/cases/").content.decode()
    assert "?before=" in first
    assert str(case.pk) not in first
    before = first.split("?before=")[1].split('"')[0]
    assert str(case.pk) in owner.get(f"/en/cases/?before={before}").content.decode()
    assert "/cases/0" not in stranger.get("/en/cases/").content.decode()


# --- decision and licence ----------------------------------------------------------------------


def test_a_refusal_names_its_condition_and_keeps_what_was_typed(world, decider, case):
    answer_all(world, case)
    address = f"/en/decide/{case.pk}/"
    page = decider.post(address, {"outcome": "negative", "text": "دلیل نوشته‌شده"})
    assert page.status_code == 422
    assert "دلیل نوشته‌شده" in page.content.decode()
    done = decider.post(address, {"outcome": "negative", "text": "because", "refused": "1"})
    assert done.status_code == 302
    case.refresh_from_db()
    assert case.state == "refused"


def test_an_approval_issues_a_licence_that_anybody_can_verify(world, decider, owner, client, case):
    answer_all(world, case)
    listed = decider.get("/fa/decide/").content.decode()
    assert f"/fa/decide/{case.pk}/" in listed
    page = decider.get(f"/en/decide/{case.pk}/").content.decode()
    assert "Holds" in page  # the trace of the pack's check
    assert decider.post(f"/en/decide/{case.pk}/", {"outcome": "positive"}).status_code == 302
    licence = w.Licence.objects.get()
    shown = owner.get(f"/en/licences/{licence.pk}/").content.decode()
    assert "data:image/svg+xml" in shown
    for typed in (licence.number.lower(), licence.check_code):
        found = client.get("/fa/verify/", {"q": typed})
        assert found.status_code == 200
        assert licence.number in found.content.decode()
    assert client.get("/fa/verify/", {"q": "GR-1-1"}).status_code == 404
    text = owner.get(f"/en/cases/{case.pk}/").content.decode()
    assert licence.number in text


@pytest.mark.parametrize(("language", "said"), [("fa", "موافقت شد"), ("en", "was approved")])
def test_an_applicant_is_told_of_each_step_with_a_link_to_the_case(
    world, owner, case, language, said
):
    answer_all(world, case)
    actions.decide(by=world.clerk("owner", "decider"), application_id=case.pk,
                   reply=ledger.Reply("positive"))  # fmt: skip
    told = owner.get(f"/{language}/notices/").content.decode()
    assert said in told
    assert told.count(f'href="/{language}/cases/{case.pk}/"') == 6  # arrived, four answers, decided
    assert "خبر تازه" not in told
    assert "There is news" not in told


def test_what_a_check_found_is_shown_as_text_never_as_markup(world, decider, case):
    w.ServiceVersion.objects.filter(pk=world.version).update(body=_with_a_check_of_a_code())
    compiled.service_of.cache_clear()
    w.Application.objects.filter(pk=case.pk).update(data={**DATA, "name": "69729633"})
    answer_all(world, case)
    page = decider.get(f"/fa/decide/{case.pk}/").content.decode()
    assert "&lt;bdi" not in page
    assert '<option value="1">۱. شرط یک</option>' in page
    compiled.service_of.cache_clear()


def _with_a_check_of_a_code() -> dict:
    body = pack()
    body["checks"][0]["rule"] = {"fact": "name", "op": "filled"}
    return body


def test_a_failing_check_stops_the_approval_and_says_why(world, decider):
    big = actions.file(by=world.applicant, version=world.version, applicant=world.company,
                       place="IR-15-1503", data={**DATA, "amount": 99})  # fmt: skip
    answer_all(world, big)
    page = decider.post(f"/en/decide/{big.pk}/", {"outcome": "positive", "text": "kept words"})
    assert page.status_code == 422
    assert "Too large" in page.content.decode()
    assert "kept words" in page.content.decode()
    assert not w.Licence.objects.exists()


def test_the_decision_desk_is_paged_by_term_and_shows_those_without_a_term_last(
    world, decider, monkeypatch
):
    monkeypatch.setattr(office, "PAGE", 2)
    for _n in range(3):
        filed = actions.file(
            by=world.applicant,
            version=world.version,
            applicant=world.company,
            place="IR-15-1503",
            data=DATA,
        )
        answer_all(world, filed)
    last = ledger.Obligation.objects.filter(kind="decision").order_by("pk").first()
    ledger.Obligation.objects.filter(pk=last.pk).update(due_at=None, term="")
    by = world.clerk("owner", "decider")
    first = queries.to_decide(by, now=clock.now())
    second = queries.to_decide(by, now=clock.now(), after=first.after)
    assert [len(first.rows), len(second.rows)] == [2, 1]
    assert second.rows[0].case_id == last.case_id
    assert not second.after
    assert decider.get("/en/decide/", {"after": "broken"}).status_code == 200


def test_only_a_decider_of_the_owner_office_decides(world, stranger, case):
    answer_all(world, case)
    clerk = seated(world, "owner", "clerk")
    other = seated(world, "a0", "decider")
    assert clerk.get(f"/en/decide/{case.pk}/").status_code == 200
    for browser in (clerk, other, stranger):
        page = browser.post(f"/en/decide/{case.pk}/", {"outcome": "positive"})
        assert page.status_code == 403
    assert "A decision is taken by a decider" in page.content.decode()
    assert not w.Licence.objects.exists()


def test_a_licence_is_suspended_reinstated_renewed_and_revoked_with_reasons(
    world, decider, client, owner, case
):
    answer_all(world, case)
    decider.post(f"/en/decide/{case.pk}/", {"outcome": "positive"})
    licence = w.Licence.objects.get()
    base = f"/en/licences/{licence.pk}"
    assert decider.post(f"{base}/suspend/", {"note": ""}).status_code == 422
    assert owner.post(f"{base}/suspend/", {"note": "x"}).status_code == 403
    assert decider.post(f"{base}/suspend/", {"note": "under review"}).status_code == 302
    assert "Suspended" in client.get("/en/verify/", {"q": licence.number}).content.decode()
    assert decider.post(f"{base}/reinstate/", {"note": "clear"}).status_code == 302
    assert decider.post(f"{base}/renew/").status_code == 302
    assert w.Licence.objects.filter(renews=licence).exists()
    assert decider.post(f"{base}/revoke/", {"note": "false papers"}).status_code == 302
    assert decider.post(f"{base}/suspend/", {"note": "again"}).status_code == 409
    assert "Revoked" in client.get("/en/verify/", {"q": licence.number}).content.decode()


def test_an_objection_is_lodged_once_within_its_term(world, decider, owner, case):
    answer_all(world, case)
    decider.post(f"/en/decide/{case.pk}/", {"outcome": "negative", "text": "no", "refused": "1"})
    assert "/object/" in owner.get(f"/en/cases/{case.pk}/").content.decode()
    assert owner.post(f"/en/cases/{case.pk}/object/", {"text": "wrong"}).status_code == 302
    text = owner.get(f"/en/cases/{case.pk}/").content.decode()
    assert f"/cases/{case.pk}/object/" not in text
    assert "wrong" in text


def test_an_agency_downloads_only_the_files_that_its_inquiry_carries(world, case):
    kept = w.Attachment.objects.create(
        application=case,
        field="plan",
        name="plan.pdf",
        stored=default_storage.save("aa/plan", ContentFile(b"%PDF-1.4")),
        media_type="",
        size=8,
        sha256="",
        at=worlds.MONDAY,
    )
    clerk = seated(world, "a0", "clerk")
    assert clerk.get(f"/en/files/{kept.pk}/").status_code == 403
    carried = ledger.Obligation.objects.get(case_id=case.pk, question="q00")
    carried.payload = {"plan": {"file": str(kept.pk), "name": "plan.pdf"}}
    carried.save()
    page = clerk.get(f"/en/files/{kept.pk}/")
    assert b"".join(page.streaming_content) == b"%PDF-1.4"
    assert seated(world, "a3", "clerk").get(f"/en/files/{kept.pk}/").status_code == 403


def test_the_menu_leads_each_role_to_its_pages(world, client, owner, decider, operator):
    def menu(browser: Client) -> str:
        return browser.get("/en/services/").content.decode().split("<main")[0]

    assert "/en/cases/" not in menu(client)
    assert "/en/cases/" in menu(owner)
    assert "/en/decide/" in menu(decider)
    assert "/en/admin/services/" in menu(operator)
    assert "/en/admin/services/" not in menu(owner)
    assert "/en/decide/" not in menu(seated(world, "a1", "clerk"))  # owns no service


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens_in_both_languages_without_inline_style(
    world, owner, decider, operator, case, language
):
    answer_all(world, case)
    decider.post(f"/en/decide/{case.pk}/", {"outcome": "positive"})
    licence, draft = w.Licence.objects.get(), begin(world, owner)
    fee = case.fees.get()
    for browser, address in (
        (owner, "services/"),
        (owner, "services/grid/"),
        (owner, f"drafts/{draft.pk}/"),
        (owner, f"drafts/{draft.pk}/check/"),
        (owner, f"drafts/{draft.pk}/steps/more/"),
        (owner, "cases/"),
        (owner, f"cases/{case.pk}/"),
        (owner, f"cases/{case.pk}/receipt/"),
        (owner, f"cases/{case.pk}/object/"),
        (owner, f"cases/{case.pk}/fees/{fee.pk}/"),
        (owner, f"licences/{licence.pk}/"),
        (owner, "follow/"),
        (owner, "verify/"),
        (owner, "cities/"),
        (decider, "decide/"),
        (decider, f"decide/{case.pk}/"),
        (decider, f"licences/{licence.pk}/revoke/"),
        (operator, "admin/services/"),
        (operator, "admin/services/install/"),
    ):
        page = browser.get(f"/{language}/{address}")
        assert page.status_code == 200, address
        assert " style=" not in page.content.decode(), address


# --- everybody ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_tracking_code_tells_the_state_and_no_name(world, client, case, language):
    grouped = f"{case.code[:4]} {case.code[4:8]} {case.code[8:]}"
    page = client.get(f"/{language}/follow/", {"code": grouped})
    assert page.status_code == 200
    text = page.content.decode()
    assert "شرکت نمونه" not in text
    assert "Sample Co" not in text
    wrong = client.get(f"/{language}/follow/", {"code": "123456789012"})
    assert wrong.status_code in (404, 422)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_league_says_how_each_city_is_connected(world, client, language):
    r.DebtorRole.objects.create(
        role="municipality", place_id="IR-15-1503", agency_id=world.agencies["a0"]
    )
    r.Connection.objects.create(
        agency_id=world.agencies["a0"], level="rest", valid_from=worlds.LONG_AGO
    )
    from payvand.registry import public as registry

    registry.forget()
    text = client.get(f"/{language}/cities/").content.decode()
    assert {"fa": "دستگاه a0", "en": "Agency a0"}[language] in text
    assert {"fa": "برای داوری کم است", "en": "too few to say"}[language] in text


# --- administration ----------------------------------------------------------------------------

PACK = """payvand: "service-pack/1"
id: "tiny"
version: "1.0.0"
title: {fa: "خدمت کوچک", en: "Tiny service"}
summary: {fa: "نمونه", en: "Sample"}
category: "business"
class: "confirmation"
sample: true
owner: "customs"
subject: {type: "organisation", applicant: ["firm"]}
form:
  - id: "main"
    title: {fa: "مشخصات", en: "Particulars"}
    fields:
      - {id: "name", type: "text", required: true, title: {fa: "نام", en: "Name"}}
"""


@pytest.fixture
def operator(world) -> Client:
    return signed_in(account("operator", is_superuser=True, is_staff=True))


def day(text: str = "1") -> dict[str, str]:
    return {"effective_from_day": text, "effective_from_month": "9", "effective_from_year": "1404"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_faulty_pack_is_named_by_line_and_kept(operator, language):
    wrong = PACK.replace('category: "business"', 'category: "bakery"')
    page = operator.post(
        f"/{language}/admin/services/install/",
        {"text": wrong, "owner": "owner", "install": "1", **day()},
    )
    assert page.status_code == 422
    text = page.content.decode()
    assert "schema." in text
    assert {"fa": "۶", "en": ">6"}[language] in text  # the line
    assert "bakery" in text
    assert not w.Service.objects.filter(pk="tiny").exists()


def test_a_sound_pack_is_checked_first_and_then_installed(operator, client):
    typed = {"text": PACK, "owner": "owner", **day()}
    assert operator.post("/en/admin/services/install/", {**typed, "check": "1"}).status_code == 200
    assert not w.Service.objects.filter(pk="tiny").exists()
    done = operator.post("/en/admin/services/install/", {**typed, "install": "1"})
    assert done.status_code == 302, done.content.decode()[-3000:]
    assert w.ServiceVersion.objects.get(service_id="tiny").effective_from == date(2025, 11, 22)
    assert "Tiny service" in operator.get("/en/admin/services/").content.decode()


def test_an_uploaded_pack_counts_like_a_pasted_one(operator):
    upload = SimpleUploadedFile("service.yaml", PACK.encode(), content_type="application/yaml")
    done = operator.post(
        "/en/admin/services/install/", {"upload": upload, "owner": "owner", "install": "1", **day()}
    )
    assert done.status_code == 302


def test_only_the_administrator_sees_the_services_page(world, owner, decider):
    for browser in (owner, decider):
        page = browser.get("/en/admin/services/")
        assert page.status_code == 403
        assert "Only an administrator installs services." in page.content.decode()


def test_who_is_not_signed_in_is_asked_to_sign_in(world, client, case):
    for address in ("/en/cases/", f"/en/cases/{case.pk}/", "/en/decide/", "/en/admin/services/"):
        page = client.get(address)
        assert page.status_code == 302
        assert "sign-in" in page.headers["Location"]
