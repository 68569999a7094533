"""A published warehouse of a handful of rows, counted by hand, and exports beside it. Belongs here: what several tests look at. Not here: tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

OTIJ01 = (
    "Period",
    "Area",
    "Ydelsesgrupper",
    "Målgruppe",
    "Antal personer i alt",
    "Antal personer med ordinære timer",
    "Andel personer med ordinære timer",
    "Gennemsnitligt timetal pr. person med ordinære timer",
    "Gennemsnitligt antal ordinære timer pr. måned",
)
Y14D03 = (
    "Periode",
    "Område",
    "Ydelsesgrupper",
    "Virksomhedsrettede tilbud",
    "Målgruppe",
    "Antal afsluttede forløb",
    "Efterfølgende beskæftigelse: I samme virksomhed",
    "Efterfølgende beskæftigelse: I anden virksomhed i samme branche",
    "Efterfølgende beskæftigelse: I anden virksomhed i anden branche",
    "Efterfølgende beskæftigelse: Ingen beskæftigelse",
    "Gennemsnitlig beskæftigelsesgrad",
)
# Month, municipality, group, persons, employed, hours. København and Aarhus; somebody of unknown residence.
BENEFITS = (
    ("2024-05-01", "0101", "cash_job_ready", 100, 20, 600),
    ("2024-05-01", "0101", "cash_activity_ready", 50, 5, 50),
    ("2024-05-01", "0101", "cash", 148, 25, 650),
    ("2024-05-01", "0751", "cash_job_ready", 40, 8, 200),
    ("2024-05-01", "0751", "cash", 40, 8, 200),
    ("2024-05-01", None, "cash", 2, 0, 0),
    ("2024-05-01", "0101", "rehabilitation", 6, 3, 30),
    ("2024-05-01", "0101", "any_rehabilitation", 7, 3, 30),
    ("2024-06-01", "0101", "cash", 150, 30, 900),
    *((f"2023-{month:02d}-01", "0101", "sickness_benefit", 10, 1, 10) for month in range(1, 13)),
)
YEARS = (
    (2023, "0101", "sickness_benefit", 70),
    (2023, "0751", "sickness_benefit", 30),
    (2024, "0101", "sickness_benefit", 40),
)
# Spell, start, end, municipality, target group, instrument, kind, then the third month after the end: ordinary hours, of them at the enterprise; None: not seen.
SPELLS: tuple[tuple[str, str, str | None, str, str, str, str, tuple[float, float] | None], ...] = (
    ("same", "2024-01-15", "2024-04-02", "0101", "cash_job_ready", "work_trial", "private", (80, 60)),
    ("half at each", "2024-02-01", "2024-05-31", "0101", "cash_job_ready", "work_trial", "rsv", (80, 40)),
    ("no work", "2024-02-01", "2024-06-30", "0101", "cash_activity_ready", "work_trial", "nonprofit", (0.5, 0.5)),
    ("gone", "2024-02-01", "2024-06-30", "0101", "cash_job_ready", "work_trial", "private", None),
    ("public", "2024-02-01", "2024-06-30", "0101", "cash_job_ready", "work_trial", "public", (80, 0)),
    ("unknown enterprise", "2024-02-01", "2024-06-30", "0101", "cash_job_ready", "work_trial", "unknown", (80, 0)),
    ("elsewhere", "2024-02-01", "2024-06-30", "0751", "cash_job_ready", "work_trial", "private", (80, 0)),
    ("subsidy", "2024-02-01", "2024-06-30", "0101", "unemployment_insurance", "wage_subsidy", "private", (160, 160)),
    ("guidance", "2024-02-01", "2024-06-30", "0101", "cash_job_ready", "guidance_upskilling", "private", (80, 80)),
    ("open", "2024-02-01", None, "0101", "cash_job_ready", "work_trial", "private", None),
    ("after the cut-off", "2024-02-01", "2025-02-01", "0101", "cash_job_ready", "work_trial", "private", None),
    ("before", "2024-02-01", "2024-03-31", "0101", "cash_job_ready", "work_trial", "private", (80, 80)),
)


def publish(path: Path) -> Path:
    """Writes the warehouse; placements from January 2024, cut-off the last of December, work seen from January to September."""
    with duckdb.connect(str(path)) as connection:
        for schema in ("core", "scope", "progression", "quality"):
            connection.execute(f"create schema {schema}")
        connection.execute(
            "create table scope.fct_benefit_hours_monthly (month date, municipality_code varchar, benefit_group varchar, persons bigint, "
            "persons_employed bigint, ordinary_hours decimal(18, 4))"
        )
        connection.executemany("insert into scope.fct_benefit_hours_monthly values (?, ?, ?, ?, ?, ?)", BENEFITS)
        connection.execute(
            "create table scope.fct_target_persons_yearly (year integer, municipality_code varchar, benefit_group varchar, persons bigint)"
        )
        connection.executemany("insert into scope.fct_target_persons_yearly values (?, ?, ?, ?)", YEARS)
        connection.execute(
            "create table quality.fct_builds as select date '2024-01-01' as placement_first_month, date '2024-12-31' as as_of, "
            "date '2024-01-01' as observed_from, date '2024-09-01' as observed_through"
        )
        connection.execute(
            "create table core.fct_placement_spells (spell_id varchar, start_date date, end_date date, municipality_code varchar, target_group varchar, "
            "instrument varchar, enterprise_kind varchar)"
        )
        connection.execute(
            "create table progression.fct_progression_months (spell_id varchar, event_month integer, is_employed boolean, ordinary_hours decimal(18, 4), "
            "same_enterprise_hours decimal(18, 4))"
        )
        for spell, start, end, municipality, target, instrument, kind, after in SPELLS:
            connection.execute(
                "insert into core.fct_placement_spells values (?, ?, ?, ?, ?, ?, ?)",
                [spell, start, end, municipality, target, instrument, kind],
            )
            if after is not None and end is not None:
                event_month = int(end[5:7]) - int(start[5:7]) + 3
                connection.executemany(
                    "insert into progression.fct_progression_months values (?, ?, ?, ?, ?)",
                    [(spell, event_month, after[0] >= 1, *after), (spell, event_month + 1, True, 160, 160)],
                )
    return path


def csv_of(header: tuple[str, ...], *rows: tuple[Any, ...], bom: bool = True) -> bytes:
    """An export as CSV."""
    lines = [";".join(header), *(";".join(str(cell) for cell in row) for row in rows)]
    return ("\n".join(lines) + "\n").encode("utf-8-sig" if bom else "utf-8")


def version_2(header: tuple[str, ...], *rows: tuple[Any, ...], table: str = "") -> bytes:
    """The same as version 2 of the interface gives it."""
    named = {"TableID": table} if table else {}
    document = [named | {"Variables": [{"Label": name} for name in header], "Data": [list(row) for row in rows]}]
    return json.dumps(document, ensure_ascii=False).encode()


def version_3(header: tuple[str, ...], *rows: tuple[Any, ...]) -> bytes:
    """The same as version 3 of the interface gives it."""
    return json.dumps({"columns": list(header), "rows": [list(row) for row in rows]}, ensure_ascii=False).encode()


def records(header: tuple[str, ...], *rows: tuple[Any, ...]) -> bytes:
    """The same as a list of records."""
    return json.dumps([dict(zip(header, row, strict=True)) for row in rows], ensure_ascii=False).encode()
