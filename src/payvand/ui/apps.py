"""How does Django know the presentation kit? No models: templates, tags, static files."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The presentation kit as a Django app (label `ui`)."""

    name = "payvand.ui"
    label = "ui"
    verbose_name = "Payvand presentation kit"
