"""What are the kinds, sizes, languages and states of the databank called?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from payvand.kernel.text import to_persian_digits
from payvand.ui.language import lang

KINDS = {
    "company": _("Company"),
    "knowledge_based": _("Knowledge-based firm"),
    "guild": _("Guild or association"),
    "freelancer": _("Freelancer"),
    "expert": _("Expert"),
}
SIZES = {
    "1": _("One person"),
    "2-9": _("2 to 9 people"),
    "10-49": _("10 to 49 people"),
    "50-249": _("50 to 249 people"),
    "250+": _("250 people and more"),
}
LANGUAGES = {
    "fa": _("Persian"),
    "en": _("English"),
    "az": _("Azerbaijani"),
    "lur": _("Luri"),
    "ku": _("Kurdish"),
    "ar": _("Arabic"),
    "tr": _("Turkish"),
    "ru": _("Russian"),
    "zh": _("Chinese"),
    "de": _("German"),
}
EVIDENCE = {
    "contract": _("Contract"),
    "delivery": _("Delivery"),
    "licence": pgettext_lazy("evidence", "Licence"),
    "offer": _("Offer"),
    "product": _("Product"),
}
ENTRIES = {
    "capability": _("Capability"),
    "product": _("Product"),
    "certificate": _("Certificate"),
    "evidence": pgettext_lazy("databank", "Past work"),
}
POSITIONS = {
    "founder": _("Founder"),
    "board": _("Board member"),
    "employee": _("Employee"),
    "expert": _("Expert"),
}
GROUPS = {
    "cluster": _("Cluster"),
    "consortium": _("Consortium"),
    "association": _("Association"),
    "fair": _("Fair"),
}
GROUPS_MANY = {
    "cluster": _("Clusters"),
    "consortium": _("Consortia"),
    "association": _("Associations"),
    "fair": _("Fairs"),
}
OUTCOMES = {
    "created": _("Added"),
    "updated": _("Supplemented"),
    "unchanged": _("Known already"),
    "refused": _("Not taken"),
}
TONES = {"created": "ok", "updated": "cond", "unchanged": "draft", "refused": "no"}
CLAIMS = {
    "open": _("Waits for a decision"),
    "accepted": _("Accepted"),
    "refused": _("Refused"),
    "withdrawn": _("Taken back"),
}
CLAIM_TONES = {"open": "run", "accepted": "ok", "refused": "no", "withdrawn": "draft"}
VERIFIERS = {"registrar": _("registrar"), "guild": _("guild")}
EXPORTS = {"": _("Not said"), "yes": _("Yes"), "no": _("No")}


def remark(stored: Sequence[Any]) -> dict[str, Any]:
    """Return a remark of an import's report in the reader's language."""
    column, what, now, text, is_fault = stored
    return {"column": column, "what": gettext(what).replace("{text}", isolated(text)),
            "now": gettext(now), "is_fault": is_fault}  # fmt: skip


def isolated(text: str) -> str:
    """Return typed text that keeps its own direction inside a sentence; row numbers in words."""
    if len(text) < 7 and text.isascii() and text.isdigit():
        return to_persian_digits(text) if lang() == "fa" else text
    return f"\u2068{text}\u2069" if text else ""
