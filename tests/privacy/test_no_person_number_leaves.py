"""No CPR number stands in anything the pipeline writes but quarantine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb

from assets.ingest.keys import KEY_VARIABLE, SAMPLE_KEY
from tests.golden.delivery import lives, write

COMMAND = Path(sys.executable).with_name("fodfaeste")
TYPING_ERROR = "9913991234"  # no such day: the row is rejected and fetched into quarantine


def _text_columns(path: Path) -> list[str]:
    with duckdb.connect() as connection:
        columns = connection.execute("describe select * from read_parquet(?)", [str(path)]).fetchall()
        texts = [name for name, kind, *_ in columns if kind == "VARCHAR"]
        if not texts:
            return []
        listed = ", ".join(f'string_agg(distinct "{name}", chr(10))' for name in texts)
        row = connection.execute(f"select {listed} from read_parquet(?)", [str(path)]).fetchone() or ()
    return [value for value in row if value]


def test_no_cpr_number_stands_in_lake_warehouse_logs_or_dagster_home(tmp_path: Path) -> None:
    """Prevents a person's number in a file that is read by more people than may see it."""
    raw, warehouse = write(tmp_path / "raw"), tmp_path / "warehouse"
    placements = raw / "placement" / "forloeb_0101_2019-01.csv"
    wrong = f"WRONG-1;{TYPING_ERROR};3;;VPK;31000106;;2019-01-07;2019-02-03;20;0;0101;;2019-01-07T09:00:00;O\n"
    placements.write_text(placements.read_text(encoding="utf-8") + wrong, encoding="utf-8")
    outcome = subprocess.run(
        [COMMAND, "build", "--raw", str(raw), "--warehouse", str(warehouse)],
        env=os.environ | {KEY_VARIABLE: SAMPLE_KEY.hex()},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert outcome.returncode == 0, outcome.stderr[-2000:]
    numbers = [life.cpr for life in lives()] + [TYPING_ERROR]
    forms = [form for number in numbers for form in (number, f"{number[:6]}-{number[6:]}")]
    found = [form for form in forms if form in outcome.stdout + outcome.stderr]
    looked_at = 0
    for path in sorted(warehouse.rglob("*")):
        if not path.is_file() or path.is_relative_to(warehouse / "quarantine"):
            continue
        looked_at += 1
        content = path.read_bytes()
        found += [f"{path.name}: {form}" for form in forms if form.encode() in content]
        if path.suffix == ".parquet":  # compressed: looked at by value
            texts = _text_columns(path)
            found += [f"{path.name}: {form}" for form in forms if any(form in text for text in texts)]
    with duckdb.connect(str(warehouse / "outcome.duckdb"), read_only=True) as connection:
        texts = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where not internal and data_type = 'VARCHAR'"
        ).fetchall()
        for schema, table, column in texts:
            values = connection.execute(f'select distinct "{column}" from "{schema}"."{table}"').fetchall()
            found += [f"{schema}.{table}.{column}" for (value,) in values if value in forms]
    assert looked_at > 50
    assert not found, sorted(set(found))
    quarantined = "".join(path.read_text(encoding="utf-8") for path in (warehouse / "quarantine").rglob("*.csv"))
    assert TYPING_ERROR in quarantined, "a rejected line is lost"
    assert all(path.stat().st_mode & 0o077 == 0 for path in (warehouse / "quarantine").rglob("*"))
