"""What is asked when an organisation is registered, and when it begins to answer for a role?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from payvand.kernel.text import fold_digits
from payvand.registry.public import PartyDraft
from payvand.ui.fields import CleanTextField, JalaliDateField

Choices = Sequence[tuple[str, Any]]
LATIN = {"dir": "ltr", "autocomplete": "off", "class": "w16"}


class AgencyForm(forms.Form):
    """Which organisation is registered, under which name, where?"""

    name_fa = CleanTextField(label=gettext_lazy("Name in Persian"), max_length=300)
    name_en = CleanTextField(label=gettext_lazy("Name in English"), max_length=300)
    slug = forms.SlugField(
        label=gettext_lazy("Short name"),
        max_length=80,
        help_text=gettext_lazy(
            "Small Latin letters, digits and hyphens, such as tax-15. Commands, tokens and service "
            "packs name the organisation by it; it does not change."
        ),
        widget=forms.TextInput(attrs=LATIN),
    )
    national_id = forms.CharField(
        label=gettext_lazy("National id of the organisation"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs=LATIN | {"inputmode": "numeric"}),
    )
    place = forms.ChoiceField(label=gettext_lazy("Place"))

    def __init__(self, data: Any = None, *, places: Choices) -> None:
        super().__init__(data)
        self.fields["place"].choices = places  # type: ignore[attr-defined]

    def draft(self) -> PartyDraft:
        """Return the organisation that was entered."""
        told = self.cleaned_data
        return PartyDraft(
            kind="agency", name_fa=told["name_fa"], name_en=told["name_en"],
            slug=told["slug"].lower(), place=told["place"],
            national_id=fold_digits(told["national_id"]),
        )  # fmt: skip


class DutyForm(forms.Form):
    """For which role does the organisation answer, where, and from when on?"""

    role = forms.CharField(
        label=gettext_lazy("Role"),
        max_length=60,
        help_text=gettext_lazy("As service packs name it, such as tax or municipality."),
        widget=forms.TextInput(attrs=LATIN),
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Place"),
        help_text=gettext_lazy("Applications from there go to this organisation."),
    )
    starts = JalaliDateField(
        label=gettext_lazy("First day"),
        required=False,
        help_text=gettext_lazy("Ends the duty of whoever answered there before. Empty: always."),
    )

    def __init__(self, data: Any = None, *, places: Choices) -> None:
        super().__init__(data)
        self.fields["place"].choices = places  # type: ignore[attr-defined]
