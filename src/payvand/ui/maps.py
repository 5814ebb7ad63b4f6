"""Where is it fast and where slow? The provinces as a map and as equal squares.

Keys are ISO 3166-2:IR. The outlines are built from a locked package; without them the squares,
which are our own drawing, take their place. The numbers are also in a table, and a select does
what a click does.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from payvand.kernel import text
from payvand.ui import vendor
from payvand.ui.charts import Chart

TILES = vendor.STATIC / "ui" / "tiles.json"
SIDE = 58


@dataclass(frozen=True, slots=True)
class Look:
    """How a map is linked and coloured."""

    href: str = ""  # address with {} for the province code; empty: no links
    selected: str = ""
    breaks: Sequence[float] = ()  # four thresholds; default: fifths of the values
    unit: str = ""
    heading: str = ""  # head of the number column


def provinces() -> dict[str, dict[str, Any]]:
    """Return name and square of every province by ISO 3166-2 code."""
    found: dict[str, dict[str, Any]] = vendor.load_json(TILES)
    return found


def _breaks(values: Mapping[str, float], look: Look) -> list[float]:
    if look.breaks:
        return list(look.breaks)
    ordered = sorted(values.values())
    return [ordered[len(ordered) * k // 5] for k in range(1, 5)] if len(ordered) >= 5 else []


def _shade(value: float | None, breaks: Sequence[float]) -> str:
    return "qx" if value is None else f"q{bisect_right(breaks, value)}"


def _said(code: str, values: Mapping[str, float], lang: str, unit: str) -> str:
    name = provinces()[code][lang]
    if code not in values:
        return _("%(name)s: no data") % {"name": name}
    return f"{name}: {text.format_number(values[code], lang)} {unit}".strip()


def _link(code: str, said: str, inner: SafeString, look: Look) -> SafeString:
    css = "sel" if code == look.selected else ""
    if not look.href:
        return format_html('<g class="{}"><title>{}</title>{}</g>', css, said, inner)
    return format_html(
        '<a href="{}" class="{}" aria-label="{}"><title>{}</title>{}</a>',
        look.href.replace("{}", code), css, said, said, inner,
    )  # fmt: skip


def _legend(breaks: Sequence[float], lang: str) -> list[tuple[str, str]]:
    if not breaks:
        return []
    shown = [text.format_number(b, lang) for b in breaks]
    words = [_("below %(a)s") % {"a": shown[0]}]
    words += [_("%(a)s to %(b)s") % {"a": a, "b": b} for a, b in pairwise(shown)]
    words.append(_("%(a)s and more") % {"a": shown[-1]})
    return [(f"q{k}", said) for k, said in enumerate(words)]


def _chart(
    svg: SafeString, title: str, values: Mapping[str, float], *, lang: str, look: Look
) -> Chart:
    ordered = sorted(values.items(), key=lambda item: item[1])
    rows = [[provinces()[code][lang], text.format_number(v, lang)] for code, v in ordered]
    heading = look.heading or look.unit or _("Value")
    return Chart(svg, title, [_("Province"), heading], rows, _legend(_breaks(values, look), lang))


def _frame(
    css: str, size: tuple[float, float], title: str, *, parts: SafeString, links: bool
) -> SafeString:
    role = "group" if links else "img"
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" role="{}" aria-label="{}">{}</svg>',
        css, *size, role, title, parts,
    )  # fmt: skip


def _tile_words(values: Mapping[str, float], breaks: Sequence[float], lang: str) -> SafeString:
    """Return names and numbers over the squares; the links under them name themselves."""
    rows = []
    for code, tile in provinces().items():
        css = "lt" if _shade(values.get(code), breaks) in ("q3", "q4") else ""
        number = text.format_number(values[code], lang) if code in values else "—"
        x, y = tile["x"] * SIDE + SIDE // 2, tile["y"] * SIDE
        rows.append((css, x, y + 25, tile["short_" + lang], y + 44, number))
    return format_html_join(
        "",
        '<text class="{0}" x="{1}" y="{2}">{3}</text><text class="{0}" x="{1}" y="{4}">{5}</text>',
        rows,
    )


def tile_grid(title: str, values: Mapping[str, float], *, lang: str, look: Look) -> Chart:
    """Return 31 equal squares, in both languages west at the left as on a map."""
    breaks = _breaks(values, look)
    tiles = []
    for code, tile in provinces().items():
        square = format_html(
            '<rect class="tile {0}" x="{1}" y="{2}" width="{3}" height="{3}" rx="7"/>',
            _shade(values.get(code), breaks), tile["x"] * SIDE + 2, tile["y"] * SIDE + 2, SIDE - 4,
        )  # fmt: skip
        tiles.append((_link(code, _said(code, values, lang, look.unit), square, look),))
    words = format_html('<g aria-hidden="true">{}</g>', _tile_words(values, breaks, lang))
    parts = format_html_join("", "{}", tiles) + words
    svg = _frame("tiles", (7 * SIDE, 6 * SIDE), title, parts=parts, links=bool(look.href))
    return _chart(svg, title, values, lang=lang, look=look)


def _labels(drawing: dict[str, Any], shades: Mapping[str, str], lang: str) -> SafeString:
    seas = format_html_join(
        "",
        '<text class="sea" x="{}" y="{}">{}</text>',
        ((sea["x"], sea["y"], sea[lang]) for sea in drawing["seas"]),
    )
    names = format_html_join(
        "",
        '<text class="{}" x="{}" y="{}">{}</text>',
        (
            ("lt" if shades[p["code"]] in ("q3", "q4") else "", p["cx"], p["cy"] + dy, word)
            for p in drawing["provinces"]
            if p["area"] > 7500 and p["code"] != "IR-22"
            for dy, word in _two_lines(provinces()[p["code"]][lang])
        ),
    )
    return format_html('<g class="ml" aria-hidden="true">{}{}</g>', seas, names)


def _two_lines(name: str) -> list[tuple[int, str]]:
    words = name.split(" ")
    if len(name) < 10 or len(words) == 1:
        return [(5, name)]
    cut = (len(words) + 1) // 2
    return [(-5, " ".join(words[:cut])), (15, " ".join(words[cut:]))]


def choropleth(title: str, values: Mapping[str, float], *, lang: str, look: Look) -> Chart:
    """Return the map of provinces; the squares instead when the outlines were not built."""
    if not (vendor.has("iran.json") and vendor.has("iran.svg")):
        return tile_grid(title, values, lang=lang, look=look)
    drawing = vendor.load_json(vendor.VENDOR / "iran.json")
    breaks = _breaks(values, look)
    shades = {p["code"]: _shade(values.get(p["code"]), breaks) for p in drawing["provinces"]}
    # The chosen province is drawn last, so that its outline lies over its neighbours'.
    order = sorted(shades, key=lambda code: code == look.selected)
    shapes = format_html_join(
        "",
        "{}",
        (
            (_link(code, _said(code, values, lang, look.unit), format_html(
                '<use class="{}" href="{}#{}"/>', shades[code], static("vendor/iran.svg"), code
            ), look),)
            for code in order
        ),
    )  # fmt: skip
    parts = shapes + _labels(drawing, shades, lang)
    size = (drawing["width"], drawing["height"])
    svg = _frame("map", size, title, parts=parts, links=bool(look.href))
    return _chart(svg, title, values, lang=lang, look=look)
