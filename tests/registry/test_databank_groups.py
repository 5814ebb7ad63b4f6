"""Can an organiser found a cluster, keep it and its members, and can nobody make itself a guild?"""

from __future__ import annotations

import pytest
from django.test import Client

from payvand.audit.public import history
from payvand.kernel.errors import Refused
from payvand.registry import public as registry
from payvand.registry.actions.journal import STREAM
from payvand.registry.models import Group, GroupMember, User
from payvand.registry.public import databank
from payvand.registry.rules.refusals import NoParty, Unfit
from tests.registry.conftest import ROOT, TODAY

pytestmark = pytest.mark.django_db


def actor(user):
    return registry.actor_for(User.objects.get(pk=user.pk))


@pytest.fixture
def town(land, agency, company):
    """A registrar, an organiser with a company, two listed firms, one with its own people."""
    databank.seed_group_states(ROOT)
    org, lead = agency("databank-15"), company()
    registry.set_debtor(databank.REGISTRAR_ROLE, "IR-15", org, by=ROOT)
    rows = [
        databank.RowDraft(str(n), name_fa=name,
                          profile=databank.ProfileDraft("company", places=("IR-15-1503",)))
        for n, name in enumerate(("ریخته‌گری نمونه", "ریخته‌گری دیگر"))
    ]  # fmt: skip
    firms = databank.load_firms(rows, by=ROOT, source="test")
    users = {name: User.objects.create(username=name) for name in ("desk", "lead", "own", "none")}
    for name, seat in (("desk", org), ("lead", lead), ("own", firms[0])):
        registry.seat(registry.SeatDraft(users[name].pk, seat, "signatory", TODAY), by=ROOT)
    return type("Town", (), {"lead": lead, "firms": firms, "users": users})


def test_an_organiser_founds_a_cluster_and_keeps_its_members(town):
    by = actor(town.users["lead"])
    draft = databank.GroupDraft("cluster", "خوشهٔ ریخته‌گری", place="IR-15", lead=town.lead)
    (key,) = databank.found_groups([draft], by=by)
    assert Group.objects.get(pk=key).state == "identified"
    for firm in (*town.firms, town.firms[0]):
        databank.join_group(key, firm, by=by)
    assert GroupMember.objects.filter(group=key, valid_to=None).count() == 2
    databank.leave_group(key, town.firms[0], by=actor(town.users["own"]))  # a firm leaves by itself
    databank.change_group(key, databank.GroupDraft("", "خوشهٔ فلز", place="IR-15"), by=by)
    row = Group.objects.get(pk=key)
    assert (row.name_fa, row.kind, row.lead_id) == ("خوشهٔ فلز", "cluster", town.lead)
    verbs = [event.verb for event in history(STREAM)][-5:]
    assert verbs == ["registry.groups_founded", "registry.group_joined", "registry.group_joined",
                     "registry.group_left", "registry.group_changed"]  # fmt: skip
    with pytest.raises(Unfit):
        databank.change_group(key, databank.GroupDraft("", " "), by=by)
    with pytest.raises(NoParty):
        databank.join_group(key, key, by=by)


def test_nobody_else_founds_keeps_or_fills_a_group(town):
    by = actor(town.users["lead"])
    draft = databank.GroupDraft("cluster", "خوشه", place="IR-15", lead=town.lead)
    (key,) = databank.found_groups([draft], by=by)
    stranger = actor(town.users["none"])
    for attempt in (
        lambda: databank.found_groups([draft], by=stranger),
        lambda: databank.found_groups([databank.GroupDraft("cluster", "خوشه")], by=by),
        lambda: databank.join_group(key, town.firms[0], by=stranger),
        lambda: databank.leave_group(key, town.firms[0], by=stranger),
        lambda: databank.change_group(key, draft, by=stranger),
    ):
        with pytest.raises(Refused):
            attempt()


def test_nobody_becomes_the_guild_of_a_firm_on_their_own(town):
    lead, desk = actor(town.users["lead"]), actor(town.users["desk"])
    draft = databank.GroupDraft("association", "انجمن", place="IR-15", lead=town.lead)
    with pytest.raises(Refused):
        databank.found_groups([draft], by=lead)
    (key,) = databank.found_groups([draft], by=desk)
    with pytest.raises(Refused):
        databank.join_group(key, town.firms[0], by=lead)  # then it could verify the firm
    assert not databank.may_verify(lead, registry_party(town.firms[0]))
    databank.join_group(key, town.firms[0], by=actor(town.users["own"]))
    databank.join_group(key, town.firms[1], by=desk)
    assert databank.may_verify(lead, registry_party(town.firms[0]))


def registry_party(key):
    from payvand.registry.models import Party

    return Party.objects.get(pk=key)


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_the_pages_found_a_group_and_find_a_member_by_name(town, lang):
    client = Client()
    client.force_login(town.users["lead"])
    path = f"/{lang}/databank/groups"
    wrong = client.post(f"{path}/found/", {"kind": "fair", "name_fa": ""})
    assert wrong.status_code == 422
    assert '<option value="association"' not in wrong.content.decode()
    made = client.post(f"{path}/found/", {"kind": "cluster", "name_fa": "خوشه", "place": "IR-15",
                                          "lead": str(town.lead)})  # fmt: skip
    key = Group.objects.get().pk
    assert made.url.endswith(f"/groups/{key}/")
    found = client.post(f"{path}/{key}/members/", {"who": "ريخته گری"})
    assert all(str(firm) in found.content.decode() for firm in town.firms)
    assert client.post(f"{path}/{key}/members/", {"who": "هیچ"}).status_code == 422
    assert client.post(f"{path}/{key}/members/", {"party": "x"}).status_code == 404
    client.post(f"{path}/{key}/members/", {"party": str(town.firms[1])})
    assert GroupMember.objects.get().party_id == town.firms[1]
    assert client.get(f"{path}/{key}/edit/").status_code == 200
    client.post(f"{path}/{key}/members/{town.firms[1]}/leave/")
    assert GroupMember.objects.get().valid_to == TODAY
    stranger = Client()
    stranger.force_login(town.users["none"])
    for address in (f"{path}/found/", f"{path}/{key}/edit/", f"{path}/{key}/members/"):
        assert stranger.get(address).status_code == 403, address


def test_a_guild_finds_its_members_on_its_desk_and_verifies_what_they_declare(town):
    draft = databank.GroupDraft("association", "انجمن", place="IR-15", lead=town.lead,
                                members=tuple(town.firms))  # fmt: skip
    databank.found_groups([draft], by=ROOT)
    firm = town.firms[0]
    entry = databank.put_entry(firm, databank.CapabilityDraft("تراش"), by=ROOT)
    client = Client()
    client.force_login(town.users["lead"])
    desk = client.get("/en/databank/desk/").content.decode()
    assert all(str(key) in desk for key in town.firms)
    assert "Import firms" not in desk
    assert "/databank/desk/" in client.get("/en/databank/mine/").content.decode()
    page = client.get(f"/en/databank/{firm}/").content.decode()
    verify = f"/en/databank/{firm}/verify/capability/{entry}/"
    assert verify in page
    client.post(verify)
    assert "Verified" in client.get(f"/en/databank/{firm}/").content.decode()
