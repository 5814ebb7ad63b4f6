"""What does foresight keep: what was learnt, every promise as it was made, where the days went?"""

from payvand.foresight.models.accounts import (
    CaseShare,
    CostRate,
    Counted,
    DelayDay,
    Scorecard,
    ScoreLine,
    ScoreVoice,
    Warned,
)
from payvand.foresight.models.promises import Learnt, Promise, Reading

__all__ = [
    "CaseShare",
    "CostRate",
    "Counted",
    "DelayDay",
    "Learnt",
    "Promise",
    "Reading",
    "ScoreLine",
    "ScoreVoice",
    "Scorecard",
    "Warned",
]
