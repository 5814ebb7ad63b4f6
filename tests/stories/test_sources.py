"""Is each sentence of the source documents kept, from the first question to the licence?

R1 (source 004): one application in place of sixteen, every delay to the offices above.
R2 (source 003): one window for land, also for a municipality that is not connected.
Licences by silence: what the statute says happens when nobody decides.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.test import Client

from payvand.audit import public as audit
from payvand.demo import build, filings
from payvand.demo.rules import replies
from payvand.kernel import clock
from payvand.ledger import actions as ledger
from payvand.ledger import links, sweep
from payvand.ledger.models import Notice, Obligation, Outbox
from payvand.ledger.rules.reply import Reply
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.registry.public import Actor, Seat
from payvand.window import actions as window
from payvand.window import compiled
from payvand.window.actions.drafts import current_version
from payvand.window.models import Application, Licence

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 7, 30, tzinfo=UTC)  # a Monday, 11:00 in Tehran


@pytest.fixture
def folk(db):
    registry.forget()
    compiled.forget()
    with clock.frozen(NOW):
        yield build.furnish(NOW - timedelta(days=400))
    registry.forget()
    compiled.forget()


def desk(org: Any, *roles: str) -> Actor:
    return Actor(user_id=1, seats=tuple(Seat(org, role) for role in roles))


def filed(folk: Any, slug: str, **facts: Any) -> Application:
    company = folk.companies[0][0]
    place = "IR-15-1503"
    data = filings.FACTS[slug](Random(5), place, False) | facts
    data = {
        key: {"file": "sample", **value} if isinstance(value, dict) and "name" in value else value
        for key, value in data.items()
    }
    by = Actor(user_id=1, mandates=(company,))
    return window.file(by=by, version=current_version(slug), applicant=company, place=place,
                       data=data)  # fmt: skip


def answer(owed: Obligation, outcome: str = "positive") -> None:
    given = replies.values(owed.spec, Random(1), NOW.date(), is_well=True)
    ledger.answer(
        by=desk(owed.debtor_id, "signatory", "head"), obligation_id=owed.id,
        reply=Reply(outcome, fields=given, conditions=()),
    )  # fmt: skip


def waves(case: Application) -> list[list[str]]:
    """Answer everything that is asked, wave by wave; return what each wave asked."""
    found = []
    while True:
        asked = list(Obligation.objects.filter(case_id=case.pk, kind="inquiry", state="sent"))
        if not asked:
            return found
        found.append(sorted(o.question for o in asked))
        for owed in asked:
            answer(owed)


EVERYTHING = {
    "is_producer": True, "plant_licence_number": "12/345", "exemption_asked": True,
    "production_line": "خط نمونه", "transmits": True, "radio_details": "نمونه",
    "has_radiation_source": True, "radiation_details": "نمونه", "is_chemical": True,
    "cas_number": "108-88-3", "chemical_use": "حلال", "safety_sheet": {"name": "sds.pdf"},
    "standard_required": True, "policy_required": True, "policy_number": "B-1",
    "supply_route": "bank", "transport": "sea", "vessel": "MV Sample", "wooden_packing": True,
    "goods_group": "machinery",
}  # fmt: skip


def test_source_004_one_application_asks_sixteen_offices_as_soon_as_each_can_answer(folk):
    case = filed(folk, "trade-clearance", **EVERYTHING)
    order = waves(case)
    assert sum(len(wave) for wave in order) == 16
    assert {"trader_card", "tax_status", "commodity_id", "manifest_delivery_order"} <= set(order[0])
    first = {name: n for n, wave in enumerate(order) for name in wave}
    assert first["order_registration"] > first["domestic_equivalent"] > first["commodity_id"]
    assert first["fx_origin"] > first["order_registration"]
    case.refresh_from_db()
    assert case.state == "deciding"
    owner = case.service.owner_id
    licence = window.decide(by=desk(owner, "decider"), application_id=case.pk,
                            reply=Reply("positive", text="شرط‌ها برقرار است."))  # fmt: skip
    assert licence is not None
    assert Licence.objects.get().state == "valid"
    assert audit.verify().ok


def test_source_004_a_delay_climbs_to_the_first_vice_president_and_the_president(folk):
    case = filed(folk, "trade-clearance")
    with clock.frozen(NOW + timedelta(days=60)):
        sweep.sweep()
    reports = Obligation.objects.filter(case_id=case.pk, kind="acknowledgement")
    reached = set(reports.values_list("office__role", flat=True))
    assert {"agency-head", "governor", "first-vice-president", "president-office"} <= reached
    assert reports.count() == len(set(reports.values_list("about_id", "rung_no")))
    assert Notice.objects.filter(verb="delay.reported").count() >= reports.count()


def test_source_003_a_municipality_without_a_connection_answers_through_its_letter(folk):
    letters = r.Connection.objects.filter(level="letter", valid_to=None).values_list(
        "agency_id", flat=True
    )
    place = r.DebtorRole.objects.filter(role="municipality", agency_id__in=list(letters)).first()
    assert place is not None
    company = folk.companies[0][0]
    data = filings.FACTS["land-window"](Random(5), place.place_id, False) | {
        "location": "inside_city", "renewal_code": "1-2",
    }  # fmt: skip
    case = window.file(
        by=Actor(user_id=1, mandates=(company,)), version=current_version("land-window"),
        applicant=company, place=place.place_id, data=data,
    )  # fmt: skip
    answer(Obligation.objects.get(case_id=case.pk, question="registry_status"))
    owed = Obligation.objects.get(case_id=case.pk, question="municipal_dues")
    assert owed.level == "letter"
    sent = Outbox.objects.get(obligation=owed)
    token = links.create(owed.id, key=sent.key)
    page = Client().get(f"/fa/answer/{token}/")
    assert page.status_code == 200
    shown = page.content.decode()
    assert str(data["price"]) not in shown  # the municipality is not asked about the price
    done = Client().post(f"/fa/answer/{token}/", {
        "outcome": "not_ours", "text": "این ملک در محدودهٔ شهر نیست.", "letter_no": "۱۲/۳۴",
    })  # fmt: skip
    assert done.status_code in (200, 302)
    owed.refresh_from_db()
    assert owed.outcome == "not_ours"
    again = Client().get(f"/fa/answer/{token}/")
    assert again.status_code == 410
    told = again.content.decode()  # refused kindly, with a way on
    assert 'href="/fa/sign-in/' in told or 'href="/fa/follow/' in told


def test_a_business_licence_that_nobody_decides_is_issued_by_the_cited_article(folk):
    case = filed(folk, "business-licence")
    waves(case)
    decision = Obligation.objects.get(case_id=case.pk, kind="decision")
    ledger.open_(by=desk(decision.debtor_id, "decider"), obligation_id=decision.id)
    with clock.frozen(NOW + timedelta(days=90)):
        sweep.sweep()
    case.refresh_from_db()
    assert case.state == "deemed"
    assert Licence.objects.get().by_silence
    decision.refresh_from_db()
    assert decision.reply["ref"]
    assert Obligation.objects.filter(about=decision, kind="acknowledgement").exists()
