"""The lake's tables of `dream` (docs/lake.md) and how arrays become their rows.

Belongs here: schemas and Parquet. Not here: what the arrays hold (`benefit_runs.py`) and which rows are accepted (`benefits.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from assets.ingest import benefit_runs
from assets.ingest.people import PERSON_SCHEMA, uuids

ORIGIN = [("delivery_id", pa.int64()), ("line_number", pa.int32())]
ROWS = [*ORIGIN, *PERSON_SCHEMA, ("coded_weeks", pa.int32()), ("unknown_code_weeks", pa.int32())]
TABLES = {
    "rows": pa.schema(ROWS),
    "rejected": pa.schema([*ROWS, ("broken_rules", pa.int64()), ("has_right_fields", pa.bool_())]),
    "runs": pa.schema(
        [
            *ORIGIN,
            PERSON_SCHEMA[0],
            ("birth_date", pa.date32()),
            ("first_week", pa.date32()),
            ("last_week", pa.date32()),
            ("code", pa.string()),
            ("is_unknown", pa.bool_()),
        ]
    ),
}


def write_rows(
    writer: pq.ParquetWriter, delivery: int, lines: NDArray[np.int32], people: pa.Table, more: Sequence[Any]
) -> None:
    """Write one row a line; `people` may be empty, then its columns are null. `more` are the columns after the six, None is null."""
    count = len(lines)
    if count == 0:
        return
    schema = writer.schema
    columns: list[pa.Array] = [pa.repeat(pa.scalar(delivery, pa.int64()), count), pa.array(lines, pa.int32())]
    for name, kind in PERSON_SCHEMA:
        if people.num_rows == 0:
            columns.append(pa.nulls(count, kind))
        else:
            columns.append(
                uuids(people["person_key"]) if name == "person_key" else people[name].combine_chunks().cast(kind)
            )
    for values, kind in zip(more, schema.types[len(columns) :], strict=True):
        columns.append(pa.nulls(count, kind) if values is None else pa.array(values).cast(kind))
    writer.write_table(pa.Table.from_arrays(columns, schema=schema))


def write_runs(
    writer: pq.ParquetWriter,
    delivery: int,
    lines: NDArray[np.int32],
    people: pa.Table,
    cells: NDArray[np.int16],
    weeks: benefit_runs.Weeks,
) -> None:
    """Write the runs of the accepted rows of a block."""
    if len(lines) == 0:
        return
    rows, firsts, lasts, values = benefit_runs.runs_of(cells)
    thursdays = pa.array(weeks.thursdays, pa.date32())
    texts = pa.array(benefit_runs.code_texts(), pa.string())
    places = pa.array(rows)
    columns = [
        pa.repeat(pa.scalar(delivery, pa.int64()), len(rows)),
        pa.array(lines[rows], pa.int32()),
        uuids(people["person_key"]).take(places),
        people["birth_date"].combine_chunks().cast(pa.date32()).take(places),
        thursdays.take(pa.array(firsts)),
        thursdays.take(pa.array(lasts)),
        texts.take(pa.array(benefit_runs.cell_index(values))),
        pa.array(values < 0),
    ]
    writer.write_table(pa.Table.from_arrays(columns, schema=writer.schema))
