"""Which files were handed over for a province of late?"""

from __future__ import annotations

from payvand.energy.models import Upload

SHOWN = 10


def recent(area: str, carrier: str) -> list[Upload]:
    """Return the files of the last weeks, the latest first. One query."""
    rows = Upload.objects.filter(area_id=area, carrier=carrier).order_by("-at")
    return list(rows.defer("report", "problem")[:SHOWN])
