"""Which links stand at the foot of every page?"""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from payvand.ui.context import NavItem


def links(request: HttpRequest) -> Iterator[NavItem]:
    """Yield help, the accessibility statement and the privacy statement."""
    yield NavItem(_("Help"), reverse("help"), order=10)
    yield NavItem(_("Accessibility"), reverse("accessibility"), order=20)
    yield NavItem(_("Privacy"), reverse("privacy"), order=30)
