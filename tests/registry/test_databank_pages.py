"""Do the pages of the databank work in both languages, for those whom they concern only?"""

import io
import json

import click
import pytest
from django.test import Client

from payvand.registry import public as registry
from payvand.registry.models import (
    Capability,
    Claim,
    Evidence,
    Group,
    Keeper,
    Merge,
    Party,
    Position,
    Profile,
    Suspicion,
)
from payvand.registry.public import databank
from tests.registry.conftest import NOW, ROOT, TODAY, settled

LANGUAGES = ("fa", "en")


def client_of(person):
    client = Client()
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def bank(land, agency, person, company):
    """A firm with everything, its keeper, a stranger and a registrar."""
    databank.seed_group_states(ROOT)
    org = agency("databank-15")
    registry.set_debtor(databank.REGISTRAR_ROLE, "IR-15", org, by=ROOT)
    registrar, keeper, stranger = person("registrar"), person("keeper"), person("stranger")
    registry.seat(registry.SeatDraft(registrar.id, org, "clerk", TODAY), by=ROOT)
    firm = company()
    draft = databank.ProfileDraft("company", field="metal", about_fa="<ریخته‌گری>",
                                  about_en="Casting", places=("IR-15-1503",))  # fmt: skip
    databank.open_profile(firm, draft, by=ROOT)
    able = databank.CapabilityDraft("ریخته‌گری", "Casting", domestic_percent=80,
                                    domestic_basis="مواد", codes="isic:2431")  # fmt: skip
    databank.put_entry(firm, able, by=ROOT)
    work = databank.EvidenceDraft("contract", "ساخت دیسک", client="کارفرمای پنهان", dated=TODAY)
    databank.put_entry(firm, work, by=ROOT)
    databank.put_entry(firm, databank.CertificateDraft("ISO 9001"), by=ROOT)
    databank.put_entry(firm, databank.ProductDraft("دیسک ترمز"), by=ROOT)
    Keeper.objects.create(user_id=keeper.id, party_id=firm, since=NOW)
    group = databank.found_groups(
        [databank.GroupDraft("cluster", "خوشهٔ فلز", place="IR-15", members=(firm,))], by=ROOT
    )[0]
    found = type("Bank", (), {})()
    found.firm, found.group = firm, group
    found.registrar, found.keeper, found.stranger = registrar, keeper, stranger
    found.number = Party.objects.get(pk=firm).national_id
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everybody_sees_the_public_pages_and_no_hidden_client(bank, client, lang):
    settled()
    for path in ("databank/", f"databank/{bank.firm}/", "databank/groups/?kind=cluster",
                 f"databank/groups/{bank.group}/", "databank/codes/?find_code=2431",
                 "databank/?province=IR-15&field=metal&kind=company&q=نمونه",
                 "databank/?province=nowhere&field=x&kind=y&verified=1"):  # fmt: skip
        page = client.get(f"/{lang}/{path}")
        assert page.status_code == 200, path
        text = page.content.decode()
        assert "کارفرمای پنهان" not in text
        assert "<ریخته" not in text
    assert client.get(f"/{lang}/databank/?after=x~y").status_code == 404
    assert client.get(f"/{lang}/databank/mine/").status_code == 302
    assert client.get(f"/{lang}/databank/desk/").status_code == 302


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_keeper_keeps_the_profile_through_its_pages(bank, lang):
    mine = client_of(bank.keeper)
    base = f"/{lang}/databank/{bank.firm}"
    assert "کارفرمای پنهان" in mine.get(f"{base}/").content.decode()
    assert mine.get(f"/{lang}/databank/mine/").status_code == 200
    assert mine.get(f"{base}/edit/").status_code == 200
    told = {"kind": "company", "field": "metal", "about_fa": "تازه", "is_shown": "on",
            "place": "IR-15-1502", "languages": ["fa", "en"], "exports": "yes"}  # fmt: skip
    assert mine.post(f"{base}/edit/", told).status_code == 302
    assert Profile.objects.get(pk=bank.firm).about_fa == "تازه"
    wrong = mine.post(f"{base}/edit/", {**told, "website": "ftp://x"})
    assert wrong.status_code == 422
    for kind, entry in (
        ("capability", {"title_fa": "تراش", "readiness": "۸", "codes": "isic 2592"}),
        ("product", {"title_fa": "پوسته", "domestic_percent": "۹۰", "domestic_basis": "ارزش"}),
        ("certificate", {"title": "ISO 14001"}),
        ("evidence", {"kind": "delivery", "text_fa": "تحویل پوسته"}),
    ):
        assert mine.get(f"{base}/edit/{kind}/").status_code == 200
        assert mine.post(f"{base}/edit/{kind}/", {}).status_code == 422
        assert mine.post(f"{base}/edit/{kind}/", entry).status_code == 302
    row = Capability.objects.get(title_fa="تراش")
    assert (row.readiness, row.codes) == (8, "isic:2592")
    assert mine.get(f"{base}/edit/capability/{row.pk}/").status_code == 200
    bad = {"title_fa": "تراش", "codes": "nonsense", "domestic_percent": "150"}
    assert mine.post(f"{base}/edit/capability/{row.pk}/", bad).status_code == 422
    assert mine.post(f"{base}/edit/capability/{row.pk}/drop/").status_code == 302
    assert mine.post(f"{base}/confirm/").status_code == 302


def test_codes_can_be_found_and_ticked_without_a_script(bank):
    mine = client_of(bank.keeper)
    url = f"/fa/databank/{bank.firm}/edit/capability/"
    told = {"title_fa": "قطعه", "find_code": "خودرو", "lookup": "1"}
    page = mine.post(url, told)
    assert page.status_code == 200
    assert 'value="isic:2930"' in page.content.decode()
    assert mine.post(url, {"title_fa": "قطعه", "pick": ["isic:2930", "hs:8708"]}).status_code == 302
    assert Capability.objects.get(title_fa="قطعه").codes == "isic:2930 hs:8708"


def test_all_that_is_kept_can_be_taken_out_by_its_keeper_only(bank):
    mine = client_of(bank.keeper)
    told = json.loads(mine.get(f"/fa/databank/{bank.firm}/export.json").content)
    assert told["evidence"][0]["client"] == "کارفرمای پنهان"
    assert "ISO 9001" in mine.get(f"/fa/databank/{bank.firm}/export.csv").content.decode()
    other = client_of(bank.stranger)
    for path in ("edit/", "export.json", "edit/capability/", "person/"):
        assert other.get(f"/fa/databank/{bank.firm}/{path}").status_code == 403


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_claim_goes_to_the_desk_with_clear_words_and_is_decided_there(bank, lang):
    other, desk = client_of(bank.stranger), client_of(bank.registrar)
    url = f"/{lang}/databank/claim/"
    assert other.get(url).status_code == 200
    wrong = bank.number[:-1] + str((int(bank.number[-1]) + 1) % 10)
    assert other.post(url, {"national_id": wrong, "proof": "x"}).status_code == 422
    someone = Party.objects.get(pk=bank.keeper.party).national_id
    assert other.post(url, {"national_id": someone}).status_code == 422
    said = other.post(url, {"national_id": bank.number, "proof": "روزنامه"}, follow=True)
    claim = Claim.objects.get()
    assert claim.is_contested
    assert ("hears both" if lang == "en" else "هر دو طرف") in said.content.decode()
    assert client_of(bank.keeper).get(f"/{lang}/databank/desk/").status_code == 403
    page = f"/{lang}/databank/desk/claims/{claim.pk}/"
    assert desk.get(page).status_code == 200
    assert desk.post(page, {"step": "refuse"}).status_code == 422
    assert desk.post(page, {"step": "refuse", "reason": "سمت ثابت نشد"}).status_code == 302
    assert "سمت ثابت نشد" in other.get(f"/{lang}/databank/mine/").content.decode()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_twins_are_judged_side_by_side_and_a_merge_is_undone(bank, client, lang):
    desk = client_of(bank.registrar)
    name = Party.objects.get(pk=bank.firm).name_fa
    draft = databank.ProfileDraft("company", places=("IR-15-1503",))
    row = databank.RowDraft("1", name_fa=f"{name} (سهامی خاص)", profile=draft)
    twin = databank.load_firms([row], by=ROOT, source="test")[0]
    pair = Suspicion.objects.get()
    page = f"/{lang}/databank/desk/pairs/{pair.pk}/"
    assert desk.get(page).status_code == 200
    gone = "left" if pair.right_id == bank.firm else "right"
    refused = desk.post(page, {"step": gone})
    assert refused.status_code == 422
    keep = "right" if gone == "left" else "left"
    assert desk.post(page, {"step": keep, "reason": "یک نشانی"}).status_code == 302
    moved = client.get(f"/{lang}/databank/{twin}/")
    assert (moved.status_code, moved.url) == (302, f"/{lang}/databank/{bank.firm}/")
    assert desk.get(f"/{lang}/databank/desk/").status_code == 200
    assert (
        desk.post(f"/{lang}/databank/desk/merges/{Merge.objects.get().pk}/undo/").status_code == 302
    )
    assert client.get(f"/{lang}/databank/{twin}/").status_code == 200
    assert desk.post(f"/{lang}/databank/desk/duplicates/").status_code == 302
    assert desk.post(page, {"step": "apart"}).status_code == 302


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_is_imported_and_reported_row_by_row(bank, lang):
    desk = client_of(bank.registrar)
    url = f"/{lang}/databank/desk/import/"
    assert desk.get(url).status_code == 200
    empty = desk.get(f"{url}template.csv")
    heading = empty.content.decode().lstrip("\ufeff")
    again = io.BytesIO((heading + "x," * 3).encode())
    again.name = "x.csv"
    text = "name,place,about\nکاوشگران سهند,خرم‌آباد,=1+1\nبی‌جا,Atlantis,\n".encode()
    file = io.BytesIO(text)
    file.name = "firms.csv"
    done = desk.post(url, {"file": file})
    assert done.status_code == 302
    report = desk.get(done.url).content.decode()
    assert "Atlantis" in report
    assert "کاوشگران سهند" in report
    assert desk.get(f"{done.url}?show=refused").status_code == 200
    assert desk.get(f"{done.url}?from=x").status_code == 200
    out = desk.get(f"{done.url}report.csv").content.decode()
    assert ",=1" not in out
    broken = io.BytesIO(b"PK\x03\x04 nothing")
    broken.name = "firms.xlsx"
    refused = desk.post(url, {"file": broken})
    assert refused.status_code == 422
    assert ("damaged" if lang == "en" else "آسیب") in refused.content.decode()
    assert client_of(bank.stranger).get(url).status_code == 403


def test_an_empty_template_is_understood_when_it_comes_back(bank):
    from payvand.registry.rules.import_columns import COLUMNS, column

    for lang in LANGUAGES:
        page = client_of(bank.registrar).get(f"/{lang}/databank/desk/import/template.csv")
        names = page.content.decode().lstrip("\ufeff").strip().split(",")
        assert [column(name) for name in names] == list(COLUMNS)


def test_a_person_is_named_agrees_and_is_erased(bank):
    firm, person = client_of(bank.keeper), client_of(bank.stranger)
    number = Party.objects.get(pk=bank.stranger.party).national_id
    url = f"/fa/databank/{bank.firm}/person/"
    assert firm.get(url).status_code == 200
    assert firm.post(url, {"national_id": "1", "kind": "expert"}).status_code == 422
    assert firm.post(url, {"national_id": number, "kind": "expert"}).status_code == 302
    row = Position.objects.get()
    name = Party.objects.get(pk=bank.stranger.party).name_fa
    assert name not in Client().get(f"/fa/databank/{bank.firm}/").content.decode()
    person.post("/fa/databank/claim/", {"national_id": number})
    assert (
        person.post(f"/fa/databank/{bank.stranger.party}/consent/", {"shown": "1"}).status_code
        == 302
    )
    assert person.post(f"/fa/databank/positions/{row.pk}/", {"step": "show"}).status_code == 302
    assert name in Client().get(f"/fa/databank/{bank.firm}/").content.decode()
    assert person.get(f"/fa/databank/{bank.stranger.party}/erase/").status_code == 200
    assert person.post(f"/fa/databank/{bank.stranger.party}/erase/").status_code == 302
    assert name not in Client().get(f"/fa/databank/{bank.firm}/").content.decode()
    assert Client().get(f"/fa/databank/{bank.stranger.party}/").status_code == 404


def test_the_registrar_verifies_and_moves_a_cluster(bank):
    desk = client_of(bank.registrar)
    item = Evidence.objects.get()
    assert desk.post(f"/fa/databank/{bank.firm}/verify/profile/").status_code == 302
    assert desk.post(f"/fa/databank/{bank.firm}/verify/evidence/{item.pk}/").status_code == 302
    item.refresh_from_db()
    assert (item.standing, item.verified_role) == ("verified", "registrar")
    url = f"/fa/databank/groups/{bank.group}/state/"
    assert desk.get(url).status_code == 200
    told = {"state": "operating", "since_day": "18", "since_month": "8", "since_year": "1404"}
    assert desk.post(url, told).status_code == 302
    assert Group.objects.get().state == "operating"
    assert client_of(bank.stranger).get(url).status_code == 403


def test_open_data_are_csv_that_no_spreadsheet_runs(bank, client):
    Party.objects.filter(pk=bank.firm).update(name_en="=cmd()")
    page = client.get("/fa/databank/databank.csv")
    text = b"".join(page.streaming_content).decode()
    assert text.startswith("\ufeffid,name_fa")
    assert ",'=cmd()" in text
    assert "کارفرمای پنهان" not in text


def test_public_pages_cost_the_same_queries_whatever_the_bank(
    bank, client, django_assert_max_num_queries
):
    settled()
    client.get("/fa/databank/")
    client.get(f"/fa/databank/{bank.firm}/")
    with django_assert_max_num_queries(6):
        client.get("/fa/databank/")
    with django_assert_max_num_queries(14):
        client.get(f"/fa/databank/{bank.firm}/")


def test_firms_are_imported_from_the_command_line(land, tmp_path):
    from click.testing import CliRunner

    from payvand.registry.cli import register

    commands = click.Group()
    register(commands)
    file = tmp_path / "firms.csv"
    file.write_text("name,place\nکاوشگران سهند,خرم‌آباد\nبی‌جا,Atlantis\n", encoding="utf-8")
    done = CliRunner().invoke(commands, ["registry", "import", str(file), "--json"])
    assert done.exit_code == 1, done.output
    assert json.loads(done.stdout)["counts"]["created"] == 1
    told = CliRunner().invoke(commands, ["registry", "import", str(file)])
    assert "row 3" in told.output
    (tmp_path / "bad.xlsx").write_bytes(b"PK\x03\x04")
    assert (
        CliRunner().invoke(commands, ["registry", "import", str(tmp_path / "bad.xlsx")]).exit_code
        == 2
    )
    assert json.loads(
        CliRunner().invoke(commands, ["registry", "duplicates", "--json"]).stdout
    ) == {"new": 0}


def test_a_firms_own_entries_are_imported_from_the_command_line(bank, tmp_path):
    from click.testing import CliRunner

    from payvand.registry.cli import register

    commands, firm = click.Group(), Party.objects.get(pk=bank.firm)
    register(commands)
    file = tmp_path / "own.csv"
    file.write_text("capability,readiness\nتراش دقیق,8\nجوش,99\n", encoding="utf-8")
    asked = ["registry", "import", str(file), "--firm", firm.national_id]
    done = CliRunner().invoke(commands, [*asked, "--json"])
    assert (done.exit_code, json.loads(done.stdout)["counts"]["refused"]) == (1, 1), done.output
    assert firm.capabilities.filter(title_fa="تراش دقیق", standing="declared").count() == 1
    told = CliRunner().invoke(commands, asked).output
    assert "row 3 [refused]" in told
    assert firm.capabilities.filter(title_fa="تراش دقیق").count() == 1
    missing = CliRunner().invoke(commands, [*asked[:-1], "10000000000"])
    assert missing.exit_code == 1
    assert "no firm or person" in missing.output


def imported(desk, lang, text, name="firms.csv"):
    file = io.BytesIO(text.encode())
    file.name = name
    done = desk.post(f"/{lang}/databank/desk/import/", {"file": file})
    return desk.get(done.url).content.decode() if done.status_code == 302 else done.content.decode()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_id_that_belongs_to_another_firm_gives_it_nothing(bank, lang):
    number = Party.objects.get(pk=bank.firm).national_id
    before = Capability.objects.filter(party=bank.firm).count()
    head = "national_id,name,place,capability\n"
    report = imported(client_of(bank.registrar), lang,
                      f"{head}{number},کاوشگران سهند,خرم‌آباد,قالب‌سازی\n")  # fmt: skip
    assert Capability.objects.filter(party=bank.firm).count() == before
    assert Party.objects.get(pk=bank.firm).name_fa in report  # under which name it is registered
    own = Party.objects.get(pk=bank.firm).name_fa
    imported(client_of(bank.registrar), lang,
             f"{head}{number},شرکت {own} (سهامی خاص),خرم‌آباد,قالب‌سازی\n")  # fmt: skip
    assert Capability.objects.filter(party=bank.firm).count() == before + 1


def test_a_report_speaks_one_direction_and_tells_a_code_once(bank):
    desk = client_of(bank.registrar)
    text = ("national_id,name,place,capability,evidence,evidence_kind,evidence_date,codes\n"
            ",نخست,خرم‌آباد,تراش,کار,delivery,1403-13-40,foo\n"
            "x,دوم,خرم‌آباد,تراش,,,,\n")  # fmt: skip
    report = imported(desk, "fa", text)
    assert "\u20681403-13-40\u2069" in report  # typed text keeps its own direction
    assert report.count("\u2068foo\u2069") == 1
    broken = imported(desk, "fa", "[1]", "x.json")
    assert "۱" in broken


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_firm_takes_its_own_entries_in_from_a_file_and_nothing_else(bank, lang):
    page = client_of(bank.keeper)
    url = f"/{lang}/databank/{bank.firm}/import/"
    assert page.get(url).status_code == 200
    text = ("capability,readiness,product,certificate,evidence,evidence_kind,national_id,name\n"
            "تراش,8,پیچ,ISO 45001,تحویل پیچ,delivery,,نام دیگر\n"
            "فرز,12,,,,,,\n"
            "جوش,5,,,,,14009998887,\n"
            ",,,,,,,نام\n")  # fmt: skip

    def sent():
        file = io.BytesIO(text.encode())
        file.name = "own.csv"
        return page.post(url, {"file": file})

    counts = {m: m.objects.filter(party=bank.firm).count() for m in (Capability, Evidence)}
    name = Party.objects.get(pk=bank.firm).name_fa
    done = sent()
    report = page.get(done.url)
    assert report.status_code == 200
    assert "14009998887" in report.content.decode()
    for model, before in counts.items():
        assert model.objects.filter(party=bank.firm).count() == before + 1
    made = Capability.objects.get(title_fa="تراش")
    assert (made.readiness, made.standing) == (8, "declared")
    assert Party.objects.get(pk=bank.firm).name_fa == name
    page.get(sent().url)  # the same again
    assert Capability.objects.filter(title_fa="تراش").count() == 1
    assert client_of(bank.stranger).get(url).status_code == 403
    assert client_of(bank.stranger).get(done.url).status_code == 403
    nothing = io.BytesIO(b"weather\n1\n")
    nothing.name = "x.csv"
    assert page.post(url, {"file": nothing}).status_code == 422
    seen = page.get(f"/{lang}/databank/{bank.firm}/").content.decode()
    assert "ISO 45001" in seen
    own = page.get(f"/{lang}/databank/desk/import/template.csv?own=1").content.decode()
    assert ("توانمندی" if lang == "fa" else "capability") in own
