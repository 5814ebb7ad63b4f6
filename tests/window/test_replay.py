"""Does a replayed log say exactly what is in it, and is nothing lost in silence?"""

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from payvand.audit import public as audit
from payvand.kernel import clock
from payvand.kernel.errors import Refused
from payvand.ledger.models import Obligation
from payvand.registry import public as registry
from payvand.window import compiled
from payvand.window.cli import register
from payvand.window.models import Application, ServiceVersion
from payvand.window.replay import actions, source
from payvand.window.replay.rules import mapping as mappings
from payvand.window.replay.rules import reading, statistics
from tests import world as worlds

LOGS = Path(__file__).resolve().parents[3] / "shared" / "data" / "logs"
ALL_LOGS = (
    "receipt_env_permit", "bpic15_municipality1", "bpic20_travel_permit", "bpic12_loan", "sepsis",
)  # fmt: skip
SYSTEM = registry.system("tests")

HEADER = "case_id,activity,timestamp,office,case_start,case_end,case_due"
SMALL = """\
c1,ask,2025-01-06 09:00:00,north,2025-01-06 00:00:00,2025-01-16 00:00:00,2025-01-16 00:00:00
c1,ask,2025-01-06 09:00:00,north,2025-01-06 00:00:00,2025-01-16 00:00:00,2025-01-16 00:00:00
c2,ask,2025-01-06 09:00:00,north,2025-01-06 00:00:00,2025-01-18 12:00:00,2025-01-16 00:00:00
c3,ask,2025-01-06 09:00:00,NONE,2025-01-06 00:00:00,,2025-01-16 00:00:00
c4,ask,2025-01-06 09:00:00,south,2025-01-06 00:00:00,2025-01-05 00:00:00,2025-01-16 00:00:00
c5,ask,2025-01-06 09:00:00,south,2025-01-06 00:00:00,nonsense,2025-01-16 00:00:00
c6,ask,2025-01-06 09:00:00,south,2025-01-06 00:00:00,2025-01-10 00:00:00,
NA,ask,2025-02-01 09:00:00,south,2025-02-01 09:00:00,,2025-03-01 00:00:00
,ask,2025-01-06 09:00:00,south,2025-01-06 00:00:00,,
c7,ask,yesterday,south,2025-01-06 00:00:00,,
"""
MAPPING = """\
name: small
case: case_id
activity: activity
time: timestamp
agency: [department, office]
start: case_start
end: case_end
deadline: case_due
timezone: Europe/Amsterdam
"null": [NONE]
clock: {term: 10d, weekend: [sat, sun]}
"""


@pytest.fixture
def small(tmp_path):
    (tmp_path / "small.yaml").write_text(MAPPING, encoding="utf-8")
    log = tmp_path / "small.csv"
    log.write_text(f"{HEADER}\n{SMALL}", encoding="utf-8")
    return log


@pytest.fixture
def report(small):
    return actions.study(small, source.mapping(str(small.with_suffix(".yaml"))), "small")


def raw(**changes):
    return {"case": "case_id", "activity": "activity", "time": "timestamp", **changes}


def run(*arguments):
    group = click.Group()
    register(group)
    return CliRunner().invoke(group, ["replay", *map(str, arguments)])


# --- rules -----------------------------------------------------------------------------------


def test_the_small_log_is_counted_by_its_own_deadline(report):
    found = report.all
    assert (found.cases, found.ended, found.judged, found.late) == (6, 4, 3, 1)
    assert found.median_days_late == 2.5
    assert found.open_late == 1  # c3; NA falls due after the log ends
    assert found.on_time_index == pytest.approx(50)  # c1 and c4 of c1, c2, c3, c4


def test_what_cannot_be_taken_at_its_word_is_named(report):
    assert report.log.noted == {
        "repeated_row": ("3",), "ends_before_start": ("c4",), "unreadable_date": ("c5",),
        "row_without_case": ("10",), "row_without_time": ("11",),
    }  # fmt: skip


def test_a_case_that_ends_before_it_starts_stays_in_the_count(report):
    assert "c4" in [case.id for case in report.log.cases]
    assert report.agencies["south"].judged == 1


def test_null_words_are_nothing_but_never_a_case(report):
    assert "NA" in [case.id for case in report.log.cases]
    assert set(report.agencies) == {"north", "south", ""}


def test_the_first_column_that_the_log_has_is_taken(report):
    assert report.log.columns["agency"] == "office"


def test_our_clock_lets_the_last_day_run_and_says_so(report):
    # 10 calendar days from Monday 6 January end on Thursday 16, at the end of the day.
    assert report.dues["c1"] == datetime(2025, 1, 16, 22, 59, tzinfo=UTC)
    assert [(d.cause, d.cases) for d in report.differences] == [("whole_day", 3)]
    assert report.ours is not None
    assert report.ours.late == 1


def test_a_last_day_on_a_weekend_moves_to_the_next_working_day(small):
    text = "d1,ask,2025-01-08 09:00:00,n,2025-01-08 00:00:00,2025-01-20 12:00:00,2025-01-18 00:00"
    small.write_text(f"{HEADER}\n{text}\n", encoding="utf-8")
    found = actions.study(small, source.mapping(str(small.with_suffix(".yaml"))), "small")
    assert found.dues["d1"] == datetime(2025, 1, 20, 22, 59, tzinfo=UTC)
    (one,) = found.differences
    assert one.cause == "last_day_closed"
    assert one.became_in_time == ("d1",)


def test_a_log_without_a_deadline_says_so(small):
    bare = "case_id,activity,timestamp\nx,ask,2025-01-06 09:00:00\nx,end,2025-01-07 09:00:00\n"
    small.write_text(bare, encoding="utf-8")
    result = run(small, "--mapping", "generic", "--dry-run")
    assert result.exit_code == 0, result.output
    assert "has no deadline" in result.output
    assert "has no end column" in result.output


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        pytest.param({"timezone": "Mars/Olympus"}, "timezone", id="zone"),
        pytest.param({"term_unit": "weeks"}, "term_unit", id="unit"),
        pytest.param({"clock": {"term": "soon"}}, "clock.term", id="term"),
        pytest.param({"clock": {"term": "5d", "weekend": ["frei"]}}, "clock.weekend", id="day"),
        pytest.param({"clock": {"term": "5d", "opens": "9 am"}}, "clock.opens", id="hour"),
        pytest.param({"deadlin": "x"}, "deadlin", id="typing-slip"),
        pytest.param({"start": [1]}, "start", id="column"),
        pytest.param({"case": []}, "case", id="needed"),
        pytest.param({"null": "EMPTY"}, "null", id="null"),
    ],
)
def test_a_wrong_mapping_names_its_key(changes, key):
    with pytest.raises(mappings.BadMapping) as told:
        mappings.parse(raw(**changes))
    assert key in told.value.facts["fields"]


def test_a_log_without_a_needed_column_names_the_ones_it_has(small):
    result = run(small, "--mapping", "environmental-permit", "--dry-run")
    assert result.exit_code == 0  # every needed column is there under the same name
    small.write_text("id,what\n1,x\n", encoding="utf-8")
    result = run(small, "--mapping", "generic", "--dry-run")
    assert result.exit_code == 1
    assert "id, what" in result.output


def test_an_unreadable_file_is_refused_kindly(tmp_path):
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(b"not gzip at all")
    result = run(broken, "--mapping", "generic", "--dry-run")
    assert result.exit_code == 1
    assert "cannot be read" in result.output


@given(st.lists(st.integers(-500, 500), min_size=1, max_size=30))
def test_late_in_time_and_open_add_up_for_any_case_lengths(hours):
    start = datetime(2025, 1, 1, tzinfo=UTC)
    due = start + timedelta(hours=100)
    cases = [
        reading.Case(str(n), "", start, start + timedelta(hours=h) if h else None, due, ())
        for n, h in enumerate(hours)
    ]
    found = statistics.figures(cases, statistics.own_deadline, start + timedelta(days=99))
    assert found.judged + found.open_late == len(cases)
    in_time = sum(0 < h <= 100 or h < 0 for h in hours)
    assert found.on_time_index == pytest.approx(100 * in_time / len(cases))
    assert found.late == found.judged - in_time


# --- writing ---------------------------------------------------------------------------------


@pytest.fixture
def country(db):
    worlds.build()
    yield
    registry.forget()
    compiled.forget()


def test_each_case_becomes_an_application_with_one_obligation(country, report):
    written = actions.write(report, by=SYSTEM)
    assert (written.service, written.cases, written.agencies) == ("replay-small", 6, 2)
    owed = Obligation.objects.filter(service="replay-small")
    assert owed.count() == Application.objects.filter(service_id="replay-small").count() == 6
    assert set(owed.values_list("kind", "term")) == {("decision", "")}
    late = [o for o in owed if o.answered_at and o.due_at and o.answered_at > o.due_at]
    assert len(late) == report.all.late
    assert owed.filter(state="sent").count() == report.all.cases - report.all.ended
    assert set(owed.values_list("next_rung_at", flat=True)) == {None}  # no sweep touches it
    assert audit.verify().ok


def test_a_replayed_service_is_a_sample_that_nobody_can_apply_for(country, report):
    actions.write(report, by=SYSTEM)
    version = ServiceVersion.objects.get(service_id="replay-small")
    assert version.effective_to < clock.local_date(clock.now())  # the day it is in Iran
    assert version.body["sample"]
    assert compiled.service_of(version.pk).sample
    assert registry.party_by_slug("replay-small").is_sample


def test_the_same_name_twice_is_refused_and_leaves_no_trace(country, report):
    actions.write(report, by=SYSTEM)
    before = Application.objects.count()
    with pytest.raises(actions.ReplayedBefore) as told:
        actions.write(report, by=SYSTEM)
    assert told.value.status == 409
    assert Application.objects.count() == before


def test_only_an_administrator_replays(country, report):
    with pytest.raises(Refused):
        actions.write(report, by=registry.Actor(user_id=5))
    assert not Application.objects.filter(service_id="replay-small").exists()


def test_without_places_the_reason_is_told(db, report):
    registry.forget()
    with pytest.raises(actions.NoCountry):
        actions.write(report, by=SYSTEM)


def test_where_the_log_has_no_deadline_ours_is_written(country, small):
    plain = MAPPING.replace("deadline: case_due\n", "")
    small.with_suffix(".yaml").write_text(plain, encoding="utf-8")
    result = run(small, "--mapping", small.with_suffix(".yaml"), "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["written"]["cases"] == 6
    assert not Obligation.objects.filter(service="replay-small", due_at=None).exists()


def test_the_command_writes_nothing_when_it_only_looks(country, small):
    packed = small.with_suffix(".csv.gz")
    packed.write_bytes(gzip.compress(small.read_bytes()))
    result = run(packed, "--mapping", small.with_suffix(".yaml"), "--dry-run")
    assert result.exit_code == 0, result.output
    assert "1 of 3 late (33.3 %), median lateness 2.5 days" in result.output
    assert "c4" in result.output
    assert not Application.objects.exists()


# --- real logs -------------------------------------------------------------------------------


def real(name: str) -> Path:
    path = LOGS / f"{name}.csv.gz"
    if not path.exists():
        pytest.skip(f"{name} is not here: real logs are not part of the repository")
    return path


def test_the_environmental_permits_are_reproduced_exactly():
    log = real("receipt_env_permit")
    found = actions.study(log, source.mapping("environmental-permit"), "receipt")
    every = found.all
    assert (every.cases, every.ended, every.judged, every.late) == (1434, 1329, 1329, 377)
    assert round(every.late_percent, 1) == 28.4
    assert round(every.median_days_late, 1) == 13.6
    ordinary = found.terms[56]
    assert next(iter(found.terms)) == 56
    assert (ordinary.ended, ordinary.late) == (1006, 285)
    assert round(ordinary.late_percent, 1) == 28.3
    assert round(ordinary.median_days_late, 1) == 17.4
    assert sorted(found.log.noted["ends_before_start"]) == ["case-10862", "case-8267"]
    assert len(found.log.noted["deadline_before_first_event"]) == 60


def test_every_difference_between_the_clocks_is_explained():
    log = real("receipt_env_permit")
    found = actions.study(log, source.mapping("environmental-permit"), "receipt")
    assert sum(one.cases for one in found.differences) == found.all.judged
    turned = sum(len(d.became_late) - len(d.became_in_time) for d in found.differences)
    assert found.ours.late - found.all.late == turned
    same_term = [d for d in found.differences if d.cause != "other_term"]
    assert sum(d.cases for d in same_term) == 1006
    assert not any(d.became_late for d in same_term)  # with the same term, ours is never stricter


@pytest.mark.parametrize(
    ("name", "cases"), [*zip(ALL_LOGS, (1434, 1199, 6426, 13087, 1050), strict=True)]
)
def test_every_log_of_the_schema_is_read(name, cases):
    found = actions.study(real(name), source.mapping("generic"), name)
    assert found.all.cases == cases
    assert found.has_deadlines is (name == "receipt_env_permit")


def test_a_real_log_is_written_and_judged_the_same_by_the_database(country):
    log = real("receipt_env_permit")
    found = actions.study(log, source.mapping("environmental-permit"), "receipt")
    actions.write(found, by=SYSTEM)
    from django.db.models import F

    owed = Obligation.objects.filter(service="replay-receipt")
    assert owed.count() == 1434
    assert owed.filter(answered_at__gt=F("due_at")).count() == 377
