"""How does Django find this context?"""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The context `ledger`."""

    name = "payvand.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
