"""What is asked of whoever keeps a profile, claims one, or decides at the databank's desk?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from payvand.registry import databank_labels as labels
from payvand.registry.public import all_places, children_of, country, find_party
from payvand.registry.public import databank as door
from payvand.registry.rules.databank import PERSONAL
from payvand.registry.rules.import_files import MOST_MB
from payvand.ui.codes import CodesForm
from payvand.ui.fields import CleanTextField, JalaliDateField, NumberField, UnitField, choose
from payvand.ui.language import pick
from payvand.ui.uploads import MB

AREA = {"rows": 4}


def _choices(named: Any, *, empty: Any = "") -> list[tuple[str, Any]]:
    return [("", empty), *named.items()]


def place_choices() -> list[Any]:
    """Return provinces with their counties, grouped, for a select."""
    root = country()
    found: list[Any] = [("", "")]
    for province in children_of(root) if root else ():
        inner = [(province.code, pick(province.name))]
        inner += [(card.code, pick(card.name)) for card in children_of(province.code)]
        found.append((pick(province.name), inner))
    return found


def province_choices() -> list[tuple[str, str]]:
    """Return the provinces, for a select."""
    root = country()
    return [(card.code, pick(card.name)) for card in (children_of(root) if root else ())]


def field_choices() -> list[tuple[str, str]]:
    """Return the fields of work, for a select."""
    return [(key, pick(name)) for key, name in door.fields().items()]


class ProfileForm(forms.Form):
    """Who are we, where, how large, in which languages?"""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    field = forms.ChoiceField(label=gettext_lazy("Main field of work"), required=False)
    about_fa = CleanTextField(
        label=gettext_lazy("About us, in Persian"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={**AREA, "dir": "rtl", "lang": "fa"}),
    )  # fmt: skip
    about_en = CleanTextField(
        label=gettext_lazy("About us, in English"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={**AREA, "dir": "ltr", "lang": "en"}),
    )  # fmt: skip
    place = forms.ChoiceField(label=gettext_lazy("Place of work"), required=False)
    place_2 = forms.ChoiceField(label=gettext_lazy("Another place of work"), required=False)
    from_home = forms.BooleanField(
        label=gettext_lazy("Works from home, without an office"), required=False
    )
    size_band = forms.ChoiceField(
        label=gettext_lazy("Size"), required=False, choices=_choices(labels.SIZES)
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages of work"), required=False,
        choices=list(labels.LANGUAGES.items()), widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    website = forms.CharField(
        label=gettext_lazy("Web address"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "url"}),
    )  # fmt: skip
    exports = forms.ChoiceField(
        label=gettext_lazy("Do you export?"), required=False, choices=list(labels.EXPORTS.items())
    )
    exports_shown = forms.BooleanField(
        label=gettext_lazy("Show everybody that we export"), required=False,
        help_text=gettext_lazy("Without this tick only eligibility for needs reads it; it never "
                               "enters open data."),
    )  # fmt: skip
    is_shown = forms.BooleanField(
        label=gettext_lazy("Show this profile to everybody"), required=False
    )

    def __init__(self, *args: Any, personal: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = {k: v for k, v in labels.KINDS.items() if (k in PERSONAL) == personal}
        wanted: dict[str, list[Any]] = {
            "kind": list(kinds.items()), "field": [("", ""), *field_choices()],
            "place": place_choices(), "place_2": place_choices(),
        }  # fmt: skip
        for name, choices in wanted.items():
            choose(self, name, choices)
        if personal:  # whether a person is shown is asked by itself, as a consent
            for name in ("is_shown", "size_band"):
                del self.fields[name]

    def draft(self) -> door.ProfileDraft:
        """Return what was entered."""
        told = self.cleaned_data
        return door.ProfileDraft(
            kind=told["kind"], field=told["field"], about_fa=told["about_fa"],
            about_en=told["about_en"], from_home=told["from_home"],
            languages=tuple(told["languages"]), size_band=told.get("size_band", ""),
            exports={"yes": True, "no": False}.get(told["exports"]),
            exports_shown=told["exports_shown"], website=told["website"].strip(),
            is_shown=told.get("is_shown", False),
            places=tuple(dict.fromkeys(filter(None, (told["place"], told["place_2"])))),
        )  # fmt: skip


class EntryForm(CodesForm):
    """An entry that carries codes."""

    look_up = "registry:databank_codes"

    def told(self) -> dict[str, Any]:
        """Return what was entered, without the words that only looked for a code."""
        return {name: value for name, value in self.cleaned_data.items() if name != "find_code"}


class ShareForm(EntryForm):
    """What a capability and a product have in common."""

    title_fa = CleanTextField(label=gettext_lazy("Name in Persian"), max_length=200)
    title_en = CleanTextField(
        label=gettext_lazy("Name in English"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"dir": "ltr", "lang": "en"}),
    )  # fmt: skip
    text_fa = CleanTextField(
        label=gettext_lazy("Description in Persian"), required=False, max_length=2000,
        widget=forms.Textarea(attrs=AREA),
    )  # fmt: skip
    text_en = CleanTextField(
        label=gettext_lazy("Description in English"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={**AREA, "dir": "ltr", "lang": "en"}),
    )  # fmt: skip
    domestic_percent = NumberField(
        label=gettext_lazy("Domestic share"), required=False, whole=True, least=0, most=100,
        unit=gettext_lazy("percent"),
    )  # fmt: skip
    domestic_basis = CleanTextField(
        label=gettext_lazy("Basis of the domestic share"), required=False, max_length=200,
        help_text=gettext_lazy("How it was counted: value of materials, hours of work…"),
    )  # fmt: skip


class CapabilityForm(ShareForm):
    """What can we do, how ripe is it, how much of it a month?"""

    readiness = NumberField(
        label=gettext_lazy("Technology readiness level"), required=False, whole=True, least=1,
        most=9, help_text=gettext_lazy("1: an idea … 9: proven in regular use."),
    )  # fmt: skip
    capacity = NumberField(label=gettext_lazy("Monthly capacity"), required=False, least=0)
    capacity_unit = UnitField(
        label=gettext_lazy("Unit of the capacity"), required=False, max_length=40,
        help_text=gettext_lazy("Tonnes, pieces, person-hours…"),
    )  # fmt: skip
    field_order = ("title_fa", "title_en", "text_fa", "text_en", "readiness", "capacity",
                   "capacity_unit", "domestic_percent", "domestic_basis", "codes",
                   "find_code")  # fmt: skip

    def draft(self) -> door.CapabilityDraft:
        """Return what was entered."""
        return door.CapabilityDraft(**self.told())


class ProductForm(ShareForm):
    """What do we make?"""

    field_order = ("title_fa", "title_en", "text_fa", "text_en", "domestic_percent",
                   "domestic_basis", "codes", "find_code")  # fmt: skip

    def draft(self) -> door.ProductDraft:
        """Return what was entered."""
        return door.ProductDraft(**self.told())


class CertificateForm(forms.Form):
    """Which certificate, by whom, until when?"""

    title = CleanTextField(label=gettext_lazy("Certificate"), max_length=160)
    number = CleanTextField(
        label=pgettext_lazy("document", "Number"), required=False, max_length=60
    )
    issuer = CleanTextField(label=gettext_lazy("Issued by"), required=False, max_length=160)
    valid_from = JalaliDateField(label=gettext_lazy("First day"), required=False)
    valid_to = JalaliDateField(label=gettext_lazy("Last day"), required=False)

    def draft(self) -> door.CertificateDraft:
        """Return what was entered."""
        return door.CertificateDraft(**self.cleaned_data)


class EvidenceForm(EntryForm):
    """What have we done, for whom, when?"""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=list(labels.EVIDENCE.items()))
    text_fa = CleanTextField(
        label=gettext_lazy("What was done, in Persian"), required=False, max_length=2000,
        help_text=gettext_lazy("One or two sentences: what, how much, for which use. Needs are "
                               "matched with these words."),
        widget=forms.Textarea(attrs=AREA),
    )  # fmt: skip
    text_en = CleanTextField(
        label=gettext_lazy("What was done, in English"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={**AREA, "dir": "ltr", "lang": "en"}),
    )  # fmt: skip
    dated = JalaliDateField(label=gettext_lazy("Date"), required=False)
    client = CleanTextField(label=gettext_lazy("Client"), required=False, max_length=160)
    client_shown = forms.BooleanField(
        label=gettext_lazy("The client agrees to be named"), required=False,
        help_text=gettext_lazy("Without this tick only you and the registrar see the name."),
    )  # fmt: skip
    field_order = ("kind", "text_fa", "text_en", "dated", "client", "client_shown", "codes",
                   "find_code")  # fmt: skip

    def draft(self) -> door.EvidenceDraft:
        """Return what was entered."""
        return door.EvidenceDraft(**self.told())


ENTRY_FORMS: dict[str, type[Any]] = {
    "capability": CapabilityForm,
    "product": ProductForm,
    "certificate": CertificateForm,
    "evidence": EvidenceForm,
}


class ClaimForm(forms.Form):
    """Whose profile is it, and how do you prove that you may keep it?"""

    national_id = forms.CharField(
        label=gettext_lazy("National identifier"), max_length=20,
        help_text=gettext_lazy("Eleven digits for a firm; your own ten digits for a personal "
                               "profile."),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric", "class": "w11"}),
    )  # fmt: skip
    proof = CleanTextField(
        label=gettext_lazy("Proof"), required=False, max_length=500,
        help_text=gettext_lazy("For a firm: number and date of the official gazette, or of the "
                               "letter that appoints you."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    name_fa = CleanTextField(
        label=gettext_lazy("Registered name"), required=False, max_length=160,
        help_text=gettext_lazy("Only if the firm is not in the databank yet."),
    )  # fmt: skip
    place = forms.ChoiceField(label=gettext_lazy("Place of work"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "place", place_choices())

    def draft(self) -> door.ClaimDraft:
        """Return what was entered."""
        return door.ClaimDraft(**self.cleaned_data)


class PersonForm(forms.Form):
    """Who works here?"""

    national_id = forms.CharField(
        label=gettext_lazy("National id of the person"), max_length=20,
        help_text=gettext_lazy("The person must be registered, and decides whether to be shown."),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric", "class": "w11"}),
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("As"), choices=list(labels.POSITIONS.items()))
    title_fa = CleanTextField(label=gettext_lazy("Post in Persian"), required=False, max_length=120)
    title_en = CleanTextField(label=gettext_lazy("Post in English"), required=False, max_length=120)

    def clean_national_id(self) -> UUID:
        """Return the id of the registered person."""
        found = find_party("person", self.cleaned_data["national_id"])
        if found is None:
            raise forms.ValidationError(
                _("Nobody is registered with this id. Ask the person to sign in once.")
            )
        return found.id

    def draft(self) -> door.PositionDraft:
        """Return what was entered."""
        told = self.cleaned_data
        return door.PositionDraft(
            told["national_id"], told["kind"], told["title_fa"], told["title_en"]
        )


class ReasonForm(forms.Form):
    """Why is it decided so?"""

    reason = CleanTextField(
        label=gettext_lazy("Reason"), required=False, max_length=300,
        help_text=gettext_lazy("A refusal needs one; the claimant reads it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class ImportForm(forms.Form):
    """Which file of firms?"""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("XLSX, CSV or JSON, at most 20 MB. The first row names columns."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.json,.txt"}),
    )  # fmt: skip

    def clean_file(self) -> Any:
        """Refuse a file that is too large before it is opened."""
        file = self.cleaned_data["file"]
        if (file.size or 0) > MOST_MB * MB:
            raise forms.ValidationError(
                _("The file is too large. Split it into files of at most 20 MB; importing twice "
                  "does no harm.")
            )  # fmt: skip
        return file


def known_place(code: str) -> str:
    """Return the code when it is one of ours; an unknown one is no filter."""
    return code if code in all_places() else ""
