"""Must a person's identity stay for the sake of a case, and what is forgotten with the person?

Called by the registry when somebody asks to be erased (ADR 0019).
"""

from __future__ import annotations

from uuid import UUID

from payvand.kernel import clock
from payvand.kernel.errors import gettext_noop
from payvand.window.models import Application, Attachment, Draft, Licence

OPEN_STATES = ("in_review", "awaiting", "deciding")


def still_needed(party: UUID) -> str | None:
    """Return why a person's name and number must stay for now, or None."""
    if Application.objects.filter(applicant=party, state__in=OPEN_STATES).exists():
        return gettext_noop("An application of yours is not decided yet.")
    today = clock.local_date(clock.now())
    held = Licence.objects.filter(holder=party, state__in=("valid", "suspended"))
    if held.filter(valid_to__isnull=True).exists() or held.filter(valid_to__gte=today).exists():
        return gettext_noop("You hold a licence that anybody may verify.")
    return None


def forget(party: UUID) -> None:
    """Remove what was typed and not filed; filed cases follow the law on records."""
    drafts = Draft.objects.filter(user__party=party) | Draft.objects.filter(applicant=party)
    Attachment.objects.filter(draft__in=drafts, application=None).delete()
    drafts.delete()
