"""How does Django find this context, and what does it add to the others?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from payvand.plugins.slots import Sample


class EnergyConfig(AppConfig):
    """The context `energy`."""

    name = "payvand.energy"
    label = "energy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add menu, pages of obligations, notices and samples."""
        from payvand.energy import joining

        joining.register()


def add_samples(sample: Sample) -> None:
    """Add what the pages show to the sample country; arithmetic is loaded at first use."""
    from payvand.energy.actions import samples

    samples.add(sample)
