"""Need to repeated production: each step once, by whom it may be, with its event in the log."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from payvand.audit.public import history
from payvand.kernel import clock
from payvand.kernel.errors import Conflict, Invalid, NotFound, Refused
from payvand.ledger.models import Notice, Obligation
from payvand.ledger.public import sweep
from payvand.matching.exchange import answers, deals, eligible, needs, ranking, reading
from payvand.matching.exchange import subscriptions as saved
from payvand.matching.exchange.answers import LineDraft
from payvand.matching.models import Exchange, Feedback, Invitation, Need
from payvand.matching.rules.needs import BadNeed, DayAnnounced, StepTaken, WrongState
from payvand.registry.public import databank
from tests.matching.exchange_world import BY, NOW, draft, opened

pytestmark = pytest.mark.django_db
YES = {1: LineDraft("yes"), 2: LineDraft("partly", "تا پنجاه درصد")}


def verbs(stream):
    return [event.verb for event in history(stream)]


def test_a_need_is_written_frozen_opened_and_closed_and_each_step_is_logged(market):
    by = market.actors["buyer"]
    key = opened(market)
    needs.close(key, by=by)
    row = Need.objects.get(pk=key)
    assert (row.state, row.is_public) == ("closed", False)
    assert verbs(key) == ["matching.need_written", "matching.need_frozen",
                          "matching.need_opened", "matching.firms_judged",
                          "matching.need_closed"]  # fmt: skip
    for step in (needs.freeze, needs.open_, needs.close):
        with pytest.raises(WrongState):
            step(key, by=by)
    with pytest.raises(WrongState):
        needs.rewrite(key, draft(), by=by)


def test_a_broken_need_keeps_nothing_and_says_where(market):
    by = market.actors["buyer"]
    with pytest.raises(BadNeed) as refused:
        needs.write(draft(budget_least=5, budget_most=1), by=by, buyer=market.buyer)
    assert set(refused.value.facts["fields"]) == {"budget_most"}
    assert not Need.objects.exists()
    key = needs.write(draft(requirements=()), by=by, buyer=market.buyer)
    with pytest.raises(BadNeed):
        needs.freeze(key, by=by)
    assert Need.objects.get(pk=key).state == "draft"


@pytest.mark.parametrize("who", ["stranger", "guest", "firm0", "office", "desk"])
def test_only_the_buyer_carries_its_need_on(market, who):
    by = market.actors[who]
    key = needs.write(draft(), by=market.actors["buyer"], buyer=market.buyer)
    attempts = [
        lambda: needs.write(draft(), by=by, buyer=market.buyer),
        lambda: needs.rewrite(key, draft(), by=by),
        lambda: needs.freeze(key, by=by),
        lambda: needs.open_(key, by=by),
        lambda: needs.close(key, by=by),
        lambda: ranking.show(key, by=by),
        lambda: ranking.opened(key, market.firms[0], by=by),
        lambda: answers.invite(key, market.firms[0], by=by),
        lambda: reading.need(key, by=by),
        lambda: reading.answers(Need.objects.get(pk=key), by=by),
        lambda: deals.introduce(key, market.firms[0], by=by),
    ]
    for attempt in attempts:
        with pytest.raises(Refused):
            attempt()
    assert verbs(key) == ["matching.need_written"]


def test_an_office_is_always_a_public_buyer_and_tells_all_who_are_not_surely_unfit(market):
    key = opened(market, "office")
    row = Need.objects.get(pk=key)
    told = set(Notice.objects.filter(verb="need.opened").values_list("party_id", flat=True))
    assert row.is_public
    assert told == {market.firms[0], market.firms[2]}  # 1 holds other papers; of 2 it is unknown
    assert row.notified == 2
    found = eligible.judged(eligible.requirements_of(row), map(str, market.firms))
    assert [found[str(key)].value for key in market.firms] == [True, False, None]


def test_a_public_buyer_sees_no_ranking_and_no_answer_before_the_end(market):
    by, key = market.actors["office"], opened(market, "office")
    answers.answer(key, market.firms[0], YES, by=market.actors["firm0"])
    row = Need.objects.get(pk=key)
    for attempt in (
        lambda: ranking.show(key, by=by),
        lambda: reading.answers(row, by=by),
        lambda: answers.invite(key, market.firms[0], by=by),
        lambda: deals.introduce(key, market.firms[0], by=by),
    ):
        with pytest.raises(Refused):
            attempt()
    assert not Feedback.objects.exists()
    with pytest.raises(DayAnnounced):
        needs.close(key, by=by)
    with clock.frozen(NOW + timedelta(days=31)):
        needs.close(key, by=by)
        assert ranking.show(key, by=by)
    assert len(reading.answers(Need.objects.get(pk=key), by=by)) == 1


def test_a_private_buyer_sees_firms_with_reasons_and_eligibility(market):
    by, key = market.actors["buyer"], opened(market)
    found = {one.line.id: one for one in ranking.show(key, by=by)}
    assert set(found) == set(market.firms)
    assert [found[k].eligibility.value for k in market.firms] == [True, False, None]
    assert found[market.firms[0]].match.because
    assert found[market.firms[0]].match.because[0].marks
    assert found[market.firms[2]].match.is_newcomer
    shown = Feedback.objects.filter(kind="shown").order_by("place")
    assert [row.place for row in shown] == [1, 2, 3]
    ranking.opened(key, market.firms[0], by=by)
    code = Need.objects.get(pk=key).code
    assert (code, str(market.firms[0]), 1) in reading.judgements()


def test_a_firm_sees_needs_that_fit_with_its_own_reasons_only(market):
    key = opened(market)
    opened(market, field="stone")
    ((need, match),) = ranking.fitting(market.firms[0], by=market.actors["firm0"])
    assert (need.pk, match.firm) == (key, str(market.firms[0]))
    assert match.because
    with pytest.raises(Refused):
        ranking.fitting(market.firms[0], by=market.actors["firm1"])
    assert not Feedback.objects.exists()  # nobody was shown to a buyer


def test_an_invitation_that_is_left_alone_expires_without_any_escalation(market):
    by, key = market.actors["buyer"], opened(market)
    pk = answers.invite(key, market.firms[0], by=by)
    owed = Obligation.objects.get(pk=Invitation.objects.get(pk=pk).obligation)
    assert (owed.kind, owed.ground_id, owed.next_rung_at) == ("invitation", None, None)
    with pytest.raises(answers.AlreadyInvited):
        answers.invite(key, market.firms[0], by=by)
    with clock.frozen(NOW + timedelta(days=40)):
        assert sweep(clock.now())["rung"] == 0
        assert answers.expire() == 1
        assert answers.expire() == 0
        with pytest.raises(Conflict):
            answers.settle(pk, by=market.actors["firm0"], accept=True)
    assert Invitation.objects.get(pk=pk).state == "expired"
    owed.refresh_from_db()
    assert owed.state == "cancelled"
    assert "matching.invitation_expired" in verbs(key)
    assert not Obligation.objects.filter(kind="acknowledgement").exists()


def test_declining_costs_nothing_and_accepting_introduces(market):
    by, key = market.actors["buyer"], opened(market)
    first = answers.invite(key, market.firms[0], by=by)
    second = answers.invite(key, market.firms[1], by=by)
    with pytest.raises(Refused):
        answers.settle(first, by=market.actors["firm1"], accept=True)
    deal = answers.settle(first, by=market.actors["firm0"], accept=True)
    assert answers.settle(second, by=market.actors["firm1"], accept=False) is None
    assert Exchange.objects.get().pk == deal
    kinds = Feedback.objects.values_list("kind", flat=True)
    assert sorted(kinds) == ["accepted", "declined", "invited", "invited"]
    with pytest.raises(answers.NotInDatabank):
        answers.invite(key, market.desk, by=by)


def test_an_answer_speaks_to_every_essential_requirement_with_own_evidence(market):
    key, by = opened(market), market.actors["firm0"]
    own = databank.texts_of([market.firms[0]])[market.firms[0]][0].key
    others = databank.texts_of([market.firms[1]])[market.firms[1]][0].key
    for lines, place in (
        ({}, "says_1"),
        ({1: LineDraft("perhaps")}, "says_1"),
        ({1: LineDraft("partly")}, "text_1"),
        ({1: LineDraft("yes", evidence=(others,))}, "evidence_1"),
    ):
        with pytest.raises(Invalid) as refused:
            answers.answer(key, market.firms[0], lines, by=by)
        assert place in refused.value.facts["fields"]
    first = answers.answer(key, market.firms[0], {1: LineDraft("yes", evidence=(own,))}, by=by)
    again = answers.answer(key, market.firms[0], YES, by=by)
    assert first == again
    assert verbs(key)[-2:] == ["matching.need_answered", "matching.answer_replaced"]
    with pytest.raises(Refused):
        answers.answer(key, market.firms[0], YES, by=market.actors["firm1"])
    with pytest.raises(Refused):
        answers.answer(key, market.buyer, YES, by=market.actors["buyer"])
    needs.close(key, by=market.actors["buyer"])
    with pytest.raises(WrongState):
        answers.answer(key, market.firms[0], YES, by=by)


def test_a_question_is_answered_once_for_everybody(market):
    key = opened(market)
    with pytest.raises(Invalid):
        answers.ask(key, " ", by=market.actors["firm0"], firm=market.firms[0])
    pk = answers.ask(key, "پیش‌پرداخت چند درصد است؟", by=market.actors["firm0"],
                     firm=market.firms[0])  # fmt: skip
    with pytest.raises(Refused):
        answers.reply(pk, "بیست", by=market.actors["firm1"])
    answers.reply(pk, "بیست درصد", by=market.actors["buyer"])
    with pytest.raises(Conflict):
        answers.reply(pk, "سی درصد", by=market.actors["buyer"])


def test_a_deal_goes_from_introduction_to_repeated_production(market):
    key, buyer, firm = opened(market), market.actors["buyer"], market.actors["firm0"]
    answers.answer(key, market.firms[0], YES, by=firm)
    deal = deals.introduce(key, market.firms[0], by=buyer)
    today = clock.local_date(NOW)
    with pytest.raises(StepTaken):
        deals.step(deal, "production", today, by=buyer)
    with pytest.raises(StepTaken):
        deals.promise(deal, "prototype", "نمونه", today + timedelta(days=9), by=buyer)
    with pytest.raises(Invalid):
        deals.step(deal, "meeting", today + timedelta(days=3), by=buyer)
    with pytest.raises(Invalid):
        deals.step(deal, "meeting", today - timedelta(days=3), by=buyer)
    deals.step(deal, "meeting", today, by=firm)
    with pytest.raises(StepTaken):
        deals.step(deal, "meeting", today, by=firm)
    with pytest.raises(Refused):
        deals.contract(deal, today, by=firm, number="1")
    deals.contract(deal, today, by=buyer, number="۱۴۰۴/۱۲", amount_rial=10**9)
    assert Need.objects.get(pk=key).state == "awarded"
    due = today + timedelta(days=30)
    pk = deals.promise(deal, "production", "تولید ماهانه", due, by=buyer)
    owed = Obligation.objects.get(kind="milestone")
    assert owed.ground.kind == "contract"
    assert owed.ground.ref == "۱۴۰۴/۱۲"
    assert clock.local_date(owed.due_at) >= due
    with pytest.raises(Refused):
        deals.fulfil(pk, by=buyer)
    deals.fulfil(pk, by=firm)
    assert Exchange.objects.get(pk=deal).stage == "production"
    assert reading.funnel() == {"met": 1, "memorandum": 1, "contract": 1, "production": 1}
    for who in ("stranger", "firm1", "office"):
        with pytest.raises(Refused):
            reading.deal(deal, by=market.actors[who])
        with pytest.raises(Refused):
            deals.step(deal, "marketing", today, by=market.actors[who])


def test_a_public_need_is_awarded_only_after_its_answers_are_closed(market):
    key, by = opened(market, "office"), market.actors["office"]
    answers.answer(key, market.firms[0], YES, by=market.actors["firm0"])
    with clock.frozen(NOW + timedelta(days=60)):
        assert needs.close_due() == 1
        deal = deals.introduce(key, market.firms[0], by=by)
        deals.contract(deal, clock.local_date(clock.now()), by=by, number="9")
    assert Need.objects.get(pk=key).state == "awarded"


def test_whoever_saved_a_search_is_told_once_of_a_need_that_fits(market, django_user_model):
    user = django_user_model.objects.create(username="reader")
    by = type(market.actors["stranger"])(user_id=user.pk)
    with pytest.raises(Invalid):
        saved.subscribe(reading.Filters(), by=by)
    with pytest.raises(Refused):
        saved.subscribe(reading.Filters("لنت"), by=market.actors["guest"])
    pk = saved.subscribe(reading.Filters("لنت", province="IR-03"), by=by)
    saved.subscribe(reading.Filters("پمپ"), by=by)
    with clock.frozen(NOW + timedelta(hours=1)):
        opened(market)
    with clock.frozen(NOW + timedelta(hours=2)):
        assert saved.tell() == 1
        assert saved.tell() == 0
    assert Notice.objects.filter(verb="need.fits", user=user).count() == 1
    with pytest.raises(NotFound):
        saved.drop(pk, by=market.actors["stranger"])
    saved.drop(pk, by=by)
    assert len(saved.mine(by)) == 1


def test_the_brokers_list_names_what_nobody_answers_and_the_report_what_nobody_makes(market):
    key = opened(market)
    lonely = opened(market, field="stone")
    answers.answer(key, market.firms[0], YES, by=market.actors["firm0"])
    with pytest.raises(Refused):
        reading.work_list(market.actors["buyer"])
    found = reading.work_list(market.actors["desk"])
    assert [row.pk for row in found.unmatched] == [lonely]
    assert found.nobody_fits == []  # firm 0 holds the certificate
    gaps = {gap.field: gap for gap in reading.gaps()}
    assert gaps["stone"].is_missing
    assert (gaps["automotive"].firms, gaps["automotive"].unmet) == (3, 0)
    assert reading.gaps()[0].field == "stone"


def test_pages_of_needs_follow_each_other_without_gap(market):
    for _n in range(5):
        opened(market)
    seen, after = [], ""
    while True:
        page = reading.page(reading.Filters(), after=after, limit=2)
        seen += [row.pk for row in page.rows]
        after = page.after
        if not after:
            break
    assert len(seen) == len(set(seen)) == 5
    with pytest.raises(NotFound):
        reading.page(reading.Filters(), after="x~y")
    assert reading.page(reading.Filters("لنت", "automotive", "IR-03", "private", "open")).rows
    assert not reading.page(reading.Filters(sector="public")).rows


def test_the_site_and_its_tier_are_for_the_buyer_alone(market):
    from payvand.registry import public as registry

    site = registry.add_site(registry.SiteDraft(market.buyer, "IR-03-303", "کارخانه"), by=BY)
    by = market.actors["buyer"]
    with pytest.raises(BadNeed):
        needs.write(draft(site=market.buyer), by=by, buyer=market.buyer)
    key = opened(market, site=site)
    row = reading.need(key, by=market.actors["guest"])
    assert reading.site_of(row, by=market.actors["guest"]) is None
    assert reading.site_of(row, by=by)[0].id == site
    assert date(2025, 12, 9) == row.answers_until
