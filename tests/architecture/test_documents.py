"""Do the examples in docs and docstrings really run, and do the links lead somewhere?"""

import doctest
import importlib
import re
from pathlib import Path

import pytest

from scripts import house

DOCUMENTS = sorted([*house.ROOT.glob("*.md"), *(house.ROOT / "docs").rglob("*.md")])
WITH_EXAMPLES = [
    path
    for path in house.python_files()
    if ">>> " in path.read_text(encoding="utf-8") and house.context_of(path) != "conf"
]
FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(
    r"(?<!!)\[[^\]]*\]\((?P<target>[^)#\s]+)(?:#[^)]*)?\)|!\[[^\]]*\]\((?P<picture>[^)\s]+)\)"
)


def relative(path: Path) -> str:
    return str(path.relative_to(house.ROOT))


def blocks(language: str) -> list:
    """Return the fenced blocks marked to be executed: ```python doctest, ```yaml pack."""
    return [
        pytest.param(path, match["body"], id=f"{relative(path)}:{number}")
        for path in DOCUMENTS
        for number, match in enumerate(FENCE.finditer(path.read_text(encoding="utf-8")), start=1)
        if match["info"].strip() == language
    ]


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=house.module_name)
def test_examples_in_docstrings_are_true(path):
    result = doctest.testmod(
        importlib.import_module(house.module_name(path)),
        optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE,
    )
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(("path", "body"), blocks("python doctest"))
def test_python_examples_in_documents_are_true(path, body):
    example = doctest.DocTestParser().get_doctest(body, {}, relative(path), str(path), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert example.examples, "marked as doctest, but holds no >>>"
    assert runner.run(example).failed == 0


@pytest.mark.parametrize(("path", "body"), blocks("yaml pack"))
def test_packs_in_documents_pass_the_lint(path, body):
    """A pack shown to newcomers is a pack that the product accepts."""
    public = pytest.importorskip("payvand.window.public")
    if not hasattr(public, "lint_pack"):
        pytest.skip("the window offers no lint_pack yet")
    assert list(public.lint_pack(body)) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_links_lead_somewhere(path):
    for match in LINK.finditer(path.read_text(encoding="utf-8")):
        target = match["target"] or match["picture"]
        if "://" not in target and not target.startswith("mailto:"):
            assert (path.parent / target).exists(), target


def test_every_document_is_in_the_index():
    index = (house.ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [
        path
        for path in DOCUMENTS
        if (house.ROOT / "docs") in path.parents and path.name != "README.md"
    ]
    missing = [
        relative(path)
        for path in pages
        if str(path.relative_to(house.ROOT / "docs")) not in index and path.parent.name != "adr"
    ]
    assert not missing


@pytest.mark.parametrize(
    "path", sorted((house.ROOT / "docs" / "adr").glob("[0-9]*.md")), ids=relative
)
def test_every_decision_names_what_enforces_it(path):
    """The section `Enforced by` names a file of this repository that exists, or a make target."""
    text = path.read_text(encoding="utf-8")
    for heading in ("Context", "Decision", "Consequences", "Alternatives", "Enforced by"):
        assert f"\n## {heading}\n" in text, heading
    enforced = text.split("\n## Enforced by\n")[1]
    assert re.search(r"`(?:make [a-z]+|(?:tests|scripts)/[\w/.]+)", enforced)
