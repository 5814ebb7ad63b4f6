"""How does an office come to be, and who is appointed to it from when to when?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from payvand.kernel.errors import NotFound, gettext_noop
from payvand.registry import access, versions
from payvand.registry.actions.journal import record, subject
from payvand.registry.models import Holding, Office
from payvand.registry.queries import duties
from payvand.registry.rules.actor import Actor
from payvand.registry.rules.refusals import AlreadyEnded, NoOffice, OfficeHeld, Unfit


@dataclass(frozen=True, slots=True)
class OfficeDraft:
    """A post in the state before it is registered."""

    role: str
    title_fa: str
    title_en: str
    agency: UUID | None = None
    place: str | None = None
    falls_to: int | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """Who is to hold an office (order 0) or deputise (1, 2…), from when to when (inclusive)."""

    user: int
    starts: date
    ends: date | None = None
    order: int = 0
    decree: str = ""


@transaction.atomic
def create_office(draft: OfficeDraft, *, by: Actor) -> int:
    """Register an office and return its id; the same role of the same agency or place once only."""
    access.may_manage(by).or_raise()
    if not draft.title_fa.strip() or not draft.title_en.strip():
        raise Unfit(fields={"title_fa": gettext_noop("Both languages are needed.")})
    known = Office.objects.filter(
        role=draft.role, agency_id=draft.agency, place_id=draft.place
    ).first()
    if known is not None:
        return known.pk
    office = Office.objects.create(
        role=draft.role,
        agency_id=draft.agency,
        place_id=draft.place,
        title_fa=draft.title_fa,
        title_en=draft.title_en,
        falls_to_id=draft.falls_to,
    )
    record(
        by,
        "office_created",
        subject("office", office.pk),
        facts={"role": draft.role, "place": draft.place, "falls_to": draft.falls_to},
        topics=(versions.OFFICES,),
    )
    return office.pk


@transaction.atomic
def set_falls_to(office_id: int, falls_to: int | None, *, by: Actor) -> None:
    """Say to which office this one falls while it is vacant; circles are refused."""
    access.may_manage(by).or_raise()
    posts = duties.posts()
    step = falls_to
    while step is not None:
        if step == office_id:
            raise Unfit(fields={"falls_to": gettext_noop("The offices would fall in a circle.")})
        step = posts[step].falls_to if step in posts else None
    Office.objects.filter(pk=office_id).update(falls_to_id=falls_to)
    record(
        by,
        "office_falls_to",
        subject("office", office_id),
        facts={"falls_to": falls_to},
        topics=(versions.OFFICES,),
    )


@transaction.atomic
def appoint(office_id: int, appointment: Appointment, *, by: Actor) -> int:
    """Appoint a holder or deputy with dates and return the id of the appointment.

    Raises Refused, NoOffice, Unfit, OfficeHeld.
    """
    post = duties.posts().get(office_id)
    if post is None:
        raise NoOffice(role="", place="", office=office_id)
    access.may_appoint(by, post).or_raise()
    Office.objects.select_for_update().get(pk=office_id)  # two appointments wait for each other
    if appointment.ends is not None and appointment.ends < appointment.starts:
        raise Unfit(fields={"ends": gettext_noop("The last day lies before the first.")})
    if appointment.order < 0:
        raise Unfit(fields={"order": gettext_noop("Choose the holder or a deputy.")})
    clash = Holding.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=appointment.starts),
        office_id=office_id,
        deputy_order=appointment.order,
    )
    if appointment.ends is not None:
        clash = clash.filter(valid_from__lte=appointment.ends)
    present = clash.first()
    if present is not None:
        raise OfficeHeld(office=office_id, since=present.valid_from.isoformat())
    holding = Holding.objects.create(
        office_id=office_id,
        user_id=appointment.user,
        deputy_order=appointment.order,
        valid_from=appointment.starts,
        valid_to=appointment.ends,
        decree=appointment.decree,
    )
    record(
        by,
        "appointed",
        subject("office", office_id),
        facts={
            "holding": holding.pk,
            "user": appointment.user,
            "order": appointment.order,
            "from": appointment.starts.isoformat(),
            "to": appointment.ends.isoformat() if appointment.ends else None,
        },
        topics=(versions.OFFICES,),
    )
    return holding.pk


@transaction.atomic
def end_holding(holding_id: int, *, by: Actor, last_day: date) -> None:
    """End an appointment after its last day (inclusive); a vacant office falls to the next.

    A last day before the first one means that the appointment never took effect.
    """
    holding = Holding.objects.select_for_update().filter(pk=holding_id).first()
    if holding is None:
        raise NotFound(holding=holding_id)
    access.may_appoint(by, duties.posts()[holding.office_id]).or_raise()
    if holding.valid_to is not None and holding.valid_to <= last_day:
        raise AlreadyEnded(ended=holding.valid_to.isoformat())
    Holding.objects.filter(pk=holding_id).update(valid_to=last_day)
    record(
        by,
        "appointment_ended",
        subject("office", holding.office_id),
        facts={"holding": holding_id, "user": holding.user_id, "to": last_day.isoformat()},
        topics=(versions.OFFICES,),
    )
