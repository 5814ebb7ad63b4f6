"""What is asked when somebody is appointed, connected, or allowed to act for another?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payvand.kernel.errors import Conflict, Invalid
from payvand.kernel.ids import is_company_id, is_national_id
from payvand.kernel.text import fold_digits
from payvand.registry import labels
from payvand.registry.public import Link, PartyCard, find_party
from payvand.registry.queries.profile import account, service_titles
from payvand.ui.fields import CleanTextField, JalaliDateField
from payvand.ui.language import pick


class AppointForm(forms.Form):
    """Who holds an office or deputises, from when to when, by which decree."""

    account = forms.CharField(
        label=gettext_lazy("Account name"),
        max_length=150,
        help_text=gettext_lazy("The name with which the person signs in."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    order = forms.TypedChoiceField(
        label=gettext_lazy("As"), coerce=int, choices=[(k, v) for k, v in labels.ORDERS.items()]
    )
    starts = JalaliDateField(label=gettext_lazy("First day"))
    ends = JalaliDateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Leave it empty until the end is known."),
    )
    decree = CleanTextField(
        label=gettext_lazy("Decree"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Number and date of the appointment."),
    )

    def clean_account(self) -> int:
        """Return the id of the account."""
        found = account(self.cleaned_data["account"].strip())
        if found is None:
            raise forms.ValidationError(_("There is no account of this name."))
        return found


class EndForm(forms.Form):
    """On which day does an appointment end?"""

    last_day = JalaliDateField(label=gettext_lazy("Last day in office"))


class ConnectForm(forms.Form):
    """At which of the three levels is an agency connected, and where?"""

    level = forms.ChoiceField(
        label=gettext_lazy("Level"),
        choices=[(key, label) for key, label in labels.LEVELS.items()],
        widget=forms.RadioSelect,
    )
    address = forms.CharField(
        label=gettext_lazy("Address"),
        required=False,
        max_length=300,
        help_text=gettext_lazy(
            "For letters an e-mail address or a drop folder with its full path; for systems the "
            "base address of the interface, to which /inquiries is added."
        ),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    secret_name = forms.CharField(
        label=gettext_lazy("Name of the secret"),
        required=False,
        max_length=80,
        help_text=gettext_lazy(
            "The name of the setting that holds the shared secret; never the secret itself."
        ),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )

    def link(self) -> Link:
        """Return the connection that was entered."""
        told = self.cleaned_data
        return Link(told["level"], told["address"].strip(), told["secret_name"].strip())


class MandateForm(forms.Form):
    """Who may act for me or my company, for what, on which evidence, until when?"""

    principal = forms.ChoiceField(label=gettext_lazy("On behalf of"))
    agent = forms.CharField(
        label=gettext_lazy("National id of the representative"),
        max_length=20,
        help_text=gettext_lazy("Ten digits for a person, eleven for a company."),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric", "class": "w16"}),
    )
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Services"),
        required=False,
        help_text=gettext_lazy("Tick none for all services."),
        widget=forms.CheckboxSelectMultiple,
    )
    evidence = CleanTextField(
        label=gettext_lazy("Evidence"),
        max_length=300,
        help_text=gettext_lazy("Number and date of the power of attorney, and who certified it."),
    )
    starts = JalaliDateField(label=gettext_lazy("First day"))
    ends = JalaliDateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Leave it empty to let it hold until you withdraw it."),
    )

    def __init__(self, *args: Any, principals: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["principal"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = principals
        services = [(slug, pick(title)) for slug, title in service_titles().items()]
        self.fields["services"].choices = services  # type: ignore[attr-defined]

    def clean_agent(self) -> PartyCard:
        """Return the party with this number."""
        digits = fold_digits(self.cleaned_data["agent"]).replace(" ", "").replace("-", "")
        if is_national_id(digits):
            found = find_party("person", digits)
        elif is_company_id(digits):
            found = find_party("company", digits)
        else:
            raise forms.ValidationError(
                _("This is not a national id: a digit is wrong or missing.")
            )
        if found is None:
            raise forms.ValidationError(
                _("Nobody is registered with this id. The representative must register first.")
            )
        return found

    def clean_services(self) -> str:
        """Return the slugs, comma separated, or * for all."""
        return ",".join(self.cleaned_data["services"]) or "*"


class RetractForm(forms.Form):
    """Why is a calendar entry taken back?"""

    reason = CleanTextField(label=gettext_lazy("Reason"), max_length=300)


def put_errors(form: forms.Form, error: Invalid) -> None:
    """Write what an action found wrong to the fields of the form it came from."""
    wrong: Mapping[str, str] = error.facts.get("fields") or {}
    for name, message in wrong.items():
        form.add_error(name if name in form.fields else None, _(message))


def refuse(form: forms.Form, error: Invalid | Conflict) -> None:
    """Show at the form what an action refused."""
    if isinstance(error, Invalid):
        put_errors(form, error)
    else:
        form.add_error(None, " ".join(filter(None, (_(error.what), _(error.now)))))
