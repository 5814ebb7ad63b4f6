"""Is what a screen reader speaks told apart, once, and in the language of the page?"""

import re
from datetime import date
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.translation import override

import payvand
from payvand.ui.context import NavItem
from payvand.ui.templatetags import ui

TEMPLATES = sorted(Path(payvand.__file__).parent.glob("*/templates/**/*.html"))
OTHERS = re.compile(r"/(matching|energy|registry)/")


def test_a_date_is_not_followed_by_the_same_date_in_foreign_digits():
    with override("fa"):
        assert "title" not in ui.jdate(date(2025, 11, 9))
    with override("en"):
        assert 'title="9 November 2025"' in ui.jdate(date(2025, 11, 9))


def test_the_number_beside_a_menu_entry_is_told_apart_from_its_name():
    with override("en"):
        entry = {"item": NavItem("Inbox", "/inbox/", count=15), "current": False}
        page = render_to_string("ui/nav_entry.html", {"entry": entry})
    assert re.sub(r"<[^>]+>", "", page).split() == ["Inbox", ",", "15"]


def test_hidden_words_stand_apart_from_the_words_before_them():
    """A space inside the hidden part is lost: it must stand before it."""
    pages = [page for page in TEMPLATES if not OTHERS.search(str(page))]
    found = [page.name for page in pages if '<span class="vh"> ' in page.read_text("utf-8")]
    assert found == []
