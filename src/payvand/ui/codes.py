"""How are classification codes asked for? Typed, or ticked among those that fit some words."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payvand.kernel.codes import bad_codes, codes


class CodesForm(forms.Form):
    """Codes of ISIC, HS or CPV. The page shows what `look_up` finds, as ticks named `pick`."""

    look_up: ClassVar[str]  # name of the address that finds codes for words

    codes = forms.CharField(
        label=gettext_lazy("Codes"), required=False, max_length=200,
        help_text=gettext_lazy("ISIC, HS or CPV, such as isic:2930 hs:8708."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )  # fmt: skip
    find_code = forms.CharField(
        label=gettext_lazy("Find a code"), required=False, max_length=80,
        help_text=gettext_lazy("Type a word or the first digits; tick what fits below."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # passed on as they came
        self.fields["find_code"].widget.attrs |= {
            "hx-get": reverse(self.look_up), "hx-trigger": "input changed delay:250ms",
            "hx-target": "#codes-found", "hx-params": "find_code",
        }  # fmt: skip

    def clean_codes(self) -> str:
        """Return the codes, those that were ticked too; a typed part that is none is told."""
        typed = str(self.cleaned_data["codes"])
        if wrong := bad_codes(typed):
            raise forms.ValidationError(
                _("“%(part)s” is not a code. Write it like isic:2930."), params={"part": wrong[0]}
            )
        ticked = self.data.getlist("pick") if hasattr(self.data, "getlist") else []
        return codes(" ".join([typed, *map(str, ticked)]))
