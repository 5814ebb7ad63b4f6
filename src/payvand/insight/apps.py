"""How does Django find this context, and what does it add to the menu?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from django.http import HttpRequest

    from payvand.ui.context import NavItem


class InsightConfig(AppConfig):
    """The context `insight`."""

    name = "payvand.insight"
    label = "insight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the figures into the menu: the dashboard for officials, the public page for all."""
        from payvand.insight.jobs import run_once
        from payvand.plugins import slots

        slots.nav.register(entries)
        slots.minute_work.register(run_once)


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
        yield NavItem(_("Dashboard"), reverse("insight:dashboard"), "chart-bar", order=30)
    else:
        yield NavItem(_("Performance"), reverse("insight:performance"), "chart-bar", order=60)
