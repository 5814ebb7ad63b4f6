"""What can be typed about the cost of delay?"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payvand.foresight.actions.rates import RateDraft
from payvand.foresight.queries.fields import CURRENCY, WORTH, choices_of
from payvand.kernel.text import fold_digits
from payvand.ui.fields import JalaliDateField


class FoldedDecimal(forms.DecimalField):
    """A number in any digits."""

    def to_python(self, value: Any) -> Any:
        """Return the number as a Decimal; None of nothing."""
        plain = fold_digits(str(value)).replace("٫", ".").replace("٬", "").replace(",", "")
        return super().to_python(plain if value not in (None, "") else value)


class RateForm(forms.Form):
    """One setting: what a day is taken to cost, from when, and where that comes from."""

    use_required_attribute = False
    service = forms.ChoiceField(label=gettext_lazy("Service"), required=False)
    since = JalaliDateField(label=gettext_lazy("Valid from"))
    percent_a_year = FoldedDecimal(
        label=gettext_lazy("Rate, percent a year"), max_digits=7, decimal_places=2,
        help_text=gettext_lazy("What tied-up value is taken to cost a year."),
    )  # fmt: skip
    value_field = forms.ChoiceField(
        label=gettext_lazy("Answer that says the value"), required=False,
        help_text=gettext_lazy("Which answer of the application says what the case is worth."),
    )  # fmt: skip
    currency_field = forms.ChoiceField(
        label=gettext_lazy("Answer that says the currency"), required=False,
        help_text=gettext_lazy("Without one the value is in rials."),
    )  # fmt: skip
    exchange = forms.CharField(
        label=gettext_lazy("Rials for one unit"), required=False, max_length=300,
        help_text=gettext_lazy("For each code of a currency, such as eur=700000 usd=600000"),
    )  # fmt: skip
    flat_million_rial = FoldedDecimal(
        label=gettext_lazy("Otherwise this value a case, million rials"), required=False,
        max_digits=15, decimal_places=0,
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Where the figures come from"), max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, services: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["service"] = forms.ChoiceField(
            label=_("Service"), required=False, choices=[("", _("All services")), *services]
        )
        titles = dict(services)
        for name, types in (("value_field", WORTH), ("currency_field", CURRENCY)):
            choices = [("", _("None")), *choices_of(types, titles)]
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_exchange(self) -> dict[str, str]:
        """Return the rates by code; refuses what is none."""
        found: dict[str, str] = {}
        for part in re.split(r"[\s,،]+", fold_digits(self.cleaned_data["exchange"]).strip()):
            match = re.fullmatch(r"([A-Za-z]{2,8})=([0-9]{1,12}(?:\.[0-9]{1,6})?)", part)
            if match and Decimal(match[2]) > 0:
                found[match[1].lower()] = match[2]
            elif part:
                text = _("“%(text)s” is not a rate; write it like eur=700000.")
                raise forms.ValidationError(text % {"text": part})
        return found

    def draft(self) -> RateDraft:
        """Return what was typed."""
        given = self.cleaned_data
        return RateDraft(
            given["service"], given["since"], given["percent_a_year"], given["value_field"],
            given["currency_field"], given["exchange"], int(given["flat_million_rial"] or 0),
            given["note"],
        )  # fmt: skip
