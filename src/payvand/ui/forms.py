"""How does the list of fields in a pack become a form that loses nothing?

Digits of any script are accepted, dates are Jalali in three parts, tables grow without JavaScript
(a button posts the form back), and rules (`show_when`, `required_when`) are judged on the server:
an unknown rule shows the field and does not require it; only a clear "no" hides it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from payvand.kernel import rules
from payvand.kernel.text import fold_digits, format_number
from payvand.ui import pack_fields
from payvand.ui.language import pick
from payvand.ui.pack_fields import Codelists, Spec
from payvand.ui.rendering import FormError, form_errors

__all__ = ["FormError", "PackForm", "Table", "build_form", "form_errors"]
MOST_ROWS = 200


@dataclass
class Part:
    """One field of a form in the order of the pack."""

    bound: BoundField
    is_table: bool = False


class Table:
    """A repeatable group of columns: one small form per row."""

    is_table = True

    def __init__(self, spec: Spec, form: "PackForm") -> None:
        self.spec, self.form = spec, form
        self.name = form.add_prefix(spec["id"])
        self.id = f"id_{self.name}"
        self.label = pick(spec["title"], form.lang)
        self.hint = pick(spec.get("help"), form.lang)
        self.required = bool(spec.get("required") or spec.get("min_rows"))
        self.errors: list[str] = []
        self.rows = [self._row(place, facts) for place, facts in enumerate(self._starting_rows())]

    @property
    def target(self) -> str:
        """Return the id an error line leads to: the button that adds a row."""
        return f"{self.id}_add"

    @property
    def most(self) -> int:
        """Return the greatest number of rows."""
        return min(int(self.spec.get("max_rows") or MOST_ROWS), MOST_ROWS)

    def _starting_rows(self) -> list[Mapping[str, Any]]:
        if self.form.is_bound:
            typed = fold_digits(str(self.form.data.get(f"{self.name}-rows", "") or "0"))
            count = min(int(typed) if typed.isascii() and typed.isdigit() else 0, MOST_ROWS)
            return [{}] * count
        saved = list(self.form.facts.get(self.spec["id"]) or [])
        least = max(int(self.spec.get("min_rows") or 0), 1)
        return saved + [{}] * (least - len(saved))

    def _row(self, place: int, facts: Mapping[str, Any]) -> "PackForm":
        form = self.form
        return PackForm(
            self.spec.get("columns", []),
            lang=form.lang,
            codelists=form.codelists,
            data=form.data if form.is_bound else None,
            files=form.files if form.is_bound else None,
            facts=facts,
            prefix=f"{self.name}-{place}",
        )

    def act(self, data: Mapping[str, Any]) -> bool:
        """Add or remove a row when one of the table's buttons was pressed."""
        if data.get("add_row") == self.name:
            if len(self.rows) < self.most:
                self.rows.append(self._row(len(self.rows), {}))
            return True
        gone = str(data.get("remove_row") or "")
        keep = [row for row in self.rows if row.prefix != gone]
        if len(keep) == len(self.rows):
            return False
        self.rows = keep
        self._renumber()
        return True

    def _renumber(self) -> None:
        """Give the rows that stay their new numbers, with what was typed in them."""
        # A POST cannot be changed; a copy of the QueryDict can.
        data = cast("QueryDict", self.form.data).copy()
        files = cast("MultiValueDict[str, Any]", self.form.files).copy()
        for place, row in enumerate(self.rows):
            new = f"{self.name}-{place}"
            for source in (data, files):
                moved = {
                    new + key.removeprefix(str(row.prefix)): source.getlist(key)
                    for key in list(source)
                    if key.startswith(f"{row.prefix}-") and new != row.prefix
                }
                # An unticked box sends no key: the old row's must not shine through.
                if new != row.prefix:
                    for key in [key for key in source if key.startswith(f"{new}-")]:
                        del source[key]
                for key, values in moved.items():
                    source.setlist(key, values)
            row.prefix, row.data, row.files = new, data, files

    def check(self) -> bool:
        """Tell whether every row that is not empty is right, and there are enough of them."""
        filled = [row for row in self.rows if row.has_content()]
        least = max(int(self.spec.get("min_rows") or 0), 1 if self.required else 0)
        if len(filled) < least:
            shown = format_number(least, self.form.lang)
            self.errors = [
                _("“%(label)s” needs at least %(n)s filled rows.")
                % {"label": self.label, "n": shown}
            ]
        for row in self.rows:
            if row not in filled:
                row.forgive()
        # A list: every row is judged, so that all errors are told at once.
        return all([row.is_valid() for row in filled]) and not self.errors  # noqa: C419

    def answers(self) -> list[dict[str, Any]]:
        """Return the filled rows as stored."""
        return [row.answers() for row in self.rows if row.has_content()]


class PackForm(forms.Form):
    """A form made from a pack's fields; `parts` gives them in the pack's order."""

    use_required_attribute = False

    def __init__(  # noqa: PLR0913 - the parts of one form belong together
        self,
        specs: Sequence[Spec],
        *,
        lang: str,
        codelists: Codelists,
        data: Any = None,
        files: Any = None,
        facts: Mapping[str, Any] | None = None,
        prefix: str | None = None,
    ) -> None:
        self.lang, self.codelists, self.facts = lang, codelists, dict(facts or {})
        self.specs = {spec["id"]: spec for spec in specs}
        self.tables: dict[str, Table] = {}
        super().__init__(data, files, prefix=prefix, initial=_initial(specs, self.facts))
        for spec in specs:
            if not _is_table(spec):
                self.fields[spec["id"]] = self._field(spec)
        self.shown = {key for key, spec in self.specs.items() if self._shows(spec, self.facts)}
        self.tables = {
            key: Table(spec, self) for key, spec in self.specs.items() if _is_table(spec)
        }
        # Lists are walked in full: only one button can have been pressed, but all must hear of it.
        acted = [table.act(self.data) for table in self.tables.values()] if self.is_bound else []
        self.is_row_action = any(acted)
        if self.is_row_action:
            self.forgive()
            for row in (row for table in self.tables.values() for row in table.rows):
                row.forgive()

    def _field(self, spec: Spec) -> forms.Field:
        field = pack_fields.make(spec, lang=self.lang, codelists=self.codelists)
        saved = self.facts.get(spec["id"])
        if spec["type"] == "file" and saved:
            field.required = False
            field.saved_name = saved.get("name", "") if isinstance(saved, Mapping) else str(saved)  # type: ignore[attr-defined]
        return field

    def _shows(self, spec: Spec, facts: Mapping[str, Any]) -> bool:
        rule = spec.get("show_when")
        return not rule or rules.evaluate(rule, facts).value is not False

    @property
    def parts(self) -> list[Part | Table]:
        """Return the fields and tables to show, in the pack's order."""
        return [
            self.tables[key] if key in self.tables else Part(self[key])
            for key in self.specs
            if key in self.shown
        ]

    def forgive(self) -> None:
        """Show the form without judging it: a row was added, or an empty row is ignored."""
        self._errors = ErrorDict()
        self.cleaned_data = {}

    def has_content(self) -> bool:
        """Tell whether anything was typed, ticked or uploaded in this row."""
        for name, field in self.fields.items():
            value = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            typed = value.values() if isinstance(value, Mapping) else [value]
            if any(v not in (None, "", False, []) for v in typed):
                return True
        return False

    def full_clean(self) -> None:
        """Judge every field, then the rules that depend on the answers."""
        super().full_clean()
        if not self.is_bound or not hasattr(self, "cleaned_data"):
            return
        known = {**self.facts, **_as_facts(self.cleaned_data)}
        for key, table in self.tables.items():
            known[key] = [_as_facts(getattr(row, "cleaned_data", {})) for row in table.rows]
        self.shown = set()
        for key, spec in self.specs.items():
            if not self._shows(spec, known):
                # What is hidden was not asked: neither its errors nor its answer count.
                self._errors.pop(key, None)
                self.cleaned_data.pop(key, None)
                continue
            self.shown.add(key)
            self._require(key, spec, known)

    def _require(self, key: str, spec: Spec, known: Mapping[str, Any]) -> None:
        rule = spec.get("required_when")
        if not rule or rules.evaluate(rule, known).value is not True:
            return
        if key in self.tables:
            self.tables[key].required = True
            return
        self.fields[key].required = not self.facts.get(key)
        if not self.fields[key].required or key in self.errors:
            return
        if self.cleaned_data.get(key) in (None, "", [], False):
            self.add_error(key, str(self.fields[key].error_messages["required"]))

    def is_valid(self) -> bool:
        """Tell whether everything asked for is right, the rows of tables included."""
        if not self.is_bound or self.is_row_action:
            return False
        fine = super().is_valid()
        shown = [table for key, table in self.tables.items() if key in self.shown]
        return all([table.check() for table in shown]) and fine  # noqa: C419 - as for rows

    def answers(self) -> dict[str, Any]:
        """Return what is stored: JSON values only, dates as ISO, exact numbers as text."""
        found = {
            key: _stored(value, self.specs[key])
            for key, value in self.cleaned_data.items()
            if not isinstance(value, UploadedFile) and value not in (None, "")
        }
        tables = {k: t.answers() for k, t in self.tables.items() if k in self.shown}
        return {**found, **tables}

    def uploads(self) -> dict[str, Any]:
        """Return the uploaded files by field; those of rows as `table-0-column`."""
        found = {k: v for k, v in self.cleaned_data.items() if isinstance(v, UploadedFile)}
        for table in self.tables.values():
            for row in table.rows:
                found |= {f"{row.prefix}-{k}": v for k, v in row.uploads().items()}
        return found


def _is_table(spec: Spec) -> bool:
    return spec["type"] == "table" or (spec["type"] == "bom" and bool(spec.get("columns")))


def _initial(specs: Sequence[Spec], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return saved answers as the widgets want them."""
    found = {s["id"]: facts[s["id"]] for s in specs if s["id"] in facts and s["type"] != "file"}
    yes_no = {True: "yes", False: "no"}
    return {
        s["id"]: yes_no.get(found[s["id"]], "") if s["type"] == "boolean" else found[s["id"]]
        for s in specs
        if s["id"] in found
    }


def _as_facts(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in cleaned.items() if value not in (None, "")}


def _stored(value: Any, spec: Spec) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal) or spec["type"] == "money":
        return str(value)
    return value


def build_form(
    fields: Sequence[Spec],
    *,
    lang: str,
    codelists: Codelists,
    data: Any = None,
    files: Any = None,
    facts: Mapping[str, Any] | None = None,
) -> PackForm:
    """Return the form of a pack's fields.

    fields: as in packs/schema.json `$defs/field`. codelists: entries `{code, title}` by list name;
    a list named `place`, `product`, `organisation`, `person` or `site` gives the options of that
    field type. facts: saved answers by field id (shown again) and whatever the rules may read.
    After `is_valid()`: `answers()` is JSON to store, `uploads()` the files. `is_row_action` tells
    that only a row was added or removed: show the form again with status 200.
    """
    return PackForm(fields, lang=lang, codelists=codelists, data=data, files=files, facts=facts)
