"""Tables that hold what formats have lost before: nulls, Danish letters, dates before 1970, leading zeros, decimals, long labels.

Belongs here: the tables that several tests write. Not here: tests.
"""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd

from assets.formats.dataset import Dataset, Variable

LONG_DA = "Ordinære løntimer i måneden, uden støttede timer og uden timer på øvrige ydelser"  # 80 characters
LONG_EN = "Ordinary paid hours in the month, without supported hours, other benefits' hours"
STATUS = {
    "ok": ("Vist", "Shown"),
    "suppressed_primary": ("Skjult: for få personer", "Suppressed: too few persons"),
    "suppressed_secondary": ("Skjult: følger af andre celler", "Suppressed: follows from other cells"),
}

PERSONS = Dataset(
    "person_months",
    "Personmåneder",
    "Person months",
    "Én række pr. person og måned; ø, æ og å.",
    "One row per person and month.",
    (
        Variable("person_key", "text", "Personnøgle", "Person key", is_key=True),
        Variable("month", "month", "Måned", "Month", is_key=True),
        Variable(
            "municipality_code",
            "text",
            "Kommune",
            "Municipality",
            values={
                "0101": ("København", "Copenhagen"),
                "0851": ("Aalborg", "Aalborg"),
                "0580": ("Aabenraa", "Åbenrå"),
            },
        ),
        Variable(
            "instrument",
            "text",
            "Indsats",
            "Instrument",
            values={
                "wage_subsidy": ("Løntilskud", "Wage subsidy"),
                "work_trial": ("Virksomhedspraktik", "Work trial"),
                "a'b": ("Andet, 'småjob' mv.", "Other, 'small jobs'"),
            },
        ),
        Variable(
            "group",
            "text",
            "Kommunegruppe",
            "Group",
            values={"1": ("Hovedstad", "Capital"), "5": ("Land", "Rural"), "all": ("Alle", "All")},
        ),
        Variable(
            "hour_band",
            "integer",
            "Timebånd",
            "Band of hours",
            values={"0": ("under 1 time", "under 1"), "1": ("1-39 timer", "1-39")},
        ),
        Variable("hours", "decimal", LONG_DA, LONG_EN, unit="timer", unit_en="hours"),
        Variable("weight", "double", "Vægt", "Weight"),
        Variable("large", "integer", "Stort tal", "Large number"),
        Variable("birth_date", "date", "Født", "Born"),
        Variable("is_rsv", "boolean", "Er RSV", "Is RSV"),
        Variable("remark", "text", "Bemærkning", "Remark"),
    ),
)


def persons() -> pd.DataFrame:
    """Four rows out of order, a null in every column that is no key."""
    return pd.DataFrame(
        {
            "person_key": ["b", "a", "a", "ø"],
            "month": [
                datetime.date(1965, 1, 1),
                datetime.date(2020, 2, 1),
                datetime.date(2019, 12, 1),
                datetime.date(2024, 12, 1),
            ],
            "municipality_code": ["0101", None, "0851", "0580"],
            "instrument": ["work_trial", "wage_subsidy", None, "a'b"],
            "group": ["1", "all", "5", None],
            "hour_band": pd.array([0, 1, None, 0], "Int64"),
            "hours": [12.25, None, 0.0, 160.33],
            "weight": [1 / 3, 1e-9, None, 123456.7],
            "large": pd.array([2**53, -(2**31), None, 7], "Int64"),
            "birth_date": pd.Series(
                [datetime.date(1901, 5, 6), datetime.date(1969, 12, 31), None, datetime.date(1970, 1, 1)], dtype=object
            ),
            "is_rsv": pd.array([True, False, None, True], "boolean"),
            "remark": ['æ;ø,å "citat"', "0007", None, "=1+1"],
        }
    )


CELLS = Dataset(
    "scope_by_municipality",
    "Omfang efter kommune",
    "Scope by municipality",
    "Én række pr. år, type og kommune. Skjulte celler er tomme.",
    "One row per year, kind and municipality.",
    (
        Variable("year", "integer", "År", "Year", is_key=True),
        Variable(
            "enterprise_kind",
            "text",
            "Virksomhedstype",
            "Kind",
            values={"rsv": ("RSV", "RSV"), "other": ("Øvrige", "Others")},
            is_key=True,
        ),
        Variable(
            "municipality_code",
            "text",
            "Kommune",
            "Municipality",
            values={
                "0101": ("København", "Copenhagen"),
                "0851": ("Aalborg", "Aalborg"),
                "all": ("Hele landet", "Denmark"),
            },
            is_key=True,
        ),
        Variable(
            "persons", "integer", "Personer", "Persons", unit="personer", unit_en="persons", hidden_by=("status",)
        ),
        Variable("hours", "decimal", "Timer", "Hours", unit="timer", unit_en="hours", hidden_by=("status",)),
        Variable("share", "double", "Andel", "Share", unit="andel", unit_en="share", hidden_by=("status",)),
        Variable("rsv_registered", "integer", "Registrerede", "Registered", unit="virksomheder", unit_en="enterprises"),
        Variable(
            "started",
            "integer",
            "Startede",
            "Started",
            unit="forløb",
            unit_en="spells",
            hidden_by=("status", "started_status"),
        ),
        Variable("reason", "text", "Grund", "Reason"),
        Variable("status", "text", "Status", "Status", values=STATUS),
        Variable("started_status", "text", "Status, startede", "Status, started", values=STATUS),
    ),
    updated=datetime.date(2024, 12, 31),
    source="Ministeriet",
)


def cells() -> pd.DataFrame:
    """Of the twelve cells of two years one does not occur, one is suppressed in each way, one has its second part alone suppressed, one share is missing."""
    hidden = {(2023, "rsv", "0851"): "suppressed_primary", (2023, "rsv", "0101"): "suppressed_secondary"}
    rows: list[tuple[Any, ...]] = []
    for year in (2023, 2024):
        for kind in ("rsv", "other"):
            for place, code in enumerate(("0101", "0851", "all")):
                cell = (year, kind, code)
                status = hidden.get(cell, "ok")
                second = "suppressed_primary" if cell == (2024, "rsv", "0101") else status
                shown = status == "ok"
                share = None if (year, code) == (2024, "all") or not shown else 0.123456 * (place + 1)
                persons, hours = (10 + place, 7.5 * (place + 1)) if shown else (None, None)
                if cell != (2024, "other", "0851"):
                    rows.append(
                        (*cell, persons, hours, share, 3, 5 if second == "ok" else None, "fordi", status, second)
                    )
    frame = pd.DataFrame(rows, columns=[variable.name for variable in CELLS.variables])
    return frame.astype({"persons": "Int64", "started": "Int64"})
