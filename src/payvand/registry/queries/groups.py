"""Which clusters, consortia, associations and fairs are there, how far are they, who is in them?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from payvand.kernel.errors import NotFound
from payvand.registry.models import Group, GroupMember, GroupStep, Party
from payvand.registry.queries.databank import ProfileLine, lines
from payvand.registry.queries.people import today
from payvand.registry.queries.places import all_places, places_under
from payvand.registry.queries.vocabulary import states
from payvand.registry.rules.groups import State, days_late


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group of a list."""

    id: UUID
    kind: str
    name: dict[str, str]
    field: str
    place: dict[str, str] | None
    state: State | None
    since: date
    due: date | None
    days_late: int
    members: int
    is_sample: bool

    @property
    def rank(self) -> int:
        """Order by the life of the group: those that operate first, the furthest of the others."""
        if self.state is None:
            return 99
        return 0 if self.state.is_operating else 50 - self.state.order


@dataclass(frozen=True, slots=True)
class GroupPage:
    """One group with its history and its members."""

    row: Group
    line: GroupLine
    steps: list[tuple[GroupStep, State | None]]
    members: list[ProfileLine]
    lead: dict[str, str] | None


def groups(*, kind: str = "", province: str = "", state: str = "", field: str = "",
           limit: int = 200) -> list[GroupLine]:  # fmt: skip
    """Return groups in the order of their states and names. Two queries."""
    rows = Group.objects.all()
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    if field:
        rows = rows.filter(field=field)
    if province:
        rows = rows.filter(place__in=places_under(province))
    counted = rows.annotate(n=Count("members", filter=Q(members__valid_to=None)))
    found = [_line(row, row.n) for row in counted.order_by("sort_key", "pk")[:limit]]
    return sorted(found, key=lambda line: (line.kind, line.rank))


def counts(*, kind: str, province: str = "") -> tuple[int, int, Counter[str]]:
    """Return how many groups of a kind there are, how many operate, and how many are in each state.

    Groups that have ended count in their state only.
    """
    rows = Group.objects.filter(kind=kind)
    if province:
        rows = rows.filter(place__in=places_under(province))
    by_state = Counter(
        dict(rows.values_list("state").annotate(n=Count("pk")).values_list("state", "n"))
    )
    known = states(kind)
    living = sum(n for key, n in by_state.items() if key not in known or not known[key].is_end)
    operating = sum(n for key, n in by_state.items() if key in known and known[key].is_operating)
    return living, operating, by_state


def group(group_id: UUID) -> GroupPage:
    """Return one group; raises NotFound. Members that are not shown to everybody stay out."""
    row = Group.objects.select_related("lead").filter(pk=group_id).first()
    if row is None:
        raise NotFound(group=str(group_id))
    members = GroupMember.objects.filter(group=row, valid_to=None).values_list(
        "party_id", flat=True
    )
    found = lines(members)
    known = states(row.kind)
    shown = sorted({line.id: line for line in found.values()}.values(), key=lambda m: m.sort_key)
    return GroupPage(
        row, _line(row, len(members)),
        [(step, known.get(step.state)) for step in row.steps.order_by("since", "pk")],
        shown,
        {"fa": row.lead.name_fa, "en": row.lead.name_en or row.lead.name_fa} if row.lead else None,
    )  # fmt: skip


def guilds_of(party_ids: tuple[UUID, ...]) -> set[UUID]:
    """Return the leads of the associations that a party belongs to today: they may verify it."""
    return set(
        GroupMember.objects.filter(
            party__in=party_ids, valid_to=None, group__kind="association",
            group__lead__isnull=False,
        ).values_list("group__lead_id", flat=True)
    )  # fmt: skip


def groups_of(party_ids: tuple[UUID, ...]) -> list[GroupLine]:
    """Return the groups in which a party takes part today."""
    rows = Group.objects.filter(members__party__in=party_ids, members__valid_to=None).distinct()
    return [_line(row, 0) for row in rows.order_by("sort_key", "pk")]


def members_of(leads: set[UUID]) -> set[UUID]:
    """Return the parties that belong to associations led by these parties."""
    return set(
        Party.objects.filter(
            groups__group__lead__in=leads, groups__group__kind="association", groups__valid_to=None
        ).values_list("pk", flat=True)
    )


def _line(row: Group, members: int) -> GroupLine:
    place = all_places().get(row.place_id or "")
    return GroupLine(
        row.pk, row.kind, {"fa": row.name_fa, "en": row.name_en or row.name_fa}, row.field,
        place.name if place else None, states(row.kind).get(row.state), row.state_since,
        row.state_due, days_late(row.state_due, today()), members, row.is_sample,
    )  # fmt: skip
