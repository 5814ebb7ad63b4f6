"""How does Django find this context, and what does it add to the menu?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from payvand.plugins.slots import Sample


def add_samples(sample: Sample) -> None:
    """Show a list of resolutions in the sample country; read only when it is built."""
    from payvand.ledger import samples

    samples.add(sample)


class LedgerConfig(AppConfig):
    """The context `ledger`."""

    name = "payvand.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the desks into the menu."""
        from payvand.ledger.views.edge import account_nav, nav
        from payvand.plugins import slots
        from payvand.ui.context import register_account

        slots.nav.register(nav)
        slots.samples.register(add_samples, order=10)
        register_account(account_nav)
