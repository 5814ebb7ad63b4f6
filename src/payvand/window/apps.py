"""How does Django find this context?"""

from django.apps import AppConfig


class WindowConfig(AppConfig):
    """The context `window`."""

    name = "payvand.window"
    label = "window"
    default_auto_field = "django.db.models.BigAutoField"
