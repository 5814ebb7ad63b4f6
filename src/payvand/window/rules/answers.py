"""Do these answers fit the form of the service, whichever door they came through?

The pages check the same by their form and speak field by field; this is what an application must
pass in any case, so that a program cannot file what a person could not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from payvand.kernel import ids, money, rules
from payvand.kernel.errors import gettext_noop
from payvand.window.rules.pack_model import CompiledService, Field, Step

MISSING = gettext_noop("This field is needed.")
UNKNOWN = gettext_noop("The service does not ask for this field.")
WRONG_KIND = gettext_noop("The value does not fit the field.")
NOT_LISTED = gettext_noop("Choose one of the values that the service lists.")
OUT_OF_RANGE = gettext_noop("The number is outside the range of the field.")
BAD_FORMAT = gettext_noop("The value is not written as this field needs it.")

FORMATS: Mapping[str, Callable[[str], bool]] = {
    "national_id": ids.is_national_id,
    "company_id": ids.is_company_id,
    "postal_code": ids.is_postal_code,
    "mobile": ids.is_mobile,
    "iban": ids.is_iban,
    "email": lambda text: re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text) is not None,
}
TEXTS = ("text", "longtext", "place", "site", "person", "organisation", "product")
NUMBERS = ("integer", "decimal", "percent", "money")


def problems(service: CompiledService, data: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong, by field; rows of tables as `table[2].column`. Empty when all fits."""
    known = {field.id for field in service.fields()}
    wrong = {key: UNKNOWN for key in data if key not in known}
    for step in service.steps:
        if _is_hidden(step, data):
            continue
        for field in step.fields:
            wrong |= _field(service, field, data, field.id)
    return wrong


def problems_of(
    service: CompiledService, fields: Iterable[Field], data: Mapping[str, Any]
) -> dict[str, str]:
    """Return what is wrong with the fields that are given, and which of them nobody asked for."""
    asked = {field.id: field for field in fields}
    wrong = {key: UNKNOWN for key in data if key not in asked}
    for key in data.keys() & asked.keys():
        if data[key] not in (None, "", [], {}):
            wrong |= _field(service, asked[key], data, key)
    return wrong


def _is_hidden(part: Step | Field, facts: Mapping[str, Any]) -> bool:
    """Only a clear no hides; unknown shows."""
    return part.show_when is not None and rules.evaluate(part.show_when, facts).value is False


def _must(field: Field, facts: Mapping[str, Any]) -> bool:
    if field.show_when is not None and rules.evaluate(field.show_when, facts).value is not True:
        return False
    if field.required:
        return True
    when = field.required_when
    return when is not None and rules.evaluate(when, facts).value is True


def _field(
    service: CompiledService, field: Field, facts: Mapping[str, Any], path: str
) -> dict[str, str]:
    value = facts.get(field.id)
    if _is_hidden(field, facts):
        return {}
    if value in (None, "", [], {}):
        return {path: MISSING} if _must(field, facts) else {}
    if field.columns:
        return _rows(service, field, value, path)
    told = _value(service, field, value)
    return {path: told} if told else {}


def _rows(service: CompiledService, field: Field, rows: Any, path: str) -> dict[str, str]:
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        return {path: WRONG_KIND}
    wrong: dict[str, str] = {}
    for number, row in enumerate(rows, start=1):
        for column in field.columns:
            wrong |= _field(service, column, row, f"{path}[{number}].{column.id}")
    return wrong


def _value(service: CompiledService, field: Field, value: Any) -> str:
    """Return what is wrong with one value that is there; empty when it fits."""
    if field.type in NUMBERS:
        return _number(field, value)
    if field.type in ("boolean", "declaration"):
        fits = isinstance(value, bool) and (value or field.type == "boolean")
        return "" if fits else WRONG_KIND
    if field.type == "date":
        return "" if _is_date(value) else WRONG_KIND
    if field.type in ("file", "bom"):
        return "" if isinstance(value, Mapping) and value.get("file") else WRONG_KIND
    listed = {code.code for code in service.codelists.get(field.codelist, ())}
    if field.type == "choices":
        fits = isinstance(value, list) and set(map(str, value)) <= listed
        return "" if fits else NOT_LISTED
    if field.type == "choice":
        return "" if isinstance(value, str) and value in listed else NOT_LISTED
    return _text(field, value)


def _text(field: Field, value: Any) -> str:
    if field.type in TEXTS and not isinstance(value, str):
        return WRONG_KIND
    check = FORMATS.get(field.format)
    if check is not None and not check(value):
        return BAD_FORMAT
    longest = field.options.get("max_length")
    return OUT_OF_RANGE if longest and len(value) > int(longest) else ""


def _number(field: Field, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str | float):
        return WRONG_KIND
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return WRONG_KIND
    whole = field.type in ("integer", "money")
    if not number.is_finite() or (whole and number != number.to_integral_value()):
        return WRONG_KIND
    if field.type == "money" and abs(number) > money.LARGEST:
        return OUT_OF_RANGE
    least, most = field.options.get("min"), field.options.get("max")
    low = least is not None and number < Decimal(str(least))
    high = most is not None and number > Decimal(str(most))
    return OUT_OF_RANGE if low or high else ""


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False
