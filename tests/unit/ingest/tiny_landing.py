"""A landing zone with one small good file of each kind, to be spoilt by a test.

Belongs here: writing files. Not here: assertions. The people are constructed and do not exist.
"""

from __future__ import annotations

import gzip
from datetime import date, timedelta
from pathlib import Path

from tests.unit.ingest.landed import CVR, MAN, WOMAN
from tests.unit.ingest.payroll_lines import line, payroll_text

AS_OF = date(2019, 12, 31)
MONTHS = [f"2019-{month:02d}" for month in range(1, 13)]
PLACEMENT_HEADER = (
    "aktivitet_id;cpr;maalgruppe;ydelse;tilbudstype;cvr;p_nummer;startdato;slutdato;timer_pr_uge;minutter_pr_uge;"
    "ansvarlig_kommune;afslutningsaarsag;registreret_tidspunkt;handling"
)


def put(raw: Path, name: str, content: str | bytes) -> Path:
    """Write a file below the landing zone (`folder/name`); a text as UTF-8, packed when the name ends with .gz."""
    path = raw / name
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") and isinstance(content, str) else data)
    return path


def placement_text(*activities: str, municipality: str = "0101") -> str:
    """Return a placement file with one good row for each id."""
    rows = [
        f"{activity};{WOMAN};2;730;VPK;{CVR};1000000001;2019-03-01;2019-05-31;37;0;{municipality};;2019-03-02T08:00:00;O"
        for activity in activities
    ]
    return "\n".join([PLACEMENT_HEADER, *rows]) + "\n"


def payroll_of(month: str, *numbers: int) -> str:
    """Return a payroll file whose content no other month has."""
    return payroll_text(*(line(indberetning_id=f"{month}-{number}", post_nr=str(number)) for number in numbers or (1,)))


def dream_text(code: str = "130", first: date = date(2018, 12, 6), weeks: int = 60) -> str:
    """Return a DREAM file of one person with the same code in every week from the week of a Thursday."""
    thursdays = [first + timedelta(weeks=week) for week in range(weeks)]
    columns = [f"y_{day.isocalendar().year % 100:02d}{day.isocalendar().week:02d}" for day in thursdays]
    return f"cpr;{';'.join(columns)}\n{WOMAN};{';'.join([code] * weeks)}\n"


def persons_text(*numbers: str) -> str:
    """Return a file of residents."""
    rows = [f"{number};0101;2010-01-01;;01;" for number in numbers or (WOMAN, MAN)]
    return "\n".join(["cpr;kommunekode;bopael_fra;bopael_til;status;status_dato", *rows]) + "\n"


def tiny_landing(raw: Path) -> Path:
    """Write a landing zone of 2019 whose every payroll month is complete; returns its folder."""
    put(raw, "registry/cvr_virksomheder_2019-12-01.ndjson", f'{{"Vrvirksomhed": {{"cvrNummer": {CVR}}}}}\n')
    put(raw, "registry/cvr_produktionsenheder_2019-12-01.ndjson", '{"VrproduktionsEnhed": {"pNummer": 1000000001}}\n')
    put(raw, "registry/se_numre_2019-12-01.csv", f"se_nr;cvr_nr;gyldig_fra;gyldig_til\n{CVR};{CVR};2010-01-01;\n")
    put(raw, "registry/personer_2019-12-01.csv", persons_text())
    put(raw, "registry/dream_2019-12-01.csv", dream_text())
    put(raw, "placement/forloeb_0101_2019-03.csv", placement_text("A1"))
    for month in MONTHS:
        put(raw, f"payroll/eindkomst_{month}.csv", payroll_of(month))
    return raw
