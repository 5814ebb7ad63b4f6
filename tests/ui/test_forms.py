"""Does a form made from a pack understand people and lose nothing?"""

from datetime import date

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from payvand.kernel import ids, jalali
from payvand.kernel.text import to_persian_digits
from payvand.ui.forms import build_form, form_errors
from payvand.ui.templatetags.ui import field as render_field
from tests.ui import gallery

TIER = gallery.CODELISTS
T = {"fa": "برچسب", "en": "Label"}


def one(kind, value, *, name="x", lang="en", files=None, **spec):
    """Return a form of one field with what was typed in it."""
    with override(lang):
        form = build_form(
            [{"id": name, "type": kind, "title": T, **spec}],
            lang=lang,
            codelists=TIER,
            data=QueryDict(value),
            files=files,
        )
        form.is_valid()
    return form


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        pytest.param("integer", "۱٬۲۳۴", 1234, id="persian-grouped"),
        pytest.param("integer", "1,234", 1234, id="latin-grouped"),
        pytest.param("integer", "٤٥", 45, id="arabic"),
        pytest.param("decimal", "۲٫۵", "2.5", id="persian-decimal"),
        pytest.param("decimal", "2/5", "2.5", id="slash-decimal"),
        pytest.param("percent", "۵۱", "51", id="percent"),
        pytest.param("money", "۱٬۲۵۰٬۰۰۰ ریال", "1250000", id="money"),
        pytest.param("text", "كيان", "کیان", id="letters"),
    ],
)
def test_typed_values_are_understood_in_any_digits(kind, typed, stored):
    assert one(kind, f"x={typed}").answers() == {"x": stored}


@pytest.mark.parametrize(
    ("kind", "typed", "spec"),
    [
        pytest.param("integer", "2.5", {}, id="fraction"),
        pytest.param("integer", "۱۲a", {}, id="letters"),
        pytest.param("decimal", "1.2.3", {}, id="two-points"),
        pytest.param("percent", "101", {}, id="over-hundred"),
        pytest.param("money", "-5", {}, id="negative-money"),
        pytest.param("money", "1.5", {}, id="fraction-of-rial"),
        pytest.param("integer", "3", {"min": 4}, id="below-min"),
        pytest.param("text", "abcdef", {"max_length": 5}, id="too-long"),
    ],
)
def test_wrong_values_are_refused_and_shown_as_typed(kind, typed, spec):
    form = one(kind, f"x={typed}", **spec)
    assert form.errors["x"]
    assert f'value="{typed}"' in render_field(form["x"])


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)))
def test_every_jalali_date_in_persian_digits_comes_back_as_its_gregorian(day):
    year, month, number = jalali.to_jalali(day)
    typed = f"x_day={to_persian_digits(str(number))}&x_month={month}&x_year={year}"
    assert one("date", typed).answers() == {"x": day.isoformat()}


@pytest.mark.parametrize(
    ("typed", "target", "words"),
    [
        ("x_day=30&x_month=12&x_year=1404", "id_x_day", "30 Esfand 1404"),
        ("x_day=31&x_month=8&x_year=1404", "id_x_day", "Aban 1404 has 30 days"),
        ("x_day=&x_month=8&x_year=1404", "id_x_day", "day too"),
        ("x_day=1&x_month=&x_year=1404", "id_x_month", "month too"),
        ("x_day=1&x_month=8&x_year=04", "id_x_year", "four digits"),
        ("x_day=1&x_month=8&x_year=abc", "id_x_year", "abc"),
        ("x_day=&x_month=&x_year=", "id_x_day", "Fill in"),
    ],
)
def test_date_error_is_built_from_what_was_typed_and_leads_to_the_wrong_part(typed, target, words):
    (error,) = form_errors(one("date", typed, required=True))
    assert error.target == target
    assert words in error.message


def test_leap_day_that_exists_is_accepted():
    assert one("date", "x_day=30&x_month=12&x_year=1403").answers() == {"x": "2025-03-20"}


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        ("national_id", ids.make_national_id("123456789"), "1234567890"),
        ("company_id", ids.make_company_id("1400999907"), "14009999071"),
        ("postal_code", "۱۲۳۴۵-۶۷۸۹۰", "12345"),
        ("mobile", "۰۹۱۲ ۱۲۳ ۴۵۶۷", "0912"),
        ("iban", "IR82 0540 1026 8002 0817 9090 02", "IR00"),
        ("email", "a@example.ir", "a@b"),
    ],
)
def test_identifiers_are_checked_to_the_last_digit(form, right, wrong):
    assert one("text", f"x={right}", format=form).is_valid()
    (error,) = form_errors(one("text", f"x={wrong}", format=form))
    assert wrong in error.message


def test_unanswered_yes_or_no_stays_unknown():
    assert one("boolean", "").answers() == {}
    assert one("boolean", "x=no").answers() == {"x": False}


def test_several_choices_can_be_ticked_and_one_choice_is_a_radio():
    many = one("choices", "x=vital&x=other", codelist="tier")
    assert many.answers() == {"x": ["vital", "other"]}
    assert render_field(many["x"]).count('type="checkbox"') == 2
    assert render_field(one("choice", "", codelist="tier")["x"]).count('type="radio"') == 2


def upload(name, content):
    return MultiValueDict({"x": [SimpleUploadedFile(name, content)]})


@pytest.mark.parametrize(
    ("content", "fine"),
    [
        (b"%PDF-1.7 ...", True),
        (b"MZ\x90 program", False),
        (b"", False),
        (b"%PDF-" + b"0" * 2**20, False),
    ],
    ids=["pdf", "program-named-pdf", "empty", "too-large"],
)
def test_upload_is_judged_by_size_and_content_not_by_name(content, fine):
    form = one("file", "", files=upload("a.pdf", content), accept=["application/pdf"], max_mb=1)
    assert form.is_valid() is fine


def test_saved_file_need_not_be_sent_again():
    form = build_form(
        [{"id": "x", "type": "file", "title": T, "required": True}],
        lang="en", codelists={}, data=QueryDict(""), facts={"x": {"name": "a.pdf"}},
    )  # fmt: skip
    assert form.is_valid()
    assert "a.pdf" in render_field(form["x"])


CONDITIONAL = [
    {"id": "tier", "type": "choice", "codelist": "tier", "title": T},
    {"id": "why", "type": "text", "title": T,
     "show_when": {"fact": "tier", "op": "eq", "value": "vital"},
     "required_when": {"fact": "tier", "op": "eq", "value": "vital"}},
]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "valid", "shown", "answers"),
    [
        pytest.param("tier=vital", False, True, None, id="yes-requires"),
        pytest.param("tier=vital&why=x", True, True, {"tier": "vital", "why": "x"}, id="yes"),
        pytest.param("tier=other&why=x", True, False, {"tier": "other"}, id="no-drops"),
        pytest.param("why=", True, True, {}, id="unknown-shows-and-does-not-require"),
    ],
)
def test_rules_decide_what_is_asked(typed, valid, shown, answers):
    form = build_form(CONDITIONAL, lang="en", codelists=TIER, data=QueryDict(typed))
    assert form.is_valid() is valid
    assert ("why" in form.shown) is shown
    if answers is not None:
        assert form.answers() == answers


PARTS = [
    {"id": "t", "type": "table", "title": T, "min_rows": 1, "max_rows": 3, "columns": [
        {"id": "part", "type": "text", "title": T, "required": True},
        {"id": "n", "type": "integer", "title": T},
        {"id": "made", "type": "boolean", "title": T},
    ]},
]  # fmt: skip


def table(typed, facts=None):
    return build_form(PARTS, lang="en", codelists={}, data=QueryDict(typed), facts=facts)


def test_adding_a_row_keeps_what_was_typed_and_judges_nothing():
    form = table("t-rows=1&t-0-n=abc&add_row=t")
    assert form.is_row_action
    assert not form.is_valid()
    assert len(form.tables["t"].rows) == 2
    assert form.tables["t"].rows[0]["n"].value() == "abc"
    assert form_errors(form) == []


def test_removing_a_row_leaves_no_answer_of_it_behind():
    form = table("t-rows=2&t-0-part=A&t-0-made=yes&t-1-part=B&remove_row=t-0")
    (row,) = form.tables["t"].rows
    assert (row["part"].value(), row["made"].value()) == ("B", None)
    assert row.prefix == "t-0"


def test_rows_never_grow_beyond_their_limit():
    assert len(table("t-rows=3&add_row=t").tables["t"].rows) == 3
    assert len(table("t-rows=999999&t-0-part=A").tables["t"].rows) <= 200


def test_empty_rows_are_dropped_and_too_few_are_named():
    assert table("t-rows=2&t-0-part=A&t-1-part=").is_valid()
    empty = table("t-rows=1&t-0-part=")
    assert not empty.is_valid()
    assert form_errors(empty)[0].target == "id_t_add"


def test_saved_answers_are_shown_again():
    facts = {"t": [{"part": "A", "n": 3, "made": False}]}
    form = build_form(PARTS, lang="en", codelists={}, facts=facts)
    (row,) = form.tables["t"].rows
    with override("en"):
        assert (row["part"].value(), row["n"].value(), row["made"].value()) == ("A", 3, "no")
    with override("fa"):
        assert row["n"].value() == "۳"  # a stored number in the reader's digits


def test_enter_in_a_form_with_rows_does_not_press_remove():
    from django.template.loader import render_to_string

    shown = render_to_string("ui/form_fields.html", {"form": table("t-rows=1&t-0-part=A")})
    assert shown.index("<button") < shown.index("remove_row")
    assert "name=" not in shown[: shown.index("</button>")].split("<button")[1]


@pytest.mark.parametrize("language", ["fa", "en"])
def test_what_is_missing_is_named_in_the_summary_and_at_the_field(language):
    class Plain(forms.Form):
        source = forms.CharField(label="Source")
        place = forms.ChoiceField(label="Place", choices=[("", "-"), ("a", "A")])

    with override(language):
        form = Plain({})
        first, second = (error.message for error in form_errors(form))
        assert "Source" in first
        assert "Place" in second
        assert first != second
        assert first in render_field(form["source"])
