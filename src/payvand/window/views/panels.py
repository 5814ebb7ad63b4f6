"""What do upper contexts add to a page of the window?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from payvand.plugins import slots
from payvand.plugins.slots import Panel
from payvand.registry.public import Actor
from payvand.window.models import Application


def of_application(request: HttpRequest, application: Application) -> list[Panel]:
    """Return the panels of an application's pages, in the order of their slot."""
    return _made(make(request, application) for make in slots.application_panel)


def of_service(slug: str, by: Actor) -> list[Panel]:
    """Return the panels of a service's page."""
    return _made(make(slug, by) for make in slots.service_panel)


def _made(panels: Any) -> list[Panel]:
    return [panel for panel in panels if panel is not None]
