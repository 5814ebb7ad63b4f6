"""Are accounts, seats and passwords given by those who may, and shown once?"""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from payvand.audit import public as audit
from payvand.kernel.errors import Refused
from payvand.kernel.ids import make_national_id
from payvand.registry import public as registry
from payvand.registry.actions.journal import STREAM
from payvand.registry.models import Membership, Party, User
from payvand.registry.rules.refusals import Unfit
from tests.registry.conftest import ROOT, TODAY

LANGUAGES = ("fa", "en")
OWN = "a password of my own 7"


def signed_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def boss(person):
    return person("boss", is_operator=True)


@pytest.fixture
def admin(boss):
    return signed_in(boss.user)


def test_an_account_is_opened_for_a_person_with_a_password_for_the_first_sign_in(db, person):
    number = make_national_id("123459998")
    draft = registry.AccountDraft("maryam", "مریم نمونه", "Maryam Sample", number)
    opened = registry.open_for(draft, by=ROOT)
    user = User.objects.get(pk=opened.user)
    assert user.check_password(opened.password)
    assert user.must_change_password
    assert user.party.national_id == number
    assert opened.password not in str(audit.history(STREAM))


def test_who_is_registered_already_keeps_the_registered_name(db, person):
    known = Party.objects.get(pk=person().party)
    draft = registry.AccountDraft("second", "نام دیگر", national_id=known.national_id)
    opened = registry.open_for(draft, by=ROOT)
    assert User.objects.get(pk=opened.user).get_full_name() == known.name_fa


@pytest.mark.parametrize("name", ["", "with space", "boss"])
def test_an_unfit_or_taken_name_is_refused_at_the_field(boss, name):
    with pytest.raises(Unfit) as refused:
        registry.open_for(registry.AccountDraft(name, "کسی"), by=ROOT)
    assert list(refused.value.facts["fields"]) == ["username"]


def test_only_the_administrator_opens_resets_and_closes(db, person):
    one, other = person(), person()
    by = registry.actor_for(one.user)
    for act in (
        lambda: registry.open_for(registry.AccountDraft("x", "ی"), by=by),
        lambda: registry.reset_password(other.id, by=by),
        lambda: registry.close_account(other.id, by=by),
        lambda: registry.reopen_account(other.id, by=by),
        lambda: registry.choose_password(other.id, OWN, by=by),
    ):
        with pytest.raises(Refused):
            act()


# --- at the counter -----------------------------------------------------------------------------


@pytest.fixture
def counter(agency, person):
    clerk, office = person(), agency("service-counter")
    Membership.objects.create(user=clerk.user, org_id=office, role="counter", valid_from=TODAY)
    return registry.actor_for(clerk.user)


def visitor(name="زهرا نمونه", number=None, username="zahra"):
    return registry.AccountDraft(
        username, name, national_id=number or make_national_id("123459998")
    )


def test_a_counter_opens_an_account_on_a_document_and_the_log_says_where(counter):
    opened = registry.open_at_counter(visitor(), "national_card", by=counter)
    user = User.objects.get(pk=opened.user)
    assert user.must_change_password
    assert not user.is_superuser
    facts = [e.facts for e in audit.history(STREAM) if e.verb == "registry.account_opened"]
    assert facts[-1] == {"counter": str(counter.counters[0]), "document": "national_card"}


def test_a_counter_opens_nothing_for_a_number_alone(counter, person):
    known = Party.objects.get(pk=person().party)  # has an account
    bare = Party.objects.create(kind="person", name_fa="حسن نمونه", place=known.place,
                                national_id=make_national_id("123459997"))  # fmt: skip
    wrong = {
        "national_id": [visitor(number=known.national_id, name=known.name_fa),
                        registry.AccountDraft("zahra", "زهرا نمونه")],
        "name_fa": [visitor(number=bare.national_id)],
    }  # fmt: skip
    for field, drafts in wrong.items():
        for draft in drafts:
            with pytest.raises(Unfit) as refused:
                registry.open_at_counter(draft, "passport", by=counter)
            assert list(refused.value.facts["fields"]) == [field]
    with pytest.raises(Unfit):
        registry.open_at_counter(visitor(), "", by=counter)
    assert registry.open_at_counter(visitor("حسن  نمونه", bare.national_id), "passport", by=counter)


def test_only_a_counter_opens_accounts_so_and_registers_persons_only(counter, person, agency):
    with pytest.raises(Refused):
        registry.open_at_counter(visitor(), "passport", by=registry.actor_for(person().user))
    with pytest.raises(Refused):
        registry.register_party(registry.PartyDraft("company", "شرکت", "Firm"), by=counter)
    with pytest.raises(Refused):
        registry.open_for(visitor(), by=counter)


def test_closing_ends_seats_and_appointments_and_the_office_falls_to_the_next(
    agency, office, person
):
    org, clerk, head = agency("tax"), person(), person()
    above = office("governor", place="IR-15")
    post = office("agency-head", agency=org, falls_to=above)
    registry.appoint(above, registry.Appointment(head.id, TODAY), by=ROOT)
    registry.appoint(post, registry.Appointment(clerk.id, TODAY - timedelta(days=9)), by=ROOT)
    registry.seat(registry.SeatDraft(clerk.id, org, "clerk", TODAY), by=ROOT)
    assert registry.close_account(clerk.id, by=ROOT) == (1, 1)
    assert registry.holders_of(post) == (head.id,)
    assert registry.colleagues(org, ["clerk"]) == []
    client = signed_in(User.objects.get(pk=clerk.id))
    assert client.get("/fa/profile/").status_code == 302


def test_nobody_closes_their_own_account_or_the_last_administrator(boss):
    with pytest.raises(Refused):
        registry.close_account(boss.id, by=registry.actor_for(boss.user))
    with pytest.raises(Refused):
        registry.close_account(boss.id, by=ROOT)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_administrator_opens_an_account_and_sees_the_password_once(admin, lang):
    form = {"username": "zahra", "name_fa": "زهرا نمونه", "name_en": "Zahra"}
    page = admin.post(f"/{lang}/administration/accounts/open/", form)
    shown = re.search(r'id="password"[^>]*>([a-z2-9-]{19})<', page.content.decode())
    assert shown
    assert User.objects.get(username="zahra").check_password(shown[1])
    key = User.objects.get(username="zahra").pk
    again = admin.get(f"/{lang}/administration/accounts/{key}/").content.decode()
    assert shown[1] not in again
    listed = admin.get(f"/{lang}/administration/accounts/?q=zahra").content.decode()
    assert f"/administration/accounts/{key}/" in listed


def test_a_wrong_form_says_so_and_keeps_what_was_typed(admin):
    form = {"username": "x y", "name_fa": "کسی", "national_id": "0000000001"}
    page = admin.post("/fa/administration/accounts/open/", form)
    assert page.status_code == 422
    assert 'value="x y"' in page.content.decode()
    assert 'value="0000000001"' in page.content.decode()


def test_a_password_made_by_somebody_else_is_replaced_before_anything_else(db, person):
    someone = person("zahra")
    password = registry.reset_password(someone.id, by=ROOT)
    client = Client()
    client.post("/fa/sign-in/", {"username": "zahra", "password": password})
    assert client.get("/fa/profile/").headers["Location"] == "/fa/profile/password/"
    assert (
        client.get("/api/v1/obligations?org=00000000-0000-0000-0000-000000000000").json()["code"]
        == "web.password_first"
    )
    short = client.post("/fa/profile/password/", {"present": password, "password": "kurz",
                                                  "again": "kurz"})  # fmt: skip
    assert short.status_code == 422
    right = {"present": password, "password": OWN, "again": OWN}
    assert client.post("/fa/profile/password/", right).status_code == 302
    assert client.get("/fa/profile/").status_code == 200
    assert User.objects.get(pk=someone.id).check_password(OWN)


def test_a_new_password_ends_the_sessions_of_the_account(admin, person):
    someone = person("zahra")
    client = signed_in(someone.user)
    assert client.get("/fa/profile/").status_code == 200
    admin.post(f"/fa/administration/accounts/{someone.id}/", {"do": "password"})
    assert client.get("/fa/profile/").status_code == 302


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_head_gives_and_ends_seats_of_their_own_organisation_only(
    agency, person, lang, django_assert_max_num_queries
):
    org, other, head, clerk = agency("tax"), agency("water"), person(), person("clerk")
    registry.seat(registry.SeatDraft(head.id, org, "head", TODAY), by=ROOT)
    client = signed_in(head.user)
    form = {"account": "clerk", "role": "clerk", "place": "IR-15", "starts_day": "18",
            "starts_month": "8", "starts_year": "1404", "ends_day": "29", "ends_month": "12",
            "ends_year": "1404"}  # fmt: skip
    assert client.post(f"/{lang}/organisations/{org}/people/", form).status_code == 302
    seat = Membership.objects.get(user_id=clerk.id)
    assert (seat.valid_to, seat.place_id) == (date(2026, 3, 20), "IR-15")
    page = client.get(f"/{lang}/organisations/{org}/people/").content.decode()
    assert f"/people/{seat.pk}/end/" in page
    assert client.get(f"/{lang}/organisations/{other}/people/").status_code == 403
    wrong = client.post(f"/{lang}/organisations/{org}/people/", form | {"account": "nobody"})
    assert wrong.status_code == 422
    ending = f"/{lang}/organisations/{org}/people/{seat.pk}/end/"
    assert signed_in(clerk.user).post(ending).status_code == 403
    assert client.post(ending).status_code == 302
    seat.refresh_from_db()
    assert seat.valid_to < TODAY


def test_the_menu_leads_the_administrator_there(admin):
    page = admin.get("/fa/profile/").content.decode()
    for address in ("/fa/administration/accounts/", "/fa/sites/", "/fa/tokens/"):
        assert f'href="{address}"' in page


def test_every_page_greets_by_name(db, person):
    someone = person("u77")
    party = Party.objects.get(pk=someone.party)
    page = signed_in(someone.user).get("/fa/profile/").content.decode()
    assert party.name_fa in page
    assert "u77" not in page
