"""What can be typed at the desks of the ledger, and what is wrong with it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payvand.kernel.text import clean, to_persian_digits
from payvand.ledger.rules.reply import Reply
from payvand.ui.fields import JalaliDateField
from payvand.ui.forms import PackForm
from payvand.ui.language import lang, pick

Choices = Sequence[tuple[str, str]]
COMPLETION = "completion"
MOST_BYTES = 2 * 1024 * 1024
WITH_FIELDS = ("positive", "conditional")


class PlainForm(forms.Form):
    """A form whose texts are cleaned before they are kept."""

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        """Return the answers, texts in their stored form line by line."""
        whole = super().clean() or {}
        return {k: _lines(v) if isinstance(v, str) else v for k, v in whole.items()}


def _lines(text: str) -> str:
    return "\n".join(clean(line) for line in text.splitlines()).strip()


def _area(label: Any, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=4000, widget=widget
    )


class Files(NamedTuple):
    """The files of an answer that is being written."""

    sent: Any  # request.FILES
    kept: Mapping[str, Any]  # uploaded before, by field


class AnswerForm(PlainForm):
    """The answer to an inquiry, an objection or a decision."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the answers.")},
    )
    text = _area(
        gettext_lazy("Reasons or remarks"),
        gettext_lazy("A refusal needs written reasons; the applicant reads them."),
    )
    conditions = _area(gettext_lazy("Conditions"), gettext_lazy("One condition on each line."))
    refused = forms.ChoiceField(
        label=gettext_lazy("Which condition of the service is not met?"), required=False
    )
    items = forms.MultipleChoiceField(
        label=gettext_lazy("What must the applicant add?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    letter_no = forms.CharField(
        label=gettext_lazy("Number at the secretariat"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"class": "w16", "dir": "ltr", "autocomplete": "off"}),
    )
    reason = _area(
        gettext_lazy("Why is the first answer corrected?"),
        gettext_lazy("The first answer stays visible beside the new one."),
        required=True,
    )

    def __init__(
        self,
        spec: Mapping[str, Any],
        data: Any = None,
        *,
        correcting: bool = False,
        may_complete: bool = False,
        initial: Mapping[str, Any] | None = None,
        files: Files | None = None,
    ) -> None:
        """files: what was uploaded now and before; without it no file is asked for."""
        super().__init__(data, initial=dict(initial or {}))
        conditions = spec.get("conditions", ())
        items = (spec.get("completion") or {}).get("items", ()) if may_complete else ()
        why = _("Say why the first answer is corrected.")
        self.fields["reason"].error_messages["required"] = why
        self._fill("outcome", outcomes(completion=bool(items)))
        listed = [(str(c["number"]), numbered(c)) for c in conditions]
        self._fill("refused", [("", _("Choose")), *listed])
        self._fill("items", [(str(i["id"]), pick(i["title"])) for i in items])
        for name, needed in (("refused", conditions), ("items", items), ("reason", correcting)):
            if not needed:
                del self.fields[name]
        asked = [f for f in spec.get("returns", ()) if files is not None or f.get("type") != "file"]
        said = (initial or {}).get("fields") or {}
        self.kept = {f["id"]: said[f["id"]] for f in asked if f["type"] == "file"
                     and said.get(f["id"])} | dict(files.kept if files else {})  # fmt: skip
        self.returned = PackForm(
            asked, lang=lang(), codelists=spec.get("codelists", {}), data=data,
            files=files.sent if files and data is not None else None,
            facts={**said, **self.kept}, prefix="r",
        )  # fmt: skip

    def _fill(self, name: str, choices: Choices) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    @property
    def tables(self) -> dict[str, Any]:
        """Return the tables of the returned fields, for the error summary."""
        return self.returned.tables

    def is_valid(self) -> bool:
        """Tell whether the answer is complete; returned fields count where one agrees."""
        fine = super().is_valid()
        if self.data.get("outcome") in WITH_FIELDS:
            return self.returned.is_valid() and fine
        self.returned.forgive()
        return fine

    def uploads(self) -> dict[str, Any]:
        """Return the files that were uploaded and are what the question asks for."""
        return self.returned.uploads() if hasattr(self.returned, "cleaned_data") else {}

    def keep(self, field: str, value: Mapping[str, Any]) -> None:
        """Note that a file was taken in; the page says so, should it be shown again."""
        self.kept[field] = value
        self.returned.fields[field].saved_name = value["name"]  # type: ignore[attr-defined]

    @property
    def asks_completion(self) -> bool:
        """Is the applicant to add something, instead of an answer?"""
        return bool(self.cleaned_data.get("outcome") == COMPLETION)

    def reply(self) -> Reply:
        """Return the answer as the ledger takes it; parts of other outcomes are left out."""
        typed = self.cleaned_data
        outcome = typed["outcome"]
        lines = typed.get("conditions", "").splitlines() if outcome == "conditional" else ()
        return Reply(
            outcome=outcome,
            text=typed.get("text", ""),
            fields={**self.returned.answers(), **self.kept} if outcome in WITH_FIELDS else {},
            conditions=tuple(line for line in lines if line),
            refused=typed.get("refused", "") if outcome == "negative" else "",
            letter_no=typed.get("letter_no", ""),
        )


def numbered(condition: Mapping[str, Any]) -> str:
    """Return a condition of the service with its number, in the reader's digits."""
    number = str(condition["number"])
    shown = to_persian_digits(number) if lang() == "fa" else number
    return f"{shown}. {pick(condition['title'])}"


def outcomes(*, completion: bool) -> Choices:
    """Return the answers that can be given, in the order of the form."""
    found = [
        ("positive", _("We agree")),
        ("conditional", _("We agree with conditions")),
        ("negative", _("We refuse")),
        (COMPLETION, _("The applicant must add something")),
        ("not_ours", _("This is not this agency’s business")),
    ]
    return [pair for pair in found if completion or pair[0] != COMPLETION]


class OrderForm(PlainForm):
    """What an office orders when it acknowledges delay reports."""

    order = _area(
        gettext_lazy("Your order"),
        gettext_lazy("What is to be done, by whom, until when? It is kept in the record."),
        required=True,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["order"].error_messages["required"] = _("Write what is to be done.")


class ProofForm(PlainForm):
    """The proof that a resolution was carried out."""

    text = _area(
        gettext_lazy("What was done, and what proves it?"),
        gettext_lazy("For example the number and date of a letter."),
        required=True,
    )
    letter_no = forms.CharField(
        label=gettext_lazy("Number at the secretariat"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"class": "w16", "dir": "ltr", "autocomplete": "off"}),
    )


class HandOverForm(PlainForm):
    """Which colleague goes on with an inquiry, and what they should know."""

    colleague = forms.TypedChoiceField(
        label=gettext_lazy("To whom?"),
        coerce=int,
        error_messages={"required": gettext_lazy("Choose a colleague.")},
    )
    note = _area(
        gettext_lazy("Note to your colleague"),
        gettext_lazy("It is kept in the record; the applicant does not see it."),
    )

    def __init__(self, colleagues: Sequence[tuple[int, str]], data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["colleague"]
        field.choices = [("", _("Choose")), *colleagues]  # type: ignore[attr-defined]
        field.widget.attrs["autocomplete"] = "off"


class ReasonForm(PlainForm):
    """Why something is not sent any more."""

    reason = _area(gettext_lazy("Reason"), required=True)


class ReceiptForm(PlainForm):
    """The number that a secretariat gave to a letter of ours."""

    letter_no = forms.CharField(
        label=gettext_lazy("Number at the receiver’s secretariat"),
        help_text=gettext_lazy("It proves that the letter was received; the term runs from now."),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "w16", "dir": "ltr", "autocomplete": "off"}),
    )


class ImportForm(PlainForm):
    """A spreadsheet of resolutions."""

    file = forms.FileField(
        label=gettext_lazy("Spreadsheet (XLSX)"),
        help_text=gettext_lazy("Columns: title, owner, term, place, proof. At most 2,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )

    def clean_file(self) -> Any:
        """Refuse what is no spreadsheet by its name, or too large for a list of resolutions."""
        file = self.cleaned_data["file"]
        if not str(file.name).lower().endswith(".xlsx"):
            raise forms.ValidationError(_("This is not a spreadsheet in XLSX format."))
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 2 MB."))
        return file


class ClosureForm(PlainForm):
    """A closure of the working calendar, announced by an authority."""

    scope = forms.ChoiceField(
        label=gettext_lazy("Where?"),
        error_messages={"required": gettext_lazy("Choose where the offices are closed.")},
    )
    starts = JalaliDateField(label=gettext_lazy("First day"))
    ends = JalaliDateField(label=gettext_lazy("Last day"), required=False,
                           help_text=gettext_lazy("Leave empty for a single day."))  # fmt: skip
    opens = forms.TimeField(
        label=gettext_lazy("Open from"), required=False,
        help_text=gettext_lazy("Only for a part day; leave both times empty for a whole day."),
        widget=forms.TextInput(attrs={"class": "w4", "dir": "ltr", "placeholder": "07:00"}),
    )  # fmt: skip
    closes = forms.TimeField(
        label=gettext_lazy("Open until"), required=False,
        widget=forms.TextInput(attrs={"class": "w4", "dir": "ltr", "placeholder": "10:00"}),
    )  # fmt: skip
    title_fa = forms.CharField(label=gettext_lazy("Title in Persian"), max_length=160)
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=160,
                               required=False)  # fmt: skip
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=300,
        help_text=gettext_lazy("Who announced it, where and when?"),
    )  # fmt: skip
    exempt = forms.CharField(
        label=gettext_lazy("Exempt classes"), required=False, max_length=200,
        help_text=gettext_lazy("For example: bank, emergency"),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )  # fmt: skip

    def __init__(self, scopes: Choices, data: Any = None) -> None:
        super().__init__(data)
        self.fields["scope"].choices = [("", _("Choose")), *scopes]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Keep first and last day, and the hours, in their order."""
        typed = super().clean()
        first, last = typed.get("starts"), typed.get("ends")
        if first and last and last < first:
            self.add_error("ends", _("The last day lies before the first."))
        opens, closes = typed.get("opens"), typed.get("closes")
        if (opens is None) != (closes is None) and "opens" not in self.errors:
            self.add_error("closes", _("Enter both times, or none for a whole day."))
        elif opens and closes and closes <= opens:
            self.add_error("closes", _("The office cannot close before it opens."))
        return typed


def chosen_ids(data: Mapping[str, Any], name: str = "id") -> list[UUID]:
    """Return the obligations that were ticked; what is no id is left out."""
    found = []
    for text in data.getlist(name):  # type: ignore[attr-defined]
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))[:500]
