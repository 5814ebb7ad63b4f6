"""What do the tests of the registry start from: two provinces, a few agencies, some accounts."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from payvand.kernel import clock
from payvand.kernel.ids import make_company_id, make_national_id
from payvand.registry import public as registry
from payvand.registry import versions
from payvand.registry.models import User

NOW = datetime(2025, 11, 9, 8, tzinfo=UTC)  # Sunday 18 Aban 1404, 11:30 in Tehran
TODAY = date(2025, 11, 9)
ROOT = registry.system("test")


@pytest.fixture(autouse=True)
def _still_clock_and_empty_caches():
    registry.forget()
    with clock.frozen(NOW):
        yield
    registry.forget()


@pytest.fixture
def land(db):
    """A country, two provinces and three counties."""
    rows = [
        ("IR", None, "country", "ایران", "Iran"),
        ("IR-15", "IR", "province", "لرستان", "Lorestan"),
        ("IR-03", "IR", "province", "آذربایجان شرقی", "East Azerbaijan"),
        ("IR-15-1503", "IR-15", "county", "خرم‌آباد", "Khorramabad"),
        ("IR-15-1502", "IR-15", "county", "بروجرد", "Borujerd"),
        ("IR-03-303", "IR-03", "county", "تبریز", "Tabriz"),
    ]
    registry.add_places([registry.PlaceDraft(*row, source="test") for row in rows], by=ROOT)


@pytest.fixture
def agency(land):
    """Make an agency at a place."""

    def make(slug, place="IR-15", **more):
        draft = registry.PartyDraft(
            kind="agency", slug=slug, name_fa=f"دستگاه {slug}", name_en=slug, place=place, **more
        )
        return registry.register_party(draft, by=ROOT)

    return make


@pytest.fixture
def person(db):
    """Make a natural person with an account; numbers are synthetic."""
    made = iter(range(1, 1000))

    def make(name=None, **more):
        number = next(made)
        party = registry.register_party(
            registry.PartyDraft(
                kind="person",
                name_fa=f"متقاضی {number}",
                national_id=make_national_id(f"{123450 + number:09}"),
            ),
            by=ROOT,
        )
        pk = registry.open_account(name or f"user{number}", by=ROOT, party_id=party, **more)
        return SimpleNamespace(id=pk, party=party, user=User.objects.get(pk=pk))

    return make


@pytest.fixture
def company(land):
    """Make a company; the number is synthetic."""
    made = iter(range(1, 1000))

    def make(place="IR-15-1503"):
        number = next(made)
        return registry.register_party(
            registry.PartyDraft(
                kind="company",
                name_fa=f"شرکت نمونهٔ {number}",
                national_id=make_company_id(f"{1400000000 + 7919 * number}"),
                place=place,
            ),
            by=ROOT,
        )

    return make


@pytest.fixture
def office(land):
    """Make an office."""

    def make(role, **more):
        draft = registry.OfficeDraft(role=role, title_fa=role, title_en=role, **more)
        return registry.create_office(draft, by=ROOT)

    return make


def closure(scope="IR-15", day=TODAY, **more):
    """Return the draft of a one-day closure."""
    told = {"title_fa": "تعطیلی", "title_en": "Closure", "source": "test", "kind": "closure"}
    return registry.FactDraft(scope=scope, starts=day, ends=more.pop("ends", day), **told | more)


def settled():
    """Take what was written in this test as committed, so that what is read holds for a second."""
    versions._committed()
