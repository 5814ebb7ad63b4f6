"""Does a case that is composed wait for the same answers as one that is really asked?"""

from datetime import date, time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payvand.foresight.queries import situations
from payvand.foresight.rules import composition
from payvand.foresight.rules.composition import Chances, Step
from payvand.foresight.rules.draws import GRID
from payvand.foresight.rules.network import DECISION
from payvand.foresight.rules.office_days import office_days
from payvand.kernel.calendar import CalendarRule, WorkCalendar
from payvand.window.rules import graph, packs
from tests import world as worlds

FIRST = date(2025, 1, 1)
ALWAYS = WorkCalendar.build(
    ["IR"],
    [CalendarRule(1, "IR", FIRST, None, None, "hours", time(0), time(23, 59))],
    first=FIRST, last=date(2028, 12, 31),
)  # fmt: skip
OFFICE = office_days(ALWAYS, FIRST)
ROWS = {"parcels": [{"n": 1}, {"n": 2}, {"n": 3}]}


def repeated() -> dict:
    """Return a service with a question for each row, one that needs it row by row, and a quota."""
    body = worlds.grid_pack(2, 3, ladder=False)
    for n in (0, 3):
        body["inquiries"][n]["for_each"] = "parcels"
    body["inquiries"][3]["needs"] = ["q00"]
    body["inquiries"][4] |= {"needs": [], "after": ["q00", "q01", "q02"], "join": {"at_least": 2}}
    body["inquiries"][5] |= {"needs": ["q01.number"], "after": ["q02"]}
    return body


SERVICES = {
    name: packs.compile(packs.load(text, name).pack) for name, text in packs.shipped().items()
}
SERVICES["repeated"] = packs.from_json(repeated())


def composed(service, plan, days, monkeypatch) -> dict[str, float]:
    monkeypatch.setattr(situations.window, "service_of", lambda _version: service)
    situations.network_of.cache_clear()
    net = situations.network_of(1, tuple(plan.active), tuple(plan.branches.items()))
    situations.network_of.cache_clear()
    tables = {key: np.full(GRID, days.get(key, 0.0), np.float32) for key in net.keys}
    steps = [Step(OFFICE, tables[key]) for key in net.keys]
    run = composition.run(net, steps, 0.0, Chances(1, 8, 0.0))
    return {key: float(run.end(n)[0]) for n, key in enumerate(net.keys)}


@pytest.mark.parametrize("name", sorted(SERVICES))
@settings(max_examples=15, deadline=None)
@given(st.data())
def test_the_composed_case_ends_when_the_graph_says(name, data):
    service = SERVICES[name]
    plan = graph.plan(service, ROWS, FIRST)
    days = {
        node: data.draw(st.floats(0.5, 30), label=node) for node in plan.active
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        found = composed(service, plan, days, patch)
    wanted = graph.earliest(service, plan, days)
    for node in plan.active:
        assert found[node] == pytest.approx(wanted[node][1], abs=0.02), node
    if service.decision:
        last = max(end for _start, end in wanted.values())
        assert found[DECISION] == pytest.approx(last, abs=0.02)
