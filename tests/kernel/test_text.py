"""Is Persian text folded, found, sorted and counted as readers expect?"""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payvand.kernel import text

ZWNJ = "\u200c"


def test_digits_of_all_kinds_become_ascii() -> None:
    assert text.fold_digits("\u200f۰۱۲۳۴۵۶۷۸۹\u200e٠١٢٣٤٥٦٧٨٩\u202c\u200c ") == "0123456789" * 2
    assert text.fold_number("−۱٬۲۳۴٫۵") == "-1234.5"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("كيان", "کیان"),
        ("على", "علی"),
        (f"دانش{ZWNJ}{ZWNJ}بنیان", f"دانش{ZWNJ}بنیان"),
        (f"دانش {ZWNJ}بنیان", "دانش بنیان"),
        ("\u202eabc\u2066", "abc"),
        ("  a \u00a0 b\t c ", "a b c"),
        ("خط یک  \r\n خط دو", "خط یک\nخط دو"),
        ("سـلام", "سلام"),
        ("\ufee1\ufee2", "مم"),
        ("²", "²"),
    ],
)
def test_stored_text_is_clean(typed: str, kept: str) -> None:
    assert text.clean(typed) == kept


@given(st.text())
def test_cleaning_twice_is_cleaning_once(typed: str) -> None:
    assert text.clean(text.clean(typed)) == text.clean(typed)


def test_every_way_to_type_a_word_finds_it() -> None:
    ways = [f"دانش{ZWNJ}بنیان", "دانش بنيان", "دانشبنیان", "دَانش بُنیان", " دانـش-بنیان"]
    assert {text.compact_key(way) for way in ways} == {"دانشبنیان"}
    assert text.tokens(f"دانش{ZWNJ}بنیان") == ["دانش", "بنیان"]
    assert text.tokens("آب، أب ؤ ئ ة ۀ ۱۲٣") == ["اب", "اب", "و", "ی", "ه", "ه", "123"]
    assert text.tokens("Café CO_2") == ["cafe", "co", "2"]
    assert text.compact_key("ا\u0653ب") == text.compact_key("آب")


@given(st.text())
def test_search_keys_are_the_same_for_stored_and_typed_text(typed: str) -> None:
    assert text.compact_key(text.clean(typed)) == text.compact_key(typed)


def test_names_are_sorted_by_the_persian_alphabet() -> None:
    letters = "آ ا ب پ ت ث ج چ ح خ د ذ ر ز ژ س ش ص ض ط ظ ع غ ف ق ک گ ل م ن و ه ی".split()
    assert sorted(set(letters), key=text.sort_key) == letters
    names = [
        "۲ آذر",
        "۱۰ مهر",
        "آمل",
        "ابهر",
        "پارس",
        "پارس آباد",
        "پارسا",
        "گیلان",
        "یزد",
        "Zagros",
    ]
    assert sorted(names, key=text.sort_key) == ["۱۰ مهر", "۲ آذر", *names[2:]]
    assert text.sort_key("كيان") == text.sort_key("کیان")
    assert text.sort_key(f"می{ZWNJ}رود") == text.sort_key("میرود")


@given(st.text())
def test_sort_keys_are_plain_ascii_so_that_every_database_orders_alike(typed: str) -> None:
    key = text.sort_key(typed)
    assert all(letter in "0123456789abcdefghijklmnopqrstuvwxyz" for letter in key) or any(
        letter.isalnum() and not letter.isascii() for letter in typed
    )


@pytest.mark.parametrize(
    ("value", "lang", "decimals", "shown"),
    [
        (0, "fa", None, "۰"),
        (1234567, "fa", None, "۱٬۲۳۴٬۵۶۷"),
        (1234.5, "fa", None, "۱٬۲۳۴٫۵"),
        (1234.0, "en", None, "1,234"),
        (2.5, "en", 0, "3"),
        (Decimal("0.005"), "en", 2, "0.01"),
        (-3, "fa", None, "\u200e\u2212۳"),
        (-3, "en", 1, "-3.0"),
        (10**20, "en", None, "100,000,000,000,000,000,000"),
    ],
)
def test_numbers_are_written_as_people_write_them(value, lang, decimals, shown) -> None:
    assert text.format_number(value, lang, decimals) == shown


def test_months_and_weekdays_come_in_the_order_of_the_country() -> None:
    assert [len(text.months(lang)) for lang in ("fa", "en")] == [12, 12]
    assert (text.months("fa")[0], text.months("en")[11]) == ("فروردین", "Esfand")
    assert (text.weekdays("fa")[0], text.weekdays("en")[6]) == ("شنبه", "Friday")
    assert text.to_persian_digits("1404٣") == "۱۴۰۴۳"
