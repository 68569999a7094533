"""Payroll files for tests: a good line, lines with some values changed, and a file with the trailer that belongs to it.

Belongs here: writing what the contract describes. Not here: assertions.
"""

from __future__ import annotations

from collections.abc import Sequence

from assets.ingest.numbers import read_amount
from assets.ingest.payroll import COLUMNS
from tests.unit.ingest.landed import CVR, WOMAN

NAME = "eindkomst_2019-06.csv"
HEADER = ";".join(COLUMNS)
LINE = {
    "linje": "",
    "indberetning_id": "R1",
    "post_nr": "1",
    "indberetningsart": "I",
    "reference_id": "",
    "se_nr": CVR,
    "p_nummer": "1000000001",
    "cpr": WOMAN,
    "indkomsttype": "00",
    "dispositionsdato": "2019-05-31",
    "periode_fra": "2019-05-01",
    "periode_til": "2019-05-31",
    "felt_0013": "21000,00",
    "felt_0014": "12,5",
    "felt_0016": "1680,00",
    "felt_0200": "150,25",
    "kryds_0220": "",
    "indberettet_tidspunkt": "2019-06-01T11:00:00",
}
REVERSAL = dict.fromkeys(COLUMNS, "") | {
    "indberetning_id": "R2",
    "post_nr": "1",
    "indberetningsart": "T",
    "reference_id": "R1",
    "indberettet_tidspunkt": "2019-06-02T11:00:00",
}


def line(**changes: str) -> dict[str, str]:
    """Return a good line with some of its values changed."""
    return LINE | changes


def reversal(**changes: str) -> dict[str, str]:
    """Return a good reversal with some of its values changed."""
    return REVERSAL | changes


def payroll_text(
    *lines: dict[str, str],
    columns: Sequence[str] = COLUMNS,
    trailer: dict[str, str] | None = None,
    has_trailer: bool = True,
    line_end: str = "\n",
) -> str:
    """Return a file: header, lines numbered from 1 (unless they say otherwise), trailer with the promises that hold (or those given)."""
    numbered = [row | {"linje": row["linje"] or f"{number:07d}"} for number, row in enumerate(lines, start=1)]
    rows = [*numbered, *([trailer_of(lines) | (trailer or {})] if has_trailer else [])]
    texts = [";".join(columns), *(";".join(row.get(column, "") for column in columns) for row in rows)]
    return "".join(f"{text}{line_end}" for text in texts)


def trailer_of(lines: Sequence[dict[str, str]]) -> dict[str, str]:
    """Return the trailer of lines: an amount that cannot be read counts zero."""
    sums = {
        column: sum(read_amount(row[column]) or 0 for row in lines) / 10_000 for column in ("felt_0013", "felt_0200")
    }
    written = {column: f"{value:.2f}".replace(".", ",") for column, value in sums.items()}
    return {"linje": "9999999", "indberetning_id": str(len(lines)), **written}
