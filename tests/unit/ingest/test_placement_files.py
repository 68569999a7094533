"""Files of `forloeb`: date forms, encodings, frames, columns, many files of a month."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assets.ingest import placement
from assets.ingest.reports import delivery_id
from tests.unit.ingest.landed import WOMAN, read
from tests.unit.ingest.placement_lines import COLUMNS, NAME, ROW, UNREADABLE, line, rows


def test_a_file_of_danish_dates_is_read_and_its_timestamps_stay_iso(tmp_path: Path) -> None:
    """12-06-2019 must be 12 June, never December."""
    result = rows(
        tmp_path, line(startdato="12-06-2019", slutdato="31-08-2019"), line(startdato="30-02-2019", slutdato="")
    )
    assert result.column("start_date") == [date(2019, 6, 12)] and result.column("end_date") == [date(2019, 8, 31)]
    assert result.failed() == {UNREADABLE: 1}


@pytest.mark.parametrize(
    "second",
    [
        {"startdato": "01-06-2019", "slutdato": ""},
        {"slutdato": "31-08-2019"},
        {"slutdato": "31-08-2019", "handling": "X"},
    ],
)
def test_both_date_forms_in_one_file_refuse_it(tmp_path: Path, second: dict[str, str]) -> None:
    """Where the form changes from row to row, day and month cannot be told apart safely."""
    result = rows(tmp_path, line(), line(**second))
    assert result.report.refusal == "placement.mixed_date_forms"
    assert result.report.rules["placement.mixed_date_forms"] == (1, 1)
    assert result.report.rows_delivered == 2 == result.report.rows_rejected and result.looked_at(UNREADABLE) == 0
    assert result.table() == [] and result.table("rejected") == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_encoding_is_decided_file_by_file(tmp_path: Path, encoding: str) -> None:
    """Municipal systems differ: a text read in the wrong encoding is another text."""
    text = f"{';'.join(COLUMNS)}\r\n{line(afslutningsaarsag='Øvrige – æå')}\r\n"
    result = read(placement, tmp_path, "placement", {NAME: text.encode(encoding)})
    assert result.column("end_reason") == ["Øvrige – æå"]


@pytest.mark.parametrize("byte", [b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"])
def test_a_byte_that_windows_1252_does_not_define_refuses_the_file(tmp_path: Path, byte: bytes) -> None:
    """A file in a third encoding must not be read as if it were the second."""
    text = f"{';'.join(COLUMNS)}\n{line(ydelse='?')}\n".encode().replace(b"?", byte)
    result = read(placement, tmp_path, "placement", {NAME: text})
    assert result.report.refusal == "file.encoding" and result.report.rows_delivered is None


def test_columns_are_found_by_name_and_quotes_hide_separators_and_line_breaks(tmp_path: Path) -> None:
    """A reader by position or by lines gives one row another's values."""
    columns = ["note", *reversed(COLUMNS)]
    values = ROW | {"note": '"a;\r\n""b"""', "afslutningsaarsag": '"x;y"'}
    text = f"{';'.join(columns)}\r\n{';'.join(values[column] for column in columns)}\r\n\r\n{'x;' * 15}x\r\n"
    result = read(placement, tmp_path, "placement", {NAME: text})
    assert result.column("end_reason") == ["x;y"] and result.column("line_number") == [1]
    assert result.report.extra_columns == ["note"] and result.column("line_number", "rejected") == [2]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("", "file.missing_column"),
        (";".join(COLUMNS[1:]) + "\n", "file.missing_column"),
        (";".join((*COLUMNS, "cpr")) + "\n", "file.duplicate_column"),
        (b"\x1f\x8b", "file.unreadable"),
    ],
)
def test_a_file_with_a_broken_frame_is_refused(tmp_path: Path, content: str | bytes, rule: str) -> None:
    """A file that cannot be read whole is used not at all."""
    name = f"{NAME}.gz" if rule == "file.unreadable" else NAME
    result = read(placement, tmp_path, "placement", {name: content})
    assert result.report.refusal == rule and result.failed() == {rule: 1}


def test_a_header_alone_is_an_accepted_file_without_rows(tmp_path: Path) -> None:
    """A month with nothing to register is observed; a month without a file is not."""
    result = rows(tmp_path)
    assert result.report.refusal is None and result.report.rows_delivered == 0 and not result.report.has_data_lines
    assert result.report.rules["placement.mixed_date_forms"] == (1, 0) and result.looked_at(UNREADABLE) == 0


def test_many_files_of_a_month_keep_their_own_municipality_counts_and_identity(tmp_path: Path) -> None:
    """Files judged together must not borrow one another's name."""
    header = ";".join(COLUMNS)
    text = f"{header}\n{line()}\n"
    files: dict[str, Any] = {
        "forloeb_0101_2019-06.csv": text,
        "forloeb_0101_2019-06.csv.gz": text,
        "forloeb_0147_2019-06.csv": text,
        "forloeb_0151_2019-06.csv": f"{header}\n",
        "forloeb_0153_2019-06.csv": f"{header}\n{line(ansvarlig_kommune='0153', startdato='01-06-2019', slutdato='')}\n",
    }
    result = read(placement, tmp_path, "placement", files)
    assert [report.rows_rejected for report in result.reports] == [0, 0, 1, 0, 0]
    assert result.reports[2].rules["placement.municipality_not_of_file"] == (1, 1)
    assert [report.file_name for report in result.reports] == list(files)
    assert (
        len(result.table()) == 2 and len(result.table("rejected")) == 1
    )  # one content of one municipality stands once
    assert result.table("rejected")[0]["delivery_id"] == delivery_id(result.reports[2].sha256, "0147")


def test_no_cpr_number_stands_in_the_lake(tmp_path: Path) -> None:
    """The lake is read by people who may not see numbers, rejected rows too."""
    result = rows(
        tmp_path, line(), line(timer_pr_uge="60"), line(tilbudstype=WOMAN, cvr=WOMAN, ansvarlig_kommune=WOMAN)
    )
    assert all(WOMAN.encode() not in path.read_bytes() for path in result.folder.iterdir())
    assert all(WOMAN not in str(row) for name in ("rows", "rejected") for row in result.table(name))
