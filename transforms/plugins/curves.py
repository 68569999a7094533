"""Curves that leave out one cluster at a time, registered with the engine when dbt connects.

Belongs here: the jackknife of a cumulative incidence, cell by cell, as one function of lists. Not here: which spells are at risk, standard errors made of it
(macros/progression.sql). Models reach it only through `macros/statistics.sql`.

In SQL it took 16 s and 7.4 million rows at 3 million payroll lines, most of it windows over exact decimals; here 3 s.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from dbt.adapters.duckdb.plugins import BasePlugin

STEPS = "STRUCT(step INTEGER, at_risk BIGINT, events BIGINT, competing BIGINT)[]"
CONTRIBUTIONS = "STRUCT(cluster_id INTEGER, step INTEGER, leaving BIGINT, events BIGINT, competing BIGINT)[]"
DEVIATIONS = "STRUCT(step INTEGER, deviation_sum DOUBLE, deviation_square_sum DOUBLE, deviation_min DOUBLE, deviation_max DOUBLE)[]"
MEASURES = ("deviation_sum", "deviation_square_sum", "deviation_min", "deviation_max")


def cumulative_incidence(at_risk: np.ndarray, events: np.ndarray, competing: np.ndarray) -> np.ndarray:
    """Aalen-Johansen along the last axis.

    Args:
        at_risk, events, competing: counts at each step, shapes (..., steps); with nobody at risk the curve goes on flat.

    Returns:
        The share with the event up to and with each step, 0 to 1, of the same shape.
    """
    somebody = at_risk > 0
    everybody = np.where(somebody, at_risk, 1.0)
    leave = np.where(somebody, events + competing, 0.0)
    survival = np.cumprod((everybody - leave) / everybody, axis=-1)
    before = np.concatenate([np.ones_like(survival[..., :1]), survival[..., :-1]], axis=-1)
    return np.cumsum(before * np.where(somebody, events, 0.0) / everybody, axis=-1)


def left_out_deviations(
    at_risk: np.ndarray, events: np.ndarray, competing: np.ndarray, cluster: np.ndarray, step: np.ndarray, taken: np.ndarray
) -> np.ndarray:  # fmt: skip
    """How far the curves that leave out one cluster each lie from the whole one.

    Args:
        at_risk, events, competing: the cell's counts at steps 1 to S, shapes (S,).
        cluster, step: whose contribution it is, and the last step (0: none) at which what it takes away counts as at risk, shapes (C,).
        taken: spells that leave there, events and competing exits among them, shape (3, C).

    Returns:
        Shape (4, S): sum, sum of squares, smallest and largest deviation over the clusters; sums are taken in order of size, so that no
        order of clusters changes them.
    """
    names, rows = np.unique(cluster, return_inverse=True)
    shape = (len(names), len(at_risk) + 1)
    places = rows.ravel() * shape[1] + step
    leaving, left_events, left_competing = (
        np.bincount(places, weights=weights, minlength=shape[0] * shape[1]).reshape(shape) for weights in taken
    )
    gone = np.cumsum(leaving[:, ::-1], axis=1)[:, ::-1][:, 1:]
    left_out = cumulative_incidence(at_risk - gone, events - left_events[:, 1:], competing - left_competing[:, 1:])
    deviations = np.sort(left_out - cumulative_incidence(at_risk, events, competing), axis=0)
    squares = np.sort(deviations * deviations, axis=0)
    return np.stack([deviations.sum(axis=0), squares.sum(axis=0), deviations[0], deviations[-1]])


def left_out_curve_deviations(steps: pa.Array, contributions: pa.Array) -> pa.Array:
    """`left_out_deviations` for a batch of cells: a list of steps and a list of contributions each, in any order."""
    of_steps, step_ends = _fields(steps, ("step", "at_risk", "events", "competing"))
    of_contributions, ends = _fields(contributions, ("cluster_id", "step", "leaving", "events", "competing"))
    numbers: list[np.ndarray] = []
    found: list[np.ndarray] = []
    for cell in range(len(steps)):
        step, *counts = of_steps[:, step_ends[cell] : step_ends[cell + 1]]
        order = np.argsort(step)
        cluster, at_step, *taken = of_contributions[:, ends[cell] : ends[cell + 1]]
        numbers.append(step[order].astype(np.int32))
        at_risk, events, competing = (count[order].astype(np.float64) for count in counts)
        found.append(left_out_deviations(at_risk, events, competing, cluster, at_step, np.asarray(taken)))
    columns = np.concatenate(found, axis=1) if found else np.empty((4, 0))
    values = pa.StructArray.from_arrays(
        [pa.array(np.concatenate(numbers) if numbers else np.empty(0, np.int32)), *(pa.array(row) for row in columns)],
        names=["step", *MEASURES],
    )
    lengths = np.cumsum([0, *(len(one) for one in numbers)])
    return pa.ListArray.from_arrays(pa.array(lengths.astype(np.int32)), values)


def _fields(lists: Any, names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """The structs of all lists as one array (fields, structs) and where each list ends."""
    joined = lists.combine_chunks() if isinstance(lists, pa.ChunkedArray) else lists
    if isinstance(joined, pa.ChunkedArray):
        joined = joined.chunk(0)
    ends = np.concatenate([[0], np.cumsum(joined.value_lengths().to_numpy(zero_copy_only=False))])
    structs = joined.flatten()
    return np.stack([structs.field(name).to_numpy(zero_copy_only=False).astype(np.int64) for name in names]), ends


class Plugin(BasePlugin):
    """Registers the function with the connection that dbt opens."""

    def configure_connection(self, conn: Any) -> None:
        conn.create_function(
            "left_out_curve_deviations", left_out_curve_deviations, [STEPS, CONTRIBUTIONS], DEVIATIONS, type="arrow"
        )
