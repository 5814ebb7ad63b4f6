"""Which rule wins on a day, and do the tables count right?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payvand.kernel.calendar import (
    CalendarRule,
    CalendarTooShort,
    ImpossibleHours,
    WorkCalendar,
)

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
THU, FRI = date(2025, 11, 13), date(2025, 11, 14)
MON = date(2025, 11, 10)
CHAIN = ("IR", "IR-15", "IR-15-1503", "org:a")


def rule(scope: str, kind: str, day: date | None = MON, **more: object) -> CalendarRule:
    """Make a rule for one day, or for the weekdays given."""
    weekdays = more.pop("weekdays", None)
    whole = {"starts": day or FIRST, "ends": day, "weekdays": weekdays}
    name = f"{scope}{kind}{day}{sorted(more.items(), key=str)}"
    return CalendarRule(id=name, scope=scope, kind=kind, **whole | more)  # type: ignore[arg-type]


WEEKEND = rule("IR", "weekend", None, weekdays=frozenset({4}))
HOURS = rule("IR", "hours", None, opens=time(7), closes=time(14))


def build(*rules: CalendarRule, **more: object) -> WorkCalendar:
    return WorkCalendar.build(
        CHAIN, [WEEKEND, HOURS, *rules], **{"first": FIRST, "last": LAST} | more  # type: ignore[arg-type]
    )  # fmt: skip


THURSDAY_OFF = rule("IR", "weekend", None, weekdays=frozenset({3}))
THURSDAY_ON = rule("IR-15", "open", None, weekdays=frozenset({3}))


@pytest.mark.parametrize(
    ("day", "rules", "kind"),
    [
        pytest.param(MON, [], None, id="plain day"),
        pytest.param(FRI, [], "weekend", id="weekend"),
        pytest.param(MON, [rule("IR", "holiday")], "holiday", id="holiday below the country too"),
        pytest.param(FRI, [rule("IR", "holiday", FRI)], "holiday", id="holiday beats weekend"),
        pytest.param(FRI, [rule("IR-15", "closure", FRI)], "closure", id="closure beats weekend"),
        pytest.param(MON, [rule("IR-03", "closure")], None, id="another province"),
        pytest.param(
            MON, [rule("IR", "holiday"), rule("IR", "open")], None, id="open beats holiday"
        ),
        pytest.param(
            MON, [rule("IR", "holiday"), rule("org:a", "open")], None, id="open below lifts"
        ),
        pytest.param(
            MON, [rule("IR-15", "closure"), rule("IR", "open")], "closure",
            id="open above does not lift",
        ),
        pytest.param(THU, [THURSDAY_OFF], "weekend", id="second weekend day"),
        pytest.param(THU, [THURSDAY_OFF, THURSDAY_ON], None, id="working Thursdays here"),
        pytest.param(
            THU, [THURSDAY_OFF, THURSDAY_ON, rule("IR", "holiday", THU)], "holiday",
            id="working Thursdays do not abolish holidays",
        ),
        pytest.param(
            THU, [THURSDAY_ON, rule("IR-15", "weekend", None, weekdays=frozenset({3}))], None,
            id="open beats weekend in one scope",
        ),
        pytest.param(
            THU, [THURSDAY_OFF, rule("IR-15", "open", THU, weekdays=frozenset({3}))], None,
            id="one named Thursday",
        ),
        pytest.param(
            THU, [THURSDAY_OFF, rule("IR", "weekend", None, weekdays=frozenset({3}), title_en="x")],
            "weekend", id="twice closed",
        ),
        pytest.param(MON, [rule("IR-15", "remote")], None, id="remote work counts"),
        pytest.param(
            MON, [rule("IR", "closure", classes=frozenset({"bank"}))], "closure", id="not exempt"
        ),
    ],
)  # fmt: skip
def test_the_rule_that_wins(day: date, rules: list[CalendarRule], kind: str | None) -> None:
    found = build(*rules).day(day)
    assert found.is_open == (kind is None)
    assert (found.rule.kind if found.rule else None) == kind
    assert (found.opens, found.closes) == ((time(7), time(14)) if kind is None else (None, None))


def test_an_exempt_class_works() -> None:
    shut = rule("IR", "closure", classes=frozenset({"bank"}))
    assert build(shut, org_class="bank").is_open(MON)


@pytest.mark.parametrize(
    ("rules", "opens", "closes"),
    [
        pytest.param([rule("IR-15", "closure", closes=time(10))], time(7), time(10), id="shuts"),
        pytest.param([rule("IR-15", "closure", opens=time(9))], time(9), time(14), id="opens late"),
        pytest.param(
            [rule("IR", "closure", closes=time(10)), rule("IR-15", "closure", closes=time(12))],
            time(7), time(10), id="part days add up",
        ),
        pytest.param([rule("IR-15", "closure", closes=time(16))], time(7), time(14), id="no cut"),
        pytest.param([rule("IR-15", "hours", closes=time(13))], time(7), time(13), id="own hours"),
        pytest.param(
            [rule("IR-15", "hours", closes=time(13)), rule("IR", "hours", closes=time(15))],
            time(7), time(13), id="specific hours win",
        ),
        pytest.param(
            [rule("IR", "closure", closes=time(10)), rule("org:a", "open", closes=time(12))],
            time(7), time(12), id="an open day has its own hours",
        ),
    ],
)  # fmt: skip
def test_the_hours_of_a_day(rules: list[CalendarRule], opens: time, closes: time) -> None:
    found = build(*rules).day(MON)
    assert (found.is_open, found.opens, found.closes) == (True, opens, closes)


def test_a_part_day_that_leaves_nothing_closes_the_day() -> None:
    shut = rule("IR", "closure", closes=time(6))
    found = build(shut).day(MON)
    assert (found.is_open, found.rule) == (False, shut)


def test_the_rule_known_later_wins_then_the_shorter_one() -> None:
    early, late = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 2, 1, tzinfo=UTC)
    one = rule("IR", "hours", closes=time(12), known_from=late)
    two = rule("IR", "hours", closes=time(13), known_from=early)
    assert build(one, two).day(MON).closes == build(two, one).day(MON).closes == time(12)
    assert build(two).day(MON).closes == time(13)  # one day is shorter than all days


def test_the_calendar_of_the_past_is_the_one_that_was_known() -> None:
    noon = datetime(2025, 11, 9, 12, tzinfo=UTC)
    declared = rule("IR-15", "closure", known_from=noon, known_to=noon + timedelta(days=3))
    assert build(declared, known_at=noon - timedelta(hours=1)).is_open(MON)
    assert not build(declared, known_at=noon).is_open(MON)
    assert build(declared, known_at=noon + timedelta(days=3)).is_open(MON)
    assert build(declared).is_open(MON)  # withdrawn since


def test_the_version_follows_the_rules_that_apply_and_nothing_else() -> None:
    plain = build().version
    assert build(first=date(2024, 1, 1)).version == plain
    assert build(rule("IR-03", "closure")).version == plain
    assert build(rule("IR-15", "closure")).version != plain
    assert build(rule("IR-15", "closure")).version != build(rule("IR-15", "holiday")).version


def test_without_hours_the_legal_day_ends_at_midnight() -> None:
    bare = WorkCalendar.build(CHAIN, [], first=FIRST, last=LAST)
    assert (bare.day(MON).opens, bare.day(MON).closes) == (time(0), time(23, 59))


def test_hours_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(ImpossibleHours):
        rule("IR", "hours", opens=time(14), closes=time(7))
    with pytest.raises(ImpossibleHours):
        build(rule("IR-15", "hours", opens=time(15)))


def test_asking_outside_the_calendar_is_refused() -> None:
    work = build()
    for day in (FIRST - timedelta(1), LAST + timedelta(1)):
        with pytest.raises(CalendarTooShort):
            work.is_open(day)
    with pytest.raises(CalendarTooShort):
        work.add_working_days(LAST, 1)
    with pytest.raises(CalendarTooShort):
        work.add_working_days(FIRST, -1)
    with pytest.raises(ValueError, match="at least one day"):
        build(last=FIRST - timedelta(1))


def test_a_closed_day_has_no_closing_time() -> None:
    with pytest.raises(ValueError, match="closed"):
        build().closing(FRI)
    assert build().opening(MON) == datetime(2025, 11, 10, 3, 30, tzinfo=UTC)
    assert build().closing(MON) == datetime(2025, 11, 10, 10, 30, tzinfo=UTC)


closures = st.lists(st.dates(date(2025, 2, 1), date(2025, 10, 1)), max_size=20)
inner = st.dates(date(2025, 3, 1), date(2025, 9, 1))


@given(closures, inner, inner, st.integers(1, 40))
def test_tables_agree_with_counting_by_hand(shut: list[date], a: date, b: date, n: int) -> None:
    work = build(*(rule("IR", "closure", day) for day in shut))
    a, b = sorted((a, b))
    between = [a + timedelta(i) for i in range(1, (b - a).days + 1)]
    count = sum(work.is_open(day) for day in between)
    assert work.working_days_between(a, b) == count == -work.working_days_between(b, a)
    assert [day.date for day in work.closed_days(a, b)] == [
        day for day in [a, *between] if not work.is_open(day)
    ]
    later, earlier = work.add_working_days(a, n), work.add_working_days(a, -n)
    assert work.is_open(later)
    assert work.working_days_between(a, later) == n
    assert work.is_open(earlier)
    assert work.working_days_between(earlier - timedelta(1), a - timedelta(1)) == n
    assert work.add_working_days(a, 0) == a
    assert work.next_open(a) == (a if work.is_open(a) else work.add_working_days(a, 1))


@given(st.datetimes(datetime(2025, 1, 1), datetime(2025, 12, 30), timezones=st.just(UTC)))
def test_office_time_can_be_read_both_ways(at: datetime) -> None:
    work = build()
    worked = work.worked_by(at)
    back = work.when_worked(worked)
    assert work.worked_by(back) == worked
    assert back <= max(at, work.openings[0])
