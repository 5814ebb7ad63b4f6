"""How are changes, what they buy and what they take away said in words?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payvand.foresight.rules import blueprint as layouts
from payvand.foresight.rules.blueprint import EVERY, Blueprint, Change
from payvand.foresight.rules.whatif import Effect
from payvand.foresight.views.panels import question_title
from payvand.kernel.text import format_number
from payvand.ui.language import lang, pick
from payvand.window import public as window

TITLES: Mapping[str, Any] = {
    layouts.START: gettext_lazy("Ask “%(title)s” as soon as its data are there"),
    layouts.CAP: gettext_lazy("“%(title)s” is answered within %(n)s working days"),
    layouts.DEEMED: gettext_lazy("Silence on “%(title)s” counts as consent when its term ends"),
    layouts.REGISTER: gettext_lazy("“%(title)s” is answered from a register at once"),
    layouts.DROP: gettext_lazy("“%(title)s” is not asked any more"),
    layouts.MERGE: gettext_lazy("“%(title)s” and “%(other)s” are asked of one office, as one"),
    layouts.DESKS: gettext_lazy("%(n)s more at the %(now)s desks for “%(title)s”"),
}
ALL_CAPPED = gettext_lazy("Every office answers within %(n)s working days")

PROTECTIONS: Mapping[str, Any] = {
    layouts.START: gettext_lazy(
        "An order that was chosen, not needed: the later office no longer sees that the earlier one"
        " has agreed."
    ),
    layouts.CAP: gettext_lazy(
        "None by itself, if the office can keep it. Where it cannot, hard cases are looked at in"
        " haste: give it people before you give it the term."
    ),
    layouts.DEEMED: gettext_lazy(
        "Nobody has looked: what the question protects is protected only by later inspection."
    ),
    layouts.REGISTER: gettext_lazy(
        "No official looks at the case: what the register does not hold, or holds wrongly, goes"
        " unseen. Keep a way to object and to correct the register."
    ),
    layouts.DROP: gettext_lazy("What this question guards is guarded by nobody."),
    layouts.MERGE: gettext_lazy(
        "Two offices looked independently; now one does, and an error of one is an error of both."
    ),
    layouts.DESKS: gettext_lazy("None; it costs people."),
}

REFUSALS: Mapping[str, Any] = {
    "needs": gettext_lazy("Not possible: “%(title)s” needs the field “%(field)s” from “%(of)s”."),
    "needed_by": gettext_lazy(
        "Not possible: “%(by)s” needs the field “%(field)s” from “%(title)s”."
    ),
    "checked": gettext_lazy(
        "Not possible: a check of the decision reads the field “%(field)s” of “%(title)s”."
    ),
    "no_ground": gettext_lazy(
        "Not possible: no article is cited by which silence on “%(title)s” would count as consent."
    ),
    "no_term": gettext_lazy("Not possible: “%(title)s” has no term that could end."),
    "deemed_already": gettext_lazy(
        "Nothing changes: silence on “%(title)s” has its effect by law already, and history shows"
        " it."
    ),
    "at_once_already": gettext_lazy("Nothing changes: “%(title)s” is asked at once already."),
    "no_question": gettext_lazy("Not possible: there is no such question any more."),
    "number": gettext_lazy("A whole number from 1 to %(most)s is needed."),
    "unreadable": gettext_lazy("This change cannot be read: %(text)s"),
}


class Words:
    """Says changes of one service in the reader's language."""

    def __init__(self, service: window.CompiledService, blueprint: Blueprint) -> None:
        self.service, self.blueprint = service, blueprint

    def title(self, key: str) -> str:
        """Return what a question is called."""
        return question_title(self.service, key)

    def change(self, one: Change) -> str:
        """Return a change as a sentence."""
        if one.key == EVERY:
            return str(ALL_CAPPED) % {"n": _number(one.number)}
        return str(TITLES[one.kind]) % {
            "title": self.title(one.key), "other": self.title(one.other),
            "n": _number(one.number), "now": _number(one.now),
        }  # fmt: skip

    def protection(self, one: Change) -> str:
        """Return in words which protection a change would remove."""
        said = str(PROTECTIONS[one.kind])
        question = self.blueprint.question(one.key)
        if one.kind in (layouts.DROP, layouts.DEEMED, layouts.REGISTER) and question:
            guarded = [
                condition for number in question.refusals
                if (condition := self.service.condition(number)) is not None
            ]  # fmt: skip
            if guarded:
                names = _(", ").join(pick(window.both(c.title)) for c in guarded)
                said += " " + _("It guards: %(what)s.") % {"what": names}
        return said

    def refusal(self, effect: Effect) -> str:
        """Return why a change is refused; empty when it is not."""
        if not effect.refused:
            return ""
        facts = {key: self._fact(key, effect.facts) for key in effect.facts}
        facts.setdefault("title", self.title(str(effect.facts.get("key", effect.change.key))))
        return str(REFUSALS[effect.refused]) % ({"most": "", "text": ""} | facts)

    def _fact(self, name: str, facts: Mapping[str, object]) -> str:
        value = facts[name]
        if name in ("of", "by", "key"):
            return self.title(str(value))
        if name == "field":
            owner = str(facts.get("of") or facts.get("key"))
            found = self.service.find_field(f"{owner}.{value}") if value else None
            return pick(window.both(found.title)) if found else _("its answer")
        return _number(value) if isinstance(value, int) else str(value)


def _number(value: int) -> str:
    return format_number(value, lang())


Sentence = Callable[[Change], str]
