"""How does a value become a cell that no spreadsheet takes for a formula?"""

from __future__ import annotations

from typing import Any

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe(value: Any) -> Any:
    """Return a cell; a text that begins like a formula gets an apostrophe before it.

    >>> safe("=HYPERLINK(1)"), safe(-3), safe("پیوند"), safe(None)
    ("'=HYPERLINK(1)", -3, 'پیوند', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(RISKY) else text
