"""How does a list of resolutions become obligations with owners, terms and proofs?

A spreadsheet is read row by row; every error names its row and column, and nothing is created while
one is left. A resolution is owed by an organisation, or by an office that a role and place name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any
from uuid import UUID

from payvand.kernel.errors import YES as ALLOWED
from payvand.kernel.errors import Invalid, Verdict, gettext_noop, no
from payvand.kernel.ids import tracking_code, uuid7
from payvand.kernel.terms import BadTerm, Term
from payvand.kernel.text import clean, compact_key
from payvand.kernel.workbooks import BROKEN, DamagedWorkbook, unpacked_size
from payvand.ledger import actions
from payvand.ledger.actions import Ask
from payvand.ledger.rules.wording import term_in_words
from payvand.registry import public as registry
from payvand.registry.public import Actor

MOST_ROWS = 2000
MOST_COLUMNS = 50
MOST_UNPACKED = 100 * 1024 * 1024  # bytes; a few kilobytes can unfold to gigabytes
LONGEST_CELL = 2000
TITLES = {
    "title": gettext_noop("Title"), "owner": gettext_noop("Owner"), "term": gettext_noop("Term"),
    "place": gettext_noop("Place"), "proof": gettext_noop("Proof"),
}  # fmt: skip
HEADS = {
    "title": ("title", "عنوان", "مصوبه", "عنوان مصوبه"),
    "title_en": ("title in english", "title_en", "عنوان انگلیسی"),  # may be left out
    "owner": ("owner", "مسئول", "دستگاه", "متولی", "دستگاه مسئول"),
    "term": ("term", "مهلت"),
    "place": ("place", "محل", "استان"),
    "proof": ("proof", "مدرک", "مستند", "مدرک اجرا"),
}  # fmt: skip
EDITORS = ("head", "secretariat", "decider", "admin", "signatory")


@dataclass(frozen=True, slots=True)
class Line:
    """One resolution, ready to be asked."""

    row: int  # in the spreadsheet, from 1
    title: str
    owner: UUID | None  # None: the office stands outside every organisation
    owner_name: dict[str, str]
    office: int | None
    term: str
    place: str | None
    proof: str
    title_en: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in which row; `why` is a msgid with {text}."""

    row: int
    column: str
    why: str
    text: str = ""


def may_import(by: Actor) -> Verdict:
    """Resolutions are entered by office-holders and by the desks that keep them."""
    desk = any(seat.role in EDITORS for seat in by.desks)
    if by.is_operator or (by.desks and (by.offices or desk)):
        return ALLOWED
    return no(gettext_noop("Resolutions are entered by the office that keeps them."))


def read(file: IO[bytes]) -> tuple[list[Line], list[Problem]]:
    """Return the resolutions of a spreadsheet, and what is wrong with it.

    file: an XLSX workbook; the first sheet counts, its first row names columns. A formula counts
    as what it was last worth. A workbook that unfolds too far is not opened.
    """
    from openpyxl import load_workbook  # late: slow to import

    try:
        if unpacked_size(file) > MOST_UNPACKED:
            return [], [Problem(0, "", gettext_noop("The workbook unfolds to more than 100 MB. Keep"
                                                    " the one sheet with the resolutions, without"
                                                    " pictures."))]  # fmt: skip
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size may be wrong
        bounds = {"max_row": MOST_ROWS + 2, "max_col": MOST_COLUMNS}
        rows = list(sheet.iter_rows(values_only=True, **bounds))
    except (*BROKEN, DamagedWorkbook):
        return [], [Problem(0, "", gettext_noop("This is not a spreadsheet in XLSX format."))]
    return check(rows)


def check(rows: Sequence[Sequence[Any]]) -> tuple[list[Line], list[Problem]]:
    """Return the resolutions of a table whose first row names its columns, and the problems."""
    if not rows:
        return [], [Problem(0, "", gettext_noop("The sheet is empty."))]
    places = _columns(rows[0])
    missing = [name for name in ("title", "owner", "term") if name not in places]
    if missing:
        why = gettext_noop("The first row has no column “{text}”.")
        return [], [Problem(1, name, why, name) for name in missing]
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows[1:], 2):
        cells = {name: _cell(row, place) for name, place in places.items()}
        if not any(cells.values()):
            continue
        line, wrong = _line(number, cells)
        problems += wrong
        if line is not None:
            lines.append(line)
    if len(rows) - 1 > MOST_ROWS:
        problems.append(Problem(MOST_ROWS + 2, "", gettext_noop("There are more than 2,000 rows.")))
    if not lines and not problems:
        problems.append(Problem(0, "", gettext_noop("The sheet is empty.")))
    return lines, problems


def _columns(head: Sequence[Any]) -> dict[str, int]:
    names = {alias: name for name, aliases in HEADS.items() for alias in aliases}
    said = [names.get(clean(str(cell or "")).lower()) for cell in head]
    return {name: place for place, name in enumerate(said) if name}


def _cell(row: Sequence[Any], place: int) -> str:
    found = row[place] if place < len(row) else None
    return "" if found is None else clean(str(found)[:LONGEST_CELL])


def _line(number: int, cells: dict[str, str]) -> tuple[Line | None, list[Problem]]:
    wrong: list[Problem] = []
    title = cells["title"]
    if not title:
        wrong.append(Problem(number, "title", gettext_noop("The title is missing.")))
    term = term_in_words(cells["term"]).lower()
    try:
        Term.parse(term)
    except BadTerm:
        why = gettext_noop("“{text}” is not a term; write it like “10 working days” or “30 days”.")
        wrong.append(Problem(number, "term", why, cells["term"]))
    place = _place(cells.get("place", ""))
    if cells.get("place") and not place:
        why = gettext_noop("“{text}” is neither the name nor the code of a place.")
        wrong.append(Problem(number, "place", why, cells["place"]))
    owner = _owner(cells["owner"], place or None)
    if owner is None:
        why = gettext_noop("“{text}” is neither an organisation nor an office that is registered.")
        wrong.append(Problem(number, "owner", why, cells["owner"]))
    if wrong or owner is None:
        return None, wrong
    party, office = owner
    if office is not None:
        names = registry.office_names([office])[office]
    else:
        names = registry.party(party).name if party is not None else {}
    return Line(number, title, party, names, office, term, place or None,
                cells.get("proof", ""), cells.get("title_en", "")), []  # fmt: skip


def _place(text: str) -> str:
    """Return the code of a place by its code or name; of two with one name, the wider one."""
    known, key = registry.all_places(), compact_key(text)
    if text in known:
        return text
    named = [p.code for p in known.values() if key in _keys(p.name)]
    return min(named, key=lambda code: (code.count("-"), code), default="")


def _keys(name: dict[str, str]) -> set[str]:
    return {compact_key(said) for said in name.values() if said}


def _owner(text: str, place: str | None) -> tuple[UUID | None, int | None] | None:
    """Return the organisation of that slug or name, or the office of that role with its own."""
    key = compact_key(text)
    if not key:
        return None
    try:
        return registry.party_by_slug(text).id, None
    except registry.NoParty:
        pass
    role = next((code for code, name in registry.roles().items()
                 if key in _keys({side: name[side] for side in ("fa", "en")})), text)  # fmt: skip
    try:
        office = registry.office_for(role, agency_id=None, place_code=place)
    except registry.NoOffice:
        named = [one.id for one in registry.agencies(text) if key in _keys(one.name)]
        return (named[0], None) if len(named) == 1 else None
    return registry.office_cards(ids=[office])[0].agency, office


def enter(lines: Iterable[Line], *, by: Actor, asker: UUID, source: str) -> list[UUID]:
    """Create the obligations of a list of resolutions; their clocks start now.

    asker: the organisation that keeps the list. source: the name of the file, kept in each.
    """
    may_import(by).or_raise()
    if not (by.is_operator or by.works_for(asker)):
        raise Invalid({"asker": gettext_noop("Choose an organisation in which you have a seat.")})
    asks = [
        Ask(
            "resolution", uuid7(), f"resolution:{line.row}",
            {"fa": line.title, "en": line.title_en or line.title}, asker, line.owner or asker,
            term=line.term, case_code=tracking_code(), place=line.place, office=line.office,
            spec={"proof": line.proof, "source": source[:120]},
        )
        for line in lines
    ]  # fmt: skip
    return actions.ask(asks, by=by) if asks else []
