"""Is a scorecard right, heard before it is published, and silent about small numbers?"""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from payvand.audit.models import Event
from payvand.foresight.actions import scorecards as actions
from payvand.foresight.errors import HearingRuns, ScorecardExists
from payvand.foresight.models import Promise, ScoreLine, ScoreVoice
from payvand.foresight.queries import scorecards as queries
from payvand.foresight.rules import scorecard as rules
from payvand.foresight.rules.intervals import quantile
from payvand.kernel import clock, periods
from payvand.kernel.errors import Invalid, Refused
from payvand.ledger.errors import AlreadyAnswered
from payvand.ledger.models import Notice, Obligation
from payvand.registry import models as r
from payvand.registry import public as registry
from tests.foresight.account_sample import NOW, apply, ask, at, made

QUARTER = periods.of_days(date(2025, 11, 1), date(2025, 12, 20))
NOON = datetime(2025, 1, 1, 12, tzinfo=clock.TEHRAN)


# --- rules -----------------------------------------------------------------------------------


def owed(*, state="answered", due=5, closed=3, agency="a", case=1, service="s"):
    end = None if closed is None else NOON + timedelta(days=closed)
    return rules.Owed(agency, service, case, state, NOON, NOON + timedelta(days=due), end)


@pytest.mark.parametrize(
    ("one", "due", "on_time"),
    [
        pytest.param(owed(), 1, 1, id="answered-in-time"),
        pytest.param(owed(closed=5), 1, 1, id="answered-at-the-last-moment"),
        pytest.param(owed(closed=6), 1, 0, id="answered-late"),
        pytest.param(owed(state="sent", closed=None), 1, 0, id="not-answered"),
        pytest.param(owed(state="deemed", closed=5), 1, 0, id="settled-by-silence"),
        pytest.param(owed(state="cancelled", closed=4), 0, 0, id="withdrawn-before"),
        pytest.param(owed(state="cancelled", closed=6), 1, 0, id="withdrawn-after"),
    ],
)
def test_what_counts_as_due_and_as_in_time(one, due, on_time):
    found = rules.figures([one], {}).get(("a", ""), rules.Figures())
    assert (found.due, found.on_time) == (due, on_time)


def test_a_case_counts_once_however_many_questions_an_agency_had_in_it():
    rows = [owed(case=1), owed(case=1, service="t"), owed(case=2), owed(agency="b", case=2)]
    found = rules.figures(rows, {1: True, 2: False})
    assert (found["a", ""].promised, found["a", ""].kept) == (2, 1)
    assert (found["a", "t"].promised, found["a", "t"].kept) == (1, 1)
    assert (found["b", ""].promised, found["b", ""].kept) == (1, 0)


@pytest.mark.parametrize(
    ("promised", "over", "kept"),
    [
        pytest.param(date(2025, 3, 1), date(2025, 3, 1), True, id="on-the-day"),
        pytest.param(date(2025, 3, 1), date(2025, 3, 2), False, id="a-day-late"),
        pytest.param(date(2025, 3, 1), None, False, id="still-open"),
        pytest.param(date(2025, 4, 1), date(2025, 2, 1), None, id="not-passed-yet-though-over"),
    ],
)
def test_only_promised_days_that_have_passed_are_judged(promised, over, kept):
    assert rules.is_kept(promised, over, date(2025, 4, 1)) is kept


def test_quantiles_are_values_that_were_there():
    assert quantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9) == 9
    assert quantile([5], 0.9) == 5


# --- drawn, heard, published -----------------------------------------------------------------


@pytest.fixture
def world(db):
    with clock.frozen(NOW):
        found = made()
        for n in range(12):
            case = apply(found, days=n, decided=n + 8)
            ask(found, case, "a0", sent=n, due=n + 4, answered=n + (3 if n < 9 else 6))
            Promise.objects.create(
                application=case, at=at(n), cause="submitted", model="m", inputs="i", seed=1,
                calendar_version="c", samples=1, verdict="promised",
                p90=clock.local_date(at(n + (9 if n < 10 else 5))),
            )  # fmt: skip
        for n in range(3):
            ask(found, apply(found, days=n, decided=9), "a1", sent=n, due=n + 4, answered=n + 1)
        yield found
    registry.forget()


@pytest.fixture
def head(world):
    return world.holder("head-a0")


SYSTEM = registry.system("foresight")


def test_the_figures_are_those_of_the_period(world):
    card = actions.draw(QUARTER, by=SYSTEM)
    line = ScoreLine.objects.get(scorecard=card, agency=world.agencies["a0"], service="")
    assert (line.due, line.on_time, line.answered) == (12, 9, 12)
    assert (line.median_days, line.p90_days) == (3, 6)
    assert (line.promised, line.kept) == (12, 10)
    row = queries.rows(card)[0]
    assert row.on_time.low < 75 < row.on_time.high


def test_each_agency_that_is_shown_is_asked_and_small_ones_are_not(world):
    card = actions.draw(QUARTER, by=SYSTEM)
    (voice,) = ScoreVoice.objects.filter(scorecard=card)
    asked = Obligation.objects.get(pk=voice.obligation)
    assert (asked.kind, asked.debtor_id, asked.office_id, asked.ground_id) == (
        "hearing", world.agencies["a0"], world.offices["head-a0"], None,
    )  # fmt: skip
    assert card.reply_until == asked.due_at
    assert Notice.objects.get(verb="scorecard.drawn").office_id == world.offices["head-a0"]
    hidden = [row for row in queries.rows(card) if row.is_hidden]
    assert [row.agency for row in hidden] == [world.agencies["a1"]]


def test_a_reply_stands_beside_the_figures_word_for_word(world, head):
    card = actions.draw(QUARTER, by=SYSTEM)
    agency = world.agencies["a0"]
    with pytest.raises(HearingRuns):
        actions.publish(by=SYSTEM, scorecard_id=card.pk)
    with pytest.raises(Invalid):
        actions.reply(by=head, scorecard_id=card.pk, agency=agency, text="  ")
    with pytest.raises(Refused):
        actions.reply(by=world.holder("head-a1"), scorecard_id=card.pk, agency=agency, text="x")
    actions.reply(by=head, scorecard_id=card.pk, agency=agency, text="سامانه جابه‌جا شد.")
    with pytest.raises(AlreadyAnswered):
        actions.reply(by=head, scorecard_id=card.pk, agency=agency, text="again")
    actions.publish(by=SYSTEM, scorecard_id=card.pk)  # all have replied: no need to wait
    assert ScoreVoice.objects.get().text == "سامانه جابه‌جا شد."
    assert Event.objects.filter(verb="foresight.scorecard_published").count() == 1


def test_silence_costs_nothing_and_simply_ends(world):
    card = actions.draw(QUARTER, by=SYSTEM)
    assert actions.publish_due() == 0
    with clock.frozen(card.reply_until + timedelta(minutes=1)):
        assert actions.publish_due() == 1
        assert actions.publish_due() == 0
    asked = Obligation.objects.get(kind="hearing")
    assert (asked.state, asked.rung) == ("cancelled", 0)
    assert ScoreVoice.objects.get().text == ""


def test_figures_are_drawn_once_and_by_the_office_in_charge(world, head):
    with pytest.raises(Refused):
        actions.draw(QUARTER, by=head)
    actions.draw(QUARTER, by=SYSTEM)
    with pytest.raises(ScorecardExists):
        actions.draw(QUARTER, by=SYSTEM)


def test_published_figures_stay_when_the_ledger_goes_on(world):
    card = actions.draw(QUARTER, by=SYSTEM)
    before = [(row.agency, row.line.on_time) for row in queries.rows(card)]
    Obligation.objects.filter(kind="inquiry").update(answered_at=at(59))
    assert [(row.agency, row.line.on_time) for row in queries.rows(card)] == before


# --- pages -----------------------------------------------------------------------------------


def signed_in(world, *offices):
    user = r.User.objects.create(username=f"u{offices}")
    for office in offices:
        r.Holding.objects.filter(office_id=office).delete()
        r.Holding.objects.create(office_id=office, user=user, valid_from=date(2020, 1, 1))
    registry.forget()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_draft_is_for_those_whom_it_is_about_and_a_published_one_for_all(world):
    card = actions.draw(QUARTER, by=SYSTEM)
    address = f"/en/scorecards/{card.pk}/"
    assert Client().get(address).status_code == 404
    assert Client().get(f"{address}scorecard.csv").status_code == 404
    assert signed_in(world, world.offices["governor"]).get(address).status_code == 404
    mine = signed_in(world, world.offices["head-a0"]).get(address).content.decode()
    assert "Agency a0" in mine
    assert "Agency a1" not in mine
    with clock.frozen(card.reply_until + timedelta(minutes=1)):
        actions.publish_due()
    page = Client().get(address).content.decode()
    assert "75%" in page
    assert "Agency a1" not in page  # three are too few
    assert "1 agency for which fewer than 10 fell due is not shown" in page
    sheet = Client().get(f"{address}scorecard.csv").content.decode()
    assert ",<10," in sheet


def test_the_head_replies_on_a_page_and_nobody_else_reads_it(world):
    card = actions.draw(QUARTER, by=SYSTEM)
    address = f"/fa/scorecards/{card.pk}/reply/{world.agencies['a0']}/"
    assert signed_in(world, world.offices["head-other"]).get(address).status_code == 404
    client = signed_in(world, world.offices["head-a0"])
    assert client.get(address).status_code == 200
    assert client.post(address, {"text": ""}).status_code == 422
    assert client.post(address, {"text": "=پاسخ"}).status_code == 302
    assert "=پاسخ" in client.get(address).content.decode()
    asked = Obligation.objects.get(kind="hearing")
    assert client.get(f"/fa/obligations/{asked.pk}/").status_code in (200, 302, 404)
    actions.publish(by=SYSTEM, scorecard_id=card.pk)
    sheet = Client().get(f"/fa/scorecards/{card.pk}/scorecard.csv").content.decode()
    assert "'=پاسخ" in sheet  # no formula in a spreadsheet


def test_a_reply_with_markup_stays_text(world, head):
    card = actions.draw(QUARTER, by=SYSTEM)
    actions.reply(by=head, scorecard_id=card.pk, agency=world.agencies["a0"],
                  text="<script>alert(1)</script>")  # fmt: skip
    actions.publish(by=SYSTEM, scorecard_id=card.pk)
    page = Client().get(f"/fa/scorecards/{card.pk}/").content.decode()
    assert "&lt;script&gt;alert" in page


def test_the_page_asks_a_fixed_number_of_questions(world, django_assert_max_num_queries):
    card = actions.draw(QUARTER, by=SYSTEM)
    with clock.frozen(card.reply_until + timedelta(minutes=1)):
        actions.publish_due()
    Client().get(f"/en/scorecards/{card.pk}/")
    with django_assert_max_num_queries(9):
        Client().get(f"/en/scorecards/{card.pk}/")
