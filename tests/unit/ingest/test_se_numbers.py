"""The rules of `se_numre`, and what every CSV snapshot of the registry goes through."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assets.ingest import se_numbers
from tests.unit.ingest.landed import CVR, OTHER_CVR, Read, csv_text, read

NAME = "se_numre_2022-06-01.csv"
HEADER = "se_nr;cvr_nr;gyldig_fra;gyldig_til"
UNREADABLE, SE_INVALID, CVR_INVALID = "se_numre.unreadable_value", "se_numre.se_invalid", "se_numre.cvr_invalid"


def rows(tmp_path: Path, *lines: str, header: str = HEADER) -> Read:
    return read(se_numbers, tmp_path, "registry", {NAME: csv_text(header, *lines)})


def test_an_accepted_row_stands_in_the_lake_as_delivered(tmp_path: Path) -> None:
    """A period lost or shifted moves wages to another employer."""
    result = rows(tmp_path, f"{CVR};{OTHER_CVR};2019-01-01;2019-12-31", f"{OTHER_CVR};{OTHER_CVR};;")
    assert [tuple(row.values())[1:] for row in result.table(order="line_number")] == [
        (1, CVR, OTHER_CVR, date(2019, 1, 1), date(2019, 12, 31)),
        (2, OTHER_CVR, OTHER_CVR, None, None),
    ]
    assert result.failed() == {} and result.looked_at(UNREADABLE) == 2


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (f"{CVR};{CVR};2019-01-01", UNREADABLE),
        (f"{CVR};{CVR};2019-01-01;;", UNREADABLE),
        (f"{CVR};{CVR};01-01-2019;", UNREADABLE),
        (f"{CVR};{CVR};2019-01-01;2019-02-30", UNREADABLE),
        (f"{CVR};{CVR};20190101;", UNREADABLE),
        (f"{CVR};{CVR};2019-01-01 ;", UNREADABLE),
        (f";{CVR};2019-01-01;", SE_INVALID),
        (f"25052944;{CVR};2019-01-01;", SE_INVALID),
        (f"2505294;{CVR};2019-01-01;", SE_INVALID),
        (f"{CVR};;2019-01-01;", CVR_INVALID),
        (f"{CVR};05052943;2019-01-01;", CVR_INVALID),
    ],
)
def test_each_rule_rejects_its_row_and_no_other_rule_counts_it(tmp_path: Path, line: str, rule: str) -> None:
    """A row under the wrong rule sends the supplier to the wrong column."""
    result = rows(tmp_path, line, f"{OTHER_CVR};{OTHER_CVR};;")
    assert result.failed() == {rule: 1}
    assert result.column("line_number") == [2] and result.column("line_number", "rejected") == [1]
    assert result.report.rows_delivered == 2 and result.report.rows_rejected == 1


def test_a_row_with_a_wrong_number_of_fields_is_looked_at_by_no_other_rule(tmp_path: Path) -> None:
    """Its fields may stand in other columns: what they seem to say is nothing."""
    result = rows(tmp_path, "x;y;z", "x;y;2019;z")
    assert result.report.rules[UNREADABLE] == (2, 2)
    assert result.report.rules[SE_INVALID] == (1, 1) and result.report.rules[CVR_INVALID] == (1, 1)
    assert result.column("has_right_fields", "rejected") == [False, True]
    assert result.column("broken_rules", "rejected") == [1, 7]
    assert result.column("se_number", "rejected") == [None, None]


def test_columns_are_found_by_name_and_an_extra_one_is_reported(tmp_path: Path) -> None:
    """A reader by position would swap owner and number when a system exports in another order."""
    result = rows(tmp_path, f"x;2019-01-01;;{OTHER_CVR};{CVR}", header="note;gyldig_fra;gyldig_til;cvr_nr;se_nr")
    assert result.column("se_number") == [CVR] and result.column("enterprise_cvr") == [OTHER_CVR]
    assert result.report.extra_columns == ["note"] and result.report.counters == {"unknown_extra_columns": 1}


@pytest.mark.parametrize(
    ("content", "rule", "delivered"),
    [
        (f"se_nr;cvr_nr;gyldig_fra\n{CVR};{CVR};\n", "file.missing_column", 1),
        ("", "file.missing_column", 0),
        (f"{HEADER};se_nr\n{CVR};{CVR};;;{CVR}\n", "file.duplicate_column", 1),
        (f"{HEADER};x;x\n", "file.duplicate_column", 0),
        (f"{HEADER}\n{CVR};{CVR};;\xe6\n".encode("latin-1"), "file.encoding", None),
    ],
)
def test_a_refused_file_is_used_not_at_all_and_its_row_rules_look_at_nothing(
    tmp_path: Path, content: str | bytes, rule: str, delivered: int | None
) -> None:
    """Half-read files are worse than missing ones."""
    result = read(se_numbers, tmp_path, "registry", {NAME: content})
    assert result.report.refusal == rule and result.failed() == {rule: 1}
    assert result.report.rows_delivered == delivered == result.report.rows_rejected
    assert result.table() == [] and result.table("rejected") == [] and result.looked_at(UNREADABLE) == 0


def test_quotes_line_breaks_and_empty_lines_do_not_move_the_line_numbers(tmp_path: Path) -> None:
    """Quarantine fetches a row by its number: one off is another row."""
    text = f'\ufeff{HEADER};note\r\n"{CVR}";{CVR};;;"a ""b""\r\n;c"\r\n\r\n{OTHER_CVR};{OTHER_CVR};;;\r\nx;{CVR};;;'
    result = read(se_numbers, tmp_path, "registry", {NAME: text})
    assert result.column("line_number") == [1, 2] and result.column("line_number", "rejected") == [3]


def test_a_header_alone_is_a_file_without_rows(tmp_path: Path) -> None:
    """Nothing delivered is not an error of the file."""
    result = rows(tmp_path)
    assert result.report.refusal is None and result.report.rows_delivered == 0 and not result.report.has_data_lines


def test_two_files_of_one_date_keep_their_own_counts(tmp_path: Path) -> None:
    """A later file name wins in the build; the loser's rows must not count as the winner's."""
    result = read(
        se_numbers,
        tmp_path,
        "registry",
        {NAME: csv_text(HEADER, f"{CVR};{CVR};;"), f"{NAME}.gz": csv_text(HEADER, "x;y;;", f"{CVR};{CVR};;")},
    )
    assert [report.rows_rejected for report in result.reports] == [0, 1]
    assert len({row["delivery_id"] for row in result.table()}) == 2
