"""What does the exchange show in the sample country: needs, invitations, deals, two fairs?

Deterministic for a seed and a day; sample buyers carry it in their names.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from payvand.kernel import clock
from payvand.kernel.ids import make_company_id
from payvand.matching.exchange import (
    answers,
    confirmations,
    deals,
    needs,
    rounds,
    sample_fairs,
)
from payvand.matching.exchange.answers import LineDraft
from payvand.matching.exchange.sample_needs import (
    CARS,
    GAPS,
    IN_ENGLISH,
    OFFICES,
    QUESTIONS,
    Sample,
)
from payvand.matching.models import Exchange, Need, NeedRequirement
from payvand.matching.rules import needs as rules
from payvand.matching.rules.needs import NeedDraft, RequirementDraft
from payvand.plugins import slots
from payvand.registry import public as registry
from payvand.registry.public import Actor, databank

DESK = "databank-03"
OVER = (rules.CLOSED, rules.AWARDED)
LATER, GONE = len(CARS) + 2, 9  # a public need that is extended, a private one that is withdrawn
LONELY = (7,)  # nobody is invited to it and nobody answers: it waits for the broker
BUYERS = (
    ("company", "خودروسازی سهند (نمونه)", "Sahand Motors (sample)", "IR-03-303"),
    ("company", "خودروسازی ارس (نمونه)", "Aras Vehicles (sample)", "IR-03-303"),
    ("company", "کامیون‌سازی زاگرس (نمونه)", "Zagros Trucks (sample)", "IR-15-1503"),
    ("agency", "بیمارستان تبریز (نمونه)", "Hospital of Tabriz (sample)", "IR-03-303"),
    ("agency", "شهرداری تبریز (نمونه)", "Municipality of Tabriz (sample)", "IR-03-303"),
)  # fmt: skip


@dataclass
class World:
    """What the samples share."""

    now: datetime
    chance: random.Random
    users: Any
    buyers: list[UUID]
    own: UUID | None  # the company for which a sample account signs
    firms: dict[str, list[UUID]] = field(default_factory=dict)  # by field of work

    def actor(self, *parties: UUID) -> Actor:
        """Return the sample account acting for some parties."""
        return Actor(user_id=self.users.get("demo-mandate"), label="sample", mandates=parties)


@transaction.atomic
def add(sample: slots.Sample) -> None:
    """Add needs in every state, invitations in every state, deals and fairs."""
    if "demo-mandate" not in sample.users:
        return  # a sample country without its accounts shows no exchange
    sample.tell("needs, invitations and fairs")
    world = _world(sample)
    rows = {n: _need(world, one) for n, one in enumerate((*CARS, *OFFICES, *GAPS))}
    _invite(world, rows)
    _answer(world, rows)
    _deals(world, rows)
    _changed(world, rows)
    _ask_to_confirm(world)
    sample_fairs.add(world)


def _world(sample: slots.Sample) -> World:
    by, today = registry.system("sample"), clock.local_date(sample.now)
    drafts = [
        registry.PartyDraft(
            kind, fa, en, make_company_id(f"1497{n:06}") if kind == "company" else "",
            slug=f"sample-buyer-{n}" if kind == "agency" else None, place=place, is_sample=True)
        for n, (kind, fa, en, place) in enumerate(BUYERS)
    ]  # fmt: skip
    buyers = registry.register_parties(drafts, by=by)
    mandate = registry.actor_of_account(sample.users["demo-mandate"])
    if mandate.party:
        told = registry.MandateDraft(buyers[0], mandate.party, "وکالت‌نامهٔ نمونهٔ خرید", today)
        registry.give_mandate(told, by=by)
    clerk = registry.SeatDraft(sample.users["demo-clerk"], buyers[4], "clerk", today)
    registry.seat(clerk, by=by)
    desk = registry.party_by_slug(DESK)
    registry.seat(registry.SeatDraft(sample.users["demo-registrar"], desk.id, "clerk", today),
                  by=by)  # fmt: skip
    _seat_guild(sample, by=by)
    signs = registry.actor_of_account(sample.users["demo-company"])
    own = next((seat.org for seat in signs.seats if seat.role == "signatory"), None)
    chance = random.Random(f"exchange-{sample.seed}")  # noqa: S311 - samples, no secrets
    world = World(sample.now, chance, sample.users, buyers, own)
    lines = databank.page(databank.Filters(), limit=5000).lines
    for line in lines:
        if line.kind in ("company", "knowledge_based"):
            world.firms.setdefault(line.field, []).append(line.id)
    return world


def _seat_guild(sample: slots.Sample, *, by: Actor) -> None:
    """Seat the sample account of the guild union in the lead of an association with members."""
    lines = [line for line in databank.groups(kind="association") if line.members > 1]
    leads = (databank.group(line.id).row.lead_id for line in lines)
    lead = next((key for key in leads if key), None)
    if lead and "demo-union" in sample.users:
        today = clock.local_date(sample.now)
        registry.seat(registry.SeatDraft(sample.users["demo-union"], lead, "clerk", today), by=by)


def _need(world: World, one: Sample) -> UUID:
    """Let a need live as long as the sample says, through its own actions."""
    buyer = world.buyers[one.buyer]
    by = world.actor(buyer)
    written = world.now - timedelta(days=one.ago)
    today = clock.local_date(written)
    is_public = BUYERS[one.buyer][0] == "agency"
    draft = NeedDraft(
        one.title[0], one.title[1], f"{one.text} (نمونه)", f"{one.title[1]} (sample).",
        field=one.field, quantity=Decimal(one.amount[0]), unit=one.amount[1],
        place=BUYERS[one.buyer][3], wanted_by=today + timedelta(days=240),
        answers_until=today + timedelta(days=20 if one.state in OVER else 45),
        is_public=is_public,
        budget_least=one.billions[0] * 10**9, budget_most=one.billions[1] * 10**9,
        tender_due=is_public, tender_no=f"S-{20040 + one.ago}" if is_public else "",
        requirements=[_requirement(text) for text in one.requirements],
    )  # fmt: skip
    with clock.frozen(written):
        key = needs.write(draft, by=by, buyer=buyer, is_sample=True)
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        (rules.FROZEN, lambda: needs.freeze(key, by=by)),
        (rules.OPEN, lambda: needs.open_(key, by=by)),
        (rules.CLOSED, lambda: needs.close(key, by=by)),
    )
    reached = rules.STATES.index(one.state)
    for n, (state, act) in enumerate(steps, 1):
        if rules.STATES.index(state) <= min(reached, 2):  # answers come before it is closed
            with clock.frozen(written + timedelta(days=n, hours=n)):
                act()
                if is_public:  # the worker judges the others within seconds
                    rounds.carry_on(seconds=None, need=key)
    return key


def _requirement(text: str) -> RequirementDraft:
    weight, kind, value, words = text.split("|")
    return RequirementDraft(words, weight == "e", kind, value, IN_ENGLISH.get(words, ""))


def _fitting(world: World, row: Need, count: int) -> list[UUID]:
    pool = world.firms.get(row.field) or world.firms.get("automotive", [])
    return world.chance.sample(pool, k=min(count, len(pool)))


def _invite(world: World, rows: dict[int, UUID]) -> None:
    """Invite firms to the private needs: some wait, some accepted, declined, or expired."""
    for n in range(len(CARS)):
        key = rows[n]
        row = Need.objects.get(pk=key)
        if row.is_public or row.state not in (rules.FROZEN, rules.OPEN) or n in LONELY:
            continue
        by = world.actor(row.buyer_id)
        begun = row.frozen_at or row.written_at
        for place, firm in enumerate(_fitting(world, row, 3)):
            is_old = row.opened_at is not None and place == 2 and CARS[n].ago > 16
            at = begun + timedelta(days=1) if is_old else world.now - timedelta(days=2 + place)
            with clock.frozen(max(at, begun + timedelta(hours=1))):
                invitation = answers.invite(key, firm, by=by)
            if place < 2 and n % 3 != place:
                with clock.frozen(world.now - timedelta(hours=20 - place)):
                    answers.settle(invitation, by=world.actor(firm), accept=place == 0)
        if world.own and n in (0, 2):
            with clock.frozen(world.now - timedelta(days=1)):
                answers.invite(key, world.own, by=by)
    with clock.frozen(world.now):
        answers.expire()


def _answer(world: World, rows: dict[int, UUID]) -> None:
    """Let firms answer, ask, and be answered; then close what is closed."""
    samples = (*CARS, *OFFICES)
    for n, one in enumerate(samples):
        row = Need.objects.get(pk=rows[n])
        if row.opened_at is None or n in LONELY:
            continue
        asked = list(row.requirements.order_by("no"))
        at = row.opened_at + timedelta(days=1 + n % 3)
        with clock.frozen(min(at, world.now - timedelta(hours=1))):
            for firm in _fitting(world, row, 2 + n % 3):
                answers.answer(row.pk, firm, _lines(world, firm, asked), by=world.actor(firm),
                               remark="پاسخ نمونه.")  # fmt: skip
            if n % 3 == 0:
                _ask(world, row, n)
        if one.state in OVER:
            with clock.frozen(row.opened_at + timedelta(days=20)):
                needs.close(row.pk, by=world.actor(row.buyer_id))


def _changed(world: World, rows: dict[int, UUID]) -> None:
    """Extend a public need, withdraw a private one, end two deals, and resume one of them."""
    later, gone = Need.objects.get(pk=rows[LATER]), Need.objects.get(pk=rows[GONE])
    last = later.answers_until or clock.local_date(world.now)
    with clock.frozen(world.now - timedelta(days=3)):
        needs.extend(later.pk, last + timedelta(days=15), by=world.actor(later.buyer_id),
                     reason="سه پرسش پاسخ می‌خواست (نمونه).")  # fmt: skip
        rounds.carry_on(seconds=None, need=later.pk)
    with clock.frozen(world.now - timedelta(days=2)):
        needs.withdraw(gone.pk, by=world.actor(gone.buyer_id),
                       reason="طرح در خودرو عوض شد (نمونه).")  # fmt: skip
        rounds.carry_on(seconds=None, need=gone.pk)
    begun = Exchange.objects.filter(need__isnull=False, contract_no="", ended_on=None)
    for n, row in enumerate(begun.exclude(need=gone).order_by("begun_at", "pk")[:2]):
        with clock.frozen(world.now - timedelta(hours=5)):
            day = clock.local_date(clock.now())
            deals.end(row.pk, day, by=world.actor(row.firm_id), because="capacity")
            if n:
                deals.resume(row.pk, day, by=world.actor(row.firm_id),
                             reason="با نوبت شب ظرفیت کافی شد (نمونه).")  # fmt: skip


def _ask_to_confirm(world: World) -> None:
    """Let the sample company's own profile be confirmed almost a year ago, and ask for it anew."""
    if world.own is None:
        return
    with clock.frozen(world.now - timedelta(days=350)):
        databank.confirm(world.own, by=world.actor(world.own))
    yesterday = (world.now - timedelta(days=1)).astimezone(clock.TEHRAN)
    with clock.frozen(yesterday.replace(hour=10)):
        confirmations.ask()


def _lines(world: World, firm: UUID, asked: Sequence[NeedRequirement]) -> dict[int, LineDraft]:
    items = [item.key for item in databank.texts_of([firm]).get(firm, ())]
    found = {}
    for one in asked:
        says = world.chance.choice(("yes", "yes", "partly", "no"))
        proof = tuple(world.chance.sample(items, k=min(1, len(items)))) if says == "yes" else ()
        found[one.no] = LineDraft(says, "بخشی از آن، به‌طور نمونه" if says == "partly" else "",
                                  proof)  # fmt: skip
    return found


def _ask(world: World, row: Need, n: int) -> None:
    text, reply = QUESTIONS[(n // 3) % len(QUESTIONS)]
    firm = _fitting(world, row, 1)[0]
    question = answers.ask(row.pk, text, by=world.actor(firm), firm=firm)
    if reply:
        answers.reply(question, reply, by=world.actor(row.buyer_id))


def _deals(world: World, rows: dict[int, UUID]) -> None:
    """Carry the awarded needs on to their contracts and milestones."""
    for n, one in enumerate((*CARS, *OFFICES)):
        if one.state != rules.AWARDED:
            continue
        row = Need.objects.get(pk=rows[n])
        first = row.answers.order_by("pk").first()
        if first is None or row.closed_at is None:
            continue
        buyer, firm = world.actor(row.buyer_id), world.actor(first.firm_id)
        start = row.closed_at + timedelta(days=2)
        with clock.frozen(start):
            deal = deals.introduce(row.pk, first.firm_id, by=buyer)
        for days, kind in ((6, "meeting"), (18, "memorandum")):
            at = start + timedelta(days=days)
            with clock.frozen(at):
                deals.step(deal, kind, clock.local_date(at), by=buyer)
        signed = start + timedelta(days=40)
        with clock.frozen(signed):
            deals.contract(deal, clock.local_date(signed), by=buyer, number=f"S-1404-{100 + n}",
                           amount_rial=one.billions[1] * 10**9 - 3 * 10**9)  # fmt: skip
            day = clock.local_date(signed)
            made = [
                deals.promise(deal, kind, title, day + timedelta(days=days), by=buyer)
                for kind, title, days in (
                    ("prototype", "پذیرش نمونهٔ اول", 60),
                    ("marketing", "معرفی به دو خریدار دیگر", 150),
                    ("production", "تولید ماهانهٔ پیوسته", 320),
                )
            ]  # fmt: skip
        done_at = signed + timedelta(days=55)
        if done_at < world.now:
            with clock.frozen(done_at):
                deals.fulfil(made[0], by=firm)
