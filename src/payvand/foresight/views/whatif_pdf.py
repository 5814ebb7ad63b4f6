"""How does a scenario become one page of paper, in Persian as well as in English?

Set by typst (Apache-2.0): it shapes Persian, orders both directions and embeds the font. The page
is data for a fixed template; nothing that people typed is read as markup.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from typing import Any

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

from payvand.foresight.queries.plans import Plan
from payvand.foresight.rules.blueprint import MOST_CHANGES
from payvand.foresight.views import whatif_shown as shown
from payvand.foresight.views.whatif_words import Words
from payvand.kernel import clock, jalali
from payvand.ui.language import lang, pick
from payvand.window import public as window

TEMPLATE = Path(__file__).resolve().parent.parent / "data" / "whatif.typ"
LONGEST = MOST_CHANGES  # all that a plan holds; the template makes them fit


def made(plan: Plan, address: str) -> bytes:
    """Return the PDF of a scenario."""
    import typst

    words = Words(plan.service, plan.blueprint)
    return bytes(
        typst.compile(
            str(TEMPLATE), font_paths=[font_folder()], ignore_system_fonts=False,
            sys_inputs={"page": json.dumps(contents(plan, words, address), ensure_ascii=False)},
        )
    )  # fmt: skip


def contents(plan: Plan, words: Words, address: str) -> dict[str, Any]:
    """Return what stands on the page, in the reader's language."""
    study = plan.study
    effects = list(study.effects) if study else []
    base = _("asked one after another") if plan.is_sequence else _("as the service is")
    return {
        "lang": lang(), "dir": "rtl" if lang() == "fa" else "ltr",
        "title": _("What would make it faster?"),
        "service": pick(window.both(plan.service.title)),
        "base": _("Compared with: %(base)s") % {"base": base},
        "sample": (plan.service.sample and _("The service and its history are a sample.")) or "",
        "tiles": [[t["label"], f"{t['value']} {t.get('unit', '')}".strip(), t["note"]]
                  for t in shown.tiles(plan)],
        "changes_head": [_("What changes"), _("Days bought, half"), _("Days bought, nine in ten"),
                         _("Protection it would remove")],
        "changes": [
            [words.change(e.change),
             "—" if e.refused else shown.bought(e.p50_bought),
             "—" if e.refused else shown.bought(e.p90_bought),
             words.refusal(e) or words.protection(e.change)]
            for e in effects[:LONGEST]
        ],
        "more": _("and %(n)s more; see the address below") % {
            "n": shown.number(len(effects) - LONGEST)} if len(effects) > LONGEST else "",
        "none": _("No changes yet."),
        "together": shown.together_in_words(study) if study else "",
        "ways_title": _("How much the order of asking explains"),
        "ways_head": [_("Way of asking"), _("Half, days"), _("Nine in ten, days"),
                      _("Within the legal term")],
        "ways": [[w.title, w.p50, w.p90, w.by_law] for w in shown.ways(plan)],
        "verdict": shown.order_in_words(plan),
        "method": shown.method_in_words(plan),
        "address": address,
        "made": _("Made on %(day)s") % {
            "day": jalali.format_date(clock.local_date(clock.now()), lang())},
    }  # fmt: skip


@lru_cache(maxsize=1)
def font_folder() -> str:
    """Return a folder with our font as typst reads it; empty when the assets were not fetched."""
    folder = mkdtemp(prefix="payvand-font-", dir=gettempdir())
    packed = finders.find("vendor/vazirmatn.woff2")
    if isinstance(packed, str):
        from fontTools.ttLib import TTFont

        font = TTFont(packed)
        font.flavor = None
        font.save(Path(folder) / "vazirmatn.ttf")
    return folder
