"""Does an open case hold back the erasure of its applicant's identity, and does a draft not?"""

from __future__ import annotations

import pytest

from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.registry.models import Party
from payvand.registry.public import databank
from payvand.window import public as window
from payvand.window.actions.applications import withdraw
from payvand.window.actions.drafts import start_draft
from payvand.window.models import Draft
from tests import world as worlds

pytestmark = pytest.mark.django_db


def test_an_open_application_keeps_the_identity_and_a_closed_one_lets_it_go() -> None:
    world = worlds.build()
    by = world.applicant
    person = by.party
    databank.open_profile(person, databank.ProfileDraft("freelancer", field="metal"), by=by)
    case = window.file(by=by, version=world.version, applicant=person, place="IR-15-1503",
                       data=worlds.DATA)  # fmt: skip
    start_draft(by=by, user_id=by.user_id, service_slug=case.service_id, applicant=person)
    kept = databank.erase(person, by=by)
    assert not kept.identity_erased
    assert any("not decided" in reason for reason in kept.kept_because)
    assert Party.objects.get(pk=person).national_id

    withdraw(by=by, application_id=case.id, reason="x")
    assert databank.erase(person, by=by).identity_erased
    assert not Party.objects.get(pk=person).national_id
    assert not Draft.objects.filter(applicant=person).exists()
    assert ledger.Obligation.objects.filter(case_id=case.id).exists()  # the record stays
    assert registry.party_names([person])[person]["en"] == "Erased"
