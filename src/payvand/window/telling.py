"""What are applicants and holders of licences told, beside what the ledger tells them?"""

from __future__ import annotations

from payvand.kernel.errors import gettext_noop
from payvand.plugins import slots

OF_CASE = gettext_noop("Payvand: your case {code}")
OF_LICENCE = gettext_noop("Payvand: your licence {number}")
TEXTS = (  # verb, heading, sentence; each leads to the page of the case
    ("application.submitted", OF_CASE,
     gettext_noop("Your application {code} has arrived. We tell you of each step.")),
    ("application.granted", OF_CASE, gettext_noop("Your application {code} was approved.")),
    ("application.refused", OF_CASE,
     gettext_noop("Your application {code} was refused. Its page gives the reasons and says"
                  " whether and until when you can object.")),
    ("application.deemed", OF_CASE,
     gettext_noop("Your application {code} counts as approved, because no decision came in time.")),
    ("objection.upheld", OF_CASE,
     gettext_noop("Your objection in case {code} was upheld; the decision is taken anew.")),
    ("objection.rejected", OF_CASE,
     gettext_noop("Your objection in case {code} was not upheld; the decision stands.")),
    ("licence.suspended", OF_LICENCE,
     gettext_noop("Licence {number} is suspended. Its page gives the reason.")),
    ("licence.revoked", OF_LICENCE,
     gettext_noop("Licence {number} is revoked. Its page gives the reason.")),
    ("licence.valid", OF_LICENCE, gettext_noop("Licence {number} is valid again.")),
)  # fmt: skip


def register() -> None:
    """Say in words what the window's actions tell."""
    for verb, title, body in TEXTS:
        slots.notice_texts.register(slots.NoticeText(verb, title, body, "window:case"))
