"""How is everything that cannot be rebuilt put into one file, and brought back whole?

A backup is a tar file: `manifest.json` (what it holds, with SHA-256 of each part), the database,
the uploaded files, and the public keys of the log. The private key is not in it: who holds a backup
could sign with it. Keep it apart.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from payvand.audit import public as audit
from payvand.cli.told import BackupUnusable, RestoreFailed, ToolFailed, ToolMissing
from payvand.kernel import clock

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    made_at: str
    engine: str  # sqlite | postgresql
    rows: dict[str, int]  # table -> number of rows
    parts: dict[str, str]  # path in the tar -> SHA-256
    format: int = FORMAT


def backup(target: Path) -> Manifest:
    """Write a backup of the running installation; the file appears only when it is whole."""
    with tempfile.TemporaryDirectory(dir=_folder(target)) as folder:
        base = Path(folder)
        database = base / _database_name(connection.vendor)
        if connection.vendor == "sqlite":
            _copy_sqlite(Path(settings.DATABASES["default"]["NAME"]), database)
            rows = _rows_of_file(database)
        else:
            rows = _rows_here()
            _run("pg_dump", "--format=custom", f"--file={database}")
        parts = {database.name: database, **_files()}
        manifest = Manifest(
            clock.now().isoformat(),
            connection.vendor,
            rows,
            {name: _sha256(path) for name, path in parts.items()},
        )
        half = base / "backup.tar"
        with tarfile.open(half, "w") as tar:
            _add_text(tar, MANIFEST, json.dumps(asdict(manifest), indent=2, sort_keys=True))
            for name, path in parts.items():
                tar.add(path, arcname=name, recursive=False)
        half.chmod(0o600)
        half.replace(target)
    return manifest


def restore(source: Path, *, kept: Path) -> Manifest:
    """Bring a backup back in place of what is there, then verify that it is whole.

    kept: where a backup of what is there now is put first.
    Raises BackupUnusable before anything is changed, RestoreFailed after.
    """
    with tempfile.TemporaryDirectory(dir=_folder(kept)) as folder:
        base = Path(folder)
        manifest = _open(source, base)
        backup(kept)
        database = base / _database_name(manifest.engine)
        if manifest.engine == "sqlite":
            connection.close()
            _copy_sqlite(database, Path(settings.DATABASES["default"]["NAME"]))
        else:
            connection.close()
            words = ("--clean", "--if-exists", "--single-transaction", "--exit-on-error")
            name = connection.settings_dict["NAME"]
            _run("pg_restore", *words, f"--dbname={name}", str(database))
        _put_files(base, manifest)
    _verify(manifest, kept)
    return manifest


def _open(source: Path, base: Path) -> Manifest:
    """Unpack and check every part; nothing outside `base` is written."""
    try:
        with tarfile.open(source) as tar:
            tar.extractall(base, filter="data")
        told: dict[str, Any] = json.loads((base / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(**told)
    except tarfile.ReadError as error:
        reason = "It is no backup of Payvand, or it is cut off."
        raise BackupUnusable(file=source, reason=reason) from error
    except (OSError, tarfile.TarError, ValueError, TypeError) as error:
        raise BackupUnusable(file=source, reason=f"It cannot be read: {error}") from error
    if manifest.format != FORMAT:
        raise BackupUnusable(file=source, reason=f"Its format is {manifest.format}, not {FORMAT}.")
    if manifest.engine != connection.vendor:
        reason = f"It holds a {manifest.engine} database; this one is {connection.vendor}."
        raise BackupUnusable(file=source, reason=reason)
    for name, expected in manifest.parts.items():
        if ".." in Path(name).parts or Path(name).is_absolute():
            raise BackupUnusable(file=source, reason=f"The part {name} leads elsewhere.")
        if not (base / name).is_file() or _sha256(base / name) != expected:
            raise BackupUnusable(file=source, reason=f"The part {name} is damaged.")
    if _database_name(manifest.engine) not in manifest.parts:
        raise BackupUnusable(file=source, reason="It holds no database.")
    return manifest


def _verify(manifest: Manifest, kept: Path) -> None:
    """Compare what is there now with what was backed up, the hash chain included."""
    rows = _rows_here()
    other = [table for table, number in manifest.rows.items() if rows.get(table) != number]
    if other:
        raise RestoreFailed(kept=kept, reason=f"The number of rows differs in {', '.join(other)}.")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            answer = cursor.fetchone()[0]
        if answer != "ok":
            raise RestoreFailed(kept=kept, reason=f"SQLite says: {answer}")
    report = audit.verify()
    if report.first is not None:
        # It was so when the backup was made: the copy is whole, the log was changed before.
        raise RestoreFailed(kept=kept, reason=f"The log was changed: {report.first}")


def _copy_sqlite(source: Path, target: Path) -> None:
    """Copy with SQLite's own means, page by page, while others may go on writing."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _rows_of_file(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as copy:
        tables = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: copy.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - its own names
            for (name,) in tables
            if not name.startswith("sqlite_")
        }


def _rows_here() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608 - its own names
            found[name] = cursor.fetchone()[0]
    return found


def _run(tool: str, *words: str) -> None:
    """Run a program of PostgreSQL; the password goes through the environment, never the line."""
    program = shutil.which(tool)
    if program is None:
        raise ToolMissing(tool=tool)
    told = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    given = {name: str(told[key]) for name, key in names.items() if told[key]}
    env = {**os.environ, **given, "PGDATABASE": str(told["NAME"])}
    words = (program, "--no-password", *words)
    done = subprocess.run(words, check=False, env=env, capture_output=True, text=True)  # noqa: S603 - our words
    if done.returncode != 0:
        raise ToolFailed(tool=tool, reason=" ".join(done.stderr.split()))


def _files() -> dict[str, Path]:
    uploads, key = Path(settings.MEDIA_ROOT), Path(settings.PAYVAND_AUDIT_KEY)
    found = {f"uploads/{p.relative_to(uploads)}": p for p in uploads.rglob("*") if p.is_file()}
    return found | {f"keys/{p.name}": p for p in key.parent.glob(f"{key.stem}-*.pub")}


def _put_files(base: Path, manifest: Manifest) -> None:
    """Put uploads and public keys back; files that came later stay."""
    folders = {
        "uploads": Path(settings.MEDIA_ROOT),
        "keys": Path(settings.PAYVAND_AUDIT_KEY).parent,
    }
    for name in manifest.parts:
        kind, _, rest = name.partition("/")
        if kind in folders and rest:
            target = folders[kind] / rest
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(base / name, target)


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    data = text.encode()
    member = tarfile.TarInfo(name)
    member.size, member.mtime = len(data), int(datetime.now().timestamp())  # noqa: DTZ005 - seconds only
    tar.addfile(member, io.BytesIO(data))


def _database_name(engine: str) -> str:
    return "database.sqlite3" if engine == "sqlite" else "database.dump"


def _folder(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.parent


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return file_digest(source, "sha256").hexdigest()
