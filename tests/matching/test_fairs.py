"""A fair: who may register and lay it out, no clash in the schedule, and what comes of it."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from payvand.kernel import clock
from payvand.kernel.errors import Invalid, NotFound, Refused
from payvand.matching.exchange import fairs, reading
from payvand.matching.exchange.fairs import FairOver, Layout, Registration
from payvand.matching.models import Exchange, FairEntry, FairMeeting, FairPlan
from payvand.registry.public import databank
from tests.matching.exchange_world import BY, opened

pytestmark = pytest.mark.django_db
FIRST = date(2025, 11, 12)


@pytest.fixture
def fair(market):
    """A fair of two days that takes registrations."""
    steps = (("planned", date(2025, 9, 1)), ("registering", date(2025, 10, 1)))
    draft = databank.GroupDraft("fair", "نمایشگاه", "Fair", place="IR-03-303", starts=FIRST,
                                ends=date(2025, 11, 13), steps=steps)  # fmt: skip
    return databank.found_groups([draft], by=BY)[0]


def enrolled(market, fair):
    """Register the buyer, the office and all firms; one firm comes on the second day only."""
    need = opened(market)
    buyers = Registration("buyer", need, tuple(market.firms))
    fairs.register(fair, market.buyer, buyers, by=market.actors["buyer"])
    office = Registration("buyer", None, (market.firms[0],))
    fairs.register(fair, market.office, office, by=market.actors["office"])
    for n, firm in enumerate(market.firms):
        told = Registration("firm", None, (market.buyer, market.office), "2" if n == 2 else "")
        fairs.register(fair, firm, told, by=market.actors[f"firm{n}"])


def test_the_schedule_has_no_clash_keeps_to_tables_days_and_shares(market, fair):
    enrolled(market, fair)
    desk = market.actors["desk"]
    fairs.lay_out(fair, Layout(slots_a_day=3, rooms=1, most=2), by=desk)
    laid = fairs.plan(fair, by=desk)
    rows = list(FairMeeting.objects.filter(group=fair))
    assert rows
    for name in ("firm_id", "buyer_id", "room"):
        assert max(Counter((m.slot, getattr(m, name)) for m in rows).values()) == 1
    assert max(Counter(m.firm_id for m in rows).values()) <= 2
    assert {m.firm_id for m in rows} == set(market.firms)  # everybody who is wanted has one
    assert all(m.slot >= 3 for m in rows if m.firm_id == market.firms[2])
    assert laid.worth >= 0.95 * laid.bound
    assert [fairs.time_of(laid, slot) for slot in (0, 4)] == ["09:00", "09:30"]
    assert fairs.day_of(fairs.fair(fair).row, slot=4, laid=laid) == date(2025, 11, 13)


def test_only_the_organiser_lays_out_and_nobody_registers_others(market, fair):
    for who in ("buyer", "firm0", "stranger", "guest"):
        with pytest.raises(Refused):
            fairs.lay_out(fair, Layout(), by=market.actors[who])
        with pytest.raises(Refused):
            fairs.plan(fair, by=market.actors[who])
    with pytest.raises(Refused):
        fairs.register(fair, market.firms[0], Registration("firm"), by=market.actors["firm1"])
    with pytest.raises(FairOver):
        fairs.plan(fair, by=market.actors["desk"])  # nobody has registered
    with pytest.raises(Invalid):
        fairs.lay_out(fair, Layout(rooms=0), by=market.actors["desk"])


def test_a_broken_registration_says_where(market, fair):
    by = market.actors["firm0"]
    for told, place in (
        (Registration("guest"), "side"),
        (Registration("firm", wishes=(market.firms[0],)), "wishes"),
        (Registration("buyer", need=market.firms[1]), "need"),
    ):
        with pytest.raises(Invalid) as refused:
            fairs.register(fair, market.firms[0], told, by=by)
        assert place in refused.value.facts["fields"]
    with pytest.raises(Invalid):
        fairs.register(fair, market.buyer, Registration("firm"), by=market.actors["buyer"])
    assert not FairEntry.objects.exists()
    with pytest.raises(NotFound):
        fairs.withdraw(fair, market.firms[0], by=by)


def test_a_held_meeting_begins_a_deal_and_the_funnel_of_the_fair_counts_it(market, fair):
    enrolled(market, fair)
    fairs.plan(fair, by=market.actors["desk"])
    first = FairMeeting.objects.order_by("slot", "room").first()
    who = f"firm{market.firms.index(first.firm_id)}"
    with pytest.raises(FairOver):
        fairs.outcome(first.pk, by=market.actors[who], held=True)
    with clock.frozen(clock.now().replace(day=14)):
        with pytest.raises(Refused):
            fairs.outcome(first.pk, by=market.actors["stranger"], held=True)
        deal = fairs.outcome(first.pk, by=market.actors[who], held=True)
        again = fairs.outcome(first.pk, by=market.actors["desk"], held=True)
        with pytest.raises(FairOver):
            fairs.plan(fair, by=market.actors["desk"])
    assert deal == again == Exchange.objects.get().pk
    assert reading.funnel(fair=fair)["met"] == 1
    assert FairPlan.objects.get().made_at


def test_withdrawing_takes_the_meetings_away(market, fair):
    enrolled(market, fair)
    fairs.plan(fair, by=market.actors["desk"])
    fairs.withdraw(fair, market.firms[0], by=market.actors["firm0"])
    assert not FairMeeting.objects.filter(firm=market.firms[0]).exists()


def test_another_group_is_no_fair(market):
    group = databank.found_groups([databank.GroupDraft("cluster", "خوشه")], by=BY)[0]
    with pytest.raises(NotFound):
        fairs.fair(group)


@pytest.mark.parametrize(
    ("lang", "word"), [("fa", "۳ سازنده و ۲ خریدار"), ("en", "3 makers and 2")]
)
def test_the_page_of_the_group_shows_the_way_to_the_fair(market, fair, client, lang, word):
    enrolled(market, fair)
    page = client.get(f"/{lang}/databank/groups/{fair}/").content.decode()
    assert word in page
    assert f"/{lang}/exchange/fairs/{fair}/" in page
