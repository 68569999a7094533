"""DuckDB's own shell on a published file: read-only, with the codebook at hand, and nothing else within its reach.

Belongs here: where the shell is, what it is told first, its environment, the greeting. Not here: options (query.py), files of results (query_output.py).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

HISTORY_VARIABLE: Final = "DUCKDB_HISTORY"
CODEBOOK: Final = """
create or replace temp macro explain(name) as table
    select
        schema_name || '.' || table_name as "table", column_name as "column", data_type as "type", unit, label_da, description,
        value_set as "values", source_fields as "from", rule, tier
    from quality.codebook
    where lower(name) in (
        table_name, schema_name || '.' || table_name, table_name || '.' || column_name, schema_name || '.' || table_name || '.' || column_name
    )
    order by schema_name, table_name, column_position;
create or replace temp macro codebook(text) as table
    select schema_name || '.' || table_name as "table", column_name as "column", label_da, unit, description
    from quality.codebook
    where
        contains(lower(concat_ws(' ', table_name, column_name, label_da, description, table_label_da, value_set)), lower(text))
    order by schema_name, table_name, column_position;
create or replace temp macro tables() as table
    with described as (
        select schema_name, table_name, any_value(table_label_da) as label_da, any_value(table_tier) as tier, any_value(table_description) as description
        from quality.codebook
        group by all
    )
    select described.schema_name || '.' || described.table_name as "table", described.label_da, described.tier, counted.estimated_size as rows, split_part(described.description, '. ', 1) as grain
    from described
    left join (select * from duckdb_tables() where database_name = current_database()) as counted
        on described.schema_name = counted.schema_name and described.table_name = counted.table_name
    order by described.schema_name, described.table_name;
"""


class NoShell(RuntimeError):
    """DuckDB's shell is not installed; says what to do."""


def shell() -> Path:
    """DuckDB's shell beside this Python, else the one on the path.

    Raises:
        NoShell: there is none.
    """
    beside = Path(sys.executable).parent / "duckdb"
    found = str(beside) if beside.is_file() else shutil.which("duckdb")
    if not found:
        raise NoShell("DuckDB's shell is missing. Make the environment anew: make run, or pip install duckdb-cli.")
    return Path(found)


def settings_sql(folder: Path, allowed: Sequence[Path] = ()) -> str:
    """What closes a connection in: no extension from outside, no file but the opened one (and `allowed`); what does not fit in memory goes to `folder`."""
    paths = ", ".join(literal(path) for path in allowed)
    return (
        "set autoinstall_known_extensions = false;\nset autoload_known_extensions = false;\n"
        f"set temp_directory = {literal(folder / 'spilled')};\n"
        f"set allowed_paths = [{paths}];\nset enable_external_access = false;\n"
    )


def literal(path: Path) -> str:
    """A path as SQL writes it."""
    return "'" + str(path).replace("'", "''") + "'"


@contextlib.contextmanager
def private_folder() -> Iterator[Path]:
    """A folder that nobody else may read, for what the session spills; it goes when the session ends."""
    with tempfile.TemporaryDirectory(prefix="fodfaeste-query-") as folder:
        yield Path(folder)


def run_sql(database: Path | None, start: str, sql: str, form: str | None) -> int:
    """Runs statements one after the other and prints what they give; stops at the first that fails, with DuckDB's own message.

    Args:
        database: opened read-only; None: what `start` makes, in memory.
        start: SQL that is run first, before anything is closed in.
        form: `csv` or `json`; None: as a table for the eye, at most 40 rows of it.

    Returns:
        The exit code: 0, or 1 when a statement failed.
    """
    with private_folder() as folder:
        command = [*_command(folder, start, database), "-batch", *_form(form), _name(database)]
        done = subprocess.run(command, input=sql, text=True, env=_environment(None), check=False)
    return 1 if done.returncode else 0


def open_shell(database: Path | None, start: str, history: Path | None) -> int:
    """The shell for a person at a terminal, until they leave; returns the exit code."""
    with private_folder() as folder:
        command = [*_command(folder, start, database), _name(database)]
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C stops a query, not the session
        try:
            return subprocess.run(command, env=_environment(history), check=False).returncode
        finally:
            signal.signal(signal.SIGINT, before)


def _command(folder: Path, start: str, database: Path | None) -> list[str]:
    """The shell closed in: a script of ours instead of the user's own, then safe mode, which also takes away .open, .output, .shell and their like.

    `-readonly` alone is not enough: `.open` opens the same file again for writing.
    """
    first = folder / "start.sql"
    first.write_text(start + settings_sql(folder), encoding="utf-8")
    read_only = ["-readonly"] if database else []
    return [str(shell()), *read_only, "-no-init", "-bail", "-cmd", f'.read "{first}"', "-cmd", ".safe_mode"]


def _form(form: str | None) -> list[str]:
    return {"csv": ["-csv", "-nullvalue", ""], "json": ["-json"]}.get(form or "", [])


def _name(database: Path | None) -> str:
    return str(database) if database else ":memory:"


def _environment(history: Path | None) -> dict[str, str]:
    return os.environ | {HISTORY_VARIABLE: str(history or os.devnull)}


def history_file() -> Path | None:
    """Where a person's queries are remembered: a file of their own that nobody else may read; None where none can be made.

    Not ~/.duckdb_history, which every other DuckDB session shares, and never in the warehouse: a query may name a person's key.
    """
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    path = state / "fodfaeste" / "query_history"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.chmod(0o600)
    except OSError:
        return None
    return path


def greeting(about: Mapping[str, Any], history: Path | None) -> list[str]:
    """Five lines: build, cut-off and observed window, synthetic or real, what may leave, where to begin."""
    window = f"{str(about.get('observed_from'))[:7]} to {str(about.get('observed_through'))[:7]}"
    kept = f"Your queries are remembered in {history}, yours alone." if history else "Queries are not remembered."
    return [
        f"Fodfæste, build {about.get('build')}, published {str(about.get('published_at'))[:16].replace('T', ' ')} UTC; read-only.",
        f"Cut-off {about.get('as_of')}. Observed months {window}: a month outside is not observed, which is not zero.",
        "Synthetic data (the sample's key): nobody in it exists."
        if about.get("is_sample_key")
        else "REAL DATA, unless its key is another one of synthetic data: personal data. Do not copy rows out.",
        "Tables of tier restricted are pseudonymised, not anonymous; nothing here is disclosure-controlled: only a release may leave.",
        f"Begin: from tables();  from explain('fct_person_months');  from codebook('timer');  .quit leaves. {kept}",
    ]
