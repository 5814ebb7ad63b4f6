"""How does Django find this context, and what does it add to the others?"""

from __future__ import annotations

from django.apps import AppConfig


class EnergyConfig(AppConfig):
    """The context `energy`."""

    name = "payvand.energy"
    label = "energy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add menu, pages of obligations, notices and samples."""
        from payvand.energy import joining

        joining.register()
