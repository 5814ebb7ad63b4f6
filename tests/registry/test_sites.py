"""Is a site's rank set by its authority alone, dated, and shown to nobody else?"""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from payvand.audit import public as audit
from payvand.registry import public as registry
from payvand.registry.actions.journal import STREAM
from payvand.registry.models import SiteTier
from payvand.registry.queries import sites
from payvand.registry.rules.refusals import Unfit
from tests.registry.conftest import ROOT, TODAY

LANGUAGES = ("fa", "en")
NAMES = {"fa": "حیاتی", "en": "Vital"}


@pytest.fixture
def world(agency, company, person):
    """An authority that ranks in one province, a company with a site there, and accounts."""
    authority, elsewhere = agency("passive-defence"), agency("other", "IR-03")
    registry.set_debtor(registry.TIER_ROLE, "IR-15", authority, by=ROOT)
    owner, boss = company(), person("boss", is_operator=True)
    signer, clerk, holder = person("signer"), person("clerk"), person("holder")
    for user, org, role in ((signer, authority, "signatory"), (clerk, authority, "clerk"),
                            (holder, owner, "signatory")):  # fmt: skip
        registry.seat(registry.SeatDraft(user.id, org, role, TODAY), by=ROOT)
    site = registry.add_site(
        registry.SiteDraft(owner, "IR-15-1503", "کارخانهٔ شمالی"), by=registry.actor_for(holder.user)
    )
    registry.add_site(registry.SiteDraft(company("IR-03-303"), "IR-03-303", "دور"), by=ROOT)
    return SimpleNamespace(authority=authority, elsewhere=elsewhere, owner=owner, site=site,
                           boss=boss, signer=signer, clerk=clerk, holder=holder)  # fmt: skip


def signed_in(who):
    client = Client()
    client.force_login(who.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def rank(world, tier="vital", **when):
    order = "۱۲۳ مورخ ۱۴۰۴/۸/۱"
    draft = registry.TierDraft(
        tier, world.authority, order, when.get("starts", TODAY), when.get("ends")
    )
    registry.set_tier(world.site, draft, by=registry.actor_for(world.signer.user))


FORM = {"tier": "vital", "ref": "123", "starts_day": "18", "starts_month": "8",
        "starts_year": "1404"}  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_authority_s_signatory_sets_the_rank_with_dates_and_its_clerk_reads_it(world, lang):
    form = FORM | {"authority": world.authority, "ends_day": "29", "ends_month": "12",
                   "ends_year": "1405"}  # fmt: skip
    path = f"/{lang}/sites/{world.site}/"
    assert signed_in(world.signer).post(path, form).status_code == 302
    row = SiteTier.objects.get()
    assert (row.tier, row.valid_from, str(row.valid_to)) == ("vital", TODAY, "2027-03-20")
    page = signed_in(world.clerk).get(path).content.decode()
    assert NAMES[lang] in page
    assert '<form method="post" novalidate' not in page
    assert signed_in(world.clerk).post(path, form).status_code == 403
    listed = signed_in(world.signer).get(f"/{lang}/sites/").content.decode()
    assert NAMES[lang] in listed
    assert "دور" not in listed


@pytest.mark.parametrize("who", ["boss", "holder"])
def test_neither_owner_nor_administrator_reads_or_sets_it(world, who):
    rank(world)
    client = signed_in(getattr(world, who))
    for path in ("/fa/sites/", f"/fa/sites/{world.site}/"):
        page = client.get(path)
        assert page.status_code == 200
        assert "کارخانهٔ شمالی" in page.content.decode()
        assert NAMES["fa"] not in page.content.decode()
    form = FORM | {"authority": world.authority}
    assert client.post(f"/fa/sites/{world.site}/", form).status_code == 403
    assert SiteTier.objects.count() == 1


def test_a_stranger_and_a_visitor_see_nothing(world, person, client):
    stranger = signed_in(person())
    for path in ("/fa/sites/", f"/fa/sites/{world.site}/"):
        assert stranger.get(path).status_code == 403
        assert client.get(path).status_code == 302


def test_the_log_tells_that_a_rank_was_set_and_not_which(world):
    rank(world)
    told = audit.history(STREAM)[-1]
    assert told.verb == "registry.site_ranked"
    assert "vital" not in str(told.facts)


def test_a_new_rank_ends_the_one_before_and_a_bounded_one_leaves_the_later_alone(world):
    rank(world, "vital")
    rank(world, "ordinary", starts=TODAY + timedelta(days=30))
    assert registry.site_tier(world.site) == "vital"
    assert registry.site_tier(world.site, TODAY + timedelta(days=40)) == "ordinary"
    rank(world, "important", starts=TODAY + timedelta(days=1), ends=TODAY + timedelta(days=9))
    assert registry.site_tier(world.site, TODAY + timedelta(days=5)) == "important"
    assert registry.site_tier(world.site, TODAY + timedelta(days=20)) is None
    assert registry.site_tier(world.site, TODAY + timedelta(days=40)) == "ordinary"
    assert [t.standing for t in sites.tiers_of(world.site)] == ["later", "later", "now"]


def test_dates_in_the_wrong_order_are_refused(world):
    with pytest.raises(Unfit):
        rank(world, ends=TODAY - timedelta(days=1))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_owner_registers_a_site_without_a_word_on_its_rank(world, lang):
    client = signed_in(world.holder)
    page = client.get(f"/{lang}/sites/add/").content.decode()
    assert 'name="tier"' not in page
    form = {"owner": world.owner, "title": "انبار", "place": "IR-15-1502"}
    assert client.post(f"/{lang}/sites/add/", form).status_code == 302
    assert client.post(f"/{lang}/sites/add/", form | {"title": ""}).status_code == 422
    foreign = form | {"owner": world.authority}
    assert client.post(f"/{lang}/sites/add/", foreign).status_code == 422
