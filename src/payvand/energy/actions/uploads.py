"""How is a large file handed over, and who reads it when, exactly once?

A request only stores and looks at the file; the worker reads it, some seconds in each of its
rounds. Whoever takes a file up holds it for two minutes and longer as it goes on; when a worker
dies, the next one begins the file again and does nothing twice. A file that was begun five times
and never came to its end is given up, in words.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from payvand.energy import access, sheets
from payvand.energy.actions.journal import record, stream_of
from payvand.energy.errors import FileUnfit, NotInstalled
from payvand.energy.models import Upload
from payvand.energy.models.uploads import DONE, OPEN, READING, REFUSED
from payvand.energy.rules.hours import ELECTRICITY
from payvand.kernel import clock
from payvand.kernel.errors import PayvandError, gettext_noop
from payvand.kernel.ids import uuid7
from payvand.registry import public as registry
from payvand.registry.public import Actor

log = logging.getLogger(__name__)
SUPPLY, READINGS, REGISTER, CONSUMERS = KINDS = ("supply", "readings", "register", "consumers")
MOST_MB = 200
HELD = timedelta(minutes=2)
MOST_TRIES = 5
SECONDS = 3.0  # of each round of the worker
KEPT = timedelta(days=30)  # reports
STRAY = timedelta(days=1)  # after which a file without a row is deleted


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as it came: what is in it, how its owner calls it, and its bytes."""

    kind: str
    name: str
    chunks: Iterable[bytes]


class Lost(Exception):
    """Another worker has taken the file up meanwhile."""


# --- handing over ------------------------------------------------------------------------------


def hand_over(area: str, file: Brought, *, by: Actor, carrier: str = ELECTRICITY) -> Upload:
    """Store a file for the worker; one that waits already is not stored again.

    Raises Refused, FileUnfit (too large, damaged, no table).
    """
    access.may_operate(by, area, carrier).or_raise()
    fresh = uuid7()
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{fresh}.part"
    try:
        digest, size = _store(path, file.chunks)
        suffix = sheets.kind_of(path)
        if suffix == ".parquet" and file.kind in (SUPPLY, CONSUMERS):
            raise FileUnfit(gettext_noop("A Parquet file holds readings or meters only."),
                            gettext_noop("Save it as XLSX or as CSV in UTF-8."))  # fmt: skip
        upload = Upload(
            id=fresh, carrier=carrier, area_id=area, kind=file.kind, name=file.name[-80:],
            suffix=suffix, digest=digest, size=size, at=clock.now(),
            by_user=by.user_id if by.kind == "user" else None,
        )  # fmt: skip
        path.replace(path_of(upload))
        return _keep(upload, by)
    finally:
        path.unlink(missing_ok=True)


def _store(path: Path, chunks: Iterable[bytes]) -> tuple[str, int]:
    """Write the bytes to the disk for good; returns their hash and their number."""
    hashed, size = hashlib.sha256(), 0
    with path.open("wb") as out:
        for chunk in chunks:
            size += len(chunk)
            if size > MOST_MB * sheets.MB:
                raise FileUnfit(gettext_noop("The file is larger than 200 MB."),
                                gettext_noop("Split it, or load it by the command line or REST;"
                                             " loading twice does no harm."))  # fmt: skip
            hashed.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return hashed.hexdigest(), size


def _keep(upload: Upload, by: Actor) -> Upload:
    """Write the row and one event; where the same file waits already, that one is meant."""
    same = Q(area=upload.area_id, carrier=upload.carrier, kind=upload.kind, digest=upload.digest,
             state__in=OPEN)  # fmt: skip
    try:
        with transaction.atomic():
            upload.save(force_insert=True)
            record(by, "file_handed_over", stream_of(upload.area_id), f"area:{upload.area_id}",
                   kind=upload.kind, bytes=upload.size, digest=upload.digest[:16])  # fmt: skip
    except IntegrityError:
        path_of(upload).unlink(missing_ok=True)
        return Upload.objects.get(same)
    except BaseException:
        path_of(upload).unlink(missing_ok=True)
        raise
    return upload


def path_of(upload: Upload) -> Path:
    """Return where the file of an upload lies until it is read."""
    return _folder() / f"{upload.pk}{upload.suffix}"


def _folder() -> Path:
    return Path(settings.PAYVAND_ENERGY_STORE) / "uploads"


# --- reading, by the worker --------------------------------------------------------------------


@dataclass
class Desk:
    """The file that one worker is at, between its rounds."""

    upload: Upload | None = None
    steps: Iterator[None] | None = None


END = object()  # of the steps
DESK = Desk()


def work(desk: Desk = DESK, *, seconds: float = SECONDS) -> int:
    """Read on for some seconds; returns how many files came to their end. One query when idle."""
    until, ended = time.monotonic() + seconds, 0
    while True:
        if desk.steps is None and not _take_up(desk):
            return ended
        ended += _step(desk)
        if time.monotonic() >= until:
            return ended


def _take_up(desk: Desk) -> bool:
    """Take up the oldest file that nobody holds; False where there is none."""
    from payvand.energy.actions.upload_steps import steps

    now = clock.now()
    free = Q(state__in=OPEN) & (Q(held_until=None) | Q(held_until__lt=now))
    for pk in Upload.objects.filter(free).order_by("at").values_list("pk", flat=True)[:5]:
        if Upload.objects.filter(free, pk=pk).update(
            state=READING, held_until=now + HELD, tries=F("tries") + 1
        ):
            upload = Upload.objects.get(pk=pk)
            if upload.tries > MOST_TRIES:
                _refuse(upload, _given_up())
                continue
            desk.upload, desk.steps = upload, steps(upload)
            return True
    return False


def _given_up() -> FileUnfit:
    return FileUnfit(gettext_noop("Reading it broke off several times."),
                     gettext_noop("Split it into smaller files and hand these over."))  # fmt: skip


def _step(desk: Desk) -> bool:
    """Do one step of the file at hand; True when it came to its end."""
    upload = desk.upload
    assert upload is not None  # noqa: S101 - for the type checker
    assert desk.steps is not None  # noqa: S101
    try:
        if next(desk.steps, END) is not END:
            return False
        _end(upload, DONE)
    except Lost:
        log.warning("the upload %s is read by another worker", upload.pk)
    except ImportError as error:
        _refuse(upload, NotInstalled(reason=str(error)))
    except PayvandError as error:
        _refuse(upload, error)
    except Exception:  # it is begun again once nobody holds it any more
        log.exception("reading the upload %s broke off", upload.pk)
    desk.upload = desk.steps = None
    return True


def progress(upload: Upload, stage: str, done: int, whole: int, **more: Any) -> None:
    """Note how far it has come, and hold the file a little longer. Raises Lost."""
    told = {"stage": stage, "done": done, "whole": max(whole, done if whole else 0), **more}
    for name, value in told.items():
        setattr(upload, name, value)
    if not _held(upload).update(held_until=clock.now() + HELD, **told):
        raise Lost


def _held(upload: Upload) -> Any:
    return Upload.objects.filter(pk=upload.pk, state=READING, tries=upload.tries)


def _end(upload: Upload, state: str, **more: Any) -> None:
    if _held(upload).update(state=state, ended_at=clock.now(), held_until=None, **more):
        path_of(upload).unlink(missing_ok=True)


def _refuse(upload: Upload, error: PayvandError) -> None:
    """Keep in words why the file could not be read."""
    facts = {name: value for name, value in error.facts.items() if isinstance(value, str | int)}
    told = {"code": error.code, "what": error.what, "why": error.why, "now": error.now}
    _end(upload, REFUSED, problem=told | {"facts": facts})


def person(upload: Upload) -> Actor:
    """Return on whose behalf the file is read: who handed it over, with what they may do today.

    Raises NotFound where the account was closed meanwhile.
    """
    if upload.by_user is None:
        return registry.system("energy")
    return registry.actor_of_account(upload.by_user)


def tidy() -> None:
    """Forget reports after a month, and files whose row was never written."""
    old = clock.now() - KEPT
    Upload.objects.filter(ended_at__lt=old).delete()
    if not _folder().exists():
        return
    known = {path_of(one) for one in Upload.objects.filter(state__in=OPEN)}
    for path in _folder().iterdir():
        with suppress(FileNotFoundError):
            if path not in known and time.time() - path.stat().st_mtime > STRAY.total_seconds():
                path.unlink()


def find(area: str, upload_id: UUID) -> Upload | None:
    """Return a file that was handed over for a province."""
    return Upload.objects.filter(pk=upload_id, area_id=area).first()


__all__ = ["CONSUMERS", "DESK", "KINDS", "READINGS", "REGISTER", "SUPPLY", "Brought",
           "Desk", "Lost", "find", "hand_over", "path_of", "person", "progress", "tidy",
           "work"]  # fmt: skip
