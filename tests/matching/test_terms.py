"""Terms in and out, suggestions, the vocabulary that is shipped, and the terminal."""

import json
from importlib import import_module
from importlib.resources import files

import pytest
from click.testing import CliRunner

from payvand.audit.public import history
from payvand.kernel.errors import Refused
from payvand.kernel.text import compact_key
from payvand.matching import actions, evaluating
from payvand.matching.models import Term
from payvand.matching.public import export_terms, import_terms, suggest_terms
from payvand.matching.rules.words import words
from payvand.registry.public import Actor, system

BY = system("test")
GOOD = "fa,en,fa_also,en_also,codes\nبرش ليزر,laser cutting,لیزرکاری,laser cutter,isic:2592\n"


def put(text, by=BY):
    return import_terms(by=by, data=text.encode())


@pytest.mark.django_db
def test_terms_come_in_once_and_leave_as_they_came():
    assert (put(GOOD).added, put(GOOD).same) == (1, 1)
    assert "برش لیزر,laser cutting,لیزرکاری,laser cutter,isic:2592" in export_terms()
    assert put(export_terms()).same == 1
    assert put(GOOD.replace("laser cutting", "laser")).changed == 1
    assert [e.verb for e in history(actions.STREAM)].count("matching.terms_imported") == 2


@pytest.mark.django_db
def test_bad_rows_are_told_with_line_and_remedy_and_good_ones_kept():
    told = put(
        GOOD + ",no persian,,,\nبرش لیزر,again,,,\nفلز,metal,,,2592\n" + "ا" * 130 + ",long,,,\n"
    )
    assert told.added == 1
    assert [(row.line, row.problem) for row in told.bad] == [
        (3, actions.NO_NAME), (4, actions.TWICE), (5, actions.ODD_CODE), (6, actions.TOO_LONG)
    ]  # fmt: skip
    assert all(row.remedy for row in told.bad)


@pytest.mark.django_db
@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"a,b\n1,2\n"])
def test_a_file_that_is_none_is_refused(data):
    with pytest.raises(actions.BadTerms):
        import_terms(by=BY, data=data)


@pytest.mark.django_db
def test_only_operators_edit_terms():
    with pytest.raises(Refused):
        put(GOOD, by=Actor(user_id=1))
    assert not Term.objects.exists()


@pytest.mark.django_db
def test_suggestions_come_by_any_name_however_typed(django_assert_num_queries):
    put(GOOD)
    for typed in ("برشلیز", "برش لي", "لیزرکا", "laser cu", "LASER"):
        with django_assert_num_queries(1):
            assert [row["en"] for row in suggest_terms(typed)] == ["laser cutting"]
    assert suggest_terms("‌ ") == []


@pytest.mark.django_db
def test_the_row_of_a_class_is_suggested_with_the_code_of_its_class():
    put("fa,en,fa_also,en_also,codes,said\nنانوایی,bakery,,,class:1071,نان\n")
    assert suggest_terms("نانوا") == [{"fa": "نانوایی", "en": "bakery", "codes": ["isic:1071"]}]


@pytest.mark.django_db
def test_the_shipped_vocabulary_is_large_and_sound():
    told = actions.seed_terms(by=BY)
    assert told.bad == []
    assert told.added >= 3000
    assert actions.seed_terms(by=BY).added == 0
    coded = [c for codes in Term.objects.values_list("codes", flat=True) for c in codes]
    assert {code.split(":")[0] for code in coded} == {"isic", "hs", "cpv", "class"}
    hints = [hint for said in Term.objects.values_list("said", flat=True) for hint in said]
    assert len(hints) >= 4000
    assert [hint for hint in hints if not words(hint)] == []


def test_shipped_names_use_persian_letters_and_are_unique():
    seen = set()
    for source in files("payvand.matching").joinpath("terms").iterdir():
        text = source.read_text(encoding="utf-8")
        assert not set("يك") & set(text), source.name
        names = {compact_key(line.split(",")[0]) for line in text.splitlines()[1:]}
        assert not names & seen
        seen |= names


def write_set(folder):
    rows = {
        "evidence.jsonl": [{"id": "e1", "text": "Steel pipes. Water"},
                           {"id": "e2", "text": "Bread"}],
        "suppliers.jsonl": [{"id": "s1", "name": "One", "evidence": ["e1"]},
                            {"id": "s2", "name": "Two", "evidence": ["e2"]}],
        "needs.jsonl": [{"id": "q1", "group": "g", "title": "Pipes", "text": "Pipes of steel"}],
    }  # fmt: skip
    for name, lines in rows.items():
        (folder / name).write_text("\n".join(json.dumps(line) for line in lines))
    (folder / "qrels.tsv").write_text("query-id\tdoc-id\trelevance\nq1\ts1\t1\n")
    (folder / "run.tsv").write_text("query-id\tdoc-id\trank\nq1\ts2\t1\nq1\ts1\t2\n")


@pytest.mark.django_db
def test_evaluate_prints_its_table_and_the_difference(tmp_path):
    write_set(tmp_path)
    run = ["match", "evaluate", str(tmp_path), "--run", str(tmp_path / "run.tsv")]
    shown = CliRunner().invoke(main_group(), run)
    assert shown.exit_code == 0, shown.output
    assert "1.0000" in shown.output
    assert "paired bootstrap" in shown.output
    told = CliRunner().invoke(main_group(), [*run, "--json"])
    found = json.loads(told.stdout.strip().splitlines()[-1])
    assert found["ndcg10"] == 1.0
    assert found["difference"]["mean"] == pytest.approx(1 - 0.6309, abs=1e-3)


def main_group():
    import click

    from payvand.matching import cli

    group = click.Group()
    cli.register(group)
    return group


def test_a_broken_set_is_told_with_file_and_line(tmp_path):
    write_set(tmp_path)
    (tmp_path / "evidence.jsonl").write_text("{}\n{broken")
    with pytest.raises((evaluating.BadSet, KeyError)):
        evaluating.read(tmp_path)
    (tmp_path / "evidence.jsonl").unlink()
    with pytest.raises(evaluating.BadSet) as told:
        evaluating.read(tmp_path)
    assert told.value.facts["file"] == "evidence.jsonl"


ONE = "fa,en,fa_also,en_also,codes,said\n"


@pytest.fixture
def release(monkeypatch):
    """Return a function that says which rows the product ships."""

    def ships(*rows):
        monkeypatch.setattr(
            actions, "shipped_terms", lambda: [("metal", (ONE + "\n".join(rows)).encode())]
        )

    return ships


@pytest.mark.django_db
def test_a_release_renews_its_own_rows_and_keeps_edited_ones(release):
    release("برش,cut,,,,", "جوش,weld,,,,")
    assert actions.update_terms(by=BY).added == 2
    put(ONE + "جوش,welding here,,,,\nنورد,rolling,,,,\n")
    release("برش,cutting,,,,تیز", "جوش,weld,,,,", "پرس,press,,,,")
    told = actions.update_terms(by=BY)
    assert (told.added, told.changed, told.kept, told.new) == (1, 1, 1, ["پرس"])
    assert dict(Term.objects.values_list("fa", "en")) == {
        "برش": "cutting", "جوش": "welding here", "نورد": "rolling", "پرس": "press"
    }  # fmt: skip
    again = actions.update_terms(by=BY)
    assert (again.added, again.changed, again.kept, again.same) == (0, 0, 1, 2)
    assert [e.verb for e in history(actions.STREAM)].count("matching.terms_updated") == 2


@pytest.mark.django_db
def test_the_terminal_says_what_is_new(release):
    release("برش,cut,,,,")
    shown = CliRunner().invoke(main_group(), ["match", "terms", "update"])
    assert shown.exit_code == 0
    assert "1 added" in shown.output
    assert "برش" in shown.output
    told = CliRunner().invoke(main_group(), ["match", "terms", "update", "--json"])
    assert json.loads(told.stdout)["same"] == 1


@pytest.mark.django_db
def test_rows_of_an_earlier_release_are_marked_unless_they_were_edited(release):
    from datetime import timedelta

    from django.apps import apps

    release("برش,cut,,,,", "جوش,weld,,,,")
    actions.update_terms(by=BY)
    Term.objects.update(shipped="")
    later = Term.objects.get(fa="برش").changed_at + timedelta(days=1)
    Term.objects.filter(fa="جوش").update(changed_at=later)
    import_module("payvand.matching.migrations.0007_shipped_terms").mark(apps, None)
    assert {t.fa: bool(t.shipped) for t in Term.objects.all()} == {"برش": True, "جوش": False}
