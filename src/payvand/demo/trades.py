"""What do the sample firms make, how, and for whom? Plain words of each field, in both languages.

Products and processes are real words of the trade, so that searching the sample makes sense; firms,
persons and clients are invented and say so.
"""

from __future__ import annotations

from typing import NamedTuple

Both = tuple[str, str]
Item = tuple[str, str, str]  # Persian, English, the numbers of the ways that fit; none: all


class Trade(NamedTuple):
    """One field of work: its products, processes and clients."""

    key: str  # of registry's fields of work
    noun: Both  # how firms of the trade call themselves
    isic: str
    hs: str
    unit: Both
    items: tuple[Item, ...]
    ways: tuple[Both, ...]
    clients: tuple[Both, ...]
    weight: tuple[int, int]  # how many firms in Lorestan, East Azerbaijan


def _items(text: str) -> tuple[Item, ...]:
    found = []
    for fa, en in _pairs(text):
        name, _, fitting = en.partition("@")
        found.append((fa, name, fitting))
    return tuple(found)


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
        _items(
            "دیسک ترمز=brake discs@01؛ کاسهٔ ترمز=brake drums@01؛ لنت ترمز=brake pads@35؛ "
            "سیبک فرمان=ball joints@13؛ دستهٔ موتور=engine mounts@5؛ رادیاتور=radiators@34؛ "
            "دسته‌سیم=wiring harnesses@2؛ چراغ جلو=headlamps@2؛ "
            "سپر پلاستیکی=plastic bumpers@2؛ شیلنگ سوخت=fuel hoses@5؛ "
            "پمپ آب موتور=engine water pumps@01؛ واشر سرسیلندر=cylinder head gaskets@35؛ "
            "فنر تعلیق=suspension springs@3؛ کمک‌فنر=shock absorbers@14؛ "
            "صفحهٔ کلاچ=clutch plates@13؛ پیستون=pistons@01؛ "
            "شیشه‌بالابر=window regulators@23؛ کیسهٔ هوا=airbags@24"
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
        _items(
            "گیربکس صنعتی=industrial gearboxes؛ پمپ سانتریفیوژ=centrifugal pumps؛ "
            "نوار نقاله=conveyor belts؛ جرثقیل سقفی=overhead cranes؛ دستگاه تراش=lathes؛ "
            "پرس هیدرولیک=hydraulic presses؛ کمپرسور هوا=air compressors؛ یاتاقان=bearings؛ "
            "قالب تزریق=injection moulds؛ قالب برش=cutting dies؛ "
            "شیر صنعتی=industrial valves؛ مبدل حرارتی=heat exchangers؛ "
            "تراکتور باغی=orchard tractors"
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
        _items(
            "قطعهٔ چدنی=cast-iron parts@0؛ "
            "قطعهٔ فولادی ضدسایش=wear-resistant steel parts@02؛ "
            "شمش آلومینیوم=aluminium ingots@0؛ گلولهٔ آسیاب=grinding balls@01؛ "
            "لولهٔ چدنی=cast-iron pipes@0؛ میلگرد=reinforcing bars@2؛ "
            "سازهٔ فلزی=steel structures@34؛ مخزن تحت فشار=pressure vessels@24؛ "
            "پیچ و مهره=bolts and nuts@123؛ پروفیل=steel profiles@34"
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
        _items(
            "رب گوجه‌فرنگی=tomato paste@03؛ کنسرو حبوبات=canned pulses@03؛ پنیر=cheese@03؛ "
            "شکلات=chocolate@0؛ عسل=honey@0؛ آرد=flour@0؛ روغن گیاهی=vegetable oil@0؛ "
            "خشکبار=dried fruit and nuts@01؛ آب معدنی=mineral water@0؛ "
            "خوراک دام=animal feed@01؛ گوشت مرغ=chicken meat@02؛ ماهی قزل‌آلا=trout@02؛ "
            "آب‌میوه=fruit juice@03؛ بیسکویت=biscuits@0"
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
        _items(
            "سنگ تراورتن=travertine؛ سنگ مرمریت=marble؛ سنگ گرانیت=granite؛ "
            "سنگ چینی=crystal marble؛ سنگ پله=stone steps@01؛ سنگ نما=facade stone؛ "
            "سنگ مصنوعی=engineered stone@12؛ موزاییک سنگی=stone mosaic@12"
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
        _items(
            "پلی‌اتیلن سنگین=high-density polyethylene@023؛ پلی‌استایرن=polystyrene@02؛ "
            "قیر=bitumen@1؛ روغن صنعتی=industrial oil@1؛ کاتالیست=catalysts@3؛ "
            "حلال=solvents@1؛ کود اوره=urea@3؛ رزین اپوکسی=epoxy resin@02؛ ضدیخ=antifreeze@1"
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
        _items(
            "لولهٔ پلی‌اتیلن=polyethylene pipes@0؛ فیلم گلخانه=greenhouse film@02؛ "
            "ظرف یک‌بارمصرف=disposable tableware@1؛ قطعهٔ لاستیکی=rubber parts@13؛ "
            "اورینگ=O-rings@1؛ پروفیل در و پنجره=window profiles@0؛ "
            "نخ پلی‌استر=polyester yarn@03؛ عایق لاستیکی=rubber insulation@0"
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
        _items(
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
        _items(
            "تابلو برق فشار ضعیف=low-voltage switchboards@02؛ "
            "ترانسفورماتور توزیع=distribution transformers@12؛ کابل برق=power cables@2؛ "
            "کابل فیبر نوری=optical-fibre cables@2؛ الکتروموتور=electric motors@12؛ "
            "چراغ LED=LED lights@02؛ یو‌پی‌اس=UPS units@02؛ کنتور هوشمند=smart meters@02"
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
        _items(
            "کنترل‌کنندهٔ منطقی=programmable controllers؛ حسگر دما=temperature sensors؛ "
            "فلومتر=flow meters؛ برد الکترونیکی=electronic boards؛ "
            "ردیاب خودرو=vehicle trackers؛ دزدگیر=alarm systems؛ "
            "ترازوی صنعتی=industrial scales@12"
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
        _items(
            "تخت بیمارستانی=hospital beds@2؛ ماسک پزشکی=medical masks@01؛ "
            "ایمپلنت دندان=dental implants@01؛ ست سرم=infusion sets@01؛ "
            "دستگاه اکسیژن‌ساز=oxygen concentrators@2؛ داروی گیاهی=herbal medicines@0؛ "
            "کیت تشخیص=diagnostic kits@0؛ ویلچر=wheelchairs@2"
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
        _items(
            "کفش چرمی=leather shoes@02؛ کفش ایمنی=safety shoes@2؛ چرم گاوی=cow leather@1؛ "
            "کیف=bags@0؛ کمربند=belts@0؛ روکش صندلی خودرو=car seat covers@0"
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
        _items(
            "فرش دست‌بافت=hand-knotted carpets@012؛ گلیم=kilims@01؛ "
            "فرش ماشینی=machine-made carpets@12؛ تابلوفرش=pictorial rugs@12؛ "
            "ورشوسازی=nickel-silver ware@2؛ نخ پشمی=wool yarn@0"
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
        _items(
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
