"""DuckDB as the ingest uses it: nothing is fetched from outside.

Belongs here: how a connection is opened. Not here: what is asked of it.
"""

from __future__ import annotations

from pathlib import Path

import duckdb


def connect(file: Path | None = None, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection to memory, or to a file for reading only. Extensions are neither installed nor loaded by themselves."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if threads is not None:
        config["threads"] = threads
    if file is None:
        return duckdb.connect(config=config)
    return duckdb.connect(str(file), read_only=True, config=config)
