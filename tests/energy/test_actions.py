"""Does a foreseen shortage become a warning, a signed plan, requests and a settlement, fairly?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from payvand.audit import public as audit
from payvand.energy import errors
from payvand.energy.actions import outlooks, planning, publishing, releasing, settling
from payvand.energy.models import (
    BurdenEntry,
    DayLoad,
    Feeder,
    Outlook,
    Plan,
    Published,
    Request,
    Settlement,
)
from payvand.energy.queries import plans as queries
from payvand.energy.queries import schedules
from payvand.energy.rules import settle as rules
from payvand.kernel import clock
from payvand.kernel.errors import Invalid, Refused
from payvand.ledger import public as ledger
from payvand.ledger import sweep
from payvand.ledger.models import Notice, Obligation
from payvand.registry import public as registry
from payvand.registry.public import Actor
from tests.energy import province
from tests.energy.province import AREA, DAY, NOW, SYSTEM, TODAY

pytestmark = pytest.mark.django_db
STRANGER = Actor(user_id=99)


@pytest.fixture
def made():
    with clock.frozen(NOW):
        yield province.build()
    registry.forget()


def drafted(made) -> Plan:
    province.foreseen()
    return planning.make(AREA, DAY, by=made.operator)


def signed(made) -> Plan:
    plan = drafted(made)
    planning.propose(plan.pk, by=made.operator)
    return planning.decide(plan.pk, by=made.governor, approve=True, order="Go on.")


def published(made) -> Plan:
    return publishing.publish(signed(made).pk, by=made.operator)


def request_to(made, plan: Plan, name: str) -> Request:
    return Request.objects.get(plan=plan, asset=made.assets[name])


# --- warning ----------------------------------------------------------------------------------


def test_a_foreseen_shortage_is_a_duty_of_the_office_to_acknowledge_once(made):
    first = province.foreseen()
    again = outlooks.foresee(AREA, by=SYSTEM)
    assert first.any_probability > 0.9
    owed = Obligation.objects.get(kind="acknowledgement")
    assert (first.warning, again.warning) == (owed.pk, owed.pk)
    assert owed.office_id == made.world.offices["governor"]
    assert Notice.objects.filter(verb="energy.shortage", office=owed.office_id).count() == 1
    outlooks.acknowledge(AREA, by=made.governor, obligation_id=owed.pk, order="Prepare a plan.")
    owed.refresh_from_db()
    assert (owed.state, owed.outcome) == ("answered", "acknowledged")


def test_a_warning_that_nobody_acknowledges_climbs_the_ladder_of_the_ledger(made):
    province.foreseen()
    owed = Obligation.objects.get(kind="acknowledgement")
    with clock.frozen(NOW + timedelta(days=2)):
        sweep.sweep()
    owed.refresh_from_db()
    assert owed.rung == 1
    assert [h.verb for h in audit.history(owed.case_id)].count("ledger.reported") == 1


def test_below_the_threshold_nobody_is_warned(made):
    province.supply(1.3 * province.PEAK)
    outlooks.forecast(AREA, by=SYSTEM)
    assert outlooks.foresee(AREA, by=SYSTEM).warning is None
    assert not Obligation.objects.filter(kind="acknowledgement").exists()


def test_hours_without_a_stated_supply_are_unknown_and_asked_of_nobody(made):
    province.supply(unknown=(41, 42, 43))
    outlooks.forecast(AREA, by=SYSTEM)
    seen = outlooks.foresee(AREA, by=SYSTEM)
    assert [seen.probability[n] for n in (41, 42, 43)] == [None] * 3
    plan = planning.make(AREA, DAY, by=made.operator)
    assert plan.result["unknown"] == [17, 18, 19]
    assert not plan.lines.filter(lever="shed", hour__in=(17, 18, 19)).exists()


# --- the plan ---------------------------------------------------------------------------------


def test_industry_is_asked_to_shift_before_anybody_is_cut_and_the_protected_never(made):
    plan = drafted(made)
    levers = set(plan.lines.values_list("group", "lever"))
    assert ("industrial/offers", "shift_out") in levers
    assert not {group for group, _ in levers} & {"public/vital", "industrial/unranked"}
    names = set(plan.requests.values_list("asset__title__en", flat=True))
    assert {"steel", "cement"} <= names
    assert not names & {"hospital", "glass"}
    dairy = Request.objects.filter(plan=plan, asset=made.assets["dairy"]).first()
    assert dairy is None or not any(dairy.out_mw[17:19])
    assert "f03" not in set(plan.cuts.values_list("feeder_id", flat=True))  # the hospital's
    assert sum(plan.result["unmet"]) < 0.01


def test_every_line_carries_the_rule_that_decided_and_the_hash_of_what_was_read(made):
    plan = drafted(made)
    assert set(plan.lines.values_list("why", flat=True)) <= {"needed", "hour_cap", "back"}
    assert len(plan.inputs) == 64
    again = planning.make(AREA, DAY, by=made.operator)
    assert again.inputs == plan.inputs
    assert [a["name"] for a in plan.alternatives] == [
        "chosen", "least_harm", "no_shifting", "no_history", "no_exemptions"
    ]  # fmt: skip


def test_a_shortage_beyond_all_caps_is_said_and_breaks_no_protection(made):
    province.supply(0.3 * province.PEAK)
    outlooks.forecast(AREA, by=SYSTEM)
    plan = planning.make(AREA, DAY, by=made.operator)
    assert sum(plan.result["unmet"]) > 100
    asked = set(plan.requests.values_list("asset__title__en", flat=True))
    assert "hospital" not in asked
    assert "f03" not in set(plan.cuts.values_list("feeder_id", flat=True))
    assert not plan.lines.filter(group="public/vital").exists()


def test_without_forecast_or_supply_no_plan_is_made(made):
    with pytest.raises(errors.NoForecast):
        planning.make(AREA, DAY, by=made.operator)
    province.supply()
    with pytest.raises(errors.NoForecast):
        outlooks.foresee(AREA, by=SYSTEM)


# --- signature --------------------------------------------------------------------------------


def test_the_office_signs_with_an_order_and_nobody_else_may(made):
    plan = drafted(made)
    planning.propose(plan.pk, by=made.operator)
    owed = Obligation.objects.get(pk=Plan.objects.get(pk=plan.pk).decision)
    assert owed.office_id == made.world.offices["governor"]
    for by in (made.operator, STRANGER, made.world.holder("head-a0")):
        with pytest.raises(Refused):
            planning.decide(plan.pk, by=by, approve=True, order="Go on.")
    with pytest.raises(Invalid):
        planning.decide(plan.pk, by=made.governor, approve=True, order=" ")
    found = planning.decide(plan.pk, by=made.governor, approve=True, order="Go on.")
    assert (found.state, found.order) == ("approved", "Go on.")
    verbs = [h.verb for h in audit.history(plan.pk)]
    for verb in ("energy.plan_made", "energy.plan_proposed", "ledger.answered",
                 "energy.plan_approved"):  # fmt: skip
        assert verb in verbs


def test_a_plan_that_was_sent_back_can_not_be_published(made):
    plan = drafted(made)
    planning.propose(plan.pk, by=made.operator)
    planning.decide(plan.pk, by=made.governor, approve=False, order="Ask the dairy first.")
    events = len(audit.history(plan.pk))
    with pytest.raises(errors.WrongState):
        publishing.publish(plan.pk, by=made.operator)
    assert len(audit.history(plan.pk)) == events


@pytest.mark.parametrize("by", [STRANGER, Actor(user_id=3, is_operator=True)])
def test_only_the_operator_of_the_province_plans_publishes_and_settles(made, by):
    plan = drafted(made)
    for step in (
        lambda: outlooks.take_supply(AREA, [], by=by, source="x"),
        lambda: outlooks.forecast(AREA, by=by), lambda: outlooks.foresee(AREA, by=by),
        lambda: planning.make(AREA, DAY, by=by), lambda: planning.propose(plan.pk, by=by),
        lambda: releasing.release_day(AREA, TODAY - timedelta(days=1), by=by),
    ):  # fmt: skip
        with pytest.raises(Refused):
            step()


# --- requests ---------------------------------------------------------------------------------


def test_each_consumer_is_asked_without_a_ground_and_silence_changes_nothing(made):
    plan = published(made)
    asked = Obligation.objects.filter(case_id=plan.pk, kind="invitation")
    assert asked.count() == plan.requests.count() > 1
    assert {o.ground_id for o in asked} == {None}
    assert Notice.objects.filter(verb="energy.asked").count() == asked.count()
    with clock.frozen(NOW + timedelta(days=3)):
        sweep.sweep()
        standings = {one.standing for one in queries.requests_of(plan.pk)}
    assert standings == {"silent"}
    assert {o.state for o in asked} == {"sent"}


def test_accepting_and_declining_are_said_once_and_by_the_consumer_only(made):
    plan = published(made)
    row = request_to(made, plan, "steel")
    for by in (STRANGER, made.operator, made.speaker("cement")):
        with pytest.raises(Refused):
            publishing.answer(row.pk, by=by, accept=True)
    publishing.answer(row.pk, by=made.speaker("steel"), accept=True)
    with pytest.raises(ledger_error("AlreadyAnswered")):
        publishing.answer(row.pk, by=made.speaker("steel"), accept=False)
    assert queries.request(row.pk).standing == "accepted"


def ledger_error(name: str) -> type[Exception]:
    from payvand.ledger import errors as ledger_errors

    return getattr(ledger_errors, name)


def test_who_declined_is_not_asked_again_and_a_new_plan_replaces_the_old_one(made):
    plan = published(made)
    publishing.answer(request_to(made, plan, "steel").pk, by=made.speaker("steel"), accept=False)
    newer = planning.make(AREA, DAY, by=made.operator)
    assert newer.supersedes_id == plan.pk
    assert not newer.requests.filter(asset=made.assets["steel"]).exists()
    planning.propose(newer.pk, by=made.operator)
    planning.decide(newer.pk, by=made.governor, approve=True, order="Go on.")
    publishing.publish(newer.pk, by=made.operator)
    plan.refresh_from_db()
    assert plan.state == "superseded"
    assert queries.request(request_to(made, plan, "cement").pk).standing == "closed"
    assert Obligation.objects.filter(case_id=plan.pk, state="sent").count() == 0


def test_an_offer_is_made_by_the_consumer_within_what_it_uses(made):
    glass = made.assets["glass"]
    with pytest.raises(Refused):
        publishing.offer(glass.pk, publishing.Offered(1, (8, 20)), by=made.operator)
    with pytest.raises(Invalid):
        publishing.offer(glass.pk, publishing.Offered(6, (8, 20)), by=made.speaker("glass"))
    one = publishing.offer(glass.pk, publishing.Offered(2, (8, 20)), by=made.speaker("glass"))
    with pytest.raises(Refused):
        publishing.withdraw(one.pk, by=STRANGER)
    publishing.withdraw(one.pk, by=made.speaker("glass"))
    assert queries.offers_of([glass.pk]) == {}


def test_a_complaint_is_a_duty_of_the_operator_with_a_term(made):
    plan = published(made)
    with pytest.raises(Refused):
        publishing.complain(made.assets["dairy"], by=STRANGER, text="Too late.")
    key = publishing.complain(made.assets["dairy"], by=made.speaker("dairy"), text="Too late.",
                              plan=plan)  # fmt: skip
    owed = Obligation.objects.get(pk=key)
    assert (owed.debtor_id, owed.term) == (made.world.agencies["owner"], "5wd")
    ledger.answer(
        by=made.operator, obligation_id=key, reply=ledger.Reply("positive", text="Sorry.")
    )


# --- settlement -------------------------------------------------------------------------------


def test_deliveries_are_credited_to_who_agreed_and_silence_costs_nothing(made):
    plan = published(made)
    publishing.answer(request_to(made, plan, "steel").pk, by=made.speaker("steel"), accept=True)
    province.meter(made, plan, {"steel": 1.0, "cement": 0.5})
    with pytest.raises(settling.DayNotOver):
        settling.settle(plan.pk, by=made.operator)
    with clock.frozen(province.at(DAY + timedelta(days=1), 9)):
        found = settling.settle(plan.pk, by=made.operator)
    assert found.state == "settled"
    assert found.kept == pytest.approx(1.0, abs=0.02)
    steel = Settlement.objects.get(request=request_to(made, plan, "steel"))
    cement = Settlement.objects.get(request=request_to(made, plan, "cement"))
    assert steel.credit_rial == round(steel.delivered_mwh * 20_000_000) > 0
    assert cement.credit_rial == 0
    assert BurdenEntry.objects.filter(asset=made.assets["steel"]).count() == 1
    assert not BurdenEntry.objects.filter(asset=made.assets["cement"]).exists()
    cut = set(plan.cuts.values_list("feeder_id", flat=True))
    assert set(Feeder.objects.filter(cuts__gt=0).values_list("code", flat=True)) == cut


def test_what_was_borne_weighs_in_the_next_plan(made):
    plan = published(made)
    province.meter(made, plan, {})
    with clock.frozen(province.at(DAY + timedelta(days=1), 9)):
        settling.settle(plan.pk, by=made.operator)
        year = queries.borne_by_group(AREA, DAY - timedelta(days=100))
        rows = queries.burden(AREA, DAY - timedelta(days=100), DAY)
    planned = sum(x.mwh("shed") for x in queries.lines_of(plan.pk))
    assert sum(year.values()) == pytest.approx(planned, abs=0.01)
    ours = queries.evenness(rows)
    theirs = rules.fairness([rules.Burden(x.group, x.days, 1.0) for x in rows if x.lever == "shed"])
    assert (ours.largest, ours.mean, ours.gini) == pytest.approx(
        (theirs.largest, theirs.mean, theirs.gini)
    )


def test_without_comparable_days_it_is_settled_by_agreement(made):
    plan = published(made)
    with clock.frozen(province.at(DAY + timedelta(days=1), 9)):
        settling.settle(plan.pk, by=made.operator)
    assert {s.delivered_mwh for s in Settlement.objects.all()} == {None}
    assert Plan.objects.get(pk=plan.pk).kept is None


# --- what the public reads --------------------------------------------------------------------


def test_the_public_schedule_names_no_feeder_and_every_area_can_be_cut(made):
    plan = published(made)
    told = schedules.told_of(plan)
    lines = queries.feeder_lines(AREA, DAY)
    for part, _hours in told:
        open_ = [one for one in lines if one.city == part.city and one.district in part.districts
                 and one.is_open]  # fmt: skip
        assert len(open_) >= 3
    assert not any(code in str(plan.result["schedule"]) for code in ("f00", "f03", "f11"))


def test_what_was_published_earlier_is_remembered_by_the_gate(made):
    eve = TODAY - timedelta(days=1)
    first = releasing.release_day(AREA, eve, by=made.operator)
    cells = {c.name: c for c in Published.objects.filter(release=first)}
    few = cells[f"{province.CITIES[1]}|industrial"]
    assert (few.wh, few.reason) == (None, "few")
    again = releasing.release_day(AREA, eve, by=made.operator)
    for cell in Published.objects.filter(release=again):
        old = cells[cell.name]
        assert (cell.wh, cell.low, cell.high) == (old.wh, old.low, old.high)
    # both the whole and all its other parts would give the four away by difference
    whole = cells[f"{AREA}|industrial"].wh
    other = cells[f"{province.CITIES[0]}|industrial"].wh
    assert whole is None or other is None


def test_readings_corrected_after_a_release_change_nothing_that_is_out(made):
    eve = TODAY - timedelta(days=1)
    first = releasing.release_day(AREA, eve, by=made.operator)
    row = DayLoad.objects.filter(area_id=AREA, day=eve, sector="residential").first()
    DayLoad.objects.filter(pk=row.pk).update(wh=[v + 5_000_000 for v in row.wh])
    again = releasing.release_day(AREA, eve, by=made.operator)
    told = [dict(Published.objects.filter(release=one).values_list("name", "wh"))
            for one in (first, again)]  # fmt: skip
    assert told[0] == told[1]


def test_figures_of_two_forecasts_stand_beside_each_other(made):
    province.foreseen()
    with clock.frozen(NOW + timedelta(hours=2)):
        outlooks.foresee(AREA, by=SYSTEM)
    assert Outlook.objects.count() == 2
