"""CSV records: header, fields by name, the file rules that every CSV file has.

RFC 4180 with `;`. A record's number counts records, the header being 0; empty lines are no records.
"""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import dataclass

from .landing import Delivery

csv.field_size_limit(sys.maxsize)

COLUMNS = {
    "se_numre": ["se_nr", "cvr_nr", "gyldig_fra", "gyldig_til"],
    "personer": ["cpr", "kommunekode", "bopael_fra", "bopael_til", "status", "status_dato"],
    "dream": ["cpr"],
    "forloeb": [
        "aktivitet_id",
        "cpr",
        "maalgruppe",
        "ydelse",
        "tilbudstype",
        "cvr",
        "p_nummer",
        "startdato",
        "slutdato",
        "timer_pr_uge",
        "minutter_pr_uge",
        "ansvarlig_kommune",
        "afslutningsaarsag",
        "registreret_tidspunkt",
        "handling",
    ],
    "eindkomst": [
        "linje",
        "indberetning_id",
        "post_nr",
        "indberetningsart",
        "reference_id",
        "se_nr",
        "p_nummer",
        "cpr",
        "indkomsttype",
        "dispositionsdato",
        "periode_fra",
        "periode_til",
        "felt_0013",
        "felt_0014",
        "felt_0016",
        "felt_0200",
        "kryds_0220",
        "indberettet_tidspunkt",
    ],
}


@dataclass
class Table:
    """The records of one CSV file, as delivered."""

    header: list[str]
    records: list[list[str]]  # data records and, in payroll, the trailer

    def has_right_fields(self, record: list[str]) -> bool:
        """As many fields as the header has."""
        return len(record) == len(self.header)

    def fields(self, record: list[str]) -> dict[str, str]:
        """A record's values by column name."""
        return dict(zip(self.header, record, strict=False))


def read_table(text: str) -> Table:
    """Header and records of a file's text."""
    lines = [record for record in csv.reader(io.StringIO(text, newline=""), delimiter=";") if record]
    return Table(lines[0], lines[1:]) if lines else Table([], [])


def judge_header(delivery: Delivery, table: Table) -> bool:
    """The two rules about column names; True when both hold."""
    wanted = COLUMNS[delivery.kind]
    missing = any(column not in table.header for column in wanted)
    if not delivery.judge("file.missing_column", missing):
        return False
    if not delivery.judge("file.duplicate_column", len(set(table.header)) < len(table.header)):
        return False
    delivery.extra_columns = sum(column not in wanted for column in table.header)
    return True
