"""What do applicants, owners and programs see of promises and plans, at which cost in queries?"""

import contextlib
import json
import os
import re
import subprocess
import sys
import zlib
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from payvand.foresight.actions import learn
from payvand.foresight.actions.promises import promise
from payvand.foresight.jobs.promises import follow
from payvand.foresight.models import Promise
from payvand.foresight.queries import blueprints
from payvand.foresight.queries import promises as kept
from payvand.foresight.queries.situations import open_cases
from payvand.kernel import clock, jalali
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.window import public as window
from tests import world as worlds
from tests.foresight import past
from tests.foresight.test_promises import answer, file

pytestmark = pytest.mark.django_db
NOW = past.NOW
PLAN = "/{}/services/grid/what-if/?change=cap:q00:3&change=register:q01&change=drop:q00"


@pytest.fixture
def world():
    yield from _world(60)


@pytest.fixture
def young():
    yield from _world(25)


def _world(count: int):
    kept.forget()
    blueprints.forget()
    with clock.frozen(NOW):
        made = worlds.build(past.pack())
        past.decided(made, count)
        learn.learn_all(NOW)
        yield made
    registry.forget()
    kept.forget()
    blueprints.forget()


def signed_in(world, *, party=None, seat=("", ""), office="") -> Client:
    user = r.User.objects.create(username=f"u{r.User.objects.count()}", party_id=party)
    if seat[0]:
        r.Membership.objects.create(user=user, org_id=world.agencies[seat[0]], role=seat[1],
                                    valid_from=worlds.LONG_AGO.date())  # fmt: skip
    if office:
        r.Holding.objects.filter(office_id=world.offices[office]).delete()
        r.Holding.objects.create(office_id=world.offices[office], user=user,
                                 valid_from=worlds.LONG_AGO.date())  # fmt: skip
    registry.forget()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


# --- applicants ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ("Half of such applications finish by", "Takes longest", "By law at the latest")),
     ("fa", ("نیمی از چنین درخواست‌هایی تا", "بیشترین زمان را می‌برد", "حداکثر مهلت قانونی"))],
)  # fmt: skip
def test_the_tracking_page_promises_days_beside_the_legal_one(world, lang, words):
    case = file(world)
    follow()
    page = plain(text(signed_in(world, party=world.company).get(f"/{lang}/cases/{case.pk}/")))
    assert all(word in page for word in words)


def test_the_chance_of_meeting_the_legal_day_is_told_and_never_as_certain(world):
    case = file(world)
    made = promise(case.pk)
    client = signed_in(world, party=world.company)
    legal = (made.legal_at - made.at).total_seconds() / 86_400

    def said() -> str:
        page = plain(text(client.get(f"/en/cases/{case.pk}/")))
        return re.search(r"Done by that day (\S+) of such applications", page).group(1)

    assert abs(int(said().rstrip("%")) - 100 * made.p_legal) <= 2
    Promise.objects.update(points=[legal * 2] * 15 + [legal * 3])  # nothing before
    assert said() == "5%"
    Promise.objects.update(points=[legal / 2] * 16)  # everything before
    assert said() == "99%"


def test_the_legal_day_is_that_of_today_and_not_of_the_last_promise(world):
    case = file(world)
    promise(case.pk)
    client = signed_in(world, party=world.company)
    with clock.frozen(NOW + timedelta(days=40)):
        Promise.objects.update(at=NOW + timedelta(days=39))
        page = plain(text(client.get(f"/en/cases/{case.pk}/")))
        day = re.search(r"By law at the latest (.+?) if every office", page).group(1)
        found = open_cases(clock.now(), [case.pk])[0].legal_at
        assert day == jalali.format_date(clock.local_date(found), "en")
        assert found > clock.now()


def test_the_receipt_promises_at_once_and_does_not_wait_for_the_worker(world):
    case = file(world)
    page = text(signed_in(world, party=world.company).get(f"/en/cases/{case.pk}/receipt/"))
    assert "nine in ten by" in page
    assert Promise.objects.get().cause == "submitted"


def test_earlier_promises_stay_on_the_page(world):
    case = file(world)
    follow()
    with clock.frozen(NOW + timedelta(hours=2)):
        answer(world, case, "q00")
        client = signed_in(world, party=world.company)
        page = plain(text(client.get(f"/en/cases/{case.pk}/")))
    assert "1 earlier estimate" in page
    assert "at submission" in page


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ("Only 25 such applications have been decided", "By law at the latest on")),
     ("fa", ("تنها ۲۵ درخواست", "به حکم قانون حداکثر تا"))],
)  # fmt: skip
def test_where_history_is_too_short_the_legal_day_stands_alone_with_the_reason(young, lang, words):
    case = file(young)
    client = signed_in(young, party=young.company)
    page = plain(text(client.get(f"/{lang}/cases/{case.pk}/")))
    assert all(word in page for word in words)
    assert "nine in ten by" not in page


def test_a_decided_case_says_whether_the_promise_was_kept(world):
    case = file(world)
    follow()
    window.Application.objects.filter(pk=case.pk).update(state="granted", decided_at=NOW)
    page = plain(text(signed_in(world, party=world.company).get(f"/en/cases/{case.pk}/")))
    assert "It was decided on" in page
    assert "Kept" in page


def test_the_tracking_page_asks_as_often_with_many_promises_as_with_one(world):
    case = file(world)
    follow()
    client = signed_in(world, party=world.company)
    client.get(f"/en/cases/{case.pk}/")

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(f"/en/cases/{case.pk}/")
        return len(seen)

    before = count()
    row = Promise.objects.get()
    for _ in range(12):
        row.pk = None
        row.save(force_insert=True)
    assert count() == before


def test_the_service_page_says_what_is_usual(world, client):
    page = plain(text(client.get("/en/services/grid/")))
    assert re.search(r"decided within \d+ working days , nine in ten within \d+", page)
    assert "From 60 decided applications" in page
    assert "What would make it faster" not in page


def test_the_service_page_says_why_nothing_is_usual_yet(young, client):
    page = plain(text(client.get("/fa/services/grid/")))
    assert "هنوز نمی‌توانیم بگوییم معمولاً چقدر طول می‌کشد" in page


# --- owners ----------------------------------------------------------------------------------


def test_applicants_and_other_agencies_may_not_plan(world):
    for client in (signed_in(world, party=world.company), signed_in(world, seat=("a0", "head"))):
        assert client.get(PLAN.format("en")).status_code == 403
    assert Client().get(PLAN.format("en")).status_code == 302


@pytest.mark.parametrize("seat", ["head", "clerk"])
def test_the_owner_sees_what_each_change_buys_and_takes_away(world, seat):
    page = plain(text(signed_in(world, seat=("owner", seat)).get(PLAN.format("en"))))
    assert "is answered within 3 working days" in page
    assert "No official looks at the case" in page
    assert re.search(r"Not possible: “[^”]+” needs the field “[^”]+” from “[^”]+”", page)
    assert "Together they buy" in page
    assert "Asking by the graph instead of one after another takes" in page
    assert "is a sample" in page


def test_an_official_plans_in_persian(world):
    page = plain(text(signed_in(world, office="governor").get(PLAN.format("fa"))))
    assert "حداکثر در ۳ روز کاری پاسخ بگیرد" in page
    assert "این تغییرها با هم در میانه" in page


def test_adding_a_change_leads_to_an_address_that_can_be_shared(world):
    client = signed_in(world, seat=("owner", "head"))
    found = client.get("/en/services/grid/what-if/?change=register:q01&add=cap&key=q00&days=۵")
    assert found.status_code == 302
    assert found.url.endswith("?change=register:q01&change=cap:q00:5")
    assert "is answered within 5 working days" in text(client.get(found.url))


def test_the_plan_asks_as_often_with_many_changes_as_with_none(world):
    client = signed_in(world, seat=("owner", "head"))

    def count(query: str) -> int:
        """Return the queries of the cheaper of two looks: one a second asks for versions too."""
        seen = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as found:
                client.get(f"/en/services/grid/what-if/{query}")
            seen.append(len(found))
        return min(seen)

    many = "?change=cap:q00:3&change=cap:q01:4&change=register:q10&change=desks:q11:2%2B1"
    assert count("") == count(many)


def test_the_plan_is_one_page_of_paper_in_each_language(world):
    client = signed_in(world, seat=("owner", "head"))
    for lang in ("fa", "en"):
        found = client.get(PLAN.format(lang).replace("what-if/", "what-if.pdf"))
        assert found["Content-Type"] == "application/pdf"
        assert found.content.startswith(b"%PDF-")
        assert pages_of(found.content) == 1


def pages_of(pdf: bytes) -> int:
    """Return how many pages a PDF says it has; its objects lie in packed streams."""
    packed = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    parts = [pdf]
    for one in packed:
        with contextlib.suppress(zlib.error):
            parts.append(zlib.decompress(one))
    return max(int(n) for part in parts for n in re.findall(rb"/Count (\d+)", part))


def test_a_plan_with_all_the_changes_it_can_hold_is_one_page_too(world):
    client = signed_in(world, seat=("owner", "head"))
    query = "&".join(f"change=cap:q0{n % 2}:{n + 1}" for n in range(11))
    found = client.get(f"/fa/services/grid/what-if.pdf?{query}")
    assert pages_of(found.content) == 1


def test_a_service_without_history_gives_the_reason_instead_of_figures(young):
    page = plain(text(signed_in(young, seat=("owner", "head")).get("/en/services/grid/what-if/")))
    assert "Only 25 such applications have been decided" in page


def test_a_service_that_nobody_ever_learnt_from_gives_the_reason_too():
    blueprints.forget()
    kept.forget()
    with clock.frozen(NOW):
        made = worlds.build(past.pack())
        client = signed_in(made, seat=("owner", "head"))
        assert "No such application has been decided yet; from 30 on" in plain(
            text(client.get("/en/services/grid/what-if/"))
        )
    registry.forget()


def test_an_unknown_service_is_not_found(world):
    client = signed_in(world, seat=("owner", "head"))
    assert client.get("/en/services/nothing/what-if/").status_code == 404


# --- programs --------------------------------------------------------------------------------


def test_a_program_reads_the_promises_of_a_case_it_may_see(world):
    case = file(world)
    made = promise(case.pk)
    found = signed_in(world, party=world.company).get(f"/api/v1/applications/{case.pk}/promise")
    told = json.loads(found.content)["promises"][0]
    assert (told["p50"], told["p90"]) == (str(made.p50), str(made.p90))
    assert (told["inputs"], told["seed"], told["model"]) == (made.inputs, made.seed, made.model)
    stranger = signed_in(world, party=r.Party.objects.exclude(pk=world.company).filter(
        kind="person").first().pk)  # fmt: skip
    assert stranger.get(f"/api/v1/applications/{case.pk}/promise").status_code == 403


def test_a_program_tries_a_plan(world):
    client = signed_in(world, seat=("owner", "head"))
    found = client.get("/api/v1/services/grid/what-if?change=cap:q00:2&change=drop:q00&change=oh")
    plan = json.loads(found.content)
    assert plan["samples"] == 20_000
    assert plan["unread"] == ["oh"]
    assert plan["changes"][0]["p90_days_bought"] >= 0
    assert plan["changes"][1]["refused"] == "needed_by"
    assert plan["now"]["p90_days"] >= plan["now"]["p50_days"] > 0


HEAVY = (
    "numpy", "scipy", "pandas", "pyarrow", "duckdb", "ibis", "lightgbm", "lifelines",
    "statsforecast", "simpy", "typst", "openpyxl", "rapidfuzz", "pyspark",
)  # fmt: skip


def test_heavy_libraries_stay_out_until_somebody_asks():
    """Neither the addresses of all contexts, nor their menus, nor the interface load one."""
    code = (
        "import sys, django; django.setup()\n"
        "from django.urls import get_resolver; import payvand.conf.wsgi\n"
        "list(get_resolver().reverse_dict)\n"
        f"print(*(name for name in {HEAVY} if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, env=os.environ.copy(),
                          capture_output=True, text=True)  # fmt: skip
    assert done.stdout.strip() == ""
