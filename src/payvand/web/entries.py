"""Which entry of a program is wrong, and how, in the reader's language and by its own name?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from payvand.kernel.errors import gettext_noop

MISSING = gettext_noop("This field is needed.")
OTHER = gettext_noop("The value does not fit the field.")
# The beginning of the kind of fault, as pydantic names it, and how it is told; longest first.
TOLD = {
    "missing": MISSING,
    "uuid": gettext_noop("Write an identifier (UUID)."),
    "datetime": gettext_noop("Write date and time as ISO 8601, such as 2025-11-10T06:30:00Z."),
    "date": gettext_noop("Write a date as ISO 8601, such as 2025-11-10."),
    "timezone": gettext_noop("Write date and time as ISO 8601, such as 2025-11-10T06:30:00Z."),
    "int": gettext_noop("Write a whole number."),
    "decimal": gettext_noop("Write a decimal number."),
    "float": gettext_noop("Write a decimal number."),
    "finite": gettext_noop("Write a decimal number."),
    "bool": gettext_noop("Write true or false."),
    "string_type": gettext_noop("Write a text."),
    "string_too_long": gettext_noop("Write {max_length} characters at most."),
    "string_too_short": gettext_noop("Write {min_length} characters at least."),
    "list": gettext_noop("Write a list."),
    "too_long": gettext_noop("Write {max_length} entries at most."),
    "too_short": gettext_noop("Write {min_length} entries at least."),
    "dict": gettext_noop("Write an object with named fields."),
    "model": gettext_noop("Write an object with named fields."),
    "mapping": gettext_noop("Write an object with named fields."),
    "literal": gettext_noop("Choose one of: {expected}."),
    "enum": gettext_noop("Choose one of: {expected}."),
    "greater_than_equal": gettext_noop("Write {ge} or more."),
    "less_than_equal": gettext_noop("Write {le} or less."),
    "greater_than": gettext_noop("Write more than {gt}."),
    "less_than": gettext_noop("Write less than {lt}."),
    "extra": gettext_noop("There is no such field."),
}
KINDS = sorted(TOLD, key=len, reverse=True)


def told(errors: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the faults by field, such as {"conditions.0": "Write a text."}."""
    return {_field(error["loc"]): _sentence(error) for error in errors}


def _field(place: Iterable[Any]) -> str:
    """Return the name that the caller wrote; where it was sent, and under which name of ours, go.

    >>> _field(("body", "body", "service")), _field(("query", "org")), _field(("body", "body"))
    ('service', 'org', 'body')
    """
    source, *rest = [str(part) for part in place]
    if source == "body" and len(rest) > 1:
        rest = rest[1:]
    return ".".join(rest) or source


def _sentence(error: Mapping[str, Any]) -> str:
    kind = next((name for name in KINDS if str(error["type"]).startswith(name)), "")
    try:
        return _(TOLD.get(kind, OTHER)).format_map(error.get("ctx") or {})
    except (KeyError, IndexError, ValueError):
        return _(OTHER)
