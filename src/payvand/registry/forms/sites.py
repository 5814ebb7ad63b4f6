"""What is asked of whoever registers a site, and of the authority that ranks it?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payvand.kernel.ids import is_company_id, is_national_id
from payvand.kernel.text import fold_digits
from payvand.registry import labels
from payvand.registry.public import find_party
from payvand.ui.fields import CleanTextField, JalaliDateField

Choices = Iterable[tuple[str, Any]]


class SiteForm(forms.Form):
    """Whose site, where, under which name; never how critical."""

    use_required_attribute = False

    owner = forms.ChoiceField(label=gettext_lazy("Whose site?"))
    owner_id = forms.CharField(
        label=gettext_lazy("National id of the owner"),
        max_length=20,
        help_text=gettext_lazy("Ten digits for a person, eleven for a company."),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric", "class": "w16"}),
    )
    title = CleanTextField(label=gettext_lazy("Name of the site"), max_length=160)
    place = forms.ChoiceField(label=gettext_lazy("Place"))
    zone = CleanTextField(
        label=gettext_lazy("Zone"), max_length=40, required=False,
        help_text=gettext_lazy("For example the name of the industrial estate."),
    )  # fmt: skip
    address = CleanTextField(label=gettext_lazy("Address"), max_length=300, required=False)

    def __init__(
        self, *args: Any, owners: Choices, places: Choices, for_others: bool, **options: Any
    ) -> None:
        """for_others: the owner is named by a national id, as a counter does."""
        super().__init__(*args, **options)
        del self.fields["owner" if for_others else "owner_id"]
        if not for_others:
            self.fields["owner"].choices = list(owners)  # type: ignore[attr-defined]
        self.fields["place"].choices = [("", _("Choose")), *places]  # type: ignore[attr-defined]

    def clean_owner(self) -> UUID:
        """Return the party that was chosen."""
        return UUID(self.cleaned_data["owner"])

    def clean_owner_id(self) -> UUID:
        """Return the party of this number."""
        digits = fold_digits(self.cleaned_data["owner_id"]).replace(" ", "").replace("-", "")
        kinds = {"person": is_national_id(digits), "company": is_company_id(digits)}
        for kind, fits in kinds.items():
            found = find_party(kind, digits) if fits else None
            if found is not None:
                return found.id
        if not any(kinds.values()):
            raise forms.ValidationError(
                _("This is not a national id: a digit is wrong or missing.")
            )
        raise forms.ValidationError(_("Nobody is registered with this id."))


class TierForm(forms.Form):
    """How critical is the site, by which authority and decision, from when to when?"""

    use_required_attribute = False

    authority = forms.ChoiceField(label=gettext_lazy("Authority"))
    tier = forms.ChoiceField(
        label=gettext_lazy("How critical?"),
        choices=list(labels.TIERS.items()),
        widget=forms.RadioSelect,
    )
    ref = CleanTextField(
        label=gettext_lazy("Decision"),
        max_length=200,
        help_text=gettext_lazy("Number and date of the decision, and the law or order behind it."),
    )
    starts = JalaliDateField(label=gettext_lazy("First day"))
    ends = JalaliDateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Leave it empty to let it hold until another decision."),
    )

    def __init__(self, *args: Any, authorities: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["authority"].choices = list(authorities)  # type: ignore[attr-defined]

    def clean_authority(self) -> UUID:
        """Return the authority that was chosen."""
        return UUID(self.cleaned_data["authority"])
