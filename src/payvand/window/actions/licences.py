"""How is an application decided, and what may happen to a licence afterwards?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from payvand.kernel import clock
from payvand.kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from payvand.ledger import public as ledger
from payvand.registry.public import Actor
from payvand.window import access, compiled, sql
from payvand.window.actions.applications import ChecksFailed, _log, failing
from payvand.window.actions.outcomes import issue
from payvand.window.models import Application, Licence


class WrongLicenceState(Conflict):
    """The licence is not in a state from which this step is possible."""

    code = "window.licence_state"
    what = gettext_noop("This cannot be done with the licence now.")
    why = gettext_noop("Its state is {state}.")
    now = gettext_noop("Reload the page to see what happened.")


@transaction.atomic
def decide(*, by: Actor, application_id: UUID, reply: ledger.Reply) -> Licence | None:
    """Take the decision, with reasons; an approval issues the licence in the same transaction."""
    found = sql.to_decide(application_id)
    if found is None:
        raise NotFound(application=str(application_id))
    row, owner, record = found
    access.may_decide_for(by, owner).or_raise()
    application = Application(**row)
    service = compiled.service_of(application.version_id)
    facts, owed = ledger.facts_in(record, application.data)
    if reply.outcome in ("positive", "conditional"):
        failed = failing(service, "decide", facts)
        if failed:
            raise ChecksFailed(failed)
    if owed is None:
        raise NotFound(decision=str(application_id))
    known: dict[str, Any] = {"application": application}
    ledger.answer_within(by, [owed], reply, is_last=True, known=known)
    licence: Licence | None = known.get("licence")
    return licence


def _change(by: Actor, licence_id: UUID, *, allowed: tuple[str, ...], state: str,
            reason: str) -> None:  # fmt: skip
    licence = Licence.objects.select_related("application__service").select_for_update(
        of=("self",)
    ).get(pk=licence_id)  # fmt: skip
    access.may_decide(by, licence.application).or_raise()
    if licence.state not in allowed:
        raise WrongLicenceState(state=licence.state)
    if not reason.strip():
        raise Invalid({"reason": "Write the reason."})
    licence.state, licence.state_reason = state, reason.strip()
    licence.save(update_fields=["state", "state_reason"])
    work = ledger.Work(at=clock.now(), by=by.name())
    work.heads = ledger.lock_heads({licence.application_id})
    work.log(licence.application_id, f"window.licence_{state}", f"licence:{licence.id}",
             reason=reason)  # fmt: skip
    work.add("Notice", party_id=licence.holder_id, case_id=licence.application_id,
             verb=f"licence.{state}", args={"number": licence.number}, at=work.at)  # fmt: skip
    ledger.flush(work)


@transaction.atomic
def suspend_licence(*, by: Actor, licence_id: UUID, reason: str) -> None:
    """Suspend a valid licence, with a reason."""
    _change(by, licence_id, allowed=("valid",), state="suspended", reason=reason)


@transaction.atomic
def reinstate_licence(*, by: Actor, licence_id: UUID, reason: str) -> None:
    """Make a suspended licence valid again, with a reason."""
    _change(by, licence_id, allowed=("suspended",), state="valid", reason=reason)


@transaction.atomic
def revoke_licence(*, by: Actor, licence_id: UUID, reason: str) -> None:
    """Revoke a licence for good, with a reason."""
    _change(by, licence_id, allowed=("valid", "suspended"), state="revoked", reason=reason)


@transaction.atomic
def renew_licence(*, by: Actor, licence_id: UUID) -> Licence:
    """Issue the licence that follows a valid one; the old one stays on record."""
    old = Licence.objects.select_related("application__service").get(pk=licence_id)
    access.may_decide(by, old.application).or_raise()
    if old.state != "valid":
        raise WrongLicenceState(state=old.state)
    work = ledger.Work(at=clock.now(), by=by.name())
    work.heads = ledger.lock_heads({old.application_id})
    new = issue(old.application, work, renews=old)
    if new is None:
        raise NotFound(licence=str(licence_id))
    ledger.flush(work, last=True)
    return new


__all__ = ["_log", "decide", "reinstate_licence", "renew_licence", "revoke_licence",
           "suspend_licence"]  # fmt: skip
