"""What lies on whose desk, in which order, and what is to be known about one obligation?

Set-based: a constant number of queries a page, keyset pages in the order of an index, never a
count of everything. Whether somebody may see a row is asked in `access`, before or by the filter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from payvand.kernel import clock
from payvand.kernel.errors import NotFound
from payvand.kernel.terms import Left, Stops, remaining
from payvand.kernel.text import fold_digits
from payvand.ledger.models import (
    Answer,
    Disclosure,
    Interruption,
    Move,
    Notice,
    Obligation,
    Outbox,
    Pulse,
)
from payvand.ledger.rules.clockwork import parse_term
from payvand.registry import public as registry
from payvand.registry.public import Actor

DESK_KINDS = ("inquiry", "decision", "objection", "resolution")
PAGE = 50
MANY = 100  # a menu says 99+ from here on
# Written out, not bound: SQLite uses a partial index only when it can read the condition.
_OPEN = "ledger_obligation.state IN ('sent', 'stopped')"

Stop = tuple[datetime, datetime | None]


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


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a desk."""

    owed: Obligation
    state: str  # a kind of `ui.words.STATUSES`
    left: Left | None
    has_draft: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the next ones begin (empty at the end)."""

    rows: tuple[Row, ...]
    after: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything that one obligation's page says."""

    owed: Obligation
    state: str
    left: Left | None
    stops: tuple[Stop, ...]
    interruptions: Sequence[Interruption] = ()
    moves: Sequence[Move] = ()
    answers: Sequence[Answer] = ()  # signed and superseded, the oldest first
    draft: Answer | None = None
    reports: Sequence[Obligation] = ()
    completions: Sequence[Obligation] = ()
    disclosures: Sequence[Disclosure] = ()
    fields: Sequence[dict[str, Any]] = field(default_factory=tuple)  # id, title, value


# --- keyset pages ----------------------------------------------------------------------------


def _cursor(owed: Obligation) -> str:
    return f"{owed.due_at.isoformat() if owed.due_at else '-'}~{owed.pk}"


def _read_cursor(text: str) -> tuple[datetime | None, UUID] | None:
    due, _, key = text.partition("~")
    try:
        return (None if due == "-" else datetime.fromisoformat(due)), UUID(key)
    except ValueError:
        return None  # a broken address shows the first page


def _in_order(rows: QuerySet[Obligation], after: str, size: int) -> tuple[list[Obligation], str]:
    """Return one page ordered by (due_at, id), those without a term last, from the index."""
    start = _read_cursor(after) if after else None
    found: list[Obligation] = []
    if start is None or start[0] is not None:
        dated = rows.filter(due_at__isnull=False)
        if start is not None:
            due, key = start
            dated = dated.filter(Q(due_at__gt=due) | Q(due_at=due, pk__gt=key), due_at__gte=due)
        found = list(dated.order_by("due_at", "pk")[: size + 1])
    if len(found) <= size:
        undated = rows.filter(due_at__isnull=True)
        if start is not None and start[0] is None:
            undated = undated.filter(pk__gt=start[1])
        found += undated.order_by("pk")[: size + 1 - len(found)]
    more = len(found) > size
    found = found[:size]
    return found, _cursor(found[-1]) if more else ""


def _open() -> QuerySet[Obligation]:
    return Obligation.objects.extra(where=[_OPEN])  # noqa: S610 - a constant


# --- the inbox -------------------------------------------------------------------------------


def inbox(
    actor: Actor, *, org: UUID, filters: Filters | None = None, after: str = "", size: int = PAGE
) -> Page:
    """Return the open obligations of an organisation, by term and arrival.

    Seats that are limited to places see those places only. Raises nothing: no seat, no rows.
    """
    places = {s.place for s in actor.seats if s.org == org}
    if not places:
        return Page(())
    rows = _open().filter(debtor_id=org, kind__in=DESK_KINDS, office__isnull=True)
    if "" not in places:
        near = Q()
        for place in places:
            near |= Q(place_id__startswith=place)
        rows = rows.filter(near)
    rows = _filtered(rows, actor, filters or Filters())
    rows = rows.select_related("asker", "claimed_by", "place").defer("payload", "reply")
    drafts = Answer.objects.filter(obligation=OuterRef("pk"), no=0)
    found, more = _in_order(rows.annotate(has_draft=Exists(drafts)), after, size)
    return Page(tuple(_rows(found)), more)


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


def _rows(found: Sequence[Obligation]) -> Iterable[Row]:
    stops = _stops_of([o.pk for o in found if o.has_stops])
    calendars = registry.calendars_of({o.debtor_id for o in found}) if found else {}
    now = clock.now()
    for owed in found:
        held = stops.get(owed.pk, ())
        left = _left(owed, held, calendars[owed.debtor_id], now)
        yield Row(owed, state_of(owed, now), left, bool(getattr(owed, "has_draft", False)))


def _stops_of(ids: Sequence[UUID]) -> dict[UUID, tuple[Stop, ...]]:
    found: dict[UUID, tuple[Stop, ...]] = {}
    if ids:
        for one in Interruption.objects.filter(obligation_id__in=ids).order_by("starts"):
            found[one.obligation_id] = (*found.get(one.obligation_id, ()), (one.starts, one.ends))
    return found


def _left(owed: Obligation, stops: Sequence[Stop], calendar: Any, now: datetime) -> Left | None:
    if not owed.term or any(end is None for _, end in stops):
        return None
    start = owed.delivered_at or owed.sent_at
    return remaining(parse_term(owed.term), start, now, Stops.of(stops), calendar)


_ENDED = {
    "positive": "ok", "conditional": "cond", "negative": "no", "not_ours": "out",
    "deemed": "deemed", "acknowledged": "done", "done": "done",
}  # fmt: skip


def state_of(owed: Obligation, now: datetime) -> str:
    """Return the kind of status chip; overdue is derived, never stored."""
    if owed.state in ("answered", "deemed"):
        return _ENDED.get(owed.outcome, "done")
    if owed.state == "cancelled":
        return "wait"
    if owed.state == "stopped":
        return "stop"
    if owed.due_at is None:
        return "run"
    if owed.due_at < now:
        return "over"
    return "soon" if owed.due_at - now < timedelta(days=1) else "run"


def services_of(org: UUID) -> list[str]:
    """Return the services whose inquiries are open at an organisation, for the filter."""
    rows = _open().filter(debtor_id=org, kind__in=DESK_KINDS).exclude(service="")
    return list(rows.order_by("service").values_list("service", flat=True).distinct()[:50])


def count_inbox(orgs: Iterable[UUID]) -> int:
    """Return how many obligations wait at these organisations, at most 100."""
    rows = _open().filter(debtor_id__in=list(orgs), kind__in=DESK_KINDS, office__isnull=True)
    return len(rows.values_list("pk", flat=True)[:MANY])


def count_desk(offices: Iterable[int]) -> int:
    """Return how many reports wait for these offices, at most 100."""
    rows = _open().filter(office_id__in=list(offices), kind="acknowledgement")
    return len(rows.values_list("pk", flat=True)[:MANY])


def count_notices(actor: Actor) -> int:
    """Return how many unread notices the actor has, at most 100."""
    rows = Notice.objects.filter(_mine(actor), read_at__isnull=True)
    return len(rows.values_list("pk", flat=True)[:MANY])


# --- one obligation --------------------------------------------------------------------------


def detail(actor: Actor, obligation_id: UUID) -> Detail:
    """Return what the page of one obligation shows; the caller has asked `access.may_see`.

    Only the fields that the question declares; disclosures only to people of the debtor's and the
    asker's desks. Raises NotFound.
    """
    related = ("debtor", "asker", "office", "ground", "place", "claimed_by", "about__debtor")
    owed = Obligation.objects.select_related(*related).filter(pk=obligation_id).first()
    if owed is None:
        raise NotFound(obligation=str(obligation_id))
    now = clock.now()
    interruptions = list(owed.interruptions.order_by("starts"))
    stops = tuple((i.starts, i.ends) for i in interruptions)
    calendar = registry.calendar_of(owed.debtor_id)
    answers = list(owed.answers.order_by("no"))
    followers = list(owed.followers.select_related("office", "debtor").order_by("sent_at"))
    shown = Disclosure.objects.filter(obligation_id=owed.pk).order_by("-id")[:20]
    return Detail(
        owed=owed,
        state=state_of(owed, now),
        left=_left(owed, stops, calendar, now) if owed.state == "sent" else None,
        stops=stops,
        interruptions=interruptions,
        moves=list(owed.moves.order_by("at")),
        answers=[a for a in answers if a.no > 0],
        draft=next((a for a in answers if a.no == 0), None),
        reports=[f for f in followers if f.kind == "acknowledgement"],
        completions=[f for f in followers if f.kind == "completion"],
        disclosures=[] if actor.kind == "link" else list(shown),
        fields=shown_fields(owed.payload, owed.spec),
    )


def shown_fields(payload: dict[str, Any], spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the payload in the order of the question, with titles where the service gave them."""
    declared = {str(f["id"]): f for f in spec.get("fields", ()) if isinstance(f, dict)}
    order = [key for key in declared if key in payload]
    order += [key for key in payload if key not in declared]
    return [
        {"id": k, "title": declared.get(k, {}).get("title") or k.replace("_", " "),
         "value": payload[k]}
        for k in order
    ]  # fmt: skip


def recently_opened(actor: Actor, obligation_id: UUID) -> bool:
    """Did this actor open the page within the last hour? Then it is not written down again."""
    since = clock.now() - timedelta(hours=1)
    rows = Disclosure.objects.filter(
        obligation_id=obligation_id, actor=actor.name(), how__in=("opened", "link"), at__gte=since
    )
    opened = Obligation.objects.filter(pk=obligation_id, opened_at__isnull=True)
    return rows.exists() and not opened.exists()


# --- desks of officials and administrators -----------------------------------------------------


def desk(actor: Actor, *, after: str = "", size: int = PAGE) -> Page:
    """Return the delay reports addressed to offices that the actor holds today."""
    if not actor.offices:
        return Page(())
    rows = _open().filter(office_id__in=actor.offices, kind="acknowledgement")
    rows = rows.select_related("office", "about__debtor", "about__place", "debtor")
    found, more = _in_order(rows.defer("payload", "reply"), after, size)
    about = [o.about for o in found if o.about is not None]
    over = {row.owed.pk: row for row in _rows(about)}
    now = clock.now()
    lines = []
    for owed in found:
        late = over.get(owed.about_id) if owed.about_id else None
        lines.append(Row(owed, state_of(owed, now), late.left if late else None))
    return Page(tuple(lines), more)


def resolutions(actor: Actor, *, after: str = "", size: int = PAGE, ended: bool = False) -> Page:
    """Return the resolutions that the actor's desk asked for or owes."""
    orgs = {s.org for s in actor.seats}
    rows = Obligation.objects if ended else _open()
    rows = rows.filter(kind="resolution")
    if not actor.is_operator:
        mine = Q(asker_id__in=orgs) | Q(debtor_id__in=orgs) | Q(office_id__in=actor.offices)
        rows = rows.filter(mine)
    rows = rows.select_related("debtor", "office", "asker", "place")
    found, more = _in_order(rows.defer("payload"), after, size)
    return Page(tuple(_rows(found)), more)


def _mine(actor: Actor) -> Q:
    parties = [p for p in (actor.party, *actor.mandates, *(s.org for s in actor.seats)) if p]
    return Q(party_id__in=parties) | Q(office_id__in=actor.offices)


def notices(actor: Actor, *, before: int = 0, size: int = PAGE) -> tuple[list[Notice], int]:
    """Return the newest notices of an actor, and the id before which older ones begin (0: none)."""
    rows = Notice.objects.filter(_mine(actor))
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else 0


def dead_letters(size: int = 200) -> list[Outbox]:
    """Return what could not be sent and waits for a person, the newest first."""
    rows = Outbox.objects.filter(state="dead").select_related("obligation__debtor")
    return list(rows.order_by("-id")[:size])


@dataclass(frozen=True, slots=True)
class Beat:
    """One worker's sign of life."""

    name: str
    at: datetime
    age_seconds: int
    is_late: bool
    facts: dict[str, Any]


def pulse(alarm_after_seconds: int = 60) -> list[Beat]:
    """Return when each worker last proved that it runs; late ones raise the alarm."""
    now = clock.now()
    beats = []
    for one in Pulse.objects.order_by("name"):
        age = int((now - one.at).total_seconds())
        beats.append(Beat(one.name, one.at, age, age > alarm_after_seconds, one.facts))
    return beats
