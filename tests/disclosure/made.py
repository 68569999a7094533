"""Tables for the tests of disclosure control.

Belongs here: textbook tables, linked tables from made-up spells. Not here: what is right about them (oracle.py, the tests).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

RELATION = ["relation", "cell", "count", "coefficient", "sense"]


def frame(persons: Mapping[str, float]) -> pd.DataFrame:
    """Cells with persons alone."""
    return pd.DataFrame({"persons": pd.Series(persons, dtype=float)}).rename_axis("cell")


def sums(totals: Mapping[str, Iterable[str]], count: str = "persons") -> pd.DataFrame:
    """One equality a total: it is the sum of its parts."""
    rows = []
    for number, (total, parts) in enumerate(totals.items()):
        rows.append((number, total, count, -1.0, "="))
        rows += [(number, part, count, 1.0, "=") for part in parts]
    return pd.DataFrame(rows, columns=RELATION)


def two_ways(inside: list[list[float]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A table of rows a, b, ... and columns 1, 2, ... with its totals: cells `a1`, `a+`, `+1`, `++`."""
    rows, columns = "abcdefgh"[: len(inside)], "12345678"[: len(inside[0])]
    cells = {f"{r}{c}": inside[i][j] for i, r in enumerate(rows) for j, c in enumerate(columns)}
    cells |= {f"{r}+": sum(inside[i]) for i, r in enumerate(rows)}
    cells |= {f"+{c}": sum(row[j] for row in inside) for j, c in enumerate(columns)}
    cells["++"] = sum(map(sum, inside))
    totals = {f"{r}+": [f"{r}{c}" for c in columns] for r in (*rows, "+")}
    totals |= {f"+{c}": [f"{r}{c}" for r in rows] for c in columns}
    totals["++ "] = [f"{r}+" for r in rows]
    relations = sums(totals)
    return frame(cells), relations.assign(cell=relations["cell"].str.strip())


def linked(spells: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two tables over `person`, `enterprise`, `kind`, `place`, `tool`: kind by place and kind by tool, sharing the margins of kind. Spells add up, persons are distinct."""
    cells: dict[str, dict[str, float]] = {}
    rows: list[tuple[str, str, str, float, str]] = []
    for kind in ("all", *sorted(spells["kind"].unique())):
        for column in ("place", "tool"):
            for value in ("all", *sorted(spells[column].unique())):
                chosen = spells[(spells["kind"] == kind) | (kind == "all")]
                chosen = chosen[(chosen[column] == value) | (value == "all")]
                name = f"{kind}|all" if value == "all" else f"{kind}|{column} {value}"
                if len(chosen) and name not in cells:
                    cells[name] = _counted(chosen)
    for name in cells:
        kind, rest = name.split("|")
        parts = {
            "kind": [other for other in cells if kind == "all" and other != name and other.endswith("|" + rest)],
            "place": [other for other in cells if rest == "all" and other.startswith(f"{kind}|place")],
            "tool": [other for other in cells if rest == "all" and other.startswith(f"{kind}|tool")],
        }
        for over, members in parts.items():
            if members:
                rows += _sum_of(f"{name}/{over}", name, members)
        rows += [(f"{name}/in", name, "persons", 1.0, "<="), (f"{name}/in", name, "spells", -1.0, "<=")]
    relations = pd.DataFrame(rows, columns=RELATION)
    return pd.DataFrame.from_dict(cells, orient="index").rename_axis("cell"), relations.assign(
        relation=pd.factorize(relations["relation"])[0]
    )


def _counted(chosen: pd.DataFrame) -> dict[str, float]:
    at = chosen.groupby("enterprise")["person"].nunique().sort_values(ascending=False)
    return {
        "spells": float(len(chosen)),
        "persons": float(chosen["person"].nunique()),
        "enterprises": float(len(at)),
        "largest": float(at.iloc[0]),
        "second": float(at.iloc[1]) if len(at) > 1 else float("nan"),
    }


def _sum_of(key: str, total: str, parts: list[str]) -> list[tuple[str, str, str, float, str]]:
    rows = [(f"{key}/s", part, "spells", 1.0, "=") for part in parts]
    rows += [(f"{key}/s", total, "spells", -1.0, "="), (f"{key}/p", total, "persons", 1.0, "<=")]
    for part in parts:
        rows.append((f"{key}/p", part, "persons", -1.0, "<="))
        rows += [(f"{key}/{part}", part, "persons", 1.0, "<="), (f"{key}/{part}", total, "persons", -1.0, "<=")]
    return rows
