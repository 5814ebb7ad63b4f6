"""Is every way of tampering with the log found, and its first place named?"""

import json
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.models import F

from payvand.audit import public
from payvand.audit.models import Chain, DailyRoot, Event
from payvand.audit.public import Entry, compute
from payvand.audit.rules.chain import EventRow
from tests.audit.conftest import START

pytestmark = pytest.mark.django_db
LAST = date(2025, 11, 11)


@dataclass
class Tamper:
    """An intruder with full rights on the database, but without the key."""

    case: object

    def events(self):
        return Event.objects.filter(stream=self.case)

    def rows(self):
        names = ("stream", "seq", "at", "actor", "verb", "subject", "facts", "hash")
        return [EventRow(*row) for row in self.events().order_by("seq").values_list(*names)]

    def shift(self, after: int, by: int) -> None:
        """Renumber in two steps, since the database refuses one number twice."""
        self.events().filter(seq__gt=after).update(seq=-(F("seq") + by))
        self.events().filter(seq__lt=0).update(seq=-F("seq"))

    def edit(self, seq: int = 3) -> None:
        self.events().filter(seq=seq).update(facts='{"step":9}')

    def delete(self, seq: int = 3) -> None:
        self.events().filter(seq=seq).delete()

    def delete_and_close(self) -> None:
        self.delete()
        self.shift(3, -1)

    def delete_next_to_last_and_close(self) -> None:
        self.delete(5)
        self.shift(5, -1)

    def insert(self) -> None:
        self.shift(2, 1)
        (row,), _ = compute([Entry(self.case, "x", "s")], {self.case: (2, "0" * 64)}, "u", START)
        Event.objects.create(**row._asdict())

    def insert_with_a_fitting_hash(self) -> None:
        head = self.events().get(seq=2).hash
        self.shift(2, 1)
        (row,), _ = compute([Entry(self.case, "x", "s")], {self.case: (2, head)}, "u", START)
        Event.objects.create(**row._asdict())

    def add_behind_the_head(self) -> None:
        head = self.events().get(seq=6).hash
        (row,), _ = compute([Entry(self.case, "x", "s")], {self.case: (6, head)}, "u", START)
        Event.objects.create(**row._asdict())

    def swap(self) -> None:
        self.events().filter(seq=3).update(seq=-4)
        self.events().filter(seq=4).update(seq=3)
        self.events().filter(seq=-4).update(seq=4)

    def cut(self) -> None:
        self.events().filter(seq__gt=4).delete()

    def cut_and_lower_the_head(self) -> None:
        self.cut()
        Chain.objects.filter(pk=self.case).update(seq=4, head=self.events().get(seq=4).hash)

    def remove_events(self) -> None:
        self.events().delete()

    def remove_case(self) -> None:
        self.events().delete()
        Chain.objects.filter(pk=self.case).delete()

    def rewrite(self) -> None:
        """Change one event and recompute every hash after it, the head included."""
        entries = [
            Entry(r.stream, r.verb, r.subject, {"step": 9} if r.seq == 3 else json.loads(r.facts))
            for r in self.rows()
        ]
        heads = {}
        for old, entry in zip(self.rows(), entries, strict=True):
            (row,), moved = compute([entry], heads, old.actor, old.at)
            heads |= moved
            self.events().filter(seq=row.seq).update(facts=row.facts, hash=row.hash)
        Chain.objects.filter(pk=self.case).update(head=heads[self.case][1])

    def lose_head(self) -> None:
        Chain.objects.filter(pk=self.case).delete()


CHAIN_SHOWS = [
    ("edit", "edited", 3),
    ("delete", "deleted", 3),
    ("delete_and_close", "deleted", 3),
    ("insert", "inserted", 3),
    ("insert_with_a_fitting_hash", "inserted", 3),
    ("add_behind_the_head", "inserted", 7),
    ("swap", "reordered", 3),
    ("delete_next_to_last_and_close", "deleted", 5),
    ("cut", "cut", 5),
    ("lose_head", "head_lost", 6),
]
ROOT_SHOWS = [
    ("cut_and_lower_the_head", "cut", 5),
    ("remove_case", "missing", 1),
    ("rewrite", "rewritten", 4),  # 4: the first head after the change that a day vouches for
]


def test_an_untouched_log_is_whole(log):
    public.sign_day(LAST)
    report = public.verify()
    assert report.ok, report.first
    assert (report.streams, report.events, report.roots) == (5, 30, 3)


@pytest.mark.parametrize(("way", "what", "seq"), CHAIN_SHOWS)
def test_the_chain_alone_shows(log, way, what, seq):
    getattr(Tamper(log[2]), way)()
    first = public.verify().first
    assert (first.what, first.stream, first.seq) == (what, log[2], seq)


@pytest.mark.parametrize(("way", "what", "seq"), [*CHAIN_SHOWS, *ROOT_SHOWS])
def test_with_signed_roots_it_shows_as_well(log, way, what, seq):
    public.sign_day(LAST)
    getattr(Tamper(log[2]), way)()
    report = public.verify()
    assert (report.first.what, report.first.stream, report.first.seq) == (what, log[2], seq)
    assert len(report.findings) == 1


def test_events_removed_under_a_standing_head_are_missed(log):
    Tamper(log[2]).remove_events()
    assert public.verify().first.what == "cut"


@pytest.mark.parametrize(("way", "what", "seq"), ROOT_SHOWS)
def test_without_a_signature_a_whole_rewrite_goes_unseen(log, way, what, seq):
    """The limit that the documentation states; it is why days are signed."""
    getattr(Tamper(log[2]), way)()
    assert public.verify().ok


def test_the_first_of_several_places_is_named(log):
    Tamper(log[3]).edit(2)
    Tamper(log[1]).edit(5)
    Tamper(log[1]).edit(4)
    report = public.verify()
    assert [(f.stream, f.seq) for f in report.findings] == [(log[1], 4), (log[3], 2)]


@pytest.mark.parametrize(
    "change",
    [
        {"root": "0" * 64}, {"streams": 4}, {"events": 29}, {"leaves": "[]"},
        {"previous": "0" * 64}, {"signature": "AAAA"}, {"signature": "?"}, {"key_id": "other"},
        {"day": date(2025, 11, 1)},
    ],
    ids=str,
)  # fmt: skip
def test_a_touched_root_is_named_first(log, change):
    public.sign_day(LAST)
    Tamper(log[0]).edit()
    if "day" in change:
        DailyRoot.objects.filter(day=date(2025, 11, 10)).delete()
    else:
        DailyRoot.objects.filter(day=date(2025, 11, 10)).update(**change)
    report = public.verify()
    assert report.first.what == "root_broken"
    assert report.findings[1].what == "edited"


def test_roots_signed_with_a_strange_key_are_refused(log, key):
    public.sign_day(LAST)
    for path in key.parent.iterdir():
        path.unlink()
    assert public.verify().first.what == "root_broken"


def test_a_root_kept_elsewhere_shows_that_the_newest_was_removed(log):
    kept = public.root_fingerprint(public.sign_day(LAST)[-1])
    assert public.verify(anchor=kept).ok
    DailyRoot.objects.get(day=LAST).delete()
    assert public.verify().ok
    assert public.verify(anchor=kept).first.what == "root_broken"


def test_progress_is_told(log):
    seen = []
    public.verify(lambda done, known: seen.append((done, known)))
    assert seen[-1] == (5, 5)


def test_a_day_is_signed_once_and_only_when_it_is_over(log):
    with pytest.raises(public.DayNotOver):
        public.sign_day(LAST + timedelta(days=1))
    assert [root.day.day for root in public.sign_day(date(2025, 11, 10))] == [9, 10]
    assert [root.day.day for root in public.sign_day(LAST)] == [11]
    assert public.sign_day(LAST) == []
    assert public.verify().roots == 3


def test_an_event_dated_into_a_signed_day_is_in_the_next_root(log):
    public.sign_day(date(2025, 11, 10))
    with transaction.atomic():
        public.append([Entry(log[0], "late", "s")], by="u", at=START)
    root = public.sign_day(LAST)[0]
    assert [str(log[0]), 7] in [leaf[:2] for leaf in json.loads(root.leaves)]
    assert public.verify().ok


def test_nothing_to_sign_in_an_empty_log():
    assert public.sign_day(date(2025, 1, 1)) == []


def test_the_private_key_is_its_owners_alone(log, key):
    public.sign_day(LAST)
    assert key.stat().st_mode & 0o777 == 0o600
    assert [path.suffix for path in key.parent.glob("*.pub")] == [".pub"]
