"""Are third-party files only ever the ones that were locked?"""

import ast
import base64
import hashlib
import io
import json
import re
import tarfile
from pathlib import Path

import pytest

from payvand.ui import assets, cartography, npm

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "package-lock.json"


def tarball(files):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def test_lock_file_names_no_host_and_pins_every_package():
    assert not re.search(r"https?:|\"resolved\"", LOCK.read_text())
    for name in [*assets.BUILDS, "axe-core"]:
        assert npm.locked(LOCK, name).integrity.startswith("sha512-")


def test_tarball_that_differs_from_the_lock_is_refused():
    content = b"something"
    digest = base64.b64encode(hashlib.sha512(content).digest()).decode()
    package = npm.Package("x", "1", f"sha512-{digest}")
    npm.check(package, content)
    with pytest.raises(npm.WrongHash):
        npm.check(package, content + b"!")


def test_address_is_built_from_registry_name_and_version():
    package = npm.Package("@a/b", "1.2.3", "")
    assert package.address("r") == "r/@a/b/-/b-1.2.3.tgz"


def test_only_named_members_are_read_and_missing_ones_are_named():
    packed = tarball({"a.txt": b"1", "b.txt": b"2"})
    assert npm.members(packed, ["a.txt"]) == {"a.txt": b"1"}
    with pytest.raises(FileNotFoundError, match=r"c\.txt"):
        npm.members(packed, ["c.txt"])


def test_registry_comes_from_the_environment_then_npmrc(monkeypatch, tmp_path):
    for name in ("PAYVAND_NPM_REGISTRY", "NPM_CONFIG_REGISTRY"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".npmrc").write_text("registry=from-npmrc/\n")
    assert npm.registry(tmp_path) == "from-npmrc"
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "from-npm")
    assert npm.registry(tmp_path) == "from-npm"
    monkeypatch.setenv("PAYVAND_NPM_REGISTRY", "ours")
    assert npm.registry(tmp_path) == "ours"


def test_without_a_registry_one_line_is_said_and_nothing_fails(monkeypatch, tmp_path, capsys):
    def nowhere(_beside):
        raise npm.NoRegistry

    monkeypatch.setattr(npm, "registry", nowhere)
    assert assets.main(tmp_path, ROOT) == 0
    assert "system fonts" in capsys.readouterr().out


def test_second_run_builds_nothing(monkeypatch, tmp_path):
    built = {name: assets._recipe(npm.locked(LOCK, name)) for name in assets.BUILDS}
    (tmp_path / assets.STAMP).write_text(json.dumps(built))
    for _build, files in assets.BUILDS.values():
        for name in files:
            (tmp_path / name).touch()
    assert assets.stale(LOCK, tmp_path) == []
    (tmp_path / "sprite.svg").unlink()
    assert [p.name for p in assets.stale(LOCK, tmp_path)] == ["@tabler/icons"]


def test_every_icon_that_a_page_or_a_pack_names_is_in_the_sprite():
    from payvand.ui.words import STATUSES

    used = {icon for _css, icon, _word in STATUSES.values()}
    for pack in (ROOT / "src/payvand/packs").rglob("service.yaml"):
        used |= set(re.findall(r'^icon: "([\w-]+)"', pack.read_text(), re.MULTILINE))
    for page in (ROOT / "src/payvand").rglob("templates/**/*.html"):
        used |= set(re.findall(r'{% icon "([\w-]+)"', page.read_text()))
        used |= set(re.findall(r'icon\|default:"([\w-]+)"', page.read_text()))
    for module in (ROOT / "src/payvand").rglob("*.py"):
        calls = (n for n in ast.walk(ast.parse(module.read_text())) if isinstance(n, ast.Call))
        used |= {
            call.args[2].value for call in calls
            if getattr(call.func, "id", "") == "NavItem" and len(call.args) > 2
            and isinstance(call.args[2], ast.Constant)
        }  # fmt: skip
    assert used <= set(assets.ICONS)


@pytest.mark.parametrize("name", assets.ICONS)
def test_no_name_of_an_icon_is_cut_in_two(name):
    """One name that the package does not have leaves a new installation without any icon."""
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*|x", name)
    assert name not in {part for other in assets.ICONS for part in other.split("-")[1:]}


def test_font_keeps_the_letters_of_both_languages():
    kept = {chr(n) for n in assets.code_points()}
    assert set("پچژگکیآأئؤة«»،؛؟٪٫٬۰۱۲۳۴۵۶۷۸۹\u200c“”’—abcXYZ") <= kept


def test_map_codes_are_the_31_provinces():
    assert sorted(cartography.CODES.values()) == [f"{n:02d}" for n in range(31)]


def test_projection_keeps_north_up_and_east_right():
    tehran, kerman = cartography.project(51.4, 35.7), cartography.project(57.1, 30.3)
    assert kerman[0] > tehran[0]
    assert kerman[1] > tehran[1]
