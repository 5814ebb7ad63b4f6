"""How does Django find this context?"""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """The context `insight`."""

    name = "payvand.insight"
    label = "insight"
    default_auto_field = "django.db.models.BigAutoField"
