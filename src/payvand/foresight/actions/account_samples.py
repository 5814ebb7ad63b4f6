"""What do the delay account, the scorecards and the warnings show in the sample country?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from payvand.foresight.actions import accounts, rates
from payvand.foresight.actions.rates import RateDraft
from payvand.kernel import clock
from payvand.plugins.slots import Sample
from payvand.registry import public as registry
from payvand.window import public as window

SINCE = date(2020, 3, 20)
NOTE = "رقم نمونه، برای نمایش · sample figure, for the demonstration"
RATES = (
    RateDraft("trade-clearance", SINCE, Decimal(23), "amount", "currency",
              {"usd": "600000", "eur": "650000", "aed": "163000", "cny": "83000"}, 50_000, NOTE),
    RateDraft("land-window", SINCE, Decimal(18), "price", "", {}, 20_000, NOTE),
)  # fmt: skip


def add(sample: Sample) -> None:
    """Add the samples: what a day costs, the account."""
    sample.tell("delay account")
    by = registry.system("sample")
    known = set(window.Service.objects.values_list("pk", flat=True))
    with clock.frozen(sample.now):
        for draft in RATES:
            if draft.service in known:
                rates.set_rate(draft, by=by)
        accounts.account(everything=True)
