"""On whose behalf does somebody act?"""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from payvand.kernel.errors import Refused
from payvand.registry import public as registry
from tests.registry.conftest import ROOT, TODAY, settled

EVE = TODAY - timedelta(days=1)


def appoint(office, user, **more):
    told = {"starts": date(2024, 1, 1)} | more
    return registry.appoint(office, registry.Appointment(user=user.id, **told), by=ROOT)


def seat(user, org, role="clerk", **more):
    told = {"starts": date(2024, 1, 1)} | more
    return registry.seat(registry.SeatDraft(user=user.id, org=org, role=role, **told), by=ROOT)


def test_a_visitor_acts_for_nobody(db):
    actor = registry.actor_for(AnonymousUser())
    assert (actor.kind, actor.seats, actor.offices, actor.mandates) == ("guest", (), (), ())
    assert not actor.acts_for(None)


def test_seats_hold_on_their_days_only(agency, person):
    tax, clerk = agency("tax-15"), person()
    seat(clerk, tax)
    seat(clerk, tax, "signatory", starts=TODAY + timedelta(days=1))
    assert registry.actor_for(clerk.user).seats == (registry.Seat(tax, "clerk"),)


def test_an_ended_seat_ends_at_once(agency, person):
    tax, clerk = agency("tax-15"), person()
    pk = seat(clerk, tax)
    registry.end_seat(pk, by=ROOT)
    assert not registry.actor_for(clerk.user).works_for(tax)


def test_a_vacant_office_is_in_the_hands_of_the_one_it_falls_to(office, person):
    first = office("first-vice-president", place="IR")
    governor = office("governor", place="IR-15", falls_to=first)
    above, below = person(), person()
    appoint(first, above)
    assert set(registry.actor_for(above.user).offices) == {first, governor}
    appoint(governor, below)
    assert registry.actor_for(above.user).offices == (first,)
    assert registry.actor_for(below.user).offices == (governor,)


def test_a_deputy_acts_only_while_there_is_no_holder(office, person):
    governor = office("governor", place="IR-15")
    holder, deputy = person(), person()
    held = appoint(governor, holder)
    appoint(governor, deputy, order=1)
    assert registry.actor_for(deputy.user).offices == ()
    registry.end_holding(held, by=ROOT, last_day=EVE)
    assert registry.actor_for(deputy.user).offices == (governor,)
    assert registry.holders_of(governor) == (deputy.id,)
    assert registry.holders_of(governor, EVE) == (holder.id,)


def test_signatories_and_mandate_holders_act_for_a_company(company, person):
    firm, signatory, agent = company(), person(), person()
    seat(signatory, firm, "signatory")
    registry.give_mandate(
        registry.MandateDraft(
            firm, agent.party, evidence="POA 12", starts=TODAY, services="land-window"
        ),
        by=registry.actor_for(signatory.user),
    )
    by = registry.actor_for(agent.user)
    assert registry.actor_for(signatory.user).acts_for(firm)
    assert by.acts_for(firm)
    assert registry.may_act_for(by, firm, "land-window")
    refused = registry.may_act_for(by, firm, "trade-clearance")
    assert not refused
    assert "service" in refused.reason


def test_a_mandate_given_to_a_company_reaches_its_signatory(company, person):
    firm, broker, clerk = company(), company(), person()
    seat(clerk, broker, "signatory")
    registry.give_mandate(
        registry.MandateDraft(firm, broker, evidence="POA 13", starts=TODAY), by=ROOT
    )
    assert registry.may_act_for(registry.actor_for(clerk.user), firm, "any")


def test_a_withdrawn_mandate_ends_at_once(person):
    giver, agent, stranger = person(), person(), person()
    pk = registry.give_mandate(
        registry.MandateDraft(giver.party, agent.party, evidence="POA 1", starts=TODAY),
        by=registry.actor_for(giver.user),
    )
    with pytest.raises(Refused):
        registry.withdraw_mandate(pk, by=registry.actor_for(stranger.user))
    registry.withdraw_mandate(pk, by=registry.actor_for(giver.user))
    assert not registry.actor_for(agent.user).acts_for(giver.party)


def test_nobody_gives_away_what_is_not_theirs(person):
    giver, thief = person(), person()
    with pytest.raises(Refused):
        registry.give_mandate(
            registry.MandateDraft(giver.party, thief.party, evidence="x", starts=TODAY),
            by=registry.actor_for(thief.user),
        )


def test_an_actor_costs_three_queries_at_most(
    agency, company, person, office, django_assert_max_num_queries
):
    user = person()
    seat(user, agency("tax-15"))
    seat(user, company(), "signatory")
    appoint(office("governor", place="IR-15"), user)
    settled()
    registry.actor_for(user.user)
    with django_assert_max_num_queries(3):
        found = registry.actor_for(user.user)
    assert found.offices
    assert len(found.seats) == 2


def test_a_request_builds_its_actor_once(person, django_assert_num_queries):
    request = RequestFactory().get("/")
    request.user = person().user
    first = registry.actor(request)
    with django_assert_num_queries(0):
        assert registry.actor(request) is first


def test_the_administrator_is_known(person):
    assert registry.actor_for(person(is_operator=True).user).is_operator
    assert not registry.actor_for(person().user).is_operator
