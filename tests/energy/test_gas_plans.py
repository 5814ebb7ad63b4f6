"""Is a shortage of gas shared as one of electricity, by days, and are homes never cut?"""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile

from payvand.cli.main import main
from payvand.energy import access, shown
from payvand.energy.actions import (
    outlooks,
    planning,
    policies,
    publishing,
    releasing,
    settling,
    thresholds,
)
from payvand.energy.models import BurdenEntry, Feeder, Plan, SectorRule, Settlement, Threshold
from payvand.energy.queries import balance, officials, schedules
from payvand.energy.queries import plans as queries
from payvand.energy.queries import policies as rules
from payvand.energy.rules.hours import GAS
from payvand.kernel import clock
from payvand.kernel.errors import Invalid, Refused
from payvand.ledger.models import Notice, Obligation
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.registry.public import Actor, Seat
from tests.energy import province
from tests.energy.province import AREA, DAY, NOW, SYSTEM, TODAY
from tests.energy.test_pages import client

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    """The province, where a company of its own operates gas, with its head to be warned."""
    with clock.frozen(NOW):
        built = province.build()
        org = built.world.agencies["a0"]
        r.DebtorRole.objects.filter(role="gas-operator").update(agency_id=org)
        registry.forget()
        built.gas_operator = Actor(user_id=42, seats=(Seat(org, "clerk"),))
        built.gas_org = org
        built.head = registry.create_office(
            registry.OfficeDraft("agency-head", "رئیس گاز", "Head, gas", org, AREA), by=SYSTEM
        )
        Threshold.objects.filter(carrier=GAS).update(office=built.head)
        province.gas_consumers(built)
        yield built
    registry.forget()


def drafted(made, *mwh: float) -> Plan:
    province.gas_foreseen(*mwh)
    return planning.make(AREA, DAY, by=made.gas_operator, carrier=GAS)


def published(made, plan: Plan | None = None) -> Plan:
    plan = plan or drafted(made)
    planning.propose(plan.pk, by=made.gas_operator)
    planning.decide(plan.pk, by=made.governor, approve=True, order="Go on.")
    return publishing.publish(plan.pk, by=made.gas_operator)


def groups_of(plan: Plan) -> dict[tuple[str, str], float]:
    return {(one.group, lever): one.mwh(lever)
            for one in queries.lines_of(plan.pk) for lever in one.mw}  # fmt: skip


# --- whose affair gas is ----------------------------------------------------------------------


def test_the_gas_companys_office_is_warned_and_not_that_of_electricity(made):
    seen = province.gas_foreseen()
    owed = Obligation.objects.get(pk=seen.warning)
    assert owed.office_id == made.head
    assert owed.debtor_id == made.gas_org
    assert [rung["to"] for rung in owed.spec["ladder"]] == ["governor", "first-vice-president"]
    assert Notice.objects.get(verb="energy.shortage").office_id == made.head


def test_each_company_operates_its_own_carrier_and_sees_nothing_of_the_other(made):
    plan = drafted(made)
    with pytest.raises(Refused):
        planning.make(AREA, DAY, by=made.operator, carrier=GAS)
    with pytest.raises(Refused):
        planning.propose(plan.pk, by=made.operator)
    assert not access.may_see_plan(made.operator, plan)
    assert not access.may_see_asset(made.operator, made.gas["plant"])
    assert not access.may_see_asset(made.gas_operator, made.assets["glass"])
    assert access.carriers_operated_by(made.gas_operator) == [(AREA, GAS)]
    assert access.may_see_plan(made.governor, plan)


# --- the plan ---------------------------------------------------------------------------------


def test_offers_come_first_sectors_give_the_rest_and_homes_nothing(made):
    plan = drafted(made)
    given = groups_of(plan)
    assert given["power/switch", "shift_out"] == pytest.approx(600)
    assert given["industrial/offers", "shift_out"] == pytest.approx(500)
    assert given["industrial/offers", "shift_back"] == pytest.approx(500)
    assert ("power/switch", "shift_back") not in given  # another fuel is not taken back
    assert given["industrial/rest", "shed"] > 0
    assert not [group for group, _ in given if group.startswith("residential/")]
    assert not [group for group, _ in given if group.endswith(("/vital", "/unranked"))]
    homes = next(g for g in plan.result["groups"] if g["key"] == "residential/rest")
    assert set(homes["why"][:2]) == {"ruled"}
    assert plan.result["rules"]["residential"]["sample"] is True
    assert sum(plan.result["unmet"]) < 0.01


def test_a_plan_runs_over_days_and_is_as_long_as_something_is_asked_or_taken_back(made):
    plan = drafted(made)
    assert len(plan.result["short"]) == 7
    assert plan.result["foreseen"] == 2
    assert (plan.day, plan.last) == (DAY, DAY + timedelta(days=1))  # taken back at once
    assert not plan.lines.filter(hour__gte=2, lever__in=("shed", "shift_out")).exists()


def test_behind_the_forecast_nothing_is_asked_even_where_supply_is_little(made):
    plan = drafted(made, 15_000, 10_500, 15_000, 1000, 1000, 15_000, 15_000, 15_000)
    assert max(plan.result["short"][2:]) <= 0
    assert not plan.lines.filter(hour__in=(2, 3)).exists()


def test_gas_has_no_turns_and_tells_every_sector_one_share(made):
    plan = drafted(made)
    assert Feeder.objects.filter(area_id=AREA).exists()
    assert not plan.cuts.exists()
    assert plan.result["schedule"] == []
    (industry,) = [one for one in schedules.less_of(plan) if one.sector == "industrial"]
    assert 0 < industry.percent[0] <= 30
    assert "residential" not in {one.sector for one in schedules.less_of(plan)}


def test_a_shortage_beyond_what_may_be_cut_is_said_and_homes_stay_whole(made):
    plan = drafted(made, 15_000, 6000, 15_000)
    assert plan.result["unmet"][0] > 1000
    assert not plan.lines.filter(group__startswith="residential").exists()


def test_who_is_never_cut_is_data_that_an_authority_decrees(made):
    table = [{"sector": "public", "never_cut": "yes"},
             {"sector": "residential", "harm": "5", "shed_cap": "2", "day_cap": "1"}]  # fmt: skip
    decree = policies.Decree(GAS, TODAY, "Order 12 of 1404")
    with pytest.raises(Refused):
        policies.decree(AREA, table, decree, by=made.gas_operator)
    with pytest.raises(Invalid):
        policies.decree(AREA, table, policies.Decree(GAS, TODAY, " "), by=SYSTEM)
    with pytest.raises(Invalid):
        policies.decree(AREA, [{"sector": "public", "shed_cap": "200"}], decree, by=SYSTEM)
    assert policies.decree(AREA, table, decree, by=made.governor) == 2
    held = rules.rules_of(AREA, GAS, TODAY)
    assert held["public"].is_never_cut
    assert held["public"].source["en"] == "Order 12 of 1404"
    assert (held["residential"].shed_cap, held["residential"].is_sample) == (0.02, False)
    assert held["industrial"].is_sample  # what nobody decreed stays the sample
    assert rules.rules_of(AREA, GAS, TODAY - timedelta(days=1))["residential"].is_never_cut
    assert SectorRule.objects.filter(carrier="electricity").count() == 0
    assert "residential" in {g["key"].partition("/")[0] for g in drafted(made).result["groups"]}


# --- publishing, planning anew, settling --------------------------------------------------------


def test_consumers_of_gas_are_asked_by_day_and_protected_ones_are_not(made):
    plan = published(made)
    asked = {one.row.asset.title["en"]: one for one in queries.requests_of(plan.pk)}
    assert set(asked) == {"steel", "plant"}
    assert asked["plant"].hours[0][1] >= 600
    assert not asked["plant"].is_moved
    assert asked["steel"].is_moved
    owed = Obligation.objects.get(pk=asked["steel"].row.obligation)
    assert (owed.kind, owed.ground_id, owed.asker_id) == ("invitation", None, made.gas_org)
    assert "gas" in owed.title["en"]


def test_a_plan_that_begins_later_ends_the_one_before_on_its_eve_and_keeps_what_was_agreed(made):
    first = published(made, drafted(made, 15_000, 10_500, 10_500, *[15_000] * 5))
    steel = first.requests.get(asset=made.gas["steel"])
    publishing.answer(steel.pk, by=made.speaker("steel"), accept=True)
    province.gas_supply(15_000, 10_500, 9_800, *[15_000] * 5)
    outlooks.foresee(AREA, by=SYSTEM, carrier=GAS)
    later = planning.make(AREA, DAY + timedelta(days=1), by=made.gas_operator, carrier=GAS)
    assert later.supersedes_id == first.pk
    published(made, later)
    first.refresh_from_db()
    assert (first.state, first.last) == ("published", DAY)
    assert {one.pk for one in schedules.in_force(AREA, TODAY, GAS)} == {first.pk, later.pk}
    again = planning.make(AREA, DAY + timedelta(days=1), by=made.gas_operator, carrier=GAS)
    published(made, again)
    later.refresh_from_db()
    assert later.state == "superseded"
    province.meter_gas(made, first, {"steel": 1.0})
    with clock.frozen(province.at(DAY + timedelta(days=1), 9)):
        settling.settle(first.pk, by=made.gas_operator)
    settled = Settlement.objects.get(request=steel)
    assert settled.asked_mwh == pytest.approx(steel.out_mw[0], abs=0.01)  # the first day alone
    assert settled.delivered_mwh == pytest.approx(settled.asked_mwh, abs=0.5)


def test_planning_anew_leaves_the_day_that_has_begun_to_the_plan_in_force(made):
    plan = published(made, drafted(made, 15_000, 10_500, 10_500, *[15_000] * 5))
    at = f"/en/energy/plans/{plan.pk}/replan/"
    with clock.frozen(province.at(DAY, 10)):
        browser = client("gas", seat=(made.gas_org, "clerk"))
        page = browser.get(f"/en/energy/{AREA}/balance/?carrier=gas").content.decode()
        assert f'value="{DAY}"' not in page
        again = browser.post(at, follow=True)
    assert again.status_code == 200
    newer = Plan.objects.get(supersedes=plan)
    assert newer.day == DAY + timedelta(days=1)


def test_each_day_is_settled_against_a_baseline_and_silence_costs_nothing(made):
    plan = published(made)
    steel, plant = (plan.requests.get(asset=made.gas[name]) for name in ("steel", "plant"))
    publishing.answer(steel.pk, by=made.speaker("steel"), accept=True)
    province.meter_gas(made, plan, {"steel": 0.5, "plant": 1.0})
    with pytest.raises(settling.DayNotOver), clock.frozen(province.at(plan.last, 9)):
        settling.settle(plan.pk, by=made.gas_operator)
    with clock.frozen(province.at(plan.last + timedelta(days=1), 9)):
        done = settling.settle(plan.pk, by=made.gas_operator)
    assert done.kept == pytest.approx(0.5, abs=0.02)
    kept, silent = (Settlement.objects.get(request=row) for row in (steel, plant))
    assert kept.credit_rial == pytest.approx(kept.delivered_mwh * 3_000_000, rel=0.01)
    assert silent.credit_rial == 0
    assert silent.delivered_mwh > 500
    assert len(kept.metered) == 2


def test_the_burden_is_kept_apart_by_carrier_in_days_of_usual_use(made):
    plan = published(made)
    with clock.frozen(province.at(plan.last + timedelta(days=1), 9)):
        settling.settle(plan.pk, by=made.gas_operator)
    assert set(BurdenEntry.objects.values_list("carrier", flat=True)) == {GAS}
    assert queries.burden(AREA, TODAY, plan.last) == []
    borne = {one.group: one for one in queries.burden(AREA, TODAY, plan.last, GAS)}
    assert borne["power/switch"].days == pytest.approx(1.0, abs=0.05)
    assert 0 < borne["industrial/rest"].days < 0.31
    year = TODAY - timedelta(days=200)
    rows = {row.carrier: row for row in officials.provinces(officials.taking_part(), year)}
    assert rows[GAS].cut_mwh > 0 == rows["electricity"].cut_mwh
    assert rows[GAS].plan.pk == plan.pk


def test_gas_that_is_published_passes_the_gate_and_is_judged_apart(made):
    province.gas_foreseen()
    day = TODAY - timedelta(days=1)
    power = releasing.release_day(AREA, day, by=made.operator)
    gas = releasing.release_day(AREA, day, by=made.gas_operator, carrier=GAS)
    assert power.scope != gas.scope
    assert schedules.released(AREA, GAS)[0] == day
    assert {cell.sector for cell in schedules.released(AREA)[1]} != {
        cell.sector for cell in schedules.released(AREA, GAS)[1]}  # fmt: skip


# --- pages, interface, terminal -----------------------------------------------------------------


def addresses(made, plan: Plan) -> dict[str, str]:
    asked = plan.requests.get(asset=made.gas["steel"])
    of = "?carrier=gas"
    return {
        "schedule": f"/en/gas/{AREA}/", "csv": f"/en/gas/{AREA}/schedule.csv",
        "balance": f"/en/energy/{AREA}/balance/{of}", "burden": f"/en/energy/{AREA}/burden/{of}",
        "plan": f"/en/energy/plans/{plan.pk}/", "table": f"/en/energy/plans/{plan.pk}/plan.csv",
        "approval": f"/en/energy/plans/{plan.pk}/approval/",
        "load": f"/en/energy/{AREA}/load/{of}", "list": f"/en/energy/{AREA}/consumers/{of}",
        "change": f"/en/energy/{AREA}/consumers/{made.gas['plant'].pk}/{of}",
        "asset": f"/en/energy/mine/{made.gas['steel'].pk}/",
        "request": f"/en/energy/requests/{asked.pk}/",
        "warning": f"/en/energy/{AREA}/threshold/{of}",
    }  # fmt: skip


def test_pages_of_gas_open_for_the_gas_company_and_for_no_other_operator(made):
    where = addresses(made, published(made))
    public, sums = {"schedule", "csv"}, {"balance", "burden", "plan", "table", "approval"}
    desk = {"load", "list", "change", "asset", "request"}
    browsers = {
        "": public, "gas": public | sums | desk, "power": public,
        "steel": public | {"asset", "request"}, "governor": public | sums | {"warning"},
    }  # fmt: skip
    for who, expected in browsers.items():
        org = {"gas": made.gas_org, "power": made.world.agencies["owner"],
               "steel": made.parties["steel"]}.get(who)  # fmt: skip
        role = "signatory" if who == "steel" else "clerk"
        office = made.world.offices["governor"] if who == "governor" else None
        browser = client(who, seat=(org, role) if org else None, office=office)
        found = {name for name, at in where.items() if browser.get(at).status_code == 200}
        assert found == expected, who


def test_no_openadr_is_made_of_gas_and_no_list_of_feeders(made):
    plan = published(made)
    browser = client("gas", seat=(made.gas_org, "clerk"))
    asked = plan.requests.first()
    for at in (f"/en/energy/plans/{plan.pk}/openadr.json", f"/en/energy/plans/{plan.pk}/rota.csv",
               f"/en/energy/requests/{asked.pk}/openadr.json", f"/en/gas/{AREA}/openadr.json",
               f"/api/v1/energy/plans/{plan.pk}/openadr"):  # fmt: skip
        assert browser.get(at).status_code == 404, at


def test_the_public_reads_sectors_days_and_the_rule_but_no_consumer_and_no_tier(made):
    plan = published(made)
    text = client().get(f"/en/gas/{AREA}/").content.decode()
    assert "Homes: never cut" in text
    assert "Industry" in text
    for secret in ("steel", "hospital", "vital", str(made.gas["steel"].pk)):
        assert secret not in text
    file = client().get(f"/en/gas/{AREA}/schedule.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))
    assert {row["sector"] for row in rows} <= {"industrial", "power", "public"}
    assert {row["day"] for row in rows} == {str(plan.day)}
    told = client().get(f"/api/v1/energy/{AREA}/schedule?carrier=gas").json()["plans"]
    assert told[0]["never_cut"] == ["residential"]
    assert told[0]["less"][0]["percent"] > 0
    whole = client("gas", seat=(made.gas_org, "clerk"))
    lines = whole.get(f"/en/energy/plans/{plan.pk}/plan.csv").content.decode("utf-8-sig")
    assert "industrial/offers,shift_back" in lines


def test_consumers_of_gas_are_registered_without_feeder_and_offer_by_the_day(made):
    browser = client("gas", seat=(made.gas_org, "clerk"))
    form = {"code": "G-1", "owner_id": r.Party.objects.get(pk=made.parties["plant"]).national_id,
            "city": province.CITIES[0], "sector": "power", "usual_mw": "۲۴۰", "shed_cap": "5",
            "day_cap": "5", "notice_hours": "12"}  # fmt: skip
    at = f"/en/energy/{AREA}/consumers/new/?carrier=gas"
    assert browser.post(at, form | {"usual_mw": "240 240"}).status_code == 422
    done = browser.post(at, form)
    assert done.url.endswith("/consumers/?carrier=gas")
    made_here = queries.assets_of([made.parties["plant"]])
    assert {(one.carrier, one.code, tuple(one.usual_mw)) for one in made_here} >= {
        (GAS, "G-1", (240.0,))}  # fmt: skip
    asset = next(one for one in made_here if one.code == "G-1")
    owner = client("plant", seat=(made.parties["plant"], "signatory"))
    r.Mandate.objects.create(principal_id=made.parties["plant"],
                             agent_id=made.world.applicant.party,
                             evidence="t", valid_from=TODAY)  # fmt: skip
    page = owner.get(f"/en/energy/mine/{asset.pk}/").content.decode()
    assert "MWh a day" in page
    assert "From which hour" not in page
    speaker = Actor(user_id=7, seats=(Seat(made.parties["plant"], "signatory"),),
                    mandates=(made.parties["plant"],))  # fmt: skip
    offer = publishing.offer(asset.pk, publishing.Offered(100, comes_back=False), by=speaker)
    assert (offer.from_hour, offer.to_hour, offer.comes_back) == (0, 24, False)


def test_supply_of_gas_is_loaded_by_the_gas_company_and_not_by_the_other(made):
    text = f"ts,mw\n{DAY - timedelta(days=1)}T21:00Z,9000\n"
    at = f"/en/energy/{AREA}/load/?carrier=gas"
    for who, org, told in (
        ("power", made.world.agencies["owner"], 403),
        ("gas", made.gas_org, 200),
    ):
        file = SimpleUploadedFile("supply.csv", text.encode())
        answer = client(who, seat=(org, "clerk")).post(at, {"kind": "supply", "file": file})
        assert answer.status_code == told
    assert balance.supply_of(AREA, DAY, 1, carrier=GAS)[0] == [9000]
    assert balance.supply_of(AREA, DAY, 1)[0] == [None] * 24


def test_the_terminal_speaks_of_both_carriers(made, tmp_path):
    province.gas_foreseen()
    run = CliRunner()
    said = run.invoke(main, ["energy", "balance", AREA, "--carrier", "gas"]).output
    assert "gas, 72 hours" in said
    assert "days" in said
    plan = ["energy", "plan", AREA, "--day", str(DAY), "--carrier", "gas", "--json"]
    told = json.loads(run.invoke(main, plan).output)
    assert (told["carrier"], told["last"]) == ("gas", str(DAY + timedelta(days=1)))
    office = ["energy", "threshold", AREA, "--carrier", "gas", "--office", "agency-head",
              "--signer", "governor", "--json"]  # fmt: skip
    assert json.loads(run.invoke(main, office).output)["office"] == made.head
    file = tmp_path / "rules.csv"
    file.write_text("sector,never_cut\npublic,yes\n")
    said = run.invoke(main, ["energy", "rules", AREA, "--carrier", "gas", "--file", str(file),
                             "--source", "Order 12"]).output  # fmt: skip
    assert "Order 12" in said
    assert "public" in said


def test_the_operator_of_gas_signs_no_plan_of_its_own(made):
    with pytest.raises(Invalid):
        thresholds.set_threshold(AREA, thresholds.Limit(made.head, made.head), by=made.governor,
                                 carrier=GAS)  # fmt: skip


@pytest.mark.parametrize(("language", "word"), [("en", "Gas plan from"), ("fa", "برنامهٔ گاز")])
def test_a_plan_is_called_by_its_days(made, language, word):
    from django.utils import translation

    with translation.override(language):
        assert shown.plan_title(drafted(made)).startswith(word)
