"""What is seen happening as the demo's clock moves on?"""

from datetime import timedelta

import pytest

from payvand.audit import public as audit
from payvand.demo import clock as demo_clock
from payvand.demo import simulator
from payvand.kernel import clock
from payvand.ledger.models import Obligation
from payvand.window.models import Application
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db


def test_the_clock_moves_on_and_never_back(running):
    assert clock.now() == NOW
    demo_clock.move_to(NOW + timedelta(days=2))
    assert clock.now() == NOW + timedelta(days=2)
    demo_clock.move_to(NOW + timedelta(days=1))
    assert clock.now() == NOW + timedelta(days=2)


def test_offices_answer_at_their_moment_and_delays_are_reported(running):
    reports = Obligation.objects.filter(kind="acknowledgement")
    before, answered = reports.count(), Obligation.objects.filter(state="answered").count()
    done = simulator.advance(NOW + timedelta(days=12))
    assert done["answered"] > 0
    assert Obligation.objects.filter(state="answered").count() >= answered + done["answered"]
    assert reports.count() > before
    assert reports.filter(sent_at__gt=NOW, state="answered").exists()
    assert Application.objects.filter(submitted_at__gt=NOW).count() == done["filed"] > 5
    assert audit.verify().ok


def test_the_history_and_the_simulator_agree_on_when_an_answer_is_due(running):
    """Nothing that was still open when the history ended comes all at once in the first hour."""
    done = simulator.Simulator().step()
    assert done["answered"] == 0
    assert done["opened"] == 0


def test_to_the_next_report_stops_where_one_was_made(running):
    before = Obligation.objects.filter(kind="acknowledgement").count()
    done = simulator.advance_to_report()
    assert done["sweep.rung"] > 0
    assert Obligation.objects.filter(kind="acknowledgement").count() > before
    assert clock.now() < NOW + timedelta(days=15)


@pytest.mark.parametrize(("text", "days"), [("3d", 3), ("1wd", 1), ("7wh", 1)])
def test_spans_are_read_as_terms_are(running, text, days):
    assert timedelta(hours=1) < simulator.target(text) - NOW <= timedelta(days=days)
