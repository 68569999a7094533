"""Two small tables of a release, and the warehouse's own codebook. Belongs here: what several tests look at. Not here: tests."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

from assets.codebook import Release, Table, tables_of
from assets.formats.dataset import Dataset, Variable
from transforms.codebook import COLUMNS
from transforms.release.about import Text
from transforms.release.about_reader import read_about
from transforms.release.variables import Meaning

ROOT = Path(__file__).resolve().parents[2]
ABOUT = read_about()
DAY = datetime.date
RELEASE = Release(
    "2026-1", DAY(2022, 6, 30), DAY(2014, 8, 1), DAY(2022, 3, 1), DAY(2014, 7, 1), DAY(2015, 1, 1), "abc123"
)
MUNICIPALITIES = {f"{code:04d}": (f"Kommune {code}", f"Municipality {code}") for code in range(101, 199)}
DATASETS = (
    Dataset(
        "scope_by_municipality",
        "Omfang pr. kommune",
        "Scope by municipality",
        "Personer og forløb pr. år & kommune.",
        "Persons and spells by year and municipality.",
        (
            Variable("year", "integer", "År", "Year", unit="year", is_key=True),
            Variable("municipality_code", "text", "Kommune", "Municipality", values=MUNICIPALITIES, is_key=True),
            Variable(
                "persons", "integer", "Personer", "Persons", "Distinct persons.", "=Talt én gang <hver>.", "persons"
            ),
            Variable(
                "status",
                "text",
                "Status",
                "Status",
                values={"ok": ("Vist", "Shown"), "suppressed_primary": ("Skjult", "Suppressed")},
            ),
        ),
    ),
    Dataset(
        "hours_by_target_group",
        "Timer efter målgruppe",
        "Hours by target group",
        "Ordinære timer.",
        "Ordinary hours.",
        (
            Variable(
                "start_year",
                "integer",
                "Startår",
                "Start year",
                is_key=True,
                values={"0": ("Alle", "All"), "2020": ("2020", "Year 2020")},
            ),
            Variable("target_group", "text", "Målgruppe", "Target group", is_key=True),
            Variable("month", "month", "Måned", "Month"),
            Variable("share", "double", "Andel", "Share", unit="share"),
            Variable("hours", "decimal", "Timer", "Hours"),
            Variable("is_final", "boolean", "Endelig", "Final"),
        ),
    ),
)


MEANING = Meaning(Text("Andel i arbejde.", "Share in work."), Text("Beskæftigede / forløb.", "Employed / spells."))


def tables() -> list[Table]:
    """The two tables of a public tier."""
    return tables_of(
        DATASETS,
        ABOUT,
        RELEASE,
        {("hours_by_target_group", "share"): MEANING},
        "public",
    )


def codebook_rows() -> list[dict[str, Any]]:
    """The rows of `quality.codebook` as docs/codebook.md holds them: another test keeps that page from going stale."""
    rows: list[dict[str, Any]] = []
    table: dict[str, Any] = {}
    for line in (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8").splitlines():
        heading = re.fullmatch(r"## `(\w+)\.(\w+)` · (.+)", line)
        if heading:
            table = dict(zip(("schema_name", "table_name", "table_label_da"), heading.groups(), strict=True))
            table |= {"table_description": "", "table_tier": ""}
        elif line.startswith("Tier: "):
            table["table_tier"] = line[6:].rstrip(".")
        elif line.startswith("| `"):
            cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            names = (
                "column_name",
                "data_type",
                "unit",
                "label_da",
                "description",
                "value_set",
                "source_fields",
                "rule",
                "tier",
            )
            row = dict(zip(names, cells, strict=True)) | {
                "column_name": cells[0].strip("`"),
                "column_position": len(rows),
            }
            rows.append(dict.fromkeys(COLUMNS) | table | {name: value or None for name, value in row.items()})
        elif line and table and not table["table_description"] and not line.startswith("|"):
            table["table_description"] = line
    return rows
