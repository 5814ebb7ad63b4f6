"""How does Django find this context?"""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The context `audit`."""

    name = "payvand.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the worker close each day with a signature."""
        from payvand.audit.actions import sign_past_days
        from payvand.plugins import slots

        slots.chores.register(sign_past_days)
