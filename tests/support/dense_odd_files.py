"""Odd files beside those of a dense country: names, packings, line ends, quotes and trailers at the edge of the contract.

What stands in their rows is as good as in the country's own; odd values belong to `dense_oddities`.
"""

from __future__ import annotations

import gzip
from pathlib import Path

from .dense_files import PLACEMENT, Country, Row, payroll_file, table
from .dense_registry import Registry


def _named(rows: list[Row], name: str) -> list[Row]:
    return [row | {"indberetning_id": f"{row['indberetning_id']}-{name}"} for row in rows]


def odd_payroll_files(country: Country) -> dict[str, bytes]:
    """Rest of the name: content, of a late reporting month."""
    rows = [line.row for line in country.reported if line.row["felt_0013"] and line.row["felt_0200"]][:8]
    whole = payroll_file(_named(rows, "a"))
    cut = gzip.compress(payroll_file(_named(rows, "b")).encode(), mtime=0)[:-9]
    header = whole.splitlines()[0]
    quoted = "".join('"' + line.replace(";", '";"') + '"\r\n' for line in payroll_file(_named(rows, "c")).splitlines())
    longer = payroll_file(_named(rows, "d")).rstrip("\n") + ";;"
    shorter = payroll_file(_named(rows, "e")).rstrip("\n").removesuffix(";;")
    texts = {
        "_50.csv": whole,
        "_000.csv": whole,
        "_0500.csv": whole,
        "_500.csv": whole.replace("\n0000001;", "\n1;", 1),
        "_501.csv": header + "\n",
        "_502.csv": header,
        "_503.csv": payroll_file(_named(rows, "f")).replace("\n", ";\n", 1),
        "_504.csv": whole.replace("cpr", "CPR", 1),
        "_505.csv": whole.replace("cpr", " cpr", 1),
        "_506.csv": whole + whole.splitlines()[-1] + "\n",
        "_507.csv": payroll_file(_named(rows, "g")).rstrip("\n"),
        "_508.csv": whole.replace("\n9999999;", "\n 9999999;"),
        "_509.csv": "\ufeff" + payroll_file(_named(rows, "h")).replace("\n", "\r\n") + "\n\r\n",
        "_510.csv": "\n\n" + payroll_file(_named(rows, "i")),
        "_511.csv": payroll_file([]),
        "_512.csv": payroll_file([]),
        "_513.csv": whole.replace("linje", "lin", 1),
        "_514.csv": quoted,
        "_515.csv": longer,
        "_516.csv": shorter,
        "_517.csv": "   \n",
        "_518.csv": header + "\n   \n",
    }
    bytewise = {
        "_520.csv.gz": b"",
        "_521.csv.gz": gzip.compress(header.encode(), mtime=0) + gzip.compress(whole[len(header) :].encode(), mtime=0),
        "_522.csv.gz": gzip.compress(payroll_file(_named(rows, "j")).encode(), mtime=0) + b"more",
        "_523.csv.gz": cut,
        "_524.csv.gz": cut,
        "_525.csv": whole.encode("utf-16"),
        "_526.csv": whole.encode() + b"\xff",
        "_527.csv": whole.encode() + b"\xff",
    }
    return {name: text.encode() for name, text in texts.items()} | bytewise


def odd_placement_files(registry: Registry, cpr: str, place: str) -> dict[str, bytes]:
    """Month: content, of one municipality."""

    def row(number: int, **changes: str) -> Row:
        base = {
            "aktivitet_id": f"F{number}",
            "cpr": cpr,
            "maalgruppe": "2",
            "tilbudstype": "VPK",
            "cvr": registry.enterprises[0],
        }
        base |= {"startdato": "2019-02-01", "slutdato": "2019-03-01", "ansvarlig_kommune": place, "handling": "O"}
        return base | {"registreret_tidspunkt": f"2019-02-0{number % 9 + 1}T10:00:00"} | changes

    def two(number: int, **changes: str) -> str:
        return table(PLACEMENT, [row(number), row(number + 1, **changes)])

    marked = table(PLACEMENT, [row(20, ydelse="QQ"), row(21, ydelse="QR")])
    texts = {
        "2016-01": two(1, handling="S", startdato="01-02-2019"),
        "2016-02": two(3, startdato="31-02-2019"),
        "2016-03": two(5, handling="X", startdato="01-02-2019"),
        "2016-04": two(7, cpr="1", slutdato="01-03-2019"),
        "2016-05": table(PLACEMENT, [row(9, startdato="01-02-2019", slutdato="")]) + "F10;;;;2019-02-01\n",
        "2016-06": marked.replace("QQ", 'a"b').replace("QR", '"a"'),
        "2016-07": marked.replace("QQ", "").replace("QR", '"open'),
        "2016-08": marked.replace("QQ", ' "x"').replace("QR", '""'),
        "2016-09": table(PLACEMENT, []).rstrip("\n"),
        "2016-10": table(PLACEMENT, []).rstrip("\n") + "\n\n",
    }
    bytewise = {
        "2016-11": two(11).encode("utf-16"),
        "2016-12": b"\xef\xbb\xbf" + table(PLACEMENT, [row(13, ydelse="Ø")]).encode("cp1252"),
    }
    return {month: text.encode() for month, text in texts.items()} | bytewise


def add_odd_files(raw: Path, country: Country) -> None:
    """Writes them beside the country's files, and things that are no deliveries at all."""
    month = f"{country.months[-1]:%Y-%m}"
    for rest, content in odd_payroll_files(country).items():
        (raw / "payroll" / f"eindkomst_{month}{rest}").write_bytes(content)
    place = country.registry.municipalities[0]
    for when, content in odd_placement_files(country.registry, next(reversed(country.people.born)), place).items():
        (raw / "placement" / f"forloeb_{place}_{when}.csv").write_bytes(content)
    for name in (
        "payroll/eindkomst_2020-13.csv", "payroll/Eindkomst_2020-01.csv", "payroll/eindkomst_2020-1.csv", "registry/dream_2020-02-30.csv",
        "registry/.dream_2020-01-01.csv", "registry/personer_2020-01-01.ndjson", "registry/forloeb_0101_2015-12.csv", "forloeb_0101_2015-12.csv",
        "placement/forloeb_0101_2015-12.csv.zip", "placement/below/forloeb_0101_2015-12.csv", "other/x.csv",
    ):  # fmt: skip
        (raw / name).parent.mkdir(exist_ok=True)
        (raw / name).write_text("cpr;note\n1;2\n")
