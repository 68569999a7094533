"""A file that does not say what was written stops the release, and the message shows no value."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from assets.formats import csv_files, stata
from assets.formats.dataset import Dataset, Language
from assets.formats.readback import ReadBack, ReadBackError
from assets.formats.writer import FORMATS, Format, write_all
from tests.formats.tables import PERSONS, persons

SECRET = "0007"  # a remark of a row


def spoiled(
    write: Callable[[pa.Table, Dataset, Path, Language], list[Path]], change: Callable[[Path], None]
) -> Callable[..., list[Path]]:
    def wrapped(table: pa.Table, dataset: Dataset, path: Path, language: Language) -> list[Path]:
        written = write(table, dataset, path, language)
        change(path)
        return written

    return wrapped


def replace(old: str, new: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        content = path.read_text(encoding="utf-8")
        assert old in content
        path.write_text(content.replace(old, new), encoding="utf-8")

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            replace(SECRET, "9999"),
            "person_months.csv: remark: 1 values differ, 0 of them null on one side alone; the first in row 2",
        ),
        (replace(SECRET, ""), "person_months.csv: remark: 1 values differ, 1 of them null"),
        (replace("12.25", "twelve 0007"), "person_months.csv: file: it cannot be read back (ArrowInvalid)"),
        (replace("12.25", "12.26"), "person_months.csv: hours: 1 values differ"),
        (replace("1901-05-06", "1970-01-01"), "person_months.csv: birth_date: 1 values differ"),
        (replace("ø,", "o,"), "person_months.csv: "),
        (
            lambda path: path.write_text(
                "\n".join(path.read_text(encoding="utf-8").splitlines()[:-1]) + "\n", encoding="utf-8"
            ),
            "rows: 3 of the 4 rows written",
        ),
        (
            lambda path: path.write_text(
                path.read_text(encoding="utf-8") + path.read_text(encoding="utf-8").splitlines()[-1] + "\n",
                encoding="utf-8",
            ),
            "more than the 4 rows",
        ),
    ],
)
def test_a_file_that_says_something_else_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None], message: str
) -> None:
    """A wrong number would be published, or a person's value stand in a log."""
    monkeypatch.setitem(
        FORMATS, "csv", Format(".csv", spoiled(csv_files.write, change), csv_files.read, has_labels=False)
    )
    before = tmp_path / "person_months.csv"
    before.write_text("the release before\n", encoding="utf-8")
    with pytest.raises(ReadBackError) as error:
        write_all(persons(), PERSONS, tmp_path, ["parquet", "csv"])
    assert message in str(error.value)
    assert SECRET not in str(error.value) and "1901" not in str(error.value)
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["the release before\n"]


@pytest.mark.parametrize(
    ("what", "message"), [("variable", "remark: another label than written"), ("value", "group: all: no label")]
)
def test_a_label_that_was_lost_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, message: str
) -> None:
    """A label cut by a program's limit, or left out, is an error like a wrong number."""

    def read(path: Path, dataset: Dataset, language: Language) -> ReadBack:
        found = stata.read(path, dataset, language)
        assert found.variable_labels and found.value_labels
        variables, values = (
            dict(found.variable_labels),
            {name: dict(labels) for name, labels in found.value_labels.items()},
        )
        if what == "variable":
            variables["remark"] = variables["remark"][:3]
        else:
            del values["group"]["all"]
        return ReadBack(found.batches, variables, values)

    monkeypatch.setitem(
        FORMATS, "stata", Format("{suffix}.dta", stata.write, read, value_labels=FORMATS["stata"].value_labels)
    )
    with pytest.raises(ReadBackError, match=f"person_months_da.dta: {message}"):
        write_all(persons(), PERSONS, tmp_path, ["stata"])
