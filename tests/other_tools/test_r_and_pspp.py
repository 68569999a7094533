"""Stata, SPSS and SAS files open in R (haven) and PSPP with their labels."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path
from typing import Any

import pytest

from assets.formats import coding, stata
from assets.formats.dataset import Language, Variable
from assets.formats.table import conform
from tests.formats.tables import PERSONS, persons

ROWS: list[dict[str, Any]] = conform(persons(), PERSONS).to_pylist()
FILES = [
    (f"person_months_{language}.{ending}", language) for ending in ("dta", "sav", "xpt") for language in ("da", "en")
]


def in_r(path: Path) -> list[list[str]]:
    done = subprocess.run(
        ["Rscript", str(Path(__file__).with_name("dump.R")), str(path)], capture_output=True, text=True, check=True
    )
    return [line.split("\t") for line in done.stdout.splitlines()]


def as_written(variable: Variable, value: Any, numbers: dict[str, dict[str, int]]) -> str | float:
    """What a program should show of a value: numbers as numbers, dates as 2020-02-01, nulls as <null>."""
    if value is None:
        return "<null>"
    if variable.name in numbers:
        return float(numbers[variable.name][value])
    return str(value) if variable.kind in ("text", "date", "month") else float(value)


@pytest.mark.parametrize(("name", "language"), FILES)
def test_r_reads_every_value_and_label(folder: Path, name: str, language: Language) -> None:
    """haven would show dates of 1970, numbers instead of 0101, labels cut or in another encoding."""
    found = in_r(folder / name)
    numbers = stata.numbers(PERSONS) if name.endswith(".dta") else {}
    cells = {(line[1], int(line[2])): line[3] for line in found if line[0] == "cell"}
    for variable in PERSONS.variables:
        for place, row in enumerate(ROWS, 1):
            expected = as_written(variable, row[variable.name], numbers)
            shown = cells[(variable.name, place)]
            assert (float(shown) if isinstance(expected, float) else shown) == expected, variable.name
    assert {line[1]: line[2] for line in found if line[0] == "label"} == {
        v.name: v.label(language) for v in PERSONS.variables
    }


@pytest.mark.parametrize(("name", "language"), FILES[:4])
def test_r_reads_the_labels_of_values(folder: Path, name: str, language: Language) -> None:
    """A value without its label would show as a bare number, or under another's label."""
    found: dict[str, dict[str, str]] = {}
    for line in in_r(folder / name):
        if line[0] == "value":
            found.setdefault(line[1], {})[line[2]] = line[3]
    numbers = stata.numbers(PERSONS) if name.endswith(".dta") else {}
    expected: dict[str, dict[str, str]] = {}
    for variable in PERSONS.variables:
        labels = variable.value_labels(language)
        if variable.kind == "boolean":
            expected[variable.name] = {str(value): label for value, label in coding.BOOLEAN_LABELS[language].items()}
        elif variable.name in numbers:
            expected[variable.name] = {str(numbers[variable.name][code]): label for code, label in labels.items()}
        elif labels and not (name.endswith(".dta") and variable.name in stata.unlabelled(PERSONS)):
            expected[variable.name] = labels
    assert found == expected


def test_pspp_shows_labels_for_codes(folder: Path, tmp_path: Path) -> None:
    """PSPP, and SPSS, would show text codes without labels, or not open the file."""
    out = tmp_path / "out.csv"
    syntax = tmp_path / "show.sps"
    syntax.write_text(
        f"GET FILE='{folder / 'person_months_da.sav'}'.\nSAVE TRANSLATE /OUTFILE='{out}' /TYPE=CSV /REPLACE /FIELDNAMES /CELLS=LABELS.\n",
        encoding="utf-8",
    )
    subprocess.run(
        ["pspp", "-o", str(tmp_path / "log.txt"), str(syntax)],
        check=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    with out.open(encoding="utf-8", newline="") as file:
        shown = list(csv.DictReader(file))
    assert len(shown) == len(ROWS)
    for variable in PERSONS.variables:
        labels = variable.value_labels("da")
        for row, line in zip(ROWS, shown, strict=True):
            value = row[variable.name]
            if labels:
                assert line[variable.name].strip() == ("" if value is None else labels[str(value)]), variable.name
            elif variable.kind == "text":
                assert line[variable.name] == (value or ""), variable.name
            elif variable.kind == "date" and value is not None:
                assert line[variable.name] == value.strftime("%m/%d/%Y"), variable.name
