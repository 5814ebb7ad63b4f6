"""Who may open which page, export and interface, and does each page keep to its queries?"""

from __future__ import annotations

import csv
import io
import json
import sys
from datetime import date, timedelta
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from payvand.cli.main import main
from payvand.energy.actions import planning, publishing, releasing, samples
from payvand.energy.models import DayLoad, Plan, Supply, Threshold
from payvand.kernel import clock
from payvand.ledger.models import Obligation
from payvand.plugins.slots import Sample
from payvand.registry import models as r
from payvand.registry import public as registry
from tests.energy import province
from tests.energy.province import AREA, DAY, NOW, TODAY

pytestmark = pytest.mark.django_db
SINCE = date(2020, 1, 1)


@pytest.fixture
def made():
    with clock.frozen(NOW):
        built = province.build()
        province.foreseen()
        plan = planning.make(AREA, DAY, by=built.operator)
        planning.propose(plan.pk, by=built.operator)
        planning.decide(plan.pk, by=built.governor, approve=True, order="Go on.")
        publishing.publish(plan.pk, by=built.operator)
        releasing.release_day(AREA, TODAY - timedelta(days=1), by=built.operator)
        yield built
    registry.forget()


def client(name: str = "", *, seat: tuple[UUID, str] | None = None, office: int | None = None,
           operator: bool = False) -> Client:  # fmt: skip
    """Return a browser: of nobody, or of an account with a seat or an office."""
    found = Client()
    if not name:
        return found
    user = r.User.objects.create(username=name, is_staff=operator, is_superuser=operator)
    if seat:
        r.Membership.objects.create(user=user, org_id=seat[0], role=seat[1], valid_from=SINCE)
    if office:
        r.Holding.objects.filter(office_id=office).delete()
        r.Holding.objects.create(office_id=office, user=user, valid_from=SINCE)
    registry.forget()
    found.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return found


@pytest.fixture
def browsers(made):
    return {
        "nobody": client(), "stranger": client("stranger"), "admin": client("adm", operator=True),
        "operator": client("op", seat=(made.world.agencies["owner"], "clerk")),
        "governor": client("gov", office=made.world.offices["governor"]),
        "steel": client("steel", seat=(made.parties["steel"], "signatory")),
    }  # fmt: skip


def addresses(made) -> dict[str, str]:
    plan = Plan.objects.get()
    asked = plan.requests.get(asset=made.assets["steel"])
    return {
        "schedules": "/en/electricity/", "schedule": f"/en/electricity/{AREA}/",
        "csv": f"/en/electricity/{AREA}/schedule.csv",
        "adr": f"/en/electricity/{AREA}/openadr.json", "officials": "/en/energy/",
        "balance": f"/en/energy/{AREA}/balance/", "burden": f"/en/energy/{AREA}/burden/",
        "load": f"/en/energy/{AREA}/load/", "plan": f"/en/energy/plans/{plan.pk}/",
        "approval": f"/en/energy/plans/{plan.pk}/approval/",
        "settlement": f"/en/energy/plans/{plan.pk}/settlement/",
        "rota": f"/en/energy/plans/{plan.pk}/rota.csv",
        "whole": f"/en/energy/plans/{plan.pk}/openadr.json",
        "asset": f"/en/energy/mine/{made.assets['steel'].pk}/",
        "request": f"/en/energy/requests/{asked.pk}/",
        "event": f"/en/energy/requests/{asked.pk}/openadr.json",
    }  # fmt: skip


PUBLIC = {"schedules", "schedule", "csv", "adr"}
SUMS = {"officials", "balance", "burden", "plan", "approval", "settlement"}
OPEN = {
    "nobody": PUBLIC, "stranger": PUBLIC, "admin": PUBLIC, "governor": PUBLIC | SUMS,
    "operator": PUBLIC | SUMS | {"load", "rota", "whole", "asset", "request", "event"},
    "steel": PUBLIC | {"asset", "request", "event"},
}  # fmt: skip


@pytest.mark.parametrize("who", OPEN)
def test_every_page_opens_for_those_it_is_for_and_for_nobody_else(made, browsers, who):
    found = {
        name
        for name, address in addresses(made).items()
        if browsers[who].get(address).status_code == 200
    }
    assert found == OPEN[who]


def test_the_account_holder_alone_answers_and_the_operator_only_reads(made, browsers):
    address = addresses(made)["request"]
    for who in ("operator", "governor", "stranger", "nobody"):
        browsers[who].post(f"{address}answer/", {"answer": "accept"})
    assert Plan.objects.get().requests.exclude(answer="").count() == 0
    browsers["steel"].post(f"{address}answer/", {"answer": "accept"})
    assert Plan.objects.get().requests.get(asset=made.assets["steel"]).answer == "accepted"


def test_steps_of_the_operator_are_refused_to_others(made, browsers):
    plan, before = Plan.objects.get(), Plan.objects.count()
    for who in ("steel", "stranger", "admin", "governor"):
        for address in (f"/en/energy/{AREA}/plan/", f"/en/energy/{AREA}/forecast/",
                        f"/en/energy/{AREA}/release/",
                        f"/en/energy/plans/{plan.pk}/replan/"):  # fmt: skip
            assert browsers[who].post(address, {"day": str(DAY)}).status_code == 403
    assert Plan.objects.count() == before


def test_no_public_page_or_export_names_a_feeder_a_consumer_or_a_tier(made, browsers):
    where = addresses(made)
    for name in ("schedule", "csv", "adr"):
        text = browsers["nobody"].get(where[name]).content.decode()
        for secret in ("f00", "f03", "steel", "hospital", "vital", str(made.assets["steel"].pk)):
            assert secret not in text
    api = browsers["nobody"].get(f"/api/v1/energy/{AREA}/schedule")
    assert api.status_code == 200
    assert "RESOURCE_NAME" not in api.content.decode()


def test_the_public_page_shows_no_cell_of_few(made, browsers):
    text = browsers["nobody"].get(addresses(made)["schedule"]).content.decode()
    assert "too few consumers" in text
    rows = DayLoad.objects.filter(consumers__lt=15, day=TODAY - timedelta(days=1))
    for row in rows:
        assert f"{round(sum(row.wh) / 1e6):,}<" not in text


def test_pages_cost_a_fixed_number_of_queries(made, browsers, django_assert_max_num_queries):
    where = addresses(made)
    for who, name, most in (("operator", "balance", 26), ("operator", "plan", 22),
                            ("nobody", "schedule", 10), ("governor", "officials", 20)):  # fmt: skip
        browsers[who].get(where[name])
        with django_assert_max_num_queries(most):
            browsers[who].get(where[name])


def test_a_file_of_supply_is_reported_row_by_row(made, browsers):
    text = f"ts,mw\n{DAY}T06:00Z,150\nsoon,150\n{DAY}T07:00Z,-4\n"
    file = SimpleUploadedFile("supply.csv", text.encode())
    page = browsers["operator"].post(f"/en/energy/{AREA}/load/", {"kind": "supply", "file": file})
    body = page.content.decode()
    assert "1 row was kept" in body
    assert "the time cannot be read" in body
    assert "the MW are negative" in body
    assert Supply.objects.filter(source="supply.csv").count() == 1


def test_the_desks_of_the_ledger_lead_to_the_pages_of_energy(made, browsers):
    owed = Obligation.objects.get(kind="acknowledgement", service="energy")
    page = browsers["governor"].get(reverse("ledger:obligation", args=[owed.pk]), follow=True)
    assert page.redirect_chain[-1][0].endswith(f"/energy/{AREA}/balance/")


def test_the_csv_of_the_schedule_is_a_table_of_areas_and_times(made, browsers):
    text = browsers["nobody"].get(addresses(made)["csv"]).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert all(row["day"] == str(DAY) and row["from"].endswith(":30") for row in rows)


# --- interface and terminal -------------------------------------------------------------------


def test_the_interface_tells_the_same_to_the_same_people(made, browsers):
    plan = Plan.objects.get()
    asked = plan.requests.get(asset=made.assets["steel"])
    for address, allowed in ((f"energy/{AREA}/balance", {"operator", "governor"}),
                             (f"energy/plans/{plan.pk}", {"operator", "governor"}),
                             (f"energy/plans/{plan.pk}/openadr", {"operator"}),
                             (f"energy/requests/{asked.pk}", {"operator", "steel"})):  # fmt: skip
        found = {who for who, browser in browsers.items()
                 if browser.get(f"/api/v1/{address}").status_code == 200}  # fmt: skip
        assert found == allowed, address


def test_the_terminal_tells_balance_and_plan_for_machines(made):
    told = CliRunner().invoke(main, ["energy", "balance", AREA, "--json"])
    assert json.loads(told.output)["any_probability"] > 0.9
    drawn = CliRunner().invoke(main, ["energy", "plan", AREA, "--day", str(DAY), "--json"])
    assert json.loads(drawn.output)["state"] == "draft"
    plain = CliRunner().invoke(main, ["energy", "balance", AREA])
    assert "shortage with probability" in plain.output
    said = CliRunner().invoke(main, ["energy", "threshold", AREA, "--probability", "0.7", "--json"])
    assert (
        json.loads(said.output)["probability"]
        == Threshold.objects.get(area=AREA, carrier="electricity").probability
    )
    early = CliRunner().invoke(main, ["energy", "settle", str(Plan.objects.first().pk)])
    assert early.exit_code != 0


# --- where the extra is not installed ---------------------------------------------------------


def test_without_the_libraries_pages_say_so_and_nothing_is_computed(made, browsers, monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy", None)
    page = browsers["operator"].get(addresses(made)["balance"])
    assert page.status_code == 200
    assert "not installed here" in page.content.decode()
    before = Plan.objects.count()
    tried = browsers["operator"].post(f"/en/energy/{AREA}/plan/", {"day": str(DAY)}, follow=True)
    assert "not fully installed" in tried.content.decode()
    assert Plan.objects.count() == before


def test_without_the_libraries_the_sample_country_is_built_all_the_same(made, monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy", None)
    told: list[str] = []
    samples.add(Sample(NOW, 7, {}, told.append))
    assert told == ["energy: left out, scipy is not installed"]
