"""Which accounts are there, whom do they belong to, and who sits beside whom?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from payvand.kernel.errors import NotFound
from payvand.kernel.text import compact_key, fold_digits
from payvand.registry.models import Holding, Membership, User
from payvand.registry.queries.people import actor_for, in_force, today
from payvand.registry.rules.actor import Actor

PAGE = 50
Name = dict[str, str]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with a seat in an organisation today."""

    user: int
    name: Name
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountCard:
    """One account, as its administrator sees it."""

    id: int
    username: str
    name: Name
    party: UUID | None
    national_id: str
    email: str
    is_operator: bool
    is_active: bool
    must_change_password: bool
    last_login: datetime | None


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One seat with its dates, as the head of the organisation sees it."""

    id: int
    user: int
    username: str
    name: Name
    org: UUID
    org_name: Name
    role: str
    place: str | None
    starts: date
    ends: date | None
    standing: str  # now | later | ended


def name_of(user: User) -> Name:
    """Return the name of the person behind an account; without one, the account's own."""
    if user.party is not None:
        return {"fa": user.party.name_fa, "en": user.party.name_en or user.party.name_fa}
    told = f"{user.first_name} {user.last_name}".strip() or user.get_username()
    return {"fa": told, "en": told}


def account_names(ids: Iterable[int]) -> dict[int, Name]:
    """Return the names of the people behind accounts, in both languages."""
    return {user.pk: name_of(user) for user in User.objects.filter(pk__in=set(ids))}


def actor_of_account(user_id: int) -> Actor:
    """Return on whose behalf an account acts today; raises NotFound for a closed one."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFound(account=user_id)
    return actor_for(user)


def colleagues(org: UUID, roles: Collection[str], *, but: int | None = None) -> list[Colleague]:
    """Return who has one of these seats in an organisation today, by name."""
    rows = (
        Membership.objects.filter(
            in_force(today()), org_id=org, role__in=list(roles), user__is_active=True
        )
        .select_related("user__party")
        .order_by("user__party__sort_key", "user__username", "pk")
    )
    found: dict[int, Colleague] = {}
    for row in rows:
        if row.user_id != but:
            known = found.get(row.user_id)
            held = (*(known.roles if known else ()), row.role)
            found[row.user_id] = Colleague(row.user_id, name_of(row.user), held)
    return list(found.values())


def accounts(text: str = "", *, after: int = 0, size: int = PAGE) -> tuple[list[AccountCard], int]:
    """Return accounts by number, and the number after which the next page begins (0: none).

    text: part of a name, the beginning of the account's name, or a whole national id.
    """
    rows = User.objects.filter(pk__gt=after).order_by("pk")
    if text:
        digits = fold_digits(text).strip()
        rows = rows.filter(
            Q(username__icontains=text.strip())
            | Q(party__search_key__contains=compact_key(text))
            | Q(first_name__icontains=text.strip())
            | (Q(party__national_id=digits) & ~Q(party__national_id=""))
        )
    found = [_card(user) for user in rows[: size + 1]]
    return found[:size], found[size - 1].id if len(found) > size else 0


def account_card(user_id: int) -> AccountCard:
    """Return one account; raises NotFound."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotFound(account=user_id)
    return _card(user)


def account_named(username: str) -> AccountCard:
    """Return the account of this name; raises NotFound."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise NotFound(account=username)
    return _card(user)


def _card(user: User) -> AccountCard:
    party = user.party
    return AccountCard(
        id=user.pk,
        username=user.get_username(),
        name=name_of(user),
        party=user.party_id,
        national_id=party.national_id if party else "",
        email=user.email or (party.email if party else ""),
        is_operator=user.is_superuser,
        is_active=user.is_active,
        must_change_password=user.must_change_password,
        last_login=user.last_login,
    )


def seat_lines(*, org: UUID | None = None, user: int | None = None) -> list[SeatLine]:
    """Return the seats of an organisation or of an account: present, coming, then ended ones."""
    rows = Membership.objects.select_related("user__party", "org", "place")
    if org is not None:
        rows = rows.filter(org_id=org)
    if user is not None:
        rows = rows.filter(user_id=user)
    found = [_seat(row, today()) for row in rows.order_by("-valid_from", "-pk")[:500]]
    return sorted(found, key=lambda line: ("now", "later", "ended").index(line.standing))


def _seat(row: Membership, day: date) -> SeatLine:
    ended = row.valid_to is not None and row.valid_to < day
    standing = "ended" if ended else "later" if row.valid_from > day else "now"
    return SeatLine(
        id=row.pk,
        user=row.user_id,
        username=row.user.get_username(),
        name=name_of(row.user),
        org=row.org_id,
        org_name={"fa": row.org.name_fa, "en": row.org.name_en or row.org.name_fa},
        role=row.role,
        place=row.place_id,
        starts=row.valid_from,
        ends=row.valid_to,
        standing=standing,
    )


def offices_now(user_id: int) -> list[int]:
    """Return the appointments that an account has today or later."""
    rows = Holding.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today()), user_id=user_id)
    return list(rows.values_list("pk", flat=True))
