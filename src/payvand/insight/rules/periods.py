"""Over which days is something measured? The kernel's periods, as this context measures by them."""

from payvand.kernel.periods import (
    KINDS,
    LONGEST_MONTHS,
    MONTH,
    QUARTER,
    RANGE,
    YEAR,
    Period,
    between,
    current,
    last_months,
    month_from,
    of_days,
    previous,
)

__all__ = [
    "KINDS",
    "LONGEST_MONTHS",
    "MONTH",
    "QUARTER",
    "RANGE",
    "YEAR",
    "Period",
    "between",
    "current",
    "last_months",
    "month_from",
    "of_days",
    "previous",
]
