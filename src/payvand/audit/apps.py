"""How does Django find this context?"""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The context `audit`."""

    name = "payvand.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
