"""How does an agency's system send the answer that it owes?"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest

from payvand.kernel import clock
from payvand.ledger import actions, links
from payvand.ledger.api.desk import answered, router
from payvand.ledger.api.shapes import AnsweredOut, AnswerIn
from payvand.ledger.errors import LinkUsed
from payvand.ledger.models import AnswerLink
from payvand.ledger.queries import as_owed
from payvand.ledger.rules.reply import Reply

USED = {
    "responses": {
        410: {
            "description": "The address was used for another answer, has expired, or is unknown",
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
    }
}


@router.put("/callbacks/{token}", response=AnsweredOut, auth=None, operation_id="callback",
            url_name="ledger_callback", openapi_extra=USED)  # fmt: skip
def callback(request: HttpRequest, token: str, body: AnswerIn) -> dict[str, Any]:
    """Take the answer of an agency's system; the address is the permission, for one answer.

    The same answer sent again gets the same result; another one is refused (410).
    """
    reply = body.to_reply()
    try:
        by = links.actor_for_token(token)
    except LinkUsed:
        return _answered_before(token, reply)
    if by.obligation is None:
        raise LinkUsed(expires_at="", code="")
    with transaction.atomic():
        links.use(token)
        return answered(actions.answer(by=by, obligation_id=by.obligation, reply=reply))


def _answered_before(token: str, reply: Reply) -> dict[str, Any]:
    """Return what was recorded when this very answer came before; else refuse the link."""
    link = AnswerLink.objects.select_related("obligation").filter(
        token_hash=links.digest(token), used_at__isnull=False
    )  # fmt: skip
    found = link.first()
    if found is None:
        raise LinkUsed(expires_at=clock.now(), code="")
    if found.obligation.reply != reply.as_json():
        raise LinkUsed(expires_at=found.expires_at, code=found.obligation.case_code)
    return answered(as_owed(found.obligation))
