"""How is a cluster, consortium, association or fair founded, moved on, joined and left?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db import transaction

from payvand.kernel.errors import NotFound, gettext_noop
from payvand.kernel.text import clean, sort_key
from payvand.registry.access import databank as access
from payvand.registry.actions.journal import record, subject
from payvand.registry.models import Group, GroupMember, GroupState, GroupStep, Party
from payvand.registry.queries import aliases, vocabulary
from payvand.registry.queries.people import today
from payvand.registry.queries.places import place
from payvand.registry.rules.actor import Actor
from payvand.registry.rules.databank import GROUPS, BadStep, plain
from payvand.registry.rules.groups import state_due
from payvand.registry.rules.refusals import NoParty, Unfit


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """A group before it is founded; without a state it begins in the first one of its kind."""

    kind: str
    name_fa: str
    name_en: str = ""
    about_fa: str = ""
    about_en: str = ""
    field: str = ""
    place: str | None = None
    lead: UUID | None = None
    starts: date | None = None
    ends: date | None = None
    steps: tuple[tuple[str, date], ...] = ()  # states entered so far, the earliest first
    members: tuple[UUID, ...] = ()
    is_sample: bool = False


@transaction.atomic
def seed_group_states(by: Actor) -> int:
    """Record the states in the lives of groups; terms that were changed here stay. Returns new."""
    access.may_register(by).or_raise()
    known = set(GroupState.objects.values_list("kind", "key"))
    rows = [
        GroupState(
            kind=kind, key=row["key"], order=n, title_fa=row["fa"], title_en=row["en"],
            target_days=row["days"], is_operating=row.get("operating", False),
            is_end=row.get("end", False),
        )
        for kind, listed in vocabulary.databank_data()["states"].items()
        for n, row in enumerate(listed, 1)
        if (kind, row["key"]) not in known
    ]  # fmt: skip
    if rows:
        GroupState.objects.bulk_create(rows)
        record(by, "group_states_recorded", subject("group", "states"),
               facts={"new": len(rows)}, topics=(vocabulary.TOPIC,))  # fmt: skip
    return len(rows)


@transaction.atomic
def found_groups(drafts: Sequence[GroupDraft], *, by: Actor) -> list[UUID]:
    """Found groups with their history and members; return their ids in order. One event."""
    rows, steps, members = [], [], []
    for draft in drafts:
        access.may_found(by, draft.kind, place=draft.place, lead=draft.lead).or_raise()
        row, entered = _row(draft)
        rows.append(row)
        steps += [GroupStep(group=row, state=key, since=since) for key, since in entered]
        members += [
            GroupMember(group=row, party_id=member, valid_from=entered[0][1])
            for member in dict.fromkeys(map(aliases.kept_of, draft.members))
        ]
    Group.objects.bulk_create(rows, batch_size=500)
    GroupStep.objects.bulk_create(steps, batch_size=500)
    GroupMember.objects.bulk_create(members, batch_size=500)
    if rows:
        record(by, "groups_founded", subject("group", rows[0].pk if len(rows) == 1 else "many"),
               facts={"count": len(rows)})  # fmt: skip
    return [row.pk for row in rows]


def _row(draft: GroupDraft) -> tuple[Group, tuple[tuple[str, date], ...]]:
    known = vocabulary.states(draft.kind)
    wrong: dict[str, str] = {}
    if draft.kind not in GROUPS or not known:
        wrong["kind"] = gettext_noop("Choose a kind from the list.")
    if not draft.name_fa.strip():
        wrong["name_fa"] = gettext_noop("The name is needed.")
    if draft.starts and draft.ends and draft.ends < draft.starts:
        wrong["ends"] = gettext_noop("The last day lies before the first.")
    if any(key not in known for key, _since in draft.steps):
        wrong["state"] = gettext_noop("Choose another state from the list.")
    if wrong:
        raise Unfit(fields=wrong)
    if draft.place:
        place(draft.place)
    entered = draft.steps or ((next(iter(known)), today()),)
    key, since = entered[-1]
    row = Group(
        kind=draft.kind, name_fa=clean(draft.name_fa)[:160], name_en=clean(draft.name_en)[:160],
        about_fa=plain(draft.about_fa), about_en=plain(draft.about_en),
        sort_key=sort_key(draft.name_fa)[:320], field=draft.field, place_id=draft.place,
        lead_id=draft.lead, state=key, state_since=since, state_due=state_due(known[key], since),
        starts=draft.starts, ends=draft.ends, is_sample=draft.is_sample,
    )  # fmt: skip
    return row, entered


@transaction.atomic
def change_group(group_id: UUID, draft: GroupDraft, *, by: Actor) -> None:
    """Change what a group says of itself; its kind, lead, state and members stay.

    Raises Refused, Unfit.
    """
    row = _locked(group_id)
    access.may_lead(by, place=row.place_id, lead=row.lead_id).or_raise()
    fresh, _entered = _row(replace(draft, kind=row.kind, steps=()))
    if draft.place != row.place_id:  # a group is not moved under another registrar by its organiser
        access.may_lead(by, place=draft.place, lead=row.lead_id).or_raise()
    names = ("name_fa", "name_en", "about_fa", "about_en", "sort_key", "field", "place_id",
             "starts", "ends")  # fmt: skip
    differs = [name for name in names if getattr(row, name) != getattr(fresh, name)]
    if differs:
        Group.objects.filter(pk=row.pk).update(**{n: getattr(fresh, n) for n in differs})
        record(by, "group_changed", subject("group", row.pk), facts={"fields": sorted(differs)})


@transaction.atomic
def move_group(group_id: UUID, state: str, *, by: Actor, since: date, note: str = "") -> None:
    """Let a group enter a state on a day; its term follows from the state. Raises BadStep."""
    row = _locked(group_id)
    access.may_lead(by, place=row.place_id, lead=row.lead_id).or_raise()
    known = vocabulary.states(row.kind)
    if state not in known or state == row.state:
        raise BadStep(group=str(group_id), state=state)
    if since < row.state_since:
        raise Unfit(fields={"since": gettext_noop("The present state began later than this.")})
    Group.objects.filter(pk=row.pk).update(
        state=state, state_since=since, state_due=state_due(known[state], since)
    )
    GroupStep.objects.create(group=row, state=state, since=since, note=plain(note, most=300))
    record(by, "group_moved", subject("group", row.pk),
           facts={"from": row.state, "to": state, "since": since.isoformat()})  # fmt: skip


@transaction.atomic
def join_group(group_id: UUID, party_id: UUID, *, by: Actor, since: date | None = None) -> None:
    """Let a party take part in a group; a second time changes nothing. Raises Refused, NoParty."""
    row = _locked(group_id)
    head = aliases.kept_of(party_id)
    party = Party.objects.filter(pk=head).first()
    if party is None:
        raise NoParty(party=str(party_id))
    access.may_add_member(by, row, party).or_raise()
    _member, new = GroupMember.objects.get_or_create(
        group=row, party_id=head, valid_to=None, defaults={"valid_from": since or today()}
    )
    if new:
        record(by, "group_joined", subject("group", row.pk), facts={"party": str(head)})


@transaction.atomic
def leave_group(group_id: UUID, party_id: UUID, *, by: Actor) -> None:
    """End that a party takes part in a group: its organiser may, and the party itself."""
    row, ids = _locked(group_id), aliases.family(party_id)
    if not any(by.works_for(key) or by.party == key for key in ids):
        access.may_lead(by, place=row.place_id, lead=row.lead_id).or_raise()
    if GroupMember.objects.filter(group=row, party__in=ids, valid_to=None).update(valid_to=today()):
        record(by, "group_left", subject("group", row.pk), facts={"party": str(ids[0])})


def _locked(group_id: UUID) -> Group:
    row = Group.objects.select_for_update().filter(pk=group_id).first()
    if row is None:
        raise NotFound(group=str(group_id))
    return row
