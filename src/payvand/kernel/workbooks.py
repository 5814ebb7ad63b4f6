"""May this workbook be opened, and what is raised when it turns out to be none?"""

from __future__ import annotations

from typing import IO
from zipfile import BadZipFile, ZipFile

# what openpyxl raises somewhere in the middle of a file that only looks like a workbook
BROKEN = (BadZipFile, KeyError, OSError, ValueError, IndexError, TypeError, AttributeError,
          EOFError, SyntaxError)  # fmt: skip


class DamagedWorkbook(Exception):
    """It is no whole workbook, or it defines entities of its own."""


def unpacked_size(file: IO[bytes]) -> int:
    """Return how many bytes a workbook unfolds to, and go back to its beginning.

    Nothing is unpacked but the first kilobyte of each part. Raises DamagedWorkbook.
    """
    try:
        with ZipFile(file) as parts:
            for part in parts.infolist():
                if part.filename.endswith((".xml", ".rels")):
                    with parts.open(part) as inner:
                        if b"<!DOCTYPE" in inner.read(1024):
                            raise DamagedWorkbook(part.filename)
            found = sum(part.file_size for part in parts.infolist())
    except (BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError) as problem:
        raise DamagedWorkbook from problem
    file.seek(0)
    return found
