"""What does a request cost that opens a public need before 10,000 firms, and what the worker?

CPU seconds of this process, not time: a third of the firms holds the certificate that is asked for,
a third another one, of a third nothing is known.
"""

from __future__ import annotations

import json
import time
from datetime import date, timedelta
from typing import Any

from bench.core import Result, in_process
from bench.promises import result

FIRMS = 10_000
PAPERS = ("IATF 16949", "ISO 9001", "")


def _firms(by: Any) -> None:
    from payvand.kernel.ids import make_company_id
    from payvand.registry.public import databank

    def firm(n: int) -> databank.RowDraft:
        entries: list[databank.Entry] = [
            databank.CapabilityDraft(f"ساخت قطعهٔ {n}", f"Part {n}", readiness=1 + n % 9),
            databank.EvidenceDraft("delivery", f"تحویل {n} قطعه"),
        ]
        if PAPERS[n % 3]:
            entries.append(databank.CertificateDraft(PAPERS[n % 3], valid_to=date(2090, 1, 1)))
        return databank.RowDraft(
            str(n), national_id=make_company_id(f"14{n + 10**7:08}"), name_fa=f"شرکت نمونهٔ {n}",
            profile=databank.ProfileDraft("company", field="metal", places=("IR-15",)),
            entries=entries,
        )  # fmt: skip

    for first in range(0, FIRMS, 1000):
        databank.load_firms([firm(n) for n in range(first, first + 1000)], by=by, source="bench")


def task() -> dict[str, Any]:
    """Open a public need; return CPU of the request and of the worker, and who was told."""
    import django

    django.setup()
    from django.core.management import call_command

    from payvand.kernel import clock
    from payvand.matching.exchange import needs, rounds
    from payvand.matching.models import Need
    from payvand.matching.rules.needs import NeedDraft, RequirementDraft
    from payvand.plugins import slots
    from payvand.registry import public as registry

    call_command("migrate", verbosity=0)
    for follow in list(slots.evidence_changed):
        slots.evidence_changed.remove(follow)  # the index is measured elsewhere
    by = registry.system("bench")
    registry.add_places(
        [registry.PlaceDraft("IR", None, "country", "ایران", "Iran", "bench"),
         registry.PlaceDraft("IR-15", "IR", "province", "لرستان", "Lorestan", "bench")], by=by,
    )  # fmt: skip
    _firms(by)
    office = registry.register_party(
        registry.PartyDraft("agency", "بیمارستان", "Hospital", slug="hospital", place="IR-15"),
        by=by,
    )  # fmt: skip
    today = clock.local_date(clock.now())
    asked = [
        RequirementDraft("گواهی کیفیت", kind="certificate", value="IATF 16949"),
        RequirementDraft("آمادگی", kind="readiness", value="3", is_essential=False),
    ]
    draft = NeedDraft("قطعه", field="metal", requirements=asked,
                      answers_until=today + timedelta(days=30))  # fmt: skip
    key = needs.write(draft, by=by, buyer=office)
    needs.freeze(key, by=by)
    began = time.process_time()
    needs.open_(key, by=by)
    opened = time.process_time()
    rounds.carry_on(seconds=None)
    ended = time.process_time()
    row = Need.objects.get(pk=key)
    if (row.notified, row.sure) != (FIRMS - FIRMS // 3, FIRMS // 3 + 1):
        raise RuntimeError(f"told {row.notified}, sure {row.sure}")
    return {"request_ms": 1000 * (opened - began), "worker_s": ended - opened,
            "told": row.notified}  # fmt: skip


def opened(bench: Any) -> list[Result]:
    """Open a public need before 10,000 firms, on both databases."""
    found = []
    for kind, tail in (("sqlite", ""), ("postgresql", "_postgresql")):
        with bench.database(kind, "exchange") as url:
            told = in_process("open", url, module="bench.exchange")
            found += [result(f"matching.open_request_ms{tail}", told["request_ms"]),
                      result(f"matching.open_worker_s{tail}", told["worker_s"])]  # fmt: skip
    return found


if __name__ == "__main__":
    print(json.dumps(task()))
