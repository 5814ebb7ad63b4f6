"""How do translations become readable to the program? Compiled, beside the `.po`."""

import os
from pathlib import Path

import click

SOURCE = Path(__file__).parents[1]


def compile_all(root: Path = SOURCE) -> list[Path]:
    """Compile the catalogues that changed and return the files written; needs Babel."""
    # Imported here: Babel belongs to the build, a running server does not need it.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    written = []
    for po in sorted(root.glob("**/locale/*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parents[1].name)
        half = mo.with_suffix(f".{os.getpid()}.tmp")
        with half.open("wb") as target:
            write_mo(target, catalogue)
        half.replace(mo)
        written.append(mo)
    return written


if __name__ == "__main__":
    for path in compile_all():
        click.echo(f"compiled {path.relative_to(SOURCE)}")
