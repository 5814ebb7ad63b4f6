"""Which columns may a file of firms have, and under which names in either language?"""

from __future__ import annotations

from payvand.kernel.text import compact_key

# name: what the first row may call it, compared without spaces, ZWNJ and Arabic letters
NAMES: dict[str, tuple[str, ...]] = {
    "national_id": ("national_id", "national id", "company id", "شناسهٔ ملی", "شناسه ملی", "کد ملی"),
    "ref": ("ref", "reference", "row id", "شماره ردیف", "کد در منبع"),
    "name_fa": ("name_fa", "name", "نام", "نام شرکت", "نام واحد", "نام فارسی"),
    "name_en": ("name_en", "english name", "نام انگلیسی"),
    "kind": ("kind", "type", "نوع", "نوع فعال"),
    "place": ("place", "county", "province", "شهرستان", "استان", "محل"),
    "field": ("field", "industry", "زمینه", "زمینهٔ کار", "رشتهٔ فعالیت", "زمینه فعالیت"),
    "about_fa": ("about_fa", "about", "معرفی", "دربارهٔ ما"),
    "about_en": ("about_en", "english about", "معرفی انگلیسی"),
    "size_band": ("size", "size_band", "employees", "اندازه", "تعداد کارکنان"),
    "languages": ("languages", "زبان‌ها", "زبان"),
    "exports": ("exports", "export", "صادرات", "صادرکننده"),
    "website": ("website", "وبگاه", "نشانی وبگاه"),
    "email": ("email", "e-mail", "رایانامه", "ایمیل"),
    "capability_fa": ("capability_fa", "capability", "توانمندی", "توان فنی"),
    "capability_en": ("capability_en", "توانمندی انگلیسی"),
    "capability_text": ("capability_text", "شرح توانمندی"),
    "readiness": ("readiness", "trl", "سطح آمادگی", "سطح آمادگی فناوری"),
    "capacity": ("capacity", "monthly capacity", "ظرفیت", "ظرفیت ماهانه"),
    "capacity_unit": ("capacity_unit", "unit", "واحد", "واحد ظرفیت"),
    "domestic_percent": ("domestic_percent", "domestic share", "سهم داخلی", "درصد ساخت داخل"),
    "domestic_basis": ("domestic_basis", "basis", "مبنای سهم داخلی", "مبنا"),
    "codes": ("codes", "code", "کدها", "کد"),
    "product_fa": ("product_fa", "product", "محصول", "کالا"),
    "product_en": ("product_en", "محصول انگلیسی"),
    "certificate": ("certificate", "گواهی", "گواهینامه", "گواهی‌نامه"),
    "certificate_number": ("certificate_number", "شمارهٔ گواهی"),
    "certificate_issuer": ("certificate_issuer", "صادرکنندهٔ گواهی"),
    "certificate_to": ("certificate_to", "اعتبار گواهی", "اعتبار تا"),
    "evidence_kind": ("evidence_kind", "نوع سابقه"),
    "evidence_fa": ("evidence_fa", "evidence", "سابقه", "شرح سابقه", "قرارداد"),
    "evidence_en": ("evidence_en", "سابقهٔ انگلیسی"),
    "evidence_client": ("evidence_client", "client", "کارفرما", "مشتری"),
    "evidence_date": ("evidence_date", "تاریخ سابقه", "تاریخ"),
}
NEEDED = ("name_fa",)
# What a firm may send of itself: entries, never its name, place or kind
ENTRIES = tuple(name for name in NAMES if name.startswith(("cap", "readiness", "domestic", "codes",
                                                           "product", "certificate",
                                                           "evidence")))  # fmt: skip
COLUMNS = tuple(NAMES)
_KNOWN = {compact_key(alias): name for name, aliases in NAMES.items() for alias in aliases}


def column(heading: str) -> str | None:
    """Return which column a heading means; None when it is not one of ours.

    >>> column("شناسه ملی"), column("National ID"), column("weather")
    ('national_id', 'national_id', None)
    """
    return _KNOWN.get(compact_key(heading))
