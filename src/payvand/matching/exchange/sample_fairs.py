"""Which sample fairs are there: one that was held, with its funnel, and one to come?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from payvand.kernel import clock
from payvand.matching.exchange import fairs
from payvand.matching.exchange.journal import record
from payvand.matching.models import Exchange, ExchangeStep, FairEntry, FairMeeting, FairPlan, Need
from payvand.matching.rules import needs as rules
from payvand.registry import public as registry
from payvand.registry.public import databank

if TYPE_CHECKING:
    from payvand.matching.exchange.samples import World

MAKERS = 40  # firms that register for each fair
FIELDS = ("automotive", "metal", "polymer", "electronics", "machinery", "electrical")
# of 10 held meetings: memoranda, contracts, repeated production
SHARES = (("memorandum", 0.45, 12), ("contract", 0.5, 45), ("production", 0.45, 150))


def add(world: World) -> None:
    """Add the fair that was held two hundred days ago, and fill the one to come."""
    by = registry.system("sample")
    held = clock.local_date(world.now) - timedelta(days=200)
    draft = databank.GroupDraft(
        "fair", "نمایشگاه بهارهٔ از توانمندی تا نیاز، تبریز (نمونه)",
        "Spring fair: from capability to need, Tabriz (sample)", place="IR-03-303",
        about_fa="دو روز دیدار سازندگان با خریداران؛ برگزار شده و پیگیری می‌شود.",
        about_en="Two days of meetings between makers and buyers; held, outcomes followed up.",
        starts=held, ends=held + timedelta(days=1), is_sample=True,
        steps=(("planned", held - timedelta(days=120)), ("registering", held - timedelta(days=40)),
               ("held", held), ("followed", held + timedelta(days=30))),
    )  # fmt: skip
    old = databank.found_groups([draft], by=by)[0]
    fresh = [line.id for line in databank.groups(kind="fair") if line.id != old]
    with clock.frozen(world.now - timedelta(days=201)):
        _enter(world, old)
        fairs.plan(old, by=by)
    _outcomes(world, old, held)
    for group in fresh:
        with clock.frozen(world.now - timedelta(days=1)):
            _enter(world, group)
            fairs.plan(group, by=by)


def _enter(world: World, group: UUID) -> None:
    """Register buyers with their needs, and makers, with wishes on both sides."""
    draw, now = world.chance, clock.now()
    pool = [firm for name in FIELDS for firm in world.firms.get(name, ())]
    makers = sorted(draw.sample(pool, k=min(MAKERS, len(pool))), key=str)
    if world.own:
        makers.append(world.own)
    shown = list(Need.objects.filter(state__in=rules.SHOWN, buyer__in=world.buyers))
    entries = []
    for buyer in world.buyers:
        own = [need for need in shown if need.buyer_id == buyer]
        wishes = [str(key) for key in draw.sample(makers, k=min(10, len(makers)))]
        entries.append(FairEntry(group_id=group, party_id=buyer, side="buyer", wishes=wishes,
                                 need=own[0] if own else None, at=now))  # fmt: skip
    for n, maker in enumerate(makers):
        wishes = [str(key) for key in draw.sample(world.buyers, k=draw.randint(1, 3))]
        days = draw.choice(("", "", "", "1", "2"))
        entries.append(FairEntry(group_id=group, party_id=maker, side="firm", wishes=wishes,
                                 days=days if n else "", at=now))  # fmt: skip
    FairEntry.objects.bulk_create(entries)
    FairPlan.objects.create(group_id=group, slots_a_day=8, minutes=40, rooms=4, most=3)
    record(registry.system("sample"), group, "fair_registered", f"fair:{group}",
           entries=len(entries))  # fmt: skip


def _outcomes(world: World, group: UUID, first: date) -> None:
    """Let most meetings have been held, and some go on to memoranda, contracts and production."""
    draw, laid = world.chance, FairPlan.objects.get(group=group)
    meetings = list(FairMeeting.objects.filter(group=group).order_by("slot", "room"))
    made: list[Exchange] = []
    steps: list[ExchangeStep] = []
    for one in meetings:
        one.outcome = "held" if draw.random() < 0.9 else "missed"
        if one.outcome == "missed":
            continue
        day = first + timedelta(days=one.slot // laid.slots_a_day)
        deal = Exchange(buyer_id=one.buyer_id, firm_id=one.firm_id, fair_id=group, stage="meeting",
                        begun_at=world.now - timedelta(days=200))  # fmt: skip
        made.append(deal)
        steps += [ExchangeStep(exchange=deal, kind=k, on=day) for k in ("introduction", "meeting")]
        steps += _further(world, deal, day, number=len(made))
        one.exchange = deal
    Exchange.objects.bulk_create(made)
    ExchangeStep.objects.bulk_create(steps)
    FairMeeting.objects.bulk_update(meetings, ["outcome", "exchange"], batch_size=200)
    record(registry.system("sample"), group, "outcomes_recorded", f"fair:{group}",
           held=len(made))  # fmt: skip


def _further(world: World, deal: Exchange, day: date, *, number: int) -> list[Any]:
    found = []
    for kind, share, days in SHARES:
        if world.chance.random() >= share:
            break
        deal.stage = kind
        if kind == "contract":
            deal.contract_no = f"S-F-{number:03}"
        found.append(ExchangeStep(exchange=deal, kind=kind, on=day + timedelta(days=days)))
    return found
