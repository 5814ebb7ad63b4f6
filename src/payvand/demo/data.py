"""What is the sample world made of? Places and names: all invented, and marked as such."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from payvand.kernel.errors import gettext_noop

PROVINCES = ("IR-15", "IR-03")  # Lorestan, East Azerbaijan
COUNTIES = {
    "IR-15": ("IR-15-1503", "IR-15-1502", "IR-15-1505"),  # Khorramabad, Borujerd, Dorud
    "IR-03": ("IR-03-303", "IR-03-306", "IR-03-307"),  # Tabriz, Maragheh, Marand
}
WEIGHTS = (5, 3, 2)  # how many of ten applications come from each county of a province

MARK_FA, MARK_EN = "(نمونه)", "(sample)"
HISTORY_DAYS = 730  # two years of trade; the other services have the last of them
SET_UP_DAYS = 60  # the agencies were set up this long before the history begins

# Who is not connected to the inbox. Everybody else is.
BY_LETTER = ("municipality-1505", "municipality-307", "endowment-1502")
BY_REST = ("commodity-id", "insurance-centre")
SECRET_NAME = "PAYVAND_DEMO_AGENCY_SECRET"  # noqa: S105 - the name of a setting


class Outage(NamedTuple):
    """When the system of an agency could not be reached, before the present."""

    slug: str
    ago: timedelta  # how long ago it ended
    length: timedelta


OUTAGE = Outage("insurance-centre", timedelta(days=31, hours=3), timedelta(days=3, hours=7))


class Account(NamedTuple):
    """One account that the sign-in page offers."""

    username: str
    name_fa: str
    name_en: str
    icon: str
    text: str  # msgid of what this person does
    seat: tuple[str, str] | None = None  # slug of the organisation, role
    group: str = "agency"


HEAD = "demo-head"  # whose new reports nobody else acknowledges
_ = gettext_noop
ACCOUNTS = (
    Account("demo-applicant", "متقاضی نمونه", "Sample applicant", "user",
            _("Applies for herself, follows her cases, answers requests."), group="applicant"),
    Account("demo-company", "امضادار نمونهٔ شرکت", "Sample company signatory",
            "building-factory-2",
            _("Imports goods for a sample company."), ("company", "signatory"), "applicant"),
    Account("demo-mandate", "وکیل نمونه", "Sample mandate holder", "users",
            _("Acts for a person and a company under recorded mandates."), group="applicant"),
    Account("demo-counter", "متصدی نمونهٔ پیشخوان", "Sample counter clerk", "user",
            _("Files for people who come to the counter."), ("service-counter", "counter"),
            "applicant"),
    Account("demo-clerk", "کارشناس نمونهٔ شهرداری", "Sample clerk, municipality", "list-check",
            _("Answers inquiries in the order of their terms."),
            ("municipality-1503", "clerk"), "agency"),
    Account("demo-radiation", "کارشناس نمونهٔ پرتو", "Sample clerk, radiation office", "list-check",
            _("Writes drafts where the service asks for two signatures."),
            ("radiation", "clerk"), "agency"),
    Account("demo-signer", "امضادار نمونهٔ پرتو", "Sample signatory, radiation office",
            "certificate", _("Signs the drafts of the clerks."),
            ("radiation", "signatory"), "agency"),
    Account("demo-secretariat", "دبیرخانهٔ نمونه", "Sample secretariat", "mail",
            _("Registers letters and their answers for an office that is not connected."),
            ("municipality-1505", "secretariat"), "agency"),
    Account("demo-decider", "تصمیم‌گیر نمونهٔ گمرک", "Sample decider, customs", "license",
            _("Sees the answers and decides on import clearance."),
            ("customs", "decider"), "agency"),
    Account("demo-union", "تصمیم‌گیر نمونهٔ اتحادیه", "Sample decider, guild union", "license",
            _("Decides on business licences."), ("guild-union", "decider"), "agency"),
    Account("demo-head", "رئیس نمونهٔ شهرداری", "Sample head, municipality", "building-community",
            _("Receives the first report of a delay and gives an order."),
            ("municipality-1503", "head"), "official"),
    Account("demo-governor", "استاندار نمونه", "Sample governor-general", "map-pin",
            _("Sees the delays of the whole province."), ("governor-15", "head"), "official"),
    Account("demo-deputy", "جانشین نمونه", "Sample deputy", "users",
            _("Acts for an office without a holder."), group="official"),
    Account("demo-vice-president", "معاون اول نمونه", "Sample First Vice-President", "bell",
            _("Hears of delays that nobody below has ended."), group="official"),
    Account("demo-president-office", "دفتر نمونهٔ رئیس‌جمهور", "Sample Office of the President",
            "bell", _("Sees the whole country at a glance."), group="official"),
    Account("demo-registrar", "کارشناس نمونهٔ بانک توانمندی", "Sample databank registrar", "users",
            _("Keeps the databank of firms: claims, duplicates, imports."), group="agency"),
    Account("demo-energy", "کارشناس نمونهٔ شرکت برق", "Sample energy operator", "bolt",
            _("Foresees shortages of electricity in East Azerbaijan, plans, asks and settles."),
            group="agency"),
    Account("demo-gas", "رئیس نمونهٔ شرکت گاز", "Sample head, gas company", "bolt",
            _("Hears of a foreseen shortage of gas in East Azerbaijan, plans, asks and settles."),
            group="agency"),
    Account("demo-admin", "راهبر نمونه", "Sample administrator", "settings",
            _("Closures, offices, connections, services, backup."), group="operator"),
)  # fmt: skip
# who does what, from the warning of a shortage to its settlement
ENERGY_WAY = (
    ("demo-deputy", _("opens the report of a foreseen shortage and acknowledges it with an"
                      " order.")),
    ("demo-energy", _("makes a plan, compares it, and puts it before the office that signs.")),
    ("demo-deputy", _("signs it under Resolutions.")),
    ("demo-energy", _("publishes it: each consumer in it is asked.")),
    ("demo-company", _("accepts or declines under My electricity and gas; then move the clock on"
                       " by two working days.")),
    ("demo-energy", _("settles the plan; the burden of the year shows who gave how much.")),
)  # fmt: skip
GAS_WAY = (
    ("demo-gas", _("opens the report of a foreseen shortage of gas and acknowledges it with an"
                   " order; then Energy balance: makes a plan over days, and puts it before the"
                   " office that signs.")),
    ("demo-deputy", _("signs it under Resolutions.")),
    ("demo-gas", _("publishes it: industry and power plants are asked, homes never.")),
    ("demo-company", _("accepts or declines under My electricity and gas; then move the clock on"
                       " until the last day of the plan is over.")),
    ("demo-gas", _("settles the plan; the burden of the year shows who gave how much.")),
)  # fmt: skip

FIRMS_FA = ("کارخانهٔ نمونه", "بازرگانی نمونه", "صنایع نمونه", "تولیدی نمونه", "فناوری نمونه")
FIRMS_EN = ("Sample Works", "Sample Trading", "Sample Industries", "Sample Mills", "Sample Tech")

GOODS = (  # description, maker, model, material, tariff code, quantity, traits
    ("دستگاه برش لیزر فلز", "Sample Laser GmbH", "LX-3015", "فولاد", "84561100", 2, ""),
    ("پمپ خلأ صنعتی", "Sample Pumps Srl", "VP-200", "چدن", "84141000", 12, ""),
    ("گیرنده‌فرستندهٔ رادیویی کارخانه", "Sample Radio Co", "RT-70", "پلاستیک و مس", "85176200",
     40, "radio"),
    ("ضخامت‌سنج پرتوی ورق", "Sample Gauges AG", "TG-5", "فولاد و سرب", "90221900", 1, "radiation"),
    ("حلال صنعتی تولوئن", "Sample Chem BV", "", "تولوئن", "29023000", 18000, "chemical"),
    ("کفش ایمنی", "Sample Safety Ltd", "S3", "چرم و پلی‌اورتان", "64034000", 900, "standard"),
    ("کابل برق فشار ضعیف", "Sample Cable AS", "NYY", "مس و پی‌وی‌سی", "85444900", 5000,
     "standard"),
    ("الوار پالت", "Sample Timber Oy", "", "چوب کاج", "44071100", 60, "wood"),
)  # fmt: skip
MEASURED = GOODS[3]  # holds a radiation source
TRADES = ("food_service", "workshop", "repair", "health_care")
SHOPS = ("اغذیهٔ نمونه", "کارگاه نجاری نمونه", "تعمیرگاه نمونه", "آرایشگاه نمونه")
REASONS = (
    "مدرک‌های فرستاده‌شده با پرونده نمی‌خواند.",
    "شرط شمارهٔ یادشده برقرار نیست؛ پس از رفع آن دوباره درخواست کنید.",
    "در بازدید محل، این شرط دیده نشد.",
)
CONDITIONS = (
    "تا سه ماه گواهی بازرسی تازه فرستاده شود.",
    "پیش از بهره‌برداری بازدید انجام شود.",
    "بدهی ماندهٔ پرونده قسطی پرداخت شود.",
)
ORDERS = (
    "همین امروز پاسخ داده شود.",
    "مسئول پرونده تا پایان وقت اداری گزارش بدهد.",
    "با نیروی کمکی، پاسخ تا دو روز کاری فرستاده شود.",
)
