"""What protection costs.

Belongs here: the loss of a cell, and of a pattern, in cells and in shares of counts. Not here: choosing (secondary.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from transforms.disclosure.primary import count_columns, is_empty, is_protected

PUBLISHED, PRIMARY, SECONDARY = "ok", "suppressed_primary", "suppressed_secondary"


# How much dearer a total is, and one that is part of no other total: these are what people quote.
_TOTAL, _TOP = 2.0, 5.0


def cell_losses(cells: pd.DataFrame, relations: pd.DataFrame) -> np.ndarray:
    """What suppressing each cell loses, mean 1 over the cells that may be suppressed but for the totals: half for the cell, half by its largest count.

    So the least sum of losses is about the least sum of two shares: of cells suppressed, and of counts suppressed. A total holds what its parts hold together, and counts twice that, one
    that is part of no other five times.
    """
    largest = cells[list(count_columns(cells))].max(axis=1).fillna(0.0).to_numpy(dtype=float)
    can_be = (is_protected(cells) & ~is_empty(cells)).to_numpy()
    mean = largest[can_be].mean() if can_be.any() else 1.0
    is_total, is_top = _totals(cells, relations)
    return (0.5 + 0.5 * largest / (mean if mean > 0 else 1.0)) * np.where(is_top, _TOP, np.where(is_total, _TOTAL, 1.0))


def _totals(cells: pd.DataFrame, relations: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Cells that stand alone on their side of an equality with several on the other, and those of them that are on no such other side. Within a cell is no total."""
    equal = relations[(relations["sense"] == "=") & (relations["coefficient"] != 0)]
    side = np.sign(equal["coefficient"])
    number = equal.groupby([equal["relation"], side])["cell"].transform("nunique")
    in_all = equal.groupby("relation")["cell"].transform("nunique")
    is_total = (number == 1) & (in_all > 2)
    totals = pd.Index(equal.loc[is_total, "cell"].unique())
    parts = pd.Index(equal.loc[(number > 1) & (in_all > 2), "cell"].unique())
    return cells.index.isin(totals), cells.index.isin(totals.difference(parts))


def information_loss(cells: pd.DataFrame, status: pd.Series) -> dict[str, Any]:
    """Cells by status, and the share of the counts that stay published: over protected cells that hold anyone; counts by the cell's largest."""
    can_be = is_protected(cells) & ~is_empty(cells)
    largest = cells.loc[can_be, list(count_columns(cells))].max(axis=1).fillna(0.0)
    kept = status[can_be] == PUBLISHED
    total = float(largest.sum())
    return {
        "cells": int(can_be.sum()),
        "suppressed_primary": int((status == PRIMARY).sum()),
        "suppressed_secondary": int((status == SECONDARY).sum()),
        "share_of_cells_kept": float(kept.mean()) if len(kept) else 1.0,
        "share_of_counts_kept": float(largest[kept].sum() / total) if total else 1.0,
    }
