"""May a date be promised at all, and if not, what is the applicant told?

Nothing is promised from a history that cannot carry it: too few ended cases, too many still open,
or a curve that never comes to nine in ten. Then only the legal date is shown, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from payvand.foresight.rules.calibration import BAND, TARGET
from payvand.foresight.rules.survival import Curve
from payvand.kernel.errors import gettext_noop

LEAST_CLOSED = 30
LEAST_SHARE = 0.10

# What an applicant is told; {closed}, {started}, {least} and {percent} are filled from the facts.
REASONS = {
    "none_closed": gettext_noop(
        "No such application has been decided yet; from {least} on we can say how long it usually "
        "takes."
    ),
    "few_closed": gettext_noop(
        "Only {closed} such applications have been decided so far; from {least} on we can say how "
        "long it usually takes."
    ),
    "few_share": gettext_noop(
        "Of {started} such applications, {closed} have been decided; the others may take much "
        "longer, so we cannot give an honest date yet."
    ),
    "short_curve": gettext_noop(
        "More than one in ten such applications are still waiting for longer than we have been "
        "watching, so we cannot name a day by which nine in ten are ready."
    ),
}
WARNINGS = {
    "too_short": gettext_noop(
        "Lately only {percent}% were ready by the day we named, so this date leaves more time."
    ),
    "too_long": gettext_noop(
        "Lately {percent}% were ready by the day we named; yours may well be ready earlier."
    ),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a P90 may be shown; else the code of the reason, its English msgid and its facts."""

    ok: bool
    code: str = ""  # key of REASONS; empty when ok
    warning: str = ""  # key of WARNINGS; empty when past promises held as they should
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return the English msgid of the reason or of the warning; empty when there is neither."""
        return REASONS.get(self.code) or WARNINGS.get(self.warning, "")

    def __bool__(self) -> bool:
        return self.ok


def verdict(
    curve: Curve, started: int, closed: int, coverage: float | None = None, *,
    level: float = TARGET,
) -> Verdict:  # fmt: skip
    """Return whether a P90 may be promised from a history.

    curve: of all comparable cases (or of the composed promise). started, closed: comparable cases
    that began, and of them ended. coverage: share of past promises that held, as in
    `calibration.Level.coverage`; None when too few judged. level: where the curve is read.
    """
    facts: dict[str, Any] = {"started": started, "closed": closed, "least": LEAST_CLOSED}
    if closed < LEAST_CLOSED:
        return Verdict(False, "few_closed" if closed else "none_closed", facts=facts)
    if closed < LEAST_SHARE * started:
        return Verdict(False, "few_share", facts=facts)
    if curve.quantile(level) is None:
        return Verdict(False, "short_curve", facts=facts)
    if coverage is None or BAND[0] <= coverage <= BAND[1]:
        return Verdict(True, facts=facts)
    warning = "too_short" if coverage < BAND[0] else "too_long"
    return Verdict(True, warning=warning, facts=facts | {"percent": round(100 * coverage)})
