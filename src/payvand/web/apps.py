"""How does Django find this context?"""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The context `web`."""

    name = "payvand.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
