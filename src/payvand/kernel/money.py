"""How much money is it, exactly?

Whole rials in 64 bits; no fractions, no floats, no other unit. In JSON a sum is a string.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from payvand.kernel.errors import Invalid, gettext_noop
from payvand.kernel.text import fold_digits, format_number

Rial = int

LARGEST: Rial = 2**63 - 1

_UNIT = re.compile(r"\s*(?:ریال|﷼|rials?|irr)\s*$", re.IGNORECASE)
_GROUPING = re.compile(r"(?<=[0-9])[٬,،_\s\u200c](?=[0-9])")


class BadAmount(Invalid):
    """The text is not a whole number of rials."""

    code = "money.bad_amount"
    what = gettext_noop("“{text}” is not an amount in rials.")
    why = gettext_noop("Amounts are whole rials, written with digits.")
    now = gettext_noop("Write it like 1,250,000.")


class AmountTooLarge(Invalid):
    """The sum does not fit 64 bits."""

    code = "money.too_large"
    what = gettext_noop("The amount {amount} is too large.")
    why = gettext_noop("The largest amount that can be kept is {largest} rials.")
    now = gettext_noop("Check the number of zeros.")


def checked(amount: Rial) -> Rial:
    """Return the amount unchanged; raises AmountTooLarge beyond 64 bits."""
    if not -LARGEST - 1 <= amount <= LARGEST:
        raise AmountTooLarge(amount=str(amount), largest=str(LARGEST))
    return amount


def format_rial(amount: Rial, lang: str) -> str:
    """Return the amount with its unit.

    >>> format_rial(1250000, "fa"), format_rial(1250000, "en")
    ('۱٬۲۵۰٬۰۰۰ ریال', '1,250,000 rials')
    """
    unit = "ریال" if lang == "fa" else "rial" if abs(amount) == 1 else "rials"
    return f"{format_number(checked(amount), lang)} {unit}"


def parse_rial(text: str) -> Rial:
    """Return the whole rials that somebody typed, with or without marks and unit.

    Raises BadAmount for anything else, tomans and fractions included, and AmountTooLarge.

    >>> parse_rial("۱٬۲۵۰٬۰۰۰ ریال")
    1250000
    """
    bare = _GROUPING.sub("", _UNIT.sub("", fold_digits(text)).replace("\u2212", "-"))
    if not re.fullmatch(r"-?[0-9]{1,30}", bare):
        raise BadAmount(text=text)
    return checked(int(bare))


def split_largest_remainder(total: int, weights: Sequence[int | Fraction]) -> list[int]:
    """Return whole parts in proportion to the weights that sum exactly to the total.

    What is left over goes to the largest remainders, earlier ones first.

    >>> split_largest_remainder(100, [1, 1, 1])
    [34, 33, 33]
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("weights cannot be negative")
    whole = sum(map(Fraction, weights), Fraction(0))
    if whole == 0:
        raise ValueError("at least one weight must be positive")
    exact = [total * Fraction(weight) / whole for weight in weights]
    parts = [share.numerator // share.denominator for share in exact]
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts
