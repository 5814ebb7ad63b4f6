"""Which agency answers for a role, how is it reached, and which office hears of its delay?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from payvand.kernel import clock
from payvand.registry import versions
from payvand.registry.models import Connection, DebtorRole, Office
from payvand.registry.queries.places import place_path
from payvand.registry.rules import offices as rules
from payvand.registry.rules.refusals import NoDebtor, NoOffice


class Link(NamedTuple):
    """How an organisation is reached; the secret is named, never carried."""

    level: str = "inbox"  # inbox | letter | rest
    address: str = ""
    secret_name: str = ""


@dataclass(slots=True)
class _Posts:
    """All offices with their appointments, and who holds which on a day."""

    by_id: dict[int, rules.Post] = field(default_factory=dict)
    held: dict[date, dict[int, tuple[int, ...]]] = field(default_factory=dict)


def _load_posts() -> _Posts:
    rows = Office.objects.order_by("pk", "holdings__deputy_order", "holdings__pk").values_list(
        "pk", "role", "agency_id", "place_id", "falls_to_id",
        "holdings__user_id", "holdings__deputy_order", "holdings__valid_from",
        "holdings__valid_to",
    )  # fmt: skip
    posts: dict[int, rules.Post] = {}
    terms: dict[int, list[rules.Term]] = {}
    for pk, role, agency, place, falls_to, user, order, starts, ends in rows:
        posts.setdefault(pk, rules.Post(pk, role, agency, place, falls_to))
        if user is not None:
            terms.setdefault(pk, []).append(rules.Term(user, order, starts, ends))
    return _Posts(
        {
            pk: rules.Post(pk, p.role, p.agency, p.place, p.falls_to, tuple(terms.get(pk, ())))
            for pk, p in posts.items()
        }
    )


_Roles = dict[tuple[str, str], list[tuple[date | None, date | None, UUID]]]


def _load_roles() -> _Roles:
    found: _Roles = {}
    rows = DebtorRole.objects.order_by("pk").values_list(
        "role", "place_id", "valid_from", "valid_to", "agency_id"
    )
    for role, place, starts, ends, agency in rows:
        found.setdefault((role, place), []).append((starts, ends, agency))
    return found


_Links = dict[UUID, list[tuple[datetime, datetime | None, Link]]]


def _load_links() -> _Links:
    found: _Links = {}
    rows = Connection.objects.order_by("valid_from", "pk").values_list(
        "agency_id", "valid_from", "valid_to", "level", "address", "secret_name"
    )
    for agency, starts, ends, level, address, secret in rows:
        found.setdefault(agency, []).append((starts, ends, Link(level, address, secret)))
    return found


_POSTS = versions.Book(_load_posts, versions.OFFICES)
_ROLES = versions.Book(_load_roles, versions.DEBTORS)
_LINKS = versions.Book(_load_links, versions.CONNECTIONS)


def _today() -> date:
    return clock.local_date(clock.now())


def debtor_for(role: str, place_code: str, on: date | None = None) -> UUID:
    """Return the agency that answers for a role: at the place, else at the nearest one above it.

    Raises NoPlace, and NoDebtor when nobody answers for the role up to the country.
    """
    day = on or _today()
    book = _ROLES.open()
    for code in reversed(place_path(place_code)):
        current = [
            (starts or date.min, agency)
            for starts, ends, agency in book.get((role, code), ())
            if (starts is None or starts <= day) and (ends is None or day <= ends)
        ]
        if current:
            return max(current, key=lambda entry: entry[0])[1]
    raise NoDebtor(role=role, place=place_code)


def roles_today() -> list[tuple[str, str, UUID]]:
    """Return who answers for what today: role, place and agency."""
    day = _today()
    return [
        (role, place, agency)
        for (role, place), entries in _ROLES.open().items()
        for starts, ends, agency in entries
        if (starts is None or starts <= day) and (ends is None or day <= ends)
    ]


def connection_of(agency_id: UUID) -> Link:
    """Return how an agency is reached now; without a record, by our inbox."""
    now = clock.now()
    for starts, ends, link in reversed(_LINKS.open().get(agency_id, ())):
        if starts <= now and (ends is None or now < ends):
            return link
    return Link()


def connections_of(agency_ids: Iterable[UUID]) -> dict[UUID, Link]:
    """Return how several agencies are reached now."""
    return {agency: connection_of(agency) for agency in agency_ids}


def posts() -> dict[int, rules.Post]:
    """Return every office with its appointments."""
    return _POSTS.open().by_id


def office_for(
    role: str, *, agency_id: UUID | None, place_code: str | None, on: date | None = None
) -> int:
    """Return the office of a ladder's rung; a vacant one falls to the next that somebody holds.

    agency_id: the debtor, whose own head is meant by `agency-head`.
    Raises NoOffice when no such office is registered.
    """
    found = rules.choose(
        role,
        posts().values(),
        agency=agency_id,
        path=place_path(place_code) if place_code else (),
    )
    if found is None:
        raise NoOffice(role=role, place=place_code or "", agency=str(agency_id or ""))
    return rules.responsible(found, posts(), on or _today())


def holders_of(office_id: int, on: date | None = None) -> tuple[int, ...]:
    """Return the users who act for an office on a day, through a vacancy too; empty if nobody."""
    day = on or _today()
    post = posts().get(rules.responsible(office_id, posts(), day))
    return post.acting_on(day) if post else ()


def offices_of(user_id: int, on: date | None = None) -> tuple[int, ...]:
    """Return the offices that are a user's on a day: held, deputised, or fallen to them."""
    day = on or _today()
    book = _POSTS.open()
    if day not in book.held:
        if len(book.held) > 400:
            book.held.clear()
        book.held[day] = rules.held_by_user(book.by_id, day)
    return book.held[day].get(user_id, ())
