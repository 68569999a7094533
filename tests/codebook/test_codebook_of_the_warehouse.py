"""The warehouse's tables in the codebook: what `quality.codebook` says, with the lists of codes."""

from __future__ import annotations

from pathlib import Path

from assets.codebook import Release, check_codebook, write_codebook
from assets.codebook.page import codebook_page
from assets.codebook.warehouse import warehouse_tables
from tests.codebook.shown import ABOUT, RELEASE, codebook_rows


def test_every_column_of_the_one_source_is_an_entry_with_its_texts() -> None:
    """A column that the codebook loses on the way is one that nobody can read right."""
    rows = codebook_rows()
    shown = [entry for table in warehouse_tables(rows, ABOUT, RELEASE) for entry in table.entries]
    assert len(shown) > 400
    assert [
        (entry.table, entry.name, entry.label.da, entry.general.en, entry.value_text, entry.tier) for entry in shown
    ] == [
        (
            f"{row['schema_name']}.{row['table_name']}",
            row["column_name"],
            row["label_da"],
            row["description"],
            row["value_set"] or "",
            row["tier"],
        )
        for row in rows
    ]
    for entry, row in zip(shown, rows, strict=True):
        assert (row["rule"] or "") in entry.detailed.en and (row["source_fields"] or "") in entry.detailed.en


def test_codes_of_the_projects_lists_stand_with_their_danish_labels() -> None:
    """A code without its label is guessed."""
    entries = {
        (entry.table, entry.name): entry
        for table in warehouse_tables(codebook_rows(), ABOUT, RELEASE)
        for entry in table.entries
    }
    municipalities = entries["scope.fct_scope_monthly", "municipality_code"].values
    assert len(municipalities) == 98 and municipalities["0101"].da == "København"
    assert entries["core.fct_person_months", "hour_band"].values["4"].da == "117 timer og derover"
    assert entries["core.fct_person_months", "ordinary_hours"].values == {}


def test_the_page_of_the_warehouse_names_no_release() -> None:
    """A page about the warehouse as such that gives a cut-off is wrong at the next build."""
    text = codebook_page(warehouse_tables(codebook_rows(), ABOUT, Release()), ABOUT, Release())
    assert "Opgjort pr." not in text and "Ikke udfyldt" not in text
    assert "Første leverede forløbsmåned til opgørelsesdatoen" in text
    assert text.count("<h3") == len(codebook_rows())


def test_a_tier_that_no_portal_may_list_has_no_catalogue(tmp_path: Path) -> None:
    """A restricted table in an open catalogue is an invitation."""
    tables = warehouse_tables(codebook_rows(), ABOUT, RELEASE)
    write_codebook(tmp_path, tables, ABOUT, RELEASE, endings=None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["codebook.html", "codebook.xlsx", "datapackage.json"]
    assert check_codebook(tmp_path, tables, ABOUT, RELEASE, endings=None) == []
