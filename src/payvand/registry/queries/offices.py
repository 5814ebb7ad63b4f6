"""Which offices are there, who holds them today, and what are the roles called?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

import yaml
from django.db.models import Prefetch

from payvand.registry.models import Holding, Office
from payvand.registry.queries.duties import posts
from payvand.registry.queries.people import today
from payvand.registry.rules.offices import responsible

ROLES_FILE = Path(__file__).resolve().parents[2] / "packs" / "roles.yaml"


@dataclass(frozen=True, slots=True)
class Held:
    """One appointment as a page shows it; the account's name, never a person's."""

    id: int
    user: int
    account: str
    order: int
    starts: date
    ends: date | None
    is_current: bool
    decree: str


@dataclass(frozen=True, slots=True)
class OfficeCard:
    """One office with its appointments, whether it is vacant, and who answers for it then."""

    id: int
    role: str
    title: dict[str, str]
    agency: UUID | None
    place: str | None
    falls_to: int | None
    falls_to_title: dict[str, str] | None
    is_vacant: bool
    answers: int  # the office that answers today: itself, or the one it fell to
    answers_title: dict[str, str] | None
    holdings: tuple[Held, ...] = ()


def office_names(ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Return the titles of offices in both languages."""
    rows = Office.objects.filter(pk__in=set(ids)).values_list("pk", "title_fa", "title_en")
    return {pk: {"fa": fa, "en": en or fa} for pk, fa, en in rows}


def office_cards(
    *, place: str | None = None, agency: UUID | None = None, ids: Iterable[int] | None = None
) -> list[OfficeCard]:
    """Return offices with holders, deputies, vacancy and fall-through, by role and place."""
    rows = Office.objects.order_by("place_id", "role", "pk")
    if place is not None:
        rows = rows.filter(place_id=place)
    if agency is not None:
        rows = rows.filter(agency_id=agency)
    if ids is not None:
        rows = rows.filter(pk__in=set(ids))
    dated = Holding.objects.select_related("user").order_by("deputy_order", "-valid_from")
    found = list(rows.prefetch_related(Prefetch("holdings", dated)))
    day, book = today(), posts()
    answers = {row.pk: responsible(row.pk, book, day) for row in found}
    others = {row.falls_to_id for row in found if row.falls_to_id} | set(answers.values())
    titles = office_names(others)
    return [_card(row, day, titles, answers[row.pk]) for row in found]


def _card(row: Office, day: date, titles: dict[int, dict[str, str]], answers: int) -> OfficeCard:
    held = tuple(
        Held(
            h.pk,
            h.user_id,
            h.user.get_username(),
            h.deputy_order,
            h.valid_from,
            h.valid_to,
            h.valid_from <= day and (h.valid_to is None or day <= h.valid_to),
            h.decree,
        )
        for h in row.holdings.all()
    )
    return OfficeCard(
        id=row.pk,
        role=row.role,
        title={"fa": row.title_fa, "en": row.title_en},
        agency=row.agency_id,
        place=row.place_id,
        falls_to=row.falls_to_id,
        falls_to_title=titles.get(row.falls_to_id) if row.falls_to_id else None,
        is_vacant=not any(h.is_current for h in held),
        answers=answers,
        answers_title=titles.get(answers) if answers != row.pk else None,
        holdings=held,
    )


@cache
def roles() -> dict[str, dict[str, str]]:
    """Return the known roles: code → {fa, en, level, kind}."""
    found: dict[str, dict[str, str]] = yaml.safe_load(ROLES_FILE.read_text(encoding="utf-8"))[
        "roles"
    ]
    return found
