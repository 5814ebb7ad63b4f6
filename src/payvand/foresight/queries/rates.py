"""What was set about the cost of delay, and what are the cases of a service worth?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from payvand.foresight.models import CostRate
from payvand.foresight.rules.costs import Assumption, in_force, value_of
from payvand.window import public as window


def assumptions() -> list[Assumption]:
    """Return every setting, the oldest first. One query."""
    return [
        Assumption(
            row.service, row.since, row.percent_a_year, row.value_field, row.currency_field,
            row.exchange, row.flat_million_rial, row.note, row.set_by, row.office_id, row.pk,
        )
        for row in CostRate.objects.order_by("since", "pk")
    ]  # fmt: skip


def values_of(ids: Sequence[UUID], known: Sequence[Assumption], on: date) -> dict[UUID, int]:
    """Return what the cases are worth in million rials; one query per service with a value field.

    Only the named fields are read.
    """
    found: dict[UUID, int] = {}
    rows = window.Application.objects.filter(pk__in=ids)
    services = dict(rows.values_list("pk", "service_id")) if known else {}
    for service in sorted(set(services.values())):
        one = in_force(known, service, on)
        here = rows.filter(service_id=service)
        if one is None or not one.value_field:
            flat = one.flat_million_rial if one else 0
            found |= {key: flat for key, slug in services.items() if slug == service}
            continue
        names = [f"data__{one.value_field}"]
        names += [f"data__{one.currency_field}"] if one.currency_field else []
        cells: Any = here.values_list("pk", *names)
        found |= {row[0]: value_of(one, *row[1:])[0] for row in cells}
    return found
