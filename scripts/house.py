"""Which contexts exist, in which order, and which rooms does each have?

The one description of the house (docs/explain/architecture.md); the import contracts, the
architecture tests and the reference pages all read it.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "payvand"

# Upper imports lower, never back; the members of one storey never import each other.
STOREYS: tuple[tuple[str, ...], ...] = (
    ("conf",),
    ("cli", "web"),
    ("demo",),
    ("insight",),
    ("energy", "portfolio", "assurance", "matching"),
    ("foresight",),
    ("window",),
    ("ledger", "commitments"),
    ("registry",),
    ("audit",),
    ("plugins",),
    ("ui",),
    ("kernel",),
)

# Inside a context, in the same sense. `engine` is what finds: an index behind a port. `sql` is
# hand-written SQL, tested on both databases.
ROOMS: tuple[tuple[str, ...], ...] = (
    ("views", "api", "cli", "jobs"),
    ("forms",),
    ("public",),
    ("actions",),
    ("access",),
    ("queries",),
    ("engine",),
    ("sql",),
    ("models",),
    ("rules",),
)

# `conf`, `cli` and `web` put the house together: they may also enter by these doors.
COMPOSERS = ("conf", "cli", "web")
SIDE_DOORS = ("api", "apps", "cli", "jobs", "urls", "views")
FRONT_DOOR = "public"
OPEN = "kernel"  # pure, imported freely by its modules
# The lowest floors keep no facts of their own: their modules are their doors.
KITS = (OPEN, "ui", "plugins")


def contexts() -> list[str]:
    """Return the contexts that exist, uppermost first."""
    return [name for storey in STOREYS for name in storey if has_python(SOURCE / name)]


def has_python(folder: Path) -> bool:
    """True when the folder is a package with code of its own."""
    return (folder / "__init__.py").exists()


def children(context: str) -> list[str]:
    """Return the modules and packages directly inside a context."""
    folder = SOURCE / context
    names = {path.stem for path in folder.glob("*.py") if path.stem != "__init__"}
    names |= {path.name for path in folder.iterdir() if path.is_dir() and has_python(path)}
    return sorted(names)


def strangers() -> list[str]:
    """Return the packages under src/payvand that no storey names."""
    known = {name for storey in STOREYS for name in storey}
    folders = (path for path in SOURCE.iterdir() if path.is_dir() and has_python(path))
    return sorted(path.name for path in folders if path.name not in known)


def python_files() -> list[Path]:
    """Return our own Python files under src, without generated migrations."""
    return [path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]


def context_of(path: Path) -> str:
    """Return the context a source file lives in; the package's own modules live in ''."""
    parts = path.relative_to(SOURCE).parts
    return parts[0] if len(parts) > 1 else ""


def module_name(path: Path) -> str:
    """Return the dotted name of a source file."""
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
