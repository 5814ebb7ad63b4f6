"""Is what is published open contracting data, and does it keep to itself what must not be shown?"""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from payvand.kernel import clock
from payvand.matching.cli import match
from payvand.matching.exchange import answers, deals, needs, releases
from payvand.matching.exchange.answers import LineDraft
from payvand.matching.models import Need
from payvand.registry import public as registry
from tests.matching.exchange_world import BY, NOW, opened

pytestmark = pytest.mark.django_db

# Required fields and closed codelists of the OCDS 1.1 release schema.
PACKAGE = {"uri", "publishedDate", "publisher", "releases", "version"}
RELEASE = {"ocid", "id", "date", "tag", "initiationType"}
TAGS = {"planning", "tender", "award", "contract", "implementation"}
STATUS = {
    "tender": {"planning", "planned", "active", "cancelled", "unsuccessful", "complete",
               "withdrawn"},
    "award": {"pending", "active", "cancelled", "unsuccessful"},
    "contract": {"pending", "active", "cancelled", "terminated"},
    "milestone": {"scheduled", "met", "notMet", "partiallyMet"},
}  # fmt: skip
METHODS = {"open", "selective", "limited", "direct"}
ROLES = {"buyer", "procuringEntity", "supplier", "tenderer"}


def check(release):
    """Assert what the schema requires of one release."""
    assert set(release) >= RELEASE
    assert release["initiationType"] == "tender"
    assert release["tag"]
    assert set(release["tag"]) <= TAGS
    parties = {party["id"]: party for party in release["parties"]}
    assert all(set(party["roles"]) <= ROLES for party in parties.values())
    assert release["buyer"]["id"] in parties
    tender = release["tender"]
    assert tender["id"]
    assert tender["status"] in STATUS["tender"]
    assert tender["procurementMethod"] in METHODS
    assert all(item["id"] for item in tender["items"])
    awards = {award["id"]: award for award in release.get("awards", ())}
    for award in awards.values():
        assert award["status"] in STATUS["award"]
        assert all(s["id"] in parties for s in award["suppliers"])
    for contract in release.get("contracts", ()):
        assert contract["id"]
        assert contract["awardID"] in awards
        assert contract["status"] in STATUS["contract"]
        for milestone in contract.get("implementation", {}).get("milestones", ()):
            assert milestone["id"]
            assert milestone["status"] in STATUS["milestone"]


def awarded(market, who):
    """Let a need of the office, or of the private buyer, come to a contract with a milestone."""
    by, key = market.actors[who], opened(market, who)
    answers.answer(key, market.firms[0], {1: LineDraft("yes")}, by=market.actors["firm0"])
    today = date(2025, 12, 10)  # the day after the answers
    with clock.frozen(NOW + timedelta(days=31)):
        needs.close(key, by=by)
        return signed(key, today, market, by)


def signed(key, today, market, by):
    """Sign a contract with the first firm, with a milestone."""
    deal = deals.introduce(key, market.firms[0], by=by)
    deals.contract(deal, today, by=by, number="C-77", amount_rial=5 * 10**9)
    deals.promise(deal, "production", "تولید", today + timedelta(days=60), by=by)
    return key


def test_a_public_need_is_told_from_tender_to_implementation(market):
    awarded(market, "office")
    package = releases.package()
    assert set(package) >= PACKAGE
    assert package["version"] == "1.1"
    (release,) = package["releases"]
    check(release)
    assert release["tag"] == ["tender", "award", "contract", "implementation"]
    assert release["contracts"][0]["value"] == {"amount": 5 * 10**9, "currency": "IRR"}
    assert release["tender"]["numberOfTenderers"] == 1


def test_whom_a_firm_works_for_privately_is_not_published(market):
    awarded(market, "buyer")
    (release,) = releases.package()["releases"]
    check(release)
    assert release["tag"] == ["tender"]
    assert str(market.firms[0]) not in json.dumps(release)


def test_neither_site_nor_tier_nor_drafts_nor_sealed_answers_are_published(market):
    site = registry.add_site(registry.SiteDraft(market.office, "IR-03-303", "بخش محرمانه"), by=BY)
    key = opened(market, "office", site=site)
    Need.objects.filter(pk=key).update(tier="vital")
    answers.answer(key, market.firms[0], {1: LineDraft("yes")}, by=market.actors["firm0"])
    from tests.matching.exchange_world import draft

    needs.write(draft(title_fa="پنهان"), by=market.actors["office"], buyer=market.office)
    told = json.dumps(releases.package(), ensure_ascii=False)
    for secret in ("vital", "محرمانه", str(site), "پنهان", "numberOfTenderers"):
        assert secret not in told


def test_the_command_prints_the_package_and_the_judgements(market):
    awarded(market, "office")
    told = CliRunner().invoke(match, ["export", "--format", "ocds"], catch_exceptions=False)
    check(json.loads(told.output)["releases"][0])
    told = CliRunner().invoke(match, ["export", "--format", "qrels"], catch_exceptions=False)
    assert told.output.splitlines()[0] == "need\tfirm\tgrade"
    assert told.output.splitlines()[1].endswith("\t3")
