"""Do the pages keep their promises to browsers, keyboards and screen readers?"""

import re
from collections import Counter

import lxml.html
import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.html import format_html
from django.utils.translation import override

from payvand.ui import vendor
from payvand.ui.context import NavItem, other_language_url
from payvand.ui.context import page as page_context
from payvand.ui.middleware import CSP, SecurityHeaders
from tests.ui import gallery

STATIC = vendor.STATIC / "ui"


def test_no_page_needs_inline_style_or_script(page):
    tree = lxml.html.fromstring(page)
    assert not tree.xpath("//*[@style]")
    assert not tree.xpath("//style")
    assert all(script.get("src") for script in tree.xpath("//script"))
    assert not [a for e in tree.iter() for a in e.attrib if a.startswith("on")]


def test_every_id_is_used_once_and_every_reference_leads_somewhere(page):
    tree = lxml.html.fromstring(page)
    ids = Counter(tree.xpath("//@id"))
    assert [i for i, n in ids.items() if n > 1] == []
    for name in ("for", "aria-describedby", "aria-labelledby"):
        for value in tree.xpath(f"//@{name}"):
            assert set(value.split()) <= ids.keys(), (name, value)


def test_every_input_has_a_label(page):
    tree = lxml.html.fromstring(page)
    labelled = set(tree.xpath("//label/@for"))
    for control in tree.xpath("//input|//select|//textarea"):
        if control.get("type") in ("hidden", "submit"):
            continue
        named = control.get("id") in labelled or control.get("aria-label")
        assert named or control.xpath("ancestor::label"), lxml.html.tostring(control)


def test_every_wrong_input_is_marked_and_tied_to_its_message(page):
    tree = lxml.html.fromstring(page)
    wrong = tree.xpath("//*[@aria-invalid='true']")
    assert len(wrong) >= 6
    for control in wrong:
        messages = [
            tree.get_element_by_id(i).text_content()
            for i in control.get("aria-describedby").split()
            if i.endswith("_error")
        ]
        assert any(m.strip() for m in messages)


def test_each_line_of_the_error_summary_leads_to_a_control(page):
    tree = lxml.html.fromstring(page)
    links = tree.xpath("//*[@id='errors']//a/@href")
    assert len(links) >= 6
    for link in links:
        assert tree.get_element_by_id(link[1:]).tag in ("input", "select", "textarea", "button")


def test_title_of_a_page_with_errors_says_so(page, lang):
    title = lxml.html.fromstring(page).findtext(".//title")
    assert title.startswith("خطا:" if lang == "fa" else "Error:")


def test_page_says_its_language_and_direction(page, lang):
    root = lxml.html.fromstring(page)
    assert (root.get("lang"), root.get("dir")) == (lang, "rtl" if lang == "fa" else "ltr")


def test_text_of_users_is_escaped(page):
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_persian_page_has_no_untranslated_word_of_the_kit():
    with override("fa"):
        shown = render_to_string("ui/gantt.html", {"rows": [], "ticks": []})
    assert not re.search(r">[A-Za-z ]{3,}<", shown)


def test_stylesheet_uses_logical_properties_only():
    css = re.sub(r"/\*.*?\*/", "", (STATIC / "ui.css").read_text(), flags=re.DOTALL)
    physical = re.findall(
        r"(?:^|[;{\s])((?:margin|padding|border|inset)?-?(?:left|right)(?:-\w+)?\s*:)"
        r"|(?:text-align|float|clear)\s*:\s*(left|right)|(to (?:left|right))",
        css,
    )
    assert physical == []


def test_stylesheet_and_script_stay_within_their_budgets():
    assert (STATIC / "ui.css").stat().st_size <= 40_000
    assert (STATIC / "ui.js").stat().st_size <= 6_000


def test_every_class_of_a_status_is_in_the_stylesheet():
    from payvand.ui.words import STATUSES

    css = (STATIC / "ui.css").read_text()
    for kind, (name, _icon, _word) in STATUSES.items():
        assert f".chip.{name}" in css, kind


def test_headers_forbid_everything_that_is_not_ours():
    from django.http import HttpResponse

    answer = SecurityHeaders(lambda request: HttpResponse("x"))(RequestFactory().get("/"))
    assert answer["Content-Security-Policy"] == CSP
    assert "unsafe" not in CSP
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


def test_language_switch_keeps_the_page_and_its_query():
    request = gallery.visitor("/fa/cases/?page=2&q=زمین")
    assert other_language_url(request, "en").startswith("/en/cases/?page=2&q=")


def test_menu_marks_the_nearest_entry_as_current(monkeypatch):
    entries = [NavItem("A", "/fa/"), NavItem("B", "/fa/desk/"), NavItem("C", "/fa/map/")]
    monkeypatch.setattr("payvand.ui.context._nav_providers", [lambda request: entries])
    nav = page_context(gallery.visitor("/fa/desk/3/"))["nav"]
    assert [entry["item"].label for entry in nav if entry["current"]] == ["B"]


def test_a_long_menu_keeps_one_line_and_loses_no_entry(monkeypatch):
    entries = [NavItem(f"E{n}", f"/fa/e{n}/") for n in range(9)]
    monkeypatch.setattr("payvand.ui.context._nav_providers", [lambda request: entries])
    shown = page_context(gallery.visitor("/fa/e8/"))
    assert [len(shown["nav"]), len(shown["nav_more"])] == [6, 3]
    page = render_to_string("ui/base.html", shown, gallery.visitor("/fa/e8/"))
    assert all(f'href="/fa/e{n}/"' in page for n in range(9))
    assert page.index("<details") < page.index('href="/fa/e6/"') < page.index("</details>")
    monkeypatch.setattr("payvand.ui.context._nav_providers", [lambda request: entries[:7]])
    assert page_context(gallery.visitor("/fa/e8/"))["nav_more"] == []


def test_error_page_says_what_happened_why_and_what_now(lang):
    facts = {"status": 409, "what": "W1", "why": "W2", "now": "W3", "error_code": "x.y"}
    with override(lang):
        shown = render_to_string("ui/error.html", facts, gallery.visitor(f"/{lang}/"))
    assert all(word in shown for word in ("W1", "W2", "W3", "x.y"))


def test_pages_work_without_the_built_assets(monkeypatch, tmp_path):
    monkeypatch.setattr(vendor, "VENDOR", tmp_path)
    from tests.ui import gallery

    shown = gallery.page("fa")
    assert "vendor/" not in shown
    assert 'class="tiles"' in shown


@pytest.mark.parametrize("name", ["ui/base_print.html", "ui/base.html"])
def test_bare_base_pages_render(name):
    with override("en"):
        template = engines["django"].from_string(f'{{% extends "{name}" %}}')
        assert "<main" in template.render({}, gallery.visitor("/en/"))


def said(template: str, text: object) -> str:
    return engines["django"].from_string(template).render({"text": text})


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("en", "نامه فرستاده شد", '<bdi lang="fa">نامه فرستاده شد</bdi>'),
        ("fa", "نامه", "<bdi>نامه</bdi>"),
        ("fa", "Sample & Co", '<bdi lang="en">Sample &amp; Co</bdi>'),
        ("fa", "12-34", "<bdi>12-34</bdi>"),
        ("en", "a\nb", "<bdi>a<br>b</bdi>"),
        ("en", "", ""),
    ],
)
def test_what_somebody_wrote_is_marked_with_its_language(language, text, shown):
    with override(language):
        assert said("{{ text|typed }}", text) == shown


def test_what_is_marked_up_already_stays_as_it_is():
    marked = format_html("<b>{}</b>", "x")
    assert said("{{ text|typed }}", marked) == "<b>x</b>"
