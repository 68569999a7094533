"""What forbids publishing. Belongs here: every finding of the audit, quoted, mended. Not here: how a file is published (tests/unit/pipelines)."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from assets.publishing.audit import audit
from tests.runbook.book import quoted
from tests.unit.ingest.landed import KEY, WOMAN

CONTRACTS = {"core.dim_persons": {"person_key": "uuid", "note": "varchar", "p_number": "varchar"}}
# Rule: what somebody did to the file, and what undoes it.
CHANGES = {
    "build.table_missing": ("drop table core.dim_persons", ""),
    "build.column_missing": ("alter table core.dim_persons drop column note", ""),
    "build.column_type": ("alter table core.dim_persons alter column note type blob", ""),
    "build.looks_like_cpr": (f"update core.dim_persons set note = 'ring til {WOMAN}'", ""),
    "build.is_cpr": (f"update core.dim_persons set p_number = '{WOMAN}'", ""),
    "build.view_without_contract": ("create schema simple; create view simple.hers as select 1 as one", "drop view simple.hers"),
    "build.view_reads_unpublished": (
        "create schema simple; create schema intermediate; create table intermediate.steps as select 1 as one; "
        "create view simple.hers as select * from intermediate.steps",
        "drop view simple.hers",
    ),
}  # fmt: skip


def make(path: Path) -> None:
    """A small sound build file."""
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema core")
        connection.execute(
            f"create table core.dim_persons as select '{KEY.person_key(WOMAN)}'::uuid as person_key, 'n' as note, '1000000001' as p_number"
        )


def said(path: Path, contracts: dict[str, dict[str, str]] = CONTRACTS) -> str:
    return "\n".join(map(str, audit(path, contracts, KEY.value)))


@pytest.mark.parametrize("rule", [*CHANGES, "build.file_missing", "build.no_contracts"])
def test_what_forbids_publishing_is_told_and_gone_when_it_is_mended(rule: str, tmp_path: Path) -> None:
    """A file that must not be read by anybody is not published, and who sees why must find what to do."""
    path = tmp_path / "outcome.duckdb"
    if rule == "build.file_missing":
        assert quoted(said(path), rule)
    make(path)
    if rule == "build.no_contracts":
        assert quoted(said(path, {}), rule)
    assert said(path) == ""
    change, undo = CHANGES.get(rule, ("", ""))
    if change:
        with duckdb.connect(str(path)) as connection:
            connection.execute(change)
        assert quoted(said(path), rule), said(path)
        assert WOMAN not in said(path)
        if undo:
            with duckdb.connect(str(path)) as connection:
                connection.execute(undo)
        else:
            make(path)  # a build makes the file anew
        assert said(path) == ""
