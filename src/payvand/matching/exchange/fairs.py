"""How does a fair run: who registers, whom they wish to meet, the schedule, what came of it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from payvand.kernel import clock
from payvand.kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from payvand.matching.exchange import access, deals
from payvand.matching.exchange.journal import record
from payvand.matching.models import FairEntry, FairMeeting, FairPlan, Need
from payvand.matching.rules import needs as rules
from payvand.registry.public import Actor, databank

if TYPE_CHECKING:
    import numpy as np

WISH, BOTH, FIELD = 3.0, 2.0, 1.0  # worth of a meeting: see `worth`
MOST_WISHES = 12


class FairOver(Conflict):
    """The fair takes no registrations, or has no schedule yet."""

    code = "matching.fair_closed"
    what = gettext_noop("The fair is not in the state for this.")
    why = gettext_noop("{problem}")
    now = gettext_noop("Reload the page of the fair to see how far it is.")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a fair is laid out."""

    slots_a_day: int = 10
    minutes: int = 30
    begins: str = "09:00"
    rooms: int = 8
    most: int = 4


@dataclass(frozen=True, slots=True)
class Registration:
    """How a party takes part. days: "1" or "2"; empty = every day. need: of a buyer."""

    side: str  # firm | buyer
    need: UUID | None = None
    wishes: Sequence[UUID] = ()
    days: str = ""


def fair(group_id: UUID) -> Any:
    """Return the page of a fair; raises NotFound for other groups."""
    page = databank.group(group_id)
    if page.row.kind != "fair":
        raise NotFound(fair=str(group_id))
    return page


def counts(group_id: UUID) -> dict[str, Any]:
    """Return how many makers and buyers take part in a fair, and how many meetings it has."""
    sides = FairEntry.objects.filter(group=group_id).values_list("side")
    found = dict(sides.annotate(n=Count("pk")).order_by())
    meetings = FairMeeting.objects.filter(group=group_id).count()
    return {"id": group_id, "firm": 0, "buyer": 0, **found, "meetings": meetings}


def days_of(row: Any) -> int:
    """Return how many days a fair lasts; at least one."""
    if row.starts is None or row.ends is None:
        return 1
    return int((row.ends - row.starts).days) + 1


@transaction.atomic
def lay_out(group_id: UUID, layout: Layout, *, by: Actor) -> None:
    """Set days, rooms and slots; a schedule made before falls away. Raises Refused, Invalid."""
    row = fair(group_id).row
    access.may_lead_fair(by, place=row.place_id, lead=row.lead_id).or_raise()
    limits = {"slots_a_day": (1, 40), "minutes": (10, 120), "rooms": (1, 200), "most": (1, 40)}
    wrong = {
        name: gettext_noop("This number is too small or too large.")
        for name, (least, most) in limits.items()
        if not least <= getattr(layout, name) <= most
    }
    if wrong:
        raise Invalid(fields=wrong)
    FairPlan.objects.update_or_create(
        group_id=group_id,
        defaults={"slots_a_day": layout.slots_a_day, "minutes": layout.minutes,
                  "begins": layout.begins, "rooms": layout.rooms, "most": layout.most,
                  "made_at": None, "worth": 0, "bound": 0},
    )  # fmt: skip
    FairMeeting.objects.filter(group=group_id, outcome="").delete()
    record(by, group_id, "fair_laid_out", f"fair:{group_id}", rooms=layout.rooms)


@transaction.atomic
def register(group_id: UUID, party: UUID, told: Registration, *, by: Actor) -> None:
    """Register a party as a firm or a buyer; a second time replaces the first.

    Raises Refused, FairOver, Invalid.
    """
    row = fair(group_id).row
    access.may_act(by, party).or_raise()
    if row.state not in ("planned", "registering"):
        raise FairOver(problem=gettext_noop("Registration is over."))
    wrong = _wrong(party, told)
    if wrong:
        raise Invalid(fields=wrong)
    need = told.need if told.side == "buyer" else None
    FairEntry.objects.update_or_create(
        group_id=group_id, party_id=party,
        defaults={"side": told.side, "need_id": need, "days": told.days, "at": clock.now(),
                  "wishes": [str(key) for key in told.wishes]},
    )  # fmt: skip
    record(by, group_id, "fair_registered", f"fair:{group_id}", party=str(party), side=told.side)


def _wrong(party: UUID, told: Registration) -> dict[str, str]:
    wrong = {}
    if told.side not in ("firm", "buyer"):
        wrong["side"] = gettext_noop("Choose a side.")
    if told.side == "firm" and party not in databank.lines([party]):
        wrong["party"] = gettext_noop("This firm has no profile that everybody sees yet.")
    own = Need.objects.filter(pk__in=[told.need], buyer=party, state__in=rules.SHOWN)
    if told.side == "buyer" and told.need is not None and not own.exists():
        wrong["need"] = gettext_noop("Choose one of your open needs.")
    if len(told.wishes) > MOST_WISHES or party in told.wishes:
        wrong["wishes"] = gettext_noop("Choose at most 12 others.")
    return wrong


@transaction.atomic
def withdraw(group_id: UUID, party: UUID, *, by: Actor) -> None:
    """Take a registration back; its meetings that are still to come fall away."""
    access.may_act(by, party).or_raise()
    gone, _ = FairEntry.objects.filter(group=group_id, party=party).delete()
    if not gone:
        raise NotFound(fair=str(group_id), party=str(party))
    mine = FairMeeting.objects.filter(group=group_id, outcome="")
    mine.filter(firm=party).delete()
    mine.filter(buyer=party).delete()
    record(by, group_id, "fair_withdrawn", f"fair:{group_id}", party=str(party))


@transaction.atomic
def plan(group_id: UUID, *, by: Actor) -> FairPlan:
    """Make the meeting schedule anew from wishes and fields of work; held meetings forbid it.

    Raises Refused, FairOver.
    """
    row = fair(group_id).row
    access.may_lead_fair(by, place=row.place_id, lead=row.lead_id).or_raise()
    entries = list(FairEntry.objects.filter(group=group_id).select_related("need").order_by("pk"))
    firms = [one for one in entries if one.side == "firm"]
    buyers = [one for one in entries if one.side == "buyer"]
    if not firms or not buyers:
        raise FairOver(problem=gettext_noop("A schedule needs firms and buyers: wait for both."))
    if FairMeeting.objects.filter(group=group_id).exclude(outcome="").exists():
        raise FairOver(problem=gettext_noop("Meetings have been held already."))
    laid, _ = FairPlan.objects.get_or_create(group_id=group_id)
    made, value = _solved(laid, firms, buyers, days_of(row))
    FairMeeting.objects.filter(group=group_id).delete()
    rooms: dict[int, int] = {}
    meetings = []
    for slot, firm, buyer in made.meetings:
        rooms[slot] = rooms.get(slot, 0) + 1
        meetings.append(
            FairMeeting(group_id=group_id, slot=slot, room=rooms[slot],
                        firm_id=firms[firm].party_id, buyer_id=buyers[buyer].party_id,
                        value=float(value[firm][buyer]))
        )  # fmt: skip
    FairMeeting.objects.bulk_create(meetings)
    laid.made_at, laid.worth, laid.bound = clock.now(), made.worth, made.bound
    laid.save(update_fields=["made_at", "worth", "bound"])
    record(by, group_id, "fair_planned", f"fair:{group_id}", meetings=len(meetings),
           worth=round(made.worth, 2), bound=round(made.bound, 2))  # fmt: skip
    return laid


def _solved(laid: FairPlan, firms: Sequence[FairEntry], buyers: Sequence[FairEntry],
            days: int) -> tuple[Any, Any]:  # fmt: skip
    import numpy as np

    from payvand.matching.rules.schedule import Fair, schedule

    value = np.array(worth(firms, buyers), dtype=float).reshape(len(firms), len(buyers))
    here_f, here_b = _presence(firms, laid, days), _presence(buyers, laid, days)
    made = schedule(
        Fair(value, laid.slots_a_day * days, laid.rooms, laid.most,
             present_firms=here_f, present_buyers=here_b)
    )  # fmt: skip
    return made, value


def _presence(
    entries: Sequence[FairEntry], laid: FairPlan, days: int
) -> np.ndarray[Any, np.dtype[np.bool_]] | None:
    """Return who is there in which slot; None when everybody is there always."""
    import numpy as np

    if not any(one.days for one in entries):
        return None
    here = np.ones((len(entries), laid.slots_a_day * days), dtype=bool)
    for at, one in enumerate(entries):
        if one.days:
            kept = {int(day) for day in one.days.split(",") if day.isdigit()}
            for day in range(days):
                if day + 1 not in kept:
                    here[at, day * laid.slots_a_day : (day + 1) * laid.slots_a_day] = False
    return here


def worth(firms: Sequence[FairEntry], buyers: Sequence[FairEntry]) -> list[list[float]]:
    """Return the worth of every meeting: wishes of both sides, and the need's field of work.

    A wish counts 3 on either side, 2 more when it is mutual, 1 for the same field. Newcomers are
    served by the schedule's share: every wanted firm gets one meeting before others get a second.
    """
    lines = databank.lines(one.party_id for one in firms)
    field = {key: line.field for key, line in lines.items()}
    rows = []
    for firm in firms:
        row = []
        for buyer in buyers:
            wishes = str(firm.party_id) in buyer.wishes, str(buyer.party_id) in firm.wishes
            value = WISH * sum(wishes) + BOTH * all(wishes)
            wanted = buyer.need.field if buyer.need else ""
            value += FIELD * bool(wanted and wanted == field.get(firm.party_id))
            row.append(value)
        rows.append(row)
    return rows


@transaction.atomic
def outcome(meeting_id: int, *, by: Actor, held: bool) -> UUID | None:
    """Record whether a meeting was held; a held one begins a deal. Either side or the organiser.

    Raises Refused, NotFound, FairOver.
    """
    found = FairMeeting.objects.select_for_update().filter(pk=meeting_id).first()
    if found is None:
        raise NotFound(meeting=meeting_id)
    row = fair(found.group_id).row
    sides = access.may_act(by, found.firm_id) or access.may_act(by, found.buyer_id)
    (sides or access.may_lead_fair(by, place=row.place_id, lead=row.lead_id)).or_raise()
    today = clock.local_date(clock.now())
    if row.starts and today < row.starts:
        raise FairOver(problem=gettext_noop("The fair has not begun."))
    found.outcome = "held" if held else "missed"
    if held:
        day = day_of(row, slot=found.slot, laid=FairPlan.objects.get(group=found.group_id))
        deal = deals.begin_at_fair(
            found.group_id, found.buyer_id, found.firm_id, by=by, on=min(day, today)
        )
        found.exchange = deal
    found.save(update_fields=["outcome", "exchange"])
    record(by, found.group_id, f"meeting_{found.outcome}", f"fair:{found.group_id}",
           meeting=found.pk)  # fmt: skip
    return found.exchange_id


def day_of(row: Any, *, slot: int, laid: FairPlan) -> date:
    """Return the day of a slot."""
    first: date = row.starts or clock.local_date(clock.now())
    return first + timedelta(days=slot // laid.slots_a_day)


def time_of(laid: FairPlan, slot: int) -> str:
    """Return at what time a slot begins, as HH:MM.

    >>> time_of(FairPlan(begins="09:00", minutes=30, slots_a_day=10), 12)
    '10:00'
    """
    start = datetime.strptime(laid.begins, "%H:%M")  # noqa: DTZ007 - a time of day, no moment
    return f"{start + timedelta(minutes=laid.minutes * (slot % laid.slots_a_day)):%H:%M}"


def by_slot(meetings: Sequence[FairMeeting]) -> Mapping[int, list[FairMeeting]]:
    """Return meetings by slot, in the order of the rooms."""
    found: dict[int, list[FairMeeting]] = {}
    for one in sorted(meetings, key=lambda m: (m.slot, m.room)):
        found.setdefault(one.slot, []).append(one)
    return found
