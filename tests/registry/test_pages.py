"""Do the pages of the registry work in both languages, for those whom they concern only?"""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.test import Client

from payvand.registry import public as registry
from payvand.registry import seeds
from payvand.registry.models import CalendarFact, Holding, Mandate
from tests.registry.conftest import ROOT, TODAY, closure, settled

LANGUAGES = ("fa", "en")


@pytest.fixture
def client_of():
    """Sign a user in."""

    def make(user):
        client = Client()
        client.force_login(user.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def admin(person, client_of):
    return client_of(person("operator", is_operator=True))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everybody_sees_the_calendar_with_its_sources(db, client, lang):
    seeds.seed()
    page = client.get(f"/{lang}/calendar/?place=IR-15&year=۱۴۰۴")
    text = page.content.decode()
    assert page.status_code == 200
    assert text.count('<table class="month">') == 12
    assert ("تاسوعای حسینی" if lang == "fa" else "Tasua") in text
    assert ("تابناک ۱۳۲۷۰۴۶" if lang == "fa" else "tabnak 1327046") in text
    assert "/retract/" not in text


def test_a_year_without_holidays_says_so(land, client):
    assert 'class="note warn"' in client.get("/fa/calendar/").content.decode()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_calendar_page_stays_light(db, admin, lang):
    seeds.seed()
    page = admin.get(f"/{lang}/calendar/?place=IR-15&year=1404")
    assert len(page.content) < 60_000


def test_the_calendar_page_costs_few_queries(db, client, django_assert_max_num_queries):
    seeds.seed()
    client.get("/fa/calendar/?place=IR-15&year=1404")
    settled()
    client.get("/fa/calendar/?place=IR-15&year=1404")
    with django_assert_max_num_queries(4):
        client.get("/fa/calendar/?place=IR-15&year=1404")


def test_a_wrong_place_or_organisation_is_not_found(land, client):
    assert client.get("/fa/calendar/?place=IR-77").status_code == 404
    assert client.get("/fa/calendar/?org=nonsense").status_code == 404


def test_an_entry_is_taken_back_with_a_reason_only(land, admin):
    fact = registry.record_closure(closure("IR-15"), by=ROOT)
    page = admin.get("/fa/calendar/?place=IR-15&year=1404&entries=all").content.decode()
    assert f"/calendar/{fact}/retract/" in page
    assert admin.get(f"/fa/calendar/{fact}/retract/").status_code == 200
    wrong = admin.post(f"/fa/calendar/{fact}/retract/", {"reason": " "})
    assert wrong.status_code == 422
    assert CalendarFact.objects.get(pk=fact).known_to is None
    answer = admin.post(f"/fa/calendar/{fact}/retract/", {"reason": "اعلام نشده بود"})
    assert answer.status_code == 302
    assert CalendarFact.objects.get(pk=fact).known_to is not None


def test_a_stranger_takes_no_entry_back(land, person, client_of):
    fact = registry.record_closure(closure("IR-15"), by=ROOT)
    answer = client_of(person()).post(f"/fa/calendar/{fact}/retract/", {"reason": "x"})
    assert answer.status_code == 403
    assert CalendarFact.objects.get(pk=fact).known_to is None


def jalali_day(name, day, month, year):
    return {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_office_is_filled_and_emptied_on_its_page(admin, office, person, lang):
    vice = office("first-vice-president", place="IR")
    governor = office("governor", place="IR-15", falls_to=vice)
    person("khalifeh")
    listing = admin.get(f"/{lang}/administration/offices/?place=IR-15").content.decode()
    assert ("بدون دارنده" if lang == "fa" else "Vacant") in listing
    told = {"account": "khalifeh", "order": "0"} | jalali_day("starts", "۱", "8", "۱۴۰۴")
    answer = admin.post(f"/{lang}/administration/offices/{governor}/", told)
    assert answer.status_code == 302
    held = Holding.objects.get(office=governor)
    assert held.valid_from == date(2025, 10, 23)
    again = admin.post(f"/{lang}/administration/offices/{governor}/", told)
    assert again.status_code == 422
    assert Holding.objects.count() == 1
    page = admin.get(f"/{lang}/administration/offices/{governor}/").content.decode()
    assert "khalifeh" in page
    end = admin.post(
        f"/{lang}/administration/offices/{governor}/holdings/{held.pk}/end/",
        jalali_day("last_day", "18", "8", "1404"),
    )
    assert end.status_code == 302
    assert registry.holders_of(governor, TODAY + timedelta(days=1)) == ()


def test_a_mistyped_appointment_keeps_what_was_typed(admin, office):
    governor = office("governor", place="IR-15")
    told = {"account": "nobody-here", "order": "1", "decree": "حکم ۱۲"}
    answer = admin.post(
        f"/fa/administration/offices/{governor}/", told | jalali_day("starts", "31", "7", "1404")
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="nobody-here"' in text
    assert "حکم ۱۲" in text
    assert 'aria-invalid="true"' in text


def test_an_end_without_a_date_is_refused(admin, office, person):
    governor = office("governor", place="IR-15")
    held = registry.appoint(governor, registry.Appointment(person().id, date(2024, 1, 1)), by=ROOT)
    answer = admin.post(f"/fa/administration/offices/{governor}/holdings/{held}/end/", {})
    assert answer.status_code == 422


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_agency_is_connected_on_its_page(admin, agency, lang):
    tax = agency("tax-15")
    registry.set_debtor("tax", "IR-15", tax, by=ROOT)
    assert "tax" in admin.get(f"/{lang}/administration/agencies/?q=tax").content.decode()
    address = f"/{lang}/administration/agencies/{tax}/"
    wrong = admin.post(address, {"level": "rest", "address": "tax", "secret_name": "s3cret"})
    assert wrong.status_code == 422
    right = {"level": "rest", "address": "https://tax.example/api", "secret_name": "TAX_15_SECRET"}
    assert admin.post(address, right).status_code == 302
    assert registry.connection_of(tax).level == "rest"
    assert "https://tax.example/api" in admin.get(address).content.decode()


@pytest.mark.parametrize("address", ["offices/", "agencies/"])
def test_administration_is_for_administrators(land, person, client, client_of, address):
    assert client.get(f"/fa/administration/{address}").status_code == 302  # to sign in
    assert client_of(person()).get(f"/fa/administration/{address}").status_code == 403


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_mandate_is_given_and_withdrawn_in_my_profile(person, company, client_of, lang):
    giver, agent = person(), person()
    firm = company()
    registry.seat(registry.SeatDraft(giver.id, firm, "signatory", date(2024, 1, 1)), by=ROOT)
    client = client_of(giver)
    for slug, title in (("land-window", "Land"), ("business-licence", "Business")):
        apps.get_model("window", "Service").objects.create(
            slug=slug, owner_id=firm, title={"fa": title, "en": title}
        )
    number = registry.party(agent.party).national_id
    told = {
        "principal": str(firm),
        "agent": number.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
        "evidence": "وکالت‌نامهٔ ۱۲",
        "services": ["land-window", "business-licence"],
    } | jalali_day("starts", "18", "8", "1404")
    assert client.post(f"/{lang}/profile/", told).status_code == 302
    row = Mandate.objects.get()
    assert row.services == "land-window,business-licence"
    assert registry.may_act_for(registry.actor_for(agent.user), firm, "land-window")
    page = client.get(f"/{lang}/profile/").content.decode()
    assert "وکالت‌نامهٔ ۱۲" in page
    assert "land-window" not in page.split("<form")[0]  # a service is named by its title
    assert client_of(agent).get(f"/{lang}/profile/").status_code == 200
    assert client.post(f"/{lang}/profile/mandates/{row.pk}/withdraw/").status_code == 302
    assert not registry.may_act_for(registry.actor_for(agent.user), firm, "land-window")


def test_a_mandate_cannot_be_given_for_somebody_else(person, client_of):
    giver, other, agent = person(), person(), person()
    told = {
        "principal": str(other.party),
        "agent": registry.party(agent.party).national_id,
        "evidence": "x",
    } | jalali_day("starts", "18", "8", "1404")
    assert client_of(giver).post("/fa/profile/", told).status_code == 422
    assert not Mandate.objects.exists()


def test_a_wrong_national_id_is_told_at_its_field(person, client_of):
    giver = person()
    told = {"principal": str(giver.party), "agent": "0012345092", "evidence": "x"}
    answer = client_of(giver).post("/en/profile/", told | jalali_day("starts", "18", "8", "1404"))
    assert answer.status_code == 422
    assert "a digit is wrong" in answer.content.decode()
