"""What the evaluation's assets show of themselves: figures of the public tier alone, each already protected.

Belongs here: public files -> metadata and a small picture. Not here: the assets, making tables, pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from assets.publishing.audit import connect
from pipelines.metadata import plot

if TYPE_CHECKING:
    from assets.release.freeze import Frozen

# A year without a figure (suppressed, or none) is a gap.
PERSONS = """
    select persons from read_parquet(?)
    where enterprise_kind = 'all' and municipality_group = 'all' and municipality_code = 'all' order by year
"""
LASTING = """
    select share from read_parquet(?)
    where start_year = 0 and enterprise_kind = 'all' and instrument = 'all' and milestone = 'lasting_six_in_row' order by month
"""


def tables_shown(made: Frozen) -> dict[str, Any]:
    """Of the public tables: rows, what protection hid, persons in placements year by year."""
    from assets.release.manifest import coarse

    rows = {name: count for name, count in made.rows.items() if name.startswith("public/")}
    found: dict[str, Any] = {"tabeller": len(rows), "dagster/row_count": sum(rows.values())}
    for system, loss in made.loss.items():
        hidden = loss["suppressed_primary"] + loss["suppressed_secondary"]
        found[f"skjulte celler, {system}"] = f"{hidden:,} af {loss['cells']:,}".replace(",", ".")
        share = coarse(loss)["share_of_counts_kept"]
        found[f"andel af tællinger vist, {system}"] = "–" if share is None else f"{share:.0%}".replace("%", " %")
    series = _series(PERSONS, made.folder / "public" / "scope_by_municipality.parquet")
    return found | {"personer i forløb pr. år": plot(series, "personer i forløb pr. år")}


def pages_shown(made: Frozen) -> dict[str, Any]:
    """Of the pages: how many, where to begin, lasting attachment month by month."""
    series = _series(LASTING, made.folder / "public" / "lasting_attachment.parquet")
    return {
        "sider": made.pages,
        "begynd med": str(made.folder / "pages" / "index.html"),
        "varig tilknytning pr. måned": plot(series, "andel med varig tilknytning pr. måned"),
    }


def restricted_shown(made: Frozen) -> dict[str, Any]:
    """Of the restricted tables: how many rows, a bar of nothing finer."""
    rows = {name: count for name, count in made.rows.items() if name.startswith("restricted/")}
    return {"tabeller": len(rows), "dagster/row_count": sum(rows.values()), "rækker pr. tabel": _bars(rows)}


def codebook_shown(made: Frozen) -> dict[str, Any]:
    """Of the codebooks: where they stand."""
    return {
        "sider": ", ".join(f"{tier}/codebook.html" for tier in ("public", "restricted")),
        "rækker pr. tabel": _bars(made.rows),
    }


def manifest_shown(made: Frozen, unfilled: Sequence[str]) -> dict[str, Any]:
    """Of the manifest: where it stands, what waits for the owner."""
    sizes = {path.name: path.stat().st_size for path in sorted((made.folder / "public").glob("*.csv"))}
    return {
        "mappe": str(made.folder),
        "ikke udfyldt af ejeren": ", ".join(unfilled) or "–",
        "bytes pr. fil": _bars(sizes),
    }


def _bars(values: Mapping[str, int]) -> Any:
    return plot([float(value) for value in values.values()], "i tabellernes rækkefølge")


def _series(query: str, file: Path) -> list[float | None]:
    with connect() as connection:
        try:
            rows = connection.execute(query, [str(file)]).fetchall()
        except duckdb.Error:  # a picture is worth no failed run
            return []
    return [None if row[0] is None else float(row[0]) for row in rows]
