"""How do the pages and the worker run, in one process or in two?"""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any

import click

log = logging.getLogger(__name__)
CHORES_EVERY_SECONDS = 3600
MINUTE = 60.0
LONGEST_REST_SECONDS = 60  # after errors


@click.command()
@click.option("--port", default=8000, show_default=True, help="Where to listen.")
@click.option("--host", default="127.0.0.1", show_default=True, help="On which address.")
@click.option("--threads", default=8, show_default=True, help="Requests served at once.")
@click.option("--no-worker", is_flag=True, help="Only pages; run `payvand worker` beside it.")
def serve(*, port: int, host: str, threads: int, no_worker: bool) -> None:
    """Serve the pages, with the worker in the same process."""
    from waitress.server import create_server

    from payvand.cli.told import PortTaken

    _prepare()
    collect_static()
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    try:
        server = create_server(application, host=host, port=port, threads=threads, **_trusted())
    except OSError as error:
        raise PortTaken(port=port, reason=error.strerror or str(error)) from error
    stop = threading.Event()
    worker_thread = threading.Thread(target=run_worker, args=(stop,), name="worker")
    signal.signal(signal.SIGTERM, _leave)
    if not no_worker:
        worker_thread.start()
    # A name such as localhost may stand for two addresses, and then for two sockets.
    port = getattr(server, "effective_port", port)
    click.echo(f"Payvand is ready: http://{host}:{port}")
    sys.stdout.flush()
    try:
        server.run()
    finally:
        stop.set()
        server.close()
        if worker_thread.ident is not None:
            worker_thread.join()


def _trusted() -> dict[str, Any]:
    """Return what the server believes of a proxy: that it ends TLS, where the settings say so.

    Otherwise the server takes X-Forwarded-Proto away, and every page leads to https for ever.
    """
    from django.conf import settings

    if settings.SECURE_PROXY_SSL_HEADER is None:
        return {}
    return {"trusted_proxy": "*", "trusted_proxy_headers": {"x-forwarded-proto"}}


@click.command()
@click.option("--once", is_flag=True, help="One round only.")
def worker(*, once: bool) -> None:
    """Sweep the terms and deliver what waits, round after round."""
    if once:
        from payvand.ledger import jobs

        done = jobs.run_once()
        click.echo(" ".join(f"{name}={count}" for name, count in done.items()))
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    click.echo("The worker runs.")
    run_worker(stop)


def run_worker(stop: threading.Event) -> None:
    """Work until `stop` is set; an error is written down and the next round tries again.

    Whatever a round has begun is one transaction, so that stopping at any moment is safe.
    """
    from django.conf import settings
    from django.db import close_old_connections, connection

    from payvand.ledger import jobs
    from payvand.plugins import slots

    failures, next_minute, next_chores = 0, 0.0, 0.0
    try:
        while not stop.is_set():
            close_old_connections()
            try:
                jobs.run_once()
                run_all(slots.round_work)
                if time.monotonic() >= next_minute:
                    next_minute = time.monotonic() + MINUTE
                    run_all(slots.minute_work)
                if time.monotonic() >= next_chores:
                    next_chores = time.monotonic() + CHORES_EVERY_SECONDS
                    run_all(slots.chores)
                failures = 0
            except Exception:  # the worker must outlive every fault of one round
                failures += 1
                log.exception("a round of the worker failed (%s in a row)", failures)
            rest = settings.PAYVAND_SWEEP_SECONDS * 2 ** min(failures, 6)
            stop.wait(min(rest, max(LONGEST_REST_SECONDS, settings.PAYVAND_SWEEP_SECONDS)))
    finally:
        connection.close()


def run_all(tasks: Iterable[Callable[[], object]]) -> None:
    """Do the work of every context; one that fails does not keep the others from theirs."""
    for chore in tasks:
        try:
            chore()
        except Exception:
            log.exception("the chore %s failed", getattr(chore, "__qualname__", chore))


def collect_static() -> None:
    """Collect and compress static files, unless nothing has changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    newest = 0.0
    for finder in get_finders():
        for path, storage in finder.list([]):
            newest = max(newest, Path(storage.path(path)).stat().st_mtime)
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.exists() and stamp.stat().st_mtime > newest:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.touch()


def _prepare() -> None:
    """Bring an embedded database up to date; a shared one is migrated on purpose only."""
    from django.core.management import call_command
    from django.db import connection

    from payvand.cli.commands import pending
    from payvand.cli.told import DatabaseNotReady

    lacking = pending()
    if not lacking:
        return
    if connection.vendor != "sqlite":
        raise DatabaseNotReady(reason=f"It is {len(lacking)} steps behind this version.")
    call_command("migrate", interactive=False, verbosity=0)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


COMMANDS = (serve, worker)
