"""What are the kinds, states, seats and levels of the registry called?"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS = {
    "weekend": _("Weekly day of rest"),
    "holiday": _("Holiday"),
    "closure": _("Closure"),
    "hours": _("Office hours"),
    "open": _("Working day"),
    "remote": _("Remote work"),
}
STATUSES = {
    "official": _("Official"),
    "announced": _("Announced"),
    "estimated": _("Estimated"),
    "corrected": _("Corrected"),
    "sample": _("Sample"),
}
TONES = {"official": "ok", "announced": "info", "estimated": "soon", "corrected": "cond"}
LEVELS = {
    "inbox": _("Our inbox"),
    "letter": _("Signed letter or e-mail"),
    "rest": _("System to system"),
}
LEVEL_HINTS = {
    "inbox": _("The agency signs in here and answers in its inbox."),
    "letter": _("Each inquiry goes out as a signed letter with a single-use link for the answer."),
    "rest": _("The agency’s own system receives the inquiry and calls back with the answer."),
}
SEATS = {
    "clerk": _("Clerk"),
    "signatory": _("Signatory"),
    "secretariat": _("Secretariat"),
    "decider": _("Decider"),
    "head": _("Head"),
    "admin": _("Administrator of the organisation"),
    "counter": _("Counter"),
}
ORDERS = {
    0: pgettext_lazy("office", "Holder"),
    1: _("First deputy"),
    2: _("Second deputy"),
    3: _("Third deputy"),
}
TIERS = {
    "vital": _("Vital"),
    "sensitive": _("Sensitive"),
    "important": _("Important"),
    "ordinary": _("Ordinary"),
}
