"""What lies on whose desk: the inbox of an agency, reports to an office, resolutions, notices?

Set-based: a constant number of queries a page. The filter is the permission.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from payvand.kernel import clock
from payvand.kernel.text import fold_digits
from payvand.ledger.models import OPEN, Answer, Notice, Obligation
from payvand.ledger.queries.rows import (
    MANY,
    PAGE,
    Page,
    Row,
    cursor_of,
    in_order,
    open_rows,
    rows_of,
    state_of,
)
from payvand.ledger.queries.single import case_pages
from payvand.registry.public import Actor

DESK_KINDS = ("inquiry", "decision", "objection", "resolution")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader of the inbox wants to see of it."""

    when: str = ""  # overdue | today | week
    mine: bool = False
    service: str = ""
    code: str = ""  # the beginning of a tracking code, in any digits

    @property
    def is_empty(self) -> bool:
        """Is everything shown?"""
        return not (self.when or self.mine or self.service or self.code)


def inbox(
    actor: Actor, *, org: UUID, filters: Filters | None = None, after: str = "", size: int = PAGE
) -> Page:
    """Return the open obligations of an organisation, by term and arrival.

    Seats that are limited to places see those places only. Raises nothing: no seat, no rows.
    """
    places = {s.place for s in actor.seats if s.org == org}
    if not places:
        return Page(())
    rows = open_rows().filter(debtor_id=org, kind__in=DESK_KINDS, office__isnull=True)
    if "" not in places:
        near = Q()
        for place in places:
            near |= Q(place__code__startswith=place)
        rows = rows.filter(near)
    rows = _filtered(rows, actor, filters or Filters())
    rows = rows.select_related("asker", "claimed_by__party", "place").defer("payload", "reply")
    drafts = Answer.objects.filter(obligation=OuterRef("pk"), no=0)
    found, more = in_order(rows.annotate(has_draft=Exists(drafts)), after, size)
    return Page(tuple(rows_of(found)), more)


def _filtered(rows: QuerySet[Obligation], actor: Actor, filters: Filters) -> QuerySet[Obligation]:
    now = clock.now()
    if filters.when == "overdue":
        rows = rows.filter(due_at__lt=now)
    elif filters.when in ("today", "week"):
        rows = rows.filter(due_at__gte=now, due_at__lt=_end_of(filters.when, now))
    if filters.mine:
        rows = rows.filter(claimed_by_id=actor.user_id)
    if filters.service:
        rows = rows.filter(service=filters.service)
    digits = "".join(c for c in fold_digits(filters.code) if c.isalnum())
    return rows.filter(case_code__startswith=digits) if digits else rows


def _end_of(when: str, now: datetime) -> datetime:
    """Return the end of today, or of the week that ends on Friday, in Tehran."""
    local = now.astimezone(clock.TEHRAN)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1 if when == "today" else 1 + (4 - local.weekday()) % 7)


def services_of(org: UUID) -> list[str]:
    """Return the services among the most urgent 500 of an organisation, for the filter."""
    rows = open_rows().filter(debtor_id=org, kind__in=DESK_KINDS, due_at__isnull=False)
    urgent = rows.order_by("due_at", "pk").values_list("service", flat=True)[:500]
    return sorted({service for service in urgent if service})


def count_inbox(orgs: Iterable[UUID]) -> int:
    """Return how many obligations wait at these organisations, at most 100."""
    rows = open_rows().filter(debtor_id__in=list(orgs), kind__in=DESK_KINDS, office__isnull=True)
    return len(rows.values_list("pk", flat=True)[:MANY])


def count_desk(offices: Iterable[int]) -> int:
    """Return how many reports wait for these offices, at most 100."""
    rows = open_rows().filter(office_id__in=list(offices), kind="acknowledgement")
    return len(rows.values_list("pk", flat=True)[:MANY])


def count_notices(actor: Actor) -> int:
    """Return how many unread notices the actor has, at most 100."""
    rows = Notice.objects.filter(addressed_to(actor), read_at__isnull=True)
    return len(rows.values_list("pk", flat=True)[:MANY])


def desk(actor: Actor, *, after: str = "", size: int = PAGE) -> Page:
    """Return the delay reports addressed to offices that the actor holds today."""
    if not actor.offices:
        return Page(())
    rows = open_rows().filter(office_id__in=actor.offices, kind="acknowledgement")
    rows = rows.select_related("office", "about__debtor", "about__place", "debtor")
    found, more = in_order(rows.defer("payload", "reply"), after, size)
    about = [o.about for o in found if o.about is not None]
    over = {row.owed.pk: row for row in rows_of(about)}
    now = clock.now()
    pages = case_pages({o.case_id for o in found})
    lines = []
    for owed in found:
        late = over.get(owed.about_id) if owed.about_id else None
        left, href = late.left if late else None, pages.get(owed.case_id, "")
        lines.append(Row(owed, state_of(owed, now), left, href=href))
    return Page(tuple(lines), more)


def resolutions(actor: Actor, *, after: str = "", size: int = PAGE, ended: bool = False) -> Page:
    """Return the resolutions that the actor's desk asked for or owes.

    One walk along an index for each organisation and office of the actor, then merged: a condition
    with OR over the three columns read all of 300,000 rows. The administrator's is one walk.
    """
    rows = Obligation.objects.extra(where=[_RESOLUTION])  # noqa: S610 - a constant
    if not ended:
        rows = rows.filter(state__in=OPEN)
    rows = rows.select_related("debtor", "office", "asker", "place").defer("payload")
    found: dict[UUID, Obligation] = {}
    more = False
    for condition in _kept_by(actor):
        some, left = in_order(rows.filter(**condition), after, size)
        found |= {one.pk: one for one in some}
        more = more or bool(left)
    merged = sorted(found.values(), key=_place_in_list)
    page = merged[:size]
    goes_on = bool(page) and (more or len(merged) > size)
    return Page(tuple(rows_of(page)), cursor_of(page[-1]) if goes_on else "")


# Written out, not bound: SQLite uses a partial index only when it can read the condition.
_RESOLUTION = "ledger_obligation.kind = 'resolution'"
MOST_WALKS = 12  # somebody with more organisations and offices than this gets one walk over all


def _kept_by(actor: Actor) -> list[dict[str, object]]:
    """Return the conditions under which a resolution concerns the actor, one for each index."""
    if actor.is_operator:
        return [{}]
    orgs, offices = list({s.org for s in actor.seats}), list(actor.offices)
    if 2 * len(orgs) + len(offices) > MOST_WALKS:
        wide: list[dict[str, object]] = [{"asker_id__in": orgs}, {"debtor_id__in": orgs}]
        return [*wide, {"office_id__in": offices}]
    narrow: list[dict[str, object]] = [{"asker_id": org} for org in orgs]
    narrow += [{"debtor_id": org} for org in orgs]
    narrow += [{"office_id": office} for office in offices]
    return narrow


def _place_in_list(owed: Obligation) -> tuple[bool, datetime, UUID]:
    """Return the place in the order of terms, those without one last."""
    return owed.due_at is None, owed.due_at or datetime.max.replace(tzinfo=UTC), owed.pk


def addressed_to(actor: Actor) -> Q:
    """Return which notices are for an actor: its parties, organisations and offices."""
    parties = [p for p in (actor.party, *actor.mandates, *(s.org for s in actor.seats)) if p]
    mine = Q(party_id__in=parties) | Q(office_id__in=actor.offices)
    return mine | Q(user_id=actor.user_id) if actor.user_id is not None else mine


def notices(actor: Actor, *, before: str = "", size: int = PAGE) -> tuple[list[Notice], str]:
    """Return the newest notices of an actor, and where older ones begin (empty at the end)."""
    rows = Notice.objects.filter(addressed_to(actor))
    start = _read_before(before)
    if start is not None:
        at, key = start
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=key), at__lte=at)
    found = list(rows.order_by("-at", "-pk")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return found[:size], f"{last.at.isoformat()}~{last.pk}" if last else ""


def _read_before(text: str) -> tuple[datetime, int] | None:
    at, _, key = text.partition("~")
    try:
        return datetime.fromisoformat(at.replace(" ", "+")), int(key)
    except ValueError:
        return None  # a broken address shows the first page
