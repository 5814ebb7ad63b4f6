"""What can be typed on the pages of the window, and what is wrong with it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from payvand.kernel.ids import check_tracking, is_company_id, is_national_id
from payvand.kernel.text import clean, fold_digits

MAX_PACK_BYTES = 400_000
Choices = Sequence[tuple[str, str]]


class PlainForm(forms.Form):
    """A form whose texts are cleaned, and whose fields say what is missing in plain words."""

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        """Return the answers, texts in their stored form."""
        whole = super().clean() or {}
        return {key: clean(v) if isinstance(v, str) else v for key, v in whole.items()}


def _text(label: Any, missing: Any, *, help_text: Any = "", most: int = 2000) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": missing},
    )


class ApplicantForm(PlainForm):
    """For whom is the application: oneself, one's company, or somebody who gave a mandate?"""

    applicant = forms.ChoiceField(
        label=gettext_lazy("In whose name do you apply?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose in whose name you apply.")},
    )

    def __init__(self, data: Any = None, *, choices: Choices) -> None:
        super().__init__(data, initial={"applicant": choices[0][0]} if len(choices) == 1 else None)
        self.fields["applicant"].choices = list(choices)  # type: ignore[attr-defined]


class CounterForm(PlainForm):
    """Whom does the counter help? The person or company, by its national id."""

    kind = forms.ChoiceField(
        label=gettext_lazy("The applicant is"),
        choices=[("person", gettext_lazy("a person")), ("company", gettext_lazy("a company"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose person or company.")},
    )
    national_id = forms.CharField(
        label=gettext_lazy("National id"),
        help_text=gettext_lazy("Ten digits for a person, eleven for a company."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "inputmode": "numeric", "class": "w16", "autocomplete": "off"}
        ),
        error_messages={"required": gettext_lazy("Enter the national id.")},
    )

    def clean_national_id(self) -> str:
        """Return the digits; the check digit finds slips."""
        typed = fold_digits(self.cleaned_data["national_id"]).replace(" ", "").replace("-", "")
        is_right = is_company_id if self.data.get("kind") == "company" else is_national_id
        if not is_right(typed):
            raise forms.ValidationError(_("This national id is not right; a digit seems mistyped."))
        return typed


class TrackingForm(PlainForm):
    """The code of a case, in any digits, with or without spaces."""

    code = forms.CharField(
        label=gettext_lazy("Tracking code"),
        help_text=gettext_lazy("Twelve digits, as on the receipt."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "inputmode": "numeric", "class": "w16", "autocomplete": "off"}
        ),
        error_messages={"required": gettext_lazy("Enter the tracking code.")},
    )

    def clean_code(self) -> str:
        """Return the twelve digits; the check digit finds slips."""
        typed = fold_digits(self.cleaned_data["code"]).replace(" ", "").replace("-", "")
        if not check_tracking(typed):
            raise forms.ValidationError(
                _("This is not a tracking code: it has twelve digits, and one seems mistyped.")
            )
        return typed


class VerifyForm(PlainForm):
    """The number or the check code of a licence."""

    q = forms.CharField(
        label=gettext_lazy("Licence number or check code"),
        help_text=gettext_lazy("As printed on the licence; digits of any script are accepted."),
        max_length=80,
        widget=forms.TextInput(attrs={"dir": "ltr", "class": "w16", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter the number of the licence.")},
    )

    def clean_q(self) -> str:
        """Return what was typed with ASCII digits."""
        return fold_digits(self.cleaned_data["q"]).strip()


class ObjectionForm(PlainForm):
    """Why the applicant does not accept the decision."""

    text = _text(
        gettext_lazy("Your objection"),
        gettext_lazy("Write why you object."),
        help_text=gettext_lazy("Name the condition or the answer that you think is wrong."),
        most=4000,
    )


class WithdrawForm(PlainForm):
    """Why the application is taken back."""

    reason = _text(
        gettext_lazy("Why do you withdraw?"),
        gettext_lazy("Write a short reason."),
        help_text=gettext_lazy("Open inquiries are cancelled; this cannot be undone."),
        most=300,
    )


class PayForm(PlainForm):
    """The receipt of a payment."""

    receipt = forms.CharField(
        label=gettext_lazy("Receipt number"),
        help_text=gettext_lazy("The number that the bank or the payment portal gave you."),
        max_length=60,
        widget=forms.TextInput(attrs={"dir": "ltr", "class": "w16", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter the receipt number.")},
    )

    def clean_receipt(self) -> str:
        """Return the number with ASCII digits."""
        return fold_digits(self.cleaned_data["receipt"])


OUTCOMES: tuple[tuple[str, Any], ...] = (
    ("positive", gettext_lazy("Approve")),
    ("conditional", gettext_lazy("Approve with conditions")),
    ("negative", pgettext_lazy("decision", "Refuse")),
)


class DecideForm(PlainForm):
    """A decision with its reasons; a refusal names the numbered condition that is not met."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a decision.")},
    )
    refused = forms.ChoiceField(
        label=gettext_lazy("Condition that is not met"),
        help_text=gettext_lazy("Only for a refusal."),
        required=False,
    )
    conditions = forms.CharField(
        label=gettext_lazy("Conditions of the approval"),
        help_text=gettext_lazy("Only for an approval with conditions; one on each line."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    text = forms.CharField(
        label=gettext_lazy("Reasons"),
        help_text=gettext_lazy("The applicant reads them. A refusal needs them."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    letter_no = forms.CharField(
        label=gettext_lazy("Secretariat number"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "class": "w16"}),
    )

    def __init__(self, data: Any = None, *, outcomes: Sequence[str], conditions: Choices) -> None:
        super().__init__(data)
        kept = [(key, label) for key, label in OUTCOMES if key in outcomes]
        self.fields["outcome"].choices = kept  # type: ignore[attr-defined]
        self.fields["refused"].choices = [("", _("Choose")), *conditions]  # type: ignore[attr-defined]
        if not conditions:
            del self.fields["refused"]

    def clean(self) -> dict[str, Any]:
        """Judge what the decision itself asks for."""
        whole = super().clean()
        outcome = whole.get("outcome")
        if outcome == "negative" and not whole.get("text"):
            self.add_error("text", _("A refusal needs written reasons."))
        if outcome == "negative" and "refused" in self.fields and not whole.get("refused"):
            self.add_error("refused", _("Choose the condition that is not met."))
        if outcome == "conditional" and not whole.get("conditions"):
            self.add_error("conditions", _("Write at least one condition."))
        return whole

    def lines(self) -> tuple[str, ...]:
        """Return the conditions, one for each line that is not empty."""
        text = self.cleaned_data.get("conditions", "")
        return tuple(line.strip() for line in text.splitlines() if line.strip())


class LicenceForm(PlainForm):
    """Why a licence is suspended, revoked or reinstated; only the service's own reasons."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        error_messages={"required": gettext_lazy("Choose a reason.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Explanation"),
        max_length=250,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, reasons: Choices) -> None:
        super().__init__(data)
        if reasons:
            self.fields["reason"].choices = [("", _("Choose")), *reasons]  # type: ignore[attr-defined]
        else:
            del self.fields["reason"]
            self.fields["note"].required = True
            self.fields["note"].error_messages["required"] = _("Write the reason.")

    def said(self) -> str:
        """Return the reason as it is stored: the declared code, and what was added."""
        chosen = self.cleaned_data.get("reason", "")
        note = self.cleaned_data.get("note", "")
        return f"{chosen}: {note}" if chosen and note else chosen or note


class PackForm(PlainForm):
    """A service pack, pasted or uploaded, with its owner and the day it takes effect."""

    text = forms.CharField(
        label=gettext_lazy("The pack (YAML)"),
        help_text=gettext_lazy("Paste the text, or choose a file below."),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "dir": "ltr", "spellcheck": "false"}),
    )
    upload = forms.FileField(
        label=gettext_lazy("Or a file"),
        help_text=gettext_lazy("service.yaml, at most 400 kilobytes."),
        required=False,
    )
    owner = forms.ChoiceField(
        label=gettext_lazy("Owner office"),
        error_messages={"required": gettext_lazy("Choose the office that owns the service.")},
    )

    def __init__(self, data: Any = None, files: Any = None, *, owners: Choices) -> None:
        super().__init__(data, files)
        from payvand.ui.fields import JalaliDateField

        self.fields["owner"].choices = [("", _("Choose")), *owners]  # type: ignore[attr-defined]
        self.fields["effective_from"] = JalaliDateField(label=_("Takes effect on"), required=True)

    def clean(self) -> dict[str, Any]:
        """Take the text of the file when one was chosen; its loader judges the YAML."""
        whole = dict(self.cleaned_data)
        upload = whole.get("upload")
        whole["filename"] = "service.yaml"
        if upload is not None:
            whole["filename"] = str(upload.name)[:120]
            whole["text"] = self._read(upload)
        if not str(whole.get("text") or "").strip() and "upload" not in self.errors:
            self.add_error("text", _("Paste the pack or choose its file."))
        return whole

    def show(self, text: str) -> None:
        """Show the text that was judged, also when it came in a file."""
        data: Any = self.data
        self.data = {**data.dict(), "text": text}

    def _read(self, upload: Any) -> str:
        if upload.size > MAX_PACK_BYTES:
            self.add_error("upload", _("The file is larger than 400 kilobytes."))
            return ""
        try:
            return str(upload.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error("upload", _("The file is not UTF-8 text."))
            return ""


def reply_from(cleaned: Mapping[str, Any], conditions: tuple[str, ...]) -> dict[str, Any]:
    """Return the parts of a decision as the ledger's reply takes them."""
    return {
        "outcome": cleaned["outcome"],
        "text": cleaned.get("text", ""),
        "conditions": conditions if cleaned["outcome"] == "conditional" else (),
        "refused": cleaned.get("refused", "") if cleaned["outcome"] == "negative" else "",
        "letter_no": cleaned.get("letter_no", ""),
    }
