"""Populations inside one another: what one row has more than the next is a group as well, published by subtraction.

Belongs here: the cells of such differences, and the equations that tie them to the rows. Not here: sums over dimensions and equations inside a row (relations.py).
Spells that can be followed for six months are among those that can be followed for three. Where both have the same spells the two counts are one; where one to four more can be followed for three
months, both counts together tell of these few, so a difference is a cell that no table shows and that must not be worked out.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from transforms.disclosure.limits import Limits
from transforms.disclosure.system import DisclosureError
from transforms.release.design import STATUS, PublicSystem
from transforms.release.relations import RELATION_COLUMNS, names_of

MARK = "-less-"


def one_population(rows: pd.DataFrame, system: PublicSystem) -> dict[str, str]:
    """Cells of rows whose population is that of another row -> that row's cell: hidden for one reason, published together.

    Raises:
        DisclosureError: populations that are not inside one another.
    """
    names = names_of(rows, system).to_numpy() + "#" + STATUS
    same: dict[str, str] = {}
    for whole, part in _pairs(rows, system):
        for count in system.parts[STATUS]:
            if (_more(rows, count, whole, part) < 0).any():
                raise DisclosureError(
                    f"{system.name}: nested: {count} of a population is larger than that of the one around it"
                )
        is_same = np.logical_and.reduce([_more(rows, count, whole, part) == 0 for count in system.parts[STATUS]])
        same |= dict(zip(names[part[is_same]], names[whole[is_same]], strict=True))
    # A chain ends at its widest.
    return {cell: _last(cell, same) for cell in same}


def _last(cell: str, same: dict[str, str]) -> str:
    while cell in same:
        cell = same[cell]
    return cell


def differences(rows: pd.DataFrame, system: PublicSystem, limits: Limits) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cells of differences of 1 to the limit, indexed by name with one count each, and the equations of all differences (`RELATION_COLUMNS`).

    A difference that is large enough only says which is larger. Counts of different persons are compared, not subtracted.
    """
    names = names_of(rows, system).to_numpy()
    cells, relations = [pd.DataFrame()], [pd.DataFrame(columns=list(RELATION_COLUMNS))]
    for whole, part in _pairs(rows, system):
        for count in system.parts[STATUS]:
            more = _more(rows, count, whole, part)
            name = pd.Series(names[whole] + MARK + names[part] + "#" + count)
            few = (more > 0) & (more < max(limits.persons, limits.small_count)) & (count not in system.distinct)
            both = pd.DataFrame({"relation": name, "count": count, "sense": np.where(few, "=", "<=")})
            relations += [
                both.assign(cell=names[whole] + "#" + STATUS, coefficient=-1.0),
                both.assign(cell=names[part] + "#" + STATUS, coefficient=1.0),
                both[few].assign(cell=name[few], coefficient=1.0),
            ]
            cells.append(pd.DataFrame({count: more[few]}, index=pd.Index(name[few], name="cell")))
    return pd.concat(cells), pd.concat(relations, ignore_index=True)[list(RELATION_COLUMNS)]


def _more(rows: pd.DataFrame, count: str, whole: np.ndarray, part: np.ndarray) -> np.ndarray:
    values = rows[count].to_numpy(dtype=float)
    return values[whole] - values[part]


def _pairs(rows: pd.DataFrame, system: PublicSystem) -> list[tuple[np.ndarray, np.ndarray]]:
    """Positions of rows, and of the next inside each, a chain."""
    found = []
    for dimension, chains in system.nested.items():
        others = [key for key in system.keys if key != dimension]
        known = {value for chain in chains for value in chain}
        strange = set(rows[dimension]) - known
        if strange and pd.api.types.is_numeric_dtype(rows[dimension]):
            raise DisclosureError(f"{system.name}: nested: {dimension}: {sorted(strange)} stand in no chain")
        for chain in chains:
            place = rows[dimension].map({value: number for number, value in enumerate(chain)})
            chosen = rows[others].assign(place=place, at=np.arange(len(rows)))[place.notna().to_numpy()]
            chosen = chosen.sort_values([*others, "place"])
            next_at = chosen.groupby(others)["at"].shift(-1)
            has_next = next_at.notna()
            found.append((chosen.loc[has_next, "at"].to_numpy(), next_at[has_next].to_numpy(dtype=np.int64)))
    return found
