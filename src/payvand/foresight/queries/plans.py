"""What does a scenario of a service come to?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from payvand.foresight.queries import blueprints
from payvand.foresight.queries.blueprints import Past
from payvand.foresight.rules import whatif
from payvand.foresight.rules.blueprint import Blueprint, Change
from payvand.foresight.rules.gate import LEAST_CLOSED
from payvand.foresight.rules.verdicts import Judged, judge_service
from payvand.foresight.rules.whatif import Shop, Study
from payvand.kernel import clock
from payvand.window import public as window


@dataclass(frozen=True, slots=True)
class Plan:
    """A scenario with all that a page, a document or a program shows of it."""

    slug: str
    service: window.CompiledService
    blueprint: Blueprint
    is_sequence: bool
    refused: Judged | None = None
    study: Study | None = None
    past: Past | None = None
    shop: Shop | None = None


def owner_of(slug: str) -> UUID | None:
    """Return the owner office of a service; None if there is no such service."""
    return window.Service.objects.filter(pk=slug).values_list("owner_id", flat=True).first()


def version_of(slug: str) -> int:
    """Return the newest version of a service."""
    rows = window.ServiceVersion.objects.filter(service=slug).order_by("-pk")
    return int(rows.values_list("pk", flat=True)[0])


def plan(slug: str, changes: Sequence[Change], *, sequence: bool = False) -> Plan:
    """Return what changes come to; without a history that carries it, the reason of the gate."""
    version, now = version_of(slug), clock.now()
    service = window.service_of(version)
    layout = blueprints.blueprint_of(version, clock.local_date(now))
    if not layout.questions:
        return Plan(slug, service, layout, sequence, Judged("no_graph"))
    found = blueprints.shop_of(slug, version, now)
    if found is None:
        return Plan(slug, service, layout, sequence, Judged("none_closed", {"least": LEAST_CLOSED}))
    shop, past, _row = found
    refused = judge_service(shop.known)
    if refused is not None:
        return Plan(slug, service, layout, sequence, refused)
    study = whatif.study(shop, changes, sequence=sequence)
    return Plan(slug, service, layout, sequence, None, study, past, shop)
