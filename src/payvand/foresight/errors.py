"""What can go wrong with scorecards, and what to do then?"""

from __future__ import annotations

from payvand.kernel.errors import Conflict, gettext_noop


class ScorecardExists(Conflict):
    """There is a scorecard of these days; its figures are never drawn twice."""

    code = "foresight.scorecard_exists"
    what = gettext_noop("There is a scorecard of these days already.")
    why = gettext_noop("From {first} to {last} the figures were drawn; they are never changed.")
    now = gettext_noop("Choose another period, or read the one that exists.")


class HearingRuns(Conflict):
    """The agencies may still reply."""

    code = "foresight.hearing_runs"
    what = gettext_noop("This scorecard cannot be published yet.")
    why = gettext_noop("The agencies may reply until {until}.")
    now = gettext_noop("It is published by itself when the hearing is over.")
