"""Which error codes, settings, slots and commands does the code really have?

Writes docs/reference/{errors,settings,slots,commands}.md from the code; a test fails when a page
is old or an entry has no sentence of its own. Contexts that do not exist yet are simply absent.
"""

import ast
import importlib
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts import house

PAGES = house.ROOT / "docs" / "reference"
SETTING = re.compile(r"PAYVAND_[A-Z0-9_]+")
NOTE = "<!-- Written by `make docs` from the code; a test keeps it current. -->\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a reference page; `sentence` must not be empty."""

    name: str
    columns: tuple[str, ...]
    sentence: str


def load_everything() -> None:
    """Import every module of every context, so that each error class and command exists."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "payvand.conf.settings.test")
    import django

    django.setup()
    for path in house.python_files():
        if house.context_of(path) not in ("", "conf") and path.stem != "__main__":
            importlib.import_module(house.module_name(path))


def errors() -> list[Entry]:
    """Return every error of the product by its stable code."""
    from payvand.kernel.errors import all_errors

    load_everything()
    found = [error for error in all_errors() if error.__module__.startswith("payvand.")]
    return [
        Entry(error.code, (str(error.status), error.__module__), first_line(error.__doc__))
        for error in found
    ]


def settings() -> list[Entry]:
    """Return every PAYVAND_* variable the code reads, with default and the sentence beside it."""
    found: dict[str, Entry] = {}
    for path in house.python_files():
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text)):
            for entry, line in reads(node):
                told = replace(entry, sentence=entry.sentence or comment_at(lines, line))
                known = found.get(entry.name)
                found[entry.name] = merged(known, told) if known else told
    return [found[name] for name in sorted(found)]


def merged(one: Entry, other: Entry) -> Entry:
    """Return one row for two mentions: the environment wins, then the first; a sentence is kept."""
    first = other if "environment" in other.columns and "environment" not in one.columns else one
    return replace(first, sentence=one.sentence or other.sentence)


def reads(node: ast.AST) -> Iterator[tuple[Entry, int]]:
    """Yield (entry, line) for a statement that reads or sets a variable."""
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if isinstance(target, ast.Name) and SETTING.fullmatch(target.id):
            shown = f"`{ast.unparse(node.value)}`"
            yield Entry(target.id, ("settings file", shown), ""), node.lineno
    elif isinstance(node, ast.Subscript) and SETTING.fullmatch(text_of(node.slice)):
        yield Entry(text_of(node.slice), ("environment", "required"), ""), node.lineno
    elif isinstance(node, ast.Call) and node.args and reads_environment(node):
        options = {word.arg: word.value for word in node.keywords}
        default = node.args[1] if len(node.args) > 1 else options.get("default")
        told = next((text_of(options[key]) for key in ("help", "doc") if key in options), "")
        told = told or (text_of(node.args[2]) if len(node.args) > 2 else "")
        shown = f"`{ast.unparse(default)}`" if default else "none"
        yield Entry(text_of(node.args[0]), ("environment", shown), told), node.lineno


def reads_environment(call: ast.Call) -> bool:
    """True for calls whose first argument names a variable, except getattr(settings, ...)."""
    first = call.args[0]
    return isinstance(first, ast.Constant) and bool(SETTING.fullmatch(str(first.value)))


def slots() -> list[Entry]:
    """Return every typed slot of the plugins context, and who fills it."""
    found = []
    for path in (path for path in house.python_files() if house.context_of(path) == "plugins"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            target = (
                node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            )
            call = getattr(node, "value", None)
            if isinstance(target, ast.Name) and isinstance(call, ast.Call) and is_slot(call):
                texts = [
                    text_of(arg) for arg in (*call.args, *(word.value for word in call.keywords))
                ]
                told = max((text for text in texts if " " in text), key=len, default="")
                name = next((text for text in texts if text and " " not in text), target.id)
                found.append(Entry(name, (type_of(node, call),), told))
    return sorted(found, key=lambda entry: entry.name)


def is_slot(call: ast.Call) -> bool:
    """True for Slot(...) and Slot[...](...)."""
    maker = call.func.value if isinstance(call.func, ast.Subscript) else call.func
    return getattr(maker, "id", getattr(maker, "attr", "")).endswith("Slot")


def type_of(node: ast.stmt, call: ast.Call) -> str:
    """Return the written type of a slot: from the annotation, else from the brackets."""
    annotation = getattr(node, "annotation", None) or call.func
    return f"`{ast.unparse(annotation)}`"


def commands() -> list[Entry]:
    """Return every `payvand` command with its first sentence."""
    import click

    load_everything()
    root = importlib.import_module("payvand.cli.main").main
    if not isinstance(root, click.Group):
        return []

    def walk(command: click.Command, name: str) -> Iterator[Entry]:
        if isinstance(command, click.Group):
            with click.Context(command, info_name=name) as context:
                for child in command.list_commands(context):
                    found = command.get_command(context, child)
                    if found is not None and not found.hidden:
                        yield from walk(found, f"{name} {child}")
        else:
            blank = click.Context(command)
            words = [p.make_metavar(blank) for p in command.params if isinstance(p, click.Argument)]
            flags = [p.opts[0] for p in command.params if isinstance(p, click.Option)]
            yield Entry(name, (" ".join([*words, *flags]),), first_line(command.help))

    return list(walk(root, "payvand"))


def first_line(text: str | None) -> str:
    """Return the first sentence line of a docstring."""
    return (text or "").strip().split("\n")[0].strip()


def text_of(node: ast.AST | None) -> str:
    """Return the text of a string constant, also inside gettext_noop(...); '' for anything else."""
    if isinstance(node, ast.Call) and len(node.args) == 1:
        node = node.args[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def comment_at(lines: list[str], line: int) -> str:
    """Return the comment at the end of a line, or the block of comments right above it."""
    trailing = re.search(r"\s#\s(.+)$", lines[line - 1])
    if trailing:
        return trailing[1].strip()
    block: list[str] = []
    while line >= 2 and lines[line - 2].strip().startswith("# "):
        block.insert(0, lines[line - 2].strip()[2:])
        line -= 1
    return " ".join(block)


def table(page: "Page", entries: list[Entry]) -> str:
    """Return one page: heading, one sentence, one table."""
    rows = [f"| {' | '.join(page.columns)} |", f"|{'---|' * len(page.columns)}"]
    rows += [f"| `{e.name}` | {' | '.join(map(cell, (*e.columns, e.sentence)))} |" for e in entries]
    body = "\n".join(rows) if entries else "None yet."
    return f"{NOTE}# {page.heading}\n\n{page.opening}\n\n{body}\n"


def cell(text: str) -> str:
    """Return a text that cannot break a table."""
    return text.replace("|", "\\|").replace("\n", " ")


@dataclass(frozen=True, slots=True)
class Page:
    """One generated page."""

    heading: str
    opening: str
    columns: tuple[str, ...]
    entries: Callable[[], list[Entry]]

    def render(self) -> str:
        """Return the page's text."""
        return table(self, self.entries())


REFERENCE = {
    "errors.md": Page(
        "Error codes",
        "Stable; the API returns them as `code` of an RFC 9457 problem.",
        ("code", "status", "module", "meaning"),
        errors,
    ),
    "settings.md": Page(
        "Settings",
        "Read from the environment; a few are changed only in a settings file of your own.",
        ("name", "set in", "default", "meaning"),
        settings,
    ),
    "slots.md": Page(
        "Slots",
        "Upper contexts register in these; lower ones call them without knowing who answers.",
        ("slot", "type", "meaning"),
        slots,
    ),
    "commands.md": Page(
        "Commands",
        "`payvand COMMAND --help` tells the rest.",
        ("command", "arguments and options", "what it does"),
        commands,
    ),
}


if __name__ == "__main__":
    PAGES.mkdir(parents=True, exist_ok=True)
    for file_name, reference_page in REFERENCE.items():
        (PAGES / file_name).write_text(reference_page.render(), encoding="utf-8")
