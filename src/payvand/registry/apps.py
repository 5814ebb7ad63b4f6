"""How does Django find this context?"""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The context `registry`."""

    name = "payvand.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"
