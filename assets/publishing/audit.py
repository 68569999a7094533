"""Looks a build file through before anybody may read it.

Belongs here: what must hold of the file as a whole. Not here: what a measure means (dbt's tests hold that), copying.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

PUBLISHED_SCHEMAS = ("core", "scope", "progression", "effect", "quality", "evaluation", "simple")
# Delivered ids that may be ten digits by the contract: there only numbers of known people count as a leak.
IDENTIFIERS = frozenset({"p_number", "activity_id", "p_number_delivered", "cvr", "sha256"})
CPR_LIKE = r"(^|[^0-9])(0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])(0[1-9]|1[0-2])[0-9]{2}[- ]?[0-9]{4}($|[^0-9])"
TEN_DIGITS = r"(^|[^0-9])[0-9]{6}[- ]?[0-9]{4}($|[^0-9])"


@dataclass(frozen=True)
class Finding:
    """Why a build file must not be published: which table, which rule, what to do. No values."""

    table: str
    rule: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.table}: {self.rule}: {self.message} {self.remedy}"


def connect(path: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A connection that never loads an extension from outside; read-only when a file is given."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    if path is None:
        return duckdb.connect(config=settings)
    return duckdb.connect(str(path), read_only=True, config=settings)


def tables_of(connection: duckdb.DuckDBPyConnection, catalog: str | None = None) -> list[tuple[str, str]]:
    """Schema and table of every table in the published schemas, in order."""
    return _relations(connection, "duckdb_tables()", "table_name", catalog)


def views_of(connection: duckdb.DuckDBPyConnection, catalog: str | None = None) -> list[tuple[str, str]]:
    """Schema and view of every view in the published schemas, in order. A view holds nothing of its own: its rows are those of tables."""
    return _relations(connection, "duckdb_views()", "view_name", catalog)


def _relations(
    connection: duckdb.DuckDBPyConnection, source: str, name: str, catalog: str | None
) -> list[tuple[str, str]]:
    rows = connection.execute(
        f"select schema_name, {name} from {source} where not internal"
        " and database_name = coalesce(?, current_database()) and list_contains(?, schema_name) order by all",
        [catalog, list(PUBLISHED_SCHEMAS)],
    ).fetchall()
    return [(schema, table) for schema, table in rows]


def audit(build_file: Path, contracts: dict[str, dict[str, str]], project_key: bytes | None = None) -> list[Finding]:
    """Everything that forbids publishing `build_file`; empty when nothing does.

    Args:
        contracts: for each `schema.table` its columns and their types; a table without columns is only looked for.
        project_key: with it, ten-digit values are also tried against the people of the warehouse.
    """
    if not build_file.exists():
        return [Finding("-", "build.file_missing", "there is no build file.", "Build first: fodfaeste build.")]
    with connect(build_file) as connection:
        present, views = tables_of(connection), views_of(connection)
        findings = _contracts(connection, contracts, {f"{schema}.{table}" for schema, table in [*present, *views]})
        findings += _views(connection, views, contracts)
        people = _people(connection) if project_key else set()
        for schema, table in present:
            findings += _person_numbers(connection, schema, table, project_key, people)
    return findings


def _contracts(
    connection: duckdb.DuckDBPyConnection, contracts: dict[str, dict[str, str]], present: set[str]
) -> list[Finding]:
    findings = []
    if not contracts:
        findings.append(
            Finding("-", "build.no_contracts", "no table has a contract.", "Look at transforms/models/marts.")
        )
    for table in sorted(contracts):
        if table not in present:
            findings.append(
                Finding(table, "build.table_missing", "the table is not in the build file.", "Build again.")
            )
            continue
        schema, name = table.split(".")
        columns = dict(
            connection.execute(
                "select column_name, data_type from duckdb_columns() where database_name = current_database() and schema_name = ? and table_name = ?",
                [schema, name],
            ).fetchall()
        )
        for column, kind in contracts[table].items():
            if column not in columns:
                findings.append(
                    Finding(table, "build.column_missing", f"column {column} is missing.", "See its contract.")
                )
            elif kind and _type(connection, kind) != columns[column]:
                findings.append(
                    Finding(
                        table,
                        "build.column_type",
                        f"column {column} is {columns[column]}, the contract says {kind}.",
                        "See its contract.",
                    )
                )
    return findings


def _views(
    connection: duckdb.DuckDBPyConnection, views: list[tuple[str, str]], contracts: dict[str, dict[str, str]]
) -> list[Finding]:
    """A view shows rows of published tables and nothing else: it is copied as it is written, and holds in a file of another name."""
    findings = []
    for schema, view in views:
        name = f"{schema}.{view}"
        if name not in contracts:
            findings.append(Finding(name, "build.view_without_contract", "nobody has described the view.", "Describe it in transforms/models/marts."))  # fmt: skip
        for read_catalog, read_schema, table in tables_read(definition_of(connection, schema, view)):
            if read_catalog or read_schema not in PUBLISHED_SCHEMAS:
                written = ".".join(part for part in (read_catalog, read_schema, table) if part)
                findings.append(Finding(name, "build.view_reads_unpublished", f"the view reads {written}, which is not found in a published file by that name.", "Refer to published tables by `published('table')`."))  # fmt: skip
    return findings


def definition_of(connection: duckdb.DuckDBPyConnection, schema: str, view: str, catalog: str | None = None) -> str:
    """The select of a view, as DuckDB keeps it."""
    row = connection.execute(
        "select sql from duckdb_views() where schema_name = ? and view_name = ? and database_name = coalesce(?, current_database())",
        [schema, view, catalog],
    ).fetchone()
    if row is None:
        raise LookupError(f"{schema}.{view}: there is no such view")
    return re.sub(r"^CREATE VIEW .*? AS ", "", str(row[0]), count=1, flags=re.DOTALL).strip().removesuffix(";")


def tables_read(select: str) -> set[tuple[str, str, str]]:
    """Catalogue, schema and name of what a select reads, CTEs left out; the first is empty where none is written."""
    import sqlglot
    from sqlglot import exp

    tree = sqlglot.parse_one(select, dialect="duckdb")
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    return {
        (table.catalog, table.db, table.name) for table in tree.find_all(exp.Table) if table.db or table.name not in own
    }


def _type(connection: duckdb.DuckDBPyConnection, kind: str) -> str:
    row = connection.execute(f"select typeof(cast(null as {kind}))").fetchone()
    return str(row[0]) if row else kind


def _people(connection: duckdb.DuckDBPyConnection) -> set[str]:
    if ("core", "dim_persons") not in tables_of(connection):
        return set()
    return {str(row[0]) for row in connection.execute("select person_key from core.dim_persons").fetchall()}


def _person_numbers(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str, key: bytes | None, people: set[str]
) -> list[Finding]:
    """No value that looks like a CPR number in a text; no number of a known person, whatever the column."""
    columns = connection.execute(
        "select column_name, data_type from duckdb_columns() where database_name = current_database() and schema_name = ? and table_name = ?",
        [schema, table],
    ).fetchall()
    findings = []
    for column, kind in columns:
        if kind not in ("VARCHAR", "VARCHAR[]", "JSON", "BIGINT", "HUGEINT", "UBIGINT"):
            continue
        text = f'cast("{column}" as varchar)'
        values = [
            row[0]
            for row in connection.execute(
                f'select distinct {text} from "{schema}"."{table}" where regexp_matches({text}, ?)', [TEN_DIGITS]
            ).fetchall()
        ]
        if not values:
            continue
        like = [value for value in values if re.search(CPR_LIKE, value)]
        if like and kind.startswith(("VARCHAR", "JSON")) and column not in IDENTIFIERS:
            findings.append(
                _leak(f"{schema}.{table}", column, len(like), "look like CPR numbers", "build.looks_like_cpr")
            )
        elif key is not None:
            known = sum(1 for value in values if _is_known(value, key, people))
            if known:
                findings.append(
                    _leak(
                        f"{schema}.{table}", column, known, "are CPR numbers of the warehouse's people", "build.is_cpr"
                    )
                )
    return findings


def _is_known(value: str, key: bytes, people: set[str]) -> bool:
    for found in re.findall(r"(?<![0-9])([0-9]{6})[- ]?([0-9]{4})(?![0-9])", value):
        digest = hmac.new(key, "".join(found).encode("ascii"), hashlib.sha256).hexdigest()[:32]
        uuid = f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:]}"
        if uuid in people:
            return True
    return False


def _leak(table: str, column: str, values: int, what: str, rule: str) -> Finding:
    return Finding(
        table,
        rule,
        f"{values} values of column {column} {what}.",
        "Find the delivered field that the column comes from and have the supplier send it without person numbers.",
    )
