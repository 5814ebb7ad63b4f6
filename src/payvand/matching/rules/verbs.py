"""Which forms of a Persian verb are one word: بسازند, سازنده, سازی, ساخته, ساخت?

A buyer says what shall be done (قالب بسازند), a supplier what it does (قالب‌سازی). Both stems of a
verb, with their endings, lead to the past stem. Forms that are other words too are left out.
"""

from __future__ import annotations

from functools import lru_cache

# present stem : past stem
_VERBS = (
    "ساز:ساخت خر:خرید فروش:فروخت شوی:شست دوز:دوخت ریز:ریخت تراش:تراشید بین:دید خوان:خواند "
    "سنج:سنجید پوشان:پوشاند رسان:رساند چرخان:چرخاند سوزان:سوزاند پز:پخت "
    "بر:برد اور:اورد گیر:گرفت نویس:نوشت یاب:یافت کش:کشید پاش:پاشید شناس:شناخت اموز:اموخت "
    "فرست:فرستاد گذار:گذاشت دار:داشت بند:بست شکن:شکست کار:کاشت چین:چید پرداز:پرداخت "
    "بخش:بخشید ده:داد گو:گفت شنو:شنید نشان:نشاند پوش:پوشید رو:رفت روب:رفت نورد:نوردید "
    "کوب:کوبید ساب:سابید باف:بافت ریس:ریست دوش:دوشید چاپ:چاپید خشکان:خشکاند "
    "جوش:جوشید جوشان:جوشاند گداز:گداخت افروز:افروخت اویز:اویخت امیز:امیخت پالای:پالود "
    "پیما:پیمود ازما:ازمود ازمای:ازمود افزا:افزود افزای:افزود پذیر:پذیرفت پرور:پرورد "
    "گردان:گرداند گستر:گسترد سپار:سپرد کاو:کاوید شمار:شمرد نگر:نگریست "
    "خواه:خواست فهم:فهمید لغز:لغزید ترک:ترکید پیچ:پیچید برید:برید تاب:تابید"
)
_SKIP = frozenset(
    "برد برم بری برند بر کار کاری کارم کش کشی پیچ پیچی چین چینی بند بندی بندد دار داری "
    "دارد دارم دارند گیر ده دهی دهم رو روی رود روم روند گو بین بینی خر خرد خرم خری جوش "
    "جوشی کوبی تاب پز پزی پوش بخش بخشی بخشد بخشند نشان نشانی نشاند فروش شمار باف بافت ساب "
    "چاپ چاپی خنک خنکی پاک پاکی پاکید شست داشت رفت داد دید گفت بست نورد خوان اور کاو پاش "
    "ترک ترکی فهم خواست خواه داده کارد کارند گذاری سازم سازمان بود دادن رفته رفتن گرفت "
    "گرفته بسته بستن شکست کشیده".split()
)
_ENDINGS = ("م", "ی", "د", "یم", "ید", "ند")


@lru_cache(maxsize=1)
def forms() -> dict[str, str]:
    """Return form -> past stem for every form that is not another word too."""
    found: dict[str, str] = {}
    for pair in _VERBS.split():
        present, past = pair.split(":")
        bare = [present, present + "نده", present + "ندگان", present + "ندگی"]
        bare += [present + ending for ending in _ENDINGS] + [past, past + "ه", past + "ن"]
        led = [
            f"{sign}{present}{ending}" for sign in ("ب", "می", "نمی", "ن") for ending in _ENDINGS
        ]
        for form in (*bare, *led):
            if form not in _SKIP and len(form) > 2:
                found.setdefault(form, past)
    return found
