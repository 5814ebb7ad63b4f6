"""Who sees the delay account, and do page and terminal say the same?"""

import csv
import io
import json
from datetime import date

import click
import pytest
from click.testing import CliRunner
from django.test import Client

from payvand.foresight.actions import accounts
from payvand.foresight.cli import register
from payvand.foresight.models import CostRate
from payvand.insight.cli import register as register_insight
from payvand.kernel import clock
from payvand.registry import models as r
from payvand.registry import public as registry
from tests.foresight.account_sample import NOW, apply, ask, at, made, stop

SPAN = "period=range&from=1404-08&to=1404-10"
PAGES = ("delays/", "delays/cases/", "delays/account.csv", "delays/warnings/", "delays/trs/",
         "delays/trs/study.xlsx", "delays/rate/")  # fmt: skip


@pytest.fixture
def world(db):
    with clock.frozen(NOW):
        found = made()
        office = r.Office.objects.create(role="first-vice-president", place_id="IR",
                                         title_fa="معاون", title_en="First VP")  # fmt: skip
        found.offices["vice"] = office.pk
        for n in range(12):
            case = apply(found, days=n, decided=n + 9)
            ask(found, case, "a0", sent=n, due=n + 3, answered=n + 9)
        ask(found, apply(found, days=2, decided=8, place="IR-03"), "other", sent=2, answered=8)
        accounts.account()
        yield found
    registry.forget()


def official(world, *names):
    user = r.User.objects.create(username=f"u{names}")
    for name in names:
        r.Holding.objects.filter(office_id=world.offices[name]).delete()
        r.Holding.objects.create(office_id=world.offices[name], user=user,
                                 valid_from=date(2020, 1, 1))  # fmt: skip
    registry.forget()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(client, path, lang="en"):
    return client.get(f"/{lang}/{path}").content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_visitors_sign_in_first_and_a_clerk_is_refused(world, path):
    assert Client().get(f"/en/{path}").status_code == 302
    assert official(world).get(f"/en/{path}").status_code == 403


@pytest.mark.parametrize("lang", ["fa", "en"])
@pytest.mark.parametrize("path", [p for p in PAGES if not p.endswith(("csv", "xlsx", "rate/"))])
def test_every_page_opens_for_an_official_in_both_languages(world, path, lang):
    page = text(official(world, "vice"), f"{path}?{SPAN}", lang)
    assert "style=" not in page
    assert "<h1>" in page


def test_a_governor_begins_with_the_own_province_and_lists_no_cases_of_another(world):
    governor = official(world, "governor")
    assert '<option value="IR-15" selected>' in text(governor, "delays/")
    assert text(governor, f"delays/cases/?{SPAN}&cause=agency").count('<th scope="row">') == 12
    other = text(governor, f"delays/cases/?{SPAN}&cause=agency&province=IR-03")
    assert "Cases are listed only for the officials in charge" in other


def test_a_head_lists_the_own_cases_only(world):
    head = official(world, "head-a0")
    mine = text(head, f"delays/cases/?{SPAN}&agency={world.agencies['a0']}")
    assert mine.count('<th scope="row">') == 12
    assert "only for the officials" in text(head, f"delays/cases/?{SPAN}")


@pytest.mark.parametrize("query", ["period=x", "from=9999-99&period=range", "province=%27",
                                   "agency=zzz", "cause=none", "rate=abc", "rate=1e999",
                                   "after=~~", "rate=NaN"])  # fmt: skip
def test_a_broken_address_shows_a_page(world, query):
    client = official(world, "vice")
    for path in ("delays/", "delays/cases/", "delays/warnings/", "delays/trs/"):
        assert client.get(f"/fa/{path}?{query}").status_code == 200


def test_the_sheet_says_what_the_page_says_and_holds_no_formula(world):
    r.Party.objects.filter(slug="a0").update(name_fa="=cmd", name_en="=cmd")
    registry.forget()
    body = text(official(world, "vice"), f"delays/account.csv?{SPAN}")
    rows = list(csv.DictReader(io.StringIO(body.removeprefix("\ufeff"))))
    assert {row["agency_en"] for row in rows} == {"'=cmd", "Agency other"}
    total = sum(float(row["days"]) for row in rows)
    assert total == pytest.approx(12 * 9 + 6)


def test_the_pages_ask_a_fixed_number_of_questions(
    world, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr("payvand.ui.context._nav_providers", [])  # the menus of all contexts
    client = official(world, "vice")
    for path, most in (("delays/", 15), ("delays/cases/", 13), ("delays/warnings/", 12)):
        client.get(f"/en/{path}?{SPAN}")
        with django_assert_max_num_queries(most):
            client.get(f"/en/{path}?{SPAN}")


def test_the_office_in_charge_sets_the_cost_and_sees_it_with_its_assumptions(world):
    client = official(world, "vice")
    sent = {
        "since_day": "1", "since_month": "1", "since_year": "1404", "service": "grid",
        "percent_a_year": "۱۸٫۵", "flat_million_rial": "36500", "note": "circular 12",
        "exchange": "", "value_field": "", "currency_field": "",
    }  # fmt: skip
    assert client.post("/en/delays/rate/", sent | {"exchange": "usd=x"}).status_code == 422
    assert client.post("/en/delays/rate/", sent).status_code == 302
    assert str(CostRate.objects.get().percent_a_year) == "18.50"
    accounts.account()
    page = text(client, f"delays/?{SPAN}")
    assert "circular 12" in page
    assert "First VP" in page
    assert "18.5%" in page
    doubled = text(client, f"delays/?{SPAN}&rate=37")
    assert "Reckoned with 37" in doubled
    assert official(world, "governor").post("/en/delays/rate/", sent).status_code == 403


# --- terminal --------------------------------------------------------------------------------


def run(*arguments):
    group = click.Group()
    register(group)
    register_insight(group)
    return CliRunner().invoke(group, [*arguments])


def test_the_command_says_what_the_page_says(world):
    told = json.loads(run("report", "delays", "--from", "1404-08-01", "--to", "۱۴۰۴-۱۰-۳۰",
                          "--json").output)  # fmt: skip
    assert told["days"] == pytest.approx(12 * 9 + 6)
    assert sum(told["causes"].values()) == pytest.approx(told["days"])
    assert run("report", "league", "--json").exit_code == 0  # both share one group
    assert "13 cases" in run("foresight", "recount").output


def test_a_value_that_waits_is_a_question_at_the_terminal():
    found = run("report", "delays", "--value", "60000000000", "--days", "40", "--rate", "8",
                "--unit", "USD", "--json")  # fmt: skip
    assert json.loads(found.output)["cost"] == pytest.approx(526_027_397.26)
    assert run("report", "delays", "--value", "1").exit_code != 0


def test_a_log_and_a_study_are_written(world, tmp_path):
    for form, name in (("ocel2", "l.json"), ("ocel2", "l.sqlite"), ("xes", "l.xes.gz"),
                       ("csv", "l.csv")):  # fmt: skip
        found = run("export", "log", "--service", "grid", "--format", form, "--out",
                    str(tmp_path / name), "--json")  # fmt: skip
        assert json.loads(found.output)["cases"] == 13
        assert (tmp_path / name).stat().st_size > 100
    assert (tmp_path / "l.sqlite").read_bytes()[:6] == b"SQLite"
    for name in ("s.html", "s.xlsx"):
        found = run("report", "trs", "--service", "grid", "--from", "1404-01-01", "--out",
                    str(tmp_path / name))  # fmt: skip
        assert found.exit_code == 0, found.output
        assert (tmp_path / name).exists()
    assert "median" in run("report", "trs", "--service", "grid", "--from", "1404-01-01").output
    assert run("report", "trs", "--service", "none").exit_code != 0
    assert run("export", "log", "--service", "none", "--format", "csv").exit_code != 0


# --- one case --------------------------------------------------------------------------------


def test_each_question_has_its_own_clocks_and_says_who_holds_it(world):
    from payvand.foresight.queries import clocks
    from payvand.foresight.rules.causes import AGENCY, APPLICANT, CAUSES

    case = apply(world, days=20)
    held = ask(world, case, "a0", sent=20, delivered_at=at(20), opened_at=at(21))
    stop(held, 22, None)
    ask(world, case, "a1", sent=20, answered=24, question="q01")
    told = clocks.clocks_of(case.pk, at(26))
    first, second = told.clocks
    assert (first.office, first.applicant, first.holder) == (2, 4, APPLICANT)
    assert (second.office + second.closed, second.holder) == (4, None)
    assert sum(days for _cause, _name, days in told.shares) == pytest.approx(told.days) == 6
    shares = {CAUSES[cause]: days for cause, _name, days in told.shares}
    assert shares["applicant"] == 3  # two days shared with the other office, two alone
    assert AGENCY in {cause for cause, _name, _days in told.shares}


def test_the_clocks_of_a_case_are_for_those_in_charge(world):
    case = apply(world, days=20, place="IR-03")
    ask(world, case, "other", sent=20)
    address = f"delays/case/{case.pk}/"
    assert Client().get(f"/en/{address}").status_code == 302
    assert official(world, "governor").get(f"/en/{address}").status_code == 403
    vice = official(world, "vice")
    for lang in ("fa", "en"):
        page = text(vice, address, lang)
        assert "Agency other" in page or "دستگاه other" in page
        assert "راز متقاضی" not in page
