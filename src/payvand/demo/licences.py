"""What becomes of a sample licence: issued, renewed, suspended and valid again, or revoked?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from payvand.audit.public import Entry
from payvand.demo.rules import chance
from payvand.demo.stage import Story
from payvand.kernel import clock
from payvand.kernel.ids import uuid7
from payvand.ledger import public as ledger
from payvand.window import public as window

SUSPENDED, REVOKED, RENEWED = 0.03, 0.025, 0.3  # shares of the licences
SUSPENDED_DAYS, REINSTATED_DAYS, REVOKED_DAYS = 30.0, 12.0, 50.0  # medians
RENEWED_BEFORE = timedelta(days=12)


def issue(story: Story, *, by_silence: bool) -> window.Licence | None:
    """Issue the licence; its number is given when all stories are known, in order of time."""
    application = window.Application(**story.row)
    liability = ledger.liabilities(
        (o.title, o.spec) for o in story.owed.values() if o.outcome == "deemed"
    )
    on = clock.local_date(story.work.at)
    licence = window.licence_for(application, on, by_silence=by_silence, liability=liability)
    if licence is None:
        return None
    licence.id = uuid7(story.work.at)
    facts: dict[str, Any] = {"number": "", "by_silence": by_silence}
    story.work.entries.append(
        Entry(story.case.id, "window.licence_issued", f"licence:{licence.id}", facts)
    )
    story.licences.append(licence)
    story.unnumbered.append((story.work.at, licence, facts))
    handed = window.hand_over_for(application, licence, story.work.at)
    if handed is not None:
        story.handed_over.append((handed, licence))
        story.note("window.handed_over", f"licence:{licence.id}", issuer=handed.issuer)
    _foresee(story, licence)
    return licence


def _foresee(story: Story, licence: window.Licence) -> None:
    """Put into the queue what will become of the licence."""
    luck = chance.patience(story.case.code, f"licence:{len(story.licences)}", 1.0)
    if luck.fate < SUSPENDED:
        story.later(story.work.at + timedelta(days=SUSPENDED_DAYS * luck.days), "suspend")
    elif luck.fate < SUSPENDED + REVOKED:
        story.later(story.work.at + timedelta(days=REVOKED_DAYS * luck.days), "revoke")
    elif licence.valid_to is not None and luck.fate < SUSPENDED + REVOKED + RENEWED:
        ahead = licence.valid_to - clock.local_date(story.work.at)
        story.later(story.work.at + ahead - RENEWED_BEFORE, "renew")


def suspend(story: Story) -> None:
    """The office suspends the licence; mostly it becomes valid again."""
    _change(story, "suspended", _reason(story, "suspend_reasons"))
    luck = chance.patience(story.case.code, "reinstated", REINSTATED_DAYS)
    if luck.fate < 0.7:
        story.later(story.work.at + timedelta(days=luck.days), "reinstate")


def reinstate(story: Story) -> None:
    """The cause is gone: the licence is valid again."""
    _change(story, "valid", "نقص یادشده برطرف شد.")


def revoke(story: Story) -> None:
    """The office revokes the licence for good."""
    _change(story, "revoked", _reason(story, "revoke_reasons"))


def renew(story: Story) -> None:
    """Before the licence ends, its holder has it renewed: the old one stays on record."""
    old = story.licences[-1]
    story.work.by = story.decider()
    new = issue(story, by_silence=False)
    if new is not None:
        new.renews_id = old.id


def _reason(story: Story, kind: str) -> str:
    declared = story.case.service.licence
    reasons = getattr(declared, kind, ()) if declared else ()
    return str(reasons[0].code) if reasons else "در بازرسی، کاستی دیده شد."


def _change(story: Story, state: str, reason: str) -> None:
    licence = story.licences[-1]
    licence.state, licence.state_reason = state, reason
    story.work.by = story.decider()
    story.note(f"window.licence_{state}", f"licence:{licence.id}", reason=reason)
    story.tell_applicant(f"licence.{state}", number="")
    told = story.work.inserts["Notice"][-1]["args"]
    story.unnumbered.append((story.work.at, licence, told))


def number(stories: Sequence[Story]) -> None:
    """Give every licence its number, in the order of issue; the product counts on from there."""
    told = sorted((at, n, m, licence, facts) for n, story in enumerate(stories)
                  for m, (at, licence, facts) in enumerate(story.unnumbered))  # fmt: skip
    counts: dict[str, int] = {}
    versions = {licence.id: story.case.version_id for story in stories
                for licence in story.licences}  # fmt: skip
    for _, _, _, licence, facts in told:
        if not licence.number:
            counts[licence.service_id] = counts.get(licence.service_id, 0) + 1
            version = versions[licence.id]
            licence.number = window.number_of(licence, version, counts[licence.service_id])
        facts["number"] = licence.number
    for slug, last in counts.items():
        window.Service.objects.filter(pk=slug).update(licences_issued=last)
    for story in stories:
        for handed, licence in story.handed_over:
            handed.body["number"] = licence.number
