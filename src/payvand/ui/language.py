"""Which language is this page in, and which way does it run?"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

FA, EN = "fa", "en"


def lang() -> str:
    """Return the active interface language: `fa` or `en`."""
    return EN if (get_language() or FA).startswith(EN) else FA


def direction(language: str) -> str:
    """Return `rtl` for Persian and `ltr` for English."""
    return "rtl" if language == FA else "ltr"


def other(language: str) -> str:
    """Return the other interface language."""
    return EN if language == FA else FA


def pick(text: Any, language: str | None = None) -> str:
    """Return the side of a `{fa, en}` text in the language, else the side that exists.

    >>> pick({"fa": "زمین", "en": "Land"}, "en")
    'Land'
    """
    language = language or lang()
    if text is None:
        return ""
    if isinstance(text, Mapping):
        return str(text.get(language) or text.get(other(language)) or "")
    side = getattr(text, language, None)
    return str(side) if side and not isinstance(text, str) else str(text)
