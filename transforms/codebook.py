"""The codebook as a file and as rows, read from dbt's manifest.

Belongs here: manifest -> rows, rows -> Markdown, what a description lacks. Not here: the table `quality.codebook`, which dbt makes from the same
descriptions in the same build (`macros/codebook.sql`); a test holds the two together.

    dbt parse && python -m transforms.codebook transforms/target/manifest.json docs/codebook.md            # writes
    dbt parse && python -m transforms.codebook transforms/target/manifest.json docs/codebook.md --check    # exit 1 when stale
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

COLUMNS = (
    "schema_name",
    "table_name",
    "column_name",
    "column_position",
    "data_type",
    "unit",
    "description",
    "label_da",
    "value_set",
    "source_fields",
    "rule",
    "tier",
    "table_description",
    "table_label_da",
    "table_tier",
)
TIERS = ("public", "restricted")
GRAIN = "One row per "

Row = dict[str, Any]


def published_models(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The marts of a manifest, in order of schema and name."""
    models = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["original_file_path"].startswith("models/marts/")
    ]
    return sorted(models, key=lambda model: (model["schema"], model["name"]))


def rows(manifest: Mapping[str, Any]) -> list[Row]:
    """One row a column of every published table, with `COLUMNS`; None for what is not there."""
    return [
        _row(model, column, position)
        for model in published_models(manifest)
        for position, column in enumerate(model["columns"].values(), 1)
    ]


def _row(model: Mapping[str, Any], column: Mapping[str, Any], position: int) -> Row:
    meta = column["config"].get("meta") or column.get("meta") or {}
    table_meta = model["config"].get("meta") or {}
    values = {
        "schema_name": model["schema"],
        "table_name": model["name"],
        "column_name": column["name"],
        "data_type": column["data_type"],
        "unit": meta.get("unit"),
        "description": column["description"],
        "label_da": meta.get("label_da"),
        "value_set": meta.get("value_set"),
        "source_fields": meta.get("source_fields"),
        "rule": meta.get("rule"),
        "tier": meta.get("tier"),
        "table_description": model["description"],
        "table_label_da": table_meta.get("label_da"),
        "table_tier": table_meta.get("tier"),
    }
    return {"column_position": position} | {name: _text(value) for name, value in values.items()}


def _text(value: Any) -> str | None:
    text = ", ".join(str(item) for item in value) if isinstance(value, list) else "" if value is None else str(value)
    return text.strip() or None


def faults(manifest: Mapping[str, Any]) -> list[str]:
    """What published tables and columns lack: a description (a table's begins with its grain), a Danish label, a type, a tier, a contract."""
    found = []
    for model in published_models(manifest):
        table = f"{model['schema']}.{model['name']}"
        meta = model["config"].get("meta") or {}
        if not model["description"].startswith(GRAIN):
            found.append(f"{table}: the description does not begin with its grain ({GRAIN.strip()} ...)")
        if not _text(meta.get("label_da")):
            found.append(f"{table}: no Danish label (config.meta.label_da)")
        if meta.get("tier") not in TIERS:
            found.append(f"{table}: no tier (config.meta.tier, one of {', '.join(TIERS)})")
        if not model["config"].get("contract", {}).get("enforced"):
            found.append(f"{table}: no enforced contract")
        if not model["columns"]:
            found.append(f"{table}: no columns described")
        for row in (_row(model, column, 0) for column in model["columns"].values()):
            found += [
                f"{table}.{row['column_name']}: no {what}"
                for what, is_there in (
                    ("description", row["description"]),
                    ("Danish label (config.meta.label_da)", row["label_da"]),
                    ("data_type", row["data_type"]),
                    ("tier (config.meta.tier)", row["tier"] in TIERS),
                )
                if not is_there
            ]
    return found


def markdown(codebook: Iterable[Row]) -> str:
    """The codebook as one Markdown page, tables in order of schema and name."""
    lines = [
        "# Kodebog",
        "",
        "Every published table and column. Made from the descriptions beside the models by `python -m transforms.codebook`; do not edit.",
        "The same stands in the warehouse as `quality.codebook` and as comments on tables and columns.",
    ]
    for (schema, table), columns in groupby(codebook, key=lambda row: (row["schema_name"], row["table_name"])):
        described = list(columns)
        first = described[0]
        lines += ["", f"## `{schema}.{table}` · {first['table_label_da']}", "", first["table_description"], ""]
        lines += [f"Tier: {first['table_tier']}.", ""]
        lines += [
            "| column | type | unit | dansk | description | values | from | rule | tier |",
            "|---|---|---|---|---|---|---|---|---|",
        ]
        shown = ("data_type", "unit", "label_da", "description", "value_set", "source_fields", "rule", "tier")
        lines += [
            " | ".join([f"| `{row['column_name']}`", *(_cell(row[name]) for name in shown)]) + " |" for row in described
        ]
    return "\n".join(lines) + "\n"


def _cell(value: str | None) -> str:
    return (value or "").replace("|", "\\|").replace("\n", " ")


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or with `--check` say whether it is stale."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("page", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the page is stale")
    options = parser.parse_args(arguments)
    manifest = json.loads(options.manifest.read_text(encoding="utf-8"))
    found = faults(manifest)
    if found:
        print("\n".join(found), file=sys.stderr)
        return 1
    page = markdown(rows(manifest))
    if not options.check:
        options.page.write_text(page, encoding="utf-8")
        return 0
    if options.page.is_file() and options.page.read_text(encoding="utf-8") == page:
        return 0
    print(
        f"{options.page} is stale: run `python -m transforms.codebook {options.manifest} {options.page}`",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
