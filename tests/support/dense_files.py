"""Writing a dense country as a delivery: encodings, column orders, parts, duplicates, refused and late files.

What stands in the rows belongs to the other `dense_` modules.
"""

from __future__ import annotations

import csv
import gzip
import io
import random
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from .dense_payroll import Reported
from .dense_people import People
from .dense_placement import Placed
from .dense_registry import Registry, as_lines

Row = dict[str, str]

PAYROLL = [
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
]
PLACEMENT = [
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
]
AMOUNT = re.compile(r"-?[0-9]+(,[0-9]{1,4})?")


@dataclass
class Country:
    """All rows of a dense country, before they are put into files."""

    registry: Registry
    people: People
    placed: list[Placed]
    reported: list[Reported]
    register_day: date
    as_of: date
    months: list[date] = field(default_factory=list)  # reporting months


def table(columns: list[str], rows: list[Row], rng: random.Random | None = None) -> str:
    """CSV text; with `rng` the columns in any order and sometimes one more."""
    columns = list(columns)
    if rng:
        rng.shuffle(columns)
        columns += ["note"] if rng.random() < 0.3 else []
    text = io.StringIO()
    writer = csv.DictWriter(
        text,
        columns,
        restval="",
        extrasaction="ignore",
        delimiter=";",
        lineterminator=rng.choice(["\n", "\r\n"]) if rng else "\n",
    )
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Text to a file, packed when the name ends with .gz."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = text.encode(encoding)
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)


def _hundredths(text: str) -> int:
    """An amount in 1/10000, one that is no number as zero."""
    if not AMOUNT.fullmatch(text):
        return 0
    whole, _, decimals = text.lstrip("-").partition(",")
    value = int(whole) * 10_000 + int(decimals.ljust(4, "0"))
    return -value if text.startswith("-") else value


def _amount(value: int) -> str:
    return f"{'-' if value < 0 else ''}{abs(value) // 10_000},{abs(value) % 10_000:04d}"


def payroll_file(rows: list[Row], rng: random.Random | None = None, wrong: str | None = None) -> str:
    """Numbered lines and a trailer; `wrong` names the column of the trailer that does not agree."""
    lines = [{"linje": f"{number:07d}", **row} for number, row in enumerate(rows, start=1)]
    sums = {name: sum(_hundredths(row[name]) for row in rows) for name in ("felt_0013", "felt_0200")}
    trailer = {"linje": "9999999", "indberetning_id": str(len(rows) + (wrong == "indberetning_id"))}
    trailer |= {name: _amount(total + 100 * (wrong == name)) for name, total in sums.items()}
    return table(["linje", *PAYROLL], [*lines, trailer], rng)


def write_registry(folder: Path, country: Country, rng: random.Random, messy: bool) -> None:
    """The five snapshots; messy: also an older one, a newer one that cannot be unpacked, and one after the cut-off."""
    day, registry, people = country.register_day, country.registry, country.people
    texts = {
        "cvr_virksomheder_{}.ndjson": as_lines(registry.enterprise_documents),
        "cvr_produktionsenheder_{}.ndjson": as_lines(registry.unit_documents),
        "se_numre_{}.csv": table(["se_nr", "cvr_nr", "gyldig_fra", "gyldig_til"], registry.se_rows),
        "personer_{}.csv": table(
            ["cpr", "kommunekode", "bopael_fra", "bopael_til", "status", "status_dato"], people.rows
        ),
        "dream_{}.csv": table(["cpr", *people.week_columns], people.weeks),
    }
    for name, text in texts.items():
        write(folder / "registry" / (name.format(day) + rng.choice(["", ".gz"])), text)
        if not messy:
            continue
        half = "\n".join(text.split("\n")[: text.count("\n") // 2]) + "\n"
        write(folder / "registry" / name.format(day - timedelta(days=300)), half)
        write(folder / "registry" / name.format(country.as_of + timedelta(days=1)), half)
        if rng.random() < 0.5:
            broken = folder / "registry" / (name.format(day + timedelta(days=1)) + ".gz")
            broken.write_bytes(gzip.compress(text.encode(), mtime=0)[:-9])


def _danish(text: str) -> str:
    return "-".join(reversed(text.split("-"))) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text


def write_placements(folder: Path, country: Country, rng: random.Random, messy: bool) -> None:
    """A file a municipality and month; messy: all encodings and date forms, second files, duplicates, refused ones."""
    files: dict[tuple[str, date], list[Row]] = defaultdict(list)
    for placed in country.placed:
        files[placed.municipality, placed.month].append(placed.row)
    for (municipality, month), rows in sorted(files.items()):
        name = folder / "placement" / f"forloeb_{municipality}_{month:%Y-%m}.csv"
        if not messy:
            write(name, table(PLACEMENT, rows))
            continue
        if rng.random() < 0.3:
            rows = [row | {key: _danish(row[key]) for key in ("startdato", "slutdato")} for row in rows]
        half = len(rows) // 2 if rng.random() < 0.2 else 0
        encoding = rng.choice(["utf-8", "utf-8-sig", "cp1252"])
        text = table(PLACEMENT, rows[half:], rng)
        write(name, text, encoding)
        if half:
            write(name.with_suffix(".csv.gz"), table(PLACEMENT, rows[:half], rng))
        elif rng.random() < 0.1:
            write(name.with_suffix(".csv.gz"), text, encoding)
        if rng.random() < 0.1:
            late = name.with_name(f"forloeb_{municipality}_{month.year + 30}-{month:%m}.csv")
            write(late, text)
    if messy:
        place, month = sorted(files)[-1]
        mixed = [dict(files[place, month][0]) | {"startdato": "2019-02-01", "slutdato": "01-03-2019", "handling": "O"}]
        write(folder / "placement" / f"forloeb_{place}_2017-01.csv", table(PLACEMENT, mixed))
        write(folder / "placement" / f"forloeb_{place}_2017-02.csv", table(PLACEMENT[1:], mixed))
        write(folder / "placement" / f"forloeb_{place}_2017-03.csv", table(PLACEMENT, []))
        write(folder / "placement" / f"forloeb_0999_{month:%Y-%m}.csv", table(PLACEMENT, mixed))


def write_payroll(folder: Path, country: Country, rng: random.Random, messy: bool, parts: int = 1) -> None:
    """A month in one file or in parts; messy: the last months lack a part, or have one whose trailer is wrong."""
    files: dict[date, list[Row]] = {month: [] for month in country.months}
    for reported in country.reported:
        files[reported.month].append(reported.row)
    for position, (month, rows) in enumerate(sorted(files.items())):
        name = folder / "payroll" / f"eindkomst_{month:%Y-%m}.csv"
        count = rng.choice([1, 1, 2, 3]) if messy and parts == 1 else parts
        if count == 1:
            write(name.with_suffix(rng.choice([".csv", ".csv.gz"])), payroll_file(rows, rng if messy else None))
            continue
        size = len(rows) // count + 1
        left = len(files) - position
        for part in range(1, count + 1):
            own = rows[(part - 1) * size : part * size]
            wrong = rng.choice(["felt_0013", "felt_0200", "indberetning_id"]) if messy and left == 3 else None
            number = part + 1 if messy and left == 4 and part == count else part
            text = payroll_file(own, rng if messy else None, wrong if part == count else None)
            write(name.with_name(f"{name.stem}_{number:03d}.csv"), text)
            if messy and rng.random() < 0.1:
                write(name.with_name(f"{name.stem}_{count + 1:03d}.csv.gz"), text)
                break


def write_country(folder: Path, country: Country, seed: int, messy: bool, parts: int = 1) -> Path:
    """A landing zone; the same seed gives the same bytes. Gives the folder."""
    rng = random.Random(seed)
    write_registry(folder, country, rng, messy)
    write_placements(folder, country, rng, messy)
    write_payroll(folder, country, rng, messy, parts)
    return folder


def shuffled(country: Country, seed: int) -> Country:
    """The same rows in another order, everywhere."""
    rng = random.Random(seed)
    for rows in (
        country.registry.enterprise_documents,
        country.registry.unit_documents,
        country.registry.se_rows,
        country.people.rows,
        country.people.weeks,
        country.placed,
        country.reported,
    ):
        rng.shuffle(rows)
    return country


def add_duplicates(folder: Path, seed: int) -> list[str]:
    """Some placement and payroll files a second time under a later name; gives the new names."""
    rng, added = random.Random(seed), []
    for path in sorted((folder / "placement").iterdir()):
        if rng.random() < 0.2 and path.read_bytes().count(b"\n") > 1:
            copy = path.with_name(path.name.replace(".csv", ".csv.gz"))
            write(copy, path.read_bytes().decode())
            added.append(copy.name)
    for path in sorted((folder / "payroll").glob("*_001.csv")):
        if rng.random() < 0.5:
            copy = path.with_name(path.name.replace("_001", "_777"))
            copy.write_bytes(path.read_bytes())
            added.append(copy.name)
    return added
