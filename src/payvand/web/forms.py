"""What is asked of somebody who signs in?"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from payvand.kernel.text import fold_digits


class SignInForm(AuthenticationForm):
    """Account name and password; the name may be typed with Persian digits."""

    error_messages = {
        "invalid_login": _("The account name or the password is not right. Please try again."),
        "inactive": _("This account is closed."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Account name")
        self.fields["password"].label = _("Password")
        for field in self.fields.values():
            field.widget.attrs["dir"] = "ltr"

    def clean_username(self) -> str:
        """Return the name with Latin digits and without stray spaces."""
        return fold_digits(self.cleaned_data["username"]).strip()
