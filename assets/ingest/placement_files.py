"""The files of a placement month as text: encoding, columns, date form, and many files as one relation.

Belongs here: what refuses a placement file, and its rows as delivered. Not here: what a row says or breaks (`placement.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from assets.ingest import csv_pass
from assets.ingest.landing import LandedFile
from assets.ingest.reports import FileReport, delivery_id
from assets.ingest.rules import rule_counts

KIND = "forloeb"
COLUMNS = (
    "aktivitet_id", "cpr", "maalgruppe", "ydelse", "tilbudstype", "cvr", "p_nummer", "startdato", "slutdato", "timer_pr_uge",
    "minutter_pr_uge", "ansvarlig_kommune", "afslutningsaarsag", "registreret_tidspunkt", "handling",
)  # fmt: skip
ISO_FORM, DANISH_FORM = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "^[0-9]{2}-[0-9]{2}-[0-9]{4}$"
TURNED_DATE = re.compile(rb"[0-9]{2}-[0-9]{2}-[0-9]{4}")


@dataclass
class Delivery:
    """One file's report and, when it is not refused, its rows as text."""

    file: LandedFile
    report: FileReport
    rows: pa.Table | None = None
    has_danish_dates: bool = False

    @property
    def rows_at_hand(self) -> int:
        """How many rows wait to be judged."""
        return 0 if self.rows is None else self.rows.num_rows

    @cached_property
    def identity(self) -> int:
        """The lake's `delivery_id`."""
        return delivery_id(self.report.sha256, self.file.municipality)


def read_file(file: LandedFile) -> Delivery:
    """Return a file's rows as text, or its report with the first file rule that refuses it."""
    content = csv_pass.read_content(file.path, allows_windows_1252=True)
    report = FileReport(file.name, KIND, content.sha256, refusal=content.refusal)
    delivery = Delivery(file, report)
    if not content.refusal:
        header = csv_pass.header_of(content.data)
        report.extra_columns = header.extra(COLUMNS)
        report.refusal = csv_pass.header_refusal(header, COLUMNS)
        if report.refusal:
            report.rows_delivered = csv_pass.count_records(content.data, header.offset)
        else:
            delivery.rows = csv_pass.read_table(content, header, COLUMNS)
            report.rows_delivered = delivery.rows.num_rows
            has_turned_date = (
                TURNED_DATE.search(content.data) is not None
            )  # most files have none: the columns need no look
            forms = _date_forms(delivery.rows) if has_turned_date else {ISO_FORM}
            delivery.has_danish_dates = forms == {DANISH_FORM}
            if len(forms) > 1:
                report.refusal, delivery.rows = "placement.mixed_date_forms", None
                report.facts["detail"] = "some dates are written YYYY-MM-DD, others DD-MM-YYYY"
    report.has_data_lines = bool(report.rows_delivered)
    report.rules = rule_counts(report.refusal, KIND)
    if report.refusal:
        report.rows_rejected = report.rows_delivered
    else:
        report.counters["unknown_extra_columns"] = len(report.extra_columns)
    return delivery


def _date_forms(rows: pa.Table) -> set[str]:
    """Return which forms the dates of a file have; the dates of an `S` row are not read, a text of another form is no date."""
    read = rows.filter(pc.and_(rows["has_right_fields"], pc.not_equal(rows["handling"], "S")))
    return {
        form
        for form in (ISO_FORM, DANISH_FORM)
        for column in ("startdato", "slutdato")
        if pc.any(pc.match_substring_regex(read[column], form)).as_py()
    }


def relation(deliveries: list[Delivery]) -> pa.Table:
    """Return the rows of files that are not refused as one table of texts, with place, delivery, municipality and date form of the file."""
    tables = []
    for place, delivery in enumerate(deliveries):
        assert delivery.rows is not None
        count = delivery.rows.num_rows
        tables.append(
            delivery.rows.append_column("file_place", pa.repeat(pa.scalar(place, pa.int32()), count))
            .append_column("delivery_id", pa.repeat(pa.scalar(delivery.identity, pa.int64()), count))
            .append_column("file_municipality", pa.repeat(pa.scalar(delivery.file.municipality, pa.string()), count))
            .append_column("has_danish_dates", pa.repeat(pa.scalar(delivery.has_danish_dates), count))
        )
    if tables:
        return pa.concat_tables(tables).combine_chunks()
    texts = [(column, pa.string()) for column in (*COLUMNS, "file_municipality")]
    flags = [("has_right_fields", pa.bool_()), ("has_danish_dates", pa.bool_())]
    origin = [("file_place", pa.int32()), ("delivery_id", pa.int64()), ("line_number", pa.int32())]
    return pa.schema([*origin, *texts, *flags]).empty_table()
