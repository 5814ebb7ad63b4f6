"""Which database is meant by an address such as sqlite:///var/payvand.sqlite3?"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

# SQLite: how long the log of writes may grow (of 4 KB) before a commit itself must copy it back;
# the worker copies it after each round, so that nobody's step waits for that (ADR 0009)
LOG_PAGES = 32_000


def database(url: str | None, var: Path) -> dict[str, Any]:
    """Return Django's database settings for `sqlite:///path` or `postgresql://user:pw@host/name`.

    Without an address: SQLite in the var folder, write-ahead log, every commit synced to disk.
    """
    if url is None:
        var.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{var / 'payvand.sqlite3'}"
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]) or ":memory:",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                " PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;"
                f" PRAGMA wal_autocheckpoint={LOG_PAGES};",
            },
        }
    if parts.scheme in ("postgresql", "postgres"):
        host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": host,
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "OPTIONS": {"prepare_threshold": 3},
        }
    raise ValueError(f"Unknown database address scheme: {parts.scheme}")
