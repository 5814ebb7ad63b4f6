"""Does the repository speak of itself alone: no machine, no registry, no secret?"""

import re
import subprocess
from pathlib import Path

import pytest

from scripts import house

LOCKS = ("requirements.lock", "requirements-dev.lock")
HOST_OF_REGISTRY = re.compile(
    r"(?:files\.pythonhosted|pypi|registry\.npmjs|registry\.yarnpkg|registry-1\.docker|crates)\.(?:org|io|com)"
)
MACHINE_PATH = re.compile(r"(?<![\w.$}/-])/(?:home|root|Users|work|opt)/[\w.-]+")
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".cfg",
    ".yml",
    ".yaml",
    ".json",
    ".html",
    ".css",
    ".js",
    ".txt",
    ".lock",
    ".sh",
    "",
}


def tracked() -> list[Path]:
    """Return the tracked text files; all files of a copy without git."""
    result = subprocess.run(
        ["git", "ls-files", "-z"], cwd=house.ROOT, capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        pytest.skip("not a git checkout")
    paths = (house.ROOT / name for name in result.stdout.split("\0") if name)
    return [path for path in paths if path.is_file() and path.suffix in TEXT]


def mentions(pattern: re.Pattern[str]) -> list[str]:
    """Return where a pattern stands in tracked files, this one aside."""
    found = []
    for path in tracked():
        if path == Path(__file__).resolve():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{path.relative_to(house.ROOT)}: {match[0]}" for match in pattern.finditer(text)]
    return found


def test_no_registry_is_named():
    assert mentions(HOST_OF_REGISTRY) == []


def test_no_path_of_a_machine_is_named():
    assert mentions(MACHINE_PATH) == []


@pytest.mark.parametrize("name", LOCKS)
def test_locks_name_no_host_and_hash_everything(name):
    text = (house.ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^--|^-[if] ", text, re.MULTILINE)
    pins = re.findall(r"^[a-z0-9][^\n]*?==[^\n]*\\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(pins) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE))


def test_both_locks_agree():
    """What runs in production is what was tested."""
    runtime, dev = (pins((house.ROOT / name).read_text(encoding="utf-8")) for name in LOCKS)
    assert {name: dev.get(name) for name in runtime} == runtime


def pins(text: str) -> dict[str, str]:
    """Return package -> version of a lock file."""
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE))


def test_readme_is_short_enough_to_be_read():
    assert len((house.ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120


def test_no_copyleft_engine_among_the_libraries():
    runtime = pins((house.ROOT / LOCKS[0]).read_text(encoding="utf-8"))
    assert not {"django-viewflow", "pm4py", "spiffworkflow"} & runtime.keys()


@pytest.mark.parametrize(
    "lock", sorted(house.ROOT.glob("package-lock.json")), ids=lambda path: path.name
)
def test_web_assets_are_pinned_by_hash(lock):
    import json

    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    assert all(
        entry.get("integrity", "").startswith("sha512-") for name, entry in packages.items() if name
    )
