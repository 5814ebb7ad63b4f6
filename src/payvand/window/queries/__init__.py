"""What can be read of the window: services, drafts, cases, the tracking page, the owner's desk?"""

from payvand.window.queries.administration import installed, league, owners
from payvand.window.queries.cases import (
    applicants_of,
    application,
    by_code,
    cases_of,
    draft,
    drafts_of,
    file_of,
    is_on_desk,
    licence,
    licence_by,
    public_lines,
    waiting_for,
)
from payvand.window.queries.catalogue import (
    compiled,
    current_version,
    find_services,
    longest_terms,
    service_page,
)
from payvand.window.queries.office import dossier, of_office, owners_of, to_decide
from payvand.window.queries.overview import overview
from payvand.window.queries.tracking import Tracking, tracking

__all__ = [
    "Tracking",
    "applicants_of",
    "application",
    "by_code",
    "cases_of",
    "compiled",
    "current_version",
    "dossier",
    "draft",
    "drafts_of",
    "file_of",
    "find_services",
    "installed",
    "is_on_desk",
    "league",
    "licence",
    "licence_by",
    "longest_terms",
    "of_office",
    "overview",
    "owners",
    "owners_of",
    "public_lines",
    "service_page",
    "to_decide",
    "tracking",
    "waiting_for",
]
