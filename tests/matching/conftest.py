"""What do the tests of the exchange start from: a small market, its firms findable in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from payvand.registry import public as registry
from tests.matching import exchange_world as worlds


@pytest.fixture
def market(db: None, monkeypatch: Any) -> Iterator[worlds.Market]:
    """A private buyer, an office, three firms; the clock stands still."""
    from payvand.matching import actions, queries
    from payvand.matching.engine.embedded import Embedded

    with worlds.still():
        made = worlds.build()
        place = Embedded(bridge=queries.bridge())
        monkeypatch.setattr(queries, "engine", lambda: place)
        actions.index_changed(made.firms)
        yield made
    registry.forget()
