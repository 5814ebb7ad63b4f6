"""Who is asked whether their profile in the databank is still true?

By day, once for each period, politely, with a link to a page where one click answers. Silence costs
nobody anything: the profile says since when it is unconfirmed, and the broker sees it.
"""

from __future__ import annotations

from django.db import transaction

from payvand.kernel import clock, jalali
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.registry.public import databank

HOURS = range(8, 20)  # of the day in which people are written to
PAGE = 500
MOST_PAGES = 40  # in one hour


def ask() -> int:
    """Ask everybody whose time has come; returns how many profiles. Set-based, page by page."""
    if clock.now().astimezone(clock.TEHRAN).hour not in HOURS:
        return 0
    asked = 0
    for _page in range(MOST_PAGES):
        found = _ask_page()
        asked += found
        if found < PAGE:
            break
    return asked


@transaction.atomic
def _ask_page() -> int:
    """Write the notices of one page and mark them as asked, together."""
    found = databank.mark_asked(by=registry.system("matching"), limit=PAGE)
    if not found:
        return 0
    work = ledger.Work(at=clock.now(), by="system:matching")
    names = registry.party_names(one.party for one in found)
    for one in found:
        day = {lang: jalali.format_date(one.due, lang) for lang in ("fa", "en")}
        told = {"case_id": one.party, "verb": "profile.confirm", "at": work.at,
                "args": {"day": day, "name": names.get(one.party, {})}}  # fmt: skip
        if one.hears:
            work.add("Notice", party_id=one.party, **told)
        for user in one.keepers:
            work.add("Notice", user_id=user, **told)
    ledger.flush(work)
    return len(found)
