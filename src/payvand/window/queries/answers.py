"""How is what somebody answered in a form shown again, field by field?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from payvand.kernel import rules
from payvand.registry import public as registry
from payvand.ui.language import pick
from payvand.ui.templatetags import ui
from payvand.window.rules.pack_model import CompiledService, Field, Step

Shown = str | SafeString | None

NUMBERED = re.compile(r"[0-9][0-9/-]*")


@dataclass(frozen=True, slots=True)
class Line:
    """One question and its answer; `href` leads to where it can be changed."""

    key: str
    value: Shown
    href: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """The answers of one step."""

    title: str
    rows: tuple[Line, ...]
    href: str = ""


def is_shown(part: Field | Step, data: Mapping[str, Any]) -> bool:
    """Is this step or field asked, after what was answered? Only a clear “no” hides it."""
    return part.show_when is None or rules.evaluate(part.show_when, data).value is not False


def missing(step: Step, data: Mapping[str, Any]) -> tuple[Field, ...]:
    """Return the fields of a step that must be answered and are not."""
    return tuple(
        f for f in step.fields if is_shown(f, data) and _must(f, data) and not _has(f, data)
    )


def _must(field: Field, data: Mapping[str, Any]) -> bool:
    if field.required or field.options.get("min_rows"):
        return True
    rule = field.required_when
    return rule is not None and rules.evaluate(rule, data).value is True


def _has(field: Field, data: Mapping[str, Any]) -> bool:
    value = data.get(field.id)
    if field.type == "declaration":
        return value is True
    return value not in (None, "", [], {})


def blocks(
    service: CompiledService, data: Mapping[str, Any], *, change: str = ""
) -> tuple[Block, ...]:
    """Return all answers by step; `change` is the address of a step with `STEP` for its id."""
    found = []
    for step in service.steps:
        if not is_shown(step, data):
            continue
        href = change.replace("STEP", step.id) if change else ""
        rows = tuple(
            Line(
                pick(f.title), show(service, f, data.get(f.id)), f"{href}#id_{f.id}" if href else ""
            )
            for f in step.fields
            if is_shown(f, data)
        )
        found.append(Block(pick(step.title), rows, href))
    return tuple(found)


def field_title(service: CompiledService, key: str) -> str:
    """Return the title of a form field, or of an answer's field with the inquiry it came from."""
    field = service.find_field(key)
    if field is None:
        return key.replace("_", " ")
    base, _dot, inner = key.partition(".")
    if inner and base in service.by_key:
        inquiry = pick(service.by_key[base].title)
        return _("%(field)s (from %(inquiry)s)") % {"field": pick(field.title), "inquiry": inquiry}
    return pick(field.title)


def show(service: CompiledService, field: Field, value: Any) -> Shown:
    """Return an answer as people read it, in the reader's language."""
    if value is None or value == "" or value == []:
        return None
    if field.type == "table" or (field.type == "bom" and field.columns):
        return _table(service, field, value)
    if field.type == "file" and isinstance(value, Mapping):
        return _file(value)
    if field.type in ("boolean", "declaration"):
        said = pgettext("declaration", "Confirmed") if field.type == "declaration" else _("Yes")
        return said if value is True else _("No")
    if field.type in ("choice", "choices"):
        return _codes(service, field, value)
    return _plain(field, value)


def _plain(field: Field, value: Any) -> Shown:
    if field.type == "date":
        return ui.jdate(date.fromisoformat(str(value)))
    if field.type == "money":
        return ui.rial(value)
    if field.type in ("integer", "decimal", "percent"):
        return _number(field, value)
    if field.type == "place":
        place = registry.all_places().get(str(value))
        return pick(place.name) if place else str(value)
    is_number = bool(NUMBERED.fullmatch(str(value)))  # shown in the reader's digits, like codes
    return ui.code(value) if field.format or is_number else str(value)


def _number(field: Field, value: Any) -> str:
    try:
        shown = ui.num(Decimal(str(value)))
    except InvalidOperation:
        return str(value)
    unit = _("percent") if field.type == "percent" else pick(field.options.get("unit"))
    return f"{shown} {unit}".strip()


def _codes(service: CompiledService, field: Field, value: Any) -> str:
    codes = value if isinstance(value, list) else [value]
    titles = {c.code: pick(c.title) for c in service.codelists.get(field.codelist, ())}
    return _(", ").join(titles.get(str(code), str(code)) for code in codes)


def _file(value: Mapping[str, Any]) -> Shown:
    name = str(value.get("name", ""))
    if value.get("answer_file"):  # an office has answered with it
        href = reverse("ledger:answer_file", args=[value["answer_file"]])
        return format_html('<a href="{}"><bdi>{}</bdi></a>', href, name)
    key = value.get("file")
    if not key:
        return name
    return format_html('<a href="{}"><bdi>{}</bdi></a>', reverse("window:file", args=[key]), name)


def _table(service: CompiledService, field: Field, value: Any) -> Shown:
    rows = [row for row in value if isinstance(row, Mapping)]
    lines = (
        (
            format_html_join(
                _("; "),
                "{}: {}",
                ((pick(c.title), show(service, c, row.get(c.id)) or "—") for c in field.columns),
            ),
        )
        for row in rows
    )
    return format_html('<ol class="prose">{}</ol>', format_html_join("", "<li>{}</li>", lines))
