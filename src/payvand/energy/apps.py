"""How does Django find this context, and what does it add to the others?"""

from django.apps import AppConfig


class EnergyConfig(AppConfig):
    """The context `energy`."""

    name = "payvand.energy"
    label = "energy"
    default_auto_field = "django.db.models.BigAutoField"
