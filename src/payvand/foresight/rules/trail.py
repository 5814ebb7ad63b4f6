"""What is a case as a process-mining tool sees it: objects, and steps in the order of time?

Only offices, never persons; no field of an application but what `Trail` names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from payvand.kernel.questions import key_of

# Transitions of the lifecycle extension of XES (IEEE 1849).
SCHEDULE, ASSIGN, START, SUSPEND, RESUME, COMPLETE, WITHDRAW, AUTOSKIP = (
    "schedule", "assign", "start", "suspend", "resume", "complete", "withdraw", "autoskip",
)  # fmt: skip
# The same steps as types of event in OCEL, where a type says all that happened.
EVENT_TYPES = {
    SCHEDULE: "ask", ASSIGN: "deliver", START: "open", SUSPEND: "stop the clock",
    RESUME: "run the clock", COMPLETE: "answer", WITHDRAW: "withdraw",
    AUTOSKIP: "settle by silence",
}  # fmt: skip
SUBMIT, LICENCE, REPORT, CORRECT, MOVE, OUTAGE = (
    "submit", "issue licence", "report delay", "correct", "move term", "outage",
)  # fmt: skip
SINGLE = (SUBMIT, LICENCE, REPORT, CORRECT, MOVE, OUTAGE)


@dataclass(frozen=True, slots=True)
class Question:
    """One obligation of a case."""

    id: str
    kind: str  # inquiry decision completion acknowledgement condition objection
    question: str  # key in the service
    agency: str  # who owes the answer; empty for applicants
    office: str  # the office addressed, if any
    term: str
    due: datetime | None
    outcome: str
    state: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened; `kind` is a transition or one of SINGLE."""

    at: datetime
    kind: str
    question: Question | None = None
    office: str = ""  # to which a delay was reported
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def activity(self) -> str:
        """The name of the activity: the question, or what was done to the case."""
        if self.question is None or self.kind == SUBMIT:
            return self.kind
        name = key_of(self.question.question)
        return f"{self.kind}: {name}" if self.kind in SINGLE else name

    @property
    def transition(self) -> str:
        """The transition of the activity's lifecycle."""
        return COMPLETE if self.kind in SINGLE else self.kind

    @property
    def event_type(self) -> str:
        """The type of the event in an object-centric log."""
        return self.kind if self.kind in SINGLE else EVENT_TYPES[self.kind]


@dataclass(frozen=True, slots=True)
class Trail:
    """One case with all that happened, in order."""

    id: str
    service: str
    version: str
    owner: str
    province: str
    state: str
    outcome: str
    submitted: datetime
    decided: datetime | None
    questions: tuple[Question, ...]
    steps: tuple[Step, ...]
