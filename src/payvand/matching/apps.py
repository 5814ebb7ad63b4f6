"""How does Django find this context, and what does it add to the others?"""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """The context `matching`."""

    name = "payvand.matching"
    label = "matching"
    default_auto_field = "django.db.models.BigAutoField"
