"""What do the sample offices do as the demo's clock moves on?

Each of them answers through the product's own actions, at the moment that was drawn for it; between
two moments the sweep climbs ladders and lets silence take effect, as in real life.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model

from payvand.demo import clock as demo_clock
from payvand.demo import conduct, data, verdicts
from payvand.demo.models import DemoClock
from payvand.demo.rules import chance
from payvand.energy import public as energy
from payvand.kernel import clock
from payvand.kernel.errors import PayvandError
from payvand.kernel.terms import Term
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.registry.public import Actor, Seat
from payvand.window import public as window

STEP = timedelta(hours=1)
NEWCOMERS_PER_STEP = 0.45
TRIES = 40  # steps to the next report, at most
LONGEST = timedelta(days=120)
KINDS = ("inquiry", "decision", "objection", "completion", "condition", "acknowledgement")
READ = (
    "id", "kind", "case_id", "case_code", "question", "title", "debtor_id", "office_id",
    "about_id", "term", "spec", "level", "state", "sent_at", "opened_at", "due_at", "has_stops",
)  # fmt: skip
Tell = Callable[[datetime, Counter[str]], None]


class Simulator:
    """The sample offices and applicants, from now on."""

    def __init__(self) -> None:
        agencies = registry.agencies(limit=100_000)
        self.slugs = {card.id: card.slug or "" for card in agencies if card.is_sample}
        self.visitors = visitors()
        self.resumed: dict[UUID, datetime] = {}
        self.shares: dict[UUID, float] = {}

    def step(self) -> Counter[str]:
        """Do everything that is due by now; return what was done, by kind."""
        done = Counter({f"sweep.{k}": n for k, n in ledger.sweep().items() if k != "rows"})
        now = clock.now()
        # of the services only: what other parts ask is left to who tries the demonstration
        every = ledger.Obligation.objects.filter(state="sent", kind__in=KINDS)
        every = every.filter(case_id__in=window.Application.objects.values("pk"))
        rows = every.only(*READ).order_by("sent_at", "id")
        for owed in rows:
            what = self._due(owed, now)
            if what:
                try:
                    self._act(what, owed)
                    done[what] += 1
                except PayvandError:  # somebody else was quicker, or a rule forbids it: leave it
                    done["left"] += 1
        again = ledger.sweep() if done else Counter()
        return done + Counter({f"sweep.{k}": n for k, n in again.items() if k != "rows"})

    def _due(self, owed: Any, now: datetime) -> str:
        """Return what happens to an obligation by now, or nothing."""
        luck = conduct.luck_of(owed, self.slugs.get(owed.debtor_id, ""))
        if owed.kind in ("acknowledgement", "completion", "condition"):
            if not conduct.is_ever_answered(owed, luck) or not self._is_ours(owed):
                return ""
        elif owed.debtor_id not in self.slugs:
            return ""
        calendar = registry.calendar_of(owed.debtor_id)
        if conduct.answer_at(owed, luck, self._resumed(owed)) <= now:
            return "answered"
        if owed.kind != "inquiry" or owed.level != "inbox":
            return ""
        if owed.opened_at is None:
            early = min(luck.days * luck.opened, 3.0)
            return "opened" if chance.after(owed.sent_at, early, calendar) <= now else ""
        return self._stop(owed, luck, now)

    def _stop(self, owed: Any, luck: chance.Draw, now: datetime) -> str:
        """Ask for a missing item, where chance wants it and the term still allows it."""
        asks = owed.spec.get("completion") and luck.stop < self._share(owed)
        if not asks or owed.has_stops or owed.due_at is None:
            return ""
        length = owed.due_at - owed.sent_at
        early = owed.sent_at + length * 0.15 <= now <= owed.sent_at + length * 0.32
        return "stopped" if early else ""

    def _share(self, owed: Any) -> float:
        """Return how often something is asked of this applicant, as the history has it."""
        if owed.case_id not in self.shares:
            applicant = window.Application.objects.values_list("applicant_id", flat=True)
            own = applicant.get(pk=owed.case_id) in self.visitors
            self.shares[owed.case_id] = conduct.share_of(is_own=own)
        return self.shares[owed.case_id]

    def _is_ours(self, owed: Any) -> bool:
        """Is this for the crowd? What is put to an account of the sign-in page is left to it."""
        if owed.kind == "acknowledgement":
            return True
        return owed.debtor_id not in self.visitors

    def _resumed(self, owed: Any) -> datetime | None:
        """Return when the clock began to run again, where it had been stopped."""
        if not owed.has_stops:
            return None
        if owed.id not in self.resumed:
            last = owed.interruptions.order_by("-starts").values_list("ends", flat=True).first()
            self.resumed[owed.id] = last or clock.now()
        return self.resumed[owed.id]

    def _act(self, what: str, owed: Any) -> None:
        by = self._actor(owed)
        if what == "opened":
            ledger.open_(by=by, obligation_id=owed.id)
        elif what == "stopped":
            items = [owed.spec["completion"]["items"][0]["id"]]
            applicant = window.Application.objects.values_list("applicant_id", flat=True)
            ledger.request_completion(by=by, obligation_id=owed.id, items=items,
                                      text="این مدرک در پرونده نیست؛ لطفاً بفرستید.",
                                      applicant=applicant.get(pk=owed.case_id))  # fmt: skip
        else:
            self._answer(owed, by)

    def _answer(self, owed: Any, by: Actor) -> None:
        luck = conduct.luck_of(owed, self.slugs.get(owed.debtor_id, ""))
        on = clock.local_date(clock.now())
        if owed.kind == "completion":
            ledger.complete(by=by, obligation_id=owed.id, reply=conduct.words_of(owed, luck, on))
        elif owed.kind == "decision":
            wanted = self._verdict(owed.case_id, luck.fate)
            window.decide(by=by, application_id=owed.case_id,
                          reply=conduct.words_of(owed, luck, on, wanted))  # fmt: skip
        elif owed.answers.filter(no=0, state="draft").exists():
            ledger.sign(by=by, obligation_id=owed.id)
        else:
            ledger.answer(by=by, obligation_id=owed.id, reply=conduct.words_of(owed, luck, on))

    def _verdict(self, case_id: UUID, fate: float) -> str:
        case = window.Application.objects.only("data", "version_id").get(pk=case_id)
        facts = ledger.facts_of(case_id, case.data)
        outcomes = [outcome for _, _, outcome, _ in ledger.answers_of([case_id])]
        return verdicts.judge(window.service_of(case.version_id), facts, outcomes, fate)

    def _actor(self, owed: Any) -> Actor:
        """Return who acts for the debtor: the office's holder, the applicant, or the desk."""
        if owed.office_id is not None:
            held = registry.holders_of(owed.office_id)
            if held:
                return Actor(user_id=held[0], offices=(owed.office_id,))
            return Actor(kind="sample", label="office", offices=(owed.office_id,))
        if owed.kind in ("completion", "condition"):
            return Actor(kind="sample", label="applicant", party=owed.debtor_id)
        seats = tuple(Seat(owed.debtor_id, role) for role in ("signatory", "decider"))
        return Actor(kind="agency", label=self.slugs[owed.debtor_id], party=owed.debtor_id,
                     seats=seats)  # fmt: skip

    def newcomers(self, at: datetime) -> int:
        """Let somebody of the crowd apply, about three times a working day; returns how many did.

        Who applied once applies again, with the same answers, under a new tracking code.
        """
        rng = Random(f"newcomer/{at:%Y-%m-%dT%H}")
        known = window.Application.objects.exclude(applicant_id__in=self.visitors)
        count = known.count() if rng.random() < NEWCOMERS_PER_STEP else 0
        if not count:
            return 0
        old = known.order_by("id")[rng.randrange(count)]
        by = Actor(kind="sample", label="applicant", party=old.applicant_id)
        try:
            window.file(by=by, version=old.version_id, applicant=old.applicant_id,
                        place=old.place_id, data=old.data)  # fmt: skip
        except PayvandError:  # the service has changed meanwhile: nobody applies
            return 0
        return 1


def visitors() -> frozenset[UUID]:
    """Return the parties for whom somebody at the screen acts: their tasks are left to them."""
    found: set[UUID] = set()
    for user in get_user_model().objects.filter(username__in=[a.username for a in data.ACCOUNTS]):
        by = registry.actor_for(user)
        found.update(party for party in (by.party, *by.mandates) if party is not None)
    return frozenset(found)


def walk(until: datetime | None = None) -> Iterator[tuple[datetime, Counter[str]]]:
    """Move the demo's clock on, hour by hour, to a moment; yields each hour and what it brought."""
    offices, at = Simulator(), clock.now()
    seed = DemoClock.objects.values_list("seed", flat=True).get(pk=1)
    calendar = registry.calendar_for(("IR",))
    end = min(until, at + LONGEST) if until else at + LONGEST
    while at < end:
        at = min(_next_mark(at, calendar), end)
        demo_clock.move_to(at)
        done = offices.step()
        done["filed"] += offices.newcomers(at)
        energy.sample_goes_on(seed)
        done["hours"] += 1
        yield at, done


def advance(until: datetime, *, tell: Tell = lambda at, done: None) -> Counter[str]:
    """Move the demo's clock to a moment; return what happened on the way."""
    total = Counter[str]()
    for at, done in walk(until):
        total += done
        tell(at, done)
    return total


def advance_to_report(*, tell: Tell = lambda at, done: None) -> Counter[str]:
    """Move on until an office-holder hears of a delay (or of the approach of one)."""
    total = Counter[str]()
    for at, done in walk():
        total += done
        tell(at, done)
        if has_report(total):
            break
    return total


def has_report(total: Counter[str]) -> bool:
    """Was a report made, or did so many hours bring none that waiting on is no use?"""
    return total["sweep.rung"] > 0 or total["hours"] >= TRIES


def _next_mark(at: datetime, calendar: Any) -> datetime:
    """Return the next hour that something may happen in: office hours, and the minute after."""
    step = at + STEP
    place = chance.after(at, 0.0, calendar)
    return max(step, place)


def target(text: str) -> datetime:
    """Return the moment that `3d`, `1wd` or `4wh` from now means. Raises ValueError."""
    term = Term.parse(text)
    now, calendar = clock.now(), registry.calendar_for(("IR",))
    unit = str(term.unit)
    if unit == "d":
        return now + timedelta(days=term.amount)
    days = term.amount if unit == "wd" else term.amount / 7
    return chance.after(now, days, calendar)
