"""What may other contexts ask of the figures?"""

from payvand.insight.actions import RollUp, roll_up
from payvand.insight.queries import Line, Month, index, league, provinces, trend
from payvand.insight.rules.measures import Counts, Index
from payvand.insight.rules.periods import Period, between, current, last_months

__all__ = [
    "Counts",
    "Index",
    "Line",
    "Month",
    "Period",
    "RollUp",
    "between",
    "current",
    "index",
    "last_months",
    "league",
    "provinces",
    "roll_up",
    "trend",
]
