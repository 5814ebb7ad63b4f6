"""Who sees which figures, and does each page keep to its share of queries?"""

import csv
import html
import io
import re
from datetime import date

import pytest
from django.test import Client

from payvand.insight import access, actions, shown
from payvand.insight.access import Charge
from payvand.insight.rules import measures
from payvand.kernel import clock
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.registry.public import Actor, Seat
from tests import world as worlds
from tests.insight.sample import NOW, owe

pytestmark = pytest.mark.django_db
SPAN = "period=range&from=1404-08&to=1404-10"


@pytest.fixture
def world():
    with clock.frozen(NOW):
        made = worlds.build()
        for n in range(12):
            owe(made, "a0", closed=1 if n < 6 else 8, state="answered")
            owe(made, "a1", closed=1, state="answered")
        for _ in range(3):
            owe(made, "a2", closed=1, state="answered")
        owe(made, "other", place="IR-03")
        actions.roll_up()
        yield made
    registry.forget()


def official(name: str, *offices: int, head_of=None) -> Client:
    user = r.User.objects.create(username=name)
    for office in offices:
        r.Holding.objects.filter(office_id=office).delete()
        r.Holding.objects.create(office_id=office, user=user, valid_from=date(2020, 1, 1))
    if head_of is not None:
        r.Membership.objects.create(user=user, org_id=head_of, role="head",
                                    valid_from=date(2020, 1, 1))  # fmt: skip
    registry.forget()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def governor(world):
    return official("gov", world.offices["governor"])


def text(response) -> str:
    return response.content.decode()


# --- who --------------------------------------------------------------------------------------


def test_charge_follows_offices_and_seats_not_names(world):
    assert access.charge_of(world.holder("governor")) == Charge(provinces=frozenset({"IR-15"}))
    agency = world.agencies["a0"]
    assert access.charge_of(world.holder("head-a0")).agencies == {agency}
    assert access.charge_of(Actor(seats=(Seat(agency, "head"),))).agencies == {agency}
    assert not access.charge_of(Actor(seats=(Seat(agency, "clerk"),)))
    vice = r.Office.objects.create(role="first-vice-president", place_id="IR", title_fa="معاون",
                                   title_en="Vice")  # fmt: skip
    assert access.charge_of(Actor(offices=(vice.pk,))).everything


@pytest.mark.parametrize(
    ("charge", "province", "allowed"),
    [
        pytest.param(Charge(everything=True), None, True, id="vice-president"),
        pytest.param(Charge(provinces=frozenset({"IR-15"})), "IR-15", True, id="own-province"),
        pytest.param(Charge(provinces=frozenset({"IR-15"})), "IR-03", False, id="another"),
        pytest.param(Charge(provinces=frozenset({"IR-15"})), None, False, id="whole-country"),
        pytest.param(Charge(), "IR-15", False, id="nobody"),
    ],
)
def test_cases_are_for_those_in_charge(world, charge, province, allowed):
    agency = world.agencies["a0"]
    assert access.may_see_cases(charge, province=province, agency=agency).ok is allowed
    own = Charge(agencies=frozenset({agency}))
    assert access.may_see_cases(own, province=province, agency=agency).ok
    assert not access.may_see_cases(own, province=province, agency=world.agencies["a1"]).ok


def test_a_visitor_signs_in_first_and_a_clerk_is_refused(world):
    assert Client().get("/fa/dashboard/").status_code == 302
    user = r.User.objects.create(username="clerk")
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/fa/dashboard/").status_code == 403


# --- pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_the_dashboard_shows_both_indices_the_league_and_the_definitions(world, lang):
    world.offices["vice"] = r.Office.objects.create(
        role="first-vice-president", place_id="IR", title_fa="معاون", title_en="Vice"
    ).pk
    page = text(official("vp", world.offices["vice"]).get(f"/{lang}/dashboard/?{SPAN}"))
    assert "Agency a1" in page or "دستگاه a1" in page
    assert "یک منهای نسبت" in page if lang == "fa" else "One minus what is open" in page
    assert ("۱۰۰٪" in page) if lang == "fa" else ("100%" in page)
    assert "style=" not in page


def test_a_governor_begins_with_their_own_province(governor):
    page = text(governor.get("/en/dashboard/"))
    assert re.search(r'<option value="IR-15" selected>', page)


def test_small_numbers_are_not_shown_anywhere(world):
    page = text(Client().get(f"/en/performance/?{SPAN}"))
    row = page[page.index("Agency a2") :]
    assert "fewer than 10" in row[: row.index("</tr>")]


def test_the_public_page_holds_no_case_no_code_and_no_link_to_one(world):
    page = text(Client().get(f"/fa/performance/?{SPAN}"))
    assert "123456789" not in page.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
    assert "/dashboard/agency/" not in page
    assert "/inquiry/" not in page


def test_the_governor_sees_the_cases_of_the_province_only(world, governor):
    agency = world.agencies["a0"]
    inside = governor.get(f"/en/dashboard/agency/{agency}/?{SPAN}&province=IR-15")
    assert text(inside).count("days past the term") == 6
    outside = text(governor.get(f"/en/dashboard/agency/{agency}/?{SPAN}&province=IR-03"))
    assert "listed only for the officials in charge" in outside
    assert "days past the term" not in outside


def test_a_governor_who_names_no_province_means_their_own(world, governor):
    page = text(governor.get(f"/en/dashboard/agency/{world.agencies['a0']}/?{SPAN}"))
    assert page.count("days past the term") == 6


def test_an_agency_head_opens_the_cases_of_the_agency(world):
    agency = world.agencies["a0"]
    client = official("head", head_of=agency)
    page = text(client.get(f"/en/dashboard/agency/{agency}/?{SPAN}"))
    assert page.count("/en/inquiry/") == 6
    assert text(client.get(f"/en/dashboard/agency/{agency}/?{SPAN}&show=all")).count(
        "/en/inquiry/") == 12  # fmt: skip
    other = text(client.get(f"/en/dashboard/agency/{world.agencies['a1']}/?{SPAN}"))
    assert "/en/inquiry/" not in other


def test_the_link_to_later_cases_leads_through_all_of_them(world, governor, monkeypatch):
    monkeypatch.setattr("payvand.insight.queries.PAGE", 5)
    address, rows = f"/en/dashboard/agency/{world.agencies['a0']}/?{SPAN}&show=all", 0
    while address:
        page = text(governor.get(address))
        rows += page.count('data-label="Due"')
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = html.unescape(found.group(1)) if found else ""
    assert rows == 12


def test_a_party_that_is_no_agency_has_no_page(world, governor):
    assert governor.get(f"/en/dashboard/agency/{world.company}/").status_code == 404


def test_delay_reports_lead_to_the_desk(world, governor):
    owed = owe(world, "a0", due=5)
    report = owe(world, "a0", sent=5, due=6, kind="acknowledgement", about=owed, rung_no=1,
                 office_id=world.offices["governor"])  # fmt: skip
    page = text(governor.get("/en/dashboard/"))
    assert "1 delay report waits for your order" in page
    assert f"/en/inquiry/{report.pk}/" in page
    assert "35 days past the term" in page
    assert "/en/reports/" in page


@pytest.mark.parametrize(
    "query",
    ["period=nonsense", "period=range&from=1404-13&to=x", "province=XX", "service='--",
     "period=range&from=1100-01&to=9999-99", "after=broken", "province=IR-15&service=none"],
)  # fmt: skip
def test_a_broken_address_shows_a_page_nevertheless(world, query):
    assert Client().get(f"/fa/performance/?{query}").status_code == 200


def test_pages_work_before_anything_was_counted(db):
    registry.forget()
    assert Client().get("/en/performance/").status_code == 200


@pytest.mark.parametrize("more", [0, 40])
def test_the_number_of_queries_does_not_grow_with_the_data(
    world, governor, django_assert_max_num_queries, more
):
    for n in range(more):
        owe(world, f"a{n % 4}", closed=9, state="answered")
    actions.roll_up()
    governor.get("/en/dashboard/")  # fills the process's caches of places and offices
    with django_assert_max_num_queries(26):
        governor.get("/en/dashboard/")
    agency = world.agencies["a0"]
    with django_assert_max_num_queries(24):
        governor.get(f"/en/dashboard/agency/{agency}/?province=IR-15")


def test_a_long_league_shows_its_two_ends_and_says_how_many_lie_between(world):
    from payvand.insight.queries import Line
    from payvand.insight.rules.measures import Counts, index

    lines = [
        Line(world.agencies["a0"], {"fa": str(n), "en": str(n)}, index(Counts(due=20, on_time=9)))
        for n in range(40)
    ]
    found = shown.league(lines, "en", whole=False)
    assert [row.place for row in found.bottom] == list(range(31, 41))
    assert found.left_out == 20
    assert len(shown.league(lines, "en", whole=True).top) == 40


# --- export -----------------------------------------------------------------------------------


def test_the_league_is_downloaded_without_small_numbers_or_formulas(world):
    r.Party.objects.filter(pk=world.agencies["a1"]).update(name_en="=cmd()")
    response = Client().get(f"/en/performance/league.csv?{SPAN}")
    assert response["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    by_name = {row["agency_en"]: row for row in rows}
    assert by_name["'=cmd()"]["on_time_index_percent"] == "100.0"
    assert by_name["Agency a0"]["on_time_index_percent"] == "50.0"
    assert by_name["Agency a2"]["fell_due"] == "<10"
    assert by_name["Agency a2"]["on_time"] == ""
    assert {row["definition_version"] for row in rows} == {measures.VERSION}
