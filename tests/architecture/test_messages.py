"""Does every text that people read have its Persian, and is every catalogue complete?"""

import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from scripts import house

CATALOGUES = sorted(house.SOURCE.rglob("locale/fa/LC_MESSAGES/django.po"))
ARABIC_FORMS = str.maketrans("يك", "یک")


def relative(path: Path) -> str:
    return str(path.relative_to(house.SOURCE))


def texts(path: Path) -> set[tuple[str, str, str]]:
    """Return (context, msgid, plural) of the living entries."""
    entries = (entry for entry in polib.pofile(str(path)) if not entry.obsolete)
    return {(entry.msgctxt or "", entry.msgid, entry.msgid_plural) for entry in entries}


@pytest.mark.parametrize("path", CATALOGUES, ids=relative)
def test_every_text_is_translated_and_none_is_a_guess(path):
    catalogue = polib.pofile(str(path))
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=relative)
def test_persian_is_written_with_persian_letters(path):
    for entry in polib.pofile(str(path)):
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            assert text == text.translate(ARABIC_FORMS), f"Arabic ي or ك in: {text}"
            assert "دیرکرد" not in text, f"say تأخیر: {text}"


def placeholders(text: str) -> set[str]:
    """Return the %(name)s and {name} of a text."""
    import re

    return set(re.findall(r"%\([a-z_]+\)[sd]|\{[a-z_]+\}", text))


@pytest.mark.parametrize("path", CATALOGUES, ids=relative)
def test_translations_keep_the_placeholders(path):
    for entry in polib.pofile(str(path)):
        if entry.msgid_plural:
            continue
        assert placeholders(entry.msgstr) <= placeholders(entry.msgid), entry.msgid


@pytest.mark.skipif(not CATALOGUES, reason="no catalogue yet")
def test_catalogues_hold_exactly_the_texts_of_the_source(tmp_path):
    """Collect the texts again in a copy and compare."""
    if shutil.which("xgettext") is None:
        pytest.skip("GNU gettext is not installed here (apt-get install gettext)")
    copy = tmp_path / "payvand"
    shutil.copytree(
        house.SOURCE, copy, ignore=shutil.ignore_patterns("vendor", "__pycache__", "*.mo")
    )
    result = subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "-l", "fa", "--no-obsolete"],
        cwd=copy, capture_output=True, text=True, check=False, env=bare_environment(),
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    missing = {
        relative(path): texts(copy / path.relative_to(house.SOURCE)) ^ texts(path)
        for path in CATALOGUES
    }
    assert not {name: sorted(found) for name, found in missing.items() if found}, (
        "run `make messages`"
    )


def bare_environment() -> dict[str, str]:
    """Return an environment in which makemessages needs no settings."""
    import os

    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return {**kept, "PYTHONWARNINGS": "ignore"}


def test_one_english_text_has_one_persian_wherever_it_stands():
    """All catalogues become one: of two translations only one is shown, everywhere.

    Where a word means two things, give it a context: {% translate "Number" context "document" %}.
    """
    found: dict[tuple[str, str], dict[str, str]] = {}
    for path in CATALOGUES:
        for entry in polib.pofile(str(path)):
            if not entry.obsolete and not entry.msgid_plural:
                key = (entry.msgctxt or "", entry.msgid)
                found.setdefault(key, {})[relative(path)] = entry.msgstr
    differing = {key: said for key, said in found.items() if len(set(said.values())) > 1}
    assert not differing
