"""How is the demonstration started for measuring, in a folder of its own, and ended afterwards?"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

APPLICATIONS = 300  # enough for every state; pages show 50 rows at most
START_S, IDLE_S = 240, 20


@dataclass(frozen=True)
class Site:
    """A running demonstration."""

    address: str
    process: subprocess.Popen[str]
    folder: Path


def _payvand(folder: Path, *words: str) -> subprocess.Popen[str]:
    env = {k: v for k, v in os.environ.items() if k != "PAYVAND_DATABASE_URL"}
    env |= {"PAYVAND_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "payvand.conf.settings.demo"}
    code = "from payvand.cli.main import main; main()"
    return subprocess.Popen([sys.executable, "-c", code, *words], env=env, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip


@contextmanager
def running() -> Iterator[Site]:
    """Build a small demonstration, serve it with its worker, and end it."""
    folder = Path(tempfile.mkdtemp(prefix="payvand-bench-"))
    process = None
    try:
        built = _payvand(folder, "demo", "build", "--applications", str(APPLICATIONS))
        said, _ = built.communicate(timeout=START_S)
        if built.returncode:
            raise RuntimeError(f"demo build failed:\n{said[-3000:]}")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        process = _payvand(folder, "serve", "--port", str(port))
        address = f"http://127.0.0.1:{port}"
        _wait(process, address)
        yield Site(address, process, folder)
    finally:
        if process is not None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(process: subprocess.Popen[str], address: str) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"serve ended:\n{(process.stdout or sys.stdin).read()[-3000:]}")
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError("serve did not become ready")


def idle_mb() -> float:
    """Return the memory (RSS) of web and worker, after some pages and 20 quiet seconds."""
    import psutil

    with running() as site:
        for path in ("/fa/", "/en/", "/fa/services/", "/en/demo/"):
            with urllib.request.urlopen(site.address + path, timeout=60) as page:
                page.read()
        time.sleep(IDLE_S)
        one = psutil.Process(site.process.pid)
        held = [p.memory_info().rss for p in (one, *one.children(recursive=True))]
    return sum(held) / 1e6
