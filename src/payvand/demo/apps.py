"""How does Django find this context?"""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The context `demo`."""

    name = "payvand.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"
