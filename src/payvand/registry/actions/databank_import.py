"""What becomes of a file of firms: which rows are kept, which are refused, where and why?

Good rows are kept, bad ones are told with their place and a remedy; importing the same file again
changes nothing. The report keeps no names of persons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import islice
from typing import IO, Any
from uuid import UUID

from django.db import transaction

from payvand.kernel import clock
from payvand.kernel.errors import gettext_noop
from payvand.kernel.text import compact_key, fold_digits
from payvand.registry.access import databank as access
from payvand.registry.actions.databank import changed, party_for_update, profile_of
from payvand.registry.actions.databank_load import BATCH, REFUSED, Loaded, Loader
from payvand.registry.actions.journal import record, subject
from payvand.registry.models import ImportRun, Party
from payvand.registry.queries import vocabulary
from payvand.registry.rules.actor import Actor
from payvand.registry.rules.databank import PERSONAL
from payvand.registry.rules.import_columns import ENTRIES
from payvand.registry.rules.import_draft import Lists, Remark, RowDraft
from payvand.registry.rules.import_files import MOST_MB, Cells, rows_of
from payvand.registry.rules.import_rows import read_row
from payvand.registry.rules.similarity import distinctive

Tell = Callable[[int], None]


@transaction.atomic
def import_firms(
    file: IO[bytes],
    *,
    by: Actor,
    filename: str,
    most_mb: int | None = MOST_MB,
    tell: Tell = lambda _: None,
) -> ImportRun:
    """Import firms with capabilities and evidence from XLSX, CSV or JSON; return the report.

    most_mb: None lets CSV be of any length. tell: called with the number of rows done.
    Raises Refused, and BadFile when nothing of the file can be read.
    """
    access.may_register(by).or_raise()
    run, now = _begun(file, filename, by), clock.now()
    reader = _Reader(by)
    loader = Loader(f"import:{run.pk}", now=now)
    report: list[list[Any]] = []
    rows = rows_of(file, most_mb=most_mb)
    while batch := list(islice(rows, BATCH)):
        report += _take([reader.read(cells) for cells in batch], loader)
        tell(len(report))
    return _ended(run, report, loader, by)


@transaction.atomic
def import_entries(party_id: UUID, file: IO[bytes], *, by: Actor, filename: str) -> ImportRun:
    """Read a file of a party's own capabilities, products, certificates and past work.

    Only entries are taken: name, place and kind stay as they are. The same again changes nothing.
    Raises Refused, BadFile, NoProfile.
    """
    party = party_for_update(party_id)
    access.may_keep(by, party).or_raise()
    profile_of(party)
    run = _begun(file, filename, by)
    loader, lists = Loader(f"import:{run.pk}", now=clock.now()), vocabulary.lists()
    report: list[list[Any]] = []
    rows = rows_of(file, needed=())
    while batch := list(islice(rows, BATCH)):
        drafts = [_own_row(cells, party, lists) for cells in batch]
        good = [draft for draft in drafts if draft.is_good]
        done = iter(loader.take_own(good, party.pk))
        report += [_line(d, next(done) if d.is_good else Loaded(REFUSED)) for d in drafts]
    return _ended(run, report, loader, by)


def _own_row(cells: Cells, party: Party, lists: Lists) -> RowDraft:
    told = {name: cells.cells[name] for name in ENTRIES if name in cells.cells}
    draft = read_row(str(cells.place), {**told, "name_fa": party.name_fa}, lists)
    number = fold_digits(cells.cells.get("national_id", "")).strip()
    if number and number != party.national_id:
        draft.fault("national_id", gettext_noop("This row is about another firm: {text}."),
                    gettext_noop("Send only rows of your own."), text=number)  # fmt: skip
    elif not draft.entries and draft.is_good:
        draft.note(
            "name_fa", gettext_noop("The row holds no entry."),
            gettext_noop("Fill a capability, product, certificate or past work."),
        )  # fmt: skip
    return draft


def _begun(file: IO[bytes], filename: str, by: Actor) -> ImportRun:
    file.seek(0)
    digest = sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    now = clock.now()
    return ImportRun.objects.create(
        filename=filename[-200:], digest=digest.hexdigest(), made_at=now, made_by=by.name(),
        changed_at=now,
    )  # fmt: skip


def _ended(run: ImportRun, report: list[list[Any]], loader: Loader, by: Actor) -> ImportRun:
    run.counts, run.rows = _counts(report), report
    run.save(update_fields=["counts", "rows"])
    changed(loader.touched, at=loader.now)
    record(by, "imported", subject("import", run.pk),
           facts={**run.counts, "digest": run.digest})  # fmt: skip
    return run


def _compare_with_register(drafts: list[RowDraft]) -> None:
    """Refuse rows whose id is registered under a name that has no word in common with theirs.

    A mistyped id that happens to be right would give one firm's work to another. One query.
    """
    ids = {draft.national_id for draft in drafts if draft.national_id and draft.is_good}
    known = {row[0]: row[1:] for row in Party.objects.filter(national_id__in=ids).values_list(
        "national_id", "name_fa", "name_en")}  # fmt: skip
    for draft in drafts:
        if not draft.is_good or draft.national_id not in known:
            continue
        pairs = zip((draft.name_fa, draft.name_en), known[draft.national_id], strict=True)
        both = [(set(distinctive(a)), set(distinctive(b))) for a, b in pairs if a and b]
        if both and all(mine and theirs and not mine & theirs for mine, theirs in both):
            draft.fault(
                "national_id", gettext_noop("This id is registered under another name: “{text}”."),
                gettext_noop("Compare the id with the paper. If the firm has a new name, have the "
                             "name changed first."), text=known[draft.national_id][0],
            )  # fmt: skip


def _take(drafts: list[RowDraft], loader: Loader) -> list[list[Any]]:
    _compare_with_register(drafts)
    good = [draft for draft in drafts if draft.is_good]
    done: Iterator[Loaded] = iter(loader.take(good)) if good else iter(())
    return [_line(d, next(done) if d.is_good else Loaded(REFUSED)) for d in drafts]


def _line(draft: RowDraft, done: Loaded) -> list[Any]:
    personal = draft.profile.kind in PERSONAL
    return [
        draft.place, done.outcome, "" if personal else draft.name_fa or draft.name_en,
        str(done.party or ""),
        [[r.column, r.what, r.now, "" if personal else r.text, r.is_fault] for r in draft.remarks],
    ]  # fmt: skip


def _counts(report: list[list[Any]]) -> dict[str, int]:
    found = Counter(line[1] for line in report)
    remarks = sum(1 for line in report if line[4] and line[1] != REFUSED)
    return {"rows": len(report), **found, "remarks": remarks}


class _Reader:
    """Reads rows with what the rows before said: which id stood where, under which name."""

    def __init__(self, by: Actor) -> None:
        self.lists = vocabulary.lists()
        self.places = access.desk_places(by)
        self.seen: dict[str, tuple[str, str]] = {}  # id → row, name without legal forms

    def read(self, cells: Cells) -> RowDraft:
        draft = read_row(str(cells.place), cells.cells, self.lists)
        if cells.is_guessed:
            draft.remarks.append(
                Remark("name_fa", gettext_noop("This row is written in Windows-1256, others in "
                       "UTF-8; it was converted."),
                       gettext_noop("Save the whole file as UTF-8."), is_fault=False)
            )  # fmt: skip
        self._same_id(draft)
        self._own_place(draft)
        return draft

    def _same_id(self, draft: RowDraft) -> None:
        if not draft.national_id or not draft.is_good:
            return
        name = "".join(distinctive(draft.name_fa or draft.name_en)) or compact_key(draft.name_fa)
        place, before = self.seen.setdefault(draft.national_id, (draft.place, name))
        if name != before:
            draft.remarks.append(
                Remark("national_id", gettext_noop("The same id stands in row {text} with another "
                       "name."), gettext_noop("Correct the id or the name in one of the two rows."),
                       place)
            )  # fmt: skip

    def _own_place(self, draft: RowDraft) -> None:
        if self.places is None or not draft.is_good:
            return
        if not any(code in self.places for code in draft.profile.places):
            draft.remarks.append(
                Remark("place", gettext_noop("The databank of this place is kept by another "
                       "registrar."), gettext_noop("Name a county of your province, or send the "
                       "row to the registrar there."))
            )  # fmt: skip
