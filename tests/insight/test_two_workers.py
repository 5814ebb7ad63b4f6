"""Do two workers that count at the same time agree?"""

import threading

import pytest
from django.db import connection

from payvand.insight import actions
from payvand.insight.models import DailyTally, Progress
from payvand.kernel import clock
from payvand.registry import public as registry
from tests import world as worlds
from tests.insight.sample import NOW, owe

pytestmark = pytest.mark.django_db(transaction=True)


def everything():
    fields = [f.attname for f in DailyTally._meta.fields if f.name != "id"]
    return sorted(DailyTally.objects.values_list(*fields), key=str)


def test_two_workers_at_once_take_turns_and_count_the_same(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer; two at once are tested on PostgreSQL")
    monkeypatch.setattr(actions, "CASES", 5)
    monkeypatch.setattr(actions, "DAYS", 2)
    failures = []

    def work():
        try:
            actions.roll_up()
        except Exception as error:  # noqa: BLE001 - shown below
            failures.append(error)
        finally:
            connection.close()

    with clock.frozen(NOW):
        world = worlds.build()
        for n in range(40):
            owe(world, f"a{n % 3}", sent=n % 7, due=5 + n % 4, closed=6, state="answered")
        workers = [threading.Thread(target=work) for _ in range(3)]
        for one in workers:
            one.start()
        for one in workers:
            one.join(60)
        assert failures == []
        assert Progress.objects.get().waiting == []
        before = everything()
        actions.roll_up(everything=True)
        assert everything() == before
    registry.forget()
