"""Which statements about working days are sound, and which holidays are stale?"""

from datetime import UTC, date, datetime, time

import pytest

from payvand.kernel.calendar import CalendarRule
from payvand.registry.rules import holidays
from payvand.registry.rules.calendars import FactDraft, faults, path

DAY = date(2025, 11, 9)
NAMES = {"Tasua": {"fa": "تاسوعا", "en": "Tasua"}}


def draft(**more):
    told = {
        "scope": "IR", "starts": DAY, "ends": DAY, "kind": "closure", "title_fa": "تعطیلی",
        "title_en": "Closure", "source": "test",
    }  # fmt: skip
    return FactDraft(**told | more)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "party"}, "kind"),
        ({"status": "rumoured"}, "status"),
        ({"ends": date(2025, 11, 8)}, "ends"),
        ({"weekdays": frozenset({7})}, "weekdays"),
        ({"opens": time(10), "closes": time(10)}, "closes"),
        ({"kind": "hours"}, "opens"),
        ({"kind": "weekend"}, "weekdays"),
        ({"title_en": " "}, "title_en"),
        ({"source": ""}, "source"),
    ],
)
def test_a_fault_is_told_at_its_field(more, field):
    assert field in faults(draft(**more))


def test_a_sound_closure_has_no_fault():
    assert faults(draft()) == {}


def test_a_circle_of_places_does_not_hang():
    assert path("a", {"a": "b", "b": "a"}) == ("b", "a")
    assert path("x", {"a": None}) == ()


def test_the_mark_estimated_becomes_a_status_and_leaves_the_name():
    sure = holidays.holiday(DAY, "Tasua", scope="IR", names=NAMES)
    unsure = holidays.holiday(DAY, "Tasua (estimated)", scope="IR", names=NAMES)
    assert (sure.status, unsure.status) == ("official", "estimated")
    assert sure.title_en == unsure.title_en == "Tasua"
    assert holidays.holiday(DAY, "Tasua", scope="IR", names=NAMES, doubt="x").status == "estimated"


def test_a_holiday_declared_at_short_notice_was_not_known_before_its_eve():
    now = datetime(2026, 11, 1, tzinfo=UTC)
    begin = date(2025, 3, 21)
    ad_hoc = holidays.known_since(draft(), "Public Holiday", year_begins=begin, now=now)
    printed = holidays.known_since(draft(), "Tasua", year_begins=begin, now=now)
    assert ad_hoc.date() == date(2025, 11, 8)
    assert printed.date() == date(2025, 2, 19)


def test_only_holidays_of_the_same_source_and_years_grow_stale():
    def rule(**more):
        told = {"id": 1, "scope": "IR", "starts": DAY, "ends": DAY, "weekdays": None}
        return CalendarRule(
            **told | {"kind": "holiday", "title_en": "Tasua", "source": "pkg 1"} | more
        )

    recorded = {
        1: rule(),
        2: rule(source="a decree"),
        3: rule(starts=date(2030, 1, 1)),
        4: rule(kind="closure"),
        5: rule(status="estimated"),
    }
    wanted = [holidays.holiday(DAY, "Tasua", scope="IR", names=NAMES)]
    assert holidays.stale(recorded, [], years=range(2025, 2027), source="pkg") == [1, 5]
    assert holidays.stale(recorded, wanted, years=range(2025, 2027), source="pkg") == [5]
