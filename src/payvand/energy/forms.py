"""What do people enter about energy: an offer, a consumer, a file of supply or of readings?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payvand.energy import labels
from payvand.energy.rules.asset_rows import Fault
from payvand.energy.rules.carriers import CARRIERS
from payvand.kernel.text import fold_digits, to_persian_digits
from payvand.ui.fields import CleanTextField
from payvand.ui.language import lang

Choices = Iterable[tuple[str, Any]]

MOST_BYTES, MOST_LOADED = 20 * 1024 * 1024, 200 * 1024 * 1024
MISSING = {"required": gettext_lazy("Fill this in.")}
SUPPLY, READINGS, REGISTER = "supply", "readings", "register"
KINDS = (
    (SUPPLY, gettext_lazy("Supply: ts, mw, sd_mw")),
    (READINGS, gettext_lazy("Readings: meter, ts, wh or kwh, version")),
    (REGISTER, gettext_lazy("Register of meters: meter, province, city, feeder, sector, most_wh")),
)


class _AnyDigits:
    """Digits of any script are accepted."""

    def to_python(self, value: Any) -> Any:
        folded = fold_digits(value).replace("٫", ".") if isinstance(value, str) else value
        return super().to_python(folded)  # type: ignore[misc]

    def prepare_value(self, value: Any) -> Any:
        """Show what is kept in the digits of the reader's language; what was typed stays."""
        if value is None or lang() != "fa":
            return value
        return to_persian_digits(str(value)).replace(".", "٫")


class Whole(_AnyDigits, forms.IntegerField):
    """A whole number."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"})


class Decimal(_AnyDigits, forms.FloatField):
    """A number with decimals."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr"})


class Typed(_AnyDigits, CleanTextField):
    """Numbers as text, judged later by the rules of a row."""

    widget = forms.TextInput(attrs={"dir": "ltr"})


_NUMBER = forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr", "class": "w4"})


MOVED, GIVEN_UP = "moved", "given_up"
WAYS = (
    (MOVED, gettext_lazy("moved: it is used later instead")),
    (GIVEN_UP, gettext_lazy("given up: by another fuel, own generation or a pause")),
)


class OfferForm(forms.Form):
    """So much out of these hours, or of a day, with so much notice, at this price."""

    use_required_attribute = False
    mw = Decimal(label=gettext_lazy("How many MW can you move?"), error_messages=MISSING)
    from_hour = Whole(label=gettext_lazy("From which hour?"), min_value=0, max_value=23,
                      help_text=gettext_lazy("0 to 23"), error_messages=MISSING)  # fmt: skip
    to_hour = Whole(label=gettext_lazy("Until which hour?"), min_value=1, max_value=24,
                    help_text=gettext_lazy("1 to 24"), error_messages=MISSING)  # fmt: skip
    notice_hours = Whole(label=gettext_lazy("How many hours of notice do you need?"), min_value=0,
                         max_value=168, initial=12, error_messages=MISSING)  # fmt: skip
    price_rial = Whole(label=gettext_lazy("Price of a MWh, in rials"), min_value=0, initial=0,
                       max_value=10**12, error_messages=MISSING)  # fmt: skip
    way = forms.ChoiceField(label=gettext_lazy("What becomes of it?"), choices=WAYS,
                            widget=forms.RadioSelect, initial=MOVED,
                            error_messages=MISSING)  # fmt: skip

    def __init__(self, *args: Any, carrier: str, **options: Any) -> None:
        super().__init__(*args, **options)
        if CARRIERS[carrier].steps == 1:
            self.fields["mw"].label = _("How many MWh a day can you do without?")
            del self.fields["from_hour"], self.fields["to_hour"]


def _asks(why: str) -> dict[str, Any]:
    """Return what is said where nothing was entered: the same as of a row of a file."""
    return {"required": gettext_lazy(labels.ASSET_WHY[why])}


class AssetForm(forms.Form):
    """One consumer; what is typed is judged by the same rules as a row of a file."""

    use_required_attribute = False
    code = CleanTextField(label=gettext_lazy("Number of the connection"), max_length=40,
                          help_text=gettext_lazy("As the operator counts: it names the consumer in"
                                                 " lists, where a home has no name."),
                          widget=forms.TextInput(attrs={"dir": "ltr", "class": "w16"}),
                          error_messages=_asks("code_missing"))  # fmt: skip
    owner_id = CleanTextField(label=gettext_lazy("National id of the owner"), max_length=20,
                              help_text=gettext_lazy("Ten digits for a person, eleven for a"
                                                     " company."),
                              widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric",
                                                            "class": "w16"}),
                              error_messages=_asks("owner_unreadable"))  # fmt: skip
    owner_fa = CleanTextField(label=gettext_lazy("Name of the owner"), max_length=160,
                              required=False,
                              help_text=gettext_lazy("Only where nobody is registered with the id"
                                                     " yet."))  # fmt: skip
    title_fa = CleanTextField(label=gettext_lazy("Name of the place, Persian"), max_length=160,
                              required=False,
                              help_text=gettext_lazy("Of a home it is not kept."))  # fmt: skip
    title_en = CleanTextField(label=gettext_lazy("Name of the place, English"), max_length=160,
                              required=False)  # fmt: skip
    city = forms.ChoiceField(label=gettext_lazy("County"), error_messages=_asks("city_elsewhere"))
    feeder = CleanTextField(label=gettext_lazy("Feeder"), max_length=40,
                            widget=forms.TextInput(attrs={"dir": "ltr", "class": "w16"}),
                            error_messages=_asks("feeder_missing"))  # fmt: skip
    meter = Typed(label=gettext_lazy("Number of the meter"), max_length=18, required=False,
                  help_text=gettext_lazy("As in the register of meters: its hours show what was"
                                         " delivered."),
                  widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric",
                                                "class": "w16"}))  # fmt: skip
    sector = forms.ChoiceField(label=gettext_lazy("Sector"), error_messages=_asks("sector_unknown"))
    usual_mw = Typed(label=gettext_lazy("Usual use, MW"),
                              help_text=gettext_lazy("One number for all hours, or 24 with spaces"
                                                     " between them."),
                              widget=forms.TextInput(attrs={"dir": "ltr"}),
                              error_messages=_asks("mw_unreadable"))  # fmt: skip
    shed_cap = Typed(label=gettext_lazy("How much of an hour may be cut, in percent?"),
                              initial="0", required=False, widget=_NUMBER)  # fmt: skip
    day_cap = Typed(label=gettext_lazy("How much of a day may be cut, in percent?"),
                             initial="10", required=False, widget=_NUMBER)  # fmt: skip
    notice_hours = Typed(label=gettext_lazy("How many hours of notice?"), initial="12",
                                  required=False, widget=_NUMBER)  # fmt: skip
    medical = forms.BooleanField(label=gettext_lazy("A home with a medical device that needs"
                                                    " electricity"), required=False)  # fmt: skip
    protected_hours = Typed(label=gettext_lazy("Protected hours"), required=False,
                                     help_text=gettext_lazy("Hours in which nothing is asked, such"
                                                            " as 2-5, 22-24."),
                                     widget=forms.TextInput(attrs={"dir": "ltr", "class": "w16"}),
                                     )  # fmt: skip
    protected_by = forms.ChoiceField(label=gettext_lazy("Which authority has granted it?"),
                                     required=False)  # fmt: skip
    protected_ref = CleanTextField(label=gettext_lazy("Number and date of its decision"),
                                   max_length=200, required=False)  # fmt: skip
    HOURLY = ("feeder", "medical", "protected_hours", "protected_by", "protected_ref")
    DAILY: Mapping[str, tuple[Any, Any]] = {
        "meter": (gettext_lazy("Number of the meter"),
                  gettext_lazy("As in the register of meters: its days show what was"
                               " delivered.")),
        "usual_mw": (gettext_lazy("Usual use, MWh a day"), gettext_lazy("One number.")),
        "shed_cap": (gettext_lazy("How much of a day may be cut, in percent?"), ""),
        "day_cap": (gettext_lazy("How much may be cut over the days of a plan, in percent?"), ""),
    }  # fmt: skip
    USE = ("usual_mw", "shed_cap", "day_cap", "notice_hours")
    PROTECTION = ("medical", "protected_hours", "protected_by", "protected_ref")

    def __init__(self, *args: Any, cities: Choices, authorities: Choices, carrier: str,
                 without: Iterable[str] = (), **options: Any) -> None:  # fmt: skip
        """without: fields that are not asked, such as the owner of what is registered already.

        A carrier without hours and feeders has none of the fields about them.
        """
        super().__init__(*args, **options)
        daily = CARRIERS[carrier].steps == 1
        for name in {*without, *(self.HOURLY if daily else ())}:
            del self.fields[name]
        for name, (label, hint) in (self.DAILY if daily else {}).items():
            self.fields[name].label = label
            self.fields[name].help_text = hint
        sectors = [(code, _(words)) for code, words in labels.SECTORS.items() if code]
        choose = ("", _("Choose"))
        for name, choices in (("city", cities), ("sector", sectors), ("protected_by", authorities)):
            if name not in self.fields:
                continue
            self.fields[name].choices = [choose, *choices]  # type: ignore[attr-defined]

    def cells(self) -> dict[str, str]:
        """Return what was typed as the cells of a row."""
        told = {name: str(value) for name, value in self.cleaned_data.items() if value is not None}
        return told | {"medical": "yes" if self.cleaned_data.get("medical") else "no"}

    def put(self, faults: Iterable[Fault]) -> None:
        """Put what is wrong with the row at its fields, beside what is told there already."""
        for one in faults:
            name = one.column if one.column in self.fields else None
            if name not in self.errors and not one.is_remark:
                self.add_error(name, _(labels.ASSET_WHY[one.why]))

    def groups(self) -> list[tuple[str, list[Any]]]:
        """Return the fields in groups, each with its heading; the last is the protection."""
        heads = ("", _("Use, and what may be asked"), _("Protection"))
        own = [bound.name for bound in self if bound.name not in (*self.USE, *self.PROTECTION)]
        names = (own, self.USE, self.PROTECTION)
        found = [(head, [self[name] for name in group if name in self.fields])
                 for head, group in zip(heads, names, strict=True)]  # fmt: skip
        return [(head, fields) for head, fields in found if fields]


class AssetFileForm(forms.Form):
    """A file of consumers."""

    use_required_attribute = False
    file = forms.FileField(
        label=gettext_lazy("File (CSV or XLSX)"), help_text=gettext_lazy("At most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )  # fmt: skip

    def clean_file(self) -> Any:
        """Refuse what is too large for a page."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB."))
        return file


class ThresholdForm(forms.Form):
    """From which probability on which office is warned, and which office signs."""

    use_required_attribute = False
    percent = Whole(label=gettext_lazy("From which probability of a shortage within 72 hours on, in"
                                       " percent?"), min_value=1, max_value=99, error_messages={
        **MISSING, "min_value": gettext_lazy("Enter a percentage from 1 to 99."),
        "max_value": gettext_lazy("Enter a percentage from 1 to 99.")})  # fmt: skip
    office = forms.ChoiceField(label=gettext_lazy("Which office is warned?"),
                               help_text=gettext_lazy("It owes an order within four working hours;"
                                                      " after that the next office hears of it."),
                               error_messages=MISSING)  # fmt: skip
    signer = forms.ChoiceField(label=gettext_lazy("Which office signs plans?"),
                               error_messages=MISSING)  # fmt: skip
    order = CleanTextField(label=gettext_lazy("Law or order behind it, with number and date"),
                           max_length=300, required=False,
                           help_text=gettext_lazy("Without one a warning is an invitation: it is"
                                                  " sent all the same, but nobody owes an answer."),
                           )  # fmt: skip

    def __init__(self, *args: Any, warned: Choices, signing: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        choose = ("", _("Choose"))
        self.fields["office"].choices = [choose, *warned]  # type: ignore[attr-defined]
        self.fields["signer"].choices = [choose, *signing]  # type: ignore[attr-defined]


class LoadForm(forms.Form):
    """A file of supply, of readings, or the register of meters."""

    use_required_attribute = False
    kind = forms.ChoiceField(label=gettext_lazy("What is in the file?"), choices=KINDS,
                             widget=forms.RadioSelect, initial=SUPPLY)  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("File (CSV, XLSX or Parquet)"),
        help_text=gettext_lazy("Times in UTC, as 2026-07-22T10:00Z. At most 200 MB, a workbook"
                               " 20 MB; a large file is read by the worker while you go on."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.parquet"}),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )  # fmt: skip

    def clean_file(self) -> Any:
        """Refuse what is no table by its name, or too large for a page."""
        file = self.cleaned_data["file"]
        if not str(file.name).lower().endswith((".csv", ".xlsx", ".parquet")):
            raise forms.ValidationError(_("Choose a CSV, XLSX or Parquet file."))
        if file.size > MOST_LOADED:
            raise forms.ValidationError(_("The file is larger than 200 MB."))
        return file
