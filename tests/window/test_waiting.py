"""Does an application say that it waits for its applicant, exactly as long as it does?"""

from __future__ import annotations

import pytest
from django.utils import translation

from payvand.kernel import clock
from payvand.ledger import actions as ledger
from payvand.ledger.models import Obligation
from payvand.ledger.rules.reply import Reply
from payvand.ui.errors import what_and_why
from payvand.window import actions, queries
from payvand.window.actions.applications import ChecksFailed
from payvand.window.models import Application
from payvand.window.queries import cases
from tests import world as worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    pack = worlds.grid_pack(2, 2)
    item = {"id": "note", "type": "text", "title": {"fa": "یادداشت", "en": "Note"}}
    for one in pack["inquiries"][:2]:
        one["completion"] = {"items": [item], "answer_term": "5wd"}
    pack["checks"] = [
        {"id": f"c{n}", "at": "submit", "severity": "block",
         "message": {"fa": f"شرط {n}", "en": f"Rule {n}"},
         "rule": {"fact": "amount", "op": "lte", "value": 50}}
        for n in (1, 2)
    ]  # fmt: skip
    with clock.frozen(worlds.MONDAY):
        yield worlds.build(pack)


def filed(world, **data) -> Application:
    return actions.file(by=world.applicant, version=world.version, applicant=world.company,
                        place="IR-15-1503", data=worlds.DATA | data)  # fmt: skip


def stop(world, question: str, agency: str) -> None:
    owed = Obligation.objects.get(question=question)
    ledger.request_completion(by=world.clerk(agency), obligation_id=owed.pk, items=["note"],
                              text="?", applicant=world.company)  # fmt: skip


def complete(world, question: str) -> None:
    request = Obligation.objects.get(question=f"{question}.completion")
    ledger.complete(by=world.applicant, obligation_id=request.pk, reply=Reply("done"))


def state(case: Application) -> str:
    return Application.objects.values_list("state", flat=True).get(pk=case.pk)


def test_it_waits_until_the_last_of_two_requests_is_answered(world):
    case = filed(world)
    stop(world, "q00", "a0")
    stop(world, "q01", "a1")
    assert state(case) == "awaiting"
    complete(world, "q00")
    assert state(case) == "awaiting"
    complete(world, "q01")
    assert state(case) == "in_review"


def test_an_agency_that_answers_without_the_item_ends_the_waiting(world):
    case = filed(world)
    stop(world, "q00", "a0")
    owed = Obligation.objects.get(question="q00")
    yes = Reply("positive", fields={"number": "1"})
    ledger.answer(by=world.clerk("a0"), obligation_id=owed.pk, reply=yes)
    assert state(case) == "in_review"


def test_an_application_that_waits_goes_on_to_its_decision(world):
    case = filed(world)
    stop(world, "q00", "a0")
    complete(world, "q00")
    for _wave in range(2):
        for owed in Obligation.objects.filter(kind="inquiry", state="sent"):
            slug = next(s for s, key in world.agencies.items() if key == owed.debtor_id)
            yes = Reply("positive", fields={"number": "1"})
            ledger.answer(by=world.clerk(slug), obligation_id=owed.pk, reply=yes)
    assert state(case) == "deciding"


def test_a_withdrawn_application_waits_for_nobody(world):
    case = filed(world)
    stop(world, "q00", "a0")
    actions.withdraw(by=world.applicant, application_id=case.pk, reason="انصراف")
    assert state(case) == "withdrawn"


@pytest.mark.parametrize(("language", "mine", "others"), [
    ("fa", "منتظر شما", "در انتظار متقاضی"), ("en", "Waiting for you", "Waiting for the applicant"),
])  # fmt: skip
def test_the_applicant_reads_you_and_everybody_else_the_applicant(world, language, mine, others):
    case = filed(world)
    stop(world, "q00", "a0")
    with translation.override(language):
        assert queries.cases_of(world.applicant, now=clock.now()).rows[0].label == mine
        assert queries.by_code(case.code, now=clock.now()).label == others
        row = queries.application(case.pk)
        assert cases.state_of(row)[1] == others


def test_failed_checks_are_told_in_the_readers_language(world):
    with pytest.raises(ChecksFailed) as caught:
        filed(world, amount=99)
    with translation.override("en"):
        assert "Rule 1; Rule 2" in what_and_why(caught.value)
    with translation.override("fa"):
        assert "شرط 1؛ شرط 2" in what_and_why(caught.value)
