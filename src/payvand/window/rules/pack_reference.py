"""What may stand in a pack? The page docs/reference/packs.md, written from schema.json.

Pure. `python -m payvand.window.rules.pack_reference > docs/reference/packs.md` writes it anew.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from payvand.window.rules.pack_schema import schema

HEAD = """\
# Service packs: every field

A service is one file, `service.yaml`, in a folder of its own. This page is written from
`src/payvand/packs/schema.json`; do not edit it by hand. How to begin:
[Add a service](../how-to/add-a-service.md).

`text` means a pair `{fa, en}`; both languages are required. `*` marks what must be there. Names in
*italics* are described in the tables of shared parts at the end.
"""
NAMES = {
    "string": "word",
    "object": "keys",
    "array": "list",
    "integer": "whole number",
    "boolean": "true, false",
}
TABLE = ("| field | type | meaning |", "|---|---|---|")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the page: where a field stands, what it holds, what it means."""

    path: str
    kind: str
    about: str
    required: bool


def rows() -> list[Row]:
    """Return a row for every field of the schema, shared parts last, as `part: field`."""
    found = list(_properties(schema(), ""))
    for name, part in schema()["$defs"].items():
        inner = list(_properties(part, "", name=f"{name}: "))
        found += [Row(f"{name}:", _kind(part), part.get("description", ""), False), *inner]
    return found


def page() -> str:
    """Return the whole page as Markdown."""
    lines = [HEAD, "## The pack", "", *TABLE]
    in_shared = False
    for row in rows():
        if row.path.endswith(":") and not in_shared:
            in_shared = True
            lines += ["", "## Shared parts", "", *TABLE]
        path = f"**{row.path[:-1]}**" if row.path.endswith(":") else f"`{row.path}`"
        star = "\\*" if row.required else ""
        lines.append(f"| {path}{star} | {row.kind} | {_cell(row.about)} |")
    return "\n".join(lines) + "\n"


def _properties(part: Mapping[str, Any], path: str, *, name: str = "") -> Iterator[Row]:
    for key, inner in part.get("properties", {}).items():
        here = f"{path}.{key}" if path else f"{name}{key}"
        yield Row(here, _kind(inner), inner.get("description", ""), key in part.get("required", ()))
        yield from _below(inner, here)
    for option in part.get("oneOf", ()):
        if not path:
            yield from _properties(option, path, name=name)


def _below(part: Mapping[str, Any], path: str) -> Iterator[Row]:
    if "$ref" in part:
        return
    yield from _properties(part, path)
    items = part.get("items", {})
    if "properties" in items:
        yield from _properties(items, f"{path}[]")
    extra = part.get("additionalProperties")
    if isinstance(extra, dict):
        yield from _below(extra, f"{path}.<name>")


def _kind(part: Mapping[str, Any]) -> str:
    if "$ref" in part:
        return f"*{part['$ref'].rsplit('/', 1)[-1]}*"
    if "const" in part:
        return f"`{part['const']}`"
    if "enum" in part:
        return ", ".join(f"`{one}`" for one in part["enum"])
    if "oneOf" in part:
        return " or ".join(_kind(one) for one in part["oneOf"])
    if part.get("type") == "array":
        return f"list of {_kind(part.get('items', {}))}"
    kinds = part.get("type", "any")
    return ", ".join(NAMES.get(one, one) for one in ([kinds] if isinstance(kinds, str) else kinds))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    sys.stdout.write(page())
