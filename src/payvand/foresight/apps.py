"""How does Django find this context, and what does it add to the others?"""

from django.apps import AppConfig


class ForesightConfig(AppConfig):
    """The context `foresight`."""

    name = "payvand.foresight"
    label = "foresight"
    default_auto_field = "django.db.models.BigAutoField"
