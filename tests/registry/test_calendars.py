"""Which calendar has a party, and does a closure reach it — now, and as it was known then?"""

from datetime import date, time, timedelta

import pytest

from payvand.audit.public import history
from payvand.kernel import clock
from payvand.kernel.calendar import CalendarRule
from payvand.kernel.errors import Refused
from payvand.registry import public as registry
from payvand.registry.actions.journal import STREAM
from payvand.registry.models import CalendarFact
from payvand.registry.rules.refusals import FactSuperseded, Unfit
from tests.registry.conftest import NOW, ROOT, TODAY, closure, settled


def test_a_provincial_closure_reaches_its_own_agencies_only(agency):
    here, there = agency("tax-15", "IR-15-1503"), agency("tax-03", "IR-03-303")
    registry.record_closure(closure("IR-15"), by=ROOT)
    assert not registry.calendar_of(here).is_open(TODAY)
    assert registry.calendar_of(there).is_open(TODAY)


def test_an_organisation_may_close_alone(agency):
    one, two = agency("tax-15"), agency("fire-15")
    registry.record_closure(closure(registry.scope_of(one)), by=ROOT)
    assert not registry.calendar_of(one).is_open(TODAY)
    assert registry.calendar_of(two).is_open(TODAY)


def test_an_exempt_class_stays_open(agency):
    bank, tax = agency("bank-15", org_class="bank"), agency("tax-15")
    registry.record_closure(closure("IR", exempt=frozenset({"bank"})), by=ROOT)
    assert registry.calendar_of(bank).is_open(TODAY)
    assert not registry.calendar_of(tax).is_open(TODAY)


def test_a_preview_shows_the_closure_and_records_nothing(agency):
    here, near, there = agency("tax-15"), agency("fire-15", "IR-15-1503"), agency("tax-03", "IR-03")
    rule = CalendarRule(
        id="preview", scope="IR-15", starts=TODAY, ends=TODAY, weekdays=None, kind="closure"
    )
    assert not registry.calendar_with(here, [rule]).is_open(TODAY)
    assert registry.calendar_with(here, [rule]) is registry.calendar_with(near, [rule])
    assert registry.calendar_with(there, [rule]).is_open(TODAY)
    assert registry.calendar_of(here).is_open(TODAY)
    assert CalendarFact.objects.count() == 0


def test_agencies_under_the_same_rules_share_one_calendar(agency):
    one, two = agency("tax-15"), agency("fire-15", "IR-15-1503")
    found = registry.calendars_of([one, two])
    assert found[one] is found[two]


def test_a_calendar_of_cached_parties_asks_nothing(agency, django_assert_num_queries):
    tax = agency("tax-15")
    registry.calendar_of(tax)
    settled()
    registry.calendar_of(tax)
    with django_assert_num_queries(0):
        registry.calendar_of(tax)


def test_versions_change_with_each_fact_and_only_where_it_applies(agency):
    here, there = agency("tax-15"), agency("tax-03", "IR-03")
    registry.record_closure(closure("IR", date(2025, 12, 1)), by=ROOT)
    before = registry.calendar_version()
    mine, theirs = registry.calendar_of(here).version, registry.calendar_of(there).version
    registry.record_closure(closure("IR-15"), by=ROOT)
    assert registry.calendar_version() != before
    assert registry.calendar_of(here).version != mine
    assert registry.calendar_of(there).version == theirs


def test_a_correction_keeps_what_was_known_before(agency):
    tax = agency("tax-15")
    first = registry.record_closure(closure("IR-15"), by=ROOT)
    with clock.frozen(NOW + timedelta(hours=2)):
        second = registry.record_closure(
            closure("IR-15", closes=time(10), status="corrected"), by=ROOT, corrects=first
        )
        assert registry.calendar_of(tax).is_open(TODAY)
        then = registry.calendar_of(tax, known_at=NOW + timedelta(hours=1))
        assert not then.is_open(TODAY)
    assert CalendarFact.objects.get(pk=first).known_to is not None
    assert CalendarFact.objects.count() == 2
    with pytest.raises(FactSuperseded):
        registry.record_closure(closure("IR-15"), by=ROOT, corrects=first)
    assert CalendarFact.objects.get(pk=second).known_to is None


def test_before_a_closure_was_known_the_day_was_open(agency):
    tax = agency("tax-15")
    registry.record_closure(closure("IR-15"), by=ROOT)
    assert registry.calendar_of(tax, known_at=NOW - timedelta(hours=1)).is_open(TODAY)


def test_a_retracted_fact_stays_in_the_record(agency):
    tax = agency("tax-15")
    pk = registry.record_closure(closure("IR-15"), by=ROOT)
    registry.retract_fact(pk, by=ROOT, reason="never decided")
    assert registry.calendar_of(tax).is_open(TODAY)
    assert CalendarFact.objects.filter(pk=pk).exists()


def test_a_faulty_closure_is_refused_and_leaves_no_trace(land):
    events = len(history(STREAM))
    with pytest.raises(Unfit) as refusal:
        registry.record_closure(closure(ends=TODAY - timedelta(days=1)), by=ROOT)
    assert "ends" in refusal.value.facts["fields"]
    with pytest.raises(registry.NoPlace):
        registry.record_closure(closure("IR-99"), by=ROOT)
    assert CalendarFact.objects.count() == 0
    assert len(history(STREAM)) == events


def test_every_closure_is_one_event(land):
    events = len(history(STREAM))
    registry.record_closure(closure("IR-15"), by=ROOT)
    assert len(history(STREAM)) == events + 1


def test_a_governor_closes_their_province_and_no_other(office, person):
    governor, holder = office("governor", place="IR-15"), person()
    registry.appoint(
        governor, registry.Appointment(user=holder.id, starts=date(2024, 1, 1)), by=ROOT
    )
    by = registry.actor_for(holder.user)
    registry.record_closure(closure("IR-15-1503"), by=by)
    for scope in ("IR-03", "IR"):
        with pytest.raises(Refused):
            registry.record_closure(closure(scope), by=by)


def test_those_touched_by_a_closure_are_found(agency, company):
    county, province = agency("tax-1503", "IR-15-1503"), agency("tax-15")
    other, national = agency("tax-03", "IR-03"), agency("tax", None)
    firm = company("IR-15-1503")
    assert registry.parties_under("IR-15") == {county, province}
    assert registry.parties_under("IR-15-1503") == {county}
    assert registry.parties_under("IR") == {county, province, other, national}
    assert registry.parties_under(registry.scope_of(other)) == {other}
    assert firm in registry.parties_under("IR-15", kinds=("agency", "company"))


def test_a_party_that_moves_takes_the_calendar_of_its_new_place(agency):
    tax = agency("tax-15")
    registry.record_closure(closure("IR-03"), by=ROOT)
    assert registry.calendar_of(tax).is_open(TODAY)
    registry.move_party(tax, "IR-03-303", by=ROOT)
    assert not registry.calendar_of(tax).is_open(TODAY)


def test_an_unknown_party_has_no_calendar(land):
    with pytest.raises(registry.NoParty):
        registry.calendar_of(STREAM)  # some id that is no party
