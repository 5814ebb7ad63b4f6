"""What do people enter about energy: an offer, a file of supply or of readings?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payvand.kernel.text import fold_digits

MOST_BYTES = 20 * 1024 * 1024
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


class Whole(_AnyDigits, forms.IntegerField):
    """A whole number."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"})


class Decimal(_AnyDigits, forms.FloatField):
    """A number with decimals."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr"})


class OfferForm(forms.Form):
    """So many MW out of these hours, with so much notice, at this price."""

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


class LoadForm(forms.Form):
    """A file of supply, of readings, or the register of meters."""

    use_required_attribute = False
    kind = forms.ChoiceField(label=gettext_lazy("What is in the file?"), choices=KINDS,
                             widget=forms.RadioSelect, initial=SUPPLY)  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("File (CSV, XLSX or Parquet)"),
        help_text=gettext_lazy("Times in UTC, as 2026-07-22T10:00Z. At most 20 MB; larger files by"
                               " the command line or REST."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.parquet"}),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )  # fmt: skip

    def clean_file(self) -> Any:
        """Refuse what is no table by its name, or too large for a page."""
        file = self.cleaned_data["file"]
        if not str(file.name).lower().endswith((".csv", ".xlsx", ".parquet")):
            raise forms.ValidationError(_("Choose a CSV, XLSX or Parquet file."))
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB."))
        return file
