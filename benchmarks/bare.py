"""The floor: a bare DuckDB script that types the same files with explicit types, writes Parquet and makes one person-month aggregate.

    python benchmarks/bare.py RAW OUT

No rule, no pseudonym, no identity, no reversal: what reading the files costs whoever does it. The files must be without defects.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

PAYROLL = {
    "linje": "VARCHAR", "indberetning_id": "VARCHAR", "post_nr": "VARCHAR", "indberetningsart": "VARCHAR", "reference_id": "VARCHAR",
    "se_nr": "VARCHAR", "p_nummer": "VARCHAR", "cpr": "VARCHAR", "indkomsttype": "VARCHAR", "dispositionsdato": "DATE", "periode_fra": "DATE",
    "periode_til": "DATE", "felt_0013": "DECIMAL(18,4)", "felt_0014": "DECIMAL(18,4)", "felt_0016": "DECIMAL(18,4)",
    "felt_0200": "DECIMAL(18,4)", "kryds_0220": "VARCHAR", "indberettet_tidspunkt": "TIMESTAMP",
}  # fmt: skip
PLACEMENT = {
    "aktivitet_id": "VARCHAR", "cpr": "VARCHAR", "maalgruppe": "INTEGER", "ydelse": "VARCHAR", "tilbudstype": "VARCHAR", "cvr": "VARCHAR",
    "p_nummer": "VARCHAR", "startdato": "VARCHAR", "slutdato": "VARCHAR", "timer_pr_uge": "INTEGER", "minutter_pr_uge": "INTEGER",
    "ansvarlig_kommune": "VARCHAR", "afslutningsaarsag": "VARCHAR", "registreret_tidspunkt": "TIMESTAMP", "handling": "VARCHAR",
}  # fmt: skip


def _read(files: list[Path], columns: dict[str, str]) -> str:
    names = ", ".join(f"'{path}'" for path in files)
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    return (
        f"read_csv([{names}], auto_detect = false, header = true, delim = ';', quote = '\"', escape = '\"', "
        f"decimal_separator = ',', columns = {{{types}}})"
    )


def main(raw: Path, out: Path) -> None:
    """Reads payroll, placement and benefit files, writes one Parquet file each and the person-month aggregate."""
    out.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(config={"threads": 2})
    payroll = _read(sorted((raw / "payroll").glob("*.csv*")), PAYROLL)
    connection.execute(
        f"copy (select * from {payroll} where linje <> '9999999') to '{out / 'payroll.parquet'}' (format parquet)"
    )
    placement = _read(sorted((raw / "placement").glob("*.csv*")), PLACEMENT)
    connection.execute(f"copy (select * from {placement}) to '{out / 'placement.parquet'}' (format parquet)")
    for path in sorted((raw / "registry").glob("*.csv*")):
        source = f"read_csv('{path}', header = true, delim = ';', all_varchar = true)"
        connection.execute(f"copy (select * from {source}) to '{out / path.name}.parquet' (format parquet)")
    connection.execute(
        f"""
        copy (
            select cpr, date_trunc('month', periode_fra) as month, sum(felt_0200) as hours, sum(felt_0013) as pay
            from '{out / "payroll.parquet"}'
            group by all
        ) to '{out / "person_months.parquet"}' (format parquet)
        """
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
