"""Does one process serve the pages and do the work, and stop when it is told to?"""

import gzip
import re
import signal
import socket
import threading
from http.client import HTTPConnection
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from payvand.cli import serving
from payvand.ledger import jobs
from payvand.plugins import slots


def get(address, **headers):
    try:
        return urlopen(Request(address, headers=headers), timeout=10)
    except HTTPError as error:
        return error


@pytest.mark.django_db
def test_one_command_serves_pages_and_compressed_files_and_stops(house):
    if "PAYVAND_DATABASE_URL" in house.env:  # a shared database is migrated on purpose
        refused = house.run("serve", "--port", "0")
        assert refused.returncode == 1
        assert "cli.database_not_ready" in refused.stderr
        assert house.run("migrate").returncode == 0
    process = house.start("serve", "--port", "0")
    try:
        line = process.stdout.readline()
        base = re.fullmatch(r"Payvand is ready: (http://127\.0\.0\.1:[0-9]+)\n", line)[1]
        assert get(f"{base}/healthz").status == 200
        page = get(f"{base}/fa/sign-in/").read().decode()
        assert "ورود" in page
        css = re.search(r'href="(/static/ui/ui[^"]*\.css)"', page)[1]
        packed = get(base + css, **{"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert b"{" in gzip.decompress(packed.read())
        assert get(f"{base}/fa/nothing/").status == 404
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=20)
        process.stdout.close()
    assert code == 0


@pytest.mark.django_db
@pytest.mark.parametrize("behind", ["0", "1"])
def test_pages_open_behind_a_proxy_that_ends_tls_and_only_there(ready_house, behind):
    ready_house.env |= {"DJANGO_SETTINGS_MODULE": "payvand.conf.settings.production",
                  "PAYVAND_SECRET_KEY": "k" * 60, "PAYVAND_HOSTS": "127.0.0.1",
                  "PAYVAND_BASE_URL": "https://127.0.0.1",
                  "PAYVAND_BEHIND_PROXY": behind}  # fmt: skip
    process = ready_house.start("serve", "--port", "0", "--no-worker")
    try:
        port = int(process.stdout.readline().rsplit(":", 1)[1])
        proxy = HTTPConnection("127.0.0.1", port, timeout=10)
        proxy.request("GET", "/en/sign-in/", headers={"X-Forwarded-Proto": "https"})
        answer = proxy.getresponse()
        answer.read()
        assert answer.status == (200 if behind == "1" else 301)
        proxy.request("GET", "/en/sign-in/")
        assert proxy.getresponse().status == 301
        proxy.close()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        process.stdout.close()


@pytest.mark.django_db
def test_a_port_in_use_is_told_with_the_way_on(ready_house):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = ready_house.run("serve", "--port", str(taken.getsockname()[1]), "--no-worker")
    assert answer.returncode == 1
    assert "cli.port_taken" in answer.stderr
    assert "--port 8001" in answer.stderr


@pytest.fixture
def rounds(monkeypatch, settings):
    """Let the worker run without rests on a plan of what each round does."""
    settings.PAYVAND_SWEEP_SECONDS = 0
    monkeypatch.setattr(serving, "run_all", lambda tasks: None)

    def plan(*steps):
        stop, waiting = threading.Event(), list(steps)

        def run_once():
            step = waiting.pop(0)
            if not waiting:
                stop.set()
            if step is not None:
                raise step

        monkeypatch.setattr(jobs, "run_once", run_once)
        # The connection of the test must stay open.
        monkeypatch.setattr("django.db.close_old_connections", lambda: None)
        thread = threading.Thread(target=serving.run_worker, args=(stop,))
        thread.start()
        thread.join(timeout=10)
        assert not thread.is_alive()
        return waiting

    return plan


def test_the_worker_outlives_the_faults_of_a_round(rounds, caplog):
    assert rounds(None, RuntimeError("once"), OSError("twice"), None) == []
    assert [r.getMessage() for r in caplog.records if r.name == serving.__name__] == [
        "a round of the worker failed (1 in a row)",
        "a round of the worker failed (2 in a row)",
    ]


def test_a_chore_that_fails_does_not_keep_the_others_from_theirs(monkeypatch, caplog):
    done = []

    def broken():
        raise RuntimeError

    slot = slots.Slot("test_chores", "For a test.")
    monkeypatch.setattr(slots, "chores", slot)
    slot.register(broken)
    slot.register(lambda: done.append(1))
    serving.run_all(slots.chores)
    del slots._slots["test_chores"]
    assert done == [1]
    assert "broken" in caplog.text


@pytest.mark.django_db
def test_one_round_says_what_it_did(run, monkeypatch):
    monkeypatch.setattr(jobs, "run_once", lambda: {"swept": 3, "delivered": 0})
    assert run("worker", "--once").output == "swept=3 delivered=0\n"
