"""What lies on whose desk, in which order, and what is to be known about one obligation?"""

from payvand.ledger.queries.desks import (
    Filters,
    addressed_to,
    count_desk,
    count_inbox,
    count_notices,
    desk,
    inbox,
    notices,
    resolutions,
    services_of,
)
from payvand.ledger.queries.operations import Beat, dead_letters, pulse
from payvand.ledger.queries.rows import Page, Row, state_of
from payvand.ledger.queries.single import (
    Detail,
    applicant,
    applicant_of,
    as_owed,
    by_ids,
    common_spec,
    detail,
    page_elsewhere,
    page_of,
    recently_opened,
    shown_fields,
)

__all__ = [
    "Beat",
    "Detail",
    "Filters",
    "Page",
    "Row",
    "addressed_to",
    "applicant",
    "applicant_of",
    "as_owed",
    "by_ids",
    "common_spec",
    "count_desk",
    "count_inbox",
    "count_notices",
    "dead_letters",
    "desk",
    "detail",
    "inbox",
    "notices",
    "page_elsewhere",
    "page_of",
    "pulse",
    "recently_opened",
    "resolutions",
    "services_of",
    "shown_fields",
    "state_of",
]
