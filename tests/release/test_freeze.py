"""A release is frozen, with keys of its own, or not there at all."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from assets.release.freeze import freeze
from assets.release.restricted_rows import key_maker, read_table, release_key
from assets.release.rules import ReleaseError

SECRET = bytes(range(32))


def test_a_name_that_exists_is_refused(tmp_path: Path) -> None:
    """A released version that changes under those who cite it."""
    (tmp_path / "evaluation" / "2026-1").mkdir(parents=True)
    with pytest.raises(ReleaseError, match="a release is frozen"):
        freeze(tmp_path, "2026-1", SECRET)


@pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden", "x" * 65, "æ"])
def test_a_name_that_is_no_folder_is_refused(name: str, tmp_path: Path) -> None:
    """A name that leads out of the folder of releases."""
    with pytest.raises(ReleaseError, match="is no name of a release"):
        freeze(tmp_path, name, SECRET)


def test_without_a_published_warehouse_nothing_is_made(tmp_path: Path) -> None:
    """An empty release looks like one."""
    with pytest.raises(ReleaseError, match="build first"):
        freeze(tmp_path, "2026-1", SECRET)
    assert list(tmp_path.iterdir()) == []


def test_keys_are_stable_in_a_release_and_other_in_the_next() -> None:
    """Two releases that share keys are one file about a person; a person and an enterprise of one key are confused."""
    first, second = key_maker(release_key(SECRET, "a")), key_maker(release_key(SECRET, "b"))
    assert first("person_key", "x") == first("person_key", "x") != second("person_key", "x")
    assert first("person_key", "x") != first("enterprise_key", "x")


def test_restricted_enterprises_have_no_number_and_the_order_of_their_new_keys() -> None:
    """Rows in the order of the CVR numbers give the numbers away."""
    with duckdb.connect() as connection:
        connection.execute("create schema core")
        connection.execute(
            "create table core.dim_enterprises as select * from (values ('10000001', date '2020-01-15', null::date, '0101', '1', '881000', '90', true), ('10000002', date '2019-03-02', date '2020-05-31', '0201', '2', null, '60', false)) as t (enterprise_cvr, valid_from, valid_to, municipality_code, municipality_group, industry_code, legal_form, is_rsv)"
        )
        frame = read_table(connection, "enterprises", release_key(SECRET, "a"))
    assert list(frame["enterprise_key"]) == sorted(frame["enterprise_key"])
    assert not frame.astype(str).isin(["10000001", "10000002"]).any(axis=None)
    assert set(frame["industry"].dropna()) == {"88"}
