"""How is it put on record that the operator looked at what points to one consumer?

Once a day for each account and kind of figure; the consumer can read it. The consumer's own looking
is its own affair.
"""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction

from payvand.energy import access
from payvand.energy.models import Asset
from payvand.kernel import clock
from payvand.ledger import public as ledger
from payvand.registry.public import Actor

LOAD, NAME = "load", "name"


@transaction.atomic
def look_at(asset: Asset, what: str, *, by: Actor, how: str = "opened") -> None:
    """Record that the operator saw the hours, or the name, of a consumer. Raises Refused.

    what: LOAD or NAME. how: opened or api.
    """
    access.may_see_asset(by, asset).or_raise()
    if access.speaks_for(by, asset.party_id):
        return
    work = ledger.Work(at=clock.now(), by=by.name())
    midnight = datetime.combine(clock.local_date(work.at), time(), clock.TEHRAN)
    seen = ledger.Disclosure.objects.filter(case_id=asset.pk, actor=work.by, at__gte=midnight)
    if [what] in seen.values_list("fields", flat=True):
        return
    work.heads = ledger.lock_heads({asset.pk})
    operator = access.operator_of(asset.area_id, asset.carrier)
    work.add("Disclosure", case_id=asset.pk, party_id=operator, actor=work.by, fields=[what],
             how=how, at=work.at)  # fmt: skip
    work.log(asset.pk, "energy.looked_at", f"asset:{asset.pk}", what=what)
    ledger.flush(work)
