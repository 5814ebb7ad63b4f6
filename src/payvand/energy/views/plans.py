"""What does a plan say, who signs it, what was asked, and what came of it?"""

from __future__ import annotations

import csv
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from payvand.energy import access, exports, labels, shown
from payvand.energy.actions import planning, publishing, settling
from payvand.energy.models import Plan
from payvand.energy.queries import plans as queries
from payvand.energy.rules.carriers import CARRIERS
from payvand.energy.rules.hours import label
from payvand.energy.views.balance import tabs
from payvand.energy.views.steps import do
from payvand.kernel import clock
from payvand.kernel.errors import NotFound
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.registry.public import Actor, actor
from payvand.ui.language import lang


def _seen(request: HttpRequest, plan_id: UUID) -> tuple[Actor, Plan]:
    by, found = actor(request), queries.plan(plan_id)
    access.may_see_plan(by, found).or_raise()
    return by, found


def _operated(request: HttpRequest, plan_id: UUID) -> Plan:
    by, found = _seen(request, plan_id)
    access.may_operate(by, found.area_id, found.carrier).or_raise()
    return found


@require_safe
@login_required
def table(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Who gives what when, group by group, as CSV; nobody is named."""
    _by, found = _seen(request, plan_id)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="plan-{found.code}.csv"'
    csv.writer(response).writerows([exports.LINES, *exports.line_rows(found)])
    return response


def _context(by: Actor, found: Plan) -> dict[str, Any]:
    """Return what plan, approval and settlement share."""
    language, lines = lang(), queries.lines_of(found.pk)
    kind, words = shown.standing(found)
    when = shown.periods_of(found, language)
    later = found.successors.exclude(state__in=("refused",)).order_by("-made_at").first()
    return {
        **tabs(by, found.area_id, "plan", found.carrier), "plan": found, "kind": kind,
        "words": words, "title": shown.plan_title(found),
        "tiles": shown.plan_tiles(found, language),
        "chart": shown.plan_chart(found, lines, language),
        "groups": shown.group_rows(found, lines, language), "spared": shown.spared(found, lines),
        "exemptions": shown.exemption_cost(found), "later": later,
        "alternatives": shown.alternatives(found),
        "unknown": [when.name(n) for n in found.result["unknown"]],
        "unmet": [(when.name(n), mw) for n, mw in enumerate(found.result["unmet"]) if mw > 0.05],
        "level": 100 * found.result["level"], "rules": shown.rule_rows(found),
        "behind": shown.behind(found, language), "less": shown.less_rows(found, language),
    }  # fmt: skip


@require_safe
@login_required
def plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The plan: who gives what and why, what else was possible, and the next step."""
    by, found = _seen(request, plan_id)
    operates = access.may_operate(by, found.area_id, found.carrier).ok
    asked = queries.requests_of(found.pk) if operates else []
    today = clock.local_date(clock.now())
    context = _context(by, found) | {
        "asked": [(one, *labels.status(labels.ANSWERS, one.standing)) for one in asked],
        "blocks": _blocks(found) if operates else [], "may_decide": access.may_decide(by, found).ok,
        "may_settle": operates and found.state == "published" and found.last < today,
        "may_replan": operates and found.state == "published"
        and found.last >= CARRIERS[found.carrier].next_day(today),
        "signer": _signer(found),
    }  # fmt: skip
    return render(request, "energy/plan.html", context)


def _blocks(found: Plan) -> list[dict[str, Any]]:
    """Return the rota for the operator: block, how many feeders, MW."""
    rows: dict[int, list[float]] = {}
    for hour, mw in found.cuts.values_list("hour", "mw"):
        rows.setdefault(hour, []).append(mw)
    return [{"span": shown.clock_time(hour, lang(), 2), "count": len(mw), "mw": sum(mw)}
            for hour, mw in sorted(rows.items())]  # fmt: skip


def _owed(found: Plan) -> ledger.Obligation | None:
    if found.decision is None:
        return None
    return ledger.Obligation.objects.select_related("office").filter(pk=found.decision).first()


def _signer(found: Plan) -> dict[str, str]:
    owed = _owed(found)
    if owed is None or owed.office is None:
        return {}
    return {"fa": owed.office.title_fa, "en": owed.office.title_en}


@require_safe
@login_required
def approval(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """What the office that signs must know, and its answer."""
    by, found = _seen(request, plan_id)
    context = _context(by, found) | {
        "may_decide": found.state == "proposed" and access.may_decide(by, found).ok,
        "signer": _signer(found),
        "owed": _owed(found),
    }  # fmt: skip
    return render(request, "energy/approval.html", context)


@require_POST
@login_required
def decide(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Sign the plan, or send it back."""
    approve = request.POST.get("decision") == "approve"
    order = request.POST.get("order", "")
    said = _("The plan is signed.") if approve else _("The plan is sent back with your reason.")
    return do(request, lambda by: planning.decide(plan_id, by=by, approve=approve, order=order),
              said, reverse("energy:approval", args=[plan_id]))  # fmt: skip


@require_POST
@login_required
def step(request: HttpRequest, plan_id: UUID, what: str) -> HttpResponse:
    """The operator's next step: propose, publish, settle, or plan anew."""
    back = reverse("energy:plan", args=[plan_id])
    if what == "propose":
        return do(request, lambda by: planning.propose(plan_id, by=by),
                  _("The plan lies before the office that must sign it."), back)  # fmt: skip
    if what == "publish":
        return do(request, lambda by: publishing.publish(plan_id, by=by),
                  _("The plan is published; every consumer in it has been asked."),
                  back)  # fmt: skip
    if what == "settle":
        return do(request, lambda by: settling.settle(plan_id, by=by), _("The plan is settled."),
                  reverse("energy:settlement", args=[plan_id]))  # fmt: skip
    found, made = queries.plan(plan_id), []
    day = max(found.day, CARRIERS[found.carrier].next_day(clock.local_date(clock.now())))
    answer = do(request,
                lambda by: made.append(planning.make(found.area_id, day, by=by,
                                                     carrier=found.carrier)),
                _("A new draft is made from what is known now. The plan in force stays so until"
                  " the new one is published."), back)  # fmt: skip
    return redirect("energy:plan", made[0].pk) if made else answer


@require_safe
@login_required
def settlement(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Asked, delivered against the baseline, credited; by name for the operator only."""
    by, found = _seen(request, plan_id)
    operates = access.may_operate(by, found.area_id, found.carrier).ok
    asked = queries.requests_of(found.pk)
    counts: dict[str, int] = {}
    for one in asked:
        counts[one.standing] = counts.get(one.standing, 0) + 1
    context = _context(by, found) | {
        "rows": [(one, *labels.status(labels.ANSWERS, one.standing)) for one in asked]
        if operates else [],
        "counts": [(*labels.status(labels.ANSWERS, key), n) for key, n in sorted(counts.items())],
        "kept": None if found.kept is None else 100 * found.kept, "operates": operates,
    }  # fmt: skip
    return render(request, "energy/settlement.html", context)


@require_safe
@login_required
def openadr(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The whole plan as OpenADR 3 events, with what each consumer is asked; for the operator."""
    found = _operated(request, plan_id)
    if not CARRIERS[found.carrier].has_openadr:
        raise NotFound(plan=str(plan_id))
    name = registry.place(found.area_id).name["en"]
    return JsonResponse(exports.openadr(found, name, asked=True), json_dumps_params={"indent": 1})


@require_safe
@login_required
def rota(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Which feeders are off when, as CSV for the control room; for the operator only."""
    found = _operated(request, plan_id)
    if not CARRIERS[found.carrier].has_turns:
        raise NotFound(plan=str(plan_id))
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="rota-{found.code}.csv"'
    out = csv.writer(response)
    out.writerow(("day", "from", "until", "feeder", "mw"))
    rows = found.cuts.order_by("hour", "feeder_id").values_list("hour", "feeder_id", "mw")
    out.writerows((found.day, label(hour), label(hour + 2), code, mw) for hour, code, mw in rows)
    return response
