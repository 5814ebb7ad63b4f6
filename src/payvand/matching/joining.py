"""What does the matching add to the menu, the notices, the worker and the sample country?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID

from payvand.kernel.errors import gettext_noop

if TYPE_CHECKING:
    from django.http import HttpRequest

    from payvand.plugins.slots import Panel, Sample
    from payvand.ui.context import NavItem

TEXTS = (
    (
        "need.opened", "matching:need",
        gettext_noop("Payvand: a public need that you may answer"),
        gettext_noop("“{title}” is open for answers (code {code}). All eligible firms are told."),
    ),
    (
        "need.fits", "matching:need",
        gettext_noop("Payvand: a new need fits your saved search"),
        gettext_noop("“{title}” is open for answers (code {code})."),
    ),
    (
        "need.invited", "matching:need",
        gettext_noop("Payvand: a buyer invites you"),
        gettext_noop("You are invited to answer “{title}” (code {code}). You need not; silence"
                     " costs you nothing."),
    ),
    (
        "need.questioned", "matching:need",
        gettext_noop("Payvand: a question about your need"),
        gettext_noop("Somebody asked about “{title}” (code {code}). The answer is public."),
    ),
    (
        "need.extended", "matching:need",
        gettext_noop("Payvand: you have longer to answer a need"),
        gettext_noop("“{title}” (code {code}) may be answered until {until}. Reason: {reason}"),
    ),
    (
        "need.withdrawn", "matching:need",
        gettext_noop("Payvand: a need was withdrawn"),
        gettext_noop("“{title}” (code {code}) was withdrawn by its buyer; nobody need answer it"
                     " any more. Reason: {reason}"),
    ),
    (
        "invitation.accepted", "matching:need",
        gettext_noop("Payvand: your invitation is accepted"),
        gettext_noop("A firm accepted your invitation to “{title}” (code {code})."),
    ),
    (
        "deal.ended", "matching:deal",
        gettext_noop("Payvand: a deal ended without a contract"),
        gettext_noop("{other} ended your deal without a contract. The reason stands on its page."),
    ),
    (
        "deal.resumed", "matching:deal",
        gettext_noop("Payvand: a deal goes on"),
        gettext_noop("{other} resumed your deal that had ended. The reason stands on its page."),
    ),
    (
        "profile.confirm", "registry:databank_confirm",
        gettext_noop("Payvand: is your profile in the databank still true?"),
        gettext_noop("Please look through the profile of {name}, until {day} if you can. One click"
                     " says that it is still true. If you do not answer you lose nothing; the"
                     " profile only shows since when it is unconfirmed."),
    ),
)  # fmt: skip


def join() -> None:
    """Register with the slots; heavy modules are read when they are needed."""
    from payvand.ledger import public as ledger
    from payvand.plugins import slots
    from payvand.ui.context import register_account

    slots.nav.register(entries)
    register_account(account_entries)
    slots.chores.register(hourly)
    slots.minute_work.register(minutely)
    slots.round_work.register(each_round)
    slots.samples.register(samples, order=40)
    slots.group_panel.register(fair_panel)
    ledger.page_elsewhere.register(page_of)
    for verb, page, title, body in TEXTS:
        slots.notice_texts.register(slots.NoticeText(verb, title, body, page))


def hourly() -> None:
    """End what is over, judge open needs anew once a day, ask whether profiles are still true."""
    from payvand.matching.exchange import answers, confirmations, needs, rounds

    answers.expire()
    needs.close_due()
    rounds.refresh()
    confirmations.ask()


def each_round() -> None:
    """Go on judging and telling firms of needs, for some seconds."""
    from payvand.matching.exchange import rounds

    rounds.carry_on()


def minutely() -> None:
    """Tell those who saved a search of new needs."""
    from payvand.matching.exchange import subscriptions

    subscriptions.tell()


def samples(sample: Sample) -> None:
    """Add the needs, invitations, deals and fairs of the sample country."""
    from payvand.matching.exchange import samples as made

    made.add(sample)


def fair_panel(kind: str, group_id: UUID) -> Panel | None:
    """Return who takes part in a fair, and the way to its meetings."""
    from django.utils.translation import gettext as _

    from payvand.matching.exchange import fairs
    from payvand.plugins.slots import Panel

    if kind != "fair":
        return None
    counts = fairs.counts(group_id)
    return Panel(_("Meetings of the fair"), "matching/_fair_panel.html", counts)


def page_of(_case_id: UUID, kind: str, _obligation_id: UUID) -> str | None:
    """Return where an invitation or a milestone is answered."""
    from django.urls import reverse

    return reverse("matching:mine") if kind in ("invitation", "milestone") else None


def entries(_request: HttpRequest) -> Iterator[NavItem]:
    """Yield the entry of the main menu, for everybody."""
    from django.urls import reverse
    from django.utils.translation import gettext as _

    from payvand.ui.context import NavItem

    yield NavItem(_("Exchange"), reverse("matching:needs"), "route", order=46)


def account_entries(request: HttpRequest) -> Iterator[NavItem]:
    """Yield my needs and deals, and for the desks of the databank the broker's list."""
    from django.urls import reverse
    from django.utils.translation import gettext as _

    from payvand.matching.exchange import access
    from payvand.registry.public import actor
    from payvand.ui.context import NavItem

    if not request.user.is_authenticated:
        return
    yield NavItem(_("My needs and deals"), reverse("matching:mine"), order=13)
    yield NavItem(_("My saved searches"), reverse("matching:saved"), order=14)
    if access.may_broker(actor(request)):
        yield NavItem(_("Broker’s work list"), reverse("matching:work"), order=15)
