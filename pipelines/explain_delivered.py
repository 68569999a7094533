"""A kind of delivered files explained, and a field of one: which rules look at it, what the warehouse makes of it.

Belongs here: the delivery contract (column names of the readers, expectations/catalogue.csv, contracts/) -> `Explained`. Not here: reading files (assets/ingest).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from expectations.catalogue import Rule, rules_of
from pipelines.danish import sentence
from pipelines.explain_parts import DELIVERED, Explained, Line, Uses
from pipelines.explain_project import KINDS, Project, kind_of, names
from pipelines.explain_tables import public_tables_of
from pipelines.lake_tables import LAKE, lake_tables
from pipelines.settings import ROOT

CONTRACTS = ROOT / "expectations" / "contracts"
FILE = "docs/delivery.md, expectations/catalogue.csv"
WEEK = "y_<YYWW>"
IN_THE_LAKE = "Column of the lake, as ingest accepted it (docs/lake.md)."
TIER = "restricted"
_WORD = r"(?<![a-z0-9_]){}(?![a-z0-9_])"


def explain_kind(project: Project, kind: str) -> Explained:
    """Everything that the contract says of one kind of files."""
    inputs = [node for node in project.nodes.values() if kind_of(node) == kind]
    ahead = {node["unique_id"]: node for one in inputs for node in project.ahead(one)}
    published = names(node for node in ahead.values() if project.is_mart(node))
    contract = _contract(kind)
    return Explained(
        name=kind,
        what=DELIVERED,
        sentence_da=sentence(f"{LAKE}/{kind}"),
        description=_purpose(contract) or _form(kind),
        tier=TIER,
        asset=f"{LAKE}/{kind}",
        file=_file(kind),
        columns=tuple(_line(project, kind, name) for name in names_of_fields(kind)),
        checks=tuple(_words(rule) for rule in rules_of(kind)),
        uses=Uses(
            direct=names(child for one in inputs for child in project.children(one)),
            published=published,
            public_tables=tuple(public_tables_of(project, published)),
        ),
    )


def explain_field(project: Project, kind: str, field: str) -> Explained:
    """Everything that the contract says of one field."""
    shown = _line(project, kind, field)
    rules = [rule for rule in rules_of(kind) if is_about(rule, field)]
    lake = (f"{LAKE}.{kind}", field)
    made = [f"{table}.{column}" for (table, column), row in project.codebook.items() if (kind, field) in fields_of(row)]
    return Explained(
        name=f"{kind}.{field}",
        what=f"field of {DELIVERED}",
        sentence_da=sentence(f"{LAKE}/{kind}"),
        description=shown.description,
        tier=TIER,
        asset=f"{LAKE}/{kind}",
        file=_file(kind),
        type=shown.type,
        unit=shown.unit,
        label_da=shown.label_da,
        value_text=_examples(_properties(kind).get(field, {})),
        checks=tuple(_words(rule) for rule in rules),
        uses=Uses(
            direct=tuple(f"{table}.{column}" for table, column in project.lineage.uses(lake)) if _is_of_lake(kind, field) else (),
            published=tuple(made),
            public_tables=tuple(public_tables_of(project, {one.rpartition(".")[0] for one in made})),
        ),
    )  # fmt: skip


@functools.cache
def names_of_fields(kind: str) -> list[str]:
    """The fields as they are delivered, then the columns that the lake keeps of them."""
    return list(dict.fromkeys([*_delivered(kind), *_lake_columns(kind)]))


def is_about(rule: Rule, field: str) -> bool:
    """Whether a rule looks at a field: by its name in the predicate, or the column of the lake."""
    return field in rule.fields or bool(re.search(_WORD.format(re.escape(field)), rule.predicate))


def fields_of(row: Mapping[str, Any]) -> set[tuple[str, str]]:
    """(kind, field) that a row of the codebook names as the source of its column: `eindkomst.felt_0013, felt_0014, dream`."""
    found, kind = set(), ""
    for part in str(row.get("source_fields") or "").split(","):
        before, point, field = part.strip().partition(".")
        if point and before in KINDS:
            kind = before
            found.add((kind, field.split(" ")[0]))
        elif before in KINDS:
            kind = ""
        elif kind and not point:
            found.add((kind, before.split(" ")[0]))
    return found


def _delivered(kind: str) -> list[str]:
    """The names of the contract: the header of a CSV file; of documents what the contract lists."""
    from assets.ingest import benefits, payroll_rows, persons, placement_files, se_numbers

    readers = {"dream": (*benefits.COLUMNS, WEEK), "eindkomst": payroll_rows.COLUMNS, "personer": persons.COLUMNS, "forloeb": placement_files.COLUMNS, "se_numre": se_numbers.COLUMNS}  # fmt: skip
    return list(readers.get(kind) or _properties(kind))


def _lake_columns(kind: str) -> dict[str, str]:
    own = ("delivery_id", "line_number", "broken_rules", "has_right_fields")
    found: dict[str, str] = {}
    for row, columns in lake_tables():
        if row["kind"] == kind:
            found |= {name: data_type for name, data_type in columns.items() if name not in own}
    return found


def _is_of_lake(kind: str, field: str) -> bool:
    return field in _lake_columns(kind)


def _line(project: Project, kind: str, field: str) -> Line:
    told = _properties(kind).get(field, {})
    if told:
        label = str(told.get("businessName") or "")
        form = str(told.get("physicalType") or told.get("logicalType") or "text")
        return Line(
            field, form, str(told.get("unit") or ""), label, " ".join(str(told.get("description") or "").split())
        )
    lake = _lake_columns(kind).get(field)
    if lake:
        return Line(field, lake.lower(), "", "", IN_THE_LAKE)
    made = [f"{table}.{column}" for (table, column), row in project.codebook.items() if (kind, field) in fields_of(row)]
    return Line(field, "text", "", "", f"Becomes {', '.join(made[:3])}." if made else "Field of the delivery contract.")


def _examples(told: Mapping[str, Any]) -> str:
    """The form of its values and some of them."""
    form = (told.get("logicalTypeOptions") or {}).get("pattern")
    some = ", ".join(str(one) for one in told.get("examples") or ())
    return "; ".join(part for part in (f"form {form}" if form else "", f"such as {some}" if some else "") if part)


def _words(rule: Rule) -> str:
    share = f", more than {rule.threshold * 100:g} % warns" if rule.threshold else ""
    return f"{rule.rule} ({rule.level}, {rule.category}{share}): {rule.predicate}. {rule.why} Remedy: {rule.remedy}"


def _form(kind: str) -> str:
    is_json = kind.startswith("cvr_")
    return "One CVR document a line (NDJSON)." if is_json else "One row a line (CSV with ; and a header)."


def _file(kind: str) -> str:
    contract = next(_files(kind), None)
    return f"{contract.relative_to(ROOT).as_posix()}, {FILE}" if contract else FILE


def _files(kind: str) -> Iterator[Any]:
    """The contract in the Open Data Contract Standard, generated from the catalogue."""
    return (path for path in sorted(CONTRACTS.glob("*.y*ml")) if path.name.split(".")[0] == kind)


@functools.cache
def _contract(kind: str) -> dict[str, Any]:
    path = next(_files(kind), None)
    return dict(yaml.safe_load(path.read_text(encoding="utf-8"))) if path else {}


def _purpose(contract: Mapping[str, Any]) -> str:
    about = contract.get("description") or {}
    return " ".join(str(about.get("purpose") or "" if isinstance(about, dict) else about).split())


def _properties(kind: str) -> dict[str, dict[str, Any]]:
    """The fields of the contract by name, those inside a document's objects and lists too."""
    found: dict[str, dict[str, Any]] = {}
    level = [one for schema in _contract(kind).get("schema") or () for one in schema.get("properties") or ()]
    while level:
        found = {str(one["name"]): one for one in reversed(level) if one.get("name")} | found
        level = [
            part
            for one in level
            for part in (*(one.get("properties") or ()), *((one.get("items") or {}).get("properties") or ()))
        ]
    return found
