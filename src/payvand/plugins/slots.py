"""Where may an upper context, or somebody's plug-in, join in without being known from below?

Each slot has a type and one sentence. Lower contexts iterate a slot; upper ones register when the
application starts, in `AppConfig.ready`. The order is `order`, then the order of registration.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from payvand.plugins.adapters import Channel
from payvand.ui.context import NavItem

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    import click
    from django.http import HttpRequest


T = TypeVar("T")
_slots: dict[str, Slot[Any]] = {}


class Slot(Generic[T]):
    """A named place for things of one type.

    >>> greetings: Slot[str] = Slot("doctest_greetings", "Words that open a letter.")
    >>> _ = greetings.register("later"), greetings.register("first", order=1)
    >>> list(greetings)
    ['first', 'later']
    """

    def __init__(self, name: str, doc: str) -> None:
        if name in _slots:
            raise ValueError(f"the slot {name} exists already")
        self.name, self.doc = name, doc
        self._kept: list[tuple[int, T]] = []
        _slots[name] = self

    def register(self, thing: T, *, order: int = 50) -> T:
        """Add something once; returns it, so that this may be used as a decorator."""
        if all(kept is not thing and kept != thing for _, kept in self._kept):
            self._kept.append((order, thing))
            self._kept.sort(key=lambda pair: pair[0])
        return thing

    def remove(self, thing: T) -> None:
        """Take something out again, for tests."""
        self._kept = [pair for pair in self._kept if pair[1] != thing]

    def __iter__(self) -> Iterator[T]:
        return iter([thing for _, thing in self._kept])

    def __len__(self) -> int:
        return len(self._kept)

    def __repr__(self) -> str:
        return f"<Slot {self.name}: {len(self)}>"


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page: a template and what it shows."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample country that is being built: its present, its seed, its accounts by user name."""

    now: datetime
    seed: int
    users: Mapping[str, int]
    tell: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class NoticeText:
    """What a notice of one kind says: English msgids with {name} places, filled from its args."""

    verb: str  # "delay.reported"
    title: str
    body: str = ""
    page: str = ""  # name of the address to which it leads, made with the id of its case


# What the ledger hands over: the obligations of the step (`Owed`), and the step itself (`Work`),
# into which a handler may write. Both are the ledger's own types, unknown from here.
StepHandler = Callable[[Sequence[Any], Any], None]
PanelMaker = Callable[["HttpRequest", Any], Panel | None]

case_events: Slot[Callable[[Sequence[Any]], None]] = Slot(
    "case_events", "Called with the ledger's changes of one step, in the action's transaction."
)
on_answered: Slot[StepHandler] = Slot(
    "on_answered", "Called with answered obligations and the step, before the step is written."
)
answer_reading: Slot[Callable[[Sequence[UUID]], tuple[str, str, list[Any]]]] = Slot(
    "answer_reading",
    "Given obligations that are answered: (name, SELECT of constant text, its values), read "
    "together with their lock; `on_answered` finds the rows in `work.known[name]`.",
)
on_corrected: Slot[Callable[[Any, Mapping[str, Any], Any], None]] = Slot(
    "on_corrected",
    "Called with a corrected obligation, the reply it had before, and the step, before writing.",
)
on_silence: Slot[StepHandler] = Slot(
    "on_silence", "Called with obligations that silence has settled and the step, before writing."
)
on_stopped: Slot[StepHandler] = Slot(
    "on_stopped",
    "Called with obligations whose clock stops for the applicant or runs again, before writing.",
)
case_files: Slot[Callable[[UUID], tuple[str, str, str] | None]] = Slot(
    "case_files", "Returns name, place in the store and media type of an applicant's file, or None."
)
case_pages: Slot[Callable[[Collection[UUID]], Mapping[UUID, str]]] = Slot(
    "case_pages", "Returns the addresses of the pages of cases, for those that have one."
)
service_titles: Slot[Callable[[Collection[str] | None], Mapping[str, dict[str, str]]]] = Slot(
    "service_titles", "Returns the titles, in both languages, of services by slug; None: of all."
)
application_panel: Slot[PanelMaker] = Slot(
    "application_panel", "Returns a panel for the page of an application, or None."
)
dashboard_tile: Slot[PanelMaker] = Slot(
    "dashboard_tile", "Returns a tile for the dashboard of an actor, or None."
)
nav: Slot[Callable[[HttpRequest], Iterable[NavItem]]] = Slot(
    "nav", "Returns entries of the main menu for a request."
)
landing: Slot[Callable[[Any], str | None]] = Slot(
    "landing", "Returns the address at which an actor begins after signing in, or None."
)
cli_commands: Slot[click.Command] = Slot("cli_commands", "A command to be added to `payvand`.")
notice_texts: Slot[NoticeText] = Slot("notice_texts", "The title and text of one kind of notice.")
channels: Slot[Channel] = Slot(
    "channels", "A way to reach people outside the product, beside e-mail and SMS."
)
round_work: Slot[Callable[[], object]] = Slot(
    "round_work", "Called in every round of the worker; must return within some seconds."
)
minute_work: Slot[Callable[[], object]] = Slot(
    "minute_work", "Called by the worker about once a minute; must be quick and repeatable."
)
chores: Slot[Callable[[], object]] = Slot(
    "chores", "Work that the worker does about once an hour; each call must be safe to repeat."
)
service_panel: Slot[Callable[[str, Any], Panel | None]] = Slot(
    "service_panel", "Returns a panel for the page of a service (its slug, and who reads), or None."
)
samples: Slot[Callable[[Sample], None]] = Slot(
    "samples", "Adds what an upper context shows to the sample country, once its history stands."
)

evidence_changed: Slot[Callable[[Sequence[UUID]], None]] = Slot(
    "evidence_changed",
    "Called with the parties whose databank entries changed, in the action's transaction.",
)
profile_panel: Slot[PanelMaker] = Slot(
    "profile_panel", "Returns a panel for the public page of a party (its id), or None."
)
group_panel: Slot[Callable[[str, UUID], Panel | None]] = Slot(
    "group_panel", "Returns a panel for the page of a group (its kind and id), or None."
)
keeps_person: Slot[Callable[[UUID], str | None]] = Slot(
    "keeps_person", "Returns why a person's identity must still be kept (a msgid), or None."
)
person_erased: Slot[Callable[[UUID], None]] = Slot(
    "person_erased", "Called when a person is erased, to remove copies, in the same transaction."
)


def all_slots() -> list[Slot[Any]]:
    """Return every slot by name, for the reference pages."""
    return [_slots[name] for name in sorted(_slots)]


def notice_text(verb: str) -> NoticeText | None:
    """Return the text of a kind of notice; None when nobody has registered one."""
    return next((text for text in notice_texts if text.verb == verb), None)
