"""A model, a code list or an input explained: what a row is, columns, sources, tests, what depends on it.

Belongs here: a node of dbt -> `Explained`. Not here: a single column (explain_columns.py), kinds of files (explain_delivered.py), public tables (explain_public.py).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from pipelines.danish import sentence
from pipelines.explain_parts import CODE_LIST, MART, SOURCE, STEP, Explained, Line, Sources, Uses
from pipelines.explain_project import ESTIMATES, Project, file_of, full_name, kind_of, meta, names
from pipelines.settings import TRANSFORMS

ALL = "*"


def explain_table(project: Project, node: Mapping[str, Any]) -> Explained:
    """Everything that the project says of one table."""
    name = full_name(node)
    about = meta(node)
    label = str(about.get("label_da") or "")
    is_model = node["resource_type"] == "model"
    return Explained(
        name=name,
        what=what_of(project, node),
        label_da=label,
        sentence_da=sentence_of(project, node, label),
        description=" ".join(str(node["description"]).split()),
        tier=str(about.get("tier") or ""),
        asset=asset_of(node),
        file=file_of(node),
        columns=tuple(line(project, node, column) for column in project.columns(node)),
        sources=sources_of(project, node),
        checks=tuple(checks_of(project, node)),
        uses=uses_of(project, node),
        sql=str(node["raw_code"]).strip() if is_model else "",
        more=_rows_of_list(node) if node["resource_type"] == "seed" else {},
    )


def what_of(project: Project, node: Mapping[str, Any]) -> str:
    """Which sort of table it is."""
    if node["resource_type"] == "seed":
        return CODE_LIST
    if node["resource_type"] == "source":
        return SOURCE
    return MART if project.is_mart(node) else STEP


def asset_of(node: Mapping[str, Any]) -> str:
    """Its key in Dagster's graph (pipelines/translator.py)."""
    if node["resource_type"] != "source":
        return full_name(node).replace(".", "/")
    if node["source_name"] == ESTIMATES:
        return f"lake/{ESTIMATES}"
    kind = kind_of(node)
    return f"lake/{kind}" if kind else full_name(node).replace(".", "/")


def sentence_of(project: Project, node: Mapping[str, Any], label: str) -> str:
    """The Danish sentence of its asset."""
    try:
        return sentence(asset_of(node), label or None)
    except KeyError:
        return ""


def line(project: Project, node: Mapping[str, Any], column: str) -> Line:
    """A column as its table lists it. Of a step nobody described its columns: what the published column of that name says."""
    told = project.codebook.get((full_name(node), column))
    if told:
        parts = ("data_type", "unit", "label_da", "description", "rule")
        return Line(column, *(str(told[part] or "") for part in parts))
    own = node["columns"].get(column) or {}
    about, same = meta(own), _same_name(project, column)
    types = node["config"].get("column_types") or {}
    return Line(
        column,
        str(own.get("data_type") or types.get(column) or ""),
        str(about.get("unit") or same.get("unit") or ""),
        str(about.get("label_da") or same.get("label_da") or ""),
        str(own.get("description") or (f"As {same['schema_name']}.{same['table_name']}: {same['description']}" if same else "")),
        str(about.get("rule") or ""),
    )  # fmt: skip


def sources_of(project: Project, node: Mapping[str, Any]) -> Sources:
    """What a table is made of."""
    behind = project.behind(node)
    kinds = dict.fromkeys(filter(None, map(kind_of, [*behind, node])))
    return Sources(
        direct=names(project.parents(node)),
        models=names(one for one in behind if one["resource_type"] == "model"),
        delivered=tuple(sorted(kinds)),
        code_lists=names(one for one in behind if one["resource_type"] == "seed"),
    )


def uses_of(project: Project, node: Mapping[str, Any]) -> Uses:
    """What depends on a table."""
    from pipelines.explain_public import pages_of

    ahead = project.ahead(node)
    public = public_tables_of(project, [full_name(node), *names(ahead)])
    return Uses(
        direct=names(project.children(node)),
        published=names(one for one in ahead if project.is_mart(one)),
        public_tables=tuple(public),
        pages=pages_of(public),
    )


def public_tables_of(project: Project, tables: Iterable[str]) -> list[str]:
    """The public tables of a release that are made of any of these tables of the warehouse."""
    wanted = set(tables)
    return [name for name in project.public if wanted & set(warehouse_tables_of(project, name))]


def warehouse_tables_of(project: Project, public: str) -> list[str]:
    """The tables of the warehouse that a public table is made of."""
    system = project.public[public].system
    named = [
        one
        for pattern, found in project.variables.described_by.items()
        if fnmatchcase(public, pattern)
        for one in found
    ]
    return list(dict.fromkeys([*named, *([project.design.systems[system].source] if system else [])]))


def checks_of(project: Project, node: Mapping[str, Any], column: str = ALL) -> list[str]:
    """What is checked of a table, or of one column: dbt's tests (a line a column), Great Expectations, unit tests."""
    tests: dict[str, list[str]] = {}
    for test in project.tests(node):
        if column in (ALL, test["column_name"]):
            tests.setdefault(test["column_name"] or "", []).append(_of_test(test))
    found = [f"{f'{name}: ' if name else ''}{', '.join(dict.fromkeys(words))}" for name, words in tests.items()]
    found += _expectations(project, node, column)
    if column == ALL:
        found += [f"unit test {test['name']}: {' '.join(str(test['description']).split())}" for test in project.unit_tests(node)]  # fmt: skip
    return found


def _of_test(test: Mapping[str, Any]) -> str:
    about = test.get("test_metadata") or {"name": test["name"], "kwargs": {}}
    name, given = str(about["name"]), dict(about["kwargs"])
    if name == "relationships":
        table = str(given["to"]).removeprefix("ref('").removesuffix("')")
        return f"each one of {table}.{given['field']}"
    if name == "accepted_values":
        return f"one of {', '.join(map(str, given['values']))}"
    if name in ("at_least", "at_most"):
        return f"{name.replace('_', ' ')} {given.get('minimum', given.get('maximum'))}"
    if name == "unique_combination":
        return f"one row each {', '.join(given['columns'])}"
    others = [str(value) for argument, value in given.items() if argument not in ("model", "column_name")]
    words = f" ({', '.join(others)})" if others else ""
    return f"{name.replace('_', ' ')}{words}"


def _expectations(project: Project, node: Mapping[str, Any], column: str) -> list[str]:
    if not project.is_mart(node):
        return []
    from expectations.marts import column_rules

    return [
        f"{name}: {_of_expectation(rule.expectation)} ({rule.category}). {rule.why}"
        for name in (project.columns(node) if column == ALL else [column])
        for rule in column_rules()
        if rule.fits(full_name(node), name)
    ]


def _of_expectation(text: str) -> str:
    """An expectation of expectations/marts.csv in words."""
    name, _, given = text.partition(":")
    if name == "between":
        low, _, high = given.partition(":")
        return f"from {low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"
    return f"one of {given.replace(',', ', ')}" if name == "in_set" else f"{name.replace('_', ' ')} {given}"


def _rows_of_list(node: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of a code list."""
    with (TRANSFORMS / node["original_file_path"]).open(encoding="utf-8", newline="") as file:
        return {"rows": list(csv.DictReader(file, delimiter=";"))}


def _same_name(project: Project, column: str) -> Mapping[str, Any]:
    return next((row for (_, name), row in project.codebook.items() if name == column), {})
