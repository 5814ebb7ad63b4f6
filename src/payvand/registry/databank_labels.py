"""What are the kinds, sizes, languages and states of the databank called?"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
