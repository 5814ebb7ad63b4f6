"""How long does an import of 5,000 firms take, dedupe included, on both databases?

A third of the firms is in the bank already; each hundredth row is wrong, each fiftieth is a known
firm without its identifier, so that dedupe has something to find.
"""

from __future__ import annotations

import io
import json
import random
import resource
import time
from typing import Any

from bench.core import Result, in_process
from bench.promises import result

FIRMS, KNOWN = 5000, 5000
PARTS = "آر به پار تک جه خا دا را زر سپ شا فر کا گل مه نو وی هو یا بر در کی لا مان نیک".split()
TRADES = "ریخته‌گری قالب‌سازی تراش‌کاری برش لبنیات کنسرو سنگ‌بری نرم‌افزار تابلوسازی کابل".split()
HEAD = ("national_id", "name", "name_en", "place", "field", "size", "capability", "readiness",
        "capacity", "unit", "codes", "evidence", "evidence_kind", "evidence_date")  # fmt: skip


def word(chance: random.Random) -> str:
    """Return an invented word."""
    return "".join(chance.choices(PARTS, k=3))


def rows(count: int, *, first: int) -> list[list[str]]:
    """Return rows of invented firms."""
    from payvand.kernel.ids import make_company_id

    found = []
    for n in range(first, first + count):
        chance = random.Random(n)  # the same firm again has the same row
        trade = chance.choice(TRADES)
        number = make_company_id(f"14{n + 10**7:08}")
        if n % 100 == 7:
            number = number[:-1] + str((int(number[-1]) + 1) % 10)
        name = f"شرکت {trade} {word(chance)} {word(chance)}"
        if n % 50 == 3:
            number, name = "", f"{name} (سهامی خاص)"
        found.append([number, name, f"Firm {word(chance)}", "خرم‌آباد", "metal", str(n % 300),
                      f"{trade} با دستگاه {n % 40}", str(1 + n % 9), str(10 + n % 500), "تن",
                      "isic:2431", f"تحویل {n % 900} قطعهٔ {trade} به یک کارخانه",
                      "delivery", f"1403-{1 + n % 12:02}-{1 + n % 28:02}"])  # fmt: skip
    return found


def workbook(table: list[list[str]]) -> io.BytesIO:
    """Return the rows as an XLSX file."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in [list(HEAD), *table]:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out


def task() -> dict[str, Any]:
    """Import into a bank of 5,000 firms; return seconds, what came of the rows, and memory."""
    import django

    django.setup()
    from django.core.management import call_command

    from payvand.registry import public as registry
    from payvand.registry.public import databank

    call_command("migrate", verbosity=0)
    by = registry.system("bench")
    registry.add_places(
        [registry.PlaceDraft("IR", None, "country", "ایران", "Iran", "bench"),
         registry.PlaceDraft("IR-15", "IR", "province", "لرستان", "Lorestan", "bench"),
         registry.PlaceDraft("IR-15-1503", "IR-15", "county", "خرم‌آباد", "Khorramabad", "bench")],
        by=by,
    )  # fmt: skip
    databank.import_firms(workbook(rows(KNOWN, first=0)), by=by, filename="known.xlsx")
    file = workbook(rows(FIRMS, first=KNOWN - FIRMS // 3))
    began = time.perf_counter()
    run = databank.import_firms(file, by=by, filename="new.xlsx")
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    databank.import_firms(file, by=by, filename="again.xlsx")
    return {"seconds": seconds, "again_s": time.perf_counter() - began, "counts": run.counts,
            "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}  # fmt: skip


def imported(bench: Any) -> list[Result]:
    """Import 5,000 firms from XLSX, on SQLite and on PostgreSQL."""
    found = []
    for kind, tail in (("sqlite", ""), ("postgresql", "_postgresql")):
        with bench.database(kind, "import") as url:
            told = in_process("import", url, module="bench.databank")
            found.append(result(f"matching.import_5000_s{tail}", told["seconds"]))
    return found


if __name__ == "__main__":
    print(json.dumps(task()))
