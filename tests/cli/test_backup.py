"""Does a backup bring everything back, and does a bad one change nothing?"""

import io
import json
import tarfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.django_db

FILL = """
from uuid import UUID
from datetime import datetime, UTC, timedelta
from pathlib import Path
from django.conf import settings
from django.db import transaction
from payvand.audit import public as audit
with transaction.atomic():
    audit.append([audit.Entry(UUID(int=7), "test.done", "s")] * 3, by="system:test",
                 at=datetime(2025, 11, 9, tzinfo=UTC))
audit.sign_day(datetime(2025, 11, 10).date())
folder = Path(settings.MEDIA_ROOT) / "ab"
folder.mkdir(parents=True)
(folder / "plan.pdf").write_bytes(b"drawn")
"""
COUNT = "from payvand.audit.models import Event; print(Event.objects.count())"


@pytest.fixture
def filled(ready_house):
    """An installation with a log, a signed day and an uploaded file."""
    ready_house.python(FILL)
    return ready_house


def test_everything_comes_back_and_is_verified(filled):
    file = filled.folder / "safe" / "all.tar"
    made = filled.run("backup", str(file), "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["parts"] == 3  # database, file, public key
    assert file.stat().st_mode & 0o777 == 0o600

    upload = filled.folder / "var" / "uploads" / "ab" / "plan.pdf"
    upload.unlink()
    filled.python("from payvand.audit.models import Event; Event.objects.filter(seq=2).delete()")
    assert filled.run("audit", "verify").returncode == 1

    back = filled.run("restore", str(file), "--yes")
    assert back.returncode == 0, back.stderr
    assert "Restored and verified" in back.stdout
    assert filled.python(COUNT) == "3"
    assert upload.read_bytes() == b"drawn"
    assert filled.run("audit", "verify").returncode == 0
    assert len(list((filled.folder / "safe").glob("before-restore-*.tar"))) == 1


def test_a_backup_holds_no_private_key(filled):
    file = filled.folder / "all.tar"
    filled.run("backup", str(file))
    with tarfile.open(file) as tar:
        names = tar.getnames()
    assert any(name.endswith(".pub") for name in names)
    assert not any(name.endswith((".key", "secret")) for name in names)


def damaged(file: Path, change) -> None:
    """Write the backup again with some members changed."""
    with tarfile.open(file) as tar:
        parts = {m.name: tar.extractfile(m).read() for m in tar.getmembers()}
    change(parts)
    with tarfile.open(file, "w") as tar:
        for name, data in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))


def flip(parts):
    name = next(name for name in parts if name.startswith("database"))
    parts[name] = parts[name][:-1] + bytes([parts[name][-1] ^ 1])


def lead_elsewhere(parts):
    told = json.loads(parts["manifest.json"])
    told["parts"]["uploads/../../../out"] = "0"
    parts["manifest.json"] = json.dumps(told).encode()


def other_engine(parts):
    told = json.loads(parts["manifest.json"])
    told["engine"] = "oracle"
    parts["manifest.json"] = json.dumps(told).encode()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (flip, "is damaged"),
        (lead_elsewhere, "leads elsewhere"),
        (other_engine, "oracle"),
        (lambda parts: parts.pop("manifest.json"), "cannot be read"),
    ],
    ids=["flipped-bit", "path", "engine", "no-manifest"],
)
def test_a_bad_backup_is_refused_and_changes_nothing(filled, change, reason):
    file = filled.folder / "all.tar"
    filled.run("backup", str(file))
    damaged(file, change)
    filled.python("from payvand.audit.models import Event; Event.objects.filter(seq=3).delete()")
    back = filled.run("restore", str(file), "--yes")
    assert back.returncode == 1
    assert "cli.backup_unusable" in back.stderr
    assert reason in back.stderr
    assert filled.python(COUNT) == "2"
    assert not list(filled.folder.glob("before-restore-*"))


def test_a_backup_of_a_changed_log_says_so_when_it_comes_back(filled):
    file = filled.folder / "all.tar"
    filled.python("from payvand.audit.models import Event; Event.objects.filter(seq=2).delete()")
    filled.run("backup", str(file))
    back = filled.run("restore", str(file), "--yes")
    assert back.returncode == 1
    assert "cli.restore_failed" in back.stderr
    assert "event 2" in back.stderr


def test_a_program_that_is_missing_or_fails_is_told(filled):
    """Only PostgreSQL needs programs; on SQLite there is nothing to miss."""
    if "PAYVAND_DATABASE_URL" not in filled.env:
        pytest.skip("SQLite is copied by the library itself")
    path = filled.env["PATH"]
    filled.env["PATH"] = "/nonexistent"
    assert "cli.tool_missing" in filled.run("backup", str(filled.folder / "a.tar")).stderr
    tool = filled.folder / "pg_dump"
    tool.write_text("#!/bin/sh\necho no space left >&2\nexit 3\n")
    tool.chmod(0o755)
    filled.env["PATH"] = f"{filled.folder}:{path}"
    failed = filled.run("backup", str(filled.folder / "a.tar"))
    assert "cli.tool_failed" in failed.stderr
    assert "no space left" in failed.stderr
    assert not (filled.folder / "a.tar").exists()
