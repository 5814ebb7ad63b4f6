"""Do stylesheets and templates work in both directions and under a strict content policy?"""

import re
from pathlib import Path

import pytest

from scripts import house

STYLES = [path for path in sorted(house.SOURCE.rglob("*.css")) if "vendor" not in path.parts]
TEMPLATES = sorted(house.SOURCE.rglob("*.html"))

# Physical is what names a side as a property or value; `to right` in a gradient is a drawing.
PHYSICAL = re.compile(
    r"(?:^|[;{\s])(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)\b"
    r"|(?:^|[;{\s])(?:left|right)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
INLINE = re.compile(r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<style\b|javascript:", re.IGNORECASE)
SCRIPT = re.compile(
    r"<script\b(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.IGNORECASE | re.DOTALL
)


def relative(path: Path) -> str:
    return str(path.relative_to(house.SOURCE))


@pytest.mark.parametrize("path", STYLES, ids=relative)
def test_styles_name_no_physical_side(path):
    found = PHYSICAL.findall(COMMENT.sub("", path.read_text(encoding="utf-8")))
    assert not found, "use inline-start / inline-end"


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_templates_carry_no_inline_style_or_script(path):
    text = path.read_text(encoding="utf-8")
    assert not INLINE.findall(text)
    for script in SCRIPT.finditer(text):
        data = 'type="application/json"' in script["attributes"]
        assert data or ("src=" in script["attributes"] and not script["body"].strip())


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_templates_trust_nobodys_text(path):
    """`safe` and `autoescape off` let a typed name become markup."""
    assert not re.search(r"\|\s*safe\b|autoescape\s+off", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("css", "physical"),
    [
        ("a{margin-left:1px}", True),
        ("a{inset:0;left: 0}", True),
        ("a{text-align:right}", True),
        ("a{margin-inline-start:1px;text-align:end}", False),
        ("a{background:linear-gradient(to right,red,blue)}", False),
    ],
)
def test_the_rule_of_sides_itself(css, physical):
    assert bool(PHYSICAL.search(css)) is physical
