"""CPR numbers of a relation on their way to the lake: six columns instead of the number, and what a report says about them.

Belongs here: `docs/lake.md`'s CPR columns of the kinds that carry all six, each distinct number hashed once. Not here: what a CPR
number is (`numbers.py`), the pseudonym (`keys.py`), rules.
"""

from __future__ import annotations

from datetime import date

import duckdb

from assets.ingest import keys, numbers

COLUMNS = ("person_key", "birth_date", "sex", "is_constructed", "has_modulus_11", "is_repaired")


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
) -> dict[int, tuple[int, int | None, date | None]]:
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
