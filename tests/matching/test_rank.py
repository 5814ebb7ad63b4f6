"""From the databank to a list with reasons: what is recorded can be found, and says why."""

from uuid import UUID

import pytest

from payvand.matching import actions, queries
from payvand.matching.engine.embedded import Embedded
from payvand.matching.public import Requirement, import_terms, rank
from payvand.registry.public import databank, system

ACME, NOVA = UUID(int=1), UUID(int=2)
BY = system("test")


def item(party, key, fa, kind="contract", verified=True):
    return databank.ItemText(key, party, kind, fa, "", "", verified)


@pytest.fixture
def bank(db, monkeypatch):
    """Two firms, as the registry would tell of them, and an index in memory."""
    texts = {
        ACME: [item(ACME, "evidence:1", "برش لیزر ورق فولاد برای پل")],
        NOVA: [item(NOVA, "capability:1", "برش ورق", kind="capability", verified=False)],
    }
    import_terms(by=BY, data="fa,en\nبرش لیزر,laser cutting\n".encode())
    place = Embedded(bridge=queries.bridge())
    monkeypatch.setattr(queries, "engine", lambda: place)
    of = lambda keys: {k: v for k, v in texts.items() if k in keys}
    monkeypatch.setattr(databank, "texts_of", of)
    monkeypatch.setattr(queries, "facts_of", lambda firms: {str(ACME): {"firm": {"exports": True}}})
    actions.index_changed([ACME, NOVA])
    return texts


def test_a_need_in_english_finds_persian_work_and_marks_it(bank):
    first, *_ = rank("laser cutting of steel", by=BY)
    assert first.firm == str(ACME)
    (because,) = first.because
    assert [because.text[m.start : m.end] for m in because.marks] == ["برش لیزر"]
    assert first.missing == ("steel",)


def test_eligibility_is_shown_beside_relevance(bank):
    asked = Requirement("e", "Exports", {"fact": "firm.exports", "op": "eq", "value": True})
    found = {one.firm: one for one in rank("برش ورق", by=BY, requirements=[asked])}
    assert found[str(ACME)].eligibility.value is True
    assert found[str(NOVA)].eligibility.value is None
    assert found[str(NOVA)].eligibility.missing == ("Exports",)
    assert found[str(NOVA)].is_newcomer


def test_what_the_registry_drops_is_not_found_any_more(bank):
    bank[ACME] = []
    actions.index_changed([ACME])
    assert str(ACME) not in [one.firm for one in rank("برش لیزر ورق", by=BY)]
