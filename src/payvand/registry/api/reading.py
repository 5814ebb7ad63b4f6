"""What does everybody read of the databank: firms and people, one profile, clusters?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from payvand.registry.access import databank as access
from payvand.registry.api.shapes import (
    GroupLineOut,
    GroupOut,
    ProfileLinesOut,
    ProfileOut,
    line_out,
    profile_out,
)
from payvand.registry.public import actor
from payvand.registry.queries import databank, groups
from payvand.registry.queries.databank import Filters
from payvand.registry.queries.groups import GroupLine
from payvand.registry.rules.databank import NoProfile

router = Router()


class DatabankQuery(Schema):
    """What a list of profiles is narrowed to."""

    q: str = Field("", max_length=80, description="part of a name")
    province: str = ""
    field: str = ""
    kind: str = ""
    verified: bool = False
    after: str = ""


class GroupQuery(Schema):
    """What a list of groups is narrowed to."""

    kind: str = Field("cluster", description="cluster, consortium, association or fair")
    province: str = ""
    state: str = ""
    field: str = ""


@router.get("/databank", response=ProfileLinesOut, auth=None, operation_id="databank")
def search(request: HttpRequest, asked: Query[DatabankQuery]) -> dict[str, Any]:
    """The profiles that everybody sees; people only those who agreed."""
    del request
    wanted = Filters(asked.province, asked.field, asked.kind, asked.verified, asked.q)
    page = databank.page(wanted, after=asked.after)
    return {"rows": [line_out(line) for line in page.lines], "after": page.after}


@router.get("/databank/groups", response=list[GroupLineOut], auth=None, operation_id="groups")
def group_list(request: HttpRequest, asked: Query[GroupQuery]) -> list[dict[str, Any]]:
    """Clusters, consortia, associations or fairs with their states and target days."""
    del request
    found = groups.groups(kind=asked.kind, province=asked.province, state=asked.state,
                          field=asked.field)  # fmt: skip
    return [_group(line) for line in found]


@router.get("/databank/groups/{uuid:group_id}", response=GroupOut, auth=None, operation_id="group")
def group(request: HttpRequest, group_id: UUID) -> dict[str, Any]:
    """One group, its history and its members."""
    del request
    page = groups.group(group_id)
    row = page.row
    return _group(page.line) | {
        "about": {"fa": row.about_fa or row.about_en, "en": row.about_en or row.about_fa},
        "lead": page.lead, "starts": row.starts, "ends": row.ends,
        "steps": [{"state": s.state, "since": s.since, "note": s.note} for s, _ in page.steps],
        "shown_members": [line_out(line) for line in page.members],
    }  # fmt: skip


@router.get("/databank/{uuid:party_id}", response=ProfileOut, auth=None, operation_id="profile")
def profile(request: HttpRequest, party_id: UUID) -> dict[str, Any]:
    """One profile; a merged entry answers with the kept one. 404 where it is not shown."""
    by, page = actor(request), databank.full(party_id)
    keeps = bool(access.may_keep(by, page.party))
    if not (page.row.is_listed or keeps):
        raise NoProfile(party=str(party_id))
    return profile_out(page, keeps=keeps)


def _group(line: GroupLine) -> dict[str, Any]:
    return {
        "id": line.id, "kind": line.kind, "name": line.name, "field": line.field,
        "place": line.place, "state": line.state.key if line.state else "",
        "is_operating": bool(line.state and line.state.is_operating), "since": line.since,
        "due": line.due, "days_late": line.days_late, "members": line.members,
    }  # fmt: skip
