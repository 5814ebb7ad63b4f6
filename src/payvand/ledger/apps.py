"""How does Django find this context, and what does it add to the menu?"""

from django.apps import AppConfig


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
        register_account(account_nav)
