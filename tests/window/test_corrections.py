"""Does a corrected answer reach everybody who was asked with it, and nobody else?"""

import pytest

from payvand.audit import public as audit
from payvand.kernel import clock
from payvand.ledger import actions as ledger
from payvand.ledger import corrections
from payvand.ledger.errors import TooLateToCorrect
from payvand.ledger.models import Notice, Obligation
from payvand.ledger.rules.reply import Reply
from payvand.registry import public as registry
from payvand.window import actions as window
from payvand.window import queries
from tests import world as worlds

pytestmark = pytest.mark.django_db


def pack():
    """Return: q00 gives a number, q10 is asked with it, q11 needs q10's; then the decision."""
    body = worlds.grid_pack(3, 1)
    _first, second, third = body["inquiries"]
    second |= {"needs": ["q00.number"], "sees": ["name", "q00.number"]}
    third |= {"needs": ["q10.number"], "sees": ["q10.number"]}
    body["inquiries"][1]["to"] = {"role": "role1", "place": "province"}
    body["inquiries"][2]["to"] = {"role": "role2", "place": "province"}
    return body


@pytest.fixture
def world():
    with clock.frozen(worlds.MONDAY):
        yield worlds.build(pack())
    registry.forget()


@pytest.fixture
def case(world):
    return window.file(by=world.applicant, version=world.version, applicant=world.company,
                       place="IR-15-1503", data=worlds.DATA)  # fmt: skip


def owed(question):
    return Obligation.objects.exclude(state="cancelled").get(question=question)


def say(world, agency, question, number="1"):
    reply = Reply("positive", fields={"number": number})
    ledger.answer(by=world.clerk(agency), obligation_id=owed(question).pk, reply=reply)


def correct(world, question="q00", number="2", **more):
    reply = Reply(more.pop("outcome", "positive"), fields={"number": number}, **more)
    corrections.correct(by=world.clerk("a0"), obligation_id=owed(question).pk, reply=reply,
                        reason="رقم نادرست بود")  # fmt: skip


def told(slug, world):
    rows = Notice.objects.filter(party_id=world.agencies[slug]).order_by("id")
    return list(rows.values_list("verb", flat=True))


def test_who_is_still_asked_is_asked_again_with_the_new_value(world, case):
    say(world, "a0", "q00")
    correct(world)
    old, new = Obligation.objects.filter(question__startswith="q10").order_by("id")
    assert (old.state, new.state) == ("cancelled", "sent")
    assert new.question == "q10#2"
    assert new.payload["q00.number"] == "2"
    assert new.due_at is not None
    assert told("a1", world) == ["inquiry.asked_again"]
    assert told("owner", world) == ["inquiry.corrected"]
    assert audit.verify().ok


def test_who_has_answered_is_asked_again_and_the_first_answer_stays(world, case):
    say(world, "a0", "q00")
    say(world, "a1", "q10")
    correct(world)
    first = Obligation.objects.get(question="q10")
    assert (first.state, first.outcome) == ("answered", "positive")
    assert owed("q10#2").payload["q00.number"] == "2"


def owed_exists(question):
    return Obligation.objects.filter(question=question).exists()


def test_a_chain_is_followed_as_far_as_values_change_and_the_decision_waits(world, case):
    for agency, question in (("a0", "q00"), ("a1", "q10"), ("a2", "q20")):
        say(world, agency, question)
    case.refresh_from_db()
    assert case.state == "deciding"
    correct(world)
    case.refresh_from_db()
    assert case.state == "in_review"
    assert not Obligation.objects.filter(kind="decision", state="sent").exists()
    assert not owed_exists("q20#2")
    say(world, "a1", "q10#2", "9")
    assert owed("q20#2").payload == {"q10.number": "9"}
    say(world, "a2", "q20#2", "1")
    case.refresh_from_db()
    assert case.state == "deciding"
    assert Obligation.objects.filter(kind="decision", state="sent").count() == 1
    view = queries.dossier(case)
    assert [o.title for o in view.opinions]
    assert audit.verify().ok


def test_an_unchanged_second_answer_ends_the_chain(world, case):
    for agency, question in (("a0", "q00"), ("a1", "q10"), ("a2", "q20")):
        say(world, agency, question)
    correct(world)
    say(world, "a1", "q10#2", "1")
    assert not owed_exists("q20#2")
    case.refresh_from_db()
    assert case.state == "deciding"


def test_only_words_changed_tells_and_asks_nobody_again(world, case):
    say(world, "a0", "q00")
    correct(world, number="1", outcome="conditional", conditions=("نصب فیلتر",))
    assert Obligation.objects.filter(question__startswith="q10").count() == 1
    assert told("a1", world) == ["inquiry.rests_on_corrected"]


def test_after_the_decision_and_after_a_new_question_nothing_is_corrected(world, case):
    for agency, question in (("a0", "q00"), ("a1", "q10"), ("a2", "q20")):
        say(world, agency, question)
    correct(world)
    with pytest.raises(TooLateToCorrect):
        corrections.correct(by=world.clerk("a1"), obligation_id=owed("q10").pk, reason="دیر",
                            reply=Reply("positive", fields={"number": "5"}))  # fmt: skip
    say(world, "a1", "q10#2", "1")
    window.decide(by=world.clerk("owner", "decider"), application_id=case.pk,
                  reply=Reply("negative", text="نه", refused="1"))  # fmt: skip
    with pytest.raises(TooLateToCorrect):
        correct(world, number="7")


def test_the_owner_office_and_the_tracking_page_show_what_was_replaced(world, case):
    for agency, question in (("a0", "q00"), ("a1", "q10"), ("a2", "q20")):
        say(world, agency, question)
    correct(world)
    view = queries.dossier(case)
    corrected = next(o for o in view.opinions if o.earlier)
    assert corrected.earlier[0].reason == "رقم نادرست بود"
    assert any(o.is_replaced for o in view.opinions)
    rows = queries.tracking(case).inquiries if hasattr(queries.tracking(case), "inquiries") else ()
    assert len({r.node for r in rows}) == len(rows)
    assert queries.tracking(case).asked == 3
