"""Does an inquiry reach the named colleague, and nobody who may not answer it?"""

from datetime import date

import pytest
from django.test import Client

from payvand.audit import public as audit
from payvand.kernel import clock
from payvand.kernel.errors import Invalid, NotFound, Refused
from payvand.ledger import deliveries, handovers, queries
from payvand.ledger.models import Notice, Obligation, Outbox
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.window import actions as window
from tests import world as worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    with clock.frozen(worlds.MONDAY):
        yield worlds.build()
    registry.forget()


@pytest.fixture
def owed(world):
    case = window.file(by=world.applicant, version=world.version, applicant=world.company,
                       place="IR-15-1503", data=worlds.DATA)  # fmt: skip
    return Obligation.objects.get(case_id=case.id, question="q00")


def account(name, org=None, role="clerk", **more):
    party = r.Party.objects.create(kind="person", name_fa=f"خانم {name}", name_en=f"Ms {name}")
    user = r.User.objects.create(username=name, party=party, email=f"{name}@example.ir", **more)
    if org:
        r.Membership.objects.create(user=user, org_id=org, role=role, valid_from=date(2020, 1, 1))
    return user


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def test_the_colleague_finds_it_on_their_desk_and_is_told(world, owed):
    first, second = (account(n, world.agencies["a0"]) for n in ("first", "second"))
    by = registry.actor_for(first)
    assert handovers.hand_over(by=by, obligation_ids=[owed.pk], to=second.pk, note="نقشه") == 1
    theirs = registry.actor_for(second)
    mine = queries.Filters(mine=True)
    page = queries.inbox(theirs, org=world.agencies["a0"], filters=mine)
    assert [row.owed.pk for row in page.rows] == [owed.pk]
    [notice], _older = queries.notices(theirs)
    assert notice.args["who"]["fa"] == "خانم first"
    assert queries.count_notices(theirs) == 1
    assert queries.count_notices(by) == 0
    assert audit.history(owed.case_id)[-1].facts == {"to": second.pk, "note": "نقشه"}
    deliveries.tell_new(clock.now())
    assert Outbox.objects.filter(channel="email", address="second@example.ir").count() == 1


def test_many_at_once_make_one_notice(world, owed):
    first, second = (account(n, world.agencies["a0"]) for n in ("first", "second"))
    window.file(by=world.applicant, version=world.version, applicant=world.company,
                place="IR-15-1503", data=worlds.DATA)  # fmt: skip
    ids = list(Obligation.objects.filter(question="q00").values_list("pk", flat=True))
    assert handovers.hand_over(by=registry.actor_for(first), obligation_ids=ids, to=second.pk) == 2
    assert Notice.objects.filter(user=second).count() == 1


def test_nobody_outside_the_desk_receives_or_hands_over(world, owed):
    first, other = account("first", world.agencies["a0"]), account("other", world.agencies["a1"])
    with pytest.raises(Invalid):
        handovers.hand_over(by=registry.actor_for(first), obligation_ids=[owed.pk], to=other.pk)
    with pytest.raises(Refused):
        handovers.hand_over(by=registry.actor_for(other), obligation_ids=[owed.pk], to=other.pk)
    closed = account("closed", world.agencies["a0"], is_active=False)
    with pytest.raises(NotFound):
        handovers.hand_over(by=registry.actor_for(first), obligation_ids=[owed.pk], to=closed.pk)
    assert Obligation.objects.get(pk=owed.pk).claimed_by_id is None
    assert not Notice.objects.filter(user__isnull=False).exists()


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_the_page_offers_the_colleagues_by_name_and_keeps_the_note(world, owed, lang):
    first, second = (account(n, world.agencies["a0"]) for n in ("first", "second"))
    account("other", world.agencies["a1"])
    client = client_of(first)
    shown = client.post(f"/{lang}/inbox/hand-over/", {"id": owed.pk}).content.decode()
    assert ("خانم second" if lang == "fa" else "Ms second") in shown
    assert "خانم other" not in shown
    assert "Ms other" not in shown
    wrong = client.post(f"/{lang}/inbox/hand-over/",
                        {"id": owed.pk, "colleague": "", "note": "بماند"})  # fmt: skip
    assert wrong.status_code == 422
    assert "بماند" in wrong.content.decode()
    done = client.post(f"/{lang}/inbox/hand-over/", {"id": owed.pk, "colleague": second.pk})
    assert done.status_code == 302
    inbox = client_of(second).get(f"/{lang}/inbox/?mine=1").content.decode()
    assert ("خانم second" if lang == "fa" else "Ms second") in inbox
    page = client_of(second).get(f"/{lang}/inquiry/{owed.pk}/").content.decode()
    assert ("خود شما" if lang == "fa" else "yours") in page
