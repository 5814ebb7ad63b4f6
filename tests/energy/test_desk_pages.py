"""Can the operator keep its consumers, and the governor the threshold, and nobody else either?"""

from __future__ import annotations

from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from payvand.energy.actions import outlooks, thresholds
from payvand.energy.models import Asset, Outlook, Supply, Threshold
from payvand.kernel import clock
from payvand.kernel.errors import Invalid
from payvand.ledger.models import Disclosure, Obligation
from payvand.registry import models as r
from payvand.registry import public as registry
from tests.energy import province
from tests.energy.province import AREA, NOW
from tests.energy.test_assets import HOME, MILL
from tests.energy.test_pages import client

pytestmark = pytest.mark.django_db
LIST = f"/en/energy/{AREA}/consumers/"
WARNING = f"/en/energy/{AREA}/threshold/"
FORM = {**MILL, "title_fa": "آسیا", "title_en": "Mill", "day_cap": "۱۰", "notice_hours": "۱۲"}


@pytest.fixture
def made():
    with clock.frozen(NOW):
        yield province.build()
    registry.forget()


@pytest.fixture
def browsers(made):
    return {
        "nobody": client(), "stranger": client("stranger"), "admin": client("adm", operator=True),
        "operator": client("op", seat=(made.world.agencies["owner"], "clerk")),
        "governor": client("gov", office=made.world.offices["governor"]),
        "steel": client("steel", seat=(made.parties["steel"], "signatory")),
    }  # fmt: skip


def opened(browser, *addresses):
    return {address for address in addresses if browser.get(address).status_code == 200}


def test_consumers_are_the_operators_and_the_threshold_the_governors(made, browsers):
    desk = (LIST, f"{LIST}new/", f"{LIST}import/", f"{LIST}template.csv",
            f"{LIST}{made.assets['steel'].pk}/")  # fmt: skip
    for who, browser in browsers.items():
        assert opened(browser, *desk) == (set(desk) if who == "operator" else set()), who
        may = who in ("governor", "admin")
        assert opened(browser, WARNING) == ({WARNING} if may else set()), who
        posted = browser.post(WARNING, {"percent": "5"})
        assert (posted.status_code == 422) == may, who
    assert opened(browsers["admin"], "/en/energy/thresholds/")
    assert browsers["governor"].get("/en/energy/thresholds/").url.endswith(WARNING)
    assert browsers["steel"].get("/en/energy/thresholds/").status_code == 403


def test_a_consumer_is_registered_and_changed_by_form_in_digits_of_any_script(made, browsers):
    wrong = browsers["operator"].post(f"{LIST}new/", FORM | {"feeder": "f99", "usual_mw": "۸٫۵"})
    assert wrong.status_code == 422
    assert "No feeder of the province" in wrong.content.decode()
    done = browsers["operator"].post(f"{LIST}new/", FORM | {"usual_mw": "۸٫۵"}, follow=True)
    assert "Mill" in done.content.decode()
    mill = Asset.objects.get(code="M-1")
    assert mill.usual_mw == [8.5] * 24
    page = f"{LIST}{mill.pk}/"
    assert "آسیای نمونه" in browsers["operator"].get(page).content.decode()
    changed = {k: v for k, v in FORM.items() if k not in ("code", "owner_id", "owner_fa")}
    browsers["operator"].post(page, changed | {"usual_mw": "9", "protected_hours": "2-5"})
    assert Asset.objects.get(pk=mill.pk).usual_mw == [8.5] * 24  # protection without authority
    granted = {"protected_hours": "۲-۵", "protected_by": "rank", "protected_ref": "7"}
    browsers["operator"].post(page, changed | {"usual_mw": "9"} | granted)
    mill.refresh_from_db()
    assert (mill.usual_mw[0], mill.protected_hours) == (9.0, [2, 3, 4])
    browsers["operator"].post(f"{page}close/")
    assert "Mill" not in browsers["operator"].get(LIST).content.decode()


def test_the_name_of_a_home_is_shown_on_request_and_its_owner_reads_who_looked(made, browsers):
    browsers["operator"].post(f"{LIST}new/", HOME | {"medical": "on"})
    home = Asset.objects.get(code="H-1")
    page = f"{LIST}{home.pk}/"
    for address in (LIST, page):
        assert "شخص نمونه" not in browsers["operator"].get(address).content.decode()
    assert not Disclosure.objects.filter(case_id=home.pk).exists()
    assert "شخص نمونه" in browsers["operator"].get(f"{page}?owner=shown").content.decode()
    browsers["operator"].get(f"/en/energy/mine/{home.pk}/")
    seen = Disclosure.objects.filter(case_id=home.pk).values_list("fields", flat=True)
    assert list(seen) == [["name"], ["load"]]
    owner = client("tenant")
    r.User.objects.filter(username="tenant").update(party=home.party)
    told = owner.get(f"/en/energy/mine/{home.pk}/").content.decode()
    assert "Who has looked" in told
    assert "your name" in told
    assert "Make an offer" not in told  # a protected home is asked for nothing


def test_a_consumer_of_another_province_is_not_found_here(made, browsers):
    owner = made.world.agencies["owner"]
    r.DebtorRole.objects.create(role="energy-operator", place_id="IR", agency_id=owner)
    registry.forget()
    asset = made.assets["steel"].pk
    assert browsers["operator"].get(f"/en/energy/IR/consumers/{asset}/").status_code == 404


def test_the_list_costs_a_fixed_number_of_queries(made, browsers, django_assert_max_num_queries):
    browsers["operator"].get(LIST)
    with django_assert_max_num_queries(12):
        browsers["operator"].get(LIST)


def test_a_file_is_taken_on_the_page_with_a_report_by_row(made, browsers):
    rows = [",".join(MILL), ",".join(MILL.values()),
            ",".join(v.replace("M-1", "") for v in MILL.values())]  # fmt: skip
    file = SimpleUploadedFile("a.csv", "\n".join(rows).encode())
    page = browsers["operator"].post(f"{LIST}import/", {"file": file})
    assert page.status_code == 200
    assert "Enter the number of the connection." in page.content.decode()
    assert Asset.objects.filter(code="M-1").count() == 1
    bad = SimpleUploadedFile("a.xlsx", b"PK\x03\x04 no book")
    page = browsers["operator"].post(f"{LIST}import/", {"file": bad})
    assert page.status_code == 422
    assert "The workbook is damaged." in page.content.decode()


def test_a_workbook_of_supply_is_read_and_one_too_large_is_refused(
    made, browsers, monkeypatch, tmp_path
):
    book = openpyxl.Workbook()
    book.active.append(["ts", "mw"])
    book.active.append([NOW.replace(tzinfo=None), 150])
    book.save(tmp_path / "s.xlsx")
    content = (tmp_path / "s.xlsx").read_bytes()

    def send():
        file = SimpleUploadedFile("s.xlsx", content)
        return browsers["operator"].post(f"/en/energy/{AREA}/load/",
                                         {"kind": "supply", "file": file})  # fmt: skip

    assert "1 row was kept" in send().content.decode()
    assert Supply.objects.get().mw == 150
    monkeypatch.setattr("payvand.energy.sheets.MOST_UNPACKED_MB", 0)
    page = send()
    assert page.status_code == 422
    assert "Save it as CSV or Parquet" in page.content.decode()


# --- the threshold ----------------------------------------------------------------------------


def test_the_governor_sets_the_threshold_and_a_lower_one_warns_at_once(made, browsers):
    office = str(made.world.offices["governor"])
    told = {"percent": "۹۹", "office": office, "signer": office, "order": "Order 7 of 1404"}
    assert browsers["governor"].post(WARNING, told).status_code == 302
    limit = Threshold.objects.get(area=AREA, carrier="electricity")
    assert (limit.probability, limit.ground.title_en) == (0.99, "Order 7 of 1404")
    province.supply(1.0 * province.PEAK)
    outlooks.forecast(AREA, by=province.SYSTEM)
    seen = outlooks.foresee(AREA, by=province.SYSTEM)
    assert 0.05 < seen.any_probability < 0.99
    assert seen.warning is None
    browsers["governor"].post(WARNING, told | {"percent": "5"})
    owed = Obligation.objects.get(kind="acknowledgement", service="energy")
    assert Outlook.objects.get(pk=seen.pk).warning == owed.pk
    assert owed.ground_id == limit.ground_id
    assert "from 99" in browsers["governor"].get(WARNING).content.decode()


@pytest.mark.parametrize(
    ("language", "words"), [("fa", "منتشر نشده"), ("en", "Nothing is published")]
)
def test_the_schedule_of_a_province_without_data_says_that_nothing_is_published(
    made, browsers, language, words
):
    """The administrator's page of a threshold links to it, and so do old addresses."""
    r.Place.objects.create(code="IR-20", parent_id="IR", kind="province", name_fa="همدان",
                           name_en="Hamadan")  # fmt: skip
    registry.forget()
    warning = browsers["admin"].get(f"/{language}/energy/IR-20/threshold/").content.decode()
    address = f"/{language}/electricity/IR-20/"
    assert address in warning
    page = client().get(address)
    assert page.status_code == 200
    assert words in page.content.decode()
    for nowhere in (f"/{language}/electricity/IR/", f"/{language}/electricity/IR-99/",
                    f"{address}schedule.csv", f"{address}openadr.json"):  # fmt: skip
        assert client().get(nowhere).status_code == 404


def test_the_operator_signs_no_plan_of_its_own(made, browsers):
    owner = made.world.agencies["owner"]
    head = registry.create_office(
        registry.OfficeDraft("agency-head", "رئیس", "Head", owner, AREA), by=province.SYSTEM
    )
    office = made.world.offices["governor"]
    with pytest.raises(Invalid):
        thresholds.set_threshold(AREA, thresholds.Limit(office, head), by=made.governor)
    page = browsers["governor"].post(WARNING, {"percent": "50", "office": head, "signer": head})
    assert page.status_code == 422
    assert Threshold.objects.get(area=AREA, carrier="electricity").signer_id == office


def test_an_outlook_of_an_earlier_day_says_so_and_lists_no_hour_that_is_over(made, browsers):
    province.foreseen()
    address = f"/en/energy/{AREA}/balance/"
    assert "of an earlier day" not in browsers["operator"].get(address).content.decode()
    with clock.frozen(NOW + timedelta(days=2)):
        told = browsers["operator"].get(address).content.decode()
    assert "of an earlier day" in told
    assert "not foreseen yet" in told
    assert "No shortage is foreseen" not in told
