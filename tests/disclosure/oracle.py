"""What an attacker can say, computed another way.

Belongs here: whole systems in plain counts, one programme an end by the interior point method, and all whole-number tables one by one. Not here: blocks, departures, shared tables, anything of the product.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from scipy.optimize import linprog


class Oracle:
    """All cells and relations as one dense system; published counts are bounds."""

    def __init__(self, cells: pd.DataFrame, relations: pd.DataFrame, hidden: set[str]) -> None:
        """`hidden`: the suppressed cells."""
        names = list(dict.fromkeys(zip(relations["cell"], relations["count"], strict=True)))
        self.at = {name: number for number, name in enumerate(names)}
        dense: dict[int, np.ndarray] = {}
        equal: dict[int, bool] = {}
        for row in relations.itertuples():
            line = dense.setdefault(row.relation, np.zeros(len(names)))
            line[self.at[row.cell, row.count]] += row.coefficient
            equal[row.relation] = row.sense == "="
        equalities = [dense[key] for key in dense if equal[key]]
        inequalities = [dense[key] for key in dense if not equal[key]]
        self.given = {
            "A_eq": np.array(equalities) if equalities else None,
            "b_eq": np.zeros(len(equalities)) if equalities else None,
            "A_ub": np.array(inequalities) if inequalities else None,
            "b_ub": np.zeros(len(inequalities)) if inequalities else None,
            "bounds": [(0.0, None) if cell in hidden else (cells.at[cell, one],) * 2 for cell, one in names],
            "method": "highs-ipm",
        }

    def interval(self, cell: str, count: str) -> tuple[float, float]:
        """The ends of one suppressed count."""
        if (cell, count) not in self.at:
            return 0.0, np.inf
        cost = np.zeros(len(self.at))
        cost[self.at[cell, count]] = 1.0
        low, high = linprog(cost, **self.given), linprog(-cost, **self.given)
        assert low.status == 0 and high.status in (0, 3, 4)
        return low.fun, -high.fun if high.status == 0 else np.inf


def whole_tables(inside: list[list[int]], hidden: set[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, int]]:
    """The ends of the suppressed cells inside a two-way table whose totals are all published: every table of whole numbers is tried."""
    true = np.array(inside)
    seen: dict[tuple[int, int], list[int]] = {cell: [] for cell in hidden}
    rows = [sorted(j for i, j in hidden if i == row) for row in range(len(true))]
    # Every way to spread what a row has suppressed over its suppressed cells.
    spreads = [
        [
            values
            for values in product(range(true[i, columns].sum() + 1), repeat=len(columns))
            if sum(values) == true[i, columns].sum()
        ]
        for i, columns in enumerate(rows)
    ]
    for choice in product(*spreads):
        table = true.copy()
        for i, values in enumerate(choice):
            table[i, rows[i]] = values
        if (table.sum(0) == true.sum(0)).all():
            for i, j in hidden:
                seen[i, j].append(int(table[i, j]))
    return {cell: (min(values), max(values)) for cell, values in seen.items()}
