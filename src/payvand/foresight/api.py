"""How does a program read the days promised for a case, and try a plan of a service?"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from payvand.foresight import access
from payvand.foresight.models import Promise
from payvand.foresight.rules.scenario import SEQUENCE, scenario
from payvand.kernel.errors import NotFound
from payvand.registry.public import actor
from payvand.window import public as window

if TYPE_CHECKING:  # numpy stays out until somebody asks
    from payvand.foresight.rules.whatif import Effect, Figures

router = Router()


class PromiseOut(Schema):
    """One estimate as it was told: half finish by p50, nine in ten by p90; or the reason why not.

    inputs: hash of everything the sampler read. legal_at: were every term used up.
    """

    at: datetime
    cause: str
    p50: date | None
    p90: date | None
    legal_at: datetime | None
    chance_within_legal_term: float | None
    slowest: str
    verdict: str
    verdict_facts: dict[str, Any]
    basis: str
    model: str
    learnt: int | None
    calendar_version: str
    inputs: str
    seed: int
    samples: int


class PromisesOut(Schema):
    """The estimates of one application, the newest first."""

    application: UUID
    promises: list[PromiseOut]


class FiguresOut(Schema):
    """Calendar days from submission to decision."""

    p50_days: float
    p90_days: float
    mean_days: float
    within_legal_term: float | None


class EffectOut(Schema):
    """What one change comes to alone, or why it is refused (`facts` names the field)."""

    change: str
    figures: FiguresOut | None
    p50_days_bought: float | None
    p90_days_bought: float | None
    refused: str
    facts: dict[str, Any]


class PlanOut(Schema):
    """A plan of a service: as it is, each change alone, and all together."""

    service: str
    base: str
    samples: int
    now: FiguresOut | None
    together: FiguresOut | None
    changes: list[EffectOut]
    one_after_another: FiguresOut | None
    by_graph: FiguresOut | None
    everything_at_once: FiguresOut | None
    days_on_the_slowest_chain: dict[str, float]
    refused: str
    unread: list[str]


@router.get("/applications/{uuid:id}/promise", response=PromisesOut, operation_id="promises")
def promises(request: HttpRequest, id: UUID) -> dict[str, Any]:  # noqa: A002
    """Return the estimates of an application; to its two sides and to officials in charge."""
    from payvand.foresight.queries import promises as kept

    application = window.Application.objects.select_related("service").filter(pk=id).first()
    if application is None:
        raise NotFound(application=str(id))
    access.may_see_promise(actor(request), application).or_raise()
    return {"application": id, "promises": [_promise(one) for one in kept.promises_of(id)]}


def _promise(one: Promise) -> dict[str, Any]:
    names = ("at", "cause", "p50", "p90", "legal_at", "slowest", "verdict", "verdict_facts",
             "basis", "model", "calendar_version", "inputs", "seed", "samples")  # fmt: skip
    told = {name: getattr(one, name) for name in names}
    return told | {"chance_within_legal_term": one.p_legal, "learnt": one.learnt_id}


@router.get("/services/{slug}/what-if", response=PlanOut, operation_id="what_if")
def what_if(
    request: HttpRequest,
    slug: str,
    change: list[str] = Query([]),  # type: ignore[type-arg]
    base: str = "graph",
) -> dict[str, Any]:
    """Return what changes of a service would buy.

    change: as on the page, such as cap:tax_status:5, register:KEY, start:KEY, deemed:KEY, drop:KEY,
    merge:KEY:OTHER, desks:KEY:3+1. base: graph or sequence.
    """
    from payvand.foresight.queries import plans

    owner = plans.owner_of(slug)
    if owner is None:
        raise NotFound(service=slug)
    access.may_plan(actor(request), owner).or_raise()
    asked = scenario(change, base)
    plan = plans.plan(slug, asked.changes, sequence=asked.base == SEQUENCE)
    study = plan.study
    return {
        "service": slug, "base": asked.base, "unread": list(asked.unread),
        "samples": study.samples if study else 0,
        "refused": plan.refused.code if plan.refused else "",
        "now": _figures(study.now if study else None),
        "together": _figures(study.together if study else None),
        "changes": [_effect(one) for one in study.effects] if study else [],
        "one_after_another": _figures(study.sequence if study else None),
        "by_graph": _figures(study.graph if study else None),
        "everything_at_once": _figures(study.wide_open if study else None),
        "days_on_the_slowest_chain": {k: round(v, 2) for k, v in study.shares} if study else {},
    }  # fmt: skip


def _figures(found: Figures | None) -> dict[str, Any] | None:
    if found is None:
        return None
    share = None if found.by_law is None else round(found.by_law, 4)
    return {"p50_days": round(found.p50, 2), "p90_days": round(found.p90, 2),
            "mean_days": round(found.mean, 2), "within_legal_term": share}  # fmt: skip


def _effect(one: Effect) -> dict[str, Any]:
    refused = bool(one.refused)
    return {
        "change": str(one.change), "figures": _figures(one.figures), "refused": one.refused,
        "p50_days_bought": None if refused else round(one.p50_bought, 2),
        "p90_days_bought": None if refused else round(one.p90_bought, 2), "facts": one.facts,
    }  # fmt: skip
