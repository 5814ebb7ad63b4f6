"""How long did one question take, by whose clock, and in whose hands is it now?

Office, applicant and law have clocks of their own; only the office's counts in reports.
Here a question stands alone: nothing is shared with others that were open at the same moment.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from payvand.foresight.rules.attribution import (
    NEVER,
    Branches,
    Calendars,
    Cases,
    Holds,
    Ints,
    attribute,
)
from payvand.foresight.rules.causes import AGENCY, CAUSES


def own_time(branches: Branches, holds: Holds, calendars: Calendars) -> Ints:
    """Return the seconds of each question by cause; a row sums to its end − start."""
    count = len(branches)
    ends = np.maximum(branches.end, branches.start)
    cases = Cases(branches.start, ends, branches.agency, branches.calendar,
                  np.full(count, NEVER))  # fmt: skip
    parts = attribute(cases, replace(branches, case=np.arange(count)), holds, calendars)
    found = np.zeros((count, len(CAUSES)), np.int64)
    np.add.at(found, (parts.case, parts.cause), parts.seconds)
    return found


def holders(branches: Branches, holds: Holds, calendars: Calendars) -> Ints:
    """Return in whose hands each question was in its last second: a cause."""
    last = replace(branches, start=np.maximum(branches.end - 1, branches.start))
    seconds = own_time(last, holds, calendars)
    return np.where(seconds.sum(axis=1) > 0, seconds.argmax(axis=1), AGENCY)
