"""Are the sources and titles of the calendar told in the reader's language?"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.utils import translation

from payvand.kernel import clock
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.registry.queries.vocabulary import DATA
from payvand.window import actions as window
from payvand.window import queries
from tests import world as worlds

CALENDAR = yaml.safe_load((Path(DATA) / "calendar.yaml").read_text(encoding="utf-8"))
NAME = re.compile(r"\(?[a-z]+\.(com|ir)[^\s،؛)]*\)?")  # an address stays an address


def test_every_shipped_source_is_told_in_persian_to_persian_readers():
    for row in CALENDAR["rules"]:
        with translation.override("fa"):
            told = registry.source_told(row["source"])
        assert not re.search("[A-Za-z]", NAME.sub("", told)), told
        with translation.override("en"):
            assert registry.source_told(row["source"]) == row["source"]


def test_a_source_that_somebody_typed_is_told_as_it_was_typed():
    for language in ("fa", "en"):
        with translation.override(language):
            assert registry.source_told("بخشنامهٔ استانداری") == "بخشنامهٔ استانداری"


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "said"), [("fa", "بارش سنگین"), ("en", "Heavy rain")])
def test_the_cause_of_a_move_is_told_in_the_readers_language(language, said):
    with clock.frozen(worlds.MONDAY):
        world = worlds.build()
        case = window.file(by=world.applicant, version=world.version, applicant=world.company,
                           place="IR-15-1503", data=worlds.DATA)  # fmt: skip
        first = clock.local_date(worlds.MONDAY) + timedelta(days=1)
        closure = ledger.Closure("IR-15", first, first + timedelta(days=1), "بارش سنگین",
                                 "Heavy rain", "اطلاعیهٔ نمونه")  # fmt: skip
        assert ledger.declare_closure(by=registry.system("tests"), closure=closure)
        with translation.override(language):
            view = queries.tracking(queries.application(case.pk), why="q00")
    told = " ".join(event.text for event in view.events)
    assert said in told
    assert said in " ".join(line for row in view.rows for line in row.why)
    assert (language == "fa") == ("بارش" in told)
    registry.forget()
