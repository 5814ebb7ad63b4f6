"""Do figures, maps and words say what the data say, in both directions?"""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from payvand.kernel.terms import Left, Unit
from payvand.ui import charts, maps, months
from payvand.ui.templatetags import ui

START = datetime(2025, 11, 9, tzinfo=UTC)


def xs(svg, css):
    return [float(x) for x in re.findall(rf'class="{css}" x="([\d.-]+)%"', svg)]


@given(st.floats(0, 90), st.floats(0.1, 10))
def test_gantt_bars_mirror_in_persian(start, width):
    row = charts.Row([charts.Bar(start, start + width, "done")])
    (en,), (fa,) = (xs(charts.gantt_row(row, lang=lang), "g-done") for lang in ("en", "fa"))
    assert en == pytest.approx(start, abs=0.01)
    assert fa == pytest.approx(100 - start - width, abs=0.02)


def test_what_lies_after_the_due_moment_is_hatched():
    row = charts.Row([charts.Bar(0, 60, "over")], due=40, now=60)
    svg = charts.gantt_row(row, lang="en")
    assert xs(svg, "g-over") == [0]
    assert xs(svg, "g-x") == [40]
    assert "url(#hatch)" in svg
    assert "url(#hatch)" not in charts.gantt_row(
        charts.Row([charts.Bar(0, 30, "done")], 40), lang="en"
    )


def test_time_series_run_left_to_right_in_both_languages():
    series = [charts.Series("A", [1, 2, 3])]
    paths = [
        re.search(r'class="l1" d="([^"]+)"', charts.line("t", list("abc"), series, lang=lang).svg)
        for lang in ("fa", "en")
    ]
    assert paths[0].group(1) == paths[1].group(1)
    points = [float(x) for x in re.findall(r"[ML]([\d.]+)", paths[0].group(1))]
    assert points == sorted(points)


def test_missing_value_leaves_a_gap_and_a_dash():
    chart = charts.line("t", list("abc"), [charts.Series("A", [1, None, 3])], lang="en")
    assert re.search(r'class="l1" d="M[^M]+M', chart.svg)
    assert chart.rows[1] == ["b", "—"]


def test_chart_title_and_names_are_escaped():
    chart = charts.bar("<b>", ["<i>"], [1], lang="en")
    assert "<b>" not in chart.svg
    assert "<i>" not in chart.svg


def test_months_are_jalali_months():
    named = months.months_between(date(2025, 3, 20), date(2025, 4, 21), "en")
    assert named == [((1403, 12), "Esfand"), ((1404, 1), "Farvardin"), ((1404, 2), "Ordibehesht")]
    assert months.bucket(date(2025, 3, 20)) == (1403, 12)


def test_neighbouring_closed_days_become_one_band():
    span = charts.Span(START, START + timedelta(days=10))
    bands = span.closed(lambda day: day.weekday() in (3, 4))
    assert bands == [(40.0, 60.0)]


def test_all_31_provinces_have_a_square_of_their_own():
    squares = maps.provinces()
    assert len({(s["x"], s["y"]) for s in squares.values()}) == 31
    assert set(squares) == {f"IR-{n:02d}" for n in range(31)}


def test_map_links_and_names_every_province_and_says_where_data_is_missing():
    look = maps.Look(href="?p={}", unit="days")
    with override("en"):
        chart = maps.tile_grid("t", {"IR-23": 12.5}, lang="en", look=look)
    assert 'href="?p=IR-23"' in chart.svg
    assert 'aria-label="Tehran: 12.5 days"' in chart.svg
    assert 'aria-label="Qom: no data"' in chart.svg
    assert chart.rows == [["Tehran", "12.5"]]


@pytest.mark.parametrize(
    ("left", "fa", "en"),
    [
        (Left(3, Unit.WORKING_DAYS, False, 0), "۳ روز کاری مانده", "3 working days left"),
        (Left(1, Unit.CALENDAR_DAYS, False, 0), "۱ روز مانده", "1 day left"),
        (Left(0, Unit.CALENDAR_DAYS, True, 2), "۲ روز از مهلت گذشته", "2 days past the term"),
        (Left(0, Unit.WORKING_DAYS, False, 0), "مهلت: امروز", "due today"),
        (Left(5, Unit.WORKING_HOURS, False, 0), "۵ ساعت کاری مانده", "5 working hours left"),
    ],
)
def test_terms_are_said_in_both_languages(left, fa, en):
    for lang, said in (("fa", fa), ("en", en)):
        with override(lang):
            assert ui.duration(left) == said


def test_filters_speak_the_language_of_the_page():
    with override("fa"):
        assert ui.num(1234.5) == "۱٬۲۳۴٫۵"
        assert ui.percent(81) == "۸۱٪"
        assert ui.rial(1250000) == "۱٬۲۵۰٬۰۰۰ ریال"
        assert "۱۸ آبان ۱۴۰۴" in ui.jdate(START)
        assert ui.pick({"fa": "زمین", "en": "Land"}) == "زمین"
    with override("en"):
        assert ui.digits("۱۴۰۴") == "1404"
        assert (
            ui.jdate(START)
            == '<time datetime="2025-11-09" title="9 November 2025">18 Aban 1404</time>'
        )
        assert ui.pick({"fa": "زمین"}) == "زمین"
        assert ui.num(None) == "—"


def test_code_is_grouped_for_the_eye_but_copied_whole():
    with override("en"):
        shown = ui.code("123456789012")
    assert re.sub("<[^>]+>", "", shown) == "123456789012"
    assert shown.count("<span>") == 3
    assert "&lt;" in ui.code("<b>")
