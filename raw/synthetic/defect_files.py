"""Defective files: refused ones, duplicates, months that are missing, names that fit nothing, snapshots that a newer one supersedes.

Belongs here: whole files. None loses anything that another file does not have, but for the missing months, whose loss is the point. Not here: rows.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np

from raw.synthetic.defects import Defects
from raw.synthetic.files import gz, write, write_as_is
from raw.synthetic.payroll_files import COLUMNS as PAYROLL_COLUMNS
from raw.synthetic.payroll_files import HEADER as PAYROLL_HEADER
from raw.synthetic.payroll_files import trailer
from raw.synthetic.placement_files import COLUMNS, HEADER, PlacementFiles, content

SOME = 500


class FileChoice:
    """Which municipality-months are not delivered, have a further column, or begin with a byte order mark."""

    def __init__(self, planted: Defects, municipalities: list[int]) -> None:
        calendar = planted.world.calendar
        # The first year is left whole: what the register table says about September 2017 rests on it.
        keys = [(code, month) for code in municipalities for month in range(calendar.first, calendar.last + 1)]
        later = np.array(
            [
                at
                for at, (_, month) in enumerate(keys)
                if month > calendar.first + 24 and keys[at] not in planted.touched
            ],
            dtype=np.int64,
        )
        everything = np.arange(len(keys))
        self.missing = {
            keys[at]
            for at in planted.some("missing-month", later, planted.many("missing_month_share", len(keys))).tolist()
        }
        self.extra_column = {
            keys[at]
            for at in planted.some("extra-column", everything, planted.many("extra_column_share", len(keys))).tolist()
        } - self.missing
        self.bom = {
            keys[at] for at in planted.some("bom", everything, planted.many("bom_share", len(keys))).tolist()
        } - self.missing
        planted.count("missing municipality-months", "", len(self.missing))
        planted.count("unknown_extra_columns", "", len(self.extra_column))


def placement_files(planted: Defects, files: PlacementFiles, folder: Path, choice: FileChoice) -> list[Path]:
    """Duplicates and refused files beside sound ones (`.csv.gz` beside `.csv`)."""
    sound = sorted(
        path
        for path in folder.glob("forloeb_*.csv")
        if path.stat().st_size > SOME and not path.with_suffix(".csv.gz").exists()
    )
    if not sound:
        return []
    duplicates = int(planted.rates["duplicate_files"])
    refused = bool(planted.rates["refused_files"])
    picked = [
        sound[at] for at in planted.some("placement-files", np.arange(len(sound)), duplicates + 5 * refused).tolist()
    ]
    written = []
    for path in picked[:duplicates]:
        written.append(write(Path(f"{path}.gz"), path.read_bytes()))
        planted.count("duplicate", "", 1)
    for path, rule in zip(
        picked[duplicates:],
        (
            "file.unreadable",
            "file.encoding",
            "file.missing_column",
            "file.duplicate_column",
            "placement.mixed_date_forms",
        ),
        strict=False,
    ):
        code = int(path.name[8:12])
        lines = files.lines[code, planted.world.calendar.index(path.name[13:20])]
        plain = [line for line in lines if "\n" not in line and '"' not in line]
        packed = _broken(rule, plain)
        written.append(write_as_is(Path(f"{path}.gz"), packed))
        planted.count(rule, "", 1)
    if planted.rates["unrecognised_files"]:
        month = planted.world.calendar.name(planted.world.calendar.last)
        written.append(write(folder / f"forloeb_0999_{month}.csv", content([], "utf-8")))
        planted.count("unrecognised", "", 1)
    return written


def _broken(rule: str, lines: list[str]) -> bytes:
    sound = content(lines, "utf-8")
    if rule == "file.unreadable":
        return gz(sound)[:-12]
    if rule == "file.encoding":
        # A byte that is neither UTF-8 nor defined in Windows-1252.
        return gz(sound + b"\x81\n")
    if rule == "file.missing_column":
        return gz(content([line.rsplit(";", 1)[0] for line in lines], "utf-8", HEADER.rsplit(";", 1)[0]))
    if rule == "file.duplicate_column":
        return gz(content([line + ";O" for line in lines], "utf-8", HEADER + ";" + COLUMNS[-1]))
    first = lines[0].split(";")
    first[COLUMNS.index("startdato")], first[COLUMNS.index("slutdato")] = "2018-05-01", "31-05-2018"
    return gz(content([";".join(first), *lines[1:]], "utf-8"))


def payroll_files(planted: Defects, folder: Path) -> list[Path]:
    """Duplicates anywhere; refused files as further parts of the last month, which lacks a part anyway."""
    calendar = planted.world.calendar
    months = np.arange(calendar.first + 1, calendar.last)
    written: list[Path] = []
    for month in planted.some("payroll-duplicates", months, int(planted.rates["duplicate_files"])).tolist():
        path = sorted(folder.glob(f"eindkomst_{calendar.name(month)}*"))[0]
        plain = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        twin = path.with_suffix("") if path.suffix == ".gz" else Path(f"{path}.gz")
        written.append(write(twin, plain))
        planted.count("duplicate", "", 1)
    if planted.rates["unrecognised_files"]:
        written.append(write(folder / f"eindkomst_{calendar.name(calendar.last)[:4]}.csv", PAYROLL_HEADER))
        planted.count("unrecognised", "", 1)
    if not (planted.rates["refused_files"] and planted.rates["last_month_incomplete"]):
        return written
    name = calendar.name(calendar.last)
    people = [f"{number:010d}" for number in planted.world.people.cpr[:3]]
    number = int(planted.world.enterprises.cvr[0])
    day = f"{name}-15"

    def line(at: int, cpr: str) -> str:
        fields = {
            "linje": f"{at:07d}", "indberetning_id": planted.new_id(), "post_nr": "1", "indberetningsart": "I", "se_nr": str(number), "cpr": cpr, "indkomsttype": "00",
            "dispositionsdato": day, "periode_fra": f"{name}-01", "periode_til": day, "felt_0013": "100,00", "felt_0200": "1,00", "indberettet_tidspunkt": f"{day}T10:00:00",
        }  # fmt: skip
        return ";".join(fields.get(column, "") for column in PAYROLL_COLUMNS) + "\n"

    rules = (
        "file.unreadable", "file.encoding", "file.missing_column", "file.duplicate_column", "payroll.trailer_missing", "payroll.trailer_count", "payroll.trailer_sum_0013",
        "payroll.trailer_sum_0200", "payroll.line_numbers",
    )  # fmt: skip
    for part, rule in enumerate(rules):
        lines = [line(at + (2 if rule == "payroll.line_numbers" else 1), cpr) for at, cpr in enumerate(people)]
        count, pay, hours = len(lines), 10_000 * len(lines), 100 * len(lines)
        last = trailer(
            count + (rule == "payroll.trailer_count"),
            pay + (rule == "payroll.trailer_sum_0013"),
            hours + (rule == "payroll.trailer_sum_0200"),
        )
        body = PAYROLL_HEADER + "".join(lines).encode() + (b"" if rule == "payroll.trailer_missing" else last)
        if rule == "file.missing_column":
            body = b"\n".join(row.rsplit(b";", 1)[0] for row in body.splitlines()) + b"\n"
        if rule == "file.duplicate_column":
            body = b"".join(row + (b";felt_0013\n" if at == 0 else b";\n") for at, row in enumerate(body.splitlines()))
        if rule == "file.encoding":
            body = body.replace(b";I;", b";I\xff;", 1)
        path = folder / f"eindkomst_{name}_{11 + part:03d}.csv.gz"
        written.append(write_as_is(path, gz(body)[:-12] if rule == "file.unreadable" else gz(body)))
        planted.count(rule, "", 1)
    return written


def registry_files(planted: Defects, folder: Path, day: int) -> list[Path]:
    """A newest snapshot that is refused for each kind but the enterprises', older snapshots that a newer one supersedes; `day`: that of the sound ones."""
    written: list[Path] = []
    newest, older = (
        str(np.int64(value).astype("datetime64[D]")) for value in (planted.world.calendar.last_day, day - 180)
    )
    sound = {path.name.split("_20")[0]: path for path in sorted(folder.iterdir())}
    if planted.rates["refused_files"]:
        dream = "cpr;y_1801;y_1803\n"
        for name, body, rule in (
            ("se_numre", b"se_nr;cvr_nr;gyldig_fra\n", "file.missing_column"),
            ("personer", b"cpr;kommunekode;bopael_fra;bopael_til;status;status_dato\n\xff;;;;;\n", "file.encoding"),
            ("dream", dream.encode(), "dream.missing_week"),
        ):
            written.append(write(folder / f"{name}_{newest}.csv", body))
            planted.count(rule, "", 1)
        written.append(write_as_is(folder / f"cvr_produktionsenheder_{newest}.ndjson.gz", gz(b"{}\n" * 50)[:-10]))
        planted.count("file.unreadable", "", 1)
    if planted.rates["superseded_snapshots"]:
        for name in ("se_numre", "personer"):
            lines = sound[name].read_bytes().splitlines(keepends=True)
            written.append(write(folder / f"{name}_{older}.csv", b"".join(lines[: 1 + (len(lines) - 1) // 2])))
            planted.count("superseded", "", 1)
    if planted.rates["unrecognised_files"]:
        written.append(write(folder / f"personer_{newest.replace('-', '')}.csv", b"cpr\n"))
        planted.count("unrecognised", "", 1)
    return written
