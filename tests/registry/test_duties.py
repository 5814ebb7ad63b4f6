"""Who answers for a role, how are they reached, and which office hears of a delay?"""

from datetime import date, timedelta

import pytest

from payvand.kernel import clock
from payvand.kernel.errors import Refused
from payvand.registry import public as registry
from payvand.registry.models import Connection
from payvand.registry.rules.refusals import AlreadyEnded, OfficeHeld, Unfit
from tests.registry.conftest import NOW, ROOT, TODAY


def test_the_nearest_agency_up_the_tree_answers(agency):
    county, province = agency("tax-1503", "IR-15-1503"), agency("tax-15")
    registry.set_debtor("tax", "IR-15", province, by=ROOT)
    assert registry.debtor_for("tax", "IR-15-1503", TODAY) == province
    registry.set_debtor("tax", "IR-15-1503", county, by=ROOT)
    assert registry.debtor_for("tax", "IR-15-1503", TODAY) == county
    assert registry.debtor_for("tax", "IR-15-1502", TODAY) == province


def test_without_an_agency_the_question_names_what_is_missing(agency):
    registry.set_debtor("tax", "IR-15", agency("tax-15"), by=ROOT)
    with pytest.raises(registry.NoDebtor) as refusal:
        registry.debtor_for("tax", "IR-03-303", TODAY)
    assert refusal.value.code == "registry.no_debtor"
    assert refusal.value.facts == {"role": "tax", "place": "IR-03-303"}


def test_a_duty_passes_to_a_successor_on_its_day(agency):
    old, new = agency("old"), agency("new")
    registry.set_debtor("tax", "IR-15", old, by=ROOT)
    registry.set_debtor("tax", "IR-15", new, by=ROOT, starts=TODAY)
    assert registry.debtor_for("tax", "IR-15", TODAY - timedelta(days=1)) == old
    assert registry.debtor_for("tax", "IR-15", TODAY) == new


def test_the_same_duty_is_recorded_once(agency):
    tax = agency("tax-15")
    for _ in range(2):
        registry.set_debtor("tax", "IR-15", tax, by=ROOT, starts=date(2024, 1, 1))
    assert registry.debtor_for("tax", "IR-15") == tax


def test_without_a_record_an_agency_is_reached_by_the_inbox(agency):
    assert registry.connection_of(agency("tax-15")) == ("inbox", "", "")


def test_a_new_connection_holds_at_once_and_the_old_one_is_kept(agency):
    tax = agency("tax-15")
    letter = registry.Link("letter", "office@tax.example", "")
    rest = registry.Link("rest", "https://tax.example/api", "TAX_SECRET")
    registry.connect(tax, letter, by=ROOT)
    assert registry.connection_of(tax) == letter
    with clock.frozen(NOW + timedelta(days=1)):
        registry.connect(tax, rest, by=ROOT)
        assert registry.connections_of([tax]) == {tax: rest}
    assert Connection.objects.filter(agency=tax).count() == 2


@pytest.mark.parametrize(
    ("link", "field"),
    [
        (registry.Link("pigeon"), "level"),
        (registry.Link("rest", "tax.example", "TAX_SECRET"), "address"),
        (registry.Link("rest", "https://tax.example"), "secret_name"),
        (registry.Link("rest", "https://tax.example", "hunter2"), "secret_name"),
        (registry.Link("letter"), "address"),
    ],
)
def test_a_faulty_connection_is_refused_at_its_field(agency, link, field):
    tax = agency("tax-15")
    with pytest.raises(Unfit) as refusal:
        registry.connect(tax, link, by=ROOT)
    assert field in refusal.value.facts["fields"]
    assert registry.connection_of(tax).level == "inbox"


def test_only_an_administrator_connects(agency, person):
    tax, clerk = agency("tax-15"), person()
    registry.seat(registry.SeatDraft(clerk.id, tax, "clerk", date(2024, 1, 1)), by=ROOT)
    with pytest.raises(Refused):
        registry.connect(tax, registry.Link("inbox"), by=registry.actor_for(clerk.user))


@pytest.fixture
def ladder(office, agency, person):
    """An agency's head, the county's and the province's governor, and the two above them."""
    tax = agency("tax-1503", "IR-15-1503")
    top = office("president-office", place="IR")
    vice = office("first-vice-president", place="IR", falls_to=top)
    governor = office("governor", place="IR-15", falls_to=vice)
    county = office("county-governor", place="IR-15-1503", falls_to=governor)
    head = office("agency-head", agency=tax, falls_to=county)
    return {"tax": tax, "top": top, "vice": vice, "governor": governor, "county": county,
            "head": head}  # fmt: skip


def appoint(office, user, **more):
    told = {"starts": date(2024, 1, 1)} | more
    return registry.appoint(office, registry.Appointment(user=user.id, **told), by=ROOT)


def rung(role, ladder, on=TODAY):
    return registry.office_for(role, agency_id=ladder["tax"], place_code="IR-15-1503", on=on)


def test_each_rung_finds_its_office(ladder, person):
    for name in ("top", "vice", "governor", "county", "head"):
        appoint(ladder[name], person())
    assert rung("agency-head", ladder) == ladder["head"]
    assert rung("county-governor", ladder) == ladder["county"]
    assert rung("governor", ladder) == ladder["governor"]
    assert rung("first-vice-president", ladder) == ladder["vice"]
    assert rung("president-office", ladder) == ladder["top"]


def test_a_report_to_a_vacant_office_goes_to_the_next_one_held(ladder, person):
    vice = person()
    appoint(ladder["vice"], vice)
    assert rung("agency-head", ladder) == ladder["vice"]
    assert registry.holders_of(ladder["head"]) == (vice.id,)
    appoint(ladder["county"], person(), starts=TODAY)
    assert rung("agency-head", ladder) == ladder["county"]
    assert rung("agency-head", ladder, TODAY - timedelta(days=1)) == ladder["vice"]


def test_a_role_without_an_office_is_refused(ladder):
    with pytest.raises(registry.NoOffice) as refusal:
        rung("minister", ladder)
    assert refusal.value.code == "registry.no_office"


def test_an_office_has_one_holder_at_a_time(ladder, person):
    first = appoint(ladder["governor"], person())
    with pytest.raises(OfficeHeld):
        appoint(ladder["governor"], person(), starts=TODAY)
    registry.end_holding(first, by=ROOT, last_day=TODAY)
    with pytest.raises(AlreadyEnded):
        registry.end_holding(first, by=ROOT, last_day=TODAY)
    with pytest.raises(OfficeHeld):
        appoint(ladder["governor"], person(), starts=TODAY)
    appoint(ladder["governor"], person(), starts=TODAY + timedelta(days=1))


def test_offices_never_fall_in_a_circle(ladder):
    with pytest.raises(Unfit):
        registry.set_falls_to(ladder["top"], ladder["head"], by=ROOT)


def test_a_head_appoints_in_their_own_agency_only(ladder, person, agency):
    head, other = person(), person()
    registry.seat(registry.SeatDraft(head.id, ladder["tax"], "head", date(2024, 1, 1)), by=ROOT)
    by = registry.actor_for(head.user)
    registry.appoint(ladder["head"], registry.Appointment(other.id, TODAY), by=by)
    with pytest.raises(Refused):
        registry.appoint(ladder["governor"], registry.Appointment(other.id, TODAY), by=by)
