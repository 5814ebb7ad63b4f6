"""How does Django find this context, and what does it add to every page?"""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The context `web`."""

    name = "payvand.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the menu of every page show what contexts and plug-ins have put into the slot."""
        from payvand.plugins import slots
        from payvand.ui.context import register_nav

        register_nav(lambda request: [item for entries in slots.nav for item in entries(request)])
