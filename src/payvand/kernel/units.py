"""In which units are amounts told, in both languages, and under which code of trade?

Pure. Codes are those of UN/ECE Recommendation 20 (units of measure); what has none there keeps a
name of ours in small letters. Any other unit may be written freely and is shown as it was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from payvand.kernel.text import clean, compact_key

# code | Persian | English, several | English, one | other names
_TABLE = """
H87|عدد|pieces|piece|دانه,قطعه,تا,pcs,pc,no.,PCE
C62|واحد|units|unit|one
device|دستگاه|units|unit|device,devices
SET|دست|sets|set|ست
PR|جفت|pairs|pair|زوج
DZN|دوجین|dozens|dozen|
NMP|بسته|packs|pack|packages,package
KGM|کیلوگرم|kilograms|kilogram|کیلو,kg
GRM|گرم|grams|gram|g
TNE|تن|tonnes|tonne|تُن,ton,tons,t,metric ton
LTR|لیتر|litres|litre|liter,liters,l
MLT|میلی‌لیتر|millilitres|millilitre|سی‌سی,ml,cc
MTR|متر|metres|metre|متر طول,meter,meters,m
KMT|کیلومتر|kilometres|kilometre|km
MTK|متر مربع|square metres|square metre|مترمربع,m2,m²,sqm
HAR|هکتار|hectares|hectare|ha
MTQ|متر مکعب|cubic metres|cubic metre|مترمکعب,m3,m³
KWT|کیلووات|kilowatts|kilowatt|kW
MAW|مگاوات|megawatts|megawatt|MW
KVA|کیلوولت‌آمپر|kilovolt-amperes|kilovolt-ampere|kVA
KWH|کیلووات‌ساعت|kilowatt-hours|kilowatt-hour|kWh
MWH|مگاوات‌ساعت|megawatt-hours|megawatt-hour|MWh
HUR|ساعت|hours|hour|h
LH|نفرساعت|person-hours|person-hour|نفر ساعت,labour hour,man-hour,man-hours
DAY|روز|days|day|
MON|ماه|months|month|
ANN|سال|years|year|
IE|نفر|persons|person|people
E48|خدمت|services|service|service unit
project|پروژه|projects|project|
"""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of quantity in both languages."""

    code: str  # of UN/ECE Recommendation 20; in small letters where the name is ours
    fa: str
    en: str  # of several
    en_one: str

    @property
    def is_common(self) -> bool:
        """Has the world's trade a code for it?"""
        return self.code.isupper()

    def named(self, lang: str, amount: Decimal | int | None = None) -> str:
        """Return the name in a language; English tells one from several."""
        if lang == "fa":
            return self.fa
        return self.en_one if amount == 1 else self.en


def _read() -> tuple[list[Unit], dict[str, Unit]]:
    units: list[Unit] = []
    known: dict[str, Unit] = {}
    for line in _TABLE.strip().splitlines():
        code, fa, en, en_one, also = line.split("|")
        one = Unit(code, fa, en, en_one)
        units.append(one)
        for name in (code, fa, en, en_one, *also.split(",")):
            if name:
                known.setdefault(_key(name), one)
    return units, known


def _key(name: str) -> str:
    return compact_key(name.replace("²", "2").replace("³", "3"))


def unit_of(text: str) -> Unit | None:
    """Return the unit that a code or a name in either language means; None for any other.

    >>> [one.code if one else None for one in map(unit_of, ("تن", "Kg", "متر  مربع", "m²", "راس"))]
    ['TNE', 'KGM', 'MTK', 'MTK', None]
    """
    return KNOWN.get(_key(text)) if text else None


def stored(text: str) -> str:
    """Return how a unit is kept: by its code, or as it was written where it has none.

    >>> stored("کیلو"), stored("رأس دام")
    ('KGM', 'رأس دام')
    """
    found = unit_of(text)
    return found.code if found else clean(text)


def named(text: str, lang: str, amount: Decimal | int | None = None) -> str:
    """Return a kept unit in words; one that was written freely stays as it is.

    >>> named("TNE", "fa"), named("تن", "en", 12), named("TNE", "en", 1), named("رأس دام", "en")
    ('تن', 'tonnes', 'tonne', 'رأس دام')
    """
    found = unit_of(text)
    return found.named(lang, amount) if found else text


UNITS, KNOWN = _read()
