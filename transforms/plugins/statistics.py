"""Functions that SQL lacks, registered with the engine when dbt connects.

Belongs here: quantiles and seeded draws that the marts need, each a scalar of scalars or lists, pure and the same on every run. Not here: measures, rules,
anything that reads a table. Models reach them only through `macros/statistics.sql`.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
from dbt.adapters.duckdb.plugins import BasePlugin

CHANCE_SEED = 20170101
CHANCE_DRAWS = 999


def student_t_quantile(probability: float, degrees_of_freedom: float) -> float:
    """Quantile of Student's t, degrees of freedom above 0."""
    from scipy import special  # late, and not scipy.stats: the same functions, 2 seconds of import less

    return float(special.stdtrit(degrees_of_freedom, probability))


def beta_quantile(probability: float, alpha: float, beta: float) -> float:
    """Quantile of the beta distribution, alpha and beta above 0, not necessarily whole."""
    from scipy import special

    return float(special.betaincinv(alpha, beta, probability))


def gini(values: Sequence[float] | None) -> float | None:
    """Gini coefficient in the mean-difference form, without small-sample factor; null for no values and when all are zero."""
    if not values:
        return None
    coefficients = _gini_of_rows(np.asarray(values, dtype=np.float64).reshape(1, -1))
    return None if np.isnan(coefficients[0]) else float(coefficients[0])


def gini_by_chance(events: int | None, weights: Sequence[int] | None) -> float | None:
    """Mean Gini of events per weight when `events` fall on the units by chance, in proportion to their weights (999 draws, anew each call).

    `weights` are in the order of the units' codes: the draws depend on it. Null without events or weights.
    """
    if not events or not weights:
        return None
    return _gini_by_chance(int(events), tuple(int(weight) for weight in weights))


@functools.lru_cache(maxsize=256)
def _gini_by_chance(events: int, weights: tuple[int, ...]) -> float:
    units = np.asarray(weights, dtype=np.float64)
    draws = np.random.default_rng(CHANCE_SEED).multinomial(events, units / units.sum(), size=CHANCE_DRAWS)
    return float(_gini_of_rows(draws / units).mean())


def _gini_of_rows(rows: np.ndarray) -> np.ndarray:
    """rows (draws, units) -> one coefficient a row, NaN where a row is all zero.

    Sum of |x_i - x_j| over all pairs / (2 n^2 mean) equals sum of (2 i - n - 1) x_(i) / (n sum x) over the sorted values.
    """
    in_order = np.sort(rows, axis=1)
    units = in_order.shape[1]
    ranks = 2.0 * np.arange(1, units + 1) - units - 1
    totals = in_order.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (in_order * ranks).sum(axis=1) / (units * totals)


class Plugin(BasePlugin):
    """Registers the functions with the connection that dbt opens."""

    def configure_connection(self, conn: Any) -> None:
        conn.create_function("student_t_quantile", student_t_quantile, ["DOUBLE", "DOUBLE"], "DOUBLE")
        conn.create_function("beta_quantile", beta_quantile, ["DOUBLE", "DOUBLE", "DOUBLE"], "DOUBLE")
        conn.create_function("gini", gini, ["DOUBLE[]"], "DOUBLE", null_handling="special")
        conn.create_function(
            "gini_by_chance", gini_by_chance, ["BIGINT", "BIGINT[]"], "DOUBLE", null_handling="special"
        )
