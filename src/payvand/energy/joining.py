"""What does energy add to the menu, to the desks of the ledger, to notices and to the samples?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from django.http import HttpRequest

    from payvand.plugins.slots import Sample
    from payvand.registry.public import Actor
    from payvand.ui.context import NavItem


def register() -> None:
    """Register everything; libraries for arithmetic stay out until somebody asks."""
    from django.utils.translation import gettext_noop

    from payvand.ledger import public as ledger
    from payvand.plugins import slots

    slots.nav.register(entries)
    slots.samples.register(add_samples, order=60)
    slots.landing.register(beginning)
    slots.minute_work.register(watch)
    slots.round_work.register(read_uploads)
    slots.chores.register(tidy_uploads)
    ledger.page_elsewhere.register(page_of, order=20)
    slots.notice_texts.register(
        slots.NoticeText(
            "energy.shortage",
            gettext_noop("Payvand: a shortage of energy is foreseen"),
            gettext_noop("{title}. Please acknowledge it with your order; the page shows more."),
        )
    )
    slots.notice_texts.register(
        slots.NoticeText(
            "energy.asked",
            gettext_noop("Payvand: you are asked to move or lower your use of energy"),
            gettext_noop(
                "{title}. You may accept or decline. No answer means no consent; you lose nothing"
                " by it, and what holds for everybody holds for you."
            ),
        )
    )


def page_of(case_id: UUID, kind: str, obligation_id: UUID) -> str | None:
    """Return where a warning, the signature of a plan, or a request is answered."""
    if kind not in ("acknowledgement", "resolution", "invitation"):
        return None
    from django.urls import reverse

    from payvand.energy.models import Outlook, Plan, Request

    if kind == "acknowledgement":
        seen = Outlook.objects.filter(warning=obligation_id).order_by("-pk").first()
        return None if seen is None else balance_of(seen.area_id, seen.carrier)
    if kind == "resolution":
        plan = Plan.objects.filter(decision=obligation_id).values_list("pk", flat=True).first()
        return None if plan is None else reverse("energy:approval", args=[plan])
    asked = Request.objects.filter(obligation=obligation_id).values_list("pk", flat=True).first()
    return None if asked is None else reverse("energy:request", args=[asked])


def balance_of(area: str, carrier: str) -> str:
    """Return the address of the balance of a province and carrier."""
    from django.urls import reverse

    of = "" if carrier == "electricity" else f"?carrier={carrier}"
    return reverse("energy:balance", args=[area]) + of


def entries(request: HttpRequest) -> Iterable[NavItem]:
    """Yield the entries that fit the reader; asks for nothing beyond what the request knows."""
    from django.urls import reverse
    from django.utils.translation import gettext as _

    from payvand.energy import access
    from payvand.registry.public import actor
    from payvand.ui.context import NavItem

    user = getattr(request, "user", None)
    by = actor(request) if user is not None and user.is_authenticated else None
    if by is None:
        yield NavItem(_("Electricity and gas"), reverse("energy:schedules"), "bolt", order=65)
        return
    operated = access.carriers_operated_by(by)
    if operated:
        yield NavItem(_("Energy balance"), balance_of(*operated[0]), "bolt", order=50,
                      prefix="/energy/")  # fmt: skip
    elif access.in_charge_of(by):
        yield NavItem(_("Energy"), reverse("energy:officials"), "bolt", order=62)
    if by.is_operator:
        yield NavItem(_("Warnings of a shortage"), reverse("energy:thresholds"), "bolt", order=90)
    if by.mandates:  # a person without any finds the way from the public schedule
        yield NavItem(_("My electricity and gas"), reverse("energy:mine"), "bolt", order=35)


def beginning(by: Actor) -> str | None:
    """Let the operator of a province begin with its balance."""
    if not by.seats or by.offices or by.is_operator:
        return None
    from payvand.energy import access

    operated = access.carriers_operated_by(by)
    own = {seat.org for seat in by.seats} == {access.operator_of(*where) for where in operated}
    return balance_of(*operated[0]) if operated and own else None


def watch() -> None:
    """Look, once a minute, whether news of supply or a new day asks for a new outlook."""
    from payvand.energy import jobs

    jobs.watch()


def read_uploads() -> None:
    """Read on, for some seconds, in what was handed over."""
    from payvand.energy import jobs

    jobs.read_uploads()


def tidy_uploads() -> None:
    """Forget old reports, once an hour."""
    from payvand.energy.actions import uploads

    uploads.tidy()


def add_samples(sample: Sample) -> None:
    """Add what the pages show to the sample country; arithmetic is loaded at first use."""
    from payvand.energy.actions import samples

    samples.add(sample)
