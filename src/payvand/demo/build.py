"""How does the sample country come to be? Built once; building again changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.management import call_command
from django.db import transaction

from payvand.demo import agencies, clock, closures, data, databank, drafts, history, people
from payvand.demo.models import DemoClock
from payvand.kernel import clock as time
from payvand.plugins import slots
from payvand.registry import public as registry
from payvand.window import public as window

APPLICATIONS, SEED = 1500, 1405
Tell = Callable[[str], None]


def is_built() -> bool:
    """Is the sample country there?"""
    return DemoClock.objects.filter(pk=1, built_at__isnull=False).exists()


def build(
    *,
    applications: int = APPLICATIONS,
    seed: int = SEED,
    is_whole: bool = True,
    tell: Tell = lambda _: None,
) -> bool:
    """Make the sample country and its history; returns False when it was there already.

    The same seed on the same day gives the same history, ids of rows aside. is_whole: with the
    databank and what the other contexts show; without, the services and their history alone.
    """
    call_command("migrate", verbosity=0, interactive=False)
    if is_built():
        return False
    DemoClock.objects.get_or_create(pk=1)
    clock.forget()
    now = time.now().replace(microsecond=0)
    tell("places, offices, holidays")
    since = now - timedelta(days=data.HISTORY_DAYS + data.SET_UP_DAYS)
    folk = furnish(since, now=now, tell=tell)
    if applications:
        history.write(folk, applications=applications, seed=seed, now=now, tell=tell)
        drafts.begin(folk, seed=seed)
        closures.declare(by=registry.system("demo"), now=now)
    if is_whole:
        databank.fill(folk, now=now, seed=seed, tell=tell)
        for add in slots.samples:
            add(slots.Sample(now, seed, folk.users, tell))
    DemoClock.objects.filter(pk=1).update(built_at=now, seed=seed, applications=applications)
    return True


@transaction.atomic
def furnish(
    since: datetime, *, now: datetime | None = None, tell: Tell = lambda _: None
) -> people.People:
    """Make places, agencies, people and services, as of long ago.

    now: the present, before which a county was closed for a day; without it none was.
    """
    by = registry.system("demo")
    with time.frozen(since):
        registry.seed()
        tell("agencies")
        known = agencies.establish(by=by, since=since)
        tell("people")
        folk = people.settle(known, by=by, since=time.local_date(since))
        if now is not None:
            closures.remember(by=by, now=now)
        tell("services")
        for name, text in window.shipped().items():
            window.install_pack(by=by, text=text, filename=f"{name}/service.yaml")
    registry.forget()
    return folk
