"""Is every error code, setting, slot and command documented, and is the page current?"""

from collections import Counter

import pytest

from scripts import reference


@pytest.mark.parametrize("name", reference.REFERENCE)
def test_page_is_current(name):
    page = reference.PAGES / name
    assert page.exists(), "run `make docs`"
    assert page.read_text(encoding="utf-8") == reference.REFERENCE[name].render(), "run `make docs`"


@pytest.mark.parametrize("name", reference.REFERENCE)
def test_every_entry_has_a_sentence(name):
    bare = [entry.name for entry in reference.REFERENCE[name].entries() if not entry.sentence]
    assert not bare, "write one sentence beside it in the code"


def test_error_codes_are_unique():
    counts = Counter(entry.name for entry in reference.errors())
    assert [code for code, count in counts.items() if count > 1] == []


def test_settings_are_found_with_default_and_sentence(tmp_path, monkeypatch):
    source = tmp_path / "payvand"
    (source / "conf").mkdir(parents=True)
    (source / "conf" / "base.py").write_text(
        "# Where mail leaves from.\n"
        'A = env("PAYVAND_MAIL", "localhost")\n'
        'B = env("PAYVAND_KEY", default=None, help="Signs the log.")\n'
        'C = os.environ["PAYVAND_BARE"]\n'
        "PAYVAND_ROWS = 50  # rows on a page\n"
        'PAYVAND_MAIL = env("PAYVAND_MAIL", "localhost")\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(reference.house, "SOURCE", source)
    rows = {entry.name: (*entry.columns, entry.sentence) for entry in reference.settings()}
    assert rows == {
        "PAYVAND_MAIL": ("environment", "`'localhost'`", "Where mail leaves from."),
        "PAYVAND_KEY": ("environment", "`None`", "Signs the log."),
        "PAYVAND_BARE": ("environment", "required", ""),
        "PAYVAND_ROWS": ("settings file", "`50`", "rows on a page"),
    }


def test_slots_are_found_with_type_and_sentence(tmp_path, monkeypatch):
    source = tmp_path / "payvand"
    (source / "plugins").mkdir(parents=True)
    (source / "plugins" / "slots.py").write_text(
        'on_submitted: Slot[Submitted] = Slot("on_submitted", "An application was submitted.")\n'
        'panel = Slot[Panel]("panel", doc="A part of the application page.")\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(reference.house, "SOURCE", source)
    rows = {entry.name: (*entry.columns, entry.sentence) for entry in reference.slots()}
    assert rows == {
        "on_submitted": ("`Slot[Submitted]`", "An application was submitted."),
        "panel": ("`Slot[Panel]`", "A part of the application page."),
    }
