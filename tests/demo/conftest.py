"""Which sample country do the tests look at? A small one, built once a file."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import override_settings

from payvand.demo import build
from payvand.demo import clock as demo_clock
from payvand.kernel import clock
from payvand.registry import public as registry
from payvand.window import compiled

NOW = datetime(2026, 5, 4, 7, 30, tzinfo=UTC)  # a Monday, 11:00 in Tehran
APPLICATIONS = 60


def forget() -> None:
    """Drop what the process keeps of a database that is replaced under it."""
    registry.forget()
    compiled.forget()


def make(applications: int = APPLICATIONS, *, is_whole: bool = True) -> None:
    """Build the sample country as of NOW."""
    forget()
    with clock.frozen(NOW):
        build.build(applications=applications, seed=7, is_whole=is_whole)


@pytest.fixture(scope="module")
def built(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """Build once for all tests of a file, in a transaction that is rolled back after them.

    A file that says WHOLE gets the databank and the samples of all contexts as well.
    """
    readings = override_settings(PAYVAND_ENERGY_STORE=tmp_path_factory.mktemp("readings"))
    with readings, django_db_blocker.unblock(), transaction.atomic():
        make(is_whole=getattr(request.module, "WHOLE", False))
        yield
        transaction.set_rollback(True)
    forget()


@pytest.fixture
def country(built, db):
    """Give the built sample country; what a test changes is undone."""
    forget()
    with clock.frozen(NOW):
        yield
    forget()


@pytest.fixture
def running(country, monkeypatch):
    """Let the demo's clock run from NOW, as it does under the demo settings."""
    monkeypatch.setattr(demo_clock, "machine_now", lambda: NOW)
    demo_clock.forget()
    demo_clock.start()
    yield
    demo_clock.forget()
