"""How is Persian and Latin text folded, compared, sorted and counted?

`clean` gives what is stored and shown; `tokens` and `compact_key` give what is searched; `sort_key`
gives what is ordered, alike on every database; digits are folded on input and set on output.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

_PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩"
_ZWNJ = "\u200c"
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
_EMBEDDINGS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_BIDI_MARKS = _EMBEDDINGS + "\u200e\u200f\u061c"
_MINUS = "\u2212"

_TO_ASCII = {
    ord(digit): str(value)
    for digits in (_PERSIAN_DIGITS, _ARABIC_DIGITS)
    for value, digit in enumerate(digits)
}
_FOLD_DIGITS = _TO_ASCII | dict.fromkeys(map(ord, _BIDI_MARKS + "\ufeff"))
_TO_PERSIAN = {ord(str(value)): digit for value, digit in enumerate(_PERSIAN_DIGITS)} | {
    ord(digit): _PERSIAN_DIGITS[value] for value, digit in enumerate(_ARABIC_DIGITS)
}
_NUMBER_MARKS = {ord("٫"): ".", ord("٬"): None, ord("−"): "-"}

_LETTERS = {ord("ي"): "ی", ord("ى"): "ی", ord("ك"): "ک"}
_CONTROLS = (*range(9), 11, 12, *range(14, 32), 127)  # all but tab and line end
_CLEAN = (
    _LETTERS
    | dict.fromkeys(_CONTROLS)
    | dict.fromkeys(map(ord, _EMBEDDINGS + "\u200b\u2060\ufeff\u0640"))
    | dict.fromkeys(map(ord, "\u00a0\u202f\u2007\u2009\t"), " ")
)
_SEARCH = (
    _LETTERS
    | _TO_ASCII
    | {ord(letter): "ا" for letter in "آأإٱ"}
    | {ord("ؤ"): "و", ord("ئ"): "ی", ord("ة"): "ه", ord("ۀ"): "ه", ord(_ZWNJ): " "}
    | dict.fromkeys(map(ord, _BIDI_MARKS + "\u200b\u200d\u2060\ufeff\u0640"))
)
_SORT = _SEARCH | {ord("آ"): "آ", ord(_ZWNJ): None}

_ALPHABET = "ءآابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
# Two characters each, ASCII digits and small letters only: any collation orders them alike.
# Separator, then digits, then Persian, then Latin.
_WEIGHTS = (
    {" ": "00"}
    | {digit: "1" + digit for digit in "0123456789"}
    | {letter: "2" + _BASE36[place] for place, letter in enumerate(_ALPHABET)}
    | {letter: "3" + letter for letter in "abcdefghijklmnopqrstuvwxyz"}
)

_PRESENTATION_FORMS = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")
_NOT_A_WORD = re.compile(r"[\W_]+")

_MONTHS = {
    "fa": [
        "فروردین",
        "اردیبهشت",
        "خرداد",
        "تیر",
        "مرداد",
        "شهریور",
        "مهر",
        "آبان",
        "آذر",
        "دی",
        "بهمن",
        "اسفند",
    ],
    "en": [
        "Farvardin",
        "Ordibehesht",
        "Khordad",
        "Tir",
        "Mordad",
        "Shahrivar",
        "Mehr",
        "Aban",
        "Azar",
        "Dey",
        "Bahman",
        "Esfand",
    ],
}
_WEEKDAYS = {
    "fa": ["شنبه", "یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه"],
    "en": ["Saturday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
}


def fold_digits(text: str) -> str:
    r"""Return the text with ASCII digits, without direction marks and outer invisible characters.

    >>> fold_digits("\u200e ۱۴۰۴٣ ")
    '14043'
    """
    return text.translate(_FOLD_DIGITS).strip(_ZERO_WIDTH + " \t\r\n\u00a0\u202f")


def fold_number(text: str) -> str:
    """Return a typed number with ASCII digits, a point for the decimals and no thousands marks.

    >>> fold_number("۱٬۲۳۴٫۵")
    '1234.5'
    """
    return fold_digits(text).translate(_NUMBER_MARKS)


def clean(text: str) -> str:
    r"""Return the form that is stored and shown: Persian ye and kaf, single spaces, no spoofing.

    Control characters go: PostgreSQL keeps no NUL.

    >>> clean("  كيان \u202eدانش\u200c\u200cبنیان ")
    'کیان دانش\u200cبنیان'
    """
    text = unicodedata.normalize("NFC", text)
    text = _PRESENTATION_FORMS.sub(lambda m: unicodedata.normalize("NFKC", m.group()), text)
    text = text.translate(_CLEAN).replace("\r\n", "\n")
    text = re.sub(f"{_ZWNJ}+", _ZWNJ, text)
    text = re.sub(f"{_ZWNJ}?([ \n]){_ZWNJ}?", r"\1", text)
    text = re.sub(" *\n *", "\n", re.sub(" +", " ", text))
    return text.strip(_ZERO_WIDTH + " \n")


def tokens(text: str) -> list[str]:
    r"""Return the folded words for ranking; a ZWNJ parts words.

    >>> tokens("دانش\u200cبنيان، ۱۴۰۴ Co.")
    ['دانش', 'بنیان', '1404', 'co']
    """
    return _NOT_A_WORD.sub(" ", _folded(text, _SEARCH)).split()


def compact_key(text: str) -> str:
    r"""Return the key for look-up: spaces and ZWNJ do not count.

    >>> compact_key("دانش\u200cبنیان") == compact_key("دانش بنيان") == compact_key("دانشبنیان")
    True
    """
    return "".join(tokens(text))


def sort_key(text: str) -> str:
    """Return an ASCII key whose plain order is the order of the Persian alphabet of 34 letters.

    >>> sorted(["یزد", "پارس", "آمل", "ابهر", "گیلان", "کرج"], key=sort_key)
    ['آمل', 'ابهر', 'پارس', 'کرج', 'گیلان', 'یزد']
    """
    words = _NOT_A_WORD.sub(" ", _folded(text, _SORT)).strip()
    return "".join(_WEIGHTS.get(letter, "3z" + letter) for letter in words)


def to_persian_digits(text: str) -> str:
    """Return the text with Persian digits.

    >>> to_persian_digits("24٣")
    '۲۴۳'
    """
    return text.translate(_TO_PERSIAN)


def format_number(value: float | Decimal, lang: str, decimals: int | None = None) -> str:
    """Return the number as people write it, grouped by thousands; halves round away from zero.

    >>> format_number(1234567, "fa"), format_number(0.125, "en", 2)
    ('۱٬۲۳۴٬۵۶۷', '0.13')
    """
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if decimals is not None:
        number = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    elif number == number.to_integral_value():
        number = number.to_integral_value()
    shown = f"{abs(number):,f}"
    if lang == "fa":
        shown = to_persian_digits(shown).replace(",", "٬").replace(".", "٫")
    if number < 0:
        # The mark keeps the sign at the left of the digits in right-to-left text.
        return ("\u200e" + _MINUS if lang == "fa" else "-") + shown
    return shown


def months(lang: str) -> list[str]:
    """Return the twelve Jalali months, Farvardin first."""
    return list(_MONTHS["fa" if lang == "fa" else "en"])


def weekdays(lang: str) -> list[str]:
    """Return the seven days of the week, Saturday first."""
    return list(_WEEKDAYS["fa" if lang == "fa" else "en"])


def _folded(text: str, table: dict[int, str] | dict[int, str | None]) -> str:
    # Compose before mapping, so that alef + madda typed as two characters is one letter;
    # decompose after it, so that vowel signs and Latin accents fall away.
    text = unicodedata.normalize("NFKC", text).translate(table)
    keep_madda = text.replace("آ", "\ue000")
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFD", keep_madda)
        if not unicodedata.combining(letter)
    )
    return bare.replace("\ue000", "آ").casefold()
