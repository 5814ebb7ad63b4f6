"""What do the sample firms make, how, and for whom? Plain words of each field, in both languages.

Products and processes are real words of the trade, so that searching the sample makes sense; firms,
persons and clients are invented and say so.
"""

from __future__ import annotations

from typing import NamedTuple

Both = tuple[str, str]


class Trade(NamedTuple):
    """One field of work: its products, processes and clients."""

    key: str  # of registry's fields of work
    noun: Both  # how firms of the trade call themselves
    isic: str
    hs: str
    unit: Both
    items: tuple[Both, ...]
    ways: tuple[Both, ...]
    clients: tuple[Both, ...]
    weight: tuple[int, int]  # how many firms in Lorestan, East Azerbaijan


def _pairs(text: str) -> tuple[Both, ...]:
    found = []
    for line in text.strip().split("؛"):
        fa, _, en = line.strip().partition("=")
        found.append((fa.strip(), en.strip()))
    return tuple(found)


PIECE, TONNE, METRE = ("عدد", "pieces"), ("تن", "tonnes"), ("متر مربع", "square metres")
PROJECT = ("پروژه", "projects")

TRADES = (
    Trade(
        "automotive",
        ("قطعه‌سازی", "Auto Parts"),
        "2930",
        "8708",
        PIECE,
        _pairs(
            "دیسک ترمز=brake discs؛ کاسهٔ ترمز=brake drums؛ لنت ترمز=brake pads؛ "
            "سیبک فرمان=ball joints؛ دستهٔ موتور=engine mounts؛ رادیاتور=radiators؛ "
            "دسته‌سیم=wiring harnesses؛ چراغ جلو=headlamps؛ سپر پلاستیکی=plastic bumpers؛ "
            "شیلنگ سوخت=fuel hoses؛ پمپ آب موتور=engine water pumps؛ "
            "واشر سرسیلندر=cylinder head gaskets؛ فنر تعلیق=suspension springs؛ "
            "کمک‌فنر=shock absorbers؛ صفحهٔ کلاچ=clutch plates؛ پیستون=pistons؛ "
            "شیشه‌بالابر=window regulators؛ کیسهٔ هوا=airbags"
        ),
        _pairs(
            "ریخته‌گری=casting؛ ماشین‌کاری CNC=CNC machining؛ تزریق پلاستیک=injection moulding؛ "
            "پرس‌کاری=press forming؛ جوش رباتیک=robotic welding؛ پخت لاستیک=rubber curing"
        ),
        _pairs(
            "یک خودروساز=a car maker؛ یک سازندهٔ کامیون=a truck maker؛ "
            "یک زنجیرهٔ خدمات پس از فروش=an after-sales network"
        ),
        (20, 46),
    ),
    Trade(
        "machinery",
        ("ماشین‌سازی", "Machinery"),
        "2822",
        "8457",
        PIECE,
        _pairs(
            "گیربکس صنعتی=industrial gearboxes؛ پمپ سانتریفیوژ=centrifugal pumps؛ "
            "نوار نقاله=conveyor belts؛ جرثقیل سقفی=overhead cranes؛ دستگاه تراش=lathes؛ "
            "پرس هیدرولیک=hydraulic presses؛ کمپرسور هوا=air compressors؛ یاتاقان=bearings؛ "
            "قالب تزریق=injection moulds؛ قالب برش=cutting dies؛ شیر صنعتی=industrial valves؛ "
            "مبدل حرارتی=heat exchangers؛ تراکتور باغی=orchard tractors"
        ),
        _pairs(
            "طراحی و ساخت=design and manufacture؛ ماشین‌کاری پنج‌محوره=five-axis machining؛ "
            "مهندسی معکوس=reverse engineering؛ بازسازی=overhaul"
        ),
        _pairs(
            "یک کارخانهٔ سیمان=a cement plant؛ یک پالایشگاه=a refinery؛ "
            "یک کارخانهٔ فولاد=a steel works؛ یک معدن=a mine"
        ),
        (18, 44),
    ),
    Trade(
        "metal",
        ("ریخته‌گری", "Foundry"),
        "2431",
        "7325",
        TONNE,
        _pairs(
            "قطعهٔ چدنی=cast-iron parts؛ قطعهٔ فولادی ضدسایش=wear-resistant steel parts؛ "
            "شمش آلومینیوم=aluminium ingots؛ گلولهٔ آسیاب=grinding balls؛ "
            "لولهٔ چدنی=cast-iron pipes؛ میلگرد=reinforcing bars؛ سازهٔ فلزی=steel structures؛ "
            "مخزن تحت فشار=pressure vessels؛ پیچ و مهره=bolts and nuts؛ پروفیل=steel profiles"
        ),
        _pairs(
            "ریخته‌گری القایی=induction casting؛ آهنگری=forging؛ عملیات حرارتی=heat treatment؛ "
            "گالوانیزه=hot-dip galvanising؛ برش لیزر=laser cutting"
        ),
        _pairs(
            "یک کارخانهٔ سیمان=a cement plant؛ یک پیمانکار ساختمان=a building contractor؛ "
            "یک راه‌آهن=a railway"
        ),
        (26, 30),
    ),
    Trade(
        "food",
        ("صنایع غذایی", "Foods"),
        "1030",
        "2002",
        TONNE,
        _pairs(
            "رب گوجه‌فرنگی=tomato paste؛ کنسرو حبوبات=canned pulses؛ پنیر=cheese؛ "
            "شکلات=chocolate؛ عسل=honey؛ آرد=flour؛ روغن گیاهی=vegetable oil؛ "
            "خشکبار=dried fruit and nuts؛ آب معدنی=mineral water؛ خوراک دام=animal feed؛ "
            "گوشت مرغ=chicken meat؛ ماهی قزل‌آلا=trout؛ آب‌میوه=fruit juice؛ بیسکویت=biscuits"
        ),
        _pairs(
            "بسته‌بندی بهداشتی=hygienic packaging؛ خشک‌کردن=drying؛ انجماد سریع=quick freezing؛ "
            "پاستوریزه=pasteurising"
        ),
        _pairs(
            "یک فروشگاه زنجیره‌ای=a retail chain؛ یک بیمارستان=a hospital؛ یک صادرکننده=an exporter"
        ),
        (44, 40),
    ),
    Trade(
        "stone",
        ("سنگ‌بری", "Stone"),
        "2396",
        "6802",
        METRE,
        _pairs(
            "سنگ تراورتن=travertine؛ سنگ مرمریت=marble؛ سنگ گرانیت=granite؛ "
            "سنگ چینی=crystal marble؛ سنگ پله=stone steps؛ سنگ نما=facade stone؛ "
            "سنگ مصنوعی=engineered stone؛ موزاییک سنگی=stone mosaic"
        ),
        _pairs(
            "برش اره‌ای=gang sawing؛ پرداخت و صیقل=polishing؛ برش واترجت=waterjet cutting؛ "
            "استخراج سیم‌برش=wire-saw quarrying"
        ),
        _pairs(
            "یک پیمانکار ساختمان=a building contractor؛ یک هتل=a hotel؛ یک شهرداری=a municipality"
        ),
        (42, 14),
    ),
    Trade(
        "petrochemical",
        ("پتروشیمی", "Petrochem"),
        "2013",
        "3901",
        TONNE,
        _pairs(
            "پلی‌اتیلن سنگین=high-density polyethylene؛ پلی‌استایرن=polystyrene؛ قیر=bitumen؛ "
            "روغن صنعتی=industrial oil؛ کاتالیست=catalysts؛ حلال=solvents؛ کود اوره=urea؛ "
            "رزین اپوکسی=epoxy resin؛ ضدیخ=antifreeze"
        ),
        _pairs(
            "پلیمریزاسیون=polymerisation؛ تقطیر=distillation؛ آمیزه‌سازی=compounding؛ "
            "دانه‌بندی=granulation"
        ),
        _pairs(
            "یک پتروشیمی=a petrochemical plant؛ یک کارخانهٔ لوله=a pipe maker؛ "
            "یک پیمانکار راه=a road contractor"
        ),
        (12, 26),
    ),
    Trade(
        "polymer",
        ("پلیمر", "Polymer"),
        "2220",
        "3917",
        TONNE,
        _pairs(
            "لولهٔ پلی‌اتیلن=polyethylene pipes؛ فیلم گلخانه=greenhouse film؛ "
            "ظرف یک‌بارمصرف=disposable tableware؛ قطعهٔ لاستیکی=rubber parts؛ اورینگ=O-rings؛ "
            "پروفیل در و پنجره=window profiles؛ نخ پلی‌استر=polyester yarn؛ "
            "عایق لاستیکی=rubber insulation"
        ),
        _pairs("اکستروژن=extrusion؛ تزریق=injection؛ دمش=blow moulding؛ بازیافت=recycling"),
        _pairs(
            "یک شرکت آبفا=a water company؛ یک گلخانه‌دار=a greenhouse owner؛ "
            "یک سازندهٔ لوازم خانگی=a home-appliance maker"
        ),
        (18, 20),
    ),
    Trade(
        "ict",
        ("فناوری اطلاعات", "Software"),
        "6201",
        "8471",
        PROJECT,
        _pairs(
            "سامانهٔ حسابداری=accounting software؛ "
            "سامانهٔ مدیریت انبار=warehouse management systems؛ "
            "سامانهٔ نوبت‌دهی=appointment systems؛ "
            "نرم‌افزار تولید و نگهداری=production and maintenance software؛ "
            "برنامهٔ موبایل=mobile apps؛ پایش اینترنت اشیا=IoT monitoring؛ "
            "بینایی ماشین=machine vision؛ مرکز داده=data centres؛ "
            "شبکهٔ فیبر نوری=optical-fibre networks؛ امنیت شبکه=network security؛ "
            "سامانهٔ جغرافیایی=geographic information systems؛ درگاه پرداخت=payment gateways"
        ),
        _pairs(
            "طراحی و پیاده‌سازی=design and implementation؛ پشتیبانی=support؛ "
            "یکپارچه‌سازی=integration؛ آزمون نفوذ=penetration testing"
        ),
        _pairs(
            "یک بیمارستان=a hospital؛ یک شهرداری=a municipality؛ "
            "یک کارخانهٔ قطعه‌سازی=an auto-parts maker؛ یک بانک=a bank؛ یک دانشگاه=a university"
        ),
        (40, 56),
    ),
    Trade(
        "electrical",
        ("تابلوسازی", "Switchgear"),
        "2710",
        "8537",
        PIECE,
        _pairs(
            "تابلو برق فشار ضعیف=low-voltage switchboards؛ "
            "ترانسفورماتور توزیع=distribution transformers؛ کابل برق=power cables؛ "
            "کابل فیبر نوری=optical-fibre cables؛ الکتروموتور=electric motors؛ "
            "چراغ LED=LED lights؛ یو‌پی‌اس=UPS units؛ کنتور هوشمند=smart meters"
        ),
        _pairs(
            "مونتاژ و سیم‌کشی=assembly and wiring؛ سیم‌پیچی=coil winding؛ آزمون نوعی=type testing"
        ),
        _pairs(
            "یک شرکت توزیع برق=a power distribution company؛ یک شهرک صنعتی=an industrial town؛ "
            "یک کارخانهٔ فولاد=a steel works"
        ),
        (14, 24),
    ),
    Trade(
        "electronics",
        ("الکترونیک", "Electronics"),
        "2651",
        "9032",
        PIECE,
        _pairs(
            "کنترل‌کنندهٔ منطقی=programmable controllers؛ حسگر دما=temperature sensors؛ "
            "فلومتر=flow meters؛ برد الکترونیکی=electronic boards؛ ردیاب خودرو=vehicle trackers؛ "
            "دزدگیر=alarm systems؛ ترازوی صنعتی=industrial scales"
        ),
        _pairs(
            "طراحی برد=board design؛ مونتاژ سطحی=surface-mount assembly؛ کالیبراسیون=calibration"
        ),
        _pairs("یک پالایشگاه=a refinery؛ یک خودروساز=a car maker؛ یک آزمایشگاه=a laboratory"),
        (8, 18),
    ),
    Trade(
        "pharma",
        ("تجهیزات پزشکی", "Medical"),
        "3250",
        "9018",
        PIECE,
        _pairs(
            "تخت بیمارستانی=hospital beds؛ ماسک پزشکی=medical masks؛ "
            "ایمپلنت دندان=dental implants؛ ست سرم=infusion sets؛ "
            "دستگاه اکسیژن‌ساز=oxygen concentrators؛ داروی گیاهی=herbal medicines؛ "
            "کیت تشخیص=diagnostic kits؛ ویلچر=wheelchairs"
        ),
        _pairs("تولید در اتاق تمیز=clean-room production؛ استریل=sterilising؛ نگهداری=maintenance"),
        _pairs(
            "یک بیمارستان=a hospital؛ یک دانشگاه علوم پزشکی=a university of medical sciences؛ "
            "یک درمانگاه=a clinic"
        ),
        (12, 14),
    ),
    Trade(
        "leather",
        ("چرم", "Leather"),
        "1520",
        "6403",
        PIECE,
        _pairs(
            "کفش چرمی=leather shoes؛ کفش ایمنی=safety shoes؛ چرم گاوی=cow leather؛ کیف=bags؛ "
            "کمربند=belts؛ روکش صندلی خودرو=car seat covers"
        ),
        _pairs("دوخت دستی=hand stitching؛ دباغی=tanning؛ تزریق زیره=sole injection"),
        _pairs("یک فروشگاه زنجیره‌ای=a retail chain؛ یک کارخانه=a factory؛ یک خودروساز=a car maker"),
        (4, 30),
    ),
    Trade(
        "carpet",
        ("فرش", "Carpets"),
        "1393",
        "5701",
        METRE,
        _pairs(
            "فرش دست‌بافت=hand-knotted carpets؛ گلیم=kilims؛ فرش ماشینی=machine-made carpets؛ "
            "تابلوفرش=pictorial rugs؛ ورشوسازی=nickel-silver ware؛ نخ پشمی=wool yarn"
        ),
        _pairs("رنگرزی گیاهی=natural dyeing؛ بافت=weaving؛ طراحی نقشه=pattern design"),
        _pairs("یک صادرکننده=an exporter؛ یک هتل=a hotel؛ یک فروشگاه=a shop"),
        (16, 22),
    ),
    Trade(
        "energy",
        ("انرژی", "Energy"),
        "3510",
        "8541",
        PROJECT,
        _pairs(
            "نیروگاه خورشیدی پشت‌بامی=rooftop solar plants؛ بازرسی انرژی=energy audits؛ "
            "دیگ بخار=steam boilers؛ سامانهٔ بازیافت گرما=heat-recovery systems؛ "
            "باتری ذخیره=storage batteries؛ مشعل صنعتی=industrial burners؛ "
            "توربین بادی کوچک=small wind turbines"
        ),
        _pairs(
            "طراحی و نصب=design and installation؛ پایش از راه دور=remote monitoring؛ "
            "بهره‌برداری=operation"
        ),
        _pairs(
            "یک شهرک صنعتی=an industrial town؛ یک مدرسه=a school؛ یک کارخانهٔ سیمان=a cement plant"
        ),
        (14, 14),
    ),
)

# Two halves of an invented name; together more than there are sample firms.
HEADS = _pairs(
    "آذر=Azar؛ آرا=Ara؛ بام=Bam؛ بهین=Behin؛ پارس=Pars؛ پرتو=Parto؛ تاب=Tab؛ توان=Tavan؛ "
    "جهان=Jahan؛ خرم=Khoram؛ دانا=Dana؛ دنا=Dena؛ راد=Rad؛ رخش=Rakhsh؛ زاگ=Zag؛ "
    "زرین=Zarrin؛ سبلان=Sabalan؛ سپهر=Sepehr؛ سهند=Sahand؛ شایان=Shayan؛ شهاب=Shahab؛ "
    "فراز=Faraz؛ کیان=Kian؛ گهر=Gohar؛ لر=Lor؛ مهر=Mehr؛ نوین=Novin؛ نیک=Nik؛ "
    "ورنا=Verna؛ هیرمان=Hirman"
)
TAILS = _pairs(
    "آزما=azma؛ آفرین=afarin؛ بنیان=bonyan؛ پایا=paya؛ پژوه=pazhuh؛ پویا=puya؛ "
    "تراش=tarash؛ تک=tak؛ جویان=juyan؛ دژ=dezh؛ رایان=rayan؛ رسان=rasan؛ ساخت=sakht؛ "
    "سازان=sazan؛ سنج=sanj؛ صدر=sadr؛ فن=fan؛ کاران=karan؛ کاوش=kavosh؛ گستر=gostar؛ "
    "مند=mand؛ نگار=negar؛ نما=nama؛ ورز=varz؛ یاران=yaran"
)
CERTIFICATES = (
    ("ISO 9001", ("automotive", "machinery", "metal", "electrical", "polymer", "petrochemical")),
    ("IATF 16949", ("automotive",)),
    ("ISO 22000", ("food",)),
    ("HACCP", ("food",)),
    ("ISO 13485", ("pharma",)),
    ("ISO 27001", ("ict",)),
    ("ISO 14001", ("petrochemical", "stone")),
    ("ISO 50001", ("energy",)),
    ("ISO/IEC 17025", ("electronics", "electrical")),
)
CLUSTERS = _pairs(
    "کفش و چرم=shoes and leather؛ قطعات خودرو=car parts؛ ماشین‌سازی=machinery؛ "
    "فرش دست‌بافت=hand-knotted carpets؛ شیرینی و شکلات=confectionery؛ "
    "خشکبار=dried fruit؛ سنگ ساختمانی=building stone؛ نرم‌افزار=software؛ "
    "پوشاک=clothing؛ مبلمان=furniture؛ لبنیات=dairy؛ تجهیزات پزشکی=medical devices؛ "
    "پلاستیک=plastics؛ ریخته‌گری=casting؛ گیاهان دارویی=medicinal plants؛ عسل=honey؛ "
    "برق و الکترونیک=electrics and electronics؛ بسته‌بندی=packaging؛ "
    "سفال و سرامیک=pottery and ceramics؛ ماهی سردآبی=trout؛ گلیم و ورنی=kilims؛ "
    "پمپ و شیر=pumps and valves"
)
FIELD_OF_CLUSTER = (
    "leather",
    "automotive",
    "machinery",
    "carpet",
    "food",
    "food",
    "stone",
    "ict",
    "textile",
    "wood",
    "food",
    "pharma",
    "polymer",
    "metal",
    "agriculture",
    "agriculture",
    "electrical",
    "packaging",
    "materials",
    "agriculture",
    "carpet",
    "machinery",
)
