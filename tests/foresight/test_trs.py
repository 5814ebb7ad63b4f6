"""Does the release study measure what the guide asks for, and is it safe to open?"""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.utils import translation
from openpyxl import load_workbook

from payvand.foresight import shown_trs
from payvand.foresight.queries import studies
from payvand.foresight.rules import trs
from payvand.kernel import clock, periods
from payvand.kernel.errors import Invalid
from payvand.ledger.models import Obligation
from payvand.registry import models as r
from payvand.registry import public as registry
from tests.foresight.account_sample import NOW, apply, ask, at, made, stop

NOON = datetime(2025, 1, 1, 12, tzinfo=clock.TEHRAN)
YEAR = periods.of_days(date(2025, 11, 1), date(2026, 2, 1))


def day(n):
    return NOON + timedelta(days=n)


def asked(sent, delivered, opened, answered, **more):
    moments = [None if n is None else day(n) for n in (sent, delivered, opened, answered)]
    return trs.Asked(more.pop("key", "q"), "a", *moments, **more)


def study_of(*questions, stops=(), count=10, released=10):
    case = trs.Released(day(0), day(released), "r", questions, stops)
    return trs.study([case] * count)


def test_stages_run_from_one_moment_to_the_next():
    found = dict(study_of(
        asked(1, 2, 3, 6), asked(2, None, None, 7), asked(7, 7, 7, 10, is_decision=True),
        stops=[(day(3), day(5)), (day(4), day(6))],
    ).stages)  # fmt: skip
    assert found[trs.BEFORE].mean == 1
    assert found[trs.QUESTIONS].mean == 6
    assert found[trs.APPLICANT].mean == 3  # overlapping requests count once
    assert found[trs.DECISION].mean == 3
    assert found[trs.TOTAL].mean == 10


def test_the_steps_of_a_question_sum_to_its_whole():
    for moments in ((0, 1, 3, 6), (0, None, 2, 6), (0, None, None, 6), (0, 5, 3, 6), (0, 9, 9, 6)):
        ((_key, found),) = study_of(asked(*moments)).questions
        parts = sum(found[name].mean for name in (trs.DELIVERY, trs.DESK, trs.ANSWER))
        assert parts == pytest.approx(found[trs.WHOLE].mean) == 6


def test_mean_median_and_range_are_those_of_the_values():
    found = trs.measure([1, 2, 3, 4, 5, 6, 7, 8, 9, 100])
    assert (found.n, found.mean, found.median, found.least, found.most) == (10, 14.5, 5, 1, 100)
    assert found.p90 == 9


def test_what_rests_on_few_is_only_counted():
    found = study_of(asked(0, 0, 0, 1), count=9)
    assert found.n == 9
    assert all(m.mean is None for _name, m in [*found.stages, *found.agencies, *found.regimes])


@pytest.fixture
def world(db):
    with clock.frozen(NOW):
        found = made()
        for n in range(11):
            case = apply(found, days=n, decided=n + 10, currency="=eur" if n % 2 else "usd")
            held = ask(found, case, "a0", sent=n, opened_at=at(n + 1), answered=n + 8)
            stop(held, n + 2, n + 4)
            ask(found, case, "owner", sent=n + 8, answered=n + 10, kind="decision",
                question="decision")  # fmt: skip
        apply(found, days=1)  # not released: not studied
        yield found
    registry.forget()


def test_the_study_counts_every_case_that_was_granted_and_no_other(world):
    found = studies.study("grid", YEAR)
    assert found.study.n == 11
    stages = dict(found.study.stages)
    assert stages[trs.TOTAL].median == pytest.approx(10)
    assert stages[trs.APPLICANT].median == pytest.approx(2)
    assert found.agencies[world.agencies["a0"]]["en"] == "Agency a0"
    assert studies.study("grid", periods.of_days(date(2030, 1, 1), date(2030, 2, 1))).study.n == 0


def test_regimes_are_told_apart_by_a_field_and_only_by_a_key(world):
    found = studies.study("grid", YEAR, regime="currency")
    assert {key: m.n for key, m in found.study.regimes} == {"usd": 6, "=eur": 5}
    with pytest.raises(Invalid):
        studies.study("grid", YEAR, regime="a; DROP")
    assert studies.study("grid", YEAR, province="IR-03").study.n == 0


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_the_page_to_keep_is_whole_and_in_the_readers_direction(world, lang):
    with translation.override(lang):
        page = shown_trs.page(studies.study("grid", YEAR), YEAR)
    assert f'lang="{lang}" dir="{"rtl" if lang == "fa" else "ltr"}"' in page
    assert "<style>" in page
    assert "http" not in page.partition("</head>")[2]
    assert ("از ثبت درخواست تا صدور" if lang == "fa" else "From submission to release") in page


def test_no_cell_of_the_workbook_is_a_formula(world):
    r.Party.objects.filter(slug="a0").update(name_fa="=HYPERLINK(1)", name_en="=HYPERLINK(1)")
    registry.forget()
    Obligation.objects.update(title={"fa": "+1", "en": "+1"})
    with translation.override("fa"):
        found = studies.study("grid", YEAR, regime="currency")
        book = load_workbook(BytesIO(shown_trs.workbook(found, YEAR)))
    assert len(book.worksheets) == 4
    assert all(sheet.sheet_view.rightToLeft for sheet in book.worksheets)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert [c.value for c in cells if c.data_type == "f"] == []
    assert "'=HYPERLINK(1)" in [c.value for c in cells]
