"""Does the health address see a silent worker, and not blame an installation without one?"""

from datetime import timedelta

import pytest
from django.db import DatabaseError

from payvand.kernel import clock
from payvand.ledger import jobs
from payvand.ledger.models import Pulse
from payvand.web import views

pytestmark = pytest.mark.django_db


def test_where_no_worker_has_ever_run_that_is_told_and_is_no_fault(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["worker"] == "never"
    assert "payvand worker" in answer.json()["reason"]


def test_a_worker_that_runs_is_well_and_one_that_fell_silent_degrades(client):
    jobs.run_once()
    assert client.get("/healthz").json()["worker"] == "ok"
    Pulse.objects.filter(name="sweep").update(at=clock.now() - timedelta(hours=1))
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "degraded"
    assert answer.json()["reason"]
    assert client.get("/healthz/pages").status_code == 200


def test_jobs_of_the_calendar_are_no_workers(client):
    Pulse.objects.create(name="closure:1", at=clock.now() - timedelta(days=9), facts={"done": True})
    assert client.get("/healthz").json()["worker"] == "never"


@pytest.mark.parametrize("path", ["/healthz", "/healthz/pages"])
def test_without_a_database_both_say_so(client, monkeypatch, path):
    def broken():
        raise DatabaseError

    monkeypatch.setattr(views.connection, "cursor", broken)
    assert client.get(path).status_code == 503
    assert client.get(path).json()["status"] == "down"
