"""Do imports keep to the house: order of contexts and rooms, pure rules, closed doors?"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import contracts, house

SMALL_HOUSE = """
    kernel/terms audit/models audit/actions audit/public audit/urls conf/urls
    window/rules/when window/models window/actions window/views window/public
"""


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter in a folder."""
    tool = Path(sys.executable).with_name("lint-imports")
    if not tool.exists():
        pytest.skip("import-linter is not installed here")
    return subprocess.run(
        [tool, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


def test_contracts_are_current_with_the_folders():
    assert contracts.TARGET.read_text(encoding="utf-8") == contracts.render(), "run `make docs`"


def test_every_package_has_a_storey():
    assert house.strangers() == []


def test_imports_keep_the_contracts():
    result = lint_imports(house.ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        pytest.param(
            "audit/actions.py", "import payvand.window.public", "only downwards", id="upwards"
        ),
        pytest.param(
            "window/actions.py", "import payvand.audit.models", "by public only", id="closed-door"
        ),
        pytest.param("window/views.py", "import payvand.audit.urls", "by public only", id="side"),
        pytest.param(
            "window/models.py", "import payvand.window.actions", "Rooms of window", id="rooms"
        ),
        pytest.param("window/rules/when.py", "import django.db", "kernel and rules", id="impure"),
        pytest.param("kernel/terms.py", "import httpx", "kernel and rules", id="network"),
        pytest.param("audit/actions.py", "import payvand.audit.public", "cycles", id="cycle"),
        pytest.param("stranger/__init__.py", "", "not listed as layers", id="no-storey"),
    ],
)
def test_contracts_can_fail(tmp_path, monkeypatch, module, line, broken):
    """A small house that keeps every contract, then one sin added to it."""
    source = tmp_path / "payvand"
    for name in SMALL_HOUSE.split():
        write(source / f"{name}.py")
    write(source / "audit/public.py", "import payvand.audit.actions")
    write(source / "window/actions.py", "import payvand.audit.public, payvand.kernel.terms")
    write(source / "conf/urls.py", "import payvand.audit.urls")
    monkeypatch.setattr(house, "SOURCE", source)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / ".importlinter").write_text(contracts.render(), encoding="utf-8")
    clean = lint_imports(tmp_path)
    assert clean.returncode == 0, clean.stdout

    write(source / module, line)
    sinful = lint_imports(tmp_path)
    assert sinful.returncode != 0
    assert broken in " ".join(sinful.stdout.split())
    shutil.rmtree(source)


def write(path: Path, line: str = "") -> None:
    """Write a module, and make packages of its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for folder in (path.parent, path.parent.parent):
        (folder / "__init__.py").touch()
    path.write_text(line + "\n", encoding="utf-8")
