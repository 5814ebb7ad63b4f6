"""Is a profile kept by those whose affair it is, verified by others, and never more than shown?"""

import io
from datetime import timedelta

import pytest

from payvand.audit.models import Event
from payvand.kernel import clock
from payvand.kernel.errors import Refused
from payvand.plugins import slots
from payvand.registry import public as registry
from payvand.registry.models import (
    Alias,
    Claim,
    Evidence,
    ImportRun,
    Keeper,
    Party,
    Profile,
    Suspicion,
    User,
)
from payvand.registry.public import databank
from payvand.registry.queries import databank as read
from payvand.registry.queries import desk, export
from payvand.registry.queries.vocabulary import suggest
from payvand.registry.rules import databank as rules
from payvand.registry.rules.refusals import Unfit
from tests.registry.conftest import NOW, ROOT, TODAY, settled

FIRM = databank.ProfileDraft("company", field="metal", about_fa="ریخته‌گری", places=("IR-15-1503",))
CAST = databank.CapabilityDraft(
    "ریخته‌گری چدن", "Iron casting", readiness=9, capacity=120, capacity_unit="تن",
    domestic_percent=80, domestic_basis="ارزش مواد", codes="isic 2431",
)  # fmt: skip
MADE = databank.EvidenceDraft(
    "contract", "ساخت ۲۰۰ دیسک ترمز برای یک خودروساز", client="خودروساز الف", dated=TODAY
)


def as_actor(person):
    return registry.actor_for(User.objects.get(pk=person.id))


@pytest.fixture
def registrar(agency, person):
    """Somebody at the desk that keeps the databank of Lorestan."""
    org = agency("databank-15")
    registry.set_debtor(databank.REGISTRAR_ROLE, "IR-15", org, by=ROOT)
    who = person("registrar")
    registry.seat(registry.SeatDraft(who.id, org, "clerk", TODAY), by=ROOT)
    return as_actor(who)


@pytest.fixture
def firm(company):
    """A firm with a profile, a capability and an evidence item."""
    pk = company()
    databank.open_profile(pk, FIRM, by=ROOT)
    databank.put_entry(pk, CAST, by=ROOT)
    databank.put_entry(pk, MADE, by=ROOT)
    return pk


@pytest.fixture
def keeper(firm, person):
    """Whoever keeps the firm's profile."""
    who = person("keeper")
    Keeper.objects.create(user_id=who.id, party_id=firm, since=NOW)
    return as_actor(who)


# --- keeping it true ------------------------------------------------------------------------------


def test_a_keeper_keeps_the_profile_but_may_not_act_for_the_firm(firm, keeper):
    databank.change_profile(firm, FIRM, by=keeper)
    entry = databank.put_entry(firm, CAST, by=keeper)
    databank.drop_entry(firm, "capability", entry, by=keeper)
    assert not registry.may_act_for(keeper, firm)


def test_a_stranger_changes_nothing_and_leaves_no_trace(firm, person):
    stranger = as_actor(person())
    before = Event.objects.count()
    for step in (
        lambda: databank.change_profile(firm, FIRM, by=stranger),
        lambda: databank.put_entry(firm, CAST, by=stranger),
        lambda: databank.confirm(firm, by=stranger),
        lambda: databank.verify(firm, "profile", by=stranger),
        lambda: databank.merge(firm, firm, by=stranger, reason=""),
        lambda: databank.load_firms([], by=stranger, source="x"),
        lambda: databank.import_firms(io.BytesIO(b"name\nx\n"), by=stranger, filename="x"),
        lambda: databank.look_for_duplicates(by=stranger),
        lambda: databank.erase(firm, by=stranger),
    ):
        with pytest.raises(Refused):
            step()
    assert Event.objects.count() == before


def test_every_step_writes_one_event_without_names(firm):
    events = list(Event.objects.filter(verb__startswith="registry.").order_by("pk"))
    assert [e.verb for e in events[-3:]] == [
        "registry.profile_opened", "registry.entry_added", "registry.entry_added",
    ]  # fmt: skip
    assert not any("خودروساز" in e.facts for e in events)


def test_nobody_verifies_for_themselves_and_a_change_is_declared_again(firm, keeper, registrar):
    with pytest.raises(Refused):
        databank.verify(firm, "profile", by=keeper)
    databank.verify(firm, "profile", by=registrar)
    row = read.full(firm).capabilities[0]
    databank.verify(firm, "capability", row.pk, by=registrar)
    assert read.full(firm).row.standing == rules.VERIFIED
    assert read.full(firm).capabilities[0].verified_role == "registrar"
    databank.put_entry(firm, CAST, by=keeper, entry_id=row.pk)
    assert read.full(firm).capabilities[0].standing == rules.DECLARED


def test_a_guild_verifies_its_members_only(firm, company, person):
    databank.seed_group_states(ROOT)
    guild, other = company(), company()
    databank.open_profile(other, FIRM, by=ROOT)
    databank.found_groups(
        [databank.GroupDraft("association", "انجمن نمونه", lead=guild, members=(firm,))], by=ROOT
    )
    who = person("guild")
    registry.seat(registry.SeatDraft(who.id, guild, "head", TODAY), by=ROOT)
    by = as_actor(who)
    databank.verify(firm, "profile", by=by)
    assert read.full(firm).row.verified_role == "guild"
    assert read.full(firm).row.verified_by_id == guild
    with pytest.raises(Refused):
        databank.verify(other, "profile", by=by)


def test_a_registrar_of_another_province_has_no_say(agency, person, firm):
    org = agency("databank-03", place="IR-03")
    registry.set_debtor(databank.REGISTRAR_ROLE, "IR-03", org, by=ROOT)
    who = person()
    registry.seat(registry.SeatDraft(who.id, org, "clerk", TODAY), by=ROOT)
    with pytest.raises(Refused):
        databank.verify(firm, "profile", by=as_actor(who))


def test_a_profile_asks_to_be_confirmed_after_a_year(firm, keeper):
    by = registry.system("test")
    assert databank.mark_asked(by=by) == []
    with pytest.raises(Refused):
        databank.mark_asked(by=keeper)
    with clock.frozen(NOW + timedelta(days=340)):
        assert [line.asked_on for line in desk.stale(None)] == [None]
        ((party, keepers),) = [(d.party, d.keepers) for d in databank.mark_asked(by=by)]
        assert (party, keepers) == (firm, (keeper.user_id,))
        assert databank.mark_asked(by=by) == []  # once in each period
        assert read.full(firm).age == "asking"
        (line,) = desk.stale(None)
        assert (line.is_kept, line.days_past) == (True, 0)
        assert line.asked_on == clock.local_date(clock.now())
    with clock.frozen(NOW + timedelta(days=400)):
        assert [line.days_past for line in desk.stale(None)] == [35]
        assert databank.mark_asked(by=by) == []
        databank.confirm(firm, by=keeper)
        assert desk.stale(None) == []
    with clock.frozen(NOW + timedelta(days=400 + 340)):
        assert [d.party for d in databank.mark_asked(by=by)] == [firm]


def test_a_profile_that_reaches_nobody_is_not_counted_as_asked(firm):
    with clock.frozen(NOW + timedelta(days=340)):
        assert databank.mark_asked(by=registry.system("test")) == []
        assert [(line.is_kept, line.asked_on) for line in desk.stale(None)] == [(False, None)]


def test_markup_in_texts_is_taken_out_and_a_share_needs_its_basis(firm):
    databank.put_entry(firm, databank.EvidenceDraft("offer", "<b>پیشنهاد</b>"), by=ROOT)
    assert Evidence.objects.latest("pk").text_fa == "پیشنهاد"
    with pytest.raises(Unfit):
        databank.put_entry(firm, databank.CapabilityDraft("برش", domestic_percent=50), by=ROOT)


# --- persons --------------------------------------------------------------------------------------


@pytest.fixture
def freelancer(person):
    who = person("freelancer")
    number = Party.objects.get(pk=who.party).national_id
    databank.claim(databank.ClaimDraft(number), by=as_actor(who))
    return who


def test_a_personal_profile_is_hidden_until_its_person_consents(freelancer, registrar):
    by = as_actor(freelancer)
    assert read.page(read.Filters()).lines == []
    with pytest.raises(Refused):
        databank.consent(freelancer.party, shown=True, by=registrar)
    databank.consent(freelancer.party, shown=True, by=by)
    assert [line.id for line in read.page(read.Filters()).lines] == [freelancer.party]
    databank.consent(freelancer.party, shown=False, by=by)
    assert read.page(read.Filters()).lines == []


def test_a_firm_may_name_its_people_and_only_they_may_show_themselves(firm, keeper, freelancer):
    draft = databank.PositionDraft(freelancer.party, "expert", "متالورژ")
    position = databank.add_position(firm, draft, by=keeper)
    with pytest.raises(Refused):
        databank.show_position(position, shown=True, by=keeper)
    databank.show_position(position, shown=True, by=as_actor(freelancer))
    databank.drop_position(position, by=as_actor(freelancer))


def test_erasure_removes_everything_personal_and_keeps_the_chain(freelancer, firm):
    from payvand.audit.public import verify

    by, party = as_actor(freelancer), freelancer.party
    before = Party.objects.get(pk=party)
    number, name = before.national_id, before.name_fa
    databank.put_entry(party, MADE, by=by)
    databank.add_position(firm, databank.PositionDraft(party, "expert"), by=ROOT)
    done = databank.erase(party, by=by)
    assert done.identity_erased
    after = Party.objects.get(pk=party)
    assert (after.national_id, after.search_key, after.email, after.mobile) == ("", "", "", "")
    assert name not in after.name_fa
    assert not Evidence.objects.filter(party=party).exists()
    assert not User.objects.get(pk=freelancer.id).is_active
    told = " ".join(Event.objects.values_list("facts", flat=True))
    assert number not in told
    assert name not in told
    assert verify().ok


def test_who_still_has_a_seat_keeps_the_name_until_it_ends(freelancer, agency):
    org = agency("tax")
    registry.seat(registry.SeatDraft(freelancer.id, org, "clerk", TODAY), by=ROOT)
    done = databank.erase(freelancer.party, by=as_actor(freelancer))
    assert not done.identity_erased
    assert done.kept_because
    assert Party.objects.get(pk=freelancer.party).national_id != ""
    assert Profile.objects.get(pk=freelancer.party).erased_at is not None


def test_an_upper_context_may_say_why_a_name_must_stay(freelancer):
    ask = slots.keeps_person.register(lambda _party: "An application of yours is open.")
    try:
        done = databank.erase(freelancer.party, by=as_actor(freelancer))
    finally:
        slots.keeps_person.remove(ask)
    assert done.kept_because == ("An application of yours is open.",)


def test_all_that_is_kept_is_handed_out_to_its_owner(firm):
    told = export.about(firm)
    assert told["evidence"][0]["client"] == "خودروساز الف"
    assert told["capabilities"][0]["domestic_basis"] == "ارزش مواد"
    assert ("party", "1", "name_fa", told["party"]["name_fa"]) in set(export.about_rows(told))


# --- claims ---------------------------------------------------------------------------------------


def test_a_claim_waits_for_the_registrar_and_then_lets_keep(firm, person, registrar):
    who = person("claimant")
    by = as_actor(who)
    number = Party.objects.get(pk=firm).national_id
    with pytest.raises(Unfit):
        databank.claim(databank.ClaimDraft(number), by=by)
    draft = databank.ClaimDraft(number, "روزنامهٔ رسمی ۲۳۴۵۶")
    assert databank.claim(draft, by=by).outcome == "waits"
    with pytest.raises(rules.ClaimOpen):
        databank.claim(draft, by=by)
    with pytest.raises(Refused):
        databank.change_profile(firm, FIRM, by=by)
    [waiting] = desk.claims({"IR-15-1503"})
    with pytest.raises(Refused):
        databank.decide_claim(waiting.id, accept=True, by=by)
    databank.decide_claim(waiting.id, accept=True, by=registrar)
    databank.change_profile(firm, FIRM, by=as_actor(who))
    with pytest.raises(rules.ClaimDecided):
        databank.decide_claim(waiting.id, accept=False, by=registrar, reason="x")
    with pytest.raises(rules.KeptAlready):
        databank.claim(draft, by=by)


def test_a_claim_on_a_kept_profile_is_contested_and_takes_nothing_away(firm, keeper, person,
                                                                       registrar):  # fmt: skip
    number = Party.objects.get(pk=firm).national_id
    by = as_actor(person())
    assert databank.claim(databank.ClaimDraft(number, "نامه"), by=by).outcome == "contested"
    databank.change_profile(firm, FIRM, by=keeper)
    [waiting] = desk.claims(None)
    with pytest.raises(Unfit):
        databank.decide_claim(waiting.id, accept=False, by=registrar)
    databank.decide_claim(waiting.id, accept=False, by=registrar, reason="نماینده نیست")
    assert Claim.objects.get(pk=waiting.id).state == "refused"


def test_another_persons_profile_is_refused_outright(freelancer, person):
    number = Party.objects.get(pk=freelancer.party).national_id
    with pytest.raises(rules.ClaimOfAnother):
        databank.claim(databank.ClaimDraft(number), by=as_actor(person()))
    assert Claim.objects.count() == 0


def test_an_unregistered_firm_is_shown_only_once_its_claim_is_accepted(land, person, registrar):
    from payvand.kernel.ids import make_company_id

    number = make_company_id("1412345678")
    by = as_actor(person())
    with pytest.raises(Unfit):
        databank.claim(databank.ClaimDraft(number, "روزنامه"), by=by)
    draft = databank.ClaimDraft(number, "روزنامه", name_fa="کاوش تازه", place="IR-15-1502")
    party = databank.claim(draft, by=by).party
    assert read.page(read.Filters()).lines == []
    [waiting] = desk.claims({"IR-15-1502"})
    databank.decide_claim(waiting.id, accept=True, by=registrar)
    assert [line.id for line in read.page(read.Filters()).lines] == [party]


# --- merging --------------------------------------------------------------------------------------


@pytest.fixture
def twin(land):
    """The same firm, entered once more without its national id."""
    row = databank.RowDraft(
        "1", name_fa="شرکت دوقلوی نمونه",
        profile=databank.ProfileDraft("company", places=("IR-15-1503",)),
        entries=[databank.EvidenceDraft("delivery", "تحویل توربین")],
    )  # fmt: skip
    return databank.load_firms([row], by=ROOT, source="test")[0]


def test_what_points_at_a_merged_party_follows_and_an_undo_restores(firm, twin, person, registrar):
    who = person()
    registry.seat(registry.SeatDraft(who.id, twin, "signatory", TODAY), by=ROOT)
    before = [
        sorted(str(row) for row in model.objects.values_list()) for model in read.MODELS.values()
    ]
    done = databank.merge(firm, twin, by=registrar, reason="یک نشانی")
    assert databank.kept_of(twin) == firm
    assert {e.text_fa for e in read.full(twin).evidence} == {MADE.text_fa, "تحویل توربین"}
    assert [line.id for line in read.page(read.Filters()).lines] == [firm]
    assert registry.may_act_for(as_actor(who), firm)
    assert {t.party for t in databank.everything("evidence")} == {firm}
    databank.undo_merge(done, by=registrar)
    assert not Alias.objects.exists()
    assert {e.text_fa for e in read.full(twin).evidence} == {"تحویل توربین"}
    assert {line.id for line in read.page(read.Filters()).lines} == {firm, twin}
    assert not registry.may_act_for(as_actor(who), firm)
    after = [
        sorted(str(row) for row in model.objects.values_list()) for model in read.MODELS.values()
    ]
    assert after == before
    with pytest.raises(rules.MergeUndone):
        databank.undo_merge(done, by=registrar)


def test_two_identifiers_are_never_merged_and_the_known_one_stays(firm, twin, company):
    with pytest.raises(rules.CannotMerge):
        databank.merge(firm, company(), by=ROOT, reason="x")
    with pytest.raises(rules.CannotMerge):
        databank.merge(twin, firm, by=ROOT, reason="x")
    with pytest.raises(rules.CannotMerge):
        databank.merge(firm, firm, by=ROOT, reason="x")


def test_a_suspected_pair_waits_for_a_person_and_is_not_raised_again(land):
    rows = [
        databank.RowDraft("1", name_fa=name, profile=databank.ProfileDraft("company"))
        for name in ("شرکت کاوشگران سهند", "کاوشگران سهند (سهامی خاص)", "ماشین‌سازی الوند")
    ]
    databank.load_firms(rows, by=ROOT, source="test")
    [pair] = desk.pairs(None)
    databank.keep_apart(pair.id, by=ROOT)
    assert databank.look_for_duplicates(by=ROOT) == 0
    assert Suspicion.objects.get().state == "different"


# --- the door for upper contexts ------------------------------------------------------------------


def test_an_index_reads_all_texts_then_only_what_changed(firm, twin, keeper):
    whole = list(databank.everything("evidence", limit=1))
    assert [item.party for item in whole] == [firm, twin]
    assert all(MADE.client not in item.fa + item.en for item in whole)
    mark = databank.changed().after
    assert databank.changed(mark).parties == []
    with clock.frozen(NOW + timedelta(minutes=1)):
        databank.put_entry(firm, CAST, by=keeper)
        told = databank.changed(mark)
    assert told.parties == [firm]
    texts = databank.texts_of(told.parties)[firm]
    assert [item.kind for item in texts] == ["contract", "capability", "capability"]


def test_a_hidden_party_falls_out_of_the_index(firm):
    databank.change_profile(firm, databank.ProfileDraft("company", is_shown=False), by=ROOT)
    assert databank.texts_of([firm]) == {firm: []}
    assert list(databank.everything("evidence")) == []


def test_upper_contexts_hear_of_changes_in_the_same_transaction(firm):
    heard = []
    tell = slots.evidence_changed.register(heard.append)
    try:
        databank.put_entry(firm, CAST, by=ROOT)
    finally:
        slots.evidence_changed.remove(tell)
    assert heard == [[firm]]


def test_facts_for_eligibility_leave_unknown_unknown(firm):
    databank.put_entry(firm, databank.CertificateDraft("ISO 9001", valid_to=TODAY), by=ROOT)
    late = databank.CertificateDraft("ISO 14001", valid_to=TODAY - timedelta(days=1))
    databank.put_entry(firm, late, by=ROOT)
    facts = databank.facts_of([firm])[firm]
    assert [paper.title for paper in facts.certificates] == ["ISO 9001"]
    assert facts.exports is None
    assert facts.domestic_percent == (80,)
    assert (facts.highest_readiness, facts.evidence) == (9, 1)
    assert facts.codes == {"isic:2431"}


def test_open_data_hold_no_person_client_export_or_contact(firm, freelancer):
    databank.consent(freelancer.party, shown=True, by=as_actor(freelancer))
    Party.objects.filter(pk=firm).update(email="a@b.ir")
    rows = list(export.open_rows(read.Filters()))
    assert [row[0] for row in rows] == [str(firm)]
    assert "خودروساز الف" not in str(rows)
    assert "a@b.ir" not in str(rows)


# --- groups ---------------------------------------------------------------------------------------


def test_a_cluster_moves_through_dated_states_and_is_late_after_its_term(firm):
    from payvand.registry.queries import groups

    databank.seed_group_states(ROOT)
    [pk] = databank.found_groups(
        [databank.GroupDraft("cluster", "خوشهٔ سنگ", place="IR-15", members=(firm, firm))], by=ROOT
    )
    databank.move_group(pk, "studied", by=ROOT, since=TODAY)
    with pytest.raises(rules.BadStep):
        databank.move_group(pk, "studied", by=ROOT, since=TODAY)
    with clock.frozen(NOW + timedelta(days=250)):
        shown = groups.group(pk)
    assert shown.line.days_late == 10
    assert [step.state for step, _state in shown.steps] == ["identified", "studied"]
    assert [line.id for line in shown.members] == [firm]
    assert groups.counts(kind="cluster", province="IR-15")[:2] == (1, 0)
    databank.leave_group(pk, firm, by=ROOT)
    assert groups.group(pk).members == []


# --- import ---------------------------------------------------------------------------------------


def csv_file(*lines):
    head = "national_id,name,place,capability,evidence,evidence_date"
    return io.BytesIO("\n".join((head, *lines)).encode())


def test_an_import_keeps_good_rows_tells_bad_ones_and_does_no_harm_twice(land, registrar):
    from payvand.kernel.ids import make_company_id

    one, two, three = (make_company_id(f"141234500{n}") for n in range(3))
    wrong = one[:-1] + str((int(one[-1]) + 1) % 10)
    lines = (
        f"{one},شرکت سهند,خرم‌آباد,ریخته‌گری,ساخت ۲۰ قالب,1403-05-12",
        f"{one},شرکت سهند,خرم‌آباد,تراش‌کاری,ساخت ۳۰ قالب,1403-06-12",
        f"{wrong},شرکت نادرست,خرم‌آباد,,,",
        f"{one},نام دیگر,خرم‌آباد,,,",
        f"{two},=CMD(),بروجرد,<b>برش</b>,,",
        f"{three},شرکت تبریز,تبریز,,,",
        ",بی‌شناسه,خرم‌آباد,,,",
    )
    run = databank.import_firms(csv_file(*lines), by=registrar, filename="firms.csv")
    assert [row[1] for row in run.rows] == [
        "created", "updated", "refused", "refused", "created", "refused", "created",
    ]  # fmt: skip
    assert [row[0] for row in run.rows if row[1] == "refused"] == ["4", "5", "7"]
    assert all(row[4][0][2] for row in run.rows if row[1] == "refused")
    first = Party.objects.get(national_id=one)
    assert [c.title_fa for c in read.full(first.pk).capabilities] == ["ریخته‌گری", "تراش‌کاری"]
    before = Party.objects.count(), Evidence.objects.count()
    again = databank.import_firms(csv_file(*lines), by=registrar, filename="firms.csv")
    assert {row[1] for row in again.rows} == {"unchanged", "refused"}
    assert (Party.objects.count(), Evidence.objects.count()) == before
    assert again.digest == run.digest


def test_an_import_does_not_overwrite_what_somebody_keeps(firm, keeper):
    party = Party.objects.get(pk=firm)
    number, name = party.national_id, f"{party.name_fa} (سهامی خاص)"
    text = f"national_id,name,about,website\n{number},{name},جای‌گزین,https://a.example\n"
    databank.import_firms(io.BytesIO(text.encode()), by=ROOT, filename="x.csv")
    row = read.full(firm)
    assert row.row.about_fa == FIRM.about_fa
    assert row.row.website == "https://a.example"
    assert row.party.name_fa == party.name_fa


def test_the_report_of_an_import_names_no_person(person, land):
    party = Party.objects.get(pk=person().party)
    text = f"national_id,name,kind\n{party.national_id},{party.name_fa},freelancer\n"
    text += f"{party.national_id},زهرا نمونه,freelancer\n"
    run = databank.import_firms(io.BytesIO(text.encode()), by=ROOT, filename="x.csv")
    assert [row[1] for row in run.rows] == ["updated", "refused"]
    told = str(ImportRun.objects.get().rows)
    assert "زهرا" not in told
    assert party.name_fa not in told
    assert read.page(read.Filters()).lines == []


def test_an_import_costs_the_same_statements_whatever_its_size(land, django_assert_max_num_queries):
    settled()
    lines = [f",کاوشگران نمونهٔ {n},خرم‌آباد,ریخته‌گری {n},ساخت {n},1403-05-12" for n in range(600)]
    with django_assert_max_num_queries(90):
        databank.import_firms(csv_file(*lines), by=ROOT, filename="x.csv")
    assert Party.objects.filter(kind="company").count() == 600


# --- lists ----------------------------------------------------------------------------------------


def test_lists_go_page_by_page_through_everybody_once(land, django_assert_num_queries):
    rows = [
        databank.RowDraft("1", name_fa=f"فرم {n % 7}", profile=databank.ProfileDraft(
            "company", field="ict" if n % 2 else "food", places=("IR-15-1503",)),
            national_id=_company(n))
        for n in range(50)
    ]  # fmt: skip
    databank.load_firms(rows, by=ROOT, source="test")
    settled()
    read.page(read.Filters())
    seen, after = [], ""
    while True:
        with django_assert_num_queries(3):
            page = read.page(read.Filters(field="ict", province="IR-15"), after=after, limit=10)
        seen += [line.id for line in page.lines]
        after = page.after
        if not after:
            break
    assert len(seen) == len(set(seen)) == 25
    assert read.page(read.Filters(verified=True)).lines == []
    assert read.page(read.Filters(province="IR-03")).lines == []
    assert len(read.page(read.Filters(text="فرم ۳")).lines) == 7


def _company(n):
    from payvand.kernel.ids import make_company_id

    return make_company_id(f"14{n:08}")


def test_codes_are_suggested_by_number_and_by_words_of_either_language():
    assert suggest("2930")[0].code == "isic:2930"
    assert "hs:8708" in [code.code for code in suggest("قطعه‌هاي خودرو")]
    assert "hs:8482" in [code.code for code in suggest("bearing")]
    assert suggest("") == suggest("؟") == []
