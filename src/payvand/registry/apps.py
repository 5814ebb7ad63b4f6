"""How does Django find this context, and what does it add to every page?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from django.http import HttpRequest

    from payvand.ui.context import NavItem


class RegistryConfig(AppConfig):
    """The context `registry`."""

    name = "payvand.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put my profile, and for administrators the registry, into the account menu."""
        from payvand.registry import databank_menu
        from payvand.ui.context import register_account

        register_account(account_entries)
        databank_menu.join()


def account_entries(request: HttpRequest) -> Iterator[NavItem]:
    """Return the entries of the account menu for whoever is signed in."""
    from django.urls import reverse
    from django.utils.translation import gettext as _

    from payvand.registry.access import may_see_sites
    from payvand.registry.public import actor
    from payvand.registry.queries.profile import agencies_headed
    from payvand.ui.context import NavItem

    if not request.user.is_authenticated:
        return
    by = actor(request)
    if by.counters:
        yield NavItem(_("Open an account"), reverse("registry:open_at_counter"), order=9)
    yield NavItem(_("My profile"), reverse("registry:profile"), icon="user", order=10)
    yield NavItem(_("Working calendar"), reverse("registry:calendar"), order=60)
    if by.is_operator or agencies_headed(by):
        yield NavItem(_("Offices and holders"), reverse("registry:offices"), order=61)
    if by.is_operator:
        yield NavItem(_("Organisations"), reverse("registry:agencies"), order=62)
        yield NavItem(_("Accounts"), reverse("registry:accounts"), order=63)
    if may_see_sites(by):
        yield NavItem(_("Sites"), reverse("registry:sites"), order=64)
