"""CPR numbers of a relation on their way to the lake: six columns instead of the number, and what a report says about them.

Belongs here: `docs/lake.md`'s CPR columns of the kinds that carry all six, each distinct number hashed once. Not here: what a CPR
number is (`numbers.py`), the pseudonym (`keys.py`), rules.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from assets.ingest import keys, numbers

PERSON_SCHEMA: list[tuple[str, pa.DataType]] = [
    ("person_key", pa.uuid()),
    ("birth_date", pa.date32()),
    ("sex", pa.string()),
    ("is_constructed", pa.bool_()),
    ("has_modulus_11", pa.bool_()),
    ("is_repaired", pa.bool_()),
]
COLUMNS = tuple(name for name, _ in PERSON_SCHEMA)


def create_people(
    connection: duckdb.DuckDBPyConnection, relation: str, column: str = "cpr", with_digits: bool = False
) -> None:
    """Create the table `people` with one row a distinct text of `column` that is a valid number: `cpr_text` and the six columns.

    A text that is no valid number has no row: a left join gives it nulls. `with_digits` adds the number itself as `digits`, which must
    not leave the ingest. `ProjectKey.prepare` comes first.
    """
    connection.execute(f"""
        create or replace temp table people as
        with texts as (
            select distinct {column} as cpr_text from {relation} where {column} is not null
        ),

        repaired as (
            select cpr_text, {numbers.cpr_digits_sql("cpr_text")} as digits from texts
        ),

        dated as (
            select *, {numbers.cpr_birth_date_sql("digits")} as birth_date from repaired
        )

        select
            cpr_text,
            {"digits," if with_digits else ""}
            {keys.person_key_sql("digits")} as person_key,
            birth_date,
            {numbers.cpr_sex_sql("digits")} as sex,
            {numbers.cpr_is_constructed_sql("digits")} as is_constructed,
            {numbers.cpr_has_modulus_11_sql("digits")} as has_modulus_11,
            {numbers.cpr_is_repaired_sql("cpr_text")} as is_repaired
        from dated
        where birth_date is not null
    """)


def number_facts(
    connection: duckdb.DuckDBPyConnection, relation: str, by: str = "delivery_id"
) -> dict[Any, tuple[int, int | None, date | None]]:
    """Return value of `by` -> (rows with a valid number that is not constructed, the first such line, the latest birth date).

    Looks at every row of a relation with the six columns, rejected ones too: the key of the sample must meet no real number.
    """
    rows = connection.execute(f"""
        select
            {by},
            count(*) filter (where not is_constructed),
            min(line_number) filter (where not is_constructed),
            max(birth_date)
        from {relation}
        where person_key is not null
        group by {by}
    """).fetchall()
    return {value: (count, line, latest) for value, count, line, latest in rows}


def people_sql(relation: str = "") -> str:
    """Return the six columns for a select whose result goes to `to_lake`: the pseudonym as its 16 bytes."""
    prefix = f"{relation}." if relation else ""
    bytes_of_key = f"unhex(replace({prefix}person_key::varchar, '-', '')) as person_key"
    return ", ".join([bytes_of_key, *(f"{prefix}{column}" for column in COLUMNS[1:])])


def uuids(column: pa.ChunkedArray) -> pa.Array:
    """Return 16 bytes a row as the type that Parquet and DuckDB know as UUID."""
    return pa.ExtensionArray.from_storage(pa.uuid(), column.combine_chunks().cast(pa.binary(16)))


def to_lake(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return the columns of a lake's table in their types; `person_key` comes as bytes (`people_sql`)."""
    arrays = [
        uuids(table[field.name]) if field.name == "person_key" else table[field.name].combine_chunks().cast(field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
