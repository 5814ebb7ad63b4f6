"""Which entries does the window add to the main menu, for whom?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from payvand.registry.public import actor
from payvand.ui.context import NavItem
from payvand.window import compiled, queries
from payvand.window.models import Application, Attachment, Service


def entries(request: HttpRequest) -> Iterator[NavItem]:
    """Yield the entries of a request: services for everybody, the rest by role."""
    yield NavItem(pgettext("menu", "Services"), reverse("window:catalogue"), order=10)
    if not request.user.is_authenticated:
        return
    by = actor(request)
    if by.party is not None or by.mandates:
        # who works here has the desk first, and cases of their own after it
        works = by.is_operator or by.offices or by.desks
        yield NavItem(_("My cases"), reverse("window:cases"), order=70 if works else 20)
    if queries.owners_of(by):
        yield NavItem(_("Decisions"), reverse("window:to_decide"), order=21)
    if by.is_operator:
        yield NavItem(_("Installed services"), reverse("window:services"), order=16)


def case_file(file_id: UUID) -> tuple[str, str, str] | None:
    """Return name, place in the store and media type of an applicant's file."""
    found = Attachment.objects.filter(pk=file_id).values_list("name", "stored", "media_type")
    return found.first()


def page_elsewhere(case_id: UUID, kind: str, obligation_id: UUID) -> str | None:
    """Return where an obligation of a case is answered when the window has a page of its own."""
    return reverse("window:decide", args=[case_id]) if kind == "decision" else None


def case_pages(ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the pages of those cases that are applications. One query."""
    found = Application.objects.filter(pk__in=ids).values_list("pk", flat=True)
    return {key: reverse("window:case", args=[key]) for key in found}


def service_titles(slugs: Collection[str] | None) -> dict[str, dict[str, str]]:
    """Return the titles of services by slug, of all for None. One query."""
    rows = Service.objects.order_by("pk")
    if slugs is not None:
        rows = rows.filter(pk__in=slugs)
    return dict(rows.values_list("pk", "title"))


def words_of(case_id: UUID, question: str) -> dict[str, Any] | None:
    """Return in which words the fields of a question are shown; None for cases of others."""
    version = Application.objects.filter(pk=case_id).values_list("version_id", flat=True).first()
    return None if version is None else compiled.words_of(version, question.partition("[")[0])
