"""How does Django find this context, and who sets the clock?"""

from django.apps import AppConfig
from django.conf import settings


class DemoConfig(AppConfig):
    """The context `demo`."""

    name = "payvand.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Take the time from the demo's clock and show the way to its page, in a demonstration."""
        if not settings.PAYVAND_DEMO:
            return
        from payvand.demo import clock, journey, views
        from payvand.plugins import slots

        clock.start()
        slots.round_work.register(journey.for_worker)
        slots.landing.register(views.beginning)
