"""Which Django field does one field of a pack become? See packs/schema.json, `$defs/field`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from payvand.ui import fields
from payvand.ui.language import pick
from payvand.ui.uploads import CheckedFileField

Spec = Mapping[str, Any]
Codelists = Mapping[str, Sequence[Spec]]
MOST_RADIOS = 7  # more options become a select
REFERENCES = {"organisation": "company_id", "person": "national_id"}
YES_NO = {"yes": True, "no": False}


def _common(spec: Spec, lang: str) -> dict[str, Any]:
    label = pick(spec["title"], lang)
    return {
        "label": label,
        "help_text": pick(spec.get("help"), lang),
        "required": bool(spec.get("required")),
        "error_messages": {"required": _required(spec, label)},
    }


def _required(spec: Spec, label: str) -> str:
    kind = spec["type"]
    if kind in ("choice", "choices", "boolean"):
        return _("Choose: %(label)s") % {"label": label}
    if kind == "file":
        return _("Upload: %(label)s") % {"label": label}
    if kind == "declaration":
        return _("You must confirm this to go on: %(label)s") % {"label": label}
    return _("Fill in: %(label)s") % {"label": label}


def options(spec: Spec, lang: str, codelists: Codelists) -> list[tuple[str, str]]:
    """Return the codes and titles of the codelist a field is taken from."""
    entries = codelists.get(spec.get("codelist") or spec["type"], ())
    return [(str(entry["code"]), pick(entry["title"], lang)) for entry in entries]


def _text(spec: Spec, common: dict[str, Any]) -> forms.Field:
    return fields.CleanTextField(max_length=spec.get("max_length"), **common)


def _longtext(spec: Spec, common: dict[str, Any]) -> forms.Field:
    area = forms.Textarea(attrs={"rows": 5})
    return fields.CleanTextField(max_length=spec.get("max_length"), widget=area, **common)


def _number(spec: Spec, common: dict[str, Any]) -> forms.Field:
    limits: dict[str, Any] = {"least": spec.get("min"), "most": spec.get("max")}
    if spec["type"] == "money":
        return fields.MoneyField(**{**limits, "least": spec.get("min", 0)}, **common)
    unit = pick(spec.get("unit"))
    if spec["type"] == "percent":
        limits = {"least": spec.get("min", 0), "most": spec.get("max", 100)}
        unit = unit or _("percent")
    return fields.NumberField(whole=spec["type"] == "integer", unit=unit, **limits, **common)


def _date(spec: Spec, common: dict[str, Any]) -> forms.Field:
    return fields.JalaliDateField(**common)


def _boolean(spec: Spec, common: dict[str, Any]) -> forms.Field:
    # Two radios, not a tick: unanswered is unknown, which is not the same as no.
    return forms.TypedChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: YES_NO[value],
        empty_value=None,
        widget=forms.RadioSelect,
        **common,
    )


def _file(spec: Spec, common: dict[str, Any]) -> forms.Field:
    return CheckedFileField(
        accept=spec.get("accept", ()),
        max_mb=spec.get("max_mb"),
        widget=forms.FileInput,
        **common,
    )


def _declaration(spec: Spec, common: dict[str, Any]) -> forms.Field:
    field = forms.BooleanField(**common)
    field.say_optional = False  # type: ignore[attr-defined]
    return field


def _choice(spec: Spec, common: dict[str, Any], listed: list[tuple[str, str]]) -> forms.Field:
    if spec["type"] == "choices":
        return forms.MultipleChoiceField(
            choices=listed, widget=forms.CheckboxSelectMultiple, **common
        )
    if spec["type"] == "choice" and len(listed) <= MOST_RADIOS:
        return forms.ChoiceField(choices=listed, widget=forms.RadioSelect, **common)
    return forms.ChoiceField(choices=[("", _("Choose")), *listed], **common)


PLAIN: dict[str, Callable[[Spec, dict[str, Any]], forms.Field]] = {
    "longtext": _longtext,
    "bom": _longtext,
    "integer": _number,
    "decimal": _number,
    "money": _number,
    "percent": _number,
    "date": _date,
    "boolean": _boolean,
    "file": _file,
    "declaration": _declaration,
}


def make(spec: Spec, *, lang: str, codelists: Codelists) -> forms.Field:
    """Return the Django field of one pack field (tables are made by `forms`)."""
    common = _common(spec, lang)
    listed = options(spec, lang, codelists)
    if listed or spec["type"] in ("choice", "choices"):
        return _choice(spec, common, listed)
    form = spec.get("format") or REFERENCES.get(spec["type"])
    if form:
        return fields.FormatField(name=form, **common)
    return PLAIN.get(spec["type"], _text)(spec, common)
