"""Formats done side by side, in processes of their own, are the files that one process writes."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from assets.formats import writer
from assets.formats.readback import ReadBackError
from assets.formats.writer import FORMATS, write_all
from tests.formats.tables import CELLS, PERSONS, cells, persons

FIXED = (".parquet", ".csv", ".dta", ".px", ".json")


def through_a_pipe(do: Callable[[Any], Any], tasks: Iterable[Any]) -> list[Any]:
    """As a pool's map: what goes in and what comes out is pickled."""
    found = [
        pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(do))(pickle.loads(pickle.dumps(one))))) for one in tasks
    ]
    return list(found)


def test_the_files_are_the_same(tmp_path: Path) -> None:
    """A release of a large country would have other hashes than its proof on a small one."""
    for name, run in (("one", map), ("many", through_a_pipe)):
        write_all(cells(), CELLS, tmp_path / name, FORMATS, run)
        write_all(persons(), PERSONS, tmp_path / name, ["parquet", "csv", "stata", "spss", "sas"], run)
    one, many = ({path.name: path for path in (tmp_path / name).iterdir()} for name in ("one", "many"))
    assert set(one) == set(many)
    assert all(one[name].read_bytes() == many[name].read_bytes() for name in one if name.endswith(FIXED))


def test_an_error_comes_whole_out_of_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that cannot be told leaves a pool that says only that it broke."""

    def refuse(*_: object, **__: object) -> None:
        raise ReadBackError(tmp_path / "cells.csv", "persons", "1 values differ")

    monkeypatch.setattr(writer.readback, "verify", refuse)
    with pytest.raises(ReadBackError) as refused:
        write_all(cells(), CELLS, tmp_path, ["csv"], through_a_pipe)
    again = pickle.loads(pickle.dumps(refused.value))
    assert (str(again), again.column) == ("cells.csv: persons: 1 values differ", "persons")
    assert list(tmp_path.iterdir()) == []
