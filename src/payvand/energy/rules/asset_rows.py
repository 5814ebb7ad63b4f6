"""What does one row about a consumer say, and what is wrong with it, in which column?

Pure. A page, a file and the interface hand over named cells of text; the same rules judge all of
them. A row with a fault is left out and told; a remark keeps the row. A protection is taken only
with the authority that set it and its decision; the rank of a site is not taken here at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from payvand.kernel.ids import is_company_id, is_national_id
from payvand.kernel.text import clean, compact_key, fold_digits, fold_number

# column: what the first row may call it, compared without spaces and ZWNJ
NAMES: dict[str, tuple[str, ...]] = {
    "code": ("code", "connection", "شمارهٔ اشتراک", "شماره اشتراک"),
    "owner_id": ("owner_id", "national_id", "شناسهٔ ملی", "شناسه ملی", "کد ملی"),
    "owner_fa": ("owner_fa", "owner", "نام مشترک"),
    "owner_en": ("owner_en", "نام انگلیسی مشترک"),
    "title_fa": ("title_fa", "title", "نام محل"),
    "title_en": ("title_en", "نام انگلیسی محل"),
    "city": ("city", "county", "شهرستان"),
    "feeder": ("feeder", "فیدر"),
    "meter": ("meter", "کنتور", "شمارهٔ کنتور", "شماره کنتور"),
    "sector": ("sector", "بخش"),
    "usual_mw": ("usual_mw", "mw", "مصرف معمول", "مصرف معمول (مگاوات)"),
    "shed_cap": ("shed_cap", "سقف قطع", "سقف قطع (درصد)"),
    "day_cap": ("day_cap", "سقف روزانه", "سقف روزانه (درصد)"),
    "notice_hours": ("notice_hours", "مهلت اعلام", "مهلت اعلام (ساعت)"),
    "medical": ("medical", "دستگاه پزشکی"),
    "protected_hours": ("protected_hours", "ساعت‌های محافظت"),
    "protected_by": ("protected_by", "authority", "مرجع محافظت"),
    "protected_ref": ("protected_ref", "decision", "شمارهٔ تصمیم", "شماره تصمیم"),
    "tier": ("tier", "حساسیت"),  # read only to say that it belongs elsewhere
}
NEEDED = ("code", "owner_id", "city", "feeder", "sector", "usual_mw")
YES = frozenset("yes y true 1 on بله آری دارد".split())
NO = frozenset("no n false 0 off خیر نه ندارد".split())
MOST_MW = 5000.0
MOST_NOTICE = 168
HOURS = 24
_KEYS = {compact_key(said): name for name, names in NAMES.items() for said in names}


@dataclass(frozen=True, slots=True)
class Known:
    """What a row may refer to: counties, feeders, sectors and authorities, each by its key.

    counties and sectors: any name of it, compacted, to its code. feeders: empty where none is
    registered yet, then any is taken; None where the carrier has none. steps: periods of a day.
    """

    counties: Mapping[str, str]
    feeders: frozenset[str] | None
    sectors: Mapping[str, str]
    authorities: frozenset[str]
    steps: int = 24


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in which column; a remark does not keep the row out."""

    column: str
    why: str
    text: str = ""
    is_remark: bool = False


@dataclass(frozen=True, slots=True)
class AssetDraft:
    """One consumer as it is to be registered."""

    code: str
    owner_id: str
    owner_fa: str
    owner_en: str
    title_fa: str
    title_en: str
    city: str
    feeder: str
    sector: str
    usual_mw: tuple[float, ...]
    meter: int | None = None
    shed_cap: int = 0
    day_cap: int = 10
    notice_hours: int = 12
    is_medical: bool = False
    protected_hours: tuple[int, ...] = ()
    protected_by: str = ""
    protected_ref: str = ""

    @property
    def is_home(self) -> bool:
        """True for a natural person: no name of it is kept beside its consumption."""
        return len(self.owner_id) == 10

    @property
    def is_protected(self) -> bool:
        """True when something is asked for that only an authority may grant."""
        return self.is_medical or bool(self.protected_hours)


@dataclass(slots=True)
class Judged:
    """A row: its draft, or what is wrong with it."""

    draft: AssetDraft | None = None
    faults: list[Fault] = field(default_factory=list)


def needed(*, has_feeders: bool) -> tuple[str, ...]:
    """Return the columns that a file must have."""
    return NEEDED if has_feeders else tuple(name for name in NEEDED if name != "feeder")


def column(heading: str) -> str | None:
    """Return the name of a column from what a file calls it.

    >>> column("شماره‌ اشتراک"), column("Feeder"), column("colour")
    ('code', 'feeder', None)
    """
    return _KEYS.get(compact_key(heading))


def judge(cells: Mapping[str, Any], known: Known) -> Judged:
    """Return the draft of a row of named cells, or its faults."""
    row = _Row({name: clean(str(value)) for name, value in cells.items() if value is not None})
    draft = AssetDraft(
        code=row.code(), owner_id=row.owner(), owner_fa=row.get("owner_fa")[:160],
        owner_en=row.get("owner_en")[:160], title_fa=row.get("title_fa")[:160],
        title_en=row.get("title_en")[:160],
        city=row.one_of("city", known.counties, "city_elsewhere"),
        feeder=row.feeder(known.feeders),
        sector=row.one_of("sector", known.sectors, "sector_unknown"),
        usual_mw=row.usual(known.steps),
        meter=row.meter(), shed_cap=row.whole("shed_cap", 0, 100),
        day_cap=row.whole("day_cap", 10, 100),
        notice_hours=row.whole("notice_hours", 12, MOST_NOTICE), is_medical=row.yes("medical"),
        protected_hours=row.hours(), protected_by=row.get("protected_by").lower(),
        protected_ref=row.get("protected_ref")[:200],
    )  # fmt: skip
    _protection(draft, row, known.authorities)
    if row.get("tier"):
        row.add("tier", "tier_elsewhere", row.get("tier"), is_remark=True)
    bad = any(not fault.is_remark for fault in row.faults)
    return Judged(None if bad else draft, row.faults)


def _protection(draft: AssetDraft, row: _Row, authorities: Iterable[str]) -> None:
    """Take a protection only from an authority, with its decision; a device only at a home."""
    if draft.is_medical and draft.owner_id and not draft.is_home:
        row.add("medical", "medical_no_home")
    if not draft.is_protected:
        return
    if not draft.protected_by:
        row.add("protected_by", "authority_missing")
    elif draft.protected_by not in authorities:
        row.add("protected_by", "authority_unknown", draft.protected_by)
    if not draft.protected_ref:
        row.add("protected_ref", "decision_missing")


class _Row:
    """The cells of one row, and the faults found in them."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.cells, self.faults = cells, list[Fault]()

    def get(self, name: str) -> str:
        return self.cells.get(name, "")

    def add(self, name: str, why: str, text: str = "", *, is_remark: bool = False) -> None:
        self.faults.append(Fault(name, why, text[:80], is_remark))

    def code(self) -> str:
        found = fold_digits(self.get("code"))
        if not found:
            self.add("code", "code_missing")
        elif len(found) > 40:
            self.add("code", "code_long", found)
        return found[:40]

    def owner(self) -> str:
        digits = re.sub(r"[\s-]", "", fold_digits(self.get("owner_id")))
        if not (is_national_id(digits) or is_company_id(digits)):
            # what was typed may be a person's number: it is not told again
            self.add("owner_id", "owner_unreadable")
            return ""
        return digits

    def one_of(self, name: str, known: Mapping[str, str], why: str) -> str:
        typed = self.get(name)
        found = known.get(compact_key(typed), "")
        if not found:
            self.add(name, why, typed)
        return found

    def feeder(self, known: frozenset[str] | None) -> str:
        typed = self.get("feeder")
        if known is None:
            return ""
        if not typed:
            self.add("feeder", "feeder_missing")
        elif known and typed not in known:
            self.add("feeder", "feeder_unknown", typed)
        return typed[:40]

    def meter(self) -> int | None:
        typed = fold_digits(self.get("meter"))
        if not typed:
            return None
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 18):
            self.add("meter", "meter_number", typed)
            return None
        return int(typed)

    def usual(self, steps: int) -> tuple[float, ...]:
        typed = self.get("usual_mw")
        words = re.split(r"[\s;|]+", typed.strip()) if typed else []
        found = [_number(word) for word in words]
        if not found or any(value is None for value in found):
            self.add("usual_mw", "mw_unreadable", typed)
            return ()
        mw = [value for value in found if value is not None]
        if len(mw) not in (1, steps):
            self.add("usual_mw", "mw_hours" if steps > 1 else "mwh_day", str(len(mw)))
            return ()
        if min(mw) < 0 or max(mw) <= 0 or max(mw) > MOST_MW * HOURS / steps:
            self.add("usual_mw", "mw_range" if steps > 1 else "mwh_range", typed)
            return ()
        return tuple(mw) if len(mw) == steps else tuple(mw * steps)

    def whole(self, name: str, usual: int, most: int) -> int:
        typed = self.get(name)
        value = _number(typed) if typed else float(usual)
        if value is None or not value.is_integer() or not 0 <= value <= most:
            self.add(name, f"{name}_range", typed)
            return usual
        return int(value)

    def yes(self, name: str) -> bool:
        typed = self.get(name).lower()
        if typed and typed not in YES | NO:
            self.add(name, "yes_or_no", typed)
        return typed in YES

    def hours(self) -> tuple[int, ...]:
        typed = self.get("protected_hours")
        found = hours_in(typed)
        if found is None:
            self.add("protected_hours", "hours_unreadable", typed)
        return found or ()


def _number(typed: str) -> float | None:
    try:
        found = float(fold_number(typed).replace("/", "."))
    except ValueError:
        return None
    return found if isfinite(found) else None


def hours_in(typed: str) -> tuple[int, ...] | None:
    """Return the hours of spans such as "2-5, 22-24" (ends not included); None if unreadable.

    >>> hours_in("۲-۵، 22-24"), hours_in("7"), hours_in(""), hours_in("9-3")
    ((2, 3, 4, 22, 23), (7,), (), None)
    """
    found: set[int] = set()
    for part in filter(None, re.split(r"[,;،؛\s]+", fold_digits(typed).replace("–", "-"))):
        span = re.fullmatch(r"([0-9]{1,2})(?:-([0-9]{1,2}))?", part)
        if span is None:
            return None
        first = int(span[1])
        last = int(span[2]) if span[2] else first + 1
        if not 0 <= first < last <= HOURS:
            return None
        found.update(range(first, last))
    return tuple(sorted(found))


def spans(hours: Sequence[int]) -> str:
    """Return hours as they are typed: the inverse of hours_in.

    >>> spans((2, 3, 4, 22, 23)), spans(())
    ('2-5, 22-24', '')
    """
    found: list[list[int]] = []
    for hour in sorted(hours):
        if found and found[-1][1] == hour:
            found[-1][1] = hour + 1
        else:
            found.append([hour, hour + 1])
    return ", ".join(f"{first}-{last}" for first, last in found)
