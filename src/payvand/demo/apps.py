"""How does Django find this context, and who sets the clock?"""

from django.apps import AppConfig
from django.conf import settings


class DemoConfig(AppConfig):
    """The context `demo`."""

    name = "payvand.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take the time from the demo's clock, where this is a demonstration."""
        if settings.PAYVAND_DEMO:
            from payvand.demo import clock

            clock.start()
