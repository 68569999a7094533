"""Makes one landing zone of all the golden lives, from the blocks in their sheets.

Belongs here: reading the sheets and writing the contract's files around their lines. Not here: what a number must be (the sheets), how it is held (test_lives.py).
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

SHEETS = Path(__file__).parent / "lives"
RSV, PRIVATE = "31000106", "32000118"
PAYROLL_MONTHS = ("2017-01", "2022-06")
DREAM_WEEKS = ("1701", "2226")
SNAPSHOT = "2022-06-30"

PAYROLL_COLUMNS = (
    "linje;indberetning_id;post_nr;indberetningsart;reference_id;se_nr;p_nummer;cpr;indkomsttype;dispositionsdato;"
    "periode_fra;periode_til;felt_0013;felt_0014;felt_0016;felt_0200;kryds_0220;indberettet_tidspunkt"
)
PLACEMENT_COLUMNS = (
    "aktivitet_id;cpr;maalgruppe;ydelse;tilbudstype;cvr;p_nummer;startdato;slutdato;timer_pr_uge;minutter_pr_uge;"
    "ansvarlig_kommune;afslutningsaarsag;registreret_tidspunkt;handling"
)
_BLOCK = re.compile(r"^```(?P<what>[a-z].*?)\n(?P<lines>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Expected:
    """One row of a sheet's table: a value that the warehouse must hold, or a number of rows."""

    table: str
    where: str
    column: str
    value: str


@dataclass
class Life:
    """A sheet: whose it is, what was delivered, what must come of it."""

    name: str
    cpr: str
    blocks: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    expected: list[Expected] = field(default_factory=list)


def lives() -> list[Life]:
    """Reads every sheet, in order of its file name."""
    return [_life(path) for path in sorted(SHEETS.glob("[0-9]*.md"))]


def _life(path: Path) -> Life:
    text = path.read_text(encoding="utf-8")
    blocks: dict[str, list[str]] = defaultdict(list)
    for block in _BLOCK.finditer(text):
        blocks[block["what"]] += block["lines"].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    expected = [Expected(*row[:4]) for row in rows[2:]]
    return Life(path.stem, blocks["personer"][0].split(";")[0], blocks, expected)


def months(first: str, last: str) -> Iterator[str]:
    """Gives `YYYY-MM` from the first to the last."""
    year, month = (int(part) for part in first.split("-"))
    while f"{year:04d}-{month:02d}" <= last:
        yield f"{year:04d}-{month:02d}"
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def weeks(first: str, last: str) -> Iterator[str]:
    """Gives `YYWW` from the first to the last, years with 53 weeks included."""
    day = date.fromisocalendar(2000 + int(first[:2]), int(first[2:]), 4)
    while (text := f"{day.isocalendar().year % 100:02d}{day.isocalendar().week:02d}") <= last:
        yield text
        day += timedelta(days=7)


def write(raw: Path) -> Path:
    """Writes the landing zone into `raw` (made when missing) and returns it."""
    everybody = lives()
    for folder in ("registry", "placement", "payroll"):
        (raw / folder).mkdir(parents=True, exist_ok=True)
    _write_registry(raw / "registry", everybody)
    _write_placement(raw / "placement", everybody)
    _write_payroll(raw / "payroll", everybody)
    return raw


def _write_registry(folder: Path, everybody: list[Life]) -> None:
    always = {"gyldigFra": "2015-06-01", "gyldigTil": None}
    enterprises, units = [], []
    for cvr, name, is_rsv in ((RSV, "Fodslaw ApS", True), (PRIVATE, "Hverdag ApS", False)):
        document = {
            "cvrNummer": int(cvr),
            "navne": [{"navn": name, "periode": always}],
            "beliggenhedsadresse": [{"kommune": {"kommuneKode": 101}, "periode": always}],
            "hovedbranche": [{"branchekode": "881020", "periode": always}],
            "virksomhedsform": [{"virksomhedsformkode": 80, "periode": always}],
            "livsforloeb": [{"periode": always}],
            "attributter": [],
        }
        if is_rsv:
            flag = {"vaerdi": "true", "periode": {"gyldigFra": "2016-01-01", "gyldigTil": None}}
            document["attributter"] = [{"type": "SOCIAL_ØKONOMISK_VIRKSOMHED", "vaerdier": [flag]}]
        enterprises.append({"Vrvirksomhed": document})
    owner = {"cvrNummer": int(RSV), "periode": always}
    units.append({"VrproduktionsEnhed": {"pNummer": 1000000001, "virksomhedsrelation": [owner]}})
    for kind, documents in (("cvr_virksomheder", enterprises), ("cvr_produktionsenheder", units)):
        lines = "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)
        (folder / f"{kind}_{SNAPSHOT}.ndjson").write_text(lines, encoding="utf-8")
    se_numbers = f"{RSV};{RSV};2015-06-01;\n{PRIVATE};{PRIVATE};2015-06-01;\n"
    _csv(folder / f"se_numre_{SNAPSHOT}.csv", "se_nr;cvr_nr;gyldig_fra;gyldig_til", se_numbers)
    people = "".join(line + "\n" for life in everybody for line in life.blocks["personer"])
    _csv(folder / f"personer_{SNAPSHOT}.csv", "cpr;kommunekode;bopael_fra;bopael_til;status;status_dato", people)
    columns = list(weeks(*DREAM_WEEKS))
    rows = "".join(";".join([life.cpr, *_codes(life, columns)]) + "\n" for life in everybody)
    _csv(folder / f"dream_{SNAPSHOT}.csv", ";".join(["cpr", *(f"y_{week}" for week in columns)]), rows)


def _codes(life: Life, columns: list[str]) -> list[str]:
    codes = dict.fromkeys(columns, "")
    for line in life.blocks["dream"]:
        span, code = line.split(": ")
        codes.update(dict.fromkeys(weeks(*span.split("-")), code))
    return list(codes.values())


def _write_placement(folder: Path, everybody: list[Life]) -> None:
    files: dict[str, list[str]] = defaultdict(list)
    for life in everybody:
        for what, lines in life.blocks.items():
            if what.startswith("forloeb "):
                _, municipality, month = what.split()
                files[f"forloeb_{municipality}_{month}.csv"] += lines
    for name, lines in files.items():
        _csv(folder / name, PLACEMENT_COLUMNS, "".join(line + "\n" for line in lines))


def _write_payroll(folder: Path, everybody: list[Life]) -> None:
    for month in months(*PAYROLL_MONTHS):
        lines = [line for life in everybody for line in life.blocks.get(f"eindkomst {month}", [])]
        fields = [line.split(";") for line in lines]
        sums = [
            sum((Decimal(row[place].replace(",", ".") or 0) for row in fields), Decimal("0.00")) for place in (11, 14)
        ]
        pay, hours = (str(value).replace(".", ",") for value in sums)
        trailer = ["9999999", str(len(lines)), *[""] * 10, pay, "", "", hours, "", ""]
        body = "".join(f"{number:07d};{line}\n" for number, line in enumerate(lines, 1))
        _csv(folder / f"eindkomst_{month}.csv", PAYROLL_COLUMNS, body + ";".join(trailer) + "\n")


def _csv(path: Path, header: str, body: str) -> None:
    path.write_text(header + "\n" + body, encoding="utf-8")
