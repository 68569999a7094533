"""The designed public tables: what is refused, what is protected together, what a row says."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from transforms.disclosure.limits import Limits
from transforms.release.design import DESIGN_FILE, DesignError, read_design
from transforms.release.public import protect_system, table_of
from transforms.release.relations import cells_of, relations_of

KINDS = ("rsv", "other")


def rows_of_scope() -> pd.DataFrame:
    """Two municipalities of a group and one of another, two kinds; 0103 has three persons at an RSV."""
    persons = {
        ("1", "0101", "rsv"): 40,
        ("1", "0103", "rsv"): 3,
        ("2", "0201", "rsv"): 30,
        ("1", "0101", "other"): 90,
        ("1", "0103", "other"): 20,
        ("2", "0201", "other"): 60,
    }
    parts = pd.DataFrame(
        [(2020, kind, group, code, count) for (group, code, kind), count in persons.items()],
        columns=["year", "enterprise_kind", "municipality_group", "municipality_code", "persons"],
    )
    pieces = []
    for kinds in ([*KINDS], ["all"]):
        for level in ("municipality_code", "municipality_group", None):
            piece = parts.copy()
            if kinds == ["all"]:
                piece["enterprise_kind"] = "all"
            if level != "municipality_code":
                piece["municipality_code"] = "all"
            if level is None:
                piece["municipality_group"] = "all"
            pieces.append(
                piece.groupby(["year", "enterprise_kind", "municipality_group", "municipality_code"], as_index=False)[
                    "persons"
                ].sum()
            )
    rows = pd.concat(pieces, ignore_index=True)
    for key in ("instrument", "target_group", "age_band", "sex"):
        rows[key] = "all"
    return rows.assign(
        spells_started=rows["persons"],
        spells_active=rows["persons"],
        enterprises=9,
        largest_persons=1,
        second_persons=1,
    )


def test_what_is_hidden_cannot_be_subtracted_from_the_totals() -> None:
    """Three persons alone hidden are the group's total less the rest: another of the group, and of the kinds, must go with them."""
    design = read_design()
    found = protect_system(rows_of_scope(), design.systems["scope"], Limits()).rows
    table = table_of(design, design.tables[0], found)
    at = table.set_index(["enterprise_kind", "municipality_group", "municipality_code"])
    assert at.loc[("rsv", "1", "0103"), "status"] == "suppressed_primary"
    assert pd.isna(at.loc[("rsv", "1", "0103"), "persons"])
    hidden = table[table["status"] != "ok"]
    assert len(hidden) >= 4
    assert hidden[["persons", "spells_started", "spells_active"]].isna().all(axis=None)
    assert at.loc[("all", "all", "all"), "status"] == "ok" and at.loc[("all", "all", "all"), "persons"] == 243


def test_equations_hold_of_the_rows_they_are_made_of() -> None:
    """An equation that the counts break would protect a table that does not exist."""
    system = read_design().systems["scope"]
    rows = rows_of_scope()
    cells, relations = cells_of(rows, system), relations_of(rows, system)
    values = [cells.at[cell, count] for cell, count in zip(relations["cell"], relations["count"], strict=True)]
    sums = (relations["coefficient"] * values).groupby(relations["relation"]).sum()
    senses = relations.groupby("relation")["sense"].first()
    assert (sums[senses == "="] == 0).all() and (sums[senses == "<="] <= 0).all() and len(sums) > 20


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda design: design["tables"][0].pop("description"), "a table without a description"),
        (lambda design: design["tables"][0]["measures"].append("wage"), "wage has no entry under columns"),
        (lambda design: design["tables"].append(dict(design["tables"][0], name="one_more")), "13 tables, at most 12"),
        (lambda design: design["tables"][0]["where"].pop("sex"), "sex is neither a dimension nor in where"),
        (lambda design: design["tables"][1].update(name="scope_by_municipality"), "scope_by_municipality stands twice"),
        (lambda design: design["columns"]["year"].update(kind="number"), "kind: found 'number'"),
    ],
)
def test_a_design_that_cannot_be_released_is_refused_with_the_reason(
    change: object, message: str, tmp_path: Path
) -> None:
    """A table that nobody described goes out as a riddle; one that is no part of its system goes out unprotected."""
    design = yaml.safe_load(DESIGN_FILE.read_text(encoding="utf-8"))
    change(design)  # type: ignore[operator]
    file = tmp_path / "tables.yml"
    file.write_text(yaml.safe_dump(design, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DesignError, match=message):
        read_design(file)
