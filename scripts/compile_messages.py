"""How do translations become readable without GNU gettext on the machine?

Compiles every `.po` under src/payvand to the `.mo` beside it, when it is newer (Babel).
"""

import os
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parent.parent / "src" / "payvand"


def compile_all(root: Path = SOURCE) -> list[Path]:
    """Compile stale catalogues under `root` and return the files written."""
    return [target for po in sorted(root.rglob("*.po")) if (target := compile_one(po)) is not None]


def compile_one(po: Path) -> Path | None:
    """Write the `.mo` beside `po` unless it is current; readers never see half a file."""
    target = po.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= po.stat().st_mtime:
        return None
    with po.open("rb") as source:
        catalogue = read_po(source, locale=po.parent.parent.name)
    handle, name = tempfile.mkstemp(dir=po.parent, suffix=".mo.tmp")
    with os.fdopen(handle, "wb") as out:
        write_mo(out, catalogue)
    Path(name).chmod(0o644)
    Path(name).replace(target)
    return target


if __name__ == "__main__":
    for path in compile_all():
        print(f"compiled {path.relative_to(SOURCE.parent.parent)}")
