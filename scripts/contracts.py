"""Which import contracts does the house need today?

A contract that names a missing module stops import-linter, so `.importlinter` is written from the
folders: `python scripts/contracts.py` writes it, `--check` fails when it is not current.
"""

import sys

if not __package__:
    sys.path.insert(0, str(__import__("pathlib").Path(__file__).resolve().parent.parent))

from scripts import house

Options = dict[str, str | list[str]]
TARGET = house.ROOT / ".importlinter"
IMPURE = (
    "django", "django_htmx", "ninja", "axes", "httpx", "requests", "urllib3", "psycopg", "sqlite3",
    "socket", "http", "smtplib", "subprocess",
)  # fmt: skip


def render() -> str:
    """Return the text of `.importlinter` for the contexts and rooms that exist."""
    present = house.contexts()
    parts = [
        "# Written from the folders by scripts/contracts.py; change that, then `make docs`.\n"
        + section("importlinter", root_package="payvand", include_external_packages="True"),
        contract("storeys", "layers", "Contexts import only downwards", {
            "containers": ["payvand"],
            "layers": layers(house.STOREYS, present),
            "exhaustive": "True",
        }),
        contract("cycles", "acyclic_siblings", "No cycles among contexts, nor inside one", {
            "ancestors": ["payvand", *(f"payvand.{name}" for name in present)],
            "depth": "0",
        }),
    ]  # fmt: skip
    pure = [f"payvand.{house.OPEN}"] if house.OPEN in present else []
    pure += [f"payvand.{name}.rules" for name in present if "rules" in house.children(name)]
    if pure:
        parts.append(
            contract(
                "purity",
                "forbidden",
                "kernel and rules know no framework, no database, no network",
                {"source_modules": pure, "forbidden_modules": list(IMPURE)},
            )
        )
    for name in present:
        parts += of_context(name, present)
    return "\n".join(parts)


def of_context(name: str, present: list[str]) -> list[str]:
    """Return the contracts of one context: the order of its rooms, and who may enter where."""
    inside = house.children(name)
    found = []
    rooms = layers(house.ROOMS, inside)
    if name not in house.COMPOSERS and len(rooms) > 1:
        found.append(
            contract(
                f"rooms-{name}",
                "layers",
                f"Rooms of {name} import only downwards",
                {"containers": [f"payvand.{name}"], "layers": rooms},
            )
        )
    if name in (*house.KITS, *house.COMPOSERS):
        return found
    composers = [f"payvand.{other}" for other in house.COMPOSERS if other in present]
    side = [child for child in inside if child in house.SIDE_DOORS]
    private = [child for child in inside if child not in (*side, house.FRONT_DOOR, "migrations")]
    for label, doors, guests in (("inside", private, []), ("doors", side, composers)):
        if doors:
            found.append(
                contract(
                    f"{label}-{name}",
                    "protected",
                    f"{name}: others enter by public only"
                    + (" (conf, cli and web also by side doors)" if guests else ""),
                    {
                        "protected_modules": [f"payvand.{name}.{child}" for child in doors],
                        "allowed_importers": [f"payvand.{name}", *guests],
                    },
                )
            )
    return found


def layers(order: tuple[tuple[str, ...], ...], present: list[str]) -> list[str]:
    """Return the storeys of `order` that exist, as import-linter writes them."""
    kept = ([name for name in storey if name in present] for storey in order)
    return [" | ".join(storey) for storey in kept if storey]


def contract(key: str, kind: str, name: str, options: Options) -> str:
    """Return one contract section."""
    return section(f"importlinter:contract:{key}", name=name, type=kind, **options)


def section(title: str, **options: str | list[str]) -> str:
    """Return one section of the configuration file; lists stand one item a line."""
    lines = [f"[{title}]"]
    for key, value in options.items():
        lines.append(f"{key} =" if isinstance(value, list) else f"{key} = {value}")
        if isinstance(value, list):
            lines += [f"    {item}" for item in value]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the contracts, or with --check say whether they are current."""
    text = render()
    if "--check" not in sys.argv:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    print(
        ".importlinter is older than the folders: run `make docs` and commit it.", file=sys.stderr
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
