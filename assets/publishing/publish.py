"""Makes a new published file from a build file and moves the link to it.

Belongs here: copy, checkpoint, rename, swap, keep the last three. Not here: whether the build may be published (audit.py).
"""

from __future__ import annotations

import datetime
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from assets.publishing.audit import PUBLISHED_SCHEMAS, connect, definition_of, tables_of, views_of

KEEP = 3
STORAGE_VERSION = "v1.2.0"  # what DuckDB 1.2 clients (R, DBeaver, ODBC) can read
FILE_NAME = re.compile(r"^outcome-\d{8}T\d{6}\d*Z\.duckdb$")


@dataclass(frozen=True)
class Published:
    """What was published: the file, the rows of each `schema.table`, and the views upon them."""

    build: str
    file: Path
    rows: dict[str, int]
    views: tuple[str, ...] = ()


def publish(
    build_file: Path,
    warehouse: Path,
    comments: dict[str, tuple[str, dict[str, str]]] | None = None,
    facts: dict[str, Any] | None = None,
    now: datetime.datetime | None = None,
) -> Published:
    """Copies the published schemas of `build_file` into a new file and swaps `warehouse/outcome.duckdb` to it.

    Readers of the old file go on reading it; who connects afterwards sees the new one. Whatever a killed run left behind is removed.

    Args:
        comments: for each `schema.table` its description and those of its columns.
        facts: what `LATEST.json` shall say besides.
    """
    folder = warehouse / "published"
    folder.mkdir(parents=True, exist_ok=True)
    remove_leftovers(warehouse)
    build = _free_name(folder, now or datetime.datetime.now(datetime.UTC))
    part = folder / f".outcome-{build}.duckdb.part"
    rows, views = _copy(build_file, part, comments or {})
    leftover = part.with_name(part.name + ".wal")
    if leftover.exists():
        raise RuntimeError(f"{leftover.name}: the checkpoint left a log behind; the file is not published")
    os.chmod(part, 0o444)
    _flush(part)
    final = folder / f"outcome-{build}.duckdb"
    os.rename(part, final)
    _flush(folder)
    _swap(warehouse, final, build, rows, facts or {}, views)
    _keep_last(folder, final)
    return Published(build, final, rows, views)


def remove_leftovers(warehouse: Path) -> list[str]:
    """Takes away what a killed publish left: parts, logs, half-made links. Returns their names."""
    gone = []
    for pattern in ("published/.outcome-*", "published/*.wal", ".outcome.duckdb.*", ".LATEST.json.*"):
        for path in sorted(warehouse.glob(pattern)):
            path.unlink(missing_ok=True)
            gone.append(path.name)
    return gone


def _free_name(folder: Path, now: datetime.datetime) -> str:
    build = now.strftime("%Y%m%dT%H%M%SZ")
    if (folder / f"outcome-{build}.duckdb").exists():
        build = now.strftime("%Y%m%dT%H%M%S%fZ")
    return build


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _copy(
    build_file: Path, part: Path, comments: dict[str, tuple[str, dict[str, str]]]
) -> tuple[dict[str, int], tuple[str, ...]]:
    rows: dict[str, int] = {}
    with connect() as connection:
        connection.execute(f"attach {_text(str(build_file))} as built (read_only)")
        connection.execute(f"attach {_text(str(part))} as published (storage_version {_text(STORAGE_VERSION)})")
        tables, views = tables_of(connection, "built"), views_of(connection, "built")
        for schema in PUBLISHED_SCHEMAS:
            if any(found == schema for found, _ in [*tables, *views]):
                connection.execute(f'create schema if not exists published."{schema}"')
        for schema, table in tables:
            name = f'"{schema}"."{table}"'
            connection.execute(f"create table published.{name} as select * from built.{name}")
            count = connection.execute(f"select count(*) from published.{name}").fetchone()
            rows[f"{schema}.{table}"] = int(count[0]) if count else 0
            _comment(connection, "table", schema, table, comments)
        # Tables first: a view is bound when it is made. Its names have no catalogue, so they mean the file that holds it, whatever that is called.
        connection.execute("use published")
        for schema, view in views:
            select = definition_of(connection, schema, view, "built")
            connection.execute(f'create view "{schema}"."{view}" as {select}')
            _comment(connection, "view", schema, view, comments)
        connection.execute("use memory")
        connection.execute("checkpoint published")
        connection.execute("detach published")
    return rows, tuple(f"{schema}.{view}" for schema, view in views)


def _comment(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    schema: str,
    table: str,
    comments: dict[str, tuple[str, dict[str, str]]],
) -> None:
    """The descriptions of a table or view and of those of its columns that are there."""
    name = f'published."{schema}"."{table}"'
    description, columns = comments.get(f"{schema}.{table}", ("", {}))
    if description:
        connection.execute(f"comment on {kind} {name} is {_text(description)}")
    for row in connection.execute(f"describe {name}").fetchall():
        if columns.get(row[0]):
            connection.execute(f'comment on column {name}."{row[0]}" is {_text(columns[row[0]])}')


def _swap(
    warehouse: Path, final: Path, build: str, rows: dict[str, int], facts: dict[str, Any], views: tuple[str, ...]
) -> None:
    """Link first, words second: when a run dies between the two, the words name another file and are not believed."""
    link = warehouse / f".outcome.duckdb.{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(final.relative_to(warehouse))
    os.replace(link, warehouse / "outcome.duckdb")
    words = {
        "build": build,
        "file": str(final.relative_to(warehouse)),
        "published_at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        **facts,
        "tables": rows,
        "views": list(views),
    }
    latest = warehouse / f".LATEST.json.{os.getpid()}"
    latest.write_text(json.dumps(words, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(latest, warehouse / "LATEST.json")
    _flush(warehouse)


def _keep_last(folder: Path, newest: Path) -> None:
    files = sorted(path for path in folder.iterdir() if FILE_NAME.match(path.name))
    for path in files[: max(0, len(files) - KEEP)]:
        if path != newest:
            path.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_latest(warehouse: Path) -> dict[str, Any] | None:
    """What LATEST.json says, or None when it does not speak of the file that the link shows."""
    link, latest = warehouse / "outcome.duckdb", warehouse / "LATEST.json"
    try:
        words = json.loads(latest.read_text(encoding="utf-8"))
        if (warehouse / words["file"]).resolve(strict=True) != link.resolve(strict=True):
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return words
