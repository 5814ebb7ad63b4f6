"""What do the delay account, the scorecards and the warnings add to other contexts?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest

    from payvand.plugins.slots import Sample
    from payvand.ui.context import NavItem


def register() -> None:
    """Register menu, hourly work and samples; libraries for arithmetic are loaded at first use."""
    from payvand.plugins import slots

    slots.nav.register(entries)
    slots.chores.register(chores)
    slots.samples.register(samples, order=30)


def entries(request: HttpRequest) -> Iterable[NavItem]:
    """Yield the entries that fit the reader; asks for nothing beyond what the request knows."""
    from django.urls import reverse
    from django.utils.translation import gettext as _

    from payvand.registry.public import actor
    from payvand.ui.context import NavItem

    user = getattr(request, "user", None)
    by = actor(request) if user is not None and user.is_authenticated else None
    heads = by is not None and any(seat.role == "head" for seat in by.seats)
    if by is not None and (by.offices or by.is_operator or heads):
        yield NavItem(_("Delay account"), reverse("foresight:delays"), "hourglass", order=61)


def chores() -> None:
    """Bring the account up to now."""
    from payvand.foresight.actions import accounts

    accounts.account()


def samples(sample: Sample) -> None:
    """Add what the pages show to the sample country."""
    from payvand.foresight.actions import account_samples

    account_samples.add(sample)
