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

from .dense_oddities import odd_lines
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
SUMMED = ("linje", "indberetning_id", "felt_0013", "felt_0200")
AMOUNT = re.compile(r"-?0*[0-9]{1,14}(,[0-9]{1,4}0*)?")


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
    """CSV text; with `rng` the columns in any order, sometimes one more, and some rows with a field too many or too few."""
    columns = list(columns)
    if rng:
        rng.shuffle(columns)
        columns += ["note"] if rng.random() < 0.3 else []
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator=rng.choice(["\n", "\r\n"]) if rng else "\n")
    writer.writerow(columns)
    for row in rows:
        fields = [row.get(column, "") for column in columns]
        if rng and rng.random() < 0.005:
            fields = [*fields, ""] if columns[-1] in SUMMED or rng.random() < 0.5 else fields[:-1]
        writer.writerow(fields)
        if rng and rng.random() < 0.005:
            text.write("\n")
    return text.getvalue()


def write(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Text to a file, packed when the name ends with .gz."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        content = text.encode(encoding)
    except UnicodeEncodeError:
        content = text.encode()
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)


def _hundredths(text: str) -> int:
    """An amount in 1/10000, one that is no number as zero."""
    if not AMOUNT.fullmatch(text):
        return 0
    whole, _, decimals = text.lstrip("-").partition(",")
    value = int(whole) * 10_000 + int(decimals.ljust(4, "0")[:4])
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


SE_NUMRE = ["se_nr", "cvr_nr", "gyldig_fra", "gyldig_til"]
PERSONER = ["cpr", "kommunekode", "bopael_fra", "bopael_til", "status", "status_dato"]


def _broken_snapshots(kind: str, text: str, country: Country) -> dict[str, bytes]:
    """Newer snapshots that a file rule refuses, by the rest of their names."""
    found = {".gz": gzip.compress(text.encode(), mtime=0)[:-9], "": text.encode() + b"\xff"}
    people = country.people
    if kind == "dream":
        weeks = people.week_columns
        found[""] = table(["cpr", *weeks[:9], *weeks[10:]], people.weeks).encode()
    elif kind == "personer":
        found[""] = table([*PERSONER, "cpr"], people.rows).encode()
    elif kind == "se_numre":
        found[""] = table(SE_NUMRE[:-1], country.registry.se_rows).encode()
    return found


def write_registry(folder: Path, country: Country, rng: random.Random, messy: bool) -> None:
    """The five snapshots; messy: also an older one, two newer ones that are refused, and one after the cut-off."""
    day, registry, people = country.register_day, country.registry, country.people
    columns = rng if messy else None
    weeks = [*people.week_columns, "y_1853"] if messy else people.week_columns
    texts = {
        "cvr_virksomheder": odd_lines(rng, as_lines(registry.enterprise_documents)),
        "cvr_produktionsenheder": odd_lines(rng, as_lines(registry.unit_documents)),
        "se_numre": table(SE_NUMRE, registry.se_rows, columns),
        "personer": table(PERSONER, people.rows, columns),
        "dream": table(["cpr", *weeks], [row | {"y_1853": "111"} for row in people.weeks], columns),
    }
    for kind, text in texts.items():
        ending = "ndjson" if kind.startswith("cvr_") else "csv"

        def name(when: date, packed: str = "", kind: str = kind, ending: str = ending) -> Path:
            return folder / "registry" / f"{kind}_{when}.{ending}{packed}"

        write(name(day, rng.choice(["", ".gz"])), text)
        if not messy:
            continue
        half = "\n".join(text.split("\n")[: text.count("\n") // 2]) + "\n"
        write(name(day - timedelta(days=300)), half)
        write(name(country.as_of + timedelta(days=1)), half)
        for later, (packed, content) in enumerate(_broken_snapshots(kind, text, country).items(), start=1):
            name(day + timedelta(days=later), packed).write_bytes(content)


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
        refused = {
            "2017-01": table(PLACEMENT, mixed).encode(),
            "2017-02": table(PLACEMENT[1:], mixed).encode(),
            "2017-03": table(PLACEMENT, []).encode(),
            "2017-04": table([*PLACEMENT, "cpr"], mixed).encode(),
            "2017-05": table(PLACEMENT, mixed).encode() + b"\x81",
            "2017-06": b"",
        }
        for when, content in refused.items():
            (folder / "placement" / f"forloeb_{place}_{when}.csv").write_bytes(content)
        write(folder / "placement" / f"forloeb_0999_{month:%Y-%m}.csv", table(PLACEMENT, mixed))
        write(folder / "placement" / f".forloeb_{place}_{month:%Y-%m}.csv", table(PLACEMENT, mixed))


def _refused_parts(rows: list[Row]) -> list[bytes]:
    """One payroll file for each file rule, which it breaks."""
    rows = [row for row in rows if row["felt_0013"]][:4]
    good = payroll_file(rows)
    header, *lines = good.splitlines(keepends=True)
    return [
        payroll_file(rows, wrong="indberetning_id").encode(),
        payroll_file(rows, wrong="felt_0013").encode(),
        payroll_file(rows, wrong="felt_0200").encode(),
        "".join([header, *lines[:-1]]).encode(),
        "".join([header, lines[1], lines[0], *lines[2:]]).encode(),
        good.replace("post_nr", "post", 1).encode(),
        good.replace("p_nummer", "cpr", 1).replace(";cpr", ";cpr;p_nummer", 1).encode(),
        good.encode() + b"\xe6",
        b"",
    ]


def write_payroll(folder: Path, country: Country, rng: random.Random, messy: bool, parts: int = 1) -> None:
    """A month in one file or in parts; messy: some last months lack a number or have parts that are refused."""
    files: dict[date, list[Row]] = {month: [] for month in country.months}
    for reported in country.reported:
        files[reported.month].append(reported.row)
    for position, (month, rows) in enumerate(sorted(files.items())):
        name, left = folder / "payroll" / f"eindkomst_{month:%Y-%m}.csv", len(files) - position
        count = rng.choice([1, 1, 2, 3]) if messy and parts == 1 else parts
        if count == 1:
            write(name.with_suffix(rng.choice([".csv", ".csv.gz"])), payroll_file(rows, rng if messy else None))
        size = len(rows) // count + 1
        for part in range(1, count + 1 if count > 1 else 1):
            number = part + 1 if messy and left == 4 and part == count else part
            text = payroll_file(rows[(part - 1) * size : part * size], rng if messy else None)
            write(name.with_name(f"{name.stem}_{number:03d}.csv"), text)
            if messy and rng.random() < 0.1:
                write(name.with_name(f"{name.stem}_{count + 1:03d}.csv.gz"), text)
                break
        if messy and left == 3:
            for extra, content in enumerate(_refused_parts(rows), start=count + 2):
                name.with_name(f"{name.stem}_{extra:03d}.csv").write_bytes(content)


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
