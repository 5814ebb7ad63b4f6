"""Who wants to hear of new needs, and of which?"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from payvand.kernel import clock
from payvand.kernel.errors import Invalid, NotFound, Refused, gettext_noop
from payvand.ledger import public as ledger
from payvand.matching.actions import STREAM
from payvand.matching.exchange import reading
from payvand.matching.exchange.journal import record
from payvand.matching.exchange.reading import Filters
from payvand.matching.models import Need, Subscription
from payvand.registry.public import Actor, system

MOST = 20
AT_ONCE = 5  # needs named in one round; the page lists the others


@transaction.atomic
def subscribe(wanted: Filters, *, by: Actor, by_email: bool = True) -> int:
    """Save a search; returns its id. Raises Refused for guests, Invalid for an empty search."""
    if by.user_id is None:
        raise Refused(reason=gettext_noop("Sign in to be told of new needs."))
    if not (wanted.text or wanted.field or wanted.province):
        raise Invalid(fields={"text": gettext_noop("Choose a word, a field or a province first.")})
    mine = Subscription.objects.filter(user=by.user_id)
    if mine.count() >= MOST:
        raise Invalid(fields={"text": gettext_noop("You have 20 saved searches: drop one first.")})
    now = clock.now()
    row, _ = mine.get_or_create(
        text=wanted.text[:120], field=wanted.field, province=wanted.province,
        defaults={"user_id": by.user_id, "by_email": by_email, "told_until": now, "made_at": now},
    )  # fmt: skip
    record(by, STREAM, "subscribed", f"subscription:{row.pk}")
    return row.pk


@transaction.atomic
def drop(subscription_id: int, *, by: Actor) -> None:
    """Drop one of the actor's own saved searches; raises NotFound."""
    gone, _ = Subscription.objects.filter(pk=subscription_id, user=by.user_id or 0).delete()
    if not gone:
        raise NotFound(subscription=subscription_id)
    record(by, STREAM, "unsubscribed", f"subscription:{subscription_id}")


def mine(by: Actor) -> list[Subscription]:
    """Return the actor's own saved searches."""
    return list(Subscription.objects.filter(user=by.user_id or 0).order_by("pk"))


@transaction.atomic
def tell() -> int:
    """Tell everybody of the needs opened since they were told last; returns how many notices."""
    now = clock.now()
    rows = list(Subscription.objects.select_for_update().filter(by_email=True))
    if not rows:
        return 0
    since = min(row.told_until for row in rows)
    fresh = list(Need.objects.filter(opened_at__gt=since, opened_at__lte=now, state="open"))
    if not fresh:
        return 0
    work = ledger.Work(at=now, by="system:matching")
    told: set[tuple[int, object]] = set()
    for row in rows:
        for one in _new(row, fresh)[:AT_ONCE]:
            if (row.user_id, one.pk) not in told:
                told.add((row.user_id, one.pk))
                title = {"fa": one.title_fa, "en": one.title_en or one.title_fa}
                work.add("Notice", user_id=row.user_id, case_id=one.pk, verb="need.fits", at=now,
                         args={"title": title, "code": one.code})  # fmt: skip
    Subscription.objects.filter(pk__in=[row.pk for row in rows]).update(told_until=now)
    if told:
        ledger.flush(work)
        record(system("matching"), STREAM, "subscribers_told", "subscriptions", notices=len(told))
    return len(told)


def _new(row: Subscription, fresh: Sequence[Need]) -> list[Need]:
    return [
        one for one in fresh
        if one.opened_at and one.opened_at > row.told_until
        and reading.fits(one, text=row.text, field_=row.field, province=row.province)
    ]  # fmt: skip
