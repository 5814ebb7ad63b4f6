"""To whom can a day be charged? Names and numbers, without the arithmetic."""

STATUTORY, APPLICANT, OUTAGE, CALENDAR, OPERATOR, AGENCY, IDLE = range(7)
CAUSES = ("statutory", "applicant", "outage", "calendar", "operator", "agency", "idle")
ORDER = (STATUTORY, APPLICANT, OUTAGE, CALENDAR, OPERATOR, AGENCY)  # the first that holds
