"""How are a date and a unit typed? In three fields, and freely with suggestions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from payvand.kernel import jalali, text, units
from payvand.ui.language import lang

PARTS = ("day", "month", "year")


class JalaliDateWidget(forms.Widget):
    """Three inputs: day, month (a select) and year. Its value is what was typed, part by part."""

    template_name = "ui/date_widget.html"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Return the three typed parts; None when none was sent."""
        typed = {part: str(data.get(f"{name}_{part}") or "").strip() for part in PARTS}
        return typed if any(f"{name}_{part}" in data for part in PARTS) else None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Tell whether no part of the date was sent."""
        return all(f"{name}_{part}" not in data for part in PARTS)

    def decompress(self, value: Any) -> dict[str, str]:
        """Return the parts to show: as typed, or those of a stored Gregorian date."""
        if isinstance(value, Mapping):
            return {part: str(value.get(part, "")) for part in PARTS}
        if isinstance(value, str) and value:
            value = date.fromisoformat(value)
        if not isinstance(value, date):
            return dict.fromkeys(PARTS, "")
        year, month, day = jalali.to_jalali(value)
        shown = {"day": str(day), "month": str(month), "year": str(year)}
        if lang() == "fa":
            shown |= {part: text.to_persian_digits(shown[part]) for part in ("day", "year")}
        return shown

    def months(self) -> list[tuple[str, str]]:
        """Return the month numbers with their names in the reader's language."""
        return [(str(n), name) for n, name in enumerate(text.months(lang()), 1)]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the parts for the plain rendering (`{{ form.date }}`)."""
        context = super().get_context(name, value, attrs)
        typed = self.decompress(value)
        base = context["widget"]["attrs"].get("id", f"id_{name}")
        context["parts"] = [
            {"name": f"{name}_{part}", "id": f"{base}_{part}", "part": part, "label": part,
             "value": typed[part], "options": self.months() if part == "month" else []}
            for part in PARTS
        ]  # fmt: skip
        return context


class UnitWidget(forms.TextInput):
    """A text with the units that have a code as suggestions."""

    template_name = "ui/unit_widget.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the input and what it suggests, in the reader's language."""
        context = super().get_context(name, value, attrs)
        own = context["widget"]["attrs"]
        context["listed"] = own["list"] = f"{own.get('id', name)}_listed"
        context["units"] = dict.fromkeys(one.named(lang()) for one in units.UNITS)
        return context
