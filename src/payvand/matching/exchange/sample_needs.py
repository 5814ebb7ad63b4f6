"""What do sample buyers look for? Invented needs of a car industry and of offices, said as such."""

from __future__ import annotations

from typing import NamedTuple

# Requirements are written: weight|kind|value|words
CERT = "e|certificate|IATF 16949|گواهی مدیریت کیفیت خودرو دارد"
ISO = "n|certificate|ISO 9001|گواهی ISO 9001 دارد"
WORK = "e|work|1|دست‌کم یک تحویل یا قرارداد گذشته"
TRL7 = "e|readiness|7|فناوری دست‌کم در سطح ۷ آماده است"
HOME = "n|domestic|60|سهم ساخت داخل دست‌کم ۶۰ درصد"

# The words of the requirements in English
IN_ENGLISH = {
    "گواهی مدیریت کیفیت خودرو دارد": "Holds the quality certificate of the car industry",
    "گواهی ISO 9001 دارد": "Holds ISO 9001",
    "دست‌کم یک تحویل یا قرارداد گذشته": "At least one delivery or contract so far",
    "فناوری دست‌کم در سطح ۷ آماده است": "The technology is ready at level 7 or above",
    "سهم ساخت داخل دست‌کم ۶۰ درصد": "A domestic share of at least 60 percent",
    "کارگاه ریخته‌گری دارد": "Has a foundry",
    "نمونهٔ کار آزموده دارد": "Has a sample that was tested",
    "برای خودرو کار کرده است": "Has worked for cars",
    "آزمایشگاه تأییدشده دارد": "Has an accredited laboratory",
    "شرکت نرم‌افزاری است": "Is a software firm",
    "گواهی امنیت اطلاعات دارد": "Holds the certificate of information security",
    "سازندهٔ تجهیزات پزشکی است": "Makes medical devices",
    "گواهی تجهیزات پزشکی دارد": "Holds the certificate of medical devices",
    "سازندهٔ تجهیزات برقی است": "Makes electrical equipment",
    "کارگاه سنگ دارد": "Has a stone workshop",
    "شیشه‌ساز است": "Makes glass",
}


class Sample(NamedTuple):
    """One sample need. buyer: index of a sample buyer. ago: days since it was written."""

    buyer: int
    title: tuple[str, str]
    text: str
    field: str
    amount: tuple[int, str]
    requirements: tuple[str, ...]
    state: str
    ago: int
    billions: tuple[int, int]  # rials, from and up to


CARS: tuple[Sample, ...] = (
    Sample(0, ("لنت ترمز بدون آزبست برای سواری", "Asbestos-free brake pads for passenger cars"),
           "لنتی می‌خواهیم که در سرازیری داغ نشود و صدا ندهد.", "automotive", (60000, "دست"),
           (CERT, TRL7, HOME), "open", 12, (40, 70)),
    Sample(0, ("رادیاتور آلومینیومی موتور", "Aluminium engine radiator"),
           "خنک‌کنندهٔ سبک برای موتور هزار و ششصد.", "automotive", (25000, "دستگاه"),
           (CERT, WORK), "open", 20, (90, 120)),
    Sample(0, ("دسته‌سیم موتور", "Engine wiring harness"),
           "دسته‌سیم کامل موتور با سوکت ضدآب.", "automotive", (30000, "دست"),
           (WORK, HOME), "open", 9, (60, 80)),
    Sample(0, ("ریخته‌گری پوستهٔ گیربکس", "Casting of gearbox housings"),
           "پوستهٔ چدنی یا آلومینیومی، ماشین‌کاری‌شده و آمادهٔ مونتاژ.", "metal", (12000, "عدد"),
           (ISO, "e|field|metal|کارگاه ریخته‌گری دارد"), "open", 30, (150, 200)),
    Sample(0, ("قالب تزریق داشبورد", "Injection mould for a dashboard"),
           "طراحی و ساخت قالب دو حفره با عمر پانصد هزار ضرب.", "machinery", (2, "دست"),
           ("e|readiness|8|نمونهٔ کار آزموده دارد", WORK), "awarded", 210, (80, 110)),
    Sample(0, ("سپر پلیمری رنگ‌شده", "Painted polymer bumper"),
           "سپر جلو و عقب با رنگ هم‌سان بدنه.", "polymer", (20000, "دست"),
           (HOME, "e|work|1|برای خودرو کار کرده است"), "open", 15, (70, 100)),
    Sample(1, ("برد کنترل کیسهٔ هوا", "Airbag control board"),
           "برد الکترونیکی که در برخورد در چند هزارم ثانیه فرمان می‌دهد.", "electronics",
           (15000, "عدد"), ("e|certificate|ISO/IEC 17025|آزمایشگاه تأییدشده دارد", TRL7), "open",
           26, (120, 160)),
    Sample(1, ("حسگر فشار باد تایر", "Tyre pressure sensors"),
           "حسگر بی‌سیم با باتری پنج‌ساله.", "electronics", (80000, "عدد"), (TRL7,), "open", 6,
           (50, 75)),
    Sample(1, ("نرم‌افزار پایش خط رنگ", "Monitoring software for a paint line"),
           "داده‌های خط رنگ را بگیرد و پیش از خرابی هشدار دهد.", "ict", (1, "پروژه"),
           ("e|field|ict|شرکت نرم‌افزاری است", "n|certificate|ISO 27001|گواهی امنیت اطلاعات دارد"),
           "closed", 75, (20, 35)),
    Sample(1, ("نوار آب‌بندی در", "Door weather strip"),
           "نوار لاستیکی که در سرما خشک نشود.", "polymer", (200000, "متر"), (WORK,), "open", 18,
           (15, 25)),
    Sample(1, ("دیسک و کاسهٔ چرخ", "Brake discs and drums"),
           "دیسک چدنی با لنگی کمتر از پنج صدم میلی‌متر.", "metal", (40000, "عدد"), (CERT,), "open",
           22, (65, 90)),
    Sample(2, ("کمک‌فنر گازی", "Gas shock absorbers"),
           "کمک‌فنر جلو برای جاده‌های کوهستانی.", "automotive", (18000, "جفت"), (CERT, WORK),
           "awarded", 300, (100, 140)),
    Sample(2, ("باتری استارت سربی بدون نگهداری", "Maintenance-free starter batteries"),
           "باتری شصت آمپر با ضمانت دو ساله.", "electrical", (50000, "دستگاه"), (ISO, WORK),
           "open", 11, (110, 150)),
    Sample(2, ("بسته‌بندی برگشت‌پذیر قطعه", "Returnable packaging for parts"),
           "سبد پلاستیکی که روی هم چیده شود و تاب بیاورد.", "polymer", (9000, "عدد"), (TRL7, HOME),
           "frozen", 4, (8, 14)),
    Sample(2, ("پیچ و مهرهٔ استحکام بالا", "High-strength bolts and nuts"),
           "پیچ درجهٔ ۱۰٫۹ با پوشش ضد خوردگی.", "metal", (900000, "عدد"), (ISO,), "draft", 2,
           (30, 45)),
)  # fmt: skip

OFFICES: tuple[Sample, ...] = (
    Sample(3, ("تختخواب برقی بیمارستان", "Electric hospital beds"),
           "تخت سه شکن با نردهٔ کناری و ترمز مرکزی.", "pharma", (120, "دستگاه"),
           ("e|field|pharma|سازندهٔ تجهیزات پزشکی است",
            "e|certificate|ISO 13485|گواهی تجهیزات پزشکی دارد"),
           "open", 14, (60, 90)),
    Sample(3, ("نگهداری سامانهٔ نوبت‌دهی", "Maintenance of the appointment system"),
           "پشتیبانی شبانه‌روزی و امنیت داده‌های بیماران.", "ict", (1, "سال"),
           ("e|field|ict|شرکت نرم‌افزاری است", "n|certificate|ISO 27001|گواهی امنیت اطلاعات دارد"),
           "closed", 60, (12, 18)),
    Sample(4, ("چراغ خیابانی کم‌مصرف", "Energy-saving street lights"),
           "چراغ با نور گرم و بدنهٔ ضد آب.", "electrical", (3500, "عدد"),
           ("e|field|electrical|سازندهٔ تجهیزات برقی است", WORK, HOME), "open", 10, (50, 65)),
    Sample(4, ("سنگ جدول و کف‌پوش", "Kerb stones and paving"),
           "سنگ مقاوم در یخ‌بندان برای پیاده‌رو.", "stone", (18000, "متر"),
           ("e|field|stone|کارگاه سنگ دارد",), "awarded", 240, (20, 30)),
)  # fmt: skip

# Fields that nobody in the sample provinces serves: something to build or to attract
GAPS: tuple[Sample, ...] = (
    Sample(1, ("شیشهٔ ایمنی جلو", "Laminated windscreens"),
           "شیشهٔ دولایه با نوار آفتاب‌گیر.", "materials", (22000, "عدد"),
           ("e|field|materials|شیشه‌ساز است", WORK), "open", 33,
           (85, 110)),
)  # fmt: skip

QUESTIONS = (
    ("آیا آزمون پذیرش در کارخانهٔ خریدار است یا در آزمایشگاه بیرون؟",
     "در آزمایشگاه تأییدشدهٔ بیرون؛ هزینهٔ آن با خریدار است."),
    ("پیش‌پرداخت چند درصد است؟", "بیست درصد، در برابر ضمانت‌نامه."),
    ("آیا تحویل در چند نوبت پذیرفته است؟", ""),
)  # fmt: skip
