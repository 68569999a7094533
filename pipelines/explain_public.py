"""A public table of a release explained, and the pages that show it.

Belongs here: the design of the public tables (transforms/release) -> `Explained`. Not here: tables of the warehouse (explain_tables.py).
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path

from pipelines.danish import sentence
from pipelines.explain_parts import PUBLIC, Explained, Line, Sources, Uses, Value
from pipelines.explain_project import Project
from pipelines.explain_tables import warehouse_tables_of
from pipelines.settings import ROOT
from transforms.release.design import PublicTable
from transforms.release.variables import Meaning

FILE = "transforms/release/tables.yml"
ASSET = "release/public_tier"
SECTIONS = ROOT / "assets" / "report" / "sections"
INDEX, MUNICIPALITY = "index.html", "kommuner/<kommune>.html"
TIER = "public"


def explain_public_table(project: Project, table: PublicTable) -> Explained:
    """Everything that the design says of one public table."""
    names = _columns(project, table)
    meanings = project.variables.meanings({table.name: names}, project.codebook.values())
    return Explained(
        name=table.name,
        what=PUBLIC,
        label_da=table.label[0],
        sentence_da=table.description[0],
        description=table.description[1],
        tier=TIER,
        asset=ASSET,
        file=FILE,
        columns=tuple(_line(project, table, name, meanings.get((table.name, name))) for name in names),
        sources=Sources(direct=tuple(warehouse_tables_of(project, table.name))),
        checks=_checks(project, table),
        uses=Uses(pages=pages_of([table.name])),
        more={"asset_sentence": sentence(ASSET)},
    )


def explain_public_column(project: Project, table: PublicTable, name: str) -> Explained:
    """Everything that the design says of one variable of a public table."""
    from transforms.release.labels import code_labels

    meaning = project.variables.meanings({table.name: [name]}, project.codebook.values()).get((table.name, name))
    shown = _line(project, table, name, meaning)
    is_dimension = name in table.dimensions or name in project.design.statuses(table)
    values = code_labels().get(name, {}) if is_dimension else {}
    sources = [one for one in warehouse_tables_of(project, table.name) if (one, name) in project.codebook]
    text = project.variables.texts.get(name)
    return Explained(
        name=f"{table.name}.{name}",
        what=f"column of a {PUBLIC}",
        label_da=shown.label_da,
        sentence_da=text.da if text else "",
        description=shown.description,
        tier=TIER,
        asset=ASSET,
        file=FILE,
        type=shown.type,
        unit=shown.unit,
        rule=shown.rule,
        values=tuple(Value(code, labels[0]) for code, labels in values.items()),
        value_text=meaning.value_set if meaning else "",
        sources=Sources(columns=tuple(f"{one}.{name}" for one in sources[:1])),
        checks=_checks(project, table),
        uses=Uses(pages=pages_of([table.name])),
        more={"grain": table.description[1]},
    )


def pages_of(tables: Iterable[str]) -> tuple[str, ...]:
    """The pages of the report (warehouse/report/pages, or a release's) that show any of these public tables."""
    found = {page for table in tables for page in _pages().get(table, ())}
    return tuple(page for page in (INDEX, MUNICIPALITY) if page in found)


@functools.cache
def _pages() -> dict[str, set[str]]:
    """Public table -> pages, as the sections name the tables that they read."""
    from transforms.release.design import read_design

    found: dict[str, set[str]] = {}
    for path in sorted(SECTIONS.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for table in read_design().tables:
            if f'"{table.name}"' in text:
                found.setdefault(table.name, set()).add(MUNICIPALITY if _is_of_municipality(path) else INDEX)
    return found


def _is_of_municipality(path: Path) -> bool:
    return path.stem == "municipality"


def _columns(project: Project, table: PublicTable) -> list[str]:
    return [*table.dimensions, *table.measures, *project.design.statuses(table)]


def _line(project: Project, table: PublicTable, name: str, meaning: Meaning | None) -> Line:
    column = project.design.columns[name]
    text = project.variables.texts.get(name)
    english = (meaning.general.en if meaning else "") or (text.en if text else "")
    rule = meaning.detailed.en if meaning else ""
    hides = _hides(project, table, name)
    return Line(name, column.kind, column.unit, column.label[0], english or hides or column.label[1], rule)


def _hides(project: Project, table: PublicTable, name: str) -> str:
    """Of a status column, what it says."""
    if name not in project.design.statuses(table):
        return ""
    hidden = [one for one in table.measures if name in project.design.hidden_by(table).get(one, ("status",))]
    return (
        f"Whether these are shown or hidden: {', '.join(hidden)}." if hidden else "Whether the row is shown or hidden."
    )


def _checks(project: Project, table: PublicTable) -> tuple[str, ...]:
    if table.system is None:
        return ("Made by rules of its own (transforms/release/national.py), held to the limits row by row.",)
    return (
        f"Protected together with every table of the system {table.system}, by transforms/disclosure/limits.yml; no release is made before an attacker's audit finds nothing.",
    )
