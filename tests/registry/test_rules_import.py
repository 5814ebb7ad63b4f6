"""Is every bad file and bad row told with its place and a remedy, and the good kept?"""

import io
import json
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payvand.kernel.codes import codes
from payvand.kernel.ids import make_company_id, make_national_id
from payvand.registry.rules.databank import CapabilityDraft, EvidenceDraft, plain
from payvand.registry.rules.import_draft import Lists
from payvand.registry.rules.import_files import MB, BadFile, rows_of
from payvand.registry.rules.import_rows import read_row

ID = make_company_id("1400000123")
PERSON = make_national_id("001234567")
LISTS = Lists({"automotive": "automotive", "قطعهسازیخودرو": "automotive"},
              {"tabriz": "IR-03-303", "تبریز": "IR-03-303"})  # fmt: skip
HEAD = "شناسه ملی,نام شرکت,شهرستان"


def file(text, encoding="utf-8"):
    return io.BytesIO(text.encode(encoding))


def book(rows):
    work = openpyxl.Workbook()
    for row in rows:
        work.active.append(row)
    out = io.BytesIO()
    work.save(out)
    out.seek(0)
    return out


def cells(source):
    return [(row.place, dict(row.cells)) for row in rows_of(source)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256"]
)
def test_every_usual_encoding_is_read(encoding):
    text = f"{HEAD}\n{ID},شرکت سهند,تبریز\n"
    if encoding == "cp1256":
        text = text.replace("ی", "ي").replace("ک", "ك")
    [(place, row)] = cells(file(text, encoding))
    assert place == 2
    assert row["national_id"] == ID
    assert plain(row["name_fa"]) == "شرکت سهند"


def test_a_line_in_another_encoding_is_converted_and_marked():
    mixed = f"{HEAD}\n{ID},شرکت سهند,تبریز\n".encode() + f"{ID},شرکت الوند,تبريز\n".replace(
        "ک", "ك").encode("cp1256")  # fmt: skip
    one, two = rows_of(io.BytesIO(mixed))
    assert (one.is_guessed, two.is_guessed) == (False, True)
    assert plain(two.cells["name_fa"]) == "شرکت الوند"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_any_usual_delimiter_is_found(mark):
    assert cells(file(f"national_id{mark}name\n{ID}{mark}Sahand\n"))[0][1]["name_fa"] == "Sahand"


def test_xlsx_rows_keep_their_numbers_and_formulas_come_as_text():
    rows = cells(book([[], ["name", "national id"], ["=1+1", int(ID)], [None], ["الوند", None]]))
    assert [place for place, _row in rows] == [3, 5]
    assert rows[0][1] == {"name_fa": "=1+1", "national_id": ID}


def test_json_with_nested_entries_becomes_rows():
    firm = {"name": "سهند", "national_id": ID, "capabilities": ["تراش‌کاری"],
            "evidence": [{"text_fa": "ساخت ۲۰ قالب", "kind": "contract"}]}  # fmt: skip
    found = cells(file(json.dumps({"firms": [firm]})))
    assert [row.get("capability_fa") for _p, row in found] == ["تراش‌کاری", None]
    assert found[1][1]["evidence_fa"] == "ساخت ۲۰ قالب"
    assert {row["national_id"] for _p, row in found} == {ID}


def _truncated():
    whole = book([["name"], ["a"]]).getvalue()
    return io.BytesIO(whole[: len(whole) // 2])


def _bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        for n in range(4):
            parts.writestr(f"xl/worksheets/sheet{n}.bin", b"0" * (100 * MB))
    out.seek(0)
    return out


def _entity():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x/>')
    out.seek(0)
    return out


@pytest.mark.parametrize(
    ("source", "place"),
    [
        pytest.param(lambda: io.BytesIO(b" \n"), "-", id="empty"),
        pytest.param(_truncated, "-", id="cut workbook"),
        pytest.param(lambda: io.BytesIO(b"PK\x03\x04" + b"rubbish" * 99), "-", id="no workbook"),
        pytest.param(_bomb, "-", id="unfolds to gigabytes"),
        pytest.param(_entity, "-", id="entities"),
        pytest.param(lambda: io.BytesIO(b"\xd0\xcf\x11\xe0" + b"\0" * 99), "-", id="old XLS"),
        pytest.param(lambda: io.BytesIO(b"%PDF-1.7 " * 9), "-", id="PDF"),
        pytest.param(lambda: file('[{"name": "a",}]'), "1:15", id="broken JSON"),
        pytest.param(lambda: file("[1]"), "1", id="JSON of something else"),
        pytest.param(lambda: file("weather,colour\n1,2\n"), "1", id="no column of names"),
        pytest.param(lambda: file("name,نام شرکت\n1,2\n"), "1:2", id="one column twice"),
        pytest.param(lambda: file('name\n"' + "x" * 200_000), "3", id="open quotation mark"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_what_helps(source, place):
    with pytest.raises(BadFile) as refused:
        list(rows_of(source()))
    assert refused.value.facts["reason"]
    assert refused.value.facts["remedy"]
    if place != "3":
        assert refused.value.facts["place"] == place


class Endless(io.RawIOBase):
    """A file that says it has 50 MB and may be read only at its beginning."""

    read_so_far = 0

    def seek(self, where, whence=0):
        return 50 * MB if whence == io.SEEK_END else where

    def read(self, size=-1):
        assert 0 < size <= 4096, "the whole file was read"
        self.read_so_far += size
        return b"name,national_id\n" * (size // 17)


def test_fifty_megabytes_are_refused_before_they_are_read():
    big = Endless()
    with pytest.raises(BadFile):
        next(rows_of(big))
    assert big.read_so_far <= 4096


def row(**told):
    told.setdefault("name_fa", "سهند")
    return read_row("7", told, LISTS)


@pytest.mark.parametrize(
    ("told", "column"),
    [
        pytest.param({"national_id": ID[:-1] + str((int(ID[-1]) + 1) % 10)}, "national_id",
                     id="wrong check digit"),
        pytest.param({"national_id": "1.40E+10"}, "national_id", id="rounded by a spreadsheet"),
        pytest.param({"national_id": PERSON}, "national_id", id="a person's id for a firm"),
        pytest.param({"name_fa": " "}, "name_fa", id="no name"),
        pytest.param({"kind": "spaceship"}, "kind", id="unknown kind"),
        pytest.param({"place": "Atlantis"}, "place", id="unknown place"),
        pytest.param({"website": "javascript:alert(1)"}, "website", id="no web address"),
        pytest.param({"capability": "x", "capability_fa": "تراش", "readiness": "12"}, "readiness",
                     id="readiness"),
        pytest.param({"capability_fa": "تراش", "domestic_percent": "80"}, "domestic_basis",
                     id="a share without its basis"),
        pytest.param({"capability_fa": "تراش", "capacity": "many"}, "capacity", id="no number"),
        pytest.param({"evidence_fa": "ساخت", "evidence_date": "1404-13-40"}, "evidence_date",
                     id="no date"),
        pytest.param({"name_fa": "سهن\ufffdد"}, "name_fa", id="unreadable letter"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_column_and_remedy(told, column):
    found = [remark for remark in row(**told).remarks if remark.is_fault]
    assert [remark.column for remark in found] == [column]
    assert found[0].now


@pytest.mark.parametrize(
    ("told", "column"),
    [
        pytest.param({"about_fa": "<b>ما</b> <script>x()</script>"}, "about_fa", id="HTML"),
        pytest.param({"about_fa": "&lt;img src=x onerror=a()&gt;"}, "about_fa", id="hidden HTML"),
        pytest.param({"about_fa": "=HYPERLINK(1)"}, "about_fa", id="formula"),
        pytest.param({"field": "astrology"}, "field", id="unknown field"),
        pytest.param({"email": "nobody"}, "email", id="no e-mail"),
        pytest.param({"languages": "fa, klingon"}, "languages", id="unknown language"),
    ],
)
def test_what_can_be_mended_is_kept_with_a_remark(told, column):
    draft = row(**told)
    assert draft.is_good
    assert [remark.column for remark in draft.remarks] == [column]
    assert "<" not in draft.profile.about_fa


def test_a_full_row_is_understood_in_persian():
    draft = row(national_id="۱۴۰۰-" + ID[4:], place="تبريز", field="قطعه‌سازی خودرو", exports="بله",
                languages="fa، en", size_band="۳۵", capability_fa="ریخته‌گری", readiness="۹",
                capacity="۱٬۲۰۰", capacity_unit="تن", domestic_percent="۸۰٪",
                domestic_basis="ارزش مواد", codes="isic 2431", evidence_fa="تحویل ۵ قالب",
                evidence_kind="تحویل", evidence_date="۱۴۰۳/۰۵/۱۲")  # fmt: skip
    assert draft.remarks == []
    assert draft.national_id == ID
    assert draft.profile.places == ("IR-03-303",)
    assert (draft.profile.exports, draft.profile.size_band) == (True, "10-49")
    able, done = draft.entries
    assert isinstance(able, CapabilityDraft)
    assert (able.readiness, able.capacity, able.codes) == (9, 1200, "isic:2431")
    assert isinstance(done, EvidenceDraft)
    assert (done.kind, str(done.dated)) == ("delivery", "2024-08-02")


def test_leading_zeros_that_a_spreadsheet_dropped_come_back():
    whole = make_national_id("001234567")
    draft = row(national_id=whole.lstrip("0"), kind="freelancer")
    assert draft.is_good
    assert draft.national_id == whole


@given(st.text(max_size=80))
def test_no_text_keeps_a_tag_or_a_control_character(text):
    kept = plain(text + "<a href=x>y</a>")
    assert "<a" not in kept
    assert not any(ord(letter) < 32 and letter != "\n" for letter in kept)


@given(st.dictionaries(st.sampled_from(["national_id", "name_fa", "readiness", "capability_fa",
                                        "capacity", "evidence_fa", "evidence_date", "place",
                                        "exports", "codes", "size_band"]),
                       st.text(max_size=20)))  # fmt: skip
def test_no_row_breaks_the_reader(told):
    read_row("1", told, LISTS)


def test_codes_are_written_in_one_form():
    assert codes("ISIC: ۲۹۳۰؛ hs8708 cpv 34300000-0") == "isic:2930 hs:8708 cpv:34300000"
