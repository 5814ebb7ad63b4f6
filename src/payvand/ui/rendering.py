"""What must the page say about one form field, so that everybody can fill it in?

Every wrong input gets aria-invalid, every hint and error is tied to its input by id, and the
summary links to the first wrong part. Works for packs' forms and plain Django forms alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from payvand.ui.widgets import JalaliDateWidget


@dataclass(frozen=True, slots=True)
class FormError:
    """One line of the error summary: what to mend and the id of the input to go to."""

    target: str
    message: str


def kind(bound: BoundField) -> str:
    """Return how the field is laid out: input, area, select, date, options, tick, file, hidden."""
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    order: list[tuple[type[forms.Widget], str]] = [
        (JalaliDateWidget, "date"),
        (forms.RadioSelect, "options"),
        (forms.CheckboxSelectMultiple, "options"),
        (forms.CheckboxInput, "tick"),
        (forms.Select, "select"),
        (forms.Textarea, "area"),
        (forms.FileInput, "file"),
    ]
    return next((name for cls, name in order if isinstance(widget, cls)), "input")


def _ids(bound: BoundField) -> tuple[str, str, str]:
    base = bound.auto_id or f"id_{bound.html_name}"
    return base, f"{base}_hint", f"{base}_error"


def _aria(bound: BoundField) -> dict[str, str]:
    _base, hint, error = _ids(bound)
    described = [hint] if bound.help_text else []
    if bound.errors:
        described.append(error)
    attrs = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if bound.field.required:
        attrs["aria-required"] = "true"
    return attrs


def wrong_part(bound: BoundField) -> str:
    """Return which part of a date is wrong: day, month, year; empty when it is the whole."""
    for error in bound.form.errors.as_data().get(bound.name, []):
        part = (error.params or {}).get("part", "") if isinstance(error.params, dict) else ""
        if part in ("day", "month", "year"):
            return str(part)
    return ""


def target(bound: BoundField) -> str:
    """Return the id of the input that an error line should lead to."""
    base = _ids(bound)[0]
    if kind(bound) == "date":
        return f"{base}_{wrong_part(bound) or 'day'}"
    return f"{base}_0" if kind(bound) == "options" else base


def _date_parts(bound: BoundField, attrs: dict[str, str]) -> list[dict[str, Any]]:
    widget = cast("JalaliDateWidget", bound.field.widget)
    typed = widget.decompress(bound.value())
    part = wrong_part(bound)
    names = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
    parts = []
    for name, label in names.items():
        wrong = bool(bound.errors) and part in ("", name)
        described = attrs.get("aria-describedby", "")
        parts.append(
            {
                "name": f"{bound.html_name}_{name}",
                "id": f"{_ids(bound)[0]}_{name}",
                "label": label,
                "value": typed.get(name, ""),
                "part": name,
                "invalid": wrong,
                "described": described,
                "required": bound.field.required,
                "options": widget.months() if name == "month" else [],
            }
        )
    return parts


def _options(bound: BoundField, attrs: dict[str, str]) -> list[dict[str, Any]]:
    """Return each radio or checkbox with its own id and the aria of the group."""
    chosen = bound.subwidgets
    hints = getattr(bound.field, "option_hints", {})
    found = []
    for place, option in enumerate(chosen):
        data = option.data
        found.append(
            {
                "id": f"{_ids(bound)[0]}_{place}",
                "name": data["name"],
                "value": data["value"],
                "label": data["label"],
                "hint": hints.get(str(data["value"]), ""),
                "checked": data["selected"],
                "type": data["type"],
                "attrs": attrs,
            }
        )
    return found


def describe(bound: BoundField, css: str = "") -> dict[str, Any]:
    """Return everything that `ui/field.html` needs."""
    laid = kind(bound)
    base, hint, error = _ids(bound)
    attrs = _aria(bound)
    group = {k: v for k, v in attrs.items() if k != "aria-required"}
    control = SafeString("")
    if laid not in ("date", "options"):
        # Django would add its own describedby with other ids; ours come first and win.
        control = SafeString(bound.as_widget(attrs={**attrs, "id": base, "required": False}))
    return {
        "bound": bound,
        "kind": laid,
        "id": base,
        "hint_id": hint,
        "error_id": error,
        "css": css,
        "label": bound.label,
        "hint": bound.help_text,
        "errors": _said(bound),
        "optional": not bound.field.required and getattr(bound.field, "say_optional", True),
        "unit": getattr(bound.field, "unit", ""),
        "saved": getattr(bound.field, "saved_name", ""),
        "control": control,
        "parts": _date_parts(bound, attrs) if laid == "date" else [],
        "options": _options(bound, group) if laid == "options" else [],
    }


def _messages(bound: BoundField) -> Iterable[FormError]:
    return (FormError(target(bound), message) for message in _said(bound))


def _said(bound: BoundField) -> list[str]:
    """Return what is wrong with a field; Django's bare “this field is required” names its field.

    In a summary of several the bare sentence would tell nobody which one is meant.
    """
    bare = str(forms.Field.default_error_messages["required"])
    return [_missing(bound) if message == bare else message for message in map(str, bound.errors)]


def _missing(bound: BoundField) -> str:
    label = {"label": bound.label}
    if kind(bound) in ("options", "select"):
        return _("Choose: %(label)s") % label
    return (_("Upload: %(label)s") if kind(bound) == "file" else _("Fill in: %(label)s")) % label


def _table_errors(table: Any) -> Iterable[FormError]:
    yield from (FormError(table.target, message) for message in table.errors)
    for row in table.rows:
        yield from form_errors(row)


def form_errors(form: Any) -> list[FormError]:
    """Return the lines of the error summary in the order of the page, rows of tables included."""
    if form is None or not getattr(form, "is_bound", False):
        return []
    found = [FormError("main", str(message)) for message in form.non_field_errors()]
    for part in getattr(form, "parts", None) or [form[name] for name in form.fields]:
        if getattr(part, "is_table", False):
            found += _table_errors(part)
        else:
            found += _messages(getattr(part, "bound", part))
    return found
