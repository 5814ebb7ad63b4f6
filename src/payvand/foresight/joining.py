"""What do the delay account, the scorecards and the warnings add to other contexts?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from django.http import HttpRequest

    from payvand.plugins.slots import Sample
    from payvand.ui.context import NavItem


def register() -> None:
    """Register menu, hourly work, notices and samples; arithmetic is loaded at first use."""
    from django.utils.translation import gettext_noop

    from payvand.ledger import public as ledger
    from payvand.plugins import slots

    slots.nav.register(entries)
    slots.chores.register(chores)
    slots.samples.register(samples, order=30)
    ledger.page_elsewhere.register(page_of)
    longer = gettext_noop("Payvand: an answer takes longer than usual, case {code}")
    texts = {
        "delay.foreseen.p50": gettext_noop(
            "“{title}” in case {code} has waited {waited} working days, longer than half of such"
            " answers take. Its term ends on {due}."
        ),
        "delay.foreseen.p80": gettext_noop(
            "“{title}” in case {code} has waited {waited} working days, longer than eight in ten"
            " such answers take. Its term ends on {due}."
        ),
        "delay.foreseen.p90": gettext_noop(
            "“{title}” in case {code} has waited {waited} working days, longer than nine in ten"
            " such answers take. Its term ends on {due}."
        ),
    }
    for verb, body in texts.items():
        slots.notice_texts.register(slots.NoticeText(verb, longer, body))
    slots.notice_texts.register(
        slots.NoticeText(
            "scorecard.drawn",
            gettext_noop("Payvand: say what is to stand beside your figures"),
            gettext_noop(
                "{title}: before it is published you may say what is to stand beside the figures."
                " You need not reply."
            ),
        )
    )


def page_of(case_id: UUID, kind: str, obligation_id: UUID) -> str | None:
    """Return where a hearing on a scorecard is answered."""
    if kind != "hearing":
        return None
    from payvand.foresight.views import scorecards

    return scorecards.page_of(obligation_id)


def entries(request: HttpRequest) -> Iterable[NavItem]:
    """Yield the entry that fits the reader; asks for nothing beyond what the request knows."""
    from django.urls import reverse
    from django.utils.translation import gettext as _

    from payvand.registry.public import actor
    from payvand.ui.context import NavItem

    user = getattr(request, "user", None)
    by = actor(request) if user is not None and user.is_authenticated else None
    heads = by is not None and any(seat.role == "head" for seat in by.seats)
    if by is not None and (by.offices or by.is_operator or heads):
        yield NavItem(_("Delays"), reverse("foresight:delays"), "hourglass", order=32)
    elif by is None:
        yield NavItem(_("Scorecards"), reverse("foresight:scorecards"), "list-check", order=61)


def chores() -> None:
    """Bring the account up to now, warn of what takes long, publish what was heard."""
    from payvand.foresight.actions import accounts, scorecards, warnings

    accounts.account()
    warnings.warn_today()
    scorecards.publish_due()


def samples(sample: Sample) -> None:
    """Add what the pages show to the sample country."""
    from payvand.foresight.actions import account_samples

    account_samples.add(sample)
