"""Is the sample country whole, repeatable, and honest about being a sample?"""

import itertools
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import F

from payvand.audit import public as audit
from payvand.audit.models import Event
from payvand.demo import build, closures, data, history
from payvand.energy import public as energy
from payvand.energy.models import Asset, AssetLoad, DayLoad, Plan
from payvand.kernel import clock
from payvand.kernel.terms import Stops, Term, due_at
from payvand.ledger import resolutions
from payvand.ledger.models import OPEN, Disclosure, Interruption, Move, Obligation
from payvand.registry import public as registry
from payvand.registry.models import CalendarFact, DebtorRole, Holding, Office, Party
from payvand.window.models import Application, Licence, Service
from tests.demo.conftest import APPLICATIONS, NOW, make

pytestmark = pytest.mark.django_db

WHOLE = True


def test_every_application_is_there_and_every_state_occurs(country):
    states = Counter(Application.objects.values_list("state", flat=True))
    assert sum(states.values()) == APPLICATIONS
    assert {"in_review", "granted", "refused", "withdrawn"} <= set(states)
    kinds = set(Obligation.objects.values_list("kind", flat=True))
    assert {"inquiry", "decision", "acknowledgement", "completion", "condition"} <= kinds


def test_the_log_of_the_history_can_be_verified(country):
    report = audit.verify()
    assert report.ok, report.findings
    assert report.streams > APPLICATIONS


def test_the_same_seed_gives_the_same_history(country):
    first = history.fingerprint()
    assert len(first) > 5 * APPLICATIONS
    with connection.constraint_checks_disabled():
        for model in apps.get_models():
            if model.__module__.startswith("payvand."):
                model._base_manager.all()._raw_delete("default")
    make()
    assert history.fingerprint() == first


def test_building_again_changes_nothing(country):
    before = Obligation.objects.count(), Party.objects.count()
    assert build.build(applications=APPLICATIONS, seed=7) is False
    assert (Obligation.objects.count(), Party.objects.count()) == before


def test_every_party_says_that_it_is_a_sample(country):
    assert not Party.objects.filter(is_sample=False).exists()
    for name in Party.objects.filter(kind="agency").values_list("name_fa", flat=True):
        assert name.endswith(data.MARK_FA)
    for name in Party.objects.exclude(kind="agency").values_list("name_fa", flat=True):
        assert "نمون" in name


def test_every_due_time_is_what_the_working_calendar_gives(country):
    stops: dict[object, list[object]] = {}
    for key, start, end in Interruption.objects.values_list("obligation", "starts", "ends"):
        stops.setdefault(key, []).append((start, end))
    checked = 0
    with clock.frozen(NOW):
        for owed in Obligation.objects.exclude(term="").exclude(due_at=None):
            calendar = registry.calendar_of(owed.debtor_id)
            if owed.state not in OPEN and owed.due_at > NOW:
                continue  # closed before the newest closure was declared: stays as it was
            start = owed.delivered_at or owed.sent_at
            if owed.proof == "answered":  # only the answer proved the delivery
                start = owed.sent_at
            held = Stops.of(stops.get(owed.id, []))
            from_sending = due_at(Term.parse(owed.term), owed.sent_at, held, calendar)
            if owed.level == "inbox" and start >= from_sending:  # opening late gains no time
                start = owed.sent_at
            wanted = due_at(Term.parse(owed.term), start, held, calendar)
            assert owed.due_at == wanted, (owed.question, owed.proof)
            checked += 1
    assert checked > 300


def test_agencies_answer_in_office_hours_only(country):
    with clock.frozen(NOW):
        for owed in Obligation.objects.filter(kind="inquiry", outcome__in=("positive", "negative")):
            calendar = registry.calendar_of(owed.debtor_id)
            day = clock.local_date(owed.answered_at)
            assert calendar.is_open(day)
            assert calendar.opening(day) <= owed.answered_at <= calendar.closing(day)


def test_a_late_answer_was_reported_to_an_office_that_somebody_holds(country):
    late = Obligation.objects.filter(kind="inquiry", answered_at__gt=F("due_at"))
    assert late.exists()
    for owed in late:
        if owed.spec.get("ladder"):
            assert owed.followers.filter(kind="acknowledgement", office__isnull=False).exists()


def test_half_of_the_trade_history_was_asked_one_after_another(country):
    trade = Application.objects.filter(service_id="trade-clearance")
    assert trade.filter(sequential=True).count() == trade.count() // 2
    for case in trade.filter(sequential=True):
        asked = list(Obligation.objects.filter(case_id=case.id, kind="inquiry").order_by("sent_at"))
        for before, after in itertools.pairwise(asked):
            assert before.answered_at is not None
            assert before.answered_at <= after.sent_at


def test_each_agency_saw_only_what_its_question_declares(country):
    for owed in Obligation.objects.filter(kind="inquiry")[:200]:
        for shown in Disclosure.objects.filter(obligation=owed):
            assert shown.party_id == owed.debtor_id
            assert set(shown.fields) == set(owed.payload)


def test_licences_are_numbered_in_the_order_of_issue(country):
    for service in ("trade-clearance", "land-window", "business-licence"):
        found = Licence.objects.filter(service_id=service).order_by("pk")  # by time of issue
        tails = [int(one.number.rpartition("-")[2]) for one in found]
        assert tails == list(range(1, len(tails) + 1))
        issued = Service.objects.values_list("licences_issued", flat=True).get(pk=service)
        assert issued == len(tails)  # the product counts on from there


def test_every_debtor_role_is_answered_in_both_provinces(country):
    roles = {slug for slug, role in registry.roles().items() if role["kind"] != "office"}
    assert roles <= set(DebtorRole.objects.values_list("role", flat=True))
    for role in roles:
        for province in data.PROVINCES:
            for county in data.COUNTIES[province]:
                assert registry.debtor_for(role, county)


def test_a_vacant_office_falls_to_the_next_and_a_deputy_acts(country):
    with clock.frozen(NOW):
        dorud = Office.objects.get(role="county-governor", place_id="IR-15-1505")
        assert not Holding.objects.filter(office=dorud).exists()
        governor = Office.objects.get(role="governor", place_id="IR-15")
        assert registry.holders_of(dorud.pk) == registry.holders_of(governor.pk)
        tabriz = Office.objects.get(role="governor", place_id="IR-03")
        assert registry.holders_of(tabriz.pk)


def test_open_cases_wait_for_somebody(country):
    for case in Application.objects.filter(state__in=("in_review", "deciding")):
        assert Obligation.objects.filter(case_id=case.id, state__in=OPEN).exists()


def test_a_declared_closure_has_moved_open_terms_and_each_move_is_recorded(country):
    moved = Move.objects.select_related("obligation")
    assert moved.exists()
    for one in moved:
        assert one.became > one.was
        assert one.obligation.due_at == one.became
        assert "نمونه" in one.cause


def test_a_county_was_closed_in_the_past_and_nobody_answered_on_that_day(country):
    fact = CalendarFact.objects.get(scope=closures.PAST_COUNTY, kind="closure")
    assert fact.known_from < NOW - timedelta(days=50)
    offices = Party.objects.filter(place_id=closures.PAST_COUNTY, kind="agency")
    answered = Obligation.objects.filter(debtor__in=offices, kind="inquiry", state="answered")
    assert fact.starts not in {clock.local_date(at) for at in
                               answered.values_list("answered_at", flat=True)}  # fmt: skip


def test_licences_are_renewed_and_changed_with_the_log_saying_so(country):
    for row in Licence.objects.exclude(renews=None).select_related("renews"):
        assert row.renews.valid_from < row.valid_from <= row.renews.valid_to
        assert row.number != row.renews.number
    changed = Licence.objects.exclude(state="valid")
    for row in changed:
        assert Event.objects.filter(subject=f"licence:{row.pk}",
                                    verb=f"window.licence_{row.state}").exists()  # fmt: skip
        assert row.state_reason


def test_a_governor_keeps_a_list_of_resolutions_and_letters_reach_their_folder(country):
    listed = Obligation.objects.filter(kind="resolution", question__startswith="resolution:")
    kept = listed.filter(asker__slug="governor-15")
    assert Counter(kept.values_list("state", flat=True)) == {"sent": 3, "answered": 2}
    assert all("(نمونه)" in title["fa"] for title in kept.values_list("title", flat=True))
    governor = get_user_model().objects.get(username="demo-governor")
    assert resolutions.may_import(registry.actor_for(governor))
    for slug in data.BY_LETTER:
        agency = registry.party_by_slug(slug).id
        assert Path(registry.connection_of(agency).address).is_absolute()


def test_the_sample_meters_go_on_with_the_clock(country):
    latest = DayLoad.objects.filter(carrier="electricity").order_by("-day").first().day
    assert latest == clock.local_date(NOW) - timedelta(days=1)
    with clock.frozen(NOW + timedelta(days=2)):
        assert energy.sample_goes_on(7) == 2
        assert energy.sample_goes_on(7) == 0
    new = DayLoad.objects.filter(carrier="electricity", day__gt=latest)
    assert set(new.values_list("day", flat=True)) == {
        latest + timedelta(days=n) for n in (1, 2)}  # fmt: skip
    assert all(None not in row.wh for row in new)
    named = Asset.objects.filter(area_id="IR-03").count()
    assert AssetLoad.objects.filter(day__gt=latest).count() == 2 * named


def test_the_sample_operator_begins_with_the_balance_and_signs_nothing(country):
    user = get_user_model().objects.get(username="demo-energy")
    by = registry.actor_for(user)
    assert energy.operator_of("IR-03") in {seat.org for seat in by.seats}
    assert by.offices == ()


def test_the_head_of_the_gas_company_hears_of_gas_and_one_plan_of_it_was_kept(country):
    by = registry.actor_for(get_user_model().objects.get(username="demo-gas"))
    assert energy.operator_of("IR-03", "gas") in {seat.org for seat in by.seats}
    assert energy.operator_of("IR-03", "gas") != energy.operator_of("IR-03")
    warned = Obligation.objects.filter(question="shortage", state__in=OPEN)
    titles = {one.title["en"].partition(" ")[0]: one.office_id for one in warned}
    assert set(titles) == {"Electricity", "Gas"}
    assert titles["Gas"] in by.offices
    assert titles["Electricity"] not in by.offices
    kept = Plan.objects.get(carrier="gas")
    assert (kept.state, kept.is_sample) == ("settled", True)
    assert 0.5 < kept.kept <= 1
    assert not kept.lines.filter(group__startswith="residential").exists()
