"""What does one row of a file of firms say, and what is wrong with it, where, and what helps?

Pure: cells in, a draft and remarks out. A row with a fault is left out and told; a remark keeps the
row. Texts are freed of markup; a formula is only text here (and is guarded when it is written out).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from hashlib import blake2b

from payvand.kernel import jalali
from payvand.kernel.codes import bad_codes, codes
from payvand.kernel.errors import gettext_noop
from payvand.kernel.ids import is_company_id, is_national_id
from payvand.kernel.text import clean, compact_key, fold_digits, fold_number
from payvand.registry.rules.databank import (
    EVIDENCE,
    KINDS,
    LANGUAGES,
    PERSONAL,
    SIZES,
    CapabilityDraft,
    CertificateDraft,
    Entry,
    EvidenceDraft,
    ProductDraft,
    ProfileDraft,
    check_entry,
    check_profile,
    has_markup,
    plain,
)
from payvand.registry.rules.import_draft import Lists, RowDraft

YES = frozenset("yes y true 1 بله آری دارد هست بلی".split())
NO = frozenset("no n false 0 خیر نه ندارد نیست".split())
_KIND_NAMES = {
    "company": ("company", "شرکت"),
    "knowledge_based": ("knowledge_based", "knowledge-based", "دانش‌بنیان", "شرکت دانش‌بنیان"),
    "guild": ("guild", "association", "تشکل", "صنف", "اتحادیه"),
    "freelancer": ("freelancer", "آزادکار", "فریلنسر", "دورکار"),
}
_EVIDENCE_NAMES = {
    "contract": ("contract", "قرارداد"), "delivery": ("delivery", "تحویل"),
    "licence": ("licence", "license", "پروانه", "مجوز"), "offer": ("offer", "پیشنهاد"),
    "product": ("product", "محصول"),
}  # fmt: skip


def read_row(place: str, cells: Mapping[str, str], lists: Lists) -> RowDraft:
    """Return what a row of named cells says. Cells are texts; missing ones are empty."""
    row = RowDraft(place)
    told = {name: _text(row, name, cells.get(name, "")) for name in cells}
    get: Callable[[str], str] = lambda name: told.get(name, "")
    row.national_id = _identifier(row, get("national_id"), get("kind"))
    row.ref = get("ref")[:60]
    row.name_fa, row.name_en = get("name_fa")[:160], get("name_en")[:160]
    row.email = _email(row, get("email"))
    row.profile = _profile(row, get, lists)
    for draft in (
        _capability(row, get),
        _product(get),
        _certificate(row, get),
        _evidence(row, get),
    ):
        if draft is not None:
            _add(row, draft)
    return row


def _text(row: RowDraft, name: str, value: str) -> str:
    if not value:
        return ""
    if "<" in value or "&" in value:
        if has_markup(value):
            row.note(
                name,
                gettext_noop("The text held HTML; it was taken out."),
                gettext_noop("Check that the rest still reads well."),
                text=value,
            )
        value = plain(value)
    else:
        value = plain(value)
    if value[:1] == "=" and len(value) > 1:
        row.note(
            name,
            gettext_noop("The cell holds a formula; it was taken as text."),
            gettext_noop("Write the value instead of the formula."),
            text=value,
        )
    if "\ufffd" in value:
        row.fault(
            name,
            gettext_noop("The text “{text}” cannot be read."),
            gettext_noop("Save the file as UTF-8 and send it again."),
            text=value,
        )
    return value


def _identifier(row: RowDraft, typed: str, kind: str) -> str:
    digits = re.sub(r"[\s\-.]", "", fold_digits(typed))
    if not digits:
        return ""
    if re.fullmatch(r"[0-9]+[eE][+]?[0-9]+", digits) or "E+" in typed.upper():
        row.fault(
            "national_id",
            gettext_noop("The spreadsheet has rounded the id “{text}”."),
            gettext_noop("Format the column as text and enter the digits again."),
            text=typed,
        )
    elif is_company_id(digits) or is_national_id(digits):
        return digits
    elif re.fullmatch(r"[0-9]{8,10}", digits) and (
        is_company_id(digits.zfill(11)) or is_national_id(digits.zfill(10))
    ):
        # A spreadsheet that takes ids for numbers drops their leading zeros.
        whole = digits.zfill(10)
        whole = whole if is_national_id(whole) else digits.zfill(11)
        row.note(
            "national_id",
            gettext_noop("Leading zeros were missing; they were added."),
            gettext_noop("Format the column as text."),
            text=typed,
        )
        return whole
    else:
        row.fault(
            "national_id",
            gettext_noop("“{text}” is not a national id: a digit is wrong or missing."),
            gettext_noop("Companies have eleven digits, persons ten; compare with the paper."),
            text=typed,
        )
    return ""


def _email(row: RowDraft, typed: str) -> str:
    if typed and not re.fullmatch(
        r"[^\s@<>\"']{1,64}@[^\s@<>\"']{1,180}\.[^\s@<>\"']{2,20}", typed
    ):
        row.note(
            "email",
            gettext_noop("“{text}” is not an e-mail address; it was left out."),
            gettext_noop("Write it like name@example.ir."),
            text=typed,
        )
        return ""
    return typed


def _choice(typed: str, names: Mapping[str, tuple[str, ...]]) -> str | None:
    key = compact_key(typed)
    return next((k for k, said in names.items() if key in map(compact_key, said)), None)


def _profile(row: RowDraft, get: Callable[[str], str], lists: Lists) -> ProfileDraft:
    if not row.name_fa and not row.name_en:
        row.fault(
            "name_fa",
            gettext_noop("The name is missing."),
            gettext_noop("Enter the registered name of the firm."),
        )
    kind = _choice(get("kind"), _KIND_NAMES) if get("kind") else "company"
    if kind is None or kind not in KINDS:
        row.fault(
            "kind",
            gettext_noop("The kind “{text}” is not known."),
            gettext_noop("Use company, knowledge_based, guild or freelancer."),
            text=get("kind"),
        )
        kind = "company"
    if row.national_id and (len(row.national_id) == 10) != (kind in PERSONAL):
        row.fault(
            "national_id",
            gettext_noop("The id “{text}” does not fit the kind."),
            gettext_noop("Companies have eleven digits, freelancers ten."),
            text=row.national_id,
        )
    field_key = lists.fields.get(compact_key(get("field")), "") if get("field") else ""
    if get("field") and not field_key:
        row.note(
            "field",
            gettext_noop("The field “{text}” is not in the list; it was left empty."),
            gettext_noop("Choose a field of the databank’s list."),
            text=get("field"),
        )
    code = lists.places.get(compact_key(get("place")), "") if get("place") else ""
    if get("place") and not code:
        row.fault(
            "place",
            gettext_noop("The place “{text}” is not in the list."),
            gettext_noop("Write the county or province as in the list of divisions, or its code."),
            text=get("place"),
        )
    draft = ProfileDraft(
        kind=kind, field=field_key, about_fa=get("about_fa"), about_en=get("about_en"),
        languages=_languages(row, get("languages")), exports=_yes(row, "exports", get("exports")),
        size_band=_size(row, get("size_band")), website=get("website"),
        is_shown=kind not in PERSONAL, places=(code,) if code else (),
    )  # fmt: skip
    for name, message in check_profile(draft, fields=frozenset({field_key})).items():
        row.fault(name, message, gettext_noop("Correct the cell."), text=get(name))
    return draft


def _languages(row: RowDraft, typed: str) -> tuple[str, ...]:
    parts = [part for part in re.split(r"[,;،/\s]+", typed.lower()) if part]
    unknown = [part for part in parts if part not in LANGUAGES]
    if unknown:
        row.note(
            "languages",
            gettext_noop("The language “{text}” is not known; it was left out."),
            gettext_noop("Use codes such as fa, en, az."),
            text=unknown[0],
        )
    return tuple(dict.fromkeys(part for part in parts if part in LANGUAGES))


def _yes(row: RowDraft, name: str, typed: str) -> bool | None:
    folded = fold_digits(typed).lower()
    if not folded or folded in YES | NO:
        return folded in YES if folded else None
    row.note(
        name,
        gettext_noop("“{text}” is neither yes nor no; it was left open."),
        gettext_noop("Write yes or no."),
        text=typed,
    )
    return None


def _size(row: RowDraft, typed: str) -> str:
    folded = fold_digits(typed).replace("–", "-").replace(" ", "")
    if not folded or folded in SIZES:
        return folded
    if re.fullmatch(r"[0-9]{1,6}", folded):
        count = int(folded)
        for band, most in zip(SIZES, (1, 9, 49, 249), strict=False):
            if count <= most:
                return band
        return SIZES[-1]
    row.note(
        "size_band",
        gettext_noop("The size “{text}” is not clear; it was left empty."),
        gettext_noop("Write the number of employees."),
        text=typed,
    )
    return ""


def _number(row: RowDraft, name: str, typed: str) -> Decimal | None:
    if not typed:
        return None
    try:
        number = Decimal(re.sub(r"[,\s٪%]", "", fold_number(typed)))
        if number.is_finite() and abs(number) < Decimal(10) ** 12:
            return number
    except InvalidOperation:
        pass
    row.fault(
        name,
        gettext_noop("“{text}” is not a number."),
        gettext_noop("Write digits only, without a unit."),
        text=typed,
    )
    return None


def _whole(row: RowDraft, name: str, typed: str) -> int | None:
    number = _number(row, name, typed)
    return None if number is None else int(number)


def _codes(row: RowDraft, typed: str) -> str:
    is_told = any(remark.column == "codes" for remark in row.remarks)
    for part in [] if is_told else bad_codes(typed)[:1]:
        row.note(
            "codes",
            gettext_noop("“{text}” is not a code; it was left out."),
            gettext_noop("Write isic:2930, hs:8708 or cpv:34300000."),
            text=part,
        )
    return codes(typed)


def _capability(row: RowDraft, get: Callable[[str], str]) -> CapabilityDraft | None:
    if not get("capability_fa") and not get("capability_en"):
        return None
    whole, number = partial(_whole, row), partial(_number, row)
    return CapabilityDraft(
        get("capability_fa")[:200] or get("capability_en")[:200], get("capability_en")[:200],
        text_fa=get("capability_text"), readiness=whole("readiness", get("readiness")),
        capacity=number("capacity", get("capacity")), capacity_unit=get("capacity_unit")[:40],
        domestic_percent=whole("domestic_percent", get("domestic_percent")),
        domestic_basis=get("domestic_basis")[:200], codes=_codes(row, get("codes")),
    )  # fmt: skip


def _product(get: Callable[[str], str]) -> ProductDraft | None:
    if not get("product_fa") and not get("product_en"):
        return None
    return ProductDraft(get("product_fa")[:200] or get("product_en")[:200], get("product_en")[:200])


def _certificate(row: RowDraft, get: Callable[[str], str]) -> CertificateDraft | None:
    if not get("certificate"):
        return None
    return CertificateDraft(
        get("certificate")[:160], get("certificate_number")[:60], get("certificate_issuer")[:160],
        valid_to=_date(row, "certificate_to", get("certificate_to")),
    )  # fmt: skip


def _evidence(row: RowDraft, get: Callable[[str], str]) -> EvidenceDraft | None:
    if not get("evidence_fa") and not get("evidence_en"):
        return None
    kind = _choice(get("evidence_kind"), _EVIDENCE_NAMES) if get("evidence_kind") else "contract"
    if kind is None or kind not in EVIDENCE:
        row.fault(
            "evidence_kind",
            gettext_noop("The kind “{text}” is not known."),
            gettext_noop("Use contract, delivery, licence, offer or product."),
            text=get("evidence_kind"),
        )
        kind = "contract"
    return EvidenceDraft(
        kind, get("evidence_fa"), get("evidence_en"), client=get("evidence_client")[:160],
        dated=_date(row, "evidence_date", get("evidence_date")), codes=_codes(row, get("codes")),
    )  # fmt: skip


def _date(row: RowDraft, name: str, typed: str) -> date | None:
    """Read a Jalali or Gregorian date in year, month, day; years before 1700 are Jalali."""
    if not typed:
        return None
    found = re.match(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ]|$)", fold_digits(typed))
    try:
        if found:
            year, month, day = map(int, found.groups())
            return jalali.parse(year, month, day) if year < 1700 else date(year, month, day)
    except (ValueError, jalali.ImpossibleDate, jalali.ImpossibleMonth, jalali.ImpossibleYear):
        pass
    row.fault(
        name,
        gettext_noop("“{text}” is not a date."),
        gettext_noop("Write year-month-day, such as 1404-08-19."),
        text=typed,
    )
    return None


_ENTRY_COLUMNS = {"title_fa": "capability_fa", "text_fa": "evidence_fa", "title": "certificate"}


def _add(row: RowDraft, draft: Entry) -> None:
    for name, message in check_entry(draft).items():
        row.fault(_ENTRY_COLUMNS.get(name, name), message, gettext_noop("Correct the cell."))
    row.entries.append(draft)


def entry_key(draft: EvidenceDraft) -> str:
    """Return the digest by which the same item, imported again, is known."""
    told = "|".join((draft.kind, compact_key(draft.text_fa), compact_key(draft.text_en),
                     str(draft.dated or "")))  # fmt: skip
    return blake2b(clean(told).encode(), digest_size=16).hexdigest()
