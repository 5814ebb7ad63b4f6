"""Does anything enter by a way import-linter cannot see: strings, late imports, relations?"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import house

STOREY_OF = {name: level for level, storey in enumerate(reversed(house.STOREYS)) for name in storey}
MODEL_LOOKUPS = {"get_model", "get_models", "get_registered_model"}
DYNAMIC_IMPORTS = {"import_module", "__import__", "import_string"}


@pytest.fixture(params=house.python_files(), ids=house.module_name)
def source(request) -> Path:
    return request.param


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield every module of ours that the file imports, late and type-only imports included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("payvand."))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "payvand":
            for alias in node.names:
                yield f"{node.module}.{alias.name}"


def trespass(importer: str, target: str) -> str | None:
    """Return why `importer` (a context) may not import `target` (a dotted name), or None."""
    parts = target.split(".")[1:]
    context, room = parts[0], parts[1] if len(parts) > 1 else house.FRONT_DOOR
    if context not in STOREY_OF or importer not in STOREY_OF or context in (importer, *house.KITS):
        return None
    if STOREY_OF[context] >= STOREY_OF[importer]:
        return f"{importer} may not import {context}: it stands above or beside it"
    doors = {house.FRONT_DOOR, *(house.SIDE_DOORS if importer in house.COMPOSERS else ())}
    return (
        None
        if room in doors
        else f"{importer} enters {context} by {room}, not by {house.FRONT_DOOR}"
    )


@pytest.mark.parametrize(
    ("importer", "target", "allowed"),
    [
        ("window", "payvand.ledger.public", True),
        ("window", "payvand.kernel.terms.due", True),
        ("window", "payvand.ledger.public.ask", True),
        ("conf", "payvand.ledger.urls", True),
        ("window", "payvand.ledger.urls", False),
        ("window", "payvand.ledger.models.Obligation", False),
        ("ledger", "payvand.window.public", False),
        ("matching", "payvand.energy.public", False),
        ("cli", "payvand.web.public", False),
    ],
)
def test_the_rule_of_doors_itself(importer, target, allowed):
    assert (trespass(importer, target) is None) is allowed


def test_no_import_enters_another_context_by_the_window(source):
    tree = ast.parse(source.read_text(encoding="utf-8"))
    here = house.context_of(source)
    sins = [sin for target in imports(tree) if (sin := trespass(here, target))]
    assert not sins, "\n".join(sins)


def test_models_are_never_looked_up_by_name(source):
    """get_model and imports by string escape import-linter; only conf and plugins may load so."""
    if house.context_of(source) in ("conf", "plugins"):
        return
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            assert name not in MODEL_LOOKUPS, f"line {node.lineno}: {name}"
            if name in DYNAMIC_IMPORTS:
                sin = trespass_by_string(house.context_of(source), node)
                assert sin is None, f"line {node.lineno}: {sin}"


def trespass_by_string(here: str, call: ast.Call) -> str | None:
    """Return what is wrong with an import by name, where the name is written out."""
    first = call.args[0] if call.args else None
    if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
        return None
    return trespass(here, first.value) if first.value.startswith("payvand.") else None


def test_foreign_keys_point_downwards_only():
    """A relation may name a model of the same context or of a lower one."""
    from django.apps import apps

    sins = []
    for model in apps.get_models():
        here = owner(model)
        for field in model._meta.get_fields(include_hidden=True):
            there = (
                owner(field.related_model) if field.is_relation and not field.auto_created else None
            )
            if here and there and here != there and STOREY_OF[there] >= STOREY_OF[here]:
                sins.append(f"{model.__name__}.{field.name} ({here}) -> {there}")
    assert not sins, "\n".join(sins)


def owner(model: object) -> str | None:
    """Return the context a model belongs to; None for Django's and other people's models."""
    parts = getattr(model, "__module__", "").split(".")
    return parts[1] if parts[0] == "payvand" and parts[1] in STOREY_OF else None
