"""Which history do the tests of promises have? Decided cases of the grid service, set by set."""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from payvand.kernel.ids import uuid7
from payvand.ledger.models import Obligation
from payvand.window.models import Application
from tests import world as worlds

NOW = worlds.MONDAY
PLAN = {"active": [f"q{layer}{n}" for layer in range(2) for n in range(2)], "branches": {},
        "skipped": [], "undecided": []}  # fmt: skip


def pack() -> dict:
    """Return a service of four questions in two layers."""
    return worlds.grid_pack(2, 2, ladder=False)


def decided(world: worlds.World, count: int, *, days: float = 2.0, seed: int = 1) -> list[UUID]:
    """Write decided cases of the last months; each answer takes about so many days."""
    rng = Random(seed)
    cases, owed = [], []
    for n in range(count):
        sent = NOW - timedelta(days=30 + 120 * rng.random())
        case = Application(
            id=uuid7(sent), code=f"9{seed}{n:010}", version_id=world.version, service_id="grid",
            applicant_id=world.company, place_id="IR-15-1503", submitted_by="tests", data={},
            plan=PLAN, state="granted", submitted_at=sent, outcome="positive",
        )  # fmt: skip
        ends: dict[str, datetime] = {}
        for key in PLAN["active"]:
            start = max((end for k, end in ends.items() if k[1] < key[1]), default=sent)
            ends[key] = start + timedelta(days=days * rng.lognormvariate(0, 0.7))
            owed.append(_owed(world, case, key, f"a{key[2]}", start, ends[key]))
        asked = max(ends.values())
        case.decided_at = asked + timedelta(days=days * rng.lognormvariate(0, 0.7))
        owed.append(_owed(world, case, "decision", "owner", asked, case.decided_at))
        cases.append(case)
    Application.objects.bulk_create(cases)
    Obligation.objects.bulk_create(owed)
    return [case.pk for case in cases]


def _owed(world, case, key, agency, start, end) -> Obligation:
    kind = "decision" if key == "decision" else "inquiry"
    return Obligation(
        kind=kind, case_id=case.pk, case_code=case.code, service="grid", question=key,
        title={"fa": key, "en": key}, asker_id=world.agencies["owner"],
        debtor_id=world.agencies[agency], place_id="IR-15-1503", term="5wd", state="answered",
        sent_at=start, opened_at=start + (end - start) / 4, answered_at=end, outcome="positive",
    )  # fmt: skip
