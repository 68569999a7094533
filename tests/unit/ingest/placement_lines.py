"""Rows of `forloeb` for tests. Belongs here: an acceptable row, changes, reading. Not here: tests."""

from __future__ import annotations

from pathlib import Path

from assets.ingest import placement
from tests.unit.ingest.landed import CVR, WOMAN, Read, read

NAME = "forloeb_0101_2019-06.csv"
COLUMNS = placement.COLUMNS
UNREADABLE = "placement.unreadable_value"
ROW = {
    "aktivitet_id": "A1",
    "cpr": WOMAN,
    "maalgruppe": "2",
    "ydelse": "730",
    "tilbudstype": "VPK",
    "cvr": CVR,
    "p_nummer": "1000000001",
    "startdato": "2019-06-01",
    "slutdato": "2019-08-31",
    "timer_pr_uge": "37",
    "minutter_pr_uge": "30",
    "ansvarlig_kommune": "0101",
    "afslutningsaarsag": "Ordinær",
    "registreret_tidspunkt": "2019-06-03T08:15:00",
    "handling": "O",
}


def line(**changes: str) -> str:
    """Return an acceptable row with some of its values changed."""
    return ";".join((ROW | changes)[column] for column in COLUMNS)


def rows(tmp_path: Path, *lines: str, header: str = ";".join(COLUMNS)) -> Read:
    return read(placement, tmp_path, "placement", {NAME: "".join(f"{text}\n" for text in (header, *lines))})


def broken(result: Read) -> set[str]:
    return {rule.removeprefix("placement.") for rule in result.failed()}
