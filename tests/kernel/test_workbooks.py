"""A workbook is measured before it is opened."""

import io
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from payvand.kernel.workbooks import DamagedWorkbook, unpacked_size


def packed(**parts: bytes) -> io.BytesIO:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as book:
        for name, body in parts.items():
            book.writestr(name.replace("_", "."), body)
    return file


def test_what_it_unfolds_to_is_told_and_the_file_stands_at_its_beginning_again():
    file = packed(sheet_xml=b"<a/>", image_png=b"0" * 5_000_000)
    assert (unpacked_size(file), file.tell()) == (5_000_004, 0)


@pytest.mark.parametrize(
    "file",
    [packed(sheet_xml=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), io.BytesIO(b"PK\x03\x04 cut off"),
     io.BytesIO(b"title;owner\n"), io.BytesIO(b"")],
    ids=["entities", "cut", "text", "empty"],
)  # fmt: skip
def test_no_whole_workbook_and_one_with_entities_are_refused(file):
    with pytest.raises(DamagedWorkbook):
        unpacked_size(file)
