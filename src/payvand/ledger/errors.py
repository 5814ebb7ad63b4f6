"""What can go wrong with an obligation, and what to do then?"""

from __future__ import annotations

from payvand.kernel.errors import Conflict, PayvandError, gettext_noop


class AlreadyAnswered(Conflict):
    """The obligation has its answer; a second one would hide the first."""

    code = "ledger.already_answered"
    what = gettext_noop("This inquiry was answered before.")
    why = gettext_noop("The first answer was recorded at {answered_at}.")
    now = gettext_noop("Correct it with a superseding answer and a reason.")


class NotOpen(Conflict):
    """The obligation is not open any more: cancelled or deemed."""

    code = "ledger.not_open"
    what = gettext_noop("This inquiry is not open any more.")
    why = gettext_noop("Its state is {state}.")
    now = gettext_noop("Reload the page to see what happened.")


class TooLateToCorrect(Conflict):
    """An answer is corrected until the decision, and not once its question was put again."""

    code = "ledger.too_late_to_correct"
    what = gettext_noop("This answer cannot be corrected any more.")
    why = gettext_noop("{reason}")
    now = gettext_noop("Write to the office that decides; it can take the case up again.")


class CompletionTooLate(Conflict):
    """A completion request comes once, early, and only for declared items."""

    code = "ledger.completion_refused"
    what = gettext_noop("The applicant cannot be asked to complete this now.")
    why = gettext_noop("{reason}")
    now = gettext_noop("Answer with what you have, or refuse with the number of the condition.")


class LinkUsed(PayvandError):
    """The single-use link was used or has expired."""

    code = "ledger.link_used"
    status = 410
    what = gettext_noop("This link has been used or has expired.")
    why = gettext_noop("A link opens one inquiry, once, until {expires_at}.")
    now = gettext_noop("Ask the sender for a new link, or answer by letter with the tracking code.")
