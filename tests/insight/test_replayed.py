"""Does a replayed log run through the same statistics as our own cases?"""

from datetime import date
from pathlib import Path

import pytest

from payvand.insight import actions, queries
from payvand.insight.queries import Scope
from payvand.insight.rules import periods
from payvand.registry import public as registry
from payvand.window.replay import actions as replay
from payvand.window.replay import source
from tests import world as worlds

pytestmark = pytest.mark.django_db
RECEIPTS = Path(__file__).resolve().parents[3] / "shared/data/logs/receipt_env_permit.csv.gz"


def test_the_real_permits_have_the_index_that_the_log_gives_them():
    if not RECEIPTS.exists():
        pytest.skip("the real log is not here: it is not part of the repository")
    worlds.build()
    mapping = source.mapping("environmental-permit")
    replay.write(replay.study(RECEIPTS, mapping, "receipt"), by=registry.system("tests"))
    actions.roll_up()
    whole = periods.of_days(date(2010, 1, 1), date(2025, 1, 1))
    found = queries.index(whole, Scope(service="replay-receipt"))
    # 1,329 ended, 377 of them late; the 105 that never ended are late by now.
    assert (found.counts.due, found.counts.on_time) == (1434, 1329 - 377)
    assert (found.counts.answered, found.counts.open_late) == (1329, 105)
    lines = queries.league(whole, service="replay-receipt")
    assert sum(line.index.counts.due for line in lines) == 1434
    assert queries.index(whole).counts.due == 0
    registry.forget()
