"""Judging and telling many firms, later days, withdrawals, ended deals, yearly questions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from payvand.audit.public import history
from payvand.kernel import clock
from payvand.kernel.errors import Conflict, Invalid, Refused
from payvand.ledger import notices
from payvand.ledger.models import Notice, Obligation
from payvand.matching.exchange import (
    answers,
    confirmations,
    deals,
    needs,
    ranking,
    reading,
    releases,
    rounds,
)
from payvand.matching.exchange.answers import LineDraft
from payvand.matching.models import Exchange, Invitation, Need, Round, Told
from payvand.matching.rules.needs import BadNeed, StepTaken, WrongState
from payvand.registry.public import databank
from tests.matching.exchange_world import BY, NOW, draft, firm, opened

pytestmark = pytest.mark.django_db
YES = {1: LineDraft("yes")}


def heard(verb):
    return sorted(Notice.objects.filter(verb=verb).values_list("party_id", flat=True))


def frozen_need(market, who="office"):
    by = market.actors[who]
    key = needs.write(draft(), by=by, buyer=getattr(market, who))
    needs.freeze(key, by=by)
    needs.open_(key, by=by)
    return key


def test_opening_is_quick_and_the_worker_tells_page_by_page(market, monkeypatch):
    monkeypatch.setattr(rounds, "PAGE", 1)
    key = frozen_need(market)
    assert (Need.objects.get(pk=key).state, heard("need.opened")) == ("open", [])
    looked = []
    while rounds.carry_on(seconds=0):
        told = rounds.under_way(Need.objects.get(pk=key))
        looked.append((told.seen, told.percent) if told else None)
    assert looked == [(1, 33), (2, 67), (3, 100), None]
    assert heard("need.opened") == sorted([market.firms[0], market.firms[2]])
    row = Need.objects.get(pk=key)
    assert (row.notified, row.able, row.sure) == (2, 2, 1)
    assert [e.verb for e in history(key)][-1] == "matching.firms_judged"


def test_a_round_that_is_cut_goes_on_where_it_stopped_and_tells_nobody_twice(market, monkeypatch):
    monkeypatch.setattr(rounds, "PAGE", 1)
    key = frozen_need(market)
    rounds.carry_on(seconds=0)
    flush = rounds.ledger.flush

    def broken(work):
        flush(work)
        raise RuntimeError("the machine stops")

    monkeypatch.setattr(rounds.ledger, "flush", broken)
    with pytest.raises(RuntimeError):
        rounds.carry_on(seconds=None)  # the page of the third firm is undone as a whole
    monkeypatch.setattr(rounds.ledger, "flush", flush)
    rounds.carry_on(seconds=None)
    assert heard("need.opened") == sorted([market.firms[0], market.firms[2]])
    assert Need.objects.get(pk=key).notified == Told.objects.count() == 2


def test_firms_that_come_later_hear_of_a_public_need_too(market):
    key = opened(market, "office")
    assert rounds.refresh() == 0
    late = databank.load_firms([firm(0).__class__(
        "9", name_fa="قطعه‌ساز تازه", profile=firm(0).profile, entries=firm(0).entries
    )], by=BY, source="test")[0]  # fmt: skip
    with clock.frozen(NOW + timedelta(days=2)):
        assert (rounds.refresh(), rounds.refresh()) == (1, 0)
        rounds.carry_on(seconds=None)
    assert late in heard("need.opened")
    assert len(heard("need.opened")) == Need.objects.get(pk=key).notified == 3


def test_a_freelancer_hears_of_a_public_need_and_an_employed_expert_does_not(market):
    rows = [
        databank.RowDraft(kind, name_fa=f"شخص {kind}",
                          profile=databank.ProfileDraft(kind, field="automotive", is_shown=True))
        for kind in ("freelancer", "expert")
    ]  # fmt: skip
    freelancer, expert = databank.load_firms(rows, by=BY, source="test")
    opened(market, "office")
    told = heard("need.opened")
    assert freelancer in told
    assert expert not in told


def test_what_is_told_for_the_first_time_comes_before_what_is_repeated(market, monkeypatch):
    monkeypatch.setattr(rounds, "PAGE", 1)
    opened(market)
    with clock.frozen(NOW + timedelta(days=2)):
        assert rounds.refresh() == 1
        key = frozen_need(market)
        rounds.carry_on(seconds=0)
        assert rounds.under_way(Need.objects.get(pk=key)).seen == 1
        needs.close(opened(market), by=market.actors["buyer"])
        rounds.carry_on(seconds=None)
    assert not Round.objects.filter(done_at=None).exists()


def test_a_day_is_only_made_later_and_everybody_who_was_told_hears_why(market):
    key, by = opened(market, "office"), market.actors["office"]
    for until, reason, place in (
        (date(2025, 12, 1), "زودتر", "until"),
        (date(2025, 12, 9), "همان روز", "until"),
        (None, "بی‌روز", "until"),
        (date(2025, 12, 20), "  ", "reason"),
    ):
        with pytest.raises(BadNeed) as refused:
            needs.extend(key, until, by=by, reason=reason)
        assert set(refused.value.facts["fields"]) == {place}
    with pytest.raises(Refused):
        needs.extend(key, date(2025, 12, 20), by=market.actors["firm0"], reason="می‌خواهم")
    needs.extend(key, date(2025, 12, 20), by=by, reason="سه پرسش پاسخ می‌خواست")
    rounds.carry_on(seconds=None)
    assert heard("need.extended") == heard("need.opened")
    told = Notice.objects.filter(verb="need.extended").first()
    _heading, text = notices.letter(told.verb, told.args, "fa", case_id=key)
    assert "۱۴۰۴" in text
    assert "سه پرسش" in text
    assert f"/fa/exchange/needs/{key}/" in text  # the link to act on
    with clock.frozen(NOW + timedelta(days=35)):
        assert needs.close_due() == 0
        answers.answer(key, market.firms[0], YES, by=market.actors["firm0"])
    (change,) = Need.objects.get(pk=key).changes.all()
    assert (change.before, change.until) == (date(2025, 12, 9), date(2025, 12, 20))
    assert "matching.need_extended" in [e.verb for e in history(key)]


def test_nobody_answers_after_the_last_day_even_before_the_worker_closes_it(market):
    key = opened(market)
    with clock.frozen(NOW + timedelta(days=31)), pytest.raises(WrongState):
        answers.answer(key, market.firms[0], YES, by=market.actors["firm0"])


def test_a_withdrawn_need_tells_all_concerned_and_leaves_nothing_owed(market):
    key, by = opened(market), market.actors["buyer"]
    waiting = answers.invite(key, market.firms[1], by=by)
    taken = answers.invite(key, market.firms[0], by=by)
    answers.settle(taken, by=market.actors["firm0"], accept=True)
    answers.ask(key, "کجا؟", by=market.actors["firm2"], firm=market.firms[2])
    with pytest.raises(BadNeed):
        needs.withdraw(key, by=by, reason=" ")
    with pytest.raises(Refused):
        needs.withdraw(key, by=market.actors["firm0"], reason="نه")
    needs.withdraw(key, by=by, reason="طرح عوض شد")
    rounds.carry_on(seconds=None)
    assert heard("need.withdrawn") == sorted(market.firms)
    assert Invitation.objects.get(pk=waiting).state == "void"
    assert not Obligation.objects.filter(kind="invitation", state="open").exists()
    deal = Exchange.objects.get()
    assert (deal.ended_because, deal.ended_note) == ("need_gone", "طرح عوض شد")
    assert reading.endings() == {"need_gone": 1}
    for attempt in (
        lambda: needs.close(key, by=by),
        lambda: needs.withdraw(key, by=by, reason="دوباره"),
        lambda: needs.extend(key, date(2026, 1, 1), by=by, reason="دیر"),
        lambda: answers.answer(key, market.firms[0], YES, by=market.actors["firm0"]),
        lambda: answers.settle(waiting, by=market.actors["firm1"], accept=True),
    ):
        with pytest.raises(Conflict):
            attempt()
    with pytest.raises(Refused):
        ranking.show(key, by=by)
    assert reading.need(key, by=market.actors["guest"]).state == "withdrawn"  # it stays readable
    assert [row.pk for row in reading.page(reading.Filters(state="withdrawn")).rows] == [key]
    assert reading.gaps() == []  # and is no longer wanted
    (release,) = releases.all_releases()
    assert release["tender"]["status"] == "cancelled"


def test_a_need_withdrawn_while_firms_are_told_tells_no_more_of_it(market, monkeypatch):
    monkeypatch.setattr(rounds, "PAGE", 1)
    key = frozen_need(market)
    rounds.carry_on(seconds=0)
    needs.withdraw(key, by=market.actors["office"], reason="بودجه نیست")
    rounds.carry_on(seconds=None)
    assert heard("need.opened") == heard("need.withdrawn") == [market.firms[0]]
    assert not Round.objects.filter(done_at=None).exists()


def test_a_draft_may_be_withdrawn_and_is_never_shown(market):
    key = needs.write(draft(), by=market.actors["buyer"], buyer=market.buyer)
    needs.withdraw(key, by=market.actors["buyer"], reason="اشتباه")
    with pytest.raises(Refused):
        reading.need(key, by=market.actors["guest"])


def test_a_deal_ends_without_a_contract_with_reason_and_day_and_is_counted(market):
    key, buyer, maker = opened(market), market.actors["buyer"], market.actors["firm0"]
    answers.answer(key, market.firms[0], YES, by=maker)
    deal = deals.introduce(key, market.firms[0], by=buyer)
    today = clock.local_date(NOW)
    for because, on, note, place in (
        ("mood", today, "", "because"),
        ("other", today, " ", "note"),
        ("price", today + timedelta(days=1), "", "on"),
        ("price", today - timedelta(days=1), "", "on"),
    ):
        with pytest.raises(Invalid) as refused:
            deals.end(deal, on, by=maker, because=because, note_=note)
        assert set(refused.value.facts["fields"]) == {place}
    with pytest.raises(Refused):
        deals.end(deal, today, by=market.actors["firm1"], because="price")
    deals.end(deal, today, by=maker, because="price")
    assert heard("deal.ended") == [market.buyer]  # the other side
    assert reading.endings() == {"price": 1}
    assert reading.endings(province="IR-15") == {}
    for attempt in (
        lambda: deals.end(deal, today, by=buyer, because="price"),
        lambda: deals.step(deal, "meeting", today, by=buyer),
        lambda: deals.contract(deal, today, by=buyer, number="1"),
        lambda: deals.introduce(key, market.firms[0], by=buyer),
    ):
        with pytest.raises(StepTaken):
            attempt()
    assert [row.pk for row in reading.work_list(market.actors["desk"]).unmatched] == []


def test_a_deal_that_had_ended_goes_on_with_a_reason_and_counts_as_going_on(market):
    key, buyer, maker = opened(market), market.actors["buyer"], market.actors["firm0"]
    answers.answer(key, market.firms[0], YES, by=maker)
    deal = deals.introduce(key, market.firms[0], by=buyer)
    today = clock.local_date(NOW)
    with pytest.raises(StepTaken):
        deals.resume(deal, today, by=buyer, reason="ظرفیت آزاد شد")  # it has not ended
    deals.end(deal, today, by=maker, because="capacity", note_="کوره پر است")
    later = NOW + timedelta(days=20)
    with clock.frozen(later):
        day = clock.local_date(later)
        for on, reason, place in (
            (day + timedelta(days=1), "آزاد شد", "on"),
            (today - timedelta(days=1), "آزاد شد", "on"),
            (day, "  ", "reason"),
        ):
            with pytest.raises(Invalid) as refused:
                deals.resume(deal, on, by=maker, reason=reason)
            assert set(refused.value.facts["fields"]) == {place}
        for who in ("firm1", "stranger", "guest"):
            with pytest.raises(Refused):
                deals.resume(deal, day, by=market.actors[who], reason="x")
        deals.resume(deal, day, by=maker, reason="ظرفیت آزاد شد")
        assert heard("deal.resumed") == [market.buyer]  # the other side
        row = Exchange.objects.get(pk=deal)
        past = row.resumptions.get()
        assert (row.ended_on, past.ended_on, past.on) == (None, today, day)
        assert (past.ended_because, past.ended_note) == ("capacity", "کوره پر است")
        assert [one.verb for one in history(deal)][-2:] == [
            "matching.deal_ended", "matching.deal_resumed"]  # fmt: skip
        assert reading.endings() == {}
        with pytest.raises(Invalid):  # nothing happened while it had ended
            deals.step(deal, "meeting", day - timedelta(days=5), by=buyer)
        deals.step(deal, "meeting", day, by=buyer)
        assert reading.funnel()["met"] == 1
        deals.end(deal, day, by=buyer, because="price")
        assert (reading.endings(), reading.funnel()["met"]) == ({"price": 1}, 1)
        deals.resume(deal, day, by=buyer, reason="قیمت تازه")
        deals.contract(deal, day, by=buyer, number="۱۲")
        assert (reading.endings(), reading.funnel()["contract"]) == ({}, 1)
    assert row.resumptions.count() == 2


def test_a_deal_whose_need_was_withdrawn_stays_ended(market):
    key, buyer = opened(market), market.actors["buyer"]
    answers.answer(key, market.firms[0], YES, by=market.actors["firm0"])
    deal = deals.introduce(key, market.firms[0], by=buyer)
    needs.withdraw(key, by=buyer, reason="طرح عوض شد")
    with pytest.raises(StepTaken):
        deals.resume(deal, clock.local_date(NOW), by=buyer, reason="شاید")
    assert Exchange.objects.get(pk=deal).ended_because == "need_gone"


def test_a_signed_deal_is_carried_out_not_ended(market):
    key, buyer = opened(market), market.actors["buyer"]
    answers.answer(key, market.firms[0], YES, by=market.actors["firm0"])
    deal = deals.introduce(key, market.firms[0], by=buyer)
    deals.contract(deal, clock.local_date(NOW), by=buyer, number="۷")
    with pytest.raises(StepTaken):
        deals.end(deal, clock.local_date(NOW), by=buyer, because="price")


def test_owners_are_asked_by_day_once_a_year_with_a_link(market, django_user_model):
    from payvand.registry.models import Keeper, Membership

    inside = django_user_model.objects.create(username="inside")
    outside = django_user_model.objects.create(username="outside")
    Membership.objects.create(user=inside, org_id=market.firms[0], role="signatory",
                              valid_from=date(2020, 1, 1))  # fmt: skip
    for user, party in ((inside, 0), (outside, 0), (outside, 1)):
        Keeper.objects.create(user=user, party_id=market.firms[party], since=NOW)
    later = NOW + timedelta(days=340)
    with clock.frozen(later.replace(hour=22)):
        assert confirmations.ask() == 0  # nobody is written to at night
    with clock.frozen(later):
        assert (confirmations.ask(), confirmations.ask()) == (2, 0)
    rows = Notice.objects.filter(verb="profile.confirm")
    assert sorted((str(n.party_id or ""), n.user_id or 0) for n in rows) == sorted(
        [(str(market.firms[0]), 0), ("", outside.pk), ("", outside.pk)]
    )
    told = rows.filter(user=outside, case_id=market.firms[1]).get()
    _heading, text = notices.letter(told.verb, told.args, "en", case_id=told.case_id)
    assert f"/en/databank/{market.firms[1]}/confirm/" in text
    assert "Maker 1" in text
