"""Can an empty installation get its organisations, their duties and their connections?"""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from payvand.cli.main import main
from payvand.registry import models as r
from payvand.registry import public as registry
from tests import world as worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    yield worlds.build()
    registry.forget()


@pytest.fixture
def admin(client, world):
    client.force_login(r.User.objects.create_superuser("admin", password="a-long-password-1"))
    return client


def run(*words):
    done = CliRunner().invoke(main, ["registry", *words, "--json"])
    return done.exit_code, json.loads(done.stdout)


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_an_administrator_registers_an_organisation_and_gives_it_a_duty(admin, lang):
    at = f"/{lang}/administration/agencies/"
    assert f"{at}add/" in admin.get(at).content.decode()
    made = {"name_fa": "شهرداری نمونه", "name_en": "Sample town", "slug": "town-15",
            "place": "IR-15"}  # fmt: skip
    wrong = admin.post(f"{at}add/", made | {"slug": "دو کلمه", "national_id": "۱۲۳"})
    assert wrong.status_code == 422
    assert "شهرداری نمونه" in wrong.content.decode()
    page = admin.post(f"{at}add/", made, follow=True)
    town = registry.party_by_slug("town-15")
    assert f"{at}{town.id}/duty/" in page.content.decode()
    assert admin.post(f"{at}add/", made).status_code == 422  # the name is taken

    duty = f"{at}{town.id}/duty/"
    page = admin.get(duty).content.decode()
    assert ">municipality<" in page
    assert ">governor<" not in page  # an office is reported to, it is not asked
    assert admin.post(duty, {"role": "Town Hall", "place": "IR-15"}).status_code == 422
    admin.post(duty, {"role": "municipality", "place": "IR-15-1503"})
    day = date(2025, 11, 10)
    assert registry.debtor_for("municipality", "IR-15-1503", day) == town.id


def test_nobody_else_registers_organisations(client, world):
    client.force_login(r.User.objects.create(username="stranger"))
    at = f"/en/administration/agencies/{world.agencies['a0']}/duty/"
    assert client.get("/en/administration/agencies/add/").status_code == 403
    assert client.post(at, {"role": "x", "place": "IR"}).status_code == 403
    page = client.get(f"/en/administration/agencies/{world.agencies['a0']}/")
    assert page.status_code == 403


def test_the_command_registers_gives_duties_and_connects_at_each_level(world):
    code, told = run("agency", "town-15", "--fa", "شهرداری", "--en", "Town", "--place", "IR-15")
    assert (code, told["slug"]) == (0, "town-15")
    assert run("answers", "town-15", "municipality", "--place", "IR-15")[0] == 0
    org = registry.party_by_slug("town-15").id
    for words in (
        ("letter", "town@example.org"), ("letter", "/srv/letters/town"), ("inbox",),
        ("rest", "https://town.example.org/api", "--secret", "TOWN_SECRET"),
    ):  # fmt: skip
        assert run("connect", "town-15", *words)[0] == 0
        assert registry.connection_of(org).level == words[0]
    assert [one["slug"] for one in run("agencies", "Town")[1]] == ["town-15"]


@pytest.mark.parametrize(
    ("words", "code", "field"),
    [
        (("connect", "a0", "letter", "some folder"), "registry.unfit", "address"),
        (("connect", "a0", "rest", "https://a.example.org"), "registry.unfit", "secret_name"),
        (("connect", "nobody", "inbox"), "registry.no_organisation", None),
        (("answers", "a0", "Two Words"), "registry.unfit", "role"),
        (("agency", "a0", "--fa", "دو", "--en", "Two"), "registry.party_exists", None),
    ],
)
def test_what_cannot_be_is_refused_with_the_field(world, words, code, field):
    done = CliRunner().invoke(main, ["registry", *words])
    assert done.exit_code == 1
    assert done.stderr.startswith(code)
    assert field is None or field in done.stderr
