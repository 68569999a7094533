"""The National Archives' submission package, written and looked at as the archives would."""

from __future__ import annotations

import datetime
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from assets.formats import archive, archive_page, archive_reader, archive_text
from assets.formats.archive import ArchiveTable, Link
from assets.formats.archive_index import Creator, Document, Information
from assets.formats.archive_values import ArchiveError
from assets.formats.dataset import Dataset, Variable
from tests.formats.tables import CELLS, PERSONS, cells, persons

DAY = datetime.date(2015, 1, 1)
INFORMATION = Information(
    12345, "Evaluering", "Formål: æøå", "Indhold", DAY, datetime.date(2024, 12, 31), (Creator("Ministeriet", DAY, DAY),)
)
TABLES = [
    ArchiveTable(PERSONS, persons()),
    ArchiveTable(CELLS, cells(), (Link("municipality_code", "person_months", "municipality_code"),)),
]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archive.write(TABLES, INFORMATION, tmp_path_factory.mktemp("archive"))


@pytest.fixture
def package(written: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return shutil.copytree(written, tmp_path / written.name)


def test_a_package_has_the_files_of_bilag_9_and_no_others(written: Path) -> None:
    """The archives' program stops at the first folder it does not know."""
    assert sorted(str(path.relative_to(written)) for path in written.rglob("*") if path.is_file()) == [
        "ContextDocumentation/docCollection1/1/1.tif",
        "Data/table1/table1.csv",
        "Data/table1/table1.txt",
        "Data/table2/table2.csv",
        "Data/table2/table2.txt",
        "Indices/archiveIndex.xml",
        "Indices/contextDocumentationIndex.xml",
    ]
    assert [path.name for path in written.parent.iterdir()] == ["FD.12345"]
    assert archive_reader.check(written) == []


def test_the_description_has_its_sections_and_renames_what_sql_reserves(written: Path) -> None:
    """`month` is no name of a variable in SQL-99; `work_trial` no code of a KODELISTE."""
    content = (written / "Data/table1/table1.txt").read_bytes().decode("utf-8")
    assert content.startswith(
        "SYSTEMNAVN\r\nFodfæste\r\n\r\nDATAFILNAVN\r\nperson_months\r\n\r\nDATAFILBESKRIVELSE\r\n"
    )
    assert (
        "NØGLEVARIABEL\r\nperson_key month_var\r\n\r\nREFERENCE\r\n\r\nVARIABEL\r\nperson_key string\r\nmonth_var date\r\n"
        in content
    )
    assert "month_var 'Måned (hedder month i de øvrige filer)'\r\n" in content
    assert "instrument\r\n'1' 'Løntilskud'\r\n'2' 'Virksomhedspraktik'\r\n'3' 'Andet, ’småjob’ mv.'\r\n" in content
    assert "municipality_code\r\n'0101' 'København'\r\n" in content
    assert content.endswith("BRUGERKODE\r\n\r\n")
    assert (
        "REFERENCE\r\nperson_months 'municipality_code' 'municipality_code'\r\n"
        in (written / "Data/table2/table2.txt").read_bytes().decode()
    )


def test_numbers_have_no_exponent_and_codes_their_zeros(written: Path) -> None:
    """The archives read 1e-09 as an error, and 0101 as 101 where it is a number."""
    lines = (written / "Data/table1/table1.csv").read_bytes().decode("utf-8").split("\r\n")
    assert lines[0].startswith("person_key;month_var;municipality_code;instrument;group_var;")
    assert lines[2] == "a;2020-02-01;;1;all;1;;0.000000001;-2147483648;1969-12-31;0;0007"
    assert lines[3].endswith('1901-05-06;1;"æ;ø,å ""citat"""')


def test_a_description_is_read_as_it_was_written(written: Path) -> None:
    """A checker that lost a section would find nothing wrong in it."""
    content = (written / "Data/table2/table2.txt").read_bytes().decode("utf-8")
    assert archive_text.render(archive_text.parse(content)) == content


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(package: Path) -> None:
        content = (package / name).read_bytes().decode("utf-8")
        assert old in content
        (package / name).write_bytes(content.replace(old, new).encode())

    return change


def renamed(name: str, new: str) -> Callable[[Path], None]:
    return lambda package: (package / name).rename(package / new) and None


TEXT, DATA = "Data/table1/table1.txt", "Data/table1/table1.csv"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (replaced(TEXT, "month_var", "month"), "table1: month: SQL-99 reserves this name"),
        (replaced(TEXT, "remark 'Bemærkning'", "remark ''"), "table1: remark: no description"),
        (replaced(TEXT, "remark 'Bemærkning'\r\n", ""), "table1.txt: VARIABELBESKRIVELSE: remark is not described"),
        (
            replaced(TEXT, "'2' 'Virksomhedspraktik'", "'2' 'Løntilskud'"),
            "table1: instrument: label 'Løntilskud' stands twice in its code list",
        ),
        (
            replaced(TEXT, "'2' 'Virksomhedspraktik'", "'1' 'Virksomhedspraktik'"),
            "table1: instrument: code '1' stands twice in its code list",
        ),
        (
            replaced(TEXT, "'2' 'Virksomhedspraktik'", "'a_b' 'Virksomhedspraktik'"),
            "table1: instrument: 'a_b' is no code of a code list",
        ),
        (
            replaced(TEXT, "hours decimal", "hours money"),
            "table1: hours: type money is none of string, int, decimal, date",
        ),
        (replaced(TEXT, "KODELISTE\r\n", "KODER\r\n"), "stand once each in this order"),
        (replaced(TEXT, "\r\n", "\n"), "table1.txt: lines end in CR LF"),
        (replaced(TEXT, "person_key month_var", "person_key week"), "table1: week: a key that is no variable"),
        (replaced(DATA, "160.33", "160,33x"), "table1.csv: hours: 1 values not of its type"),
        (replaced(DATA, "1901-05-06", "06-05-1901"), "table1.csv: birth_date: 1 values not of its type"),
        (replaced(DATA, ";0851;", ";0999;"), "table1.csv: municipality_code: 1 values outside its code list"),
        (replaced(DATA, "person_key;month_var", "month_var;person_key"), "table1.csv: its header is not the variables"),
        (replaced(DATA, ";0007", ";0007;"), "table1.csv: a row with more or fewer fields"),
        (
            replaced("Data/table2/table2.txt", "person_months 'municipality_code'", "person_months 'region'"),
            "table2: REFERENCE to person_months.region",
        ),
        (
            replaced("Indices/archiveIndex.xml", "AVID.SA.12345", "AVID.SA.54321"),
            "archiveInformationPackageID is not of this package",
        ),
        (replaced("Indices/archiveIndex.xml", "Evaluering", ""), "archiveIndex.xml: systemName is empty"),
        (
            replaced("Indices/contextDocumentationIndex.xml", ">1</documentID>", ">2</documentID>"),
            "the documents are not the folders",
        ),
        (renamed("Data/table2", "Data/table3"), "Data: holds table1, table2 and so on without a gap"),
        (renamed("Indices/archiveIndex.xml", "Indices/archive.xml"), "archiveIndex.xml is not there"),
        (
            renamed("ContextDocumentation/docCollection1/1/1.tif", "ContextDocumentation/docCollection1/1/1.pdf"),
            "document 1: its pages are",
        ),
    ],
)
def test_what_is_wrong_with_a_package_is_named(package: Path, change: Callable[[Path], None], problem: str) -> None:
    """The archives would send it back months later."""
    change(package)
    assert any(problem in line for line in archive_reader.check(package)), archive_reader.check(package)


def table(name: str = "spells", **labels: str) -> ArchiveTable:
    """Two variables; labels of the codes of the second."""
    values = {code: (label, label) for code, label in labels.items()}
    variables = (
        Variable("person_key", "text", "Nøgle", "Key", is_key=True),
        Variable("kind", "text", "Art", "Kind", values=values),
    )
    dataset = Dataset(name, "Forløb", "Spells", "Én række.", "One row.", variables)
    frame = persons().drop_duplicates("person_key")[["person_key"]].assign(kind=next(iter(labels), "x"))
    return ArchiveTable(dataset, frame)


@pytest.mark.parametrize(
    ("tables", "number", "documents", "reason"),
    [
        ([table("session")], 12345, [], "session: SQL-99 reserves this name"),
        ([table(), table()], 12345, [], "spells: two tables of this name"),
        ([table()], 1234, [], "five digits or more"),
        ([], 12345, [], "no tables"),
        ([table(a="Det er 'a'", b="Det er ’a’")], 12345, [], "label 'Det er ’a’' stands for two codes"),
        (
            [table(**{"01": "Et", "a_b": "To"})],
            12345,
            [],
            "kind: codes with leading zeros beside codes with other signs",
        ),
        (
            [table()],
            12345,
            [Document("Bestemmelse", "", pages=(Path("a.pdf"),))],
            "Bestemmelse: the pages of a document are files of one kind",
        ),
        (
            [ArchiveTable(table().dataset, table().frame, (Link("kind", "persons", "kind"),))],
            12345,
            [],
            "spells: kind: persons.kind is not in the package",
        ),
    ],
)
def test_what_no_package_can_hold_is_refused_before_it_is_written(
    tmp_path: Path, tables: list[ArchiveTable], number: int, documents: list[Document], reason: str
) -> None:
    """A release would end with half a package."""
    information = Information(**{**vars(INFORMATION), "number": number})
    with pytest.raises(ArchiveError) as error:
        archive.write(tables, information, tmp_path / "archive", documents)
    assert reason in str(error.value)
    assert not (tmp_path / "archive").exists()


def test_a_document_is_black_on_white_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page without letters, where the fonts are not there, or with the colours the other way round."""
    monkeypatch.setattr(archive_page, "LINES_A_PAGE", 4)
    pages = archive_page.write_pages(
        [f"{number}: måned, uger og løntimer " + "ord " * 40 for number in range(3)], tmp_path
    )
    assert [page.name for page in pages] == ["1.tif", "2.tif"]
    content = pages[0].read_bytes()
    start = struct.unpack("<I", content[4:8])[0]
    count = struct.unpack("<H", content[start : start + 2])[0]
    tags = {
        tag: value
        for tag, _, _, value in (
            struct.unpack("<HHII", content[start + 2 + 12 * n : start + 14 + 12 * n]) for n in range(count)
        )
    }
    assert (content[:4], tags[258], tags[259], tags[262]) == (b"II*\0", 1, 32773, 0)
    strip = content[tags[273] : tags[273] + tags[279]]
    row_bytes, dots, place, filled = (tags[256] + 7) // 8, 0, 0, 0
    while place < len(strip):
        head = strip[place]
        piece = strip[place + 1 : place + 2 + head] if head < 128 else strip[place + 1 : place + 2] * (257 - head)
        place += 2 + head if head < 128 else 2
        filled += len(piece)
        dots += sum(byte.bit_count() for byte in piece)
    assert filled == row_bytes * tags[257]
    assert 0.001 < dots / (8 * filled) < 0.02
