"""What is asked of whoever founds, changes or moves a group, or adds a member?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from payvand.registry import databank_labels as labels
from payvand.registry.forms.databank import field_choices, place_choices
from payvand.registry.public import databank as door
from payvand.ui.fields import CleanTextField, JalaliDateField, choose

FA, EN = {"dir": "rtl", "lang": "fa"}, {"dir": "ltr", "lang": "en"}


class GroupForm(forms.Form):
    """What is the group called, what is it for, where, who leads it?"""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    name_fa = CleanTextField(label=gettext_lazy("Name in Persian"), max_length=160,
                             widget=forms.TextInput(attrs=FA))  # fmt: skip
    name_en = CleanTextField(label=gettext_lazy("Name in English"), max_length=160, required=False,
                             widget=forms.TextInput(attrs=EN))  # fmt: skip
    about_fa = CleanTextField(
        label=gettext_lazy("What it is for, in Persian"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, **FA}),
    )  # fmt: skip
    about_en = CleanTextField(
        label=gettext_lazy("What it is for, in English"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, **EN}),
    )  # fmt: skip
    field = forms.ChoiceField(label=gettext_lazy("Main field of work"), required=False)
    place = forms.ChoiceField(label=gettext_lazy("Place"), required=False)
    lead = forms.ChoiceField(
        label=gettext_lazy("Led by"), required=False,
        help_text=gettext_lazy("The organiser keeps this page, its states and its members."),
    )  # fmt: skip
    starts = JalaliDateField(label=gettext_lazy("First day (of a fair)"), required=False)
    ends = JalaliDateField(label=gettext_lazy("Last day (of a fair)"), required=False)

    def __init__(
        self, *args: Any, kinds: list[str], leads: list[tuple[str, str]], is_new: bool,
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        choose(self, "kind", [(key, labels.GROUPS[key]) for key in kinds])
        choose(self, "field", [("", ""), *field_choices()])
        choose(self, "place", place_choices())
        choose(self, "lead", [("", gettext_lazy("nobody yet")), *leads])
        if not is_new:
            del self.fields["kind"], self.fields["lead"]
            if kinds != ["fair"]:
                del self.fields["starts"], self.fields["ends"]

    def draft(self) -> door.GroupDraft:
        """Return what was entered."""
        told = dict(self.cleaned_data)
        lead, place = told.pop("lead", ""), told.pop("place", "")
        return door.GroupDraft(
            **{"kind": "", **told}, place=place or None, lead=UUID(lead) if lead else None
        )


class MemberForm(forms.Form):
    """Who takes part? A name or a national id."""

    who = CleanTextField(
        label=gettext_lazy("Add a member"), max_length=80,
        help_text=gettext_lazy("Its national id, or part of its name."),
    )  # fmt: skip


class StateForm(forms.Form):
    """Into which state does a group go, since when?"""

    state = forms.ChoiceField(label=gettext_lazy("New state"))
    since = JalaliDateField(label=gettext_lazy("Since"))
    note = CleanTextField(label=gettext_lazy("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, states: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "state", states)
