"""Which term does somebody mean who writes it in words?"""

from __future__ import annotations

import re

from payvand.kernel.text import compact_key, fold_digits

_WORDS = {
    "wd": ("wd", "روز کاری", "روزکاری", "working day", "working days"),
    "d": ("d", "روز", "روز تقویمی", "day", "days", "calendar days"),
    "wh": ("wh", "ساعت کاری", "ساعت", "working hour", "working hours", "hours"),
}
UNITS = {compact_key(word): unit for unit, words in _WORDS.items() for word in words}
_SHAPE = re.compile(r"\s*([0-9]+)\s*(\D+?)\s*")


def term_in_words(text: str) -> str:
    """Return a term as packs write it, from digits of any script and words of both languages.

    >>> term_in_words("۱۰ روز کاری"), term_in_words("8 working hours"), term_in_words("30d")
    ('10wd', '8wh', '30d')
    >>> term_in_words("soon")
    'soon'
    """
    found = _SHAPE.fullmatch(fold_digits(text))
    unit = UNITS.get(compact_key(found[2])) if found else None
    return f"{found[1]}{unit}" if found and unit else text
