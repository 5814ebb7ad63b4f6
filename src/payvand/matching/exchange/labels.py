"""What are the states, steps and kinds of the exchange called?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from payvand.ui.language import pick

if TYPE_CHECKING:
    from payvand.matching.models import NeedRequirement


def requirement(row: NeedRequirement) -> str:
    """Return what is required in the reader's language, else in Persian."""
    return pick({"fa": row.text, "en": row.text_en or row.text})


STATES = {
    "draft": pgettext_lazy("need", "Draft"),
    "frozen": pgettext_lazy("need", "Frozen"),
    "open": pgettext_lazy("need", "Open for answers"),
    "closed": pgettext_lazy("need", "Answers closed"),
    "awarded": pgettext_lazy("need", "Awarded"),
    "withdrawn": pgettext_lazy("need", "Withdrawn"),
}
STATE_TONES = {"draft": "draft", "frozen": "wait", "open": "run", "closed": "cond", "awarded": "ok",
               "withdrawn": "no"}  # fmt: skip
SECTORS = {"private": _("Private buyer"), "public": _("Public buyer")}
INVITATIONS = {
    "sent": _("Waits for an answer"),
    "accepted": pgettext_lazy("invitation", "Accepted"),
    "declined": pgettext_lazy("invitation", "Declined"),
    "expired": pgettext_lazy("invitation", "Expired"),
    "void": pgettext_lazy("invitation", "The need was withdrawn"),
}
INVITATION_TONES = {"sent": "run", "accepted": "ok", "declined": "no", "expired": "draft",
                    "void": "draft"}  # fmt: skip
CHANGES = {"extended": _("Extended"), "withdrawn": pgettext_lazy("need", "Withdrawn")}
ENDINGS = {
    "price": _("The price did not fit"),
    "capacity": _("The capacity did not suffice"),
    "quality": _("The quality or the papers did not suffice"),
    "time": _("It could not be done in time"),
    "need_gone": _("The need is gone"),
    "other": pgettext_lazy("reason", "Something else"),
}
STEPS = {
    "introduction": _("Introduction"),
    "meeting": pgettext_lazy("step of a deal", "Meeting"),
    "memorandum": _("Memorandum"),
    "contract": pgettext_lazy("step of a deal", "Contract"),
    "prototype": _("Prototype accepted"),
    "marketing": _("Marketing"),
    "production": _("Repeated production"),
}
SAYS = {"yes": _("Yes, met"), "partly": _("Partly"), "no": _("No")}
SAYS_TONES = {"yes": "ok", "partly": "cond", "no": "no"}
REQUIREMENTS = {
    "text": _("in words only"),
    "certificate": _("holds the certificate"),
    "field": _("works in the field"),
    "province": _("works in the province"),
    "language": _("works in the language"),
    "readiness": _("readiness level at least"),
    "domestic": _("domestic share at least (percent)"),
    "work": _("past contracts and deliveries at least"),
    "verified": _("profile is verified"),
}
ELIGIBLE = {True: _("May answer"), False: _("May not answer"), None: _("Not known yet")}
ELIGIBLE_TONES = {True: "ok", False: "no", None: "cond"}
TIERS = {
    "vital": _("vital"),
    "sensitive": _("sensitive"),
    "important": _("important"),
    "ordinary": _("ordinary"),
    "": _("not ranked by the authority"),
}
SIDES = {"firm": _("As a maker"), "buyer": _("As a buyer")}
FUNNEL = {
    "met": _("Met"),
    "memorandum": _("Memorandum signed"),
    "contract": _("Contract signed"),
    "production": _("Repeated production"),
}
EVIDENCE = {
    "contract": pgettext_lazy("evidence", "Contract"),
    "delivery": pgettext_lazy("evidence", "Delivery"),
    "licence": pgettext_lazy("evidence", "Licence"),
    "offer": pgettext_lazy("evidence", "Offer"),
    "product": pgettext_lazy("evidence", "Product"),
    "capability": pgettext_lazy("evidence", "Declared capability"),
}
