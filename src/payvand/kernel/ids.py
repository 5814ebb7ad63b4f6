"""Which identifier is this, and can it be right?

A passed check is never proof of a person: one random string in ten passes (source: the published
check-digit rules; the vectors are in the tests). All checks accept Persian digits and separators.
"""

from __future__ import annotations

import os
import re
import secrets
from datetime import datetime
from threading import Lock
from uuid import UUID

from payvand.kernel import clock
from payvand.kernel.text import fold_digits

_SEPARATORS = re.compile(r"[\s\u200b-\u200d\-–_.]+")

# A totally anti-symmetric quasigroup of order ten (H. M. Damm, 2004): it finds every wrong digit
# and every swap of neighbours, which no check of the ISO 7064 family with a digit does.
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip

_last_uuid: tuple[int, int] = (0, 0)
_uuid_lock = Lock()


def uuid7(at: datetime | None = None) -> UUID:
    """Return a time-ordered UUID (RFC 9562, version 7) for `at`, or for now.

    Within one process ids of one instant keep the order of their making.
    """
    global _last_uuid  # noqa: PLW0603 - the order holds for the whole process
    moment = clock.now() if at is None else at
    millis, rest = divmod(_micros(moment), 1000)
    stamp = millis << 12 | rest * 4096 // 1000
    with _uuid_lock:
        last_stamp, last_tail = _last_uuid
        fresh = int.from_bytes(os.urandom(8), "big")
        # The first tail of an instant leaves the top bit free, so that counting on cannot overflow.
        tail = last_tail + 1 + (fresh >> 32) if stamp == last_stamp else fresh >> 3
        _last_uuid = (stamp, tail)
    value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | tail
    return UUID(int=value)


def tracking_code() -> str:
    """Return twelve random digits, the last one a check digit; never a leading zero."""
    body = str(secrets.randbelow(9 * 10**10) + 10**10)
    return body + _damm(body)


def check_tracking(code: str) -> bool:
    """Tell whether a tracking code was typed right: any one wrong digit or swap is found."""
    digits = _digits(code)
    return bool(re.fullmatch(r"[1-9][0-9]{11}", digits)) and _damm(digits) == "0"


def group_code(code: str) -> str:
    """Return the digits in groups of four, easy to read out.

    >>> group_code("123456789012")
    '1234 5678 9012'
    """
    digits = _digits(code)
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))


def is_national_id(text: str) -> bool:
    """Tell whether this can be the national id of a person (ten digits, mod 11).

    >>> is_national_id("۰۰۱۲۳۴۵۰۴۰"), is_national_id("1111111111")
    (True, False)
    """
    digits = _digits(text)
    if not re.fullmatch(r"[0-9]{10}", digits) or len(set(digits)) == 1:
        return False
    return _person_check(digits[:9]) == digits[9]


def make_national_id(nine_digits: str) -> str:
    """Return a synthetic national id from its first nine digits, for samples and tests."""
    body = _digits(nine_digits)
    if not re.fullmatch(r"[0-9]{9}", body):
        raise ValueError("nine digits are needed")
    return body + _person_check(body)


def is_company_id(text: str) -> bool:
    """Tell whether this can be the national id of a legal entity (eleven digits, mod 11).

    >>> is_company_id("14009999070"), is_company_id("10000000010")
    (True, False)
    """
    digits = _digits(text)
    if not re.fullmatch(r"[0-9]{11}", digits) or len(set(digits)) == 1:
        return False
    return digits[3:9] != "000000" and _company_check(digits[:10]) == digits[10]


def make_company_id(ten_digits: str) -> str:
    """Return a synthetic id of a legal entity from its first ten digits, for samples and tests."""
    body = _digits(ten_digits)
    if not re.fullmatch(r"[0-9]{10}", body):
        raise ValueError("ten digits are needed")
    return body + _company_check(body)


def is_iban(text: str) -> bool:
    """Tell whether this can be an Iranian bank account number (IR and 24 digits, mod 97).

    >>> is_iban("IR82 0540 1026 8002 0817 9090 02")
    True
    """
    value = _digits(text).upper()
    if not re.fullmatch(r"IR[0-9]{24}", value):
        return False
    # I and R stand for 18 and 27; the four leading characters move to the end.
    return int(value[4:] + "1827" + value[2:4]) % 97 == 1


def is_postal_code(text: str) -> bool:
    """Tell whether this has the form of a postal code: ten digits; only the Post knows the rest."""
    return bool(re.fullmatch(r"[0-9]{10}", _digits(text)))


def is_mobile(text: str) -> bool:
    """Tell whether this has the form of an Iranian mobile number."""
    return normalise_mobile(text) != ""


def normalise_mobile(text: str) -> str:
    """Return the number as +989…, or an empty string when it is no mobile number.

    >>> normalise_mobile("۰۹۱۲ ۱۲۳ ۴۵۶۷"), normalise_mobile("0098 912 123 4567")
    ('+989121234567', '+989121234567')
    """
    found = re.fullmatch(r"(?:\+98|0098|98|0)?(9[0-9]{9})", _digits(text))
    return f"+98{found.group(1)}" if found else ""


def _digits(text: str) -> str:
    return _SEPARATORS.sub("", fold_digits(text))


def _micros(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond


def _damm(digits: str) -> str:
    row = 0
    for digit in digits:
        row = int(_DAMM[row][int(digit)])
    return str(row)


def _person_check(nine: str) -> str:
    rest = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True))
    rest %= 11
    return str(rest if rest < 2 else 11 - rest)


def _company_check(ten: str) -> str:
    offset = int(ten[9]) + 2
    weights = (29, 27, 23, 19, 17) * 2
    rest = sum((int(digit) + offset) * weight for digit, weight in zip(ten, weights, strict=True))
    return str(rest % 11 % 10)
