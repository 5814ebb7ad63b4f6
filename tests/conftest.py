"""How does every test run start?

Chooses the database, sets Django up, keeps tests off the network, and offers a Chromium to those
marked `browser`.
"""

import os
import socket
import traceback
from collections.abc import Iterator
from typing import Any

import pytest

from scripts.compile_messages import compile_all
from tests import chromium, databases

SETTINGS = "payvand.conf.settings.test"
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


def set_up_django() -> str:
    """Set Django up before any other conftest imports a model; return what went wrong.

    Rules and kernel need no Django: their tests run even while settings or a model are broken.
    """
    databases.prepare()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django
    from django.conf import settings
    from django.utils.functional import empty

    try:
        django.setup()
    except Exception:  # noqa: BLE001 - whatever it is, it is shown at the end of the run
        settings._wrapped = empty  # so that pytest-django does not try again and stop the whole run
        return traceback.format_exc(limit=-3)
    return ""


if "PYTEST_XDIST_WORKER" not in os.environ:
    compile_all()
BROKEN_SETUP = set_up_django()


def pytest_configure(config: pytest.Config) -> None:
    """Let each parallel worker meet a broken set-up here, as the first process did."""
    if BROKEN_SETUP and getattr(config.option, "numprocesses", None):
        os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_report_header() -> str:
    """Say which database this run uses."""
    return f"payvand database: {databases.chosen()}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why Django did not start, if it did not."""
    if BROKEN_SETUP:
        terminalreporter.section("Django did not start; every test that needs it fails")
        terminalreporter.write_line(BROKEN_SETUP)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL keep only the tests that use the database; browser tests ran on SQLite."""
    if databases.chosen() != databases.POSTGRESQL:
        return
    kept = [
        item for item in items if uses_database(item) and not item.get_closest_marker("browser")
    ]
    dropped = [item for item in items if item not in set(kept)]
    items[:] = kept
    config.hook.pytest_deselected(items=dropped)


def uses_database(item: pytest.Item) -> bool:
    """True when the test carries the django_db mark or asks for a database fixture."""
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(fixtures & DATABASE_FIXTURES)


@pytest.fixture(autouse=True)
def _nothing_remembered(request: pytest.FixtureRequest) -> None:
    """Drop what the process keeps of the database of the test before."""
    if not BROKEN_SETUP and uses_database(request.node):
        from payvand.foresight.queries import blueprints, promises, situations
        from payvand.registry import public as registry
        from payvand.window import compiled

        for forget in (registry.forget, compiled.forget, promises.forget, blueprints.forget,
                       situations.network_of.cache_clear):  # fmt: skip
            forget()  # rows of another test had the same keys


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        local = self.family not in (socket.AF_INET, socket.AF_INET6) or is_loopback(str(address[0]))
        if not local:
            self.close()
            raise RuntimeError(f"a test tried to reach {address}: tests use no network")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def is_loopback(host: str) -> bool:
    """True for addresses of this machine."""
    return host in ("localhost", "::1", "0.0.0.0") or host.startswith("127.")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Give the session's Chromium (Playwright); skip, saying so, where there is none."""
    yield from chromium.start()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """Give a fresh page, 1360 px wide, in a context of its own."""
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    yield context.new_page()
    context.close()
