"""Which entries of the menus lead to the databank?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest

    from payvand.ui.context import NavItem


def join() -> None:
    """Put the databank into the main menu, and my profiles and the desk into the account's."""
    from payvand.plugins import slots
    from payvand.ui.context import register_account

    slots.nav.register(entries)
    register_account(account_entries)


def entries(_request: HttpRequest) -> Iterator[NavItem]:
    """Yield the entry of the main menu, for everybody."""
    from django.urls import reverse
    from django.utils.translation import gettext as _

    from payvand.ui.context import NavItem

    yield NavItem(_("Databank"), reverse("registry:databank"), "users", order=45)


def account_entries(request: HttpRequest) -> Iterator[NavItem]:
    """Yield my profiles and, for whoever has one, the databank's desk."""
    from django.urls import reverse
    from django.utils.translation import gettext as _

    from payvand.registry.access.databank import desk_places
    from payvand.registry.public import actor
    from payvand.ui.context import NavItem

    if not request.user.is_authenticated:
        return
    yield NavItem(_("My profiles in the databank"), reverse("registry:databank_mine"), order=11)
    places = desk_places(actor(request))
    if places is None or places:
        yield NavItem(_("Desk of the databank"), reverse("registry:databank_desk"), order=12)
