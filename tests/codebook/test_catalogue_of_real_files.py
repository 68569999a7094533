"""The catalogue names the files that are there, no others."""

from __future__ import annotations

from assets.codebook import dcat
from tests.codebook.shown import ABOUT, RELEASE, tables


def test_a_table_that_is_no_cube_has_no_cube_in_the_catalogue() -> None:
    """A link to a file that was never made is the first thing that a portal finds broken."""
    shown = tables()
    endings = {shown[0].file: (".csv", ".px"), shown[1].file: (".csv",)}
    document = dcat.catalogue(shown, ABOUT, RELEASE, endings)
    assert dcat.faults(document) == []
    addresses = [
        place["dcat:downloadURL"]["@id"]
        for node in document["@graph"]
        if node["@type"] == "dcat:Dataset"
        for place in node["dcat:distribution"]
    ]
    assert addresses == [f"{shown[0].file}.csv", f"{shown[0].file}.px", f"{shown[1].file}.csv"]
