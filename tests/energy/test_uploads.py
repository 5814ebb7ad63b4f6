"""Is a large file read by the worker, to the end, exactly once, whatever breaks off meanwhile?"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payvand.audit.models import Event
from payvand.energy import ingest, sheets
from payvand.energy.actions import assets, loading, uploads
from payvand.energy.errors import FileUnfit
from payvand.energy.models import Asset, DayLoad, Supply, Upload
from payvand.energy.views import uploads as views
from payvand.kernel import clock
from payvand.kernel.errors import Refused
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.registry.public import Actor
from tests.energy import province
from tests.energy.province import AREA, NOW
from tests.energy.test_assets import HOME
from tests.energy.test_loading import files
from tests.energy.test_pages import client

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(settings, tmp_path):
    settings.PAYVAND_ENERGY_STORE = tmp_path / "store"
    with clock.frozen(NOW):
        found = province.build()
        register, _ = files(tmp_path)
        loading.take_readings(AREA, register, by=found.operator, register=True)
        yield found
    registry.forget()


@pytest.fixture
def operator(made):
    browser = client("op", seat=(made.world.agencies["owner"], "clerk"))
    made.operator = registry.actor_of_account(int(browser.session["_auth_user_id"]))
    return browser


def handed(made, path, kind=uploads.READINGS):
    brought = uploads.Brought(kind, path.name, [path.read_bytes()])
    return uploads.hand_over(AREA, brought, by=made.operator)


def one_step(desk):
    """Let the worker do the smallest piece of work there is."""
    return uploads.work(desk, seconds=0)


def sums():
    rows = DayLoad.objects.filter(sector="residential", n__gt=0).order_by("day", "city")
    return [json.dumps([row.wh, row.n]) for row in rows]


@pytest.fixture
def readings(tmp_path, monkeypatch):
    monkeypatch.setattr(ingest, "BATCH", 100)
    return files(tmp_path)[1]


def test_readings_are_read_step_by_step_and_summed_as_if_read_at_once(made, operator, readings):
    DayLoad.objects.all().delete()
    upload, desk = handed(made, readings), uploads.Desk()
    assert uploads.path_of(upload).exists()
    seen = []
    while not one_step(desk):
        upload.refresh_from_db()
        seen.append((upload.stage, upload.done, upload.whole))
    assert seen[:2] == [("rows", 100, 961), ("rows", 200, 961)]
    assert ("days", 2, 2) in seen
    upload.refresh_from_db()
    assert upload.state == "done"
    assert (upload.report["kept"], upload.report["rejected"]) == (960, {"time_unreadable": 1})
    assert not uploads.path_of(upload).exists()
    by_worker = sums()
    DayLoad.objects.all().delete()
    loading.take_readings(AREA, readings, by=made.operator)
    assert sums() == by_worker


@pytest.mark.parametrize("after", [1, 11, 13])
def test_a_killed_worker_costs_nothing_and_doubles_nothing(made, operator, readings, after):
    DayLoad.objects.all().delete()
    upload, killed = handed(made, readings), uploads.Desk()
    for _ in range(after):
        one_step(killed)
    assert uploads.work(uploads.Desk()) == 0  # it is held: no other worker takes it up
    with clock.frozen(NOW + timedelta(minutes=3)):
        assert uploads.work(uploads.Desk(), seconds=60) == 1
        one_step(killed)  # it was only slow: it finds that the file is no longer its own
    upload.refresh_from_db()
    assert (upload.state, upload.tries) == ("done", 2)
    assert (upload.report["kept"], upload.report["again"]) == (960, False)
    there = DayLoad.objects.filter(sector="residential", n__gt=0)
    assert sum(there.values_list("n", flat=True)) == 960 - 3 * 20  # a day begins at 21:00 UTC


def test_news_of_supply_come_once_whenever_the_worker_dies(made, operator, tmp_path):
    path = tmp_path / "supply.csv"
    path.write_text("ts,mw\n2025-11-11T10:00Z,150\n2025-11-11T11:00Z,x\n")
    upload, killed = handed(made, path, uploads.SUPPLY), uploads.Desk()
    one_step(killed)
    with clock.frozen(NOW + timedelta(minutes=3)):
        uploads.work(uploads.Desk(), seconds=60)
    upload.refresh_from_db()
    assert upload.state == "done"
    assert Supply.objects.filter(source="supply.csv").count() <= 2
    assert upload.report["kept"] == 1
    assert upload.report["rejected"] == {"mw_unreadable": 1}


def test_consumers_are_counted_once_in_the_report_of_a_resumed_file(
    made, operator, tmp_path, monkeypatch
):
    monkeypatch.setattr(assets, "BATCH", 2)
    before = Asset.objects.count()
    rows = [HOME | {"code": f"N-{n}"} for n in range(5)] + [HOME | {"code": ""}]
    path = tmp_path / "consumers.csv"
    text = [",".join(HOME), *(",".join(f'"{cell}"' for cell in row.values()) for row in rows)]
    path.write_text("\n".join(text))
    upload, killed = handed(made, path, uploads.CONSUMERS), uploads.Desk()
    one_step(killed)
    with clock.frozen(NOW + timedelta(minutes=3)):
        uploads.work(uploads.Desk(), seconds=60)
    upload.refresh_from_db()
    assert upload.state == "done"
    assert upload.report["counts"] == {"new": 5, "refused": 1}
    assert Asset.objects.count() == before + 5


def test_the_same_file_waits_once_and_leaves_one_event(made, operator, readings):
    events = Event.objects.count()
    first, second = handed(made, readings), handed(made, readings)
    assert first.pk == second.pk
    assert Upload.objects.count() == 1
    assert Event.objects.count() == events + 1
    assert len(list(uploads.path_of(first).parent.iterdir())) == 1


def test_only_the_operator_hands_over_and_looks(made, operator, readings):
    for by in (Actor(user_id=9), made.governor, made.speaker("steel")):
        with pytest.raises(Refused):
            uploads.hand_over(AREA, uploads.Brought("readings", "a.csv", [b"a"]), by=by)
    address = f"/en/energy/{AREA}/uploads/{handed(made, readings).pk}/"
    assert operator.get(address).status_code == 200
    assert client("gov", office=made.world.offices["governor"]).get(address).status_code == 403
    assert client("stranger").get(address).status_code == 403
    elsewhere = address.replace(AREA, "IR-15-1503")
    assert operator.get(elsewhere).status_code == 404


def test_whoever_lost_the_seat_meanwhile_loads_nothing(made, operator, readings):
    upload = handed(made, readings)
    r.Membership.objects.filter(user_id=upload.by_user).delete()
    registry.forget()
    uploads.work(uploads.Desk(), seconds=60)
    upload.refresh_from_db()
    assert upload.state == "refused"
    page = operator.get(f"/en/energy/{AREA}/uploads/{upload.pk}/")
    assert page.status_code == 403
    assert "operator" in str(upload.problem["facts"])


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [("a.xlsx", b"PK\x03\x04 cut off", "damaged"), ("a.csv", b"\x00\x01\x02", "neither a table"),
     ("a.parquet", b"PAR1 cut off", "breaks off"), ("a.csv", b"  ", "empty")],
)  # fmt: skip
def test_what_is_no_table_is_refused_at_once_and_leaves_no_file(made, operator, name, body, words):
    with pytest.raises(FileUnfit) as wrong:
        uploads.hand_over(AREA, uploads.Brought("readings", name, [body]), by=made.operator)
    assert words in wrong.value.facts["reason"]
    assert list((uploads.path_of(Upload(suffix="")).parent).iterdir()) == []


def test_a_file_too_large_is_refused_while_it_comes(made, operator, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_MB", 1)
    endless = (b"1,2,3\n" * 50_000 for _ in range(10_000))
    with pytest.raises(FileUnfit):
        uploads.hand_over(AREA, uploads.Brought("readings", "a.csv", endless), by=made.operator)


def test_a_file_that_breaks_the_worker_again_and_again_is_given_up_in_words(
    made, operator, readings, monkeypatch
):
    upload = handed(made, readings)
    monkeypatch.setattr(ingest, "load_in_steps", lambda *_, **__: 1 / 0)
    for minute in range(0, 3 * (uploads.MOST_TRIES + 1), 3):
        with clock.frozen(NOW + timedelta(minutes=minute)):
            uploads.work(uploads.Desk(), seconds=60)
    upload.refresh_from_db()
    assert (upload.state, upload.tries) == ("refused", uploads.MOST_TRIES + 1)
    page = operator.get(f"/fa/energy/{AREA}/uploads/{upload.pk}/").content.decode()
    assert "چند بار" in page


def test_columns_that_are_missing_are_told_on_the_page(made, operator, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("colour,shape\nred,round\n")
    upload = handed(made, path)
    uploads.work(uploads.Desk(), seconds=60)
    page = operator.get(f"/en/energy/{AREA}/uploads/{upload.pk}/").content.decode()
    assert "no column" in page


def test_a_large_file_of_the_page_is_handed_over_and_its_report_comes_without_scripts(
    made, operator, readings, monkeypatch
):
    monkeypatch.setattr(views, "SMALL", 100)
    DayLoad.objects.all().delete()
    told = {"kind": "readings", "file": SimpleUploadedFile("r.csv", readings.read_bytes())}
    sent = operator.post(f"/en/energy/{AREA}/load/", told)
    assert sent.status_code == 302
    waiting = operator.get(sent.url).content.decode()
    assert "It waits for the worker" in waiting
    desk = uploads.Desk()
    one_step(desk)
    page = operator.get(sent.url).content.decode()
    assert "100 of about 961 rows are read" in page
    uploads.work(desk, seconds=60)
    done = operator.get(sent.url).content.decode()
    assert "960 rows were kept." in done
    assert "the time cannot be read" in done
    assert "hx-trigger" not in done.split("<main")[1]
    assert "r.csv" in operator.get(f"/en/energy/{AREA}/load/").content.decode()
    part = operator.get(sent.url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part


def test_a_small_file_is_still_read_at_once(made, operator, tmp_path):
    file = SimpleUploadedFile("s.csv", b"ts,mw\n2025-11-11T10:00Z,150\n")
    page = operator.post(f"/en/energy/{AREA}/load/", {"kind": "supply", "file": file})
    assert "1 row was kept." in page.content.decode()
    assert not Upload.objects.exists()


def test_consumers_of_a_large_file_are_registered_by_the_worker(made, operator, monkeypatch):
    monkeypatch.setattr(views, "SMALL", 10)
    text = ",".join(HOME) + "\n" + ",".join(f'"{cell}"' for cell in HOME.values())
    told = {"file": SimpleUploadedFile("c.csv", text.encode())}
    sent = operator.post(f"/en/energy/{AREA}/consumers/import/", told)
    assert sent.status_code == 302
    uploads.work(uploads.Desk(), seconds=60)
    page = operator.get(sent.url).content.decode()
    assert "Not taken" in page
    assert Asset.objects.filter(code=HOME["code"]).exists()


def test_an_idle_worker_asks_one_query_and_old_reports_are_forgotten(made, operator, readings):
    with CaptureQueriesContext(connection) as seen:
        assert uploads.work(uploads.Desk()) == 0
    assert len(seen) == 1
    handed(made, readings)
    uploads.work(uploads.Desk(), seconds=60)
    uploads.tidy()
    assert Upload.objects.count() == 1
    with clock.frozen(NOW + timedelta(days=31)):
        uploads.tidy()
    assert not Upload.objects.exists()


def test_the_kind_of_a_file_is_told_by_its_content(tmp_path):
    path = tmp_path / "book.csv"
    path.write_bytes(b"a;b\n1;2\n")
    assert sheets.kind_of(path) == ".csv"
