"""Which resolutions does the sample country show? One meeting of a province, three weeks ago."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from payvand.kernel import clock
from payvand.ledger import actions, resolutions
from payvand.ledger.rules.reply import Reply
from payvand.registry import public as registry

if TYPE_CHECKING:
    from payvand.plugins.slots import Sample

KEEPER, ACCOUNT = "governor-15", "demo-governor"
AGO = timedelta(days=21)
HEADS = ("عنوان", "عنوان انگلیسی", "متولی", "مهلت", "محل", "مدرک")
SHEET = (
    ("باجهٔ دوم مجوزها باز شود (نمونه)", "Open a second licence desk (sample)",
     "municipality-1503", "۱۰ روز کاری", "خرم‌آباد", "شمارهٔ نامهٔ گشایش"),
    ("فهرست واحدهای راکد فرستاده شود (نمونه)", "Send the list of idle plants (sample)",
     "فرماندار", "۵ روز کاری", "بروجرد", "فهرست پیوست نامه"),
    ("نقشهٔ کاداستر کامل شود (نمونه)", "Complete the cadastral map (sample)",
     "registry", "۶۰ روز", "لرستان", "گزارش پیشرفت"),
    ("نشست ماهانه با اتاق اصناف (نمونه)", "Monthly meeting with the guild chamber (sample)",
     "استاندار", "۳۰ روز", "لرستان", "صورت‌جلسه"),
    ("پاسخ‌های عقب‌مانده داده شود (نمونه)", "Answer what is overdue (sample)",
     "municipality-1505", "۱۲ روز کاری", "دورود", "شمارهٔ نامه"),
)  # fmt: skip
DONE = {0: ("باجه در طبقهٔ همکف باز شد.", "ن/۱۲۰۴"), 3: ("نشست برگزار شد.", "ن/۱۲۳۱")}


def add(sample: Sample) -> None:
    """Enter the list as the governor's office would, and let two of its rows be done."""
    if ACCOUNT not in sample.users:
        return
    account = get_user_model().objects.get(pk=sample.users[ACCOUNT])
    by = registry.actor_for(account)
    keeper = registry.party_by_slug(KEEPER).id
    with clock.frozen(sample.now - AGO):
        lines, problems = resolutions.check([HEADS, *SHEET])
        if problems:
            raise ValueError(problems)
        made = resolutions.enter(lines, by=by, asker=keeper, source="sample.xlsx")
    with clock.frozen(sample.now - AGO / 3):
        for place, (text, letter) in DONE.items():
            line = lines[place]
            desk = registry.Actor("agency", label="sample", party=line.owner)
            if line.office:
                desk = registry.Actor(label="sample", offices=(line.office,))
            actions.answer(by=desk, obligation_id=made[place],
                           reply=Reply("done", text=text, letter_no=letter))  # fmt: skip
