"""Every format, read again by its own reader and by others' where the tests have them."""

from __future__ import annotations

import csv
import datetime
import json
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest
from openpyxl import load_workbook

from assets.formats import cube, px, stata, xlsx
from assets.formats.dataset import Dataset, Variable
from assets.formats.table import conform
from assets.formats.writer import FORMATS, refusals, write_all
from tests.formats.tables import CELLS, LONG_DA, PERSONS, STATUS, cells, persons

CUBES = ("px", "jsonstat")
ROWS: list[dict[str, Any]] = conform(persons(), PERSONS).to_pylist()
READERS = {"dta": pyreadstat.read_dta, "sav": pyreadstat.read_sav, "xpt": pyreadstat.read_xport}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both tables in every format; nothing else is left in the folder."""
    made = tmp_path_factory.mktemp("release")
    paths = write_all(persons(), PERSONS, made, [name for name in FORMATS if name not in CUBES])
    paths += write_all(cells(), CELLS, made, FORMATS)
    assert sorted(paths) == sorted(made.iterdir())
    return made


@pytest.mark.parametrize("ending", ["parquet", "csv", "_excel.csv", "px", "json", "dta"])
def test_the_same_table_gives_the_same_bytes(folder: Path, tmp_path: Path, ending: str) -> None:
    """A release could not be proved by its hashes: rows in another order, a time of making."""
    again = write_all(
        cells().sample(frac=1, random_state=1),
        CELLS,
        tmp_path,
        ["parquet", "csv", "csv_excel", "px", "jsonstat", "stata"],
    )
    files = [path for path in again if path.name.endswith(ending)]
    assert files
    for path in files:
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_the_other_formats_are_equal_in_content(folder: Path, tmp_path: Path) -> None:
    """Their headers carry a time; the rest must not differ from run to run."""
    for path in write_all(cells().iloc[::-1], CELLS, tmp_path, ["spss", "sas"]):
        if path.suffix == ".sas":
            assert path.read_bytes() == (folder / path.name).read_bytes()
            continue
        (first, about_first), (second, about_second) = (
            READERS[path.suffix[1:]](folder / path.name),
            READERS[path.suffix[1:]](path),
        )
        pd.testing.assert_frame_equal(first, second)
        assert about_first.column_names_to_labels == about_second.column_names_to_labels
        assert about_first.variable_value_labels == about_second.variable_value_labels


def test_parquet_says_what_its_columns_are(folder: Path) -> None:
    """The file would travel without its codebook."""
    fields = pq.read_schema(folder / "person_months.parquet")
    about = fields.field("hours").metadata
    assert (about[b"label_da"].decode(), about[b"unit"]) == (LONG_DA, b"timer")
    assert json.loads(fields.field("municipality_code").metadata[b"values"])["0580"] == {
        "da": "Aabenraa",
        "en": "Åbenrå",
    }
    assert json.loads(fields.metadata[b"dataset"])["label_en"] == PERSONS.label_en
    kinds = duckdb.sql(f"select column_type from (describe from '{folder / 'person_months.parquet'}')").fetchall()
    assert [kind for (kind,) in kinds][6:11] == ["DECIMAL(18,2)", "DOUBLE", "BIGINT", "DATE", "BOOLEAN"]


def test_csv_for_programs_has_comma_point_and_leading_zeros(folder: Path) -> None:
    """0101 would become 101, a decimal two columns."""
    content = (folder / "person_months.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(content.splitlines()))
    assert [row["municipality_code"] for row in rows] == ["0851", "", "0101", "0580"]
    assert rows[2]["remark"] == 'æ;ø,å "citat"'
    assert (rows[2]["hours"], rows[2]["birth_date"], rows[2]["is_rsv"]) == ("12.25", "1901-05-06", "true")
    assert not content.startswith("\ufeff")


def test_csv_for_excel_has_mark_semicolon_and_decimal_comma(folder: Path) -> None:
    """A Danish Excel would show Ã¦ for æ, one column, and 12.25 as a date."""
    content = (folder / "person_months_excel.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfperson_key;month;")
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert (rows[2]["hours"], rows[2]["weight"], rows[2]["is_rsv"]) == ("12,25", "0,3333333333333333", "1")
    assert rows[2]["remark"] == 'æ;ø,å "citat"'


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("ending", list(READERS))
def test_statistics_packages_hold_labels_in_both_languages(folder: Path, ending: str, language: Any) -> None:
    """A Danish label in an English file, or one cut at 40 or 80 bytes."""
    _, about = READERS[ending](folder / f"person_months_{language}.{ending}")
    assert about.column_names_to_labels == {variable.name: variable.label(language) for variable in PERSONS.variables}
    if ending != "xpt":
        assert about.file_label == PERSONS.label(language)


def test_dates_before_1970_stand_as_dates(folder: Path) -> None:
    """datetime64[s] became 1 January 1970 in all three programs."""
    for ending, reader in READERS.items():
        frame, _ = reader(folder / f"person_months_da.{ending}", output_format="dict")
        assert [None if value != value else value for value in frame["birth_date"]] == [
            row["birth_date"] for row in ROWS
        ], ending


def test_stata_has_numbers_for_text_codes_and_text_for_leading_zeros(folder: Path) -> None:
    """Stata labels numbers only; as numbers 0101 and 101 would be one municipality."""
    frame, about = pyreadstat.read_dta(folder / "person_months_en.dta")
    assert stata.numbers(PERSONS) == {
        "instrument": {"wage_subsidy": 1, "work_trial": 2, "a'b": 3},
        "group": {"1": 1, "5": 5, "all": 6},
    }
    assert about.variable_value_labels["group"] == {1: "Capital", 5: "Rural", 6: "All"}
    assert frame["municipality_code"].tolist() == ["0851", "", "0101", "0580"]
    assert about.original_variable_types["birth_date"] == "%td"
    assert (folder / "person_months_en.dta").read_bytes().startswith(b"<stata_dta><header><release>118<")


def test_spss_labels_text_codes(folder: Path) -> None:
    """The codes of every other file would have no meaning in SPSS."""
    _, about = pyreadstat.read_sav(folder / "person_months_da.sav")
    assert about.variable_value_labels["municipality_code"] == {
        "0101": "København",
        "0851": "Aalborg",
        "0580": "Aabenraa",
    }
    assert about.variable_value_labels["is_rsv"] == {0: "Nej", 1: "Ja"}
    assert about.original_variable_types["hours"] == "F18.2"


def test_sas_has_a_program_for_labels_of_values(folder: Path) -> None:
    """A transport file cannot carry them."""
    program = (folder / "person_months_da.sas").read_text(encoding="utf-8")
    assert "%xpt2loc(libref=work, memlist=person_months, filespec='person_months_da.xpt');" in program
    assert "  'a''b' = 'Andet, ''småjob'' mv.'\n" in program
    assert " value hour_band_6_f\n  0 = 'under 1 time'\n" in program
    assert " format municipality_code $municipality_code_3_f.;" in program


def test_excel_keeps_text_as_text(folder: Path) -> None:
    """0101 as 101, =1+1 as 2."""
    book = load_workbook(folder / "person_months.xlsx")
    data = list(book["data"].iter_rows(values_only=True))
    assert data[3][2] == "0101" and data[2][11] == "0007"
    assert (book["data"]["L5"].value, book["data"]["L5"].data_type) == ("=1+1", "s")
    assert [cell or None for cell in list(book["variables"].values)[7][:5]] == [
        "hours",
        "decimal",
        None,
        "timer",
        LONG_DA,
    ]
    assert ("municipality_code", "0580", "Aabenraa", "Åbenrå") in list(book["values"].values)


def test_px_has_its_signs_and_danish_letters(folder: Path) -> None:
    """A suppressed cell as zero or as one that does not exist; Ã¸ for ø."""
    content = (folder / "scope_by_municipality.px").read_bytes().decode(px.ENCODING)
    assert content.startswith('CHARSET="ANSI";\r\nAXIS-VERSION="2013";\r\nCODEPAGE="windows-1252";\r\n')
    assert 'STUB="År","Virksomhedstype","Kommune";' in content and 'STUB[en]="Year","Kind","Municipality";' in content
    assert 'CONTVARIABLE="Opgørelse";' in content and 'UNITS[en]("Persons")="persons";' in content
    assert 'TIMEVAL("År")=TLIST(A1),"2023","2024";' in content and 'ELIMINATION("Kommune")="Hele landet";' in content
    assert (
        "DECIMALS=6;\r\nSHOWDECIMALS=0;" in content
        and 'PRECISION("Opgørelse","Timer")=2;' in content
        and ',"Personer")=0' not in content
    )
    assert (
        'LAST-UPDATED("Personer")="20241231 00:00";' in content
        and 'VARIABLECODE("Kommune")="municipality_code";' in content
    )
    data = content.partition("DATA=\r\n")[2].split("\r\n")
    assert data[:3] == ['".." ".." ".." 3 ".." ', '".." ".." ".." 3 ".." ', "12 22.50 0.370368 3 5 "]
    assert data[6] == '10 7.50 0.123456 3 ".." '
    assert data[8] == '12 22.50 "..." 3 5 ' and data[10] == '"." "." "." "." "." '


def test_json_stat_has_a_status_for_every_empty_cell(folder: Path) -> None:
    """A reader could not tell suppressed from zero."""
    document = json.loads((folder / "scope_by_municipality_en.json").read_text(encoding="utf-8"))
    assert (document["id"], document["size"]) == (
        ["year", "enterprise_kind", "municipality_code", "measure"],
        [2, 2, 3, 5],
    )
    assert (document["updated"], document["source"]) == ("2024-12-31", "Ministeriet")
    assert document["role"] == {"metric": ["measure"], "time": ["year"]}
    assert document["dimension"]["measure"]["category"]["unit"]["persons"] == {"label": "persons", "decimals": 0}
    empty = {str(place) for place, value in enumerate(document["value"]) if value is None}
    assert set(document["status"]) == empty
    assert [document["status"][str(place)] for place in (0, 5, 34, 42, 50)] == [
        "suppressed_secondary",
        "suppressed_primary",
        "suppressed_primary",
        "..",
        ".",
    ]
    assert document["extension"]["status"]["category"]["label"]["suppressed_primary"] == STATUS["suppressed_primary"][1]


def test_a_pooled_year_makes_no_time_axis(tmp_path: Path) -> None:
    """PX would draw year 0 before 2023."""
    pooled = cells().assign(year=lambda frame: frame["year"].where(frame["year"] > 2023, 0))
    write_all(pooled, CELLS, tmp_path, CUBES)
    assert "TIMEVAL" not in (tmp_path / "scope_by_municipality.px").read_text(encoding=px.ENCODING)


def test_a_table_too_sparse_for_a_cube_is_refused_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty million cells for four thousand rows; or half of a table's files."""
    monkeypatch.setattr(cube, "MAX_CELLS", 10)
    with pytest.raises(cube.CubeError, match="60 values, of which 55 stand in the table"):
        write_all(cells(), CELLS, tmp_path, ["csv", "px"])
    assert list(tmp_path.iterdir()) == []
    reason = "60 values, of which 55 stand in the table; a cube has at most 10"
    assert refusals(cells(), CELLS, FORMATS) == {"px": reason, "jsonstat": reason}


def test_a_letter_outside_windows_1252_is_refused(tmp_path: Path) -> None:
    """It would become a question mark in the table's title."""
    dataset = Dataset(**{**vars(CELLS), "label_da": "Andel ≥ 39 timer"})
    with pytest.raises(px.PxError, match="has no '≥'"):
        write_all(cells(), dataset, tmp_path, ["px"])
    assert list(refusals(cells(), dataset, FORMATS)) == ["px"]


def test_a_date_that_excel_does_not_have_is_refused(tmp_path: Path) -> None:
    """It would stand as another day."""
    frame = persons().assign(birth_date=datetime.date(1899, 12, 31))
    with pytest.raises(xlsx.XlsxError, match="birth_date: dates before 1900-03-01"):
        write_all(frame, PERSONS, tmp_path, ["xlsx"])


@pytest.mark.parametrize("form", ["stata", "spss", "sas", "csv", "parquet", "xlsx"])
def test_long_tables_are_read_back_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """The second part of five million rows would be compared with the first, or never."""
    for module in (
        "packages.ROWS_A_PART",
        "sas.ROWS_A_PART",
        "parquet.ROWS_A_GROUP",
        "csv_files.ROWS_A_BATCH",
        "xlsx.ROWS_A_PART",
    ):
        monkeypatch.setattr(f"assets.formats.{module}", 100)
    monkeypatch.setattr("assets.formats.csv_files.BLOCK_BYTES", 2_000)
    dataset = Dataset(
        "rows",
        "Rækker",
        "Rows",
        "Én række.",
        "One row.",
        (Variable("number", "integer", "Nr", "No", is_key=True), Variable("share", "double", "Andel", "Share")),
    )
    frame = pd.DataFrame({"number": np.arange(300), "share": np.random.default_rng(1).random(300)})
    assert write_all(frame, dataset, tmp_path, [form])


def test_a_table_without_rows_has_files(tmp_path: Path) -> None:
    """A release would fail where a gate let nothing through."""
    assert len(write_all(persons().iloc[:0], PERSONS, tmp_path, [name for name in FORMATS if name not in CUBES])) == 12
