"""A column of a model, a code list or an input explained.

Belongs here: a node and a column -> `Explained`. Not here: its table (explain_tables.py), its values (explain_values.py), lineage (explain_lineage.py).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from typing import Any

from pipelines.explain_lineage import Column
from pipelines.explain_parts import Explained, Sources, Uses, Value
from pipelines.explain_project import Project, file_of, full_name, meta
from pipelines.explain_tables import asset_of, checks_of, line, sentence_of, warehouse_tables_of, what_of
from pipelines.explain_values import value_set
from pipelines.lake_tables import LAKE
from pipelines.settings import TRANSFORMS

PLACE_IN_A_FILE = ("delivery_id", "line_number")


def explain_column(project: Project, node: Mapping[str, Any], column: str) -> Explained:
    """Everything that the project says of one column."""
    table = full_name(node)
    shown = line(project, node, column)
    told = project.codebook.get((table, column), {})
    text = str(told.get("value_set") or "")
    is_seed = node["resource_type"] == "seed"
    return Explained(
        name=f"{table}.{column}",
        what=f"column of a {what_of(project, node)}",
        label_da=shown.label_da,
        sentence_da=sentence_of(project, node, str(meta(node).get("label_da") or "")),
        description=shown.description,
        tier=str(told.get("tier") or meta(node).get("tier") or ""),
        asset=asset_of(node),
        file=file_of(node),
        type=shown.type,
        unit=shown.unit,
        rule=shown.rule,
        values=_of_list(node, column) if is_seed else value_set(project, node, column, text, shown.type),
        value_text=text,
        sources=_sources(project, (table, column), str(told.get("source_fields") or "")),
        checks=tuple(checks_of(project, node, column)),
        uses=_uses(project, (table, column)),
        sql=str(node.get("raw_code") or "").strip(),
        more={"grain": " ".join(str(node["description"]).split())},
    )


def _sources(project: Project, column: Column, fields: str) -> Sources:
    behind = project.lineage.all_sources(column)
    lists = {one for one in project.by_name if project.by_name[one]["resource_type"] == "seed"}
    delivered = [one for one in behind if one[0].startswith(f"{LAKE}.") and one[1] not in PLACE_IN_A_FILE]
    return Sources(
        columns=_texts(project.lineage.sources(column)),
        first=_texts(sorted([*delivered, *(one for one in behind if one[0] in lists)])),
        models=tuple(dict.fromkeys(table for table, _ in behind if not table.startswith(f"{LAKE}.") and table not in lists)),
        delivered=tuple(sorted({table.removeprefix(f"{LAKE}.") for table, _ in delivered})),
        code_lists=tuple(sorted({table for table, _ in behind if table in lists})),
        fields=fields,
    )  # fmt: skip


def _uses(project: Project, column: Column) -> Uses:
    from pipelines.explain_public import pages_of

    ahead = project.lineage.all_uses(column)
    published = [one for one in ahead if _is_mart(project, one[0])]
    public = [
        f"{name}.{variable}"
        for name in project.public
        for variable in [*project.public[name].dimensions, *project.public[name].measures]
        if any((table, variable) in (column, *published) for table in warehouse_tables_of(project, name)[:1])
    ]
    return Uses(
        direct=_texts(project.lineage.uses(column)),
        published=_texts(published),
        public_tables=tuple(public),
        pages=pages_of(dict.fromkeys(name.partition(".")[0] for name in public)),
    )


def _is_mart(project: Project, table: str) -> bool:
    return table in project.by_name and project.is_mart(project.by_name[table])


def _texts(columns: Iterable[Column]) -> tuple[str, ...]:
    return tuple(f"{table}.{name}" for table, name in columns)


def _of_list(node: Mapping[str, Any], column: str) -> tuple[Value, ...]:
    """The values of a code list's column; beside each the Danish name that its row has, when it has one other than the value."""
    with (TRANSFORMS / node["original_file_path"]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    names = [one for one in (rows[0] if rows else ()) if one.endswith(("_da", "_navn", "label")) and one != column]
    found: dict[str, str] = {}
    for row in rows:
        found.setdefault(row[column], row[names[0]] if names else "")
    return tuple(Value(code, label) for code, label in found.items())
