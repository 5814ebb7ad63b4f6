"""One contract suite for every engine: in memory, in files, in PostgreSQL."""

import pytest
from django.db import connection

from payvand.matching import actions, sql
from payvand.matching.engine.embedded import Embedded
from payvand.matching.engine.postgres import Postgres
from payvand.matching.rules import query
from payvand.matching.rules.evidence import EvidenceText, NeedText
from payvand.matching.rules.ranking import ranked
from payvand.matching.rules.terms import Bridge, TermText

BRIDGE = Bridge([
    TermText("تزریق پلاستیک", "injection moulding", ("قالب‌گیری تزریقی",)),
    TermText("نظافت", "cleaning of offices", (), (), ("class:8121",), ("جارو", "کثیف")),
    TermText("باربری", "road haulage", (), (), ("class:4923",), ("بار", "کامیون")),
    TermText("نانوایی", "bakery", (), (), ("class:1071",), ("نان",)),
    TermText("نگهبانی", "guards", (), (), ("class:8010",), ("دزد",)),
])  # fmt: skip
BANK = [
    EvidenceText("a", "a1", "قرارداد قالب‌گیری تزریقی قطعات", verified=True),
    EvidenceText("b", "b1", "Injection moulding of caps", verified=True),
    EvidenceText("c", "c1", "Road haulage of steel", verified=True),
    EvidenceText("c", "c2", "Steel pipes for water", verified=True),
    EvidenceText("d", "d1", "Cleaning of offices", kind="capability"),
]


def engines():
    yield pytest.param("memory", id="memory")
    yield pytest.param("files", id="files")
    is_postgres = connection.vendor == "postgresql"
    marks = [] if is_postgres else [pytest.mark.skip(reason="this run uses SQLite")]
    yield pytest.param("postgresql", id="postgresql", marks=marks)


@pytest.fixture(params=list(engines()))
def engine(request, tmp_path, db):
    made = {
        "memory": lambda: Embedded(bridge=BRIDGE),
        "files": lambda: Embedded(tmp_path / "index", bridge=BRIDGE),
        "postgresql": lambda: Postgres(bridge=BRIDGE),
    }[request.param]()
    made.rebuild(BANK)
    return made


def found(engine, text, **more):
    asked = query.build(NeedText(text, **more), bridge=BRIDGE, compounds=engine.compounds())
    seen = engine.look(asked)
    return [one.firm for one in ranked(asked, seen.slots, seen.found, seen.bank)]


def test_the_firm_that_did_it_comes_first(engine):
    assert found(engine, "steel pipe")[0] == "c"


def test_a_persian_need_finds_both_languages_by_any_name(engine):
    assert set(found(engine, "تزریق پلاستیک")[:2]) == {"a", "b"}


@pytest.mark.parametrize("typed", ["قالب‌گیری تزریقی", "قالب گیری تزریقی", "قالبگیری تزريقي"])
def test_typing_does_not_matter(engine, typed):
    assert found(engine, typed) == found(engine, "قالب‌گیری تزریقی")


def test_who_shares_no_word_is_found_by_the_kind_of_business(engine):
    assert found(engine, "سالن همیشه کثیف است و کسی نیست که جارو کند") == ["d"]
    engine.replace({"new": [EvidenceText("new", "n1", "Office cleaning and more")]})
    assert set(found(engine, "کف سالن کثیف است و جارو می‌خواهد")) == {"d", "new"}


def test_a_new_firm_is_found_at_once(engine):
    engine.replace({"new": [EvidenceText("new", "n1", "Zorbium furnaces")]})
    assert found(engine, "zorbium")[0] == "new"


def test_what_was_replaced_is_not_found_any_more(engine):
    engine.replace({"c": [EvidenceText("c", "c3", "Bakery products")]})
    assert "c" not in found(engine, "steel pipes")
    assert found(engine, "bakery")[0] == "c"


def test_a_removed_firm_falls_out(engine):
    engine.replace({"d": []})
    assert found(engine, "cleaning offices") == []


def test_rebuilding_keeps_nothing_old(engine):
    engine.replace({"new": [EvidenceText("new", "n1", "Zorbium furnaces")]})
    assert engine.rebuild(BANK[:2]) == 2
    assert found(engine, "zorbium steel") == []
    assert found(engine, "caps")[0] == "b"


def test_an_empty_bank_and_an_empty_need_give_nothing(engine):
    assert found(engine, "") == []
    engine.rebuild([])
    assert found(engine, "steel") == []


def test_joint_work_belongs_to_every_partner(engine):
    engine.rebuild([*BANK, EvidenceText("e", "e1", "Steel pipes for water", verified=True)])
    assert set(found(engine, "steel pipes")[:2]) == {"c", "e"}


def test_newcomers_are_those_with_nothing_but_their_word(engine):
    asked = query.build(NeedText("cleaning"))
    seen = engine.look(asked)
    (only,) = ranked(asked, seen.slots, seen.found, seen.bank)
    assert (only.firm, only.is_newcomer, only.items) == ("d", True, ("d1",))


def test_processes_share_the_files(tmp_path):
    one, other = (Embedded(tmp_path / "index") for _ in range(2))
    one.rebuild(BANK)
    assert found(other, "steel")[0] == "c"
    one.replace({"new": [EvidenceText("new", "n1", "Zorbium furnaces")]})
    assert found(other, "zorbium")[0] == "new"
    other.rebuild(BANK)
    assert found(one, "zorbium") == []


def test_a_line_half_written_waits(tmp_path):
    place = Embedded(tmp_path / "index")
    place.rebuild(BANK)
    with (tmp_path / "index" / "base-1.jsonl").open("a") as journal:
        journal.write('{"firm": "x", "ite')
    assert found(place, "steel")[0] == "c"


def test_a_misspelt_word_finds_its_neighbours(engine):
    assert "b" in found(engine, "injektion mouldings of kaps")


@pytest.fixture
def runs(engine):
    """The engine in a PostgreSQL that can look letter runs up."""
    if connection.vendor != "postgresql" or not isinstance(engine, Postgres):
        pytest.skip("letter runs are looked up in PostgreSQL only")
    if not sql.prepare():
        pytest.skip("this PostgreSQL comes without pg_trgm (contrib), or it may not be created")
    return engine


@pytest.mark.parametrize(
    ("typed", "firm"), [("injektion", "b"), ("moulting", "b"), ("قالبگبری", "a")]
)
def test_a_need_of_misspelt_words_alone_finds_its_firm_by_letter_runs(runs, typed, firm):
    assert not runs.knows(typed)
    assert firm in found(runs, typed)


def test_letter_runs_have_their_index(runs):
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'matching_word_runs'")
        assert "gin_trgm_ops" in cursor.fetchone()[0]


def test_items_are_counted_that_share_no_word(engine):
    asked = query.build(NeedText("steel"), bridge=BRIDGE)
    seen = engine.look(asked, also=["d1", "none"])
    assert {"c2", "d1"} <= set(seen.found.items)


def test_a_long_journal_is_indexed_by_a_process_of_its_own(tmp_path, settings, monkeypatch):
    settings.PAYVAND_MATCHING_ENGINE, settings.PAYVAND_MATCHING_INDEX = "embedded", tmp_path
    done = tmp_path / "done"
    monkeypatch.setattr(actions, "INDEX_ANEW", ("touch", str(done)))
    monkeypatch.setattr(actions, "TIDY_AFTER", 1)
    actions.tidy_index()  # there is nothing yet
    one = Embedded(tmp_path)
    one.replace({"a": []})
    actions.tidy_index()
    assert not done.exists()
    one.replace({"b": []})
    actions.tidy_index()
    assert done.exists()
