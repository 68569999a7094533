"""The rules of `dream`: weeks by name, runs of equal codes, unknown codes, second rows."""

from __future__ import annotations

import csv
import io
import itertools
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assets.ingest import benefit_blocks, benefit_runs, benefits
from expectations.code_lists import CodeLists
from tests.unit.ingest.landed import KEY, MAN, WOMAN, Read, csv_text, read

NAME = "dream_2022-06-01.csv"
UNREADABLE, CPR_INVALID, SECOND = "dream.unreadable_value", "dream.cpr_invalid", "dream.second_row"
UNKNOWN, MISSING_WEEK = "dream.unknown_code", "dream.missing_week"
OLD_NUMBER = "0101585010"  # not constructed, yet nobody's: the century digit says 1858


def rows(tmp_path: Path, header: str, *lines: str) -> Read:
    return read(benefits, tmp_path, "registry", {NAME: csv_text(header, *lines)})


def runs(result: Read) -> list[tuple[Any, ...]]:
    found = result.table("runs", "line_number, first_week")
    return [(row["line_number"], row["first_week"], row["last_week"], row["code"], row["is_unknown"]) for row in found]


W1, W2, W3, W4 = (date(2019, 1, 3) + timedelta(days=7 * week) for week in range(4))
FOUR = "cpr;y_1901;y_1902;y_1903;y_1904"


def test_a_row_becomes_runs_that_cover_every_week(tmp_path: Path) -> None:
    """A week in no run, or in two, would be unknown or counted twice."""
    result = rows(tmp_path, FOUR, f"{WOMAN};730;730;;111", f"{MAN};;;;")
    assert runs(result) == [
        (1, W1, W2, "730", False),
        (1, W3, W3, None, False),
        (1, W4, W4, "111", False),
        (2, W1, W4, None, False),
    ]
    assert {row["person_key"] for row in result.table("runs")} == {KEY.person_key(WOMAN), KEY.person_key(MAN)}
    assert [(row["coded_weeks"], row["unknown_code_weeks"]) for row in result.table(order="line_number")] == [
        (3, 0),
        (0, 0),
    ]
    assert result.report.facts["first_week"] == "2019-01-03" and result.report.facts["last_week"] == "2019-01-24"


def test_weeks_are_found_by_name_in_any_order(tmp_path: Path) -> None:
    """A reader by position would shift careers when columns are exported in another order."""
    result = rows(tmp_path, "y_1903;note;y_1901;cpr;y_1902", f"733;x;731;{WOMAN};732")
    assert runs(result) == [(1, W1, W1, "731", False), (1, W2, W2, "732", False), (1, W3, W3, "733", False)]
    assert result.report.extra_columns == ["note"]


def test_a_year_of_53_weeks_has_53(tmp_path: Path) -> None:
    """A week 53 taken for an extra column is a hole in every career."""
    result = rows(tmp_path, "cpr;y_2052;y_2053;y_2101", f"{WOMAN};730;730;730")
    assert runs(result) == [(1, date(2020, 12, 24), date(2021, 1, 7), "730", False)]


@pytest.mark.parametrize("column", ["y_1953", "y_1900", "y_1954", "y_19", "y_19010", "Y_1901", "y_1x01"])
def test_a_column_of_a_week_that_does_not_exist_is_an_extra_column(tmp_path: Path, column: str) -> None:
    """An impossible week must neither shift the others nor refuse the file."""
    result = rows(tmp_path, f"cpr;y_1901;{column};y_1902", f"{WOMAN};730;999;730")
    assert runs(result) == [(1, W1, W2, "730", False)]
    assert result.report.extra_columns == [column] and result.report.counters["unknown_extra_columns"] == 1


def test_years_from_90_on_belong_to_the_last_century() -> None:
    """DREAM begins in 1991: y_9132 in 2091 would lie after every cut-off."""
    assert benefit_runs.thursday_of("y_9001") == date(1990, 1, 4) and benefit_runs.thursday_of("y_8901") == date(
        2089, 1, 6
    )
    assert benefit_runs.weeks_of(["y_0001", "y_9952"]).thursdays == [date(1999, 12, 30), date(2000, 1, 6)]


def test_a_week_missing_between_the_first_and_the_last_refuses_the_file(tmp_path: Path) -> None:
    """An unobserved week inside the table would silently count as no benefit or break every run."""
    result = rows(tmp_path, "cpr;y_1904;y_1901;y_1902", f"{WOMAN};730;730;730")
    assert result.report.refusal == MISSING_WEEK and result.report.rules[MISSING_WEEK] == (1, 1)
    assert result.report.facts["detail"] == "no column for y_1903"
    assert result.report.rows_delivered == 1 == result.report.rows_rejected
    assert all(result.table(name) == [] for name in ("rows", "rejected", "runs"))


@pytest.mark.parametrize(
    ("header", "rule"),
    [("y_1901;y_1902", "file.missing_column"), ("cpr;note", "file.missing_column"), ("cpr;y_1901;y_1901", "file.duplicate_column")],
)  # fmt: skip
def test_a_header_without_person_or_weeks_or_with_a_week_twice_refuses_the_file(
    tmp_path: Path, header: str, rule: str
) -> None:
    """Which of two columns counts cannot be guessed."""
    assert rows(tmp_path, header, "1;2;3").report.refusal == rule


@pytest.mark.parametrize("text", ["729", "000", "73", "7300", "abc", " 730", "730 ", "0730", "Ø73", "-11", "7,0"])
def test_any_text_outside_the_list_is_an_unknown_code_of_that_week(tmp_path: Path, text: str) -> None:
    """An unknown code taken for no benefit makes people self-supporting."""
    result = rows(tmp_path, FOUR, f"{WOMAN};730;{text};;730")
    assert [(first, is_unknown) for _, first, _, _, is_unknown in runs(result)] == [
        (W1, False),
        (W2, True),
        (W3, False),
        (W4, False),
    ]
    assert result.report.rules[UNKNOWN] == (3, 1) and result.failed() == {UNKNOWN: 1}
    shown = text if len(text) == 3 and text.isdigit() else "?"
    assert result.report.facts["unknown_codes"] == {shown: 1}
    assert [(row["coded_weeks"], row["unknown_code_weeks"]) for row in result.table()] == [(3, 1)]


def test_unknown_codes_are_counted_over_the_coded_weeks_of_accepted_rows(tmp_path: Path) -> None:
    """Weeks of rejected rows would let a broken row stop a build, or hide that the list is short."""
    result = rows(tmp_path, FOUR, f"{WOMAN};730;729;;", "x;729;729;729;729", f"{WOMAN};729;729;;")
    assert result.report.rules[UNKNOWN] == (2, 1)
    assert result.report.facts["coded_weeks"] == 2 and result.report.facts["unknown_code_weeks"] == 1


def test_a_code_that_a_user_adds_to_the_list_is_known(tmp_path: Path) -> None:
    """The list is one file that a user can extend."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    header = "code_from;code_to;benefit_group;benefit_group_da;is_benefit;is_target;is_censoring;priority;certainty"
    (seeds / "benefit_codes.csv").write_text(f"{header}\n729;729;x;x;true;false;false;99;low;false\n", encoding="utf-8")
    (seeds / "municipalities.csv").write_text("kommune_kode\n0101\n", encoding="utf-8")
    text = csv_text("cpr;y_1901", f"{WOMAN};729")
    result = read(benefits, tmp_path, "registry", {NAME: text}, CodeLists(seeds))
    assert runs(result) == [(1, W1, W1, "729", False)]


def test_a_row_with_too_few_or_too_many_fields_is_unreadable_and_no_row_at_all(tmp_path: Path) -> None:
    """Its codes stand in other weeks than they seem."""
    result = rows(
        tmp_path, FOUR, f"{WOMAN};730;730;730", f"{WOMAN};730;730;730;730;730", f"{WOMAN};730;730;730;730", "x"
    )
    assert result.report.rules[UNREADABLE] == (4, 3) and result.report.rules[CPR_INVALID] == (1, 0)
    assert result.column("line_number") == [3] and result.column("has_right_fields", "rejected") == [False] * 3


@pytest.mark.parametrize("text", ["", "6101801", "68018012AB", "9999999999"])
def test_a_cpr_number_missing_or_not_valid_rejects_the_row(tmp_path: Path, text: str) -> None:
    """A career of nobody."""
    result = rows(tmp_path, FOUR, f"{text};730;;;", f"{MAN};730;;;")
    assert result.failed() == {CPR_INVALID: 1} and result.column("line_number") == [2]
    assert result.column("person_key", "rejected") == [None]


def test_a_second_row_of_a_number_is_rejected_however_it_is_written(tmp_path: Path) -> None:
    """Two careers of one person; the first accepted row stands."""
    result = rows(
        tmp_path, FOUR, f"{WOMAN};730;;", f"{WOMAN};730;;;", "610180-1234;111;;;", f"{OLD_NUMBER[1:]};;;;", f"{OLD_NUMBER};;;;"
    )  # fmt: skip
    assert result.report.rules[SECOND] == (4, 2)  # the first row, of three fields, is no row: the second stands
    assert result.column("line_number") == [2, 4] and {row[0] for row in runs(result)} == {2, 4}
    assert result.column("is_repaired") == [False, True]
    assert result.report.rules["dream.cpr_without_modulus_11"] == (1, 1)


def test_no_cpr_number_stands_in_the_lake_even_when_it_stands_in_a_week(tmp_path: Path) -> None:
    """A shifted row would carry the number into a column of codes."""
    result = rows(tmp_path, FOUR, f"{WOMAN};{MAN};;;")
    assert runs(result)[0][3:] == ("?", True)
    assert all(MAN.encode() not in path.read_bytes() for path in result.folder.iterdir())
    assert MAN not in str(result.report.to_json())


def test_quotes_line_ends_and_empty_lines_change_nothing(tmp_path: Path) -> None:
    """The fast way and the way with quotes must agree."""
    plain = rows(tmp_path, FOUR, f"{WOMAN};730;;111;", f"{MAN};;;;")
    text = f'\ufeff"cpr";y_1901;"y_1902";y_1903;y_1904\r\n\r\n"{WOMAN}";"730";"";111;\r\n\n{MAN};;;;""'
    quoted = read(benefits, tmp_path, "registry", {NAME: text})
    assert runs(quoted) == [(line, *rest) for line, *rest in runs(plain)] and quoted.report.rows_delivered == 2
    tricky = read(benefits, tmp_path, "registry", {NAME: f'{FOUR}\n{WOMAN};"730\n";"a;b";730;\n{MAN};;;;\n'})
    assert [row[3:] for row in runs(tricky)][:2] == [("?", True), ("730", False)]
    assert tricky.column("line_number") == [1, 2]


def test_a_file_of_many_blocks_gives_what_one_block_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line cut by a block's end would be two broken rows; a second row in a later block must be found."""
    lines = [
        f"{day:02d}0180{number:04d};730;;{'' if number % 3 else '111'};"
        for day in range(61, 92)
        for number in range(40)
    ]
    lines += [lines[5], "x", "", lines[0]]
    whole = rows(tmp_path, FOUR, *lines)
    expected = (runs(whole), whole.report)
    monkeypatch.setattr(benefit_blocks, "BLOCK_BYTES", 37)
    small = rows(tmp_path, FOUR, *lines)
    assert (runs(small), small.report) == expected and small.failed()[SECOND] == 2


@pytest.mark.parametrize("seed", range(3))
def test_runs_equal_a_plain_computation(tmp_path: Path, seed: int) -> None:
    """The arithmetic on bytes is fast and easily wrong at an edge."""
    draw = random.Random(seed)
    weeks = ["y_1801"] + [f"y_18{week:02d}" for week in range(2, 40)]
    header = ["cpr", "note", *weeks]
    draw.shuffle(header)
    codes = ["", "730", "111", "999", "000", "12", "1234", "æø", "7x0"]
    lines = []
    for place in range(200):
        values = {"cpr": f"{61 + place % 20}0180{place:04d}", "note": draw.choice(["", "x", "lang"])}
        values |= {week: draw.choice(codes[: draw.choice([2, 4, 9])]) for week in weeks}
        lines.append(";".join(values[name] for name in header))
    text = csv_text(";".join(header), *lines, line_end=draw.choice(["\n", "\r\n"]))
    result = read(benefits, tmp_path, "registry", {NAME: text})
    known = CodeLists().benefit_codes
    expected = []
    for line, row in enumerate(csv.DictReader(io.StringIO(text), delimiter=";"), start=1):
        shown = [row[week] if row[week] in known or row[week] in ("", "000") else "?" for week in weeks]
        for code, group in itertools.groupby(enumerate(shown), key=lambda pair: pair[1]):
            places = [place for place, _ in group]
            first, last = (date(2018, 1, 4) + timedelta(days=7 * place) for place in (places[0], places[-1]))
            expected.append((line, first, last, code or None, bool(code) and code not in known))
    assert runs(result) == expected


def test_the_block_arithmetic_takes_an_empty_block_and_a_last_line_without_end() -> None:
    """A file need not end with a line feed."""
    assert benefit_runs.split(b"", 3).starts.shape == (0, 3)
    block = benefit_runs.split(b"1;730\n2;", 2)
    assert benefit_runs.texts_of(block, 1) == ["730", ""]
    cells, _ = benefit_runs.cells_of(block, [1], {"730"})
    assert np.array_equal(cells, [[731], [0]])
