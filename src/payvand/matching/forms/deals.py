"""What is asked when a need is extended or withdrawn, and at each step of a deal?"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from payvand.matching.exchange import labels
from payvand.matching.rules import needs as rules
from payvand.ui.fields import CleanTextField, JalaliDateField, MoneyField, choose


class ReasonForm(forms.Form):
    """Why is a need withdrawn?"""

    reason = CleanTextField(
        label=gettext_lazy("Reason"), max_length=300,
        help_text=gettext_lazy("Everybody concerned reads it, and it stays on the page."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class ExtendForm(ReasonForm):
    """Until when may firms answer now, and why is it later?"""

    until = JalaliDateField(label=gettext_lazy("New last day for answers"))
    field_order = ["until", "reason"]


class EndForm(forms.Form):
    """Why and when did the deal end without a contract?"""

    because = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=[("", ""), *labels.ENDINGS.items()]
    )
    on = JalaliDateField(label=gettext_lazy("Day"))
    note = CleanTextField(
        label=gettext_lazy("In a few words"), required=False, max_length=300,
        help_text=gettext_lazy("Only the two sides read it."),
    )  # fmt: skip


class ResumeForm(forms.Form):
    """Why and since when does a deal go on that had ended?"""

    on = JalaliDateField(label=gettext_lazy("Day"))
    reason = CleanTextField(
        label=gettext_lazy("Reason"), max_length=300,
        help_text=gettext_lazy("Only the two sides read it."),
    )  # fmt: skip


class StepForm(forms.Form):
    """Which step was reached, and on which day?"""

    kind = forms.ChoiceField(label=gettext_lazy("Step"))
    on = JalaliDateField(label=gettext_lazy("Day"))
    note = CleanTextField(label=gettext_lazy("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, steps: tuple[str, ...], **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "kind", [(key, labels.STEPS[key]) for key in steps if key != "contract"])


class ContractForm(forms.Form):
    """Under which number was the contract signed, when, and over how much?"""

    number = CleanTextField(label=gettext_lazy("Number of the contract"), max_length=60)
    on = JalaliDateField(label=gettext_lazy("Signed on"))
    amount_rial = MoneyField(label=gettext_lazy("Amount"), required=False)


class MilestoneForm(forms.Form):
    """What does the contract owe, and by when?"""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[(k, labels.STEPS[k]) for k in rules.MILESTONES]
    )
    title = CleanTextField(label=gettext_lazy("What is to be done"), max_length=200)
    due = JalaliDateField(label=gettext_lazy("By"))
