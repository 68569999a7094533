"""Meanings of public variables: Danish from a file, English and derivation from the one source, none forgotten."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from assets.codebook import tables_of, undescribed
from assets.formats.dataset import Dataset, Variable
from tests.codebook.shown import ABOUT, RELEASE, codebook_rows, tables
from transforms.release.design import read_design
from transforms.release.variables import FILE, read_variables


def test_a_public_variable_says_what_the_warehouses_column_says() -> None:
    """A text written a second time goes its own way."""
    rows = codebook_rows()
    meanings = read_variables().meanings({"supply_inequality": ["gini_by_chance"], "register": ["year"]}, rows)
    [row] = [
        row
        for row in rows
        if (row["table_name"], row["column_name"]) == ("fct_supply_inequality_yearly", "gini_by_chance")
    ]
    gini = meanings["supply_inequality", "gini_by_chance"]
    assert gini.general.en == row["description"] and gini.general.da.startswith("Gini-koefficienten, hvis")
    assert gini.detailed.en.startswith(row["rule"]) and "scope.fct_supply_inequality_yearly" in gini.detailed.en
    assert meanings["register", "year"].general.en == "Calendar year."


def test_the_meaning_stands_in_the_entry_and_a_datasets_own_text_goes_before_it() -> None:
    """A description that a table has for itself is the nearer one."""
    dataset = Dataset(
        "supply_inequality",
        "Ulighed",
        "Inequality",
        "Pr. år.",
        "By year.",
        (
            Variable("gini", "double", "Gini", "Gini"),
            Variable("ratio", "double", "Forhold", "Ratio", description_da="Eget.", description_en="Own."),
        ),
    )
    meanings = read_variables().meanings({"supply_inequality": ["gini", "ratio"]}, codebook_rows())
    [table] = tables_of([dataset], ABOUT, RELEASE, meanings)
    gini, ratio = table.entries
    assert gini.value_text == meanings["supply_inequality", "gini"].value_set != ""
    assert gini.general == meanings["supply_inequality", "gini"].general and gini.detailed.en
    assert (ratio.general.da, ratio.general.en) == ("Eget.", "Own.")


def test_a_table_or_a_variable_without_description_is_named() -> None:
    """A release of a table that nobody described is refused, with the reason."""
    first, _ = tables()
    bare = dataclasses.replace(first, description=dataclasses.replace(first.description, da="", en=""))
    assert undescribed([bare]) == [
        f"scope_by_municipality{rest}: no description" for rest in ("", ".year", ".municipality_code", ".status")
    ]


def test_mistakes_in_the_file_are_told_with_their_keys(tmp_path: Path) -> None:
    """A text in a key that nobody reads is a text that nobody sees."""
    file = tmp_path / "variables.yml"
    text = FILE.read_text(encoding="utf-8").replace('year: {da: "Kalenderår."', 'year: {dk: "Kalenderår."', 1)
    file.write_text(text.replace("register: [", "register: [7, ", 1), encoding="utf-8")
    with pytest.raises(ValueError) as refused:
        read_variables(file)
    assert all(key in str(refused.value) for key in ("variables.year.da", "variables.year.dk", "described_by.register"))


def test_every_variable_of_the_public_tables_is_described() -> None:
    """A column added to a public table without a meaning is read as whatever its name suggests."""
    design = read_design()
    variables = {table.name: (*table.dimensions, *table.measures, *design.statuses(table)) for table in design.tables}
    meanings = read_variables().meanings(variables, codebook_rows())
    wanted = {(table, name) for table, names in variables.items() for name in names}
    assert {
        key for key in wanted if key not in meanings or not (meanings[key].general.da and meanings[key].general.en)
    } == set()
    assert set(read_variables().texts) == set(design.columns)
