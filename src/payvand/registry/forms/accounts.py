"""What is asked when an account is opened, a seat is given, a password chosen?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payvand.kernel.ids import is_national_id
from payvand.kernel.text import fold_digits
from payvand.registry import labels
from payvand.registry.actions.accounts import AccountDraft
from payvand.registry.queries.profile import account
from payvand.ui.fields import CleanTextField, JalaliDateField

LTR = {"dir": "ltr", "autocomplete": "off"}


class AccountForm(forms.Form):
    """Who gets an account, under which name."""

    use_required_attribute = False

    username = forms.CharField(
        label=gettext_lazy("Account name"),
        max_length=150,
        help_text=gettext_lazy("The name with which the person signs in."),
        widget=forms.TextInput(attrs=LTR),
    )
    name_fa = CleanTextField(label=gettext_lazy("Name in Persian"), max_length=150)
    name_en = CleanTextField(
        label=gettext_lazy("Name in English"), max_length=150, required=False,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )  # fmt: skip
    national_id = forms.CharField(
        label=gettext_lazy("National id"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Who is registered already keeps the registered name."),
        widget=forms.TextInput(attrs={**LTR, "inputmode": "numeric", "class": "w16"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), required=False, widget=forms.EmailInput(attrs=LTR)
    )
    mobile = forms.CharField(
        label=gettext_lazy("Mobile number"), required=False, max_length=20,
        widget=forms.TextInput(attrs={**LTR, "inputmode": "tel", "class": "w16"}),
    )  # fmt: skip
    is_operator = forms.BooleanField(
        label=gettext_lazy("Administers the whole installation"), required=False
    )

    def clean_username(self) -> str:
        """Return the name with Latin digits."""
        return fold_digits(self.cleaned_data["username"]).strip()

    def clean_national_id(self) -> str:
        """Return the ten digits."""
        digits = fold_digits(self.cleaned_data["national_id"]).replace(" ", "").replace("-", "")
        if digits and not is_national_id(digits):
            raise forms.ValidationError(
                _("This is not a national id: a digit is wrong or missing.")
            )
        return digits

    def clean_mobile(self) -> str:
        """Return the number with Latin digits."""
        return fold_digits(self.cleaned_data["mobile"]).replace(" ", "")

    def draft(self) -> AccountDraft:
        """Return what was entered."""
        return AccountDraft(**self.cleaned_data)


class CounterAccountForm(AccountForm):
    """Who stands at the counter, and which document shows who it is?"""

    is_operator = None  # type: ignore[assignment]
    document = forms.ChoiceField(
        label=gettext_lazy("Identity document that you have seen"),
        choices=[
            ("national_card", gettext_lazy("National card")),
            ("birth_certificate", gettext_lazy("Birth certificate")),
            ("passport", gettext_lazy("Passport")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say which document you have seen.")},
    )
    field_order = ("national_id", "name_fa", "name_en", "document", "username", "mobile", "email")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        number = self.fields["national_id"]
        number.required = True
        number.help_text = _("Ten digits, as on the document.")

    def draft(self) -> AccountDraft:
        """Return what was entered, without the document."""
        told = {key: value for key, value in self.cleaned_data.items() if key != "document"}
        return AccountDraft(**told)


class SeatForm(forms.Form):
    """Who sits in an organisation, as what, where, from when to when."""

    use_required_attribute = False

    account = forms.CharField(
        label=gettext_lazy("Account name"),
        max_length=150,
        help_text=gettext_lazy("The administrator of the installation opens accounts."),
        widget=forms.TextInput(attrs=LTR),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("As"), choices=[("", gettext_lazy("Choose")), *labels.SEATS.items()]
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Limited to a place"),
        required=False,
        help_text=gettext_lazy("Leave it empty for everything of the organisation."),
    )
    starts = JalaliDateField(label=gettext_lazy("First day"))
    ends = JalaliDateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Leave it empty until the end is known."),
    )

    def __init__(self, *args: Any, places: Iterable[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].choices = [("", _("No limit")), *places]  # type: ignore[attr-defined]

    def clean_account(self) -> int:
        """Return the id of the account."""
        found = account(fold_digits(self.cleaned_data["account"]).strip())
        if found is None:
            raise forms.ValidationError(_("There is no account of this name."))
        return found


class PasswordForm(forms.Form):
    """The password that somebody chooses, twice, and the present one."""

    use_required_attribute = False

    present = forms.CharField(
        label=gettext_lazy("Present password"), strip=False,
        widget=forms.PasswordInput(attrs={"dir": "ltr", "autocomplete": "current-password"}),
    )  # fmt: skip
    password = forms.CharField(
        label=gettext_lazy("New password"), strip=False,
        help_text=gettext_lazy("At least ten signs, and none of the common passwords."),
        widget=forms.PasswordInput(attrs={"dir": "ltr", "autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=gettext_lazy("New password again"), strip=False,
        widget=forms.PasswordInput(attrs={"dir": "ltr", "autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_present(self) -> str:
        """Refuse whoever does not know the present password."""
        if not self.user.check_password(self.cleaned_data["present"]):
            raise forms.ValidationError(_("This is not your present password."))
        return str(self.cleaned_data["present"])

    def clean_again(self) -> str:
        """Refuse two different ones."""
        if self.cleaned_data["again"] != self.cleaned_data.get("password"):
            raise forms.ValidationError(_("The two new passwords differ."))
        return str(self.cleaned_data["again"])
