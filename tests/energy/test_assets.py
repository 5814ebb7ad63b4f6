"""Is a consumer registered once, by its operator alone, and is each look at it put on record?"""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from payvand.audit.models import Event
from payvand.cli.main import main
from payvand.energy.actions import assets, looking
from payvand.energy.errors import FileUnfit
from payvand.energy.models import Asset
from payvand.energy.queries import assets as queries
from payvand.energy.queries import plans
from payvand.kernel import clock
from payvand.kernel.errors import Refused
from payvand.kernel.ids import make_company_id, make_national_id
from payvand.ledger.models import Disclosure
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.registry.public import Actor
from tests.energy import province
from tests.energy.province import AREA, CITIES, NOW

pytestmark = pytest.mark.django_db
MILL = {"code": "M-1", "owner_id": make_company_id("1400888801"), "owner_fa": "آسیای نمونه",
        "owner_en": "Sample Mill", "city": CITIES[0], "feeder": "f05", "sector": "industrial",
        "usual_mw": "8", "shed_cap": "10"}  # fmt: skip
HOME = {"code": "H-1", "owner_id": make_national_id("009812345"), "owner_fa": "شخص نمونه",
        "city": CITIES[0], "feeder": "f06", "sector": "residential", "usual_mw": "0.002",
        "medical": "yes", "protected_by": "rank", "protected_ref": "12, 1404-07-01"}  # fmt: skip


@pytest.fixture
def made():
    with clock.frozen(NOW):
        yield province.build()
    registry.forget()


def take(made, *rows, by=None):
    return assets.register(AREA, list(enumerate(rows, 2)), by=by or made.operator)


def test_the_same_rows_again_change_nothing_and_a_change_is_counted(made):
    assert take(made, MILL, HOME).counts == {"new": 2}
    assert take(made, MILL, HOME).counts == {"same": 2}
    assert take(made, MILL | {"usual_mw": "9"}, HOME).counts == {"changed": 1, "same": 1}
    mill = Asset.objects.get(code="M-1")
    assert mill.usual_mw == [9.0] * 24
    assert mill.site is not None
    assert Asset.objects.get(code="H-1").site is None


def test_good_rows_are_kept_beside_bad_ones(made):
    report = take(made, MILL, HOME | {"protected_ref": ""}, MILL | {"code": "M-2", "city": "?"})
    assert report.counts == {"new": 1, "refused": 2}
    assert [(row, one.why) for row, one in report.faults] == [
        (3, "decision_missing"), (4, "city_elsewhere")]  # fmt: skip


def test_a_number_stays_with_its_owner_until_it_is_closed(made):
    take(made, MILL)
    other = MILL | {"owner_id": make_company_id("1400888802"), "owner_fa": "دیگری"}
    assert [one.why for _, one in take(made, other).faults] == ["owner_other"]
    assets.close(Asset.objects.get(code="M-1").pk, by=made.operator)
    assert take(made, other).counts == {"new": 1}
    assert Asset.objects.filter(code="M-1").count() == 2


def test_the_operator_protects_nobody_by_itself(made):
    owner = r.Party.objects.get(pk=made.world.agencies["owner"]).slug
    report = take(made, HOME | {"protected_by": owner})
    assert [one.why for _, one in report.faults] == ["authority_unknown"]
    assert not Asset.objects.filter(code="H-1").exists()


def test_a_registered_home_bars_its_feeder_until_it_is_closed(made):
    take(made, HOME)
    assert "f06" in plans.barred_feeders(AREA)
    assets.close(Asset.objects.get(code="H-1").pk, by=made.operator)
    assert "f06" not in plans.barred_feeders(AREA)


def test_others_register_and_close_nothing(made):
    take(made, MILL)
    before = Event.objects.count()
    for by in (Actor(user_id=9), made.governor, made.speaker("steel")):
        with pytest.raises(Refused):
            take(made, HOME, by=by)
        with pytest.raises(Refused):
            assets.close(Asset.objects.get(code="M-1").pk, by=by)
    assert Event.objects.count() == before


def test_no_name_of_a_home_stands_in_the_list_or_the_log(made):
    take(made, MILL, HOME)
    home = Asset.objects.get(code="H-1")
    assert "شخص" not in json.dumps([home.title, home.search_key], ensure_ascii=False)
    assert queries.listed(AREA, "شخص نمونه")[0] == []
    assert [line.row.code for line in queries.listed(AREA, "h-1")[0]] == ["H-1"]
    assert [line.row.code for line in queries.listed(AREA, "آسیای")[0]] == ["M-1"]
    told = " ".join(Event.objects.values_list("facts", flat=True))
    assert HOME["owner_id"] not in told
    assert "شخص" not in told


def test_protection_is_an_event_of_its_own(made):
    take(made, MILL, HOME)
    home = Asset.objects.get(code="H-1")
    assert Event.objects.get(stream=home.pk).verb == "energy.protection_set"
    assert not Event.objects.filter(stream=Asset.objects.get(code="M-1").pk).exists()
    take(made, HOME | {"protected_ref": "13, 1404-08-01"})
    assert Event.objects.filter(stream=home.pk).count() == 2


def test_each_look_is_on_record_once_a_day_and_the_owner_is_not_watched(made):
    take(made, HOME)
    home = Asset.objects.get(code="H-1")
    for _ in range(2):
        looking.look_at(home, looking.LOAD, by=made.operator)
    looking.look_at(home, looking.NAME, by=made.operator)
    looking.look_at(home, looking.LOAD, by=Actor(user_id=7, party=home.party_id,
                                                 mandates=(home.party_id,)))  # fmt: skip
    seen = Disclosure.objects.filter(case_id=home.pk).values_list("fields", "party_id")
    assert list(seen) == [(["load"], made.world.agencies["owner"]),
                          (["name"], made.world.agencies["owner"])]  # fmt: skip
    with pytest.raises(Refused):
        looking.look_at(home, looking.LOAD, by=made.governor)


def test_the_list_goes_page_by_page_without_counting(made, django_assert_max_num_queries):
    take(made, *(MILL | {"code": f"M-{n}"} for n in range(7)))
    with django_assert_max_num_queries(2):
        first, more = queries.listed(AREA, "M-", size=5)
    rest, end = queries.listed(AREA, "M-", size=5, after=first[-1].row.pk)
    assert more == str(first[-1].row.pk)
    assert sorted(line.row.code for line in [*first, *rest]) == [f"M-{n}" for n in range(7)]
    assert end == ""


def test_many_rows_cost_as_many_queries_as_few(made, django_assert_max_num_queries):
    rows = [MILL | {"code": f"M-{n}"} for n in range(200)]
    with django_assert_max_num_queries(40):
        assert take(made, *rows).counts == {"new": 200}


def book(path: Path, *rows: dict[str, str]) -> Path:
    """Write a workbook with Persian headings where there is one."""
    file = openpyxl.Workbook()
    heads = list(HOME | MILL)
    file.active.append(["شمارهٔ اشتراک" if name == "code" else name for name in heads])
    for row in rows:
        file.active.append([row.get(name, "") for name in heads])
    file.save(path)
    return path


def test_a_workbook_is_taken_row_by_row_and_its_command_tells_machines(made, tmp_path):
    path = book(tmp_path / "a.xlsx", MILL, HOME, MILL | {"code": "M-9", "usual_mw": "x"})
    words = ["energy", "assets", "import", str(path), "--area", AREA]
    told = json.loads(CliRunner().invoke(main, [*words, "--json"]).output)
    assert {name: told[name] for name in ("new", "same", "refused")} == {
        "new": 2, "same": 0, "refused": 1}  # fmt: skip
    assert told["rows"] == [{"row": 4, "column": "usual_mw", "code": "mw_unreadable", "text": "x",
                             "kept": False}]  # fmt: skip
    again = CliRunner().invoke(main, words).output
    assert "0 new, 0 changed, 2 same, 1 refused." in again
    listed = CliRunner().invoke(main, ["energy", "assets", "list", AREA]).output
    assert "H-1" in listed
    assert "شخص" not in listed


def test_a_file_that_is_no_list_of_consumers_is_refused_in_words(made, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("colour,shape\nred,round\n")
    with pytest.raises(FileUnfit) as wrong:
        assets.import_file(AREA, path, by=made.operator)
    assert "usual_mw" in wrong.value.facts["columns"]
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04 no book")
    with pytest.raises(FileUnfit):
        assets.import_file(AREA, tmp_path / "b.xlsx", by=made.operator)


def test_a_workbook_that_unfolds_too_far_is_refused_before_it_is_opened(
    made, tmp_path, monkeypatch
):
    monkeypatch.setattr("payvand.energy.sheets.MOST_UNPACKED_MB", 0)
    path = book(tmp_path / "a.xlsx", MILL)
    with pytest.raises(FileUnfit) as wrong:
        assets.import_file(AREA, path, by=made.operator)
    assert "too large" in wrong.value.facts["reason"]
