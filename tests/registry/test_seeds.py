"""What does a new installation know, and does seeding twice change anything?"""

import json
from datetime import time, timedelta

import pytest
from click.testing import CliRunner

from payvand.kernel import clock, jalali
from payvand.registry import public as registry
from payvand.registry import seeds
from payvand.registry.cli import registry as command
from payvand.registry.models import CalendarFact, Office, Place
from tests.registry.conftest import ROOT, closure


@pytest.fixture
def seeded(db):
    return seeds.seed()


def day(text):
    return jalali.from_iso(text)


def calendar(place, **more):
    return registry.calendar_for(registry.place_path(place), **more)


def test_the_country_is_there(seeded):
    kinds = {kind: Place.objects.filter(kind=kind).count() for kind in ("country", "province")}
    assert kinds == {"country": 1, "province": 31}
    assert Place.objects.filter(parent="IR-15").count() == 11
    assert Place.objects.filter(parent="IR-03").count() == 23
    assert not Place.objects.filter(source="").exists()
    assert Place.objects.get(pk="IR-03-leylan").predecessor_id == "IR-03-320"


def test_offices_fall_upwards_and_nobody_is_named(seeded):
    assert Office.objects.filter(role="governor").count() == 31
    assert Office.objects.filter(role="county-governor").count() == 34
    county = Office.objects.get(role="county-governor", place="IR-15-1503")
    roles = []
    while county:
        roles.append(county.role)
        county = county.falls_to
    assert roles == ["county-governor", "governor", "first-vice-president", "president-office"]
    assert not Office.objects.filter(holdings__isnull=False).exists()


def test_seeding_twice_adds_nothing(seeded):
    before = CalendarFact.objects.count()
    assert set(seeds.seed().values()) == {0}
    assert CalendarFact.objects.count() == before


def test_every_rule_has_a_source_and_a_status(seeded):
    assert not CalendarFact.objects.filter(source="").exists()
    closing = CalendarFact.objects.filter(kind="hours", closes=time(14), ends=None).first()
    assert closing.status == "sample"


def test_holidays_know_how_sure_they_are(seeded):
    at = dict(CalendarFact.objects.filter(kind="holiday").values_list("starts", "status"))
    assert at[day("1404-11-22")] == "official"
    assert at[day("1406-01-01")] == "official"
    assert at[day("1405-01-25")] == "estimated"
    assert {status for start, status in at.items() if start < day("1405-01-01")} == {"official"}
    assert any(s == "estimated" for d, s in at.items() if d >= day("1406-01-01"))
    assert registry.holidays_known_until() == day("1406-12-29")


@pytest.mark.parametrize(
    ("place", "when", "is_open"),
    [
        pytest.param("IR-15", "1404-04-27", False, id="Friday"),
        pytest.param("IR-15", "1404-04-26", False, id="summer Thursday in Lorestan"),
        pytest.param("IR-03", "1404-04-26", True, id="the same Thursday in East Azerbaijan"),
        pytest.param("IR-15", "1404-08-22", True, id="autumn Thursday"),
        pytest.param("IR-15", "1404-04-14", False, id="Tasua"),
        pytest.param("IR-15", "1404-05-01", False, id="closed to save electricity"),
        pytest.param("IR-03", "1404-05-01", True, id="not there"),
        pytest.param("IR-03", "1404-10-10", False, id="announced the day before"),
    ],
)
def test_days_are_open_or_closed_as_the_sources_say(seeded, place, when, is_open):
    assert calendar(place).is_open(day(when)) is is_open


@pytest.mark.parametrize(
    ("place", "when", "opens", "closes"),
    [
        pytest.param("IR-15", "1404-08-19", time(7), time(14), id="base, province"),
        pytest.param("IR", "1404-08-19", time(8), time(15), id="base, headquarters"),
        pytest.param("IR-15", "1404-03-03", time(6), time(13), id="summer 1404"),
        pytest.param("IR-15", "1404-10-14", time(8), time(14), id="winter 1404"),
        pytest.param("IR-30", "1404-07-12", time(7, 30), time(14, 30), id="Alborz"),
        pytest.param("IR-15", "1404-08-22", time(7), time(13), id="Thursday"),
        pytest.param("IR-15", "1403-05-06", time(7), time(10), id="heat"),
    ],
)
def test_office_hours_follow_the_decisions(seeded, place, when, opens, closes):
    found = calendar(place).day(day(when))
    assert (found.opens, found.closes) == (opens, closes)


def test_a_closure_declared_a_day_ahead_was_not_known_the_week_before(seeded):
    closed = day("1404-10-10")
    before = clock.now().replace(year=2025, month=12, day=20)
    assert calendar("IR-03", known_at=before).is_open(closed)
    assert not calendar("IR-03", known_at=before + timedelta(days=12)).is_open(closed)


def test_a_holiday_that_moved_is_replaced_and_a_hand_made_correction_stays(seeded):
    moved = CalendarFact.objects.filter(kind="holiday", starts=day("1405-08-12")).first()
    some = CalendarFact.objects.filter(kind="holiday", status="estimated", known_to=None)
    old = some.first() if moved is None else moved
    CalendarFact.objects.filter(pk=old.pk).update(starts=old.starts + timedelta(days=40))
    mended = some.exclude(pk=old.pk).last()
    by_hand = closure("IR", mended.starts, kind="holiday", status="corrected")
    registry.record_closure(by_hand, by=ROOT, corrects=mended.pk)
    registry.forget()
    assert seeds.seed()["holidays"] == 1
    assert CalendarFact.objects.get(pk=old.pk).known_to is not None
    assert CalendarFact.objects.filter(status="corrected", known_to=None).count() == 1
    assert not CalendarFact.objects.filter(
        title_en=mended.title_en, starts=mended.starts, known_to=None
    ).exists()


def test_the_command_seeds_and_shows_days(db):
    run = CliRunner()
    first = run.invoke(command, ["seed", "--json"])
    assert first.exit_code == 0, first.output
    assert json.loads(first.output)["places"] == 66
    again = run.invoke(command, ["seed"])
    assert "places: 0 new" in again.output
    shown = run.invoke(command, ["days", "IR-15", "--days", "7", "--json"])
    rows = json.loads(shown.output)
    assert [row["open"] for row in rows if row["weekday"] == "Friday"] == [False]
    assert rows[0]["jalali"] == "1404-08-18"
    wrong = run.invoke(command, ["days", "IR-99"])
    assert wrong.exit_code == 1
    assert wrong.exception.code == "registry.no_place"  # the whole command tells it


def test_only_the_asked_years_are_seeded(db):
    seeds.seed(first=1404, last=1404)
    starts = CalendarFact.objects.filter(kind="holiday").values_list("starts", flat=True)
    assert day("1404-01-01") <= min(starts)
    assert max(starts) <= day("1404-12-29")
