"""The rules of `personer`, and what becomes of a CPR number."""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import Path

import pytest

from assets.ingest import csv_pass, persons, registry_csv
from tests.unit.ingest.landed import KEY, MAN, WOMAN, Read, csv_text, read

NAME = "personer_2022-06-01.csv"
HEADER = "cpr;kommunekode;bopael_fra;bopael_til;status;status_dato"
UNREADABLE, CPR_INVALID, WITHOUT = (
    "personer.unreadable_value",
    "personer.cpr_invalid",
    "personer.cpr_without_modulus_11",
)
# Not constructed, yet nobody's: the century digit says 1858, a hundred and ten years before the register began.
REAL_WITH_MODULUS_11, REAL_WITHOUT = "0101585018", "0101585010"


def rows(tmp_path: Path, *lines: str) -> Read:
    return read(persons, tmp_path, "registry", {NAME: csv_text(HEADER, *lines)})


def test_an_accepted_row_stands_in_the_lake_with_a_pseudonym(tmp_path: Path) -> None:
    """Residence and status decide who is counted where, and who has left."""
    result = rows(tmp_path, f"{WOMAN};0101;2010-01-01;2019-12-31;80;2020-01-15", f"{MAN};;;;;")
    first, second = result.table(order="line_number")
    assert first["person_key"] == KEY.person_key(WOMAN) and isinstance(first["person_key"], uuid.UUID)
    assert (first["birth_date"], first["sex"]) == (date(1980, 1, 1), "woman")
    assert first["is_constructed"] and not first["is_repaired"]
    assert first["municipality_code"] == "0101" and first["status"] == "80"
    assert [first["residence_from"], first["residence_to"], first["status_date"]] == [
        date(2010, 1, 1),
        date(2019, 12, 31),
        date(2020, 1, 15),
    ]
    assert second["sex"] == "man" and second["municipality_code"] is None and second["status"] is None
    assert result.failed() == {}


def test_no_cpr_number_stands_in_the_lake(tmp_path: Path) -> None:
    """The lake is read by people who may not see numbers, rejected rows too."""
    read_rows = rows(tmp_path, f"{WOMAN};0101;x;;01;", f"{MAN};0101;;;01;", f"{MAN[:9]};0101;;;01;")
    for name in ("rows", "rejected"):
        for row in read_rows.table(name):
            assert not any(number in str(value) for value in row.values() for number in (WOMAN, MAN, MAN[:9]))
    bytes_of_lake = b"".join(path.read_bytes() for path in read_rows.folder.iterdir())
    assert WOMAN.encode() not in bytes_of_lake and MAN.encode() not in bytes_of_lake


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (f"{WOMAN};0101;2010-01-01;;01", UNREADABLE),
        (f"{WOMAN};0101;2010-01-01;;01;;", UNREADABLE),
        (f"{WOMAN};0101;01-03-2019;;01;", UNREADABLE),
        (f"{WOMAN};0101;;2019-02-29;01;", UNREADABLE),
        (f"{WOMAN};0101;;;90;20190301", UNREADABLE),
        (";0101;;;01;", CPR_INVALID),
        ("6101801;0101;;;01;", CPR_INVALID),
        ("68018012AB;0101;;;01;", CPR_INVALID),
        ("61018-01234;0101;;;01;", CPR_INVALID),
        ("6113801235;0101;;;01;", CPR_INVALID),
        ("9201801234;0101;;;01;", CPR_INVALID),
        ("9002791236;0101;;;01;", CPR_INVALID),
        ("0000000000;0101;;;01;", CPR_INVALID),
    ],
)
def test_each_rule_rejects_its_row_and_no_other_rule_counts_it(tmp_path: Path, line: str, rule: str) -> None:
    """A row under the wrong rule sends the supplier to the wrong column."""
    result = rows(tmp_path, line, f"{MAN};0101;;;01;")
    assert result.failed() == {rule: 1}
    assert result.column("line_number") == [2] and result.column("line_number", "rejected") == [1]


@pytest.mark.parametrize("text", [WOMAN, "610180-1234"])
def test_a_hyphen_after_six_digits_names_the_same_person(tmp_path: Path, text: str) -> None:
    """Two pseudonyms for one person split a life in two."""
    assert rows(tmp_path, f"{text};0101;;;01;").column("person_key") == [KEY.person_key(WOMAN)]


def test_nine_digits_get_a_leading_zero_and_are_marked_as_repaired(tmp_path: Path) -> None:
    """Spreadsheets drop the zero of everyone born on the first nine days of a month."""
    result = rows(tmp_path, f"{REAL_WITHOUT[1:]};0101;;;01;")
    assert result.column("person_key") == [KEY.person_key(REAL_WITHOUT)] and result.column("is_repaired") == [True]


def test_modulus_11_is_asked_of_accepted_numbers_that_are_not_constructed(tmp_path: Path) -> None:
    """Numbers without modulus 11 have been issued since 2007: they are counted, never rejected."""
    result = rows(
        tmp_path,
        f"{REAL_WITH_MODULUS_11};0101;;;01;",
        f"{REAL_WITHOUT};0101;;;01;",
        f"{REAL_WITHOUT};0101;x;;01;",
        f"{WOMAN};0101;;;01;",
    )
    assert result.report.rules[WITHOUT] == (2, 1) and len(result.table()) == 3


def test_real_numbers_are_counted_in_rejected_rows_too(tmp_path: Path) -> None:
    """With the public key of the sample no real number may be pseudonymised, whatever becomes of its row."""
    result = rows(tmp_path, f"{WOMAN};0101;;;01;", f"{REAL_WITHOUT};0101;x;;01;", f"{REAL_WITHOUT[1:]};0101;;;01;")
    assert result.report.real_numbers == 2 and result.report.first_real_line == 2


def test_the_latest_birth_date_of_a_file_is_reported(tmp_path: Path) -> None:
    """Whether somebody is born after the cut-off is asked in every build, not when the file is read."""
    assert rows(tmp_path, f"{WOMAN};;;;;", f"{MAN};;;;;").report.latest_birth_date == date(1990, 2, 2)


def test_a_file_of_many_chunks_gives_what_one_chunk_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts and facts are added up chunk by chunk: a chunk forgotten or counted twice shows in no single row."""
    lines = [f"{day}0180{number:04d};0101;;;01;" for day in range(61, 80) for number in range(20)]
    lines += ["x", f"{REAL_WITHOUT};;;;;", f"{REAL_WITH_MODULUS_11};;;;;", f"{MAN};;x;;;", ";;;;;"]
    whole = rows(tmp_path, *lines)
    expected = (whole.table(), whole.table("rejected"), whole.report)
    monkeypatch.setattr(registry_csv, "CHUNK_ROWS", 1)
    monkeypatch.setattr(csv_pass, "BLOCK_BYTES", 100)
    small = rows(tmp_path, *lines)
    assert (small.table(), small.table("rejected"), small.report) == expected
    assert small.report.rules[WITHOUT] == (2, 1) and small.report.rows_rejected == 3 and small.report.real_numbers == 2
