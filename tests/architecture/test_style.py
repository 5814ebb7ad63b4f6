"""Does every file keep the house style that a tool can check?"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import house

MAX_FILE, MAX_FUNCTION, MAX_ARGUMENTS = 400, 60, 6  # lines of a function: aim at 40
FORBIDDEN_NAMES = {"utils", "helpers", "misc", "common", "signals"}


@pytest.fixture(params=house.python_files(), ids=house.module_name)
def source(request) -> Path:
    return request.param


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method."""
    yield from (
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def test_a_module_opens_with_the_question_it_answers(source):
    text = source.read_text(encoding="utf-8")
    if source.name == "__init__.py" and not text.strip():
        return
    assert ast.get_docstring(ast.parse(text)), "no module docstring"


def test_public_functions_and_classes_have_one_sentence(source):
    tree = ast.parse(source.read_text(encoding="utf-8"))
    public = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
    ]
    bare = [f"{node.name} (line {node.lineno})" for node in public if not ast.get_docstring(node)]
    assert not bare


def test_files_and_functions_are_short(source):
    text = source.read_text(encoding="utf-8")
    assert text.count("\n") <= MAX_FILE
    long = [
        f"{node.name}: {length} lines"
        for node in functions(ast.parse(text))
        if (length := (node.end_lineno or 0) - node.lineno + 1) > MAX_FUNCTION
    ]
    assert not long


def test_no_drawer_of_odds_and_ends(source):
    assert source.stem not in FORBIDDEN_NAMES


def test_no_signals_and_no_logic_in_save(source):
    tree = ast.parse(source.read_text(encoding="utf-8"))
    assert not [f"line {node.lineno}: save()" for node in functions(tree) if node.name == "save"]
    modules = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert "django.db.models.signals" not in modules
    assert "django.dispatch" not in modules


def test_digits_are_ascii_where_input_is_checked(source):
    r"""`\d` also matches Persian and Arabic digits; say [0-9]."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in PATTERN_CALLS:
            patterns = [
                a.value
                for a in node.args
                if isinstance(a, ast.Constant) and isinstance(a.value, str)
            ]
            assert not [p for p in patterns[:1] if r"\d" in p], f"line {node.lineno}"


PATTERN_CALLS = {"compile", "match", "fullmatch", "search", "sub", "findall", "finditer", "split"}
