"""What does the matching keep?"""

from payvand.matching.models.exchange import (
    AnswerLine,
    Exchange,
    ExchangeStep,
    Feedback,
    Invitation,
    Milestone,
    Need,
    NeedAnswer,
    NeedChange,
    NeedQuestion,
    NeedRequirement,
    Resumption,
    Round,
    Subscription,
    Told,
)
from payvand.matching.models.fairs import FairEntry, FairMeeting, FairPlan
from payvand.matching.models.index import IndexedEvidence, IndexedWord
from payvand.matching.models.terms import Term

__all__ = [
    "AnswerLine",
    "Exchange",
    "ExchangeStep",
    "FairEntry",
    "FairMeeting",
    "FairPlan",
    "Feedback",
    "IndexedEvidence",
    "IndexedWord",
    "Invitation",
    "Milestone",
    "Need",
    "NeedAnswer",
    "NeedChange",
    "NeedQuestion",
    "NeedRequirement",
    "Resumption",
    "Round",
    "Subscription",
    "Term",
    "Told",
]
