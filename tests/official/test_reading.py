"""Reading an export: CSV and JSON alike, every fault told at once with file, line, rule and remedy."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.official.small_warehouse import OTIJ01, Y14D03, csv_of, records, version_2, version_3
from transforms.release.official_areas import read_areas
from transforms.release.official_file import OfficialFile, read_official
from transforms.release.official_map import read_map
from transforms.release.official_numbers import read_number
from transforms.release.official_table import OfficialError

MAP = read_map()
AREAS = read_areas(MAP.councils)
ROW = ("2024M05", "København", "Kontanthjælp", "Målgruppe i alt", "1.148", "25", "16,9", "26,0", "-")


def read(content: bytes) -> OfficialFile:
    return read_official("otij01.csv", content, MAP, AREAS)


def faults(content: bytes) -> list[tuple[int | None, str]]:
    with pytest.raises(OfficialError) as refused:
        read(content)
    assert all(fault.file == "otij01.csv" and fault.message and fault.remedy for fault in refused.value.faults)
    return [(fault.line, fault.rule) for fault in refused.value.faults]


def test_csv_and_the_interfaces_json_give_the_same_rows() -> None:
    """An export that reads otherwise by its form is two different official figures."""
    numbers = ("2024M05", "København", "Kontanthjælp", "Målgruppe i alt", 1148, 25, 16.9, "26,0", None)
    forms = [csv_of(OTIJ01, ROW), csv_of(OTIJ01, ROW, bom=False)]
    forms += [make(OTIJ01, numbers) for make in (version_2, version_3, records)]
    [first, *others] = [read(content) for content in forms]
    assert [[(row.period, row.area, row.groups, row.figures) for row in one.rows] for one in others] == [
        [(row.period, row.area, row.groups, row.figures) for row in first.rows]
    ] * len(others)
    [row] = first.rows
    assert first.table.name == "OTIJ01" and row.line == 2
    assert list(row.figures.values()) == [1148.0, 25.0, 16.9, 26.0, None]


def test_the_other_table_is_known_by_its_columns() -> None:
    """A file's name is what somebody called it."""
    row = (
        "2024QMAT02",
        "Hele landet",
        "A-dagpenge",
        "Privat virksomhedspraktik",
        "Jobparate mv.",
        4,
        25,
        0,
        25,
        50,
        "0,4",
    )
    assert read(csv_of(Y14D03, row)).table.name == "Y14D03"


def test_every_fault_of_a_file_is_told_at_once() -> None:
    """One fault a run makes an export be mended in seven runs."""
    rows = [
        ROW,
        ("2024M13", *ROW[1:]),
        ("2024M06", "Christiania", *ROW[2:]),
        ("2024M07", "Christiania", *ROW[2:]),
        (*ROW[:4], "mange", *ROW[5:]),
        ("2024M08", *ROW[1:6], "16.9", *ROW[7:]),
        ROW,
    ]
    assert faults(csv_of(OTIJ01, *rows)) == [
        (3, "period"),
        (4, "area"),
        (6, "number"),
        (6, "twice"),
        (7, "decimals"),
        (8, "twice"),
    ]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        ("Period;Area;Målgruppe".encode("utf-16"), "encoding"),
        ("Period;Område;Målgruppe".encode("cp1252"), "encoding"),
        (csv_of(OTIJ01), "empty"),
        (b"Period,Area,Antal personer i alt\n2024M05,Randers,3\n", "delimiter"),
        (b"Period;Area;Forventet antal;Faktisk antal\n2024M05;Randers;3;4\n", "table"),
        (version_2(OTIJ01, ROW, table="Y30R21"), "table"),
        (csv_of(("Area", "Period", *OTIJ01[2:]), ROW), "header"),
        (csv_of((*OTIJ01[:4], OTIJ01[4], OTIJ01[4]), ROW[:6]), "header"),
        (csv_of(OTIJ01, ROW[:-1]), "fields"),
        (version_3(OTIJ01, ROW[:-1]), "fields"),
        (b'[{"Variables": [', "json"),
        (b'{"message": "no access"}', "json"),
        (csv_of(OTIJ01, (*ROW[:6], "16.9", "26.0", "-")), "decimals"),
        (csv_of(OTIJ01, (*ROW[:7], "1.148", "-")), "decimals"),
    ],
)
def test_a_file_that_is_something_else_is_refused_with_the_rule(content: bytes, rule: str) -> None:
    """What is read as something that it is not is compared all the same."""
    assert {found for _, found in faults(content)} == {rule}


def test_a_group_that_stands_in_another_order_or_case_is_the_same_row() -> None:
    """A row that comes twice counts twice in every sum."""
    again = ("2024m05", "Københavns Kommune", "KONTANTHJÆLP", "målgruppe i alt", *ROW[4:])
    assert faults(csv_of(OTIJ01, ROW, again)) == [(3, "twice")]


def test_columns_that_we_do_not_know_are_kept_and_named() -> None:
    """A new column of numbers is no reason to compare nothing; a new group changes whom a row is about."""
    header = (*OTIJ01[:4], "Køn", *OTIJ01[4:], "Antal fuldtidspersoner")
    row = (*ROW[:4], "Kvinder", *ROW[4:], "7,5")
    file = read(csv_of(header, row))
    assert file.unknown == ("Antal fuldtidspersoner",) and file.strange == ("Køn",)
    assert file.rows[0].groups["Køn"] == "Kvinder"


@pytest.mark.parametrize(
    ("written", "is_count", "value"),
    [
        *(
            ("1.234", True, 1234.0),
            ("1 234", True, 1234.0),
            ("1.234,5", False, 1234.5),
            ("-3,5", False, -3.5),
            ("12 %", False, 12.0),
        ),
        *(
            ("12.5", False, 12.5),
            ("1.234", False, 1.234),
            (7, True, 7.0),
            (float("nan"), False, None),
            (None, True, None),
        ),
        *(("..", True, None), ("*", True, None), ("", False, None)),
    ],
)
def test_a_number_is_read_as_the_export_writes_it(written: object, is_count: bool, value: float | None) -> None:
    """A point between thousands read as a decimal one makes a thousandth of a figure."""
    number = read_number(written, is_count)
    assert number is not None and number.value == value


@pytest.mark.parametrize("written", ["mange", "1,2,3", "12a", "1,234.5", True, "--"])
def test_what_is_no_number_is_none(written: object) -> None:
    """A guess at a number is a wrong official figure."""
    assert read_number(written, is_count=True) is None


@pytest.mark.parametrize("make", [version_2, version_3, records])
def test_decimals_written_both_ways_are_refused_in_json_too(make: Callable[..., bytes]) -> None:
    """Text with a comma and text with a point in one file come from two programs."""
    assert faults(make(OTIJ01, ROW, ("2024M06", *ROW[1:6], "16.9", *ROW[7:]))) == [(2, "decimals")]
