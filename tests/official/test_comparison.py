"""Ours beside theirs on a warehouse counted by hand: every cell, every reason for none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipelines.compare_official import Comparison, command, compare_official, supplied, verdicts
from tests.conftest import SampleBuild
from tests.official.small_warehouse import OTIJ01, Y14D03, csv_of, publish
from transforms.release.official import danish
from transforms.release.official_table import OfficialError

AFTER = "Efterfølgende beskæftigelse: "


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(tmp_path_factory.mktemp("official") / "outcome.duckdb").parent


def compared(folder: Path, warehouse: Path, header: tuple[str, ...], *rows: tuple[Any, ...]) -> Comparison:
    file = folder / "export.csv"
    file.write_bytes(csv_of(header, *rows))
    return compare_official(file, warehouse)


def ours(comparison: Comparison) -> dict[tuple[int, str], float | None]:
    return {(cell.line, cell.measure.removeprefix(AFTER)): cell.ours for cell in comparison.cells}


def test_recipients_and_their_hours_are_counted_as_the_row_asks(tmp_path: Path, warehouse: Path) -> None:
    """A sum over groups counts who changes readiness twice; a region without one of its municipalities is smaller than it is."""
    figures = ("150", "26", "17,3", "25,5", "4")
    rows = [
        ("2024M05", "København", "Kontanthjælp", "Målgruppe i alt", *figures),
        ("2024M05", "København", "Kontanthjælp", "Jobparate mv.", *figures),
        ("2024M05", "Hele landet", "Kontanthjælp", "i alt", *figures),
        ("2024M05", "Region Midtjylland", "Kontanthjælp", "", *figures),
        ("2024M05", "København", "Forrevalidering og revalidering", "", *figures),
    ]
    found = ours(compared(tmp_path, warehouse, OTIJ01, *rows))
    names = [name.replace("pr. person", "pr person") for name in OTIJ01[4:]]
    expected = [
        (148, 25, 2500 / 148, 26),
        (100, 20, 20, 30),
        (190, 33, 3300 / 190, 850 / 33),
        (40, 8, 20, 25),
        (7, 3, 300 / 7, 10),
    ]
    for line, values in enumerate(expected, 2):
        assert [found[line, name] for name in names] == [*(pytest.approx(value) for value in values), None], line


def test_what_has_no_counterpart_says_why(tmp_path: Path, warehouse: Path) -> None:
    """A missing figure of ours shown as zero is a difference that nobody made."""
    figures = ("100", "", "", "", "")
    rows = [
        ("2024M07", "København", "Kontanthjælp", "", *figures),
        ("2024Q2", "København", "Kontanthjælp", "", *figures),
        ("2023", "Hele landet", "Sygedagpenge", "", *figures),
        ("2024QMAT02", "Hele landet", "Sygedagpenge", "", *figures),
        ("2024M05", "København", "Selvforsørgelses- og hjemrejseydelse mv.", "", *figures),
        ("2024M05", "København", "Ydelsesgrupper i alt", "", *figures),
        ("2024M05", "København", "Ressourceforløb", "Aktivitetsparate mv.", *figures),
        ("2024M05", "Odense", "Kontanthjælp", "", *figures),
        ("2024", "Hele landet", "Sygedagpenge", "", *figures),
        ("2023Y01", "Hele landet", "Kontanthjælp", "", *figures),
    ]
    comparison = compared(tmp_path, warehouse, OTIJ01, *rows)
    persons = [cell for cell in comparison.cells if cell.measure == "Antal personer i alt"]
    assert [cell.ours for cell in persons] == [None, None, 100, None, None, None, None, 0, None, None]
    reasons = {0: "observed", 1: "add up", 3: "add up", 8: "not every month", 9: "by the year"}
    assert all(words in persons[number].why for number, words in reasons.items())
    assert {cell.why for cell in persons[4:7]} == {"no group of ours is this one"}
    assert comparison.agreement.compared == 2 and comparison.agreement.without_ours == 8


def test_placements_that_ended_and_the_third_month_after(tmp_path: Path, warehouse: Path) -> None:
    """An end counted in another quarter, a public workplace among the private, half of the hours taken for most of them."""
    private, tail = "Privat virksomhedspraktik", ("4", "25", "25", "0", "50", "0,3")
    rows = [
        ("2024Q2", "København", "Kontanthjælp", private, "Målgruppe i alt", *tail),
        ("2024Q2", "København", "Kontanthjælp", private, "Jobparate mv.", *tail),
        ("2024Q2", "Hele landet", "Kontanthjælp", private, "", *tail),
        ("2024Q2", "København", "Kontanthjælp", "Virksomhedspraktik", "", *tail),
        ("2024Q2", "København", "A-dagpenge", "Løntilskud", "", *tail),
        ("2024Q2", "København", "A-dagpenge", "Løntilskud", "Aktivitetsparate mv.", *tail),
        ("2024QMAT04", "København", "Kontanthjælp", private, "", *tail),
        ("2024QMAT02", "København", "Kontanthjælp", private, "", *tail),
    ]
    found = ours(compared(tmp_path, warehouse, Y14D03, *rows))
    measures = ("Antal afsluttede forløb", "I samme virksomhed", "I anden virksomhed", "Ingen beskæftigelse")
    third = pytest.approx(100 / 3)
    # Ended in the quarter: same, half at each, no work, gone (not seen), public, unknown enterprise; elsewhere in Aarhus.
    expected = [
        (4, third, third, third),
        (3, 50, 50, 0),
        (5, 25, 50, 25),
        (6, 20, 60, 20),
        (1, 100, 0, 0),
        (None, None, None, None),
        (5, None, None, None),
        (None, None, None, None),
    ]
    for line, values in enumerate(expected, 2):
        assert [found[line, measure] for measure in measures] == list(values), line
    assert (
        found[2, "I anden virksomhed i samme branche"] is None and found[2, "Gennemsnitlig beskæftigelsesgrad"] is None
    )


@pytest.mark.parametrize(
    ("figures", "same"),
    [
        (("4", "25", "25", "0", "50"), 100 / 3),
        (("4", "0,25", "0,25", "0", "0,5"), 1 / 3),
        (("4", "1", "1", "0", "2"), 1),
    ],
)
def test_outcomes_are_read_in_the_unit_that_the_file_writes(
    tmp_path: Path, warehouse: Path, figures: tuple[str, ...], same: float
) -> None:
    """Per cent beside shares are wrong by a factor of a hundred."""
    row = ("2024Q2", "København", "Kontanthjælp", "Privat virksomhedspraktik", "", *figures, "")
    assert ours(compared(tmp_path, warehouse, Y14D03, row))[2, "I samme virksomhed"] == pytest.approx(same)


def test_shares_that_are_not_those_of_their_own_row_are_refused(tmp_path: Path, warehouse: Path) -> None:
    """A file put together from two queries compares persons of one with shares of another."""
    good = ("2024M05", "København", "Kontanthjælp", "", "150", "26", "17,3", "25,5", "")
    with pytest.raises(OfficialError) as refused:
        compared(
            tmp_path,
            warehouse,
            OTIJ01,
            good,
            ("2024M05", "Aarhus", "Kontanthjælp", "", "150", "26", "40,0", "25,5", ""),
        )
    assert [(fault.line, fault.rule) for fault in refused.value.faults] == [(3, "share")]


def test_a_row_broken_down_by_what_we_do_not_have_is_not_compared(tmp_path: Path, warehouse: Path) -> None:
    """Women beside everybody differ by the men."""
    header = (*OTIJ01[:4], "Køn", OTIJ01[4])
    rows = [("2024M05", "København", "Kontanthjælp", "", sex, "70") for sex in ("Kvinder", "Køn i alt")]
    women, everybody = compared(tmp_path, warehouse, header, *rows).cells
    assert women.ours is None and "Køn: Kvinder" in women.why
    assert everybody.ours == 148


def test_a_cell_differs_when_it_is_beyond_both_tolerances(tmp_path: Path, warehouse: Path) -> None:
    """A limit in per cent alone calls two persons a disagreement, one in persons alone a thousandth."""
    rows = [("2024M05", "København", "Kontanthjælp", "", figure) for figure in ("153",)]
    rows += [("2024M06", "København", "Kontanthjælp", "", "157"), ("2024M05", "Aarhus", "Kontanthjælp", "", "33")]
    cells = compared(tmp_path, warehouse, OTIJ01[:5], *rows).cells
    assert [(cell.difference, cell.differs) for cell in cells] == [(-5, False), (-7, False), (7, True)]


def test_the_verdict_counts_and_its_table_holds_national_figures_alone(tmp_path: Path, warehouse: Path) -> None:
    """A check's text is read by people who may not see what a municipality does with three citizens."""
    rows = [
        ("2024M05", "Hele landet", "Revalidering", "", "30", "20", "", "", ""),
        ("2024M05", "Aarhus", "Kontanthjælp", "", "333", "-", "", "", ""),
    ]
    verdict = compared(tmp_path, warehouse, OTIJ01, *rows).agreement
    assert (verdict.rows, verdict.compared, verdict.differing, verdict.kept_back, verdict.without_ours) == (
        2,
        3,
        3,
        7,
        0,
    )
    assert not verdict.passes
    assert "| Antal personer i alt | 2 | 2 | -24 (2024M05) |" in verdict.markdown
    assert "| Antal personer med ordinære timer | 1 | 1 | – |" in verdict.markdown
    assert len(verdict.markdown) < 1000


def test_what_enterprises_do_with_citizens_stands_in_no_verdict(tmp_path: Path, warehouse: Path) -> None:
    """Five spells of the whole country may be those of one workplace."""
    row = ("2024Q2", "Hele landet", "Kontanthjælp", "Privat virksomhedspraktik", "", "50", "25", "25", "0", "50", "")
    verdict = compared(tmp_path, warehouse, Y14D03, row).agreement
    assert verdict.compared == 4
    assert all(line.endswith("| – |") for line in verdict.markdown.splitlines()[2:])
    assert len(verdict.markdown) < 1000


def test_a_supplied_file_is_a_warning_when_it_differs_or_cannot_be_read(tmp_path: Path, warehouse: Path) -> None:
    """A file that was laid there and is not said anything of is taken for agreement."""
    folder = tmp_path / "official"
    folder.mkdir()
    assert verdicts(tmp_path, warehouse) == []
    (folder / "a.csv").write_bytes(csv_of(OTIJ01[:5], ("2024M05", "København", "Kontanthjælp", "", "148")))
    (folder / "b.csv").write_bytes(csv_of(OTIJ01[:5], ("2024M05", "København", "Kontanthjælp", "", "333")))
    (folder / "c.csv").write_bytes(csv_of(OTIJ01[:5], *(("2024M13", "København", "Kontanthjælp", "", "1"),) * 30))
    good, other, broken = verdicts(tmp_path, warehouse)
    assert [one.passes for one in (good, other, broken)] == [True, False, False]
    assert "1 af 1 celler afviger" in other.sentence and "30" in broken.sentence
    assert "official.period" in broken.markdown and len(broken.markdown) < 1000


def test_a_file_that_agrees_passes_and_one_without_a_counterpart_does_not(tmp_path: Path, warehouse: Path) -> None:
    """A check that passes because nothing was compared says that we agree."""
    row = ("2024M05", "København", "Kontanthjælp", "")
    assert compared(tmp_path, warehouse, OTIJ01[:5], (*row, "148")).agreement.passes
    assert not compared(tmp_path, warehouse, OTIJ01[:5], ("2030M05", *row[1:], "148")).agreement.passes


def test_the_command_shows_ours_beside_theirs_and_writes_every_cell(tmp_path: Path, warehouse: Path) -> None:
    """A figure that rests on three stands on a screen that gets copied."""
    file, cells = tmp_path / "otij01.csv", tmp_path / "cells.csv"
    file.write_bytes(csv_of(OTIJ01, ("2024M05", "København", "Revalidering", "", "30", "20", "66,7", "26", "4")))
    arguments = [str(file), "--warehouse", str(warehouse), "--out", str(cells)]
    done = CliRunner().invoke(command, arguments)
    assert done.exit_code == 0, done.output
    persons, employed = done.output.splitlines()[1:3]
    assert persons.split()[-4:] == ["30", "6", "-24", "*"]
    assert employed.split()[-4:] == ["20", "[c]", "[c]", "*"]
    assert "1 rows, 4 cells compared, 4 differ more than their tolerance" in done.output
    assert "Gennemsnitligt antal ordinære timer pr. måned: no counterpart." in done.output
    assert "20;3;-17;true" in cells.read_text(encoding="utf-8-sig")
    shown = CliRunner().invoke(command, [*arguments, "--small"]).output.splitlines()[2]
    assert shown.split()[-4:] == ["20", "3", "-17", "*"]


def test_the_command_tells_what_is_wrong_and_ends_with_one(tmp_path: Path, warehouse: Path) -> None:
    """A comparison of nothing that ends with zero passes for one."""
    file = tmp_path / "other.csv"
    file.write_text("Period;Area;Noget\n2024M05;Randers;3\n", encoding="utf-8")
    done = CliRunner().invoke(command, [str(file), "--warehouse", str(warehouse)])
    assert done.exit_code == 1 and "[official.table] Remedy:" in done.output
    assert CliRunner().invoke(command, [str(tmp_path / "nowhere.csv"), "--warehouse", str(warehouse)]).exit_code == 1
    file.write_bytes(csv_of(OTIJ01[:5], ("2024M05", "København", "Kontanthjælp", "", "148")))
    assert "Build first" in CliRunner().invoke(command, [str(file), "--warehouse", str(tmp_path)]).output


def test_files_in_the_landing_zone_are_found(tmp_path: Path) -> None:
    """A supplied file that nobody reads is a check that never warns."""
    assert supplied(tmp_path) == []
    (tmp_path / "official").mkdir()
    for name in ("y14d03.json", "otij01.CSV", "readme.md"):
        (tmp_path / "official" / name).touch()
    assert [path.name for path in supplied(tmp_path)] == ["otij01.CSV", "y14d03.json"]


def test_a_published_warehouse_answers_both_tables(sample_build: SampleBuild, tmp_path: Path) -> None:
    """A column renamed in a model is found out when somebody holds an official file."""
    benefits = ("2020M03", "Hele landet", "Kontanthjælp", "", "1", "0", "", "", "")
    placements = ("2019Q4", "Hele landet", "Kontanthjælp", "Virksomhedspraktik", "", "1", "", "", "", "", "")
    for header, row, measure in ((OTIJ01, benefits, OTIJ01[4]), (Y14D03, placements, Y14D03[5])):
        found = ours(compared(tmp_path, sample_build.warehouse, header, row))
        assert (found[2, measure] or 0) > 0


def test_figures_are_written_as_danes_write_them() -> None:
    """A point read as a decimal one."""
    assert [danish(value) for value in (None, 0.0, -0.04, 1234.56, -3.0)] == ["–", "0", "0", "1.234,6", "-3"]
