"""A system's cells and the equations that a reader of the tables knows, as disclosure control takes them.

Belongs here: rows of counts -> cells, sums over dimensions, equations inside a row. Not here: rules and suppression (transforms/disclosure), which rows are published (public.py).
A cell is one part of a row (counts that are hidden together), named `<key>|<key>...#<status column>`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from transforms.release.design import STATUS, PublicSystem

RELATION_COLUMNS = ("relation", "cell", "count", "coefficient", "sense")


def joined(rows: pd.DataFrame, keys: Sequence[str]) -> pd.Series:
    """The values of `keys` of each row as one text."""
    found = rows[keys[0]].astype(str)
    for key in keys[1:]:
        found = found + "|" + rows[key].astype(str)
    return found


def names_of(rows: pd.DataFrame, system: PublicSystem) -> pd.Series:
    """The name of each row, of its keys."""
    return joined(rows, system.keys)


def has_part(rows: pd.DataFrame, system: PublicSystem, status: str) -> np.ndarray:
    """Which rows have a part at all (`only_where`)."""
    where = system.only_where.get(status, {})
    found = np.full(len(rows), True)
    for column, value in where.items():
        found &= (rows[column] == value).to_numpy()
    return found


def cells_of(rows: pd.DataFrame, system: PublicSystem) -> pd.DataFrame:
    """The cells of `rows` (the system's source: keys, counts, enterprises, largest_persons, second_persons), indexed by name.

    Columns: every count (null where the cell has not got it), `enterprises`, `largest`, `second` (of the row's own part), `is_uniform`.
    """
    name = names_of(rows, system)
    uniform = _is_uniform(rows, system)
    pieces = []
    for status, counts in system.parts.items():
        chosen = has_part(rows, system, status)
        piece = pd.DataFrame(index=name[chosen] + "#" + status)
        for count in system.counts:
            piece[count] = rows.loc[chosen, count].to_numpy(dtype=float) if count in counts else np.nan
        own = status == STATUS
        for column, source in (
            ("enterprises", "enterprises"),
            ("largest", "largest_persons"),
            ("second", "second_persons"),
        ):
            piece[column] = rows.loc[chosen, source].to_numpy(dtype=float) if own else np.nan
        # Known enterprises alone can recognise themselves: a row whose enterprises are all unknown has none to protect.
        piece["enterprises"] = piece["enterprises"].where(piece["enterprises"] > 0)
        piece["is_uniform"] = uniform[chosen] if not own else False
        piece["is_protected"] = True
        pieces.append(piece)
    cells = pd.concat(pieces)
    cells.index.name = "cell"
    return cells


def _is_uniform(rows: pd.DataFrame, system: PublicSystem) -> np.ndarray:
    """Rows in which all do the same: a category holds everybody."""
    found = np.full(len(rows), False)
    if not system.uniform:
        return found
    whole = rows["spells"].to_numpy(dtype=float)
    for category in system.uniform:
        found |= (whole > 0) & (rows[category].to_numpy(dtype=float) == whole)
    return found


def relations_of(rows: pd.DataFrame, system: PublicSystem) -> pd.DataFrame:
    """Every equation and inequality among the cells of `rows`, long (`RELATION_COLUMNS`): sums over dimensions, and those inside a row."""
    pieces = [*_sums(rows, system), *_inside(rows, system)]
    found, offset = [], 0
    for piece in pieces:
        if len(piece):
            numbered, _ = pd.factorize(piece["relation"])
            found.append(piece.assign(relation=numbered + offset))
            offset += int(numbered.max()) + 1
    return pd.concat(found, ignore_index=True)[list(RELATION_COLUMNS)]


def numbered(further: pd.DataFrame, relations: pd.DataFrame) -> pd.DataFrame:
    """Relations named by text, numbered after those that there are."""
    numbers, _ = pd.factorize(further["relation"])
    return further.assign(relation=numbers + int(relations["relation"].max()) + 1).sort_values(
        "relation", kind="stable"
    )


def merged(relations: pd.DataFrame, same: Mapping[str, str]) -> pd.DataFrame:
    """Relations among fewer cells: those of `same` are another; what then says nothing, or the same again, is gone."""
    if not same:
        return relations
    found = relations.assign(cell=relations["cell"].map(same).fillna(relations["cell"]))
    terms = ["relation", "cell", "count", "sense"]
    found = found.groupby(terms, sort=False)["coefficient"].sum().reset_index()
    found = found[found["coefficient"] != 0].sort_values(["relation", "cell", "count"], kind="stable")
    term = found["cell"] + "#" + found["count"] + "#" + found["coefficient"].astype(str) + found["sense"]
    text = term.groupby(found["relation"]).agg("&".join)
    return found[found["relation"].isin(text.drop_duplicates().index)]


def _sums(rows: pd.DataFrame, system: PublicSystem) -> Iterator[pd.DataFrame]:
    name, place = names_of(rows, system), pd.Series(np.arange(len(rows)), index=rows.index)
    for dimension, how in system.sums.items():
        others = [key for key in system.keys if key != dimension]
        is_total = rows[dimension] == how.total
        # What is divided further inside this dimension has sums of its own.
        finer = [inner for inner, one in system.sums.items() if one.within == dimension]
        whole = np.logical_and.reduce([rows[inner] == system.sums[inner].total for inner in finer]) if finer else True
        totals = rows[is_total & whole].assign(total=name, total_at=place)[[*others, "total", "total_at"]]
        parts = rows[~is_total & whole].assign(part=name, part_at=place)
        linked = parts[[*others, "part", "part_at"]].merge(totals, on=others, how="inner")
        for status, counts in system.parts.items():
            held = has_part(rows, system, status)
            both = linked[held[linked["total_at"]] & held[linked["part_at"]]]
            for count in counts:
                yield from _sum_of(both, count, status, is_distinct=count in system.distinct)


def _sum_of(linked: pd.DataFrame, count: str, status: str, *, is_distinct: bool) -> Iterator[pd.DataFrame]:
    total, part = linked["total"] + "#" + status, linked["part"] + "#" + status
    once = pd.DataFrame({"relation": linked["total"], "cell": total}).drop_duplicates()
    sense = "<=" if is_distinct else "="
    # total - parts = 0; different persons: total <= sum of parts.
    yield pd.concat(
        [
            once.assign(count=count, coefficient=1.0, sense=sense),
            pd.DataFrame(
                {"relation": linked["total"], "cell": part, "count": count, "coefficient": -1.0, "sense": sense}
            ),
        ]
    ).sort_values("relation", kind="stable")
    if is_distinct:
        # and no part has more than the total.
        pair = np.arange(len(linked))
        yield pd.concat(
            [
                pd.DataFrame(
                    {"relation": pair, "cell": part.to_numpy(), "count": count, "coefficient": 1.0, "sense": "<="}
                ),
                pd.DataFrame(
                    {"relation": pair, "cell": total.to_numpy(), "count": count, "coefficient": -1.0, "sense": "<="}
                ),
            ]
        ).sort_values("relation", kind="stable")


def _inside(rows: pd.DataFrame, system: PublicSystem) -> Iterator[pd.DataFrame]:
    name = names_of(rows, system)
    part_of = {count: status for status, counts in system.parts.items() for count in counts}
    for equation in system.equations:
        sense = "=" if "equal" in equation else "<="
        sides = (equation.get("equal") or equation["less"], 1.0), (equation.get("sum") or equation["more"], -1.0)
        used = {part_of[count] for counts, _ in sides for count in counts}
        chosen = np.logical_and.reduce([has_part(rows, system, status) for status in used])
        yield pd.concat(
            [
                pd.DataFrame(
                    {
                        "relation": name[chosen],
                        "cell": name[chosen] + "#" + part_of[count],
                        "count": count,
                        "coefficient": sign,
                        "sense": sense,
                    }
                )
                for counts, sign in sides
                for count in counts
            ]
        ).sort_values("relation", kind="stable")
