"""Is somebody registered once, with a sound id, and are sites ranked by the authority alone?"""

from datetime import date

import pytest

from payvand.audit.public import history
from payvand.kernel.errors import Refused
from payvand.kernel.ids import make_company_id, make_national_id
from payvand.registry import public as registry
from payvand.registry.actions.journal import STREAM
from payvand.registry.models import Party, SiteTier
from payvand.registry.rules.refusals import Unfit
from tests.registry.conftest import ROOT, TODAY


def draft(kind="person", number="0012345040", **more):
    return registry.PartyDraft(kind=kind, name_fa="نمونه", national_id=number, **more)


@pytest.mark.parametrize(
    "wrong",
    [
        draft(number="0012345092"),
        draft(number=""),
        draft("company", "10380284792"),
        draft("company", "0012345040"),
        draft("agency", ""),
        draft("agency", "11111111111", slug="tax"),
        draft("ghost"),
    ],
)
def test_a_wrong_id_is_refused_and_nothing_is_registered(db, wrong):
    with pytest.raises(Unfit) as refusal:
        registry.register_party(wrong, by=ROOT)
    assert refusal.value.facts["fields"]
    assert Party.objects.count() == 0


def test_an_id_in_persian_digits_is_found_by_latin_ones(db):
    pk = registry.register_party(draft(number="۰۰۱۲۳۴۵۰۴۰"), by=ROOT)
    assert registry.find_party("person", "0012345040").id == pk
    assert registry.find_party("company", "0012345040") is None
    assert registry.find_party("agency", "") is None


def test_the_same_person_is_registered_once(db):
    pk = registry.register_party(draft(), by=ROOT)
    with pytest.raises(registry.PartyExists) as refusal:
        registry.register_party(draft(), by=ROOT)
    assert refusal.value.facts["party"] == str(pk)


def test_many_are_registered_with_one_event_or_not_at_all(db):
    numbers = [make_national_id(f"{n:09}") for n in range(1, 51)]
    events = len(history(STREAM))
    made = registry.register_parties([draft(number=n) for n in numbers], by=ROOT)
    assert len(set(made)) == 50
    assert len(history(STREAM)) == events + 1
    with pytest.raises(registry.PartyExists):
        registry.register_parties([draft(number=make_national_id("000000777")), draft(
            number=numbers[0])], by=ROOT)  # fmt: skip
    assert Party.objects.count() == 50


def test_the_log_never_carries_a_name_or_an_id(db):
    registry.register_party(draft(), by=ROOT)
    told = str(history(STREAM))
    assert "نمونه" not in told
    assert "0012345040" not in told


def test_an_applicant_registers_nobody(person):
    with pytest.raises(Refused):
        registry.register_party(draft(), by=registry.actor_for(person().user))


def test_names_and_paths_come_in_both_languages(agency):
    tax = agency("tax-15")
    assert registry.party_names([tax])[tax] == {"fa": "دستگاه tax-15", "en": "tax-15"}
    assert registry.place_path("IR-15-1503") == ("IR", "IR-15", "IR-15-1503")
    with pytest.raises(registry.NoPlace):
        registry.place_path("IR-77")


def test_search_forgives_letters_and_spaces(agency):
    agency("tax-15")
    agency("fire-15")
    assert [card.slug for card in registry.agencies("دستگاه‌ tax")] == ["tax-15"]


def test_grounds_are_kept_once_and_updated_when_they_change(db):
    law = {
        "code": "law-1",
        "kind": "law",
        "title_fa": "قانون",
        "title_en": "Act",
        "status": "sample",
    }
    first = registry.ensure_grounds([law], by=ROOT)
    events = len(history(STREAM))
    assert registry.ensure_grounds([law], by=ROOT) == first == registry.ground_ids(["law-1", "x"])
    assert len(history(STREAM)) == events
    registry.ensure_grounds([law | {"status": "in_force"}], by=ROOT)
    assert len(history(STREAM)) == events + 1


@pytest.fixture
def site(company):
    firm = company()
    draft = registry.SiteDraft(owner=firm, place="IR-15-1503", title="کارگاه نمونه")
    return registry.add_site(draft, by=ROOT), firm


def test_only_the_responsible_authority_ranks_a_site(site, agency, person):
    place, firm = site
    defence, other, signatory = agency("defence-15"), agency("other-15"), person()
    registry.set_debtor(registry.TIER_ROLE, "IR-15", defence, by=ROOT)
    tier = registry.TierDraft("vital", defence, "order 7", TODAY)
    with pytest.raises(Refused):
        registry.set_tier(place, tier, by=ROOT)  # not even the administrator
    for org in (other, firm):
        registry.seat(registry.SeatDraft(signatory.id, org, "signatory", TODAY), by=ROOT)
        with pytest.raises(Refused):
            registry.set_tier(
                place,
                registry.TierDraft("vital", org, "order 7", TODAY),
                by=registry.actor_for(signatory.user),
            )
    assert registry.site_tier(place) is None
    registry.seat(registry.SeatDraft(signatory.id, defence, "signatory", TODAY), by=ROOT)
    registry.set_tier(place, tier, by=registry.actor_for(signatory.user))
    assert registry.site_tier(place) == "vital"


def test_a_new_tier_ends_the_former_one_the_day_before(site, agency, person):
    place, _firm = site
    defence, signatory = agency("defence-15"), person()
    registry.set_debtor(registry.TIER_ROLE, "IR", defence, by=ROOT)
    registry.seat(registry.SeatDraft(signatory.id, defence, "decider", date(2024, 1, 1)), by=ROOT)
    by = registry.actor_for(signatory.user)
    registry.set_tier(place, registry.TierDraft("vital", defence, "1", date(2025, 1, 1)), by=by)
    registry.set_tier(place, registry.TierDraft("ordinary", defence, "2", TODAY), by=by)
    assert registry.site_tier(place, date(2025, 6, 1)) == "vital"
    assert registry.site_tier(place) == "ordinary"
    assert SiteTier.objects.filter(valid_to=None).count() == 1
    assert "vital" not in str(history(STREAM))


def test_nobody_registers_a_site_for_a_stranger(company, person):
    with pytest.raises(Refused):
        registry.add_site(
            registry.SiteDraft(owner=company(), place="IR-15", title="x"),
            by=registry.actor_for(person().user),
        )


def test_company_numbers_of_samples_pass_their_check(company):
    firm = registry.party(company())
    assert firm.national_id == make_company_id(firm.national_id[:10])
