"""What is asked of buyers, firms and organisers of fairs? Whatever was typed stays in the form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payvand.kernel.errors import Conflict, Invalid
from payvand.kernel.text import fold_digits
from payvand.matching.exchange import labels
from payvand.matching.exchange.answers import LineDraft
from payvand.matching.exchange.fairs import Layout, Registration
from payvand.matching.exchange.reading import Filters
from payvand.matching.models import Need, NeedRequirement
from payvand.matching.rules import needs as rules
from payvand.matching.rules.needs import NeedDraft, RequirementDraft
from payvand.registry import public as registry
from payvand.registry.public import databank
from payvand.ui.codes import CodesForm
from payvand.ui.errors import said
from payvand.ui.fields import (
    CleanTextField,
    JalaliDateField,
    MoneyField,
    NumberField,
    UnitField,
    choose,
)
from payvand.ui.language import pick

ROWS, MORE = 3, 3  # requirement rows to begin with, and added at a time
LONG = {"rows": 4}
FA, EN = {"dir": "rtl", "lang": "fa"}, {"dir": "ltr", "lang": "en"}
Choices = list[tuple[str, Any]]


def refuse(form: forms.Form, error: Invalid | Conflict) -> None:
    """Show at the form what an action refused, field by field where it says which."""
    fields: dict[str, str] = error.facts.get("fields") or {}
    for name, message in fields.items():
        form.add_error(name if name in form.fields else None, _(message))
    if not fields:
        told = (said(text, error.facts) for text in (error.what, error.why, error.now))
        form.add_error(None, " ".join(filter(None, told)))


def province_choices() -> Choices:
    """Return the provinces, for a select."""
    root = registry.country()
    return [(c.code, pick(c.name)) for c in (registry.children_of(root) if root else ())]


def place_choices() -> list[Any]:
    """Return provinces with their counties, grouped, for a select."""
    found: list[Any] = [("", "")]
    for code, name in province_choices():
        inner = [(card.code, pick(card.name)) for card in registry.children_of(code)]
        found.append((name, [(code, name), *inner]))
    return found


def field_choices() -> Choices:
    """Return the fields of work, for a select."""
    return [(key, pick(name)) for key, name in databank.fields().items()]


def party_choices(parties: list[UUID]) -> Choices:
    """Return parties with their names, in the order given."""
    names = registry.party_names(parties)
    return [(str(key), pick(names[key])) for key in parties if key in names]


def filters_of(get: Any) -> Filters:
    """Return what a list of needs is narrowed to; unknown values narrow nothing."""
    places = registry.all_places()
    province, field = get("province", ""), get("field", "")
    sector, state = get("sector", ""), get("state", "")
    return Filters(
        get("q", "").strip()[:120], field if field in databank.fields() else "",
        province if province in places else "", sector if sector in labels.SECTORS else "",
        state if state in rules.SHOWN else "",
    )  # fmt: skip


class NeedForm(CodesForm):
    """What do we need, how much, where, by when, for about how much?"""

    look_up = "registry:databank_codes"

    title_fa = CleanTextField(label=gettext_lazy("Title in Persian"), max_length=200,
                              widget=forms.TextInput(attrs=FA))  # fmt: skip
    title_en = CleanTextField(label=gettext_lazy("Title in English"), max_length=200,
                              required=False, widget=forms.TextInput(attrs=EN))  # fmt: skip
    text_fa = forms.CharField(
        label=gettext_lazy("Description in Persian"), required=False, max_length=4000,
        help_text=gettext_lazy("In your own words: what it is for, what it must do."),
        widget=forms.Textarea(attrs={**LONG, **FA}),
    )  # fmt: skip
    text_en = forms.CharField(
        label=gettext_lazy("Description in English"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={**LONG, **EN}),
    )  # fmt: skip
    is_public = forms.BooleanField(
        label=gettext_lazy("We buy with public money"), required=False,
        help_text=gettext_lazy("All eligible firms are notified then, and no ranking is shown "
                               "before the answers are closed. Offices always buy so."),
    )  # fmt: skip
    field = forms.ChoiceField(label=gettext_lazy("Field of work"), required=False)
    quantity = NumberField(label=gettext_lazy("Quantity"), required=False)
    unit = UnitField(label=gettext_lazy("Unit"), required=False, max_length=40)
    place = forms.ChoiceField(
        label=gettext_lazy("Place of delivery"), required=False,
        help_text=gettext_lazy("Shown to everybody, down to the county."),
    )  # fmt: skip
    site = forms.ChoiceField(
        label=gettext_lazy("Site of use"), required=False,
        help_text=gettext_lazy("Never shown to anybody else, nor is the tier that the responsible "
                               "authority gave it."),
    )  # fmt: skip
    answers_until = JalaliDateField(label=gettext_lazy("Answers until"), required=False)
    wanted_by = JalaliDateField(label=gettext_lazy("Delivery by"), required=False)
    budget_least = MoneyField(label=gettext_lazy("Budget from"), required=False)
    budget_most = MoneyField(label=gettext_lazy("Budget up to"), required=False)
    tender_due = forms.BooleanField(
        label=gettext_lazy("The law asks for a tender number"), required=False
    )
    tender_no = CleanTextField(label=gettext_lazy("Tender number"), required=False, max_length=60)

    def __init__(self, *args: Any, buyer: UUID, **options: Any) -> None:
        super().__init__(*args, **options)
        sites = [(str(card.id), card.title or card.address) for card in registry.sites_of(buyer)]
        choose(self, "field", [("", ""), *field_choices()])
        choose(self, "place", place_choices())
        choose(self, "site", [("", ""), *sites])
        if not sites:
            del self.fields["site"]
        if registry.party(buyer).kind == "agency":
            del self.fields["is_public"]

    def sections(self) -> list[tuple[str, list[list[Any]]]]:
        """Return the fields under their headings, those that stand side by side together."""
        return [
            (title, [[self[n] for n in row if n in self.fields] for row in rows])
            for title, rows in (
                (_("What is needed"), (("title_fa",), ("title_en",), ("text_fa",), ("text_en",))),
                (_("How much, where, by when"),
                 (("quantity", "unit"), ("place",), ("site",), ("answers_until",), ("wanted_by",))),
                (_("Money and law"), (("budget_least", "budget_most"), ("is_public",),
                                      ("tender_due",), ("tender_no",))),
                (_("Field and codes"), (("field",), ("codes",), ("find_code",))),
            )
        ]  # fmt: skip

    def draft(self, requirements: list[RequirementDraft]) -> NeedDraft:
        """Return what was entered."""
        told = dict(self.cleaned_data)
        site = told.pop("site", "")
        del told["find_code"]
        return NeedDraft(
            **{**told, "is_public": told.get("is_public", False), "place": told["place"] or None},
            site=UUID(site) if site else None, requirements=requirements,
        )  # fmt: skip


def initial_of(row: Need) -> dict[str, Any]:
    """Return a stored need as the form shows it."""
    names = [n for n in NeedForm.base_fields if n not in ("place", "site", "find_code")]
    told = {name: getattr(row, name) for name in names}
    return told | {"place": row.place_id or "", "site": str(row.site_id or "")}


class RequirementForm(forms.Form):
    """One requirement: in words, essential or not, and what can be checked by itself."""

    text = CleanTextField(label=gettext_lazy("What is required"), required=False, max_length=300)
    text_en = CleanTextField(label=gettext_lazy("The same in English"), required=False,
                             max_length=300, widget=forms.TextInput(attrs=EN))  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("Checked by itself"), choices=list(labels.REQUIREMENTS.items()),
        required=False, initial="text",
    )  # fmt: skip
    value = forms.CharField(label=gettext_lazy("Which, how many"), required=False, max_length=120)
    weight = forms.ChoiceField(
        label=gettext_lazy("Weight"), required=False, initial="essential",
        choices=[("essential", gettext_lazy("essential")), ("nice", gettext_lazy("nice to have"))],
    )  # fmt: skip

    def draft(self) -> RequirementDraft | None:
        """Return the requirement; None for an empty row."""
        told = self.cleaned_data
        value, kind = told["value"].strip(), told["kind"] or "text"
        if not (told["text"] or value) and kind == "text":
            return None
        if kind in ("readiness", "domestic", "work"):
            value = fold_digits(value).rstrip("%٪").strip()
        return RequirementDraft(
            told["text"],
            told["weight"] != "nice",
            kind,
            _known(kind, value) or value,
            told["text_en"],
        )


def _known(kind: str, typed: str) -> str:
    """Return the key of a field, province or language that was typed by its name."""
    named: dict[str, Choices] = {"field": field_choices(), "province": province_choices()}
    wanted = typed.strip().casefold()
    for key, name in named.get(kind, ()):
        if wanted in (key.casefold(), str(name).casefold()):
            return key
    if kind in named and typed:
        other = databank.fields() if kind == "field" else {}
        return next((k for k, v in other.items() if wanted in map(str.casefold, v.values())), "")
    return ""


class RequirementRows:
    """The rows of requirements of a need; a button adds more, without script."""

    def __init__(self, data: Any = None, initial: list[dict[str, Any]] | None = None) -> None:
        count = max(ROWS, len(initial or ()) + 1)
        if data is not None:
            typed = data.get("rows", "")
            count = int(typed) if typed.isascii() and typed.isdigit() else ROWS
            count = min(count + (MORE if "more" in data else 0), rules.MOST_REQUIREMENTS)
        given = initial or []
        self.count = count
        self.forms = [
            RequirementForm(data, prefix=f"r{n}", initial=given[n - 1] if n <= len(given) else None)
            for n in range(1, count + 1)
        ]

    def drafts(self) -> list[tuple[RequirementForm, RequirementDraft]]:
        """Return the rows that say something, each with its form."""
        return [(f, told) for f in self.forms if f.is_valid() and (told := f.draft())]

    def refuse(self, wrong: dict[str, str], used: list[RequirementForm]) -> None:
        """Show what is wrong at the row it is in; takes these out of `wrong`."""
        for n, form in enumerate(used, 1):
            if message := wrong.pop(f"requirement_{n}", ""):
                kind = form.cleaned_data.get("kind") or "text"
                name = "value" if form.cleaned_data["text"] and kind != "text" else "text"
                form.add_error(name, _(message))


def refuse_need(form: NeedForm, rows: RequirementRows, error: Invalid | Conflict,
                used: list[RequirementForm]) -> None:  # fmt: skip
    """Show what an action refused of a need: at its fields, and at the rows of requirements."""
    wrong = dict(error.facts.get("fields") or {})
    count = len(wrong)
    rows.refuse(wrong, used)
    if len(wrong) < count:
        form.add_error(None, _("Some requirements need correction: see the marked rows."))
    if wrong or not count:
        error.facts["fields"] = wrong
        refuse(form, error)


def quiet(form: forms.Form) -> None:
    """Show what was typed so far without judging it yet."""
    form._errors = forms.utils.ErrorDict()  # type: ignore[attr-defined]  # Django: judged, clean


def requirements_of(row: Need) -> list[dict[str, Any]]:
    """Return the requirements of a stored need as the form shows them."""
    return [
        {"text": r.text, "text_en": r.text_en, "kind": r.kind, "value": r.value,
         "weight": "essential" if r.is_essential else "nice"}
        for r in row.requirements.order_by("no")
    ]  # fmt: skip


class AnswerForm(forms.Form):
    """What does our firm say to each requirement, and what shows it?"""

    ready_on = JalaliDateField(label=gettext_lazy("Can deliver from"), required=False)
    remark = forms.CharField(
        label=gettext_lazy("Remark to the buyer"), required=False, max_length=2000,
        widget=forms.Textarea(attrs=LONG),
    )  # fmt: skip

    def __init__(self, *args: Any, asked: list[NeedRequirement], items: Choices,
                 **options: Any) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.asked = asked
        for one in asked:
            self.fields[f"says_{one.no}"] = forms.ChoiceField(
                label=labels.requirement(one), required=one.is_essential, widget=forms.RadioSelect,
                error_messages={"required": _("Say yes, partly or no.")},
                choices=list(labels.SAYS.items()),
            )  # fmt: skip
            self.fields[f"text_{one.no}"] = CleanTextField(
                label=_("In a few words"), required=False, max_length=500
            )
            self.fields[f"evidence_{one.no}"] = forms.MultipleChoiceField(
                label=_("What shows it"), required=False, choices=items,
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip

    def by_requirement(self) -> list[tuple[str, bool, list[Any]]]:
        """Return what is required, whether it is essential, and its fields."""
        names = ("says", "text", "evidence")
        return [
            (labels.requirement(one), one.is_essential, [self[f"{n}_{one.no}"] for n in names])
            for one in self.asked
        ]

    def rest(self) -> list[Any]:
        """Return the fields that belong to the whole answer."""
        return [self["ready_on"], self["remark"]]

    def lines(self) -> dict[int, LineDraft]:
        """Return what was said to each requirement."""
        told = self.cleaned_data
        return {
            one.no: LineDraft(told[f"says_{one.no}"], told[f"text_{one.no}"],
                              tuple(told[f"evidence_{one.no}"]))
            for one in self.asked if told[f"says_{one.no}"]
        }  # fmt: skip


class EntryForm(forms.Form):
    """Who takes part in the fair, on which side, and whom do they wish to meet?"""

    party = forms.ChoiceField(label=gettext_lazy("For whom"))
    side = forms.ChoiceField(
        label=gettext_lazy("How"), choices=list(labels.SIDES.items()), widget=forms.RadioSelect
    )
    need = forms.ChoiceField(
        label=gettext_lazy("Need that is shown"), required=False,
        help_text=gettext_lazy("For buyers: one of your open needs."),
    )  # fmt: skip
    wishes = forms.MultipleChoiceField(
        label=gettext_lazy("Whom you wish to meet"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    days = forms.ChoiceField(label=gettext_lazy("Present on"), required=False)

    def __init__(self, *args: Any, parties: Choices, needs: Choices, others: Choices,
                 days: Choices, **options: Any) -> None:  # fmt: skip
        super().__init__(*args, **options)
        choose(self, "party", parties)
        choose(self, "need", [("", ""), *needs])
        choose(self, "wishes", others)
        choose(self, "days", days)

    def told(self) -> Registration:
        """Return what was entered."""
        told = self.cleaned_data
        return Registration(
            told["side"], UUID(told["need"]) if told["need"] else None,
            tuple(UUID(key) for key in told["wishes"]), told["days"],
        )  # fmt: skip


class LayoutForm(forms.Form):
    """How many rooms and slots has the fair?"""

    slots_a_day = NumberField(label=gettext_lazy("Meetings one after another, a day"), whole=True)
    minutes = NumberField(label=gettext_lazy("Minutes of a meeting"), whole=True)
    begins = forms.RegexField(r"^([01][0-9]|2[0-3]):[0-5][0-9]$", label=gettext_lazy("Begins at"))
    rooms = NumberField(label=gettext_lazy("Tables"), whole=True)
    most = NumberField(label=gettext_lazy("Meetings of one firm at most"), whole=True)

    def layout(self) -> Layout:
        """Return what was entered."""
        return Layout(**self.cleaned_data)
