"""Do terms keep their promises for any calendar, delivery and interruption?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payvand.kernel.calendar import CalendarRule, CalendarTooShort, WorkCalendar
from payvand.kernel.terms import (
    NO_STOPS,
    BadRung,
    BadTerm,
    OpenEndedStop,
    Stops,
    Term,
    Unit,
    due,
    due_at,
    remaining,
    rung_at,
    strictest,
)

FIRST, LAST = date(2025, 1, 1), date(2026, 6, 30)
BASE = [
    CalendarRule("fri", "IR", FIRST, None, frozenset({4}), "weekend"),
    CalendarRule("hours", "IR", FIRST, None, None, "hours", time(7), time(14)),
]


def calendar(*more: CalendarRule) -> WorkCalendar:
    return WorkCalendar.build(["IR", "IR-15"], [*BASE, *more], first=FIRST, last=LAST)


def closure(day: date, closes: time | None = None) -> CalendarRule:
    return CalendarRule(f"c{day}{closes}", "IR-15", day, day, None, "closure", closes=closes)


PLAIN = calendar()
days = st.dates(date(2025, 3, 1), date(2025, 6, 1))
moments = st.datetimes(
    datetime(2025, 3, 1), datetime(2025, 6, 1), timezones=st.just(UTC)
)  # fmt: skip
terms = st.builds(Term, st.integers(1, 30), st.sampled_from(list(Unit)))
spans = st.tuples(moments, st.timedeltas(timedelta(), timedelta(days=6))).map(
    lambda span: (span[0], span[0] + span[1])
)
stop_lists = st.lists(spans, max_size=4)
calendars = st.builds(
    lambda whole, part: calendar(*map(closure, whole), *(closure(d, time(10)) for d in part)),
    st.lists(days, max_size=8),
    st.lists(days, max_size=4),
)


@given(terms, moments, moments, stop_lists, calendars)
def test_later_delivery_never_falls_due_earlier(term, one, other, stops, cal) -> None:
    early, late = sorted((one, other))
    union = Stops.of(stops)
    assert due_at(term, early, union, cal) <= due_at(term, late, union, cal)


@given(terms, moments, stop_lists, calendars)
def test_longer_term_never_falls_due_earlier(term, delivered, stops, cal) -> None:
    longer, union = Term(term.amount + 1, term.unit), Stops.of(stops)
    assert due_at(term, delivered, union, cal) <= due_at(longer, delivered, union, cal)


@given(terms, moments, stop_lists, calendars)
def test_nothing_falls_due_on_a_closed_day_or_before_delivery_or_while_stopped(
    term, delivered, stops, cal
) -> None:
    union = Stops.of(stops)
    at = due_at(term, delivered, union, cal)
    day = at.astimezone(cal.zone).date()
    assert cal.is_open(day)
    assert cal.opening(day) < at <= cal.closing(day)
    assert at > delivered
    if term.unit is not Unit.WORKING_HOURS:
        assert union.holding(at) is None


@given(terms, moments, stop_lists, calendars)
def test_explanation_and_fast_path_agree(term, delivered, stops, cal) -> None:
    union = Stops.of(stops)
    answer = due(term, delivered, union, cal)
    assert answer.at == due_at(term, delivered, union, cal)
    skipped = {line.date for line in answer.lines if line.kind in ("weekend", "closure")}
    assert not any(cal.is_open(day) for day in skipped)


@given(terms, moments, stop_lists, moments, calendars)
def test_stopping_and_resuming_at_once_changes_nothing(term, delivered, stops, at, cal) -> None:
    with_pause = Stops.of([*stops, (at, at)])
    assert due_at(term, delivered, with_pause, cal) == due_at(term, delivered, Stops.of(stops), cal)


@given(terms, moments, stop_lists, spans, calendars)
def test_another_interruption_never_makes_it_due_earlier(term, delivered, stops, more, cal) -> None:
    assert due_at(term, delivered, Stops.of([*stops, more]), cal) >= due_at(
        term, delivered, Stops.of(stops), cal
    )


@given(stop_lists, moments)
def test_stops_are_a_union(stops, at) -> None:
    union = Stops.of(stops)
    assert (union.holding(at) is not None) == any(a <= at < b for a, b in stops)
    assert union == Stops.of([*stops, *stops]) == Stops.of(reversed(stops))
    ends = [end for pair in union.intervals for end in pair]
    assert ends == sorted(set(ends))


@given(terms, moments, stop_lists, days, st.lists(days, max_size=5))
def test_another_closure_never_makes_it_due_earlier(term, delivered, stops, day, before) -> None:
    union = Stops.of(stops)
    old, new = calendar(*map(closure, before)), calendar(*map(closure, [*before, day]))
    assert due_at(term, delivered, union, old) <= due_at(term, delivered, union, new)


@given(terms, moments, days)
def test_a_part_day_never_brings_the_due_date_forward(term, delivered, day) -> None:
    old = due_at(term, delivered, NO_STOPS, PLAIN)
    new = due_at(term, delivered, NO_STOPS, calendar(closure(day, time(10))))
    assert new >= old or (new.date() == old.date() == day and new.hour < old.hour)


@given(st.integers(1, 25), moments, stop_lists, calendars)
def test_working_days_agree_with_counting_by_hand(amount, delivered, stops, cal) -> None:
    union = Stops.of(stops)
    day = delivered.astimezone(cal.zone).date()
    while not cal.is_open(day) or cal.closing(day) < delivered:
        day += timedelta(1)
    counted = 0
    while counted < amount or not cal.is_open(day) or union.holding(cal.closing(day)):
        day += timedelta(1)
        counted += cal.is_open(day) and union.holding(cal.midnight(day)) is None
    term = Term(amount, Unit.WORKING_DAYS)
    assert due_at(term, delivered, union, cal) == cal.closing(day)


@settings(max_examples=40)
@given(st.integers(1, 12), moments, stop_lists, calendars)
def test_working_hours_agree_with_counting_minutes(amount, delivered, stops, cal) -> None:
    minute = timedelta(minutes=1)
    tidy = Stops.of([(a.replace(second=0, microsecond=0), b.replace(second=0, microsecond=0))
                     for a, b in stops])  # fmt: skip
    at = delivered.replace(second=0, microsecond=0)
    term = Term(amount, Unit.WORKING_HOURS)
    end, burnt = due_at(term, at, tidy, cal), timedelta()
    while at < end:
        day = at.astimezone(cal.zone).date()
        works = cal.is_open(day) and cal.opening(day) <= at < cal.closing(day)
        burnt += minute if works and tidy.holding(at) is None else timedelta()
        at += minute
    assert burnt == timedelta(hours=amount)


@given(terms, moments, stop_lists, calendars, st.integers(0, 100), st.integers(0, 100))
def test_rungs_of_a_ladder_follow_one_another_up_to_the_due_moment(
    term, delivered, stops, cal, one, other
) -> None:
    union = Stops.of(stops)
    end = due_at(term, delivered, union, cal)
    low, high = (
        rung_at(f"{share}%", term, delivered, end, union, cal) for share in sorted((one, other))
    )
    assert delivered <= low <= high <= end
    assert rung_at("100%", term, delivered, end, union, cal) == end
    assert rung_at("0", term, delivered, end, union, cal) == end
    assert end < rung_at("+1wd", term, delivered, end, union, cal)


@given(terms, moments, stop_lists, moments, calendars)
def test_what_remains_agrees_with_the_due_moment(term, delivered, stops, now, cal) -> None:
    union = Stops.of(stops)
    left = remaining(term, delivered, now, union, cal)
    assert left.is_overdue == (now > due_at(term, delivered, union, cal))
    assert (left.over > 0) == left.is_overdue
    assert 0 <= left.amount <= term.amount
    assert left.unit is term.unit


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Give a moment of November 2025, Tehran time; the 8th is a Saturday."""
    return datetime(2025, 11, day, hour, minute, tzinfo=PLAIN.zone).astimezone(UTC)


@pytest.mark.parametrize("text", ["", "5", "0wd", "-1d", "5 wd", "1.5d", "05wd", "۵wd", "5WD"])
def test_a_term_without_number_or_unit_is_refused(text: str) -> None:
    with pytest.raises(BadTerm):
        Term.parse(text)


def test_a_term_of_nothing_cannot_be_made() -> None:
    with pytest.raises(BadTerm):
        Term(0, Unit.WORKING_DAYS)


@pytest.mark.parametrize("text", ["5wd", "90d", "8wh"])
def test_a_term_is_written_as_it_was_read(text: str) -> None:
    assert str(Term.parse(text)) == text


@pytest.mark.parametrize(
    ("rung", "term", "expected"),
    [
        pytest.param("0%", "5wd", at(8, 10), id="at delivery"),
        pytest.param("80%", "5wd", at(12, 14), id="closing of the fourth of five days"),
        pytest.param("50%", "5wd", at(11, 10, 30), id="half of the third day's hours"),
        pytest.param("100%", "5wd", at(13, 14), id="due"),
        pytest.param("50%", "8wh", at(8, 14), id="four of eight hours"),
        pytest.param("50%", "10d", at(13, 14), id="fifth calendar day"),
        pytest.param("60%", "10d", at(15, 7), id="sixth calendar day is closed: next opening"),
        pytest.param("0", "5wd", at(13, 14), id="due moment"),
        pytest.param("+3wd", "5wd", at(17, 14), id="three working days late"),
        pytest.param("+1d", "5wd", at(15, 14), id="one day late is a Friday"),
        pytest.param("+8wh", "5wd", at(16, 8), id="eight hours late"),
    ],
)
def test_a_rung_is_reached_at(rung: str, term: str, expected: datetime) -> None:
    budget, start = Term.parse(term), at(8, 10)
    end = due_at(budget, start, NO_STOPS, PLAIN)
    assert rung_at(rung, budget, start, end, NO_STOPS, PLAIN) == expected


@pytest.mark.parametrize("rung", ["", "101%", "80", "-2wd", "+0wd", "+3", "3wd", "eighty"])
def test_an_unreadable_rung_is_refused(rung: str) -> None:
    with pytest.raises(BadRung):
        rung_at(rung, Term.parse("5wd"), at(8, 10), at(13, 14), NO_STOPS, PLAIN)


@pytest.mark.parametrize("unit", ["wd", "d", "wh"])
def test_while_the_clock_stands_still_only_rungs_already_reached_have_a_moment(unit: str) -> None:
    term, stops = Term.parse(f"10{unit}"), Stops.of([(at(9, 12), None)])
    reached = rung_at("5%", term, at(8, 10), None, stops, PLAIN)
    assert at(8, 10) <= reached < at(9, 14)
    for rung in ("95%", "0", "+3wd"):
        with pytest.raises(OpenEndedStop):
            rung_at(rung, term, at(8, 10), None, stops, PLAIN)
    with pytest.raises(OpenEndedStop):
        due_at(term, at(8, 10), stops, PLAIN)


def test_a_rung_that_falls_into_an_open_ended_stop_has_no_moment() -> None:
    with pytest.raises(OpenEndedStop):
        rung_at("10%", Term.parse("10wd"), at(8, 10), None, Stops.of([(at(9, 12), None)]), PLAIN)


def test_a_rung_without_due_moment_needs_a_known_end() -> None:
    with pytest.raises(OpenEndedStop) as caught:
        rung_at("0", Term.parse("1wd"), at(8, 10), None, NO_STOPS, PLAIN)
    assert caught.value.facts == {"since": None}


def test_a_rung_waits_for_the_clock_and_for_the_office() -> None:
    term, stops = Term.parse("4wd"), Stops.of([(at(9, 13), at(10, 20))])
    end = due_at(term, at(8, 10), stops, PLAIN)
    assert rung_at("25%", term, at(8, 10), end, stops, PLAIN) == at(11, 7)


def test_an_open_ended_stop_at_the_due_moment_leaves_no_due_moment() -> None:
    with pytest.raises(OpenEndedStop):
        due_at(Term.parse("1wd"), at(8, 10), Stops.of([(at(9, 13), None)]), PLAIN)


@pytest.mark.parametrize(
    ("term", "now", "amount", "is_overdue", "over"),
    [
        pytest.param("5wd", at(8, 11), 5, False, 0, id="nothing used on the day of delivery"),
        pytest.param("5wd", at(11, 9), 2, False, 0, id="two working days left"),
        pytest.param("5wd", at(13, 9), 0, False, 0, id="due today"),
        pytest.param("5wd", at(13, 15), 0, True, 1, id="over since this afternoon"),
        pytest.param("5wd", at(16, 9), 0, True, 2, id="Saturday and Sunday"),
        pytest.param("5d", at(10, 9), 3, False, 0, id="three calendar days left"),
        pytest.param("5d", at(16, 9), 0, True, 3, id="three calendar days over"),
        pytest.param("8wh", at(8, 12, 30), 6, False, 0, id="five and a half hours, rounded up"),
        pytest.param("8wh", at(8, 9), 8, False, 0, id="not yet delivered"),
        pytest.param("8wh", at(9, 12), 0, True, 1, id="one hour over"),
    ],
)
def test_what_remains(term: str, now: datetime, amount: int, is_overdue: bool, over: int) -> None:
    left = remaining(Term.parse(term), at(8, 10), now, NO_STOPS, PLAIN)
    assert (left.amount, left.is_overdue, left.over) == (amount, is_overdue, over)


def test_nothing_burns_while_the_clock_stands_still() -> None:
    stops = Stops.of([(at(9, 8), None)])
    stops = Stops.of([(at(8, 7), at(8, 8)), *stops.intervals])
    for term, amount in (("5wd", 4), ("5d", 4), ("8wh", 3)):
        left = remaining(Term.parse(term), at(8, 10), at(30, 9), stops, PLAIN)
        assert (left.amount, left.is_overdue) == (amount, False)


def test_the_strictest_term_wins_and_the_others_are_named() -> None:
    offered = [("10d", "law"), ("5wd", "order"), ("40wh", "contract")]
    found = strictest(
        [(Term.parse(text), ref) for text, ref in offered], delivered=at(8, 10), calendar=PLAIN
    )
    assert (found.ref, str(found.term), found.at) == ("order", "5wd", at(13, 14))
    assert [each.ref for each in found.considered] == ["order", "contract", "law"]


def test_among_equal_terms_the_first_named_wins() -> None:
    pair = [(Term.parse("5wd"), "first"), (Term.parse("5wd"), "second")]
    assert strictest(pair, delivered=at(8, 10), calendar=PLAIN).ref == "first"
    with pytest.raises(ValueError, match="at least one"):
        strictest([], delivered=at(8, 10), calendar=PLAIN)


@pytest.mark.parametrize("unit", ["wd", "d", "wh"])
def test_the_calendar_says_when_it_does_not_reach(unit: str) -> None:
    term = Term.parse(f"9000{unit}")
    with pytest.raises(CalendarTooShort):
        due_at(term, at(8, 10), NO_STOPS, PLAIN)
    for outside in (datetime(2024, 12, 31, tzinfo=UTC), datetime(2026, 7, 20, tzinfo=UTC)):
        with pytest.raises(CalendarTooShort):
            due_at(Term.parse(f"1{unit}"), outside, NO_STOPS, PLAIN)


def test_a_line_carries_source_and_standing_of_its_rule() -> None:
    named = CalendarRule(
        "x", "IR", date(2025, 11, 9), date(2025, 11, 9), None, "holiday",
        status="announced", title_fa="آزمایشی", title_en="Trial", source="notice 7",
    )  # fmt: skip
    (line,) = due(Term.parse("1wd"), at(8, 10), NO_STOPS, calendar(named)).lines
    assert (line.title_fa, line.title_en, line.source, line.status) == (
        "آزمایشی", "Trial", "notice 7", "announced",
    )  # fmt: skip
    part = closure(date(2025, 11, 9), time(10))
    (line,) = due(Term.parse("1wd"), at(8, 10), NO_STOPS, calendar(part)).lines
    assert line.title_en == "Shorter office hours (open 07:00–10:00)"
    assert line.title_fa == "ساعت کار کوتاه‌تر (ساعت کار ۰۷:۰۰ تا ۱۰:۰۰)"


def test_an_interruption_beyond_the_calendar_leaves_no_due_moment() -> None:
    stops = Stops.of([(at(9, 13), datetime(2026, 12, 1, tzinfo=UTC))])
    with pytest.raises(CalendarTooShort):
        due_at(Term.parse("1wd"), at(8, 10), stops, PLAIN)
