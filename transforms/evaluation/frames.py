"""The five result frames: their columns, types and order, so that an empty country gives the same tables as a full one.

Belongs here: schemas, conforming a frame to one, six significant digits, Parquet. Not here: what stands in them (run.py, gate.py).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet

TEXT, WHOLE, NUMBER, FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()
SIGNIFICANT: Final = 6

# What one estimate is about, in the order in which all five tables are sorted.
_CELL: Final = {"design": TEXT, "family": TEXT, "specification": TEXT, "arm": TEXT, "instrument": TEXT}
_MEANS: Final = {"mean_treated": NUMBER, "mean_weighted_comparators": NUMBER}
_INTERVAL: Final = {
    "estimate": NUMBER, "se": NUMBER, "low": NUMBER, "high": NUMBER, "band_low": NUMBER, "band_high": NUMBER,
}  # fmt: skip

SCHEMAS: Final[Mapping[str, pa.Schema]] = {
    "estimates": pa.schema(
        {
            **_CELL, "subgroup": TEXT, "outcome": TEXT, "horizon": WHOLE, "estimator": TEXT, **_INTERVAL, "p": NUMBER, "p_holm": NUMBER,
            "treated": WHOLE, "comparators": WHOLE, "enterprises": WHOLE, "effective_enterprises": NUMBER, "effective_comparators": NUMBER, "off_support": WHOLE,
            **_MEANS, "e_value": NUMBER, "e_value_limit": NUMBER, "smallest_detectable_effect": NUMBER,
            "is_primary": FLAG, "gate": TEXT, "reason": TEXT, "protocol_hash": TEXT,
        }
    ),
    "balance": pa.schema(
        {
            **_CELL, "estimator": TEXT, "covariate": TEXT, "mean_treated": NUMBER, "before": NUMBER, "after": NUMBER, "is_worst": FLAG, "reason": TEXT, "protocol_hash": TEXT,
        }
    ),
    "event_study": pa.schema(
        {
            **_CELL, "outcome": TEXT, "event_month": WHOLE, "estimator": TEXT, **_INTERVAL, "treated": WHOLE, "comparators": WHOLE, "enterprises": WHOLE, **_MEANS,
            "reason": TEXT, "protocol_hash": TEXT,
        }
    ),
    "diagnostics": pa.schema(
        {
            **_CELL, "subgroup": TEXT, "outcome": TEXT, "horizon": WHOLE, "estimator": TEXT, "diagnostic": TEXT, "figure": NUMBER, "limit_low": NUMBER, "limit_high": NUMBER,
            "verdict": TEXT, "reason": TEXT, "protocol_hash": TEXT,
        }
    ),
    "cohort": pa.schema(
        {
            **_CELL, "quarter": TEXT, "treated": WHOLE, "treated_persons": WHOLE, "comparators": WHOLE, "comparator_persons": WHOLE, "off_support": WHOLE,
            "enterprises": WHOLE, "effective_enterprises": NUMBER, "comparator_enterprises": WHOLE, "observed_3": WHOLE, "observed_6": WHOLE, "observed_12": WHOLE, "observed_24": WHOLE,
            "emigrated": WHOLE, "died_or_retired": WHOLE, "rsv_later": WHOLE, "mean_age": NUMBER, "protocol_hash": TEXT,
        }
    ),
}  # fmt: skip

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "estimates": (*_CELL, "subgroup", "outcome", "horizon", "estimator"),
    "balance": (*_CELL, "estimator", "covariate"),
    "event_study": (*_CELL, "outcome", "event_month", "estimator"),
    "diagnostics": (*_CELL, "subgroup", "outcome", "horizon", "estimator", "diagnostic"),
    "cohort": (*_CELL, "quarter"),
}
# A row of these tables without a figure says why in `reason`.
FIGURES: Final[Mapping[str, tuple[str, ...]]] = {
    "estimates": ("estimate",),
    "balance": ("after",),
    "event_study": ("estimate",),
    "diagnostics": ("figure",),
}


class FrameError(ValueError):
    """A result frame that a reader could misread: says which table, column and rule."""


def six_digits(values: pd.Series) -> pd.Series:
    """Numbers rounded to six significant digits (what is computed in another order of sums reads the same); infinite and not-a-number become null."""
    numbers = values.astype("float64").to_numpy(copy=True)
    numbers[~np.isfinite(numbers)] = np.nan
    known = ~np.isnan(numbers)
    numbers[known] = [float(f"{number:.{SIGNIFICANT}g}") for number in numbers[known]]
    # No negative zero: it would print as another number.
    return pd.Series(numbers + 0.0, index=values.index)


def conform(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """The frame with exactly the columns of the table `name`, missing ones null, types and order of rows fixed, numbers of six digits.

    Raises:
        FrameError: an unknown column, a key twice, a figure missing without a reason.
    """
    schema = SCHEMAS[name]
    unknown = set(frame.columns) - set(schema.names)
    if unknown:
        raise FrameError(f"{name}: columns that the table does not have: {', '.join(sorted(unknown))}")
    columns = {}
    for field in schema:
        values = frame[field.name] if field.name in frame else pd.Series(None, index=frame.index, dtype="object")
        if field.type == NUMBER:
            columns[field.name] = six_digits(values)
        elif field.type == WHOLE:
            columns[field.name] = values.astype("Int64")
        elif field.type == FLAG:
            columns[field.name] = values.astype("boolean")
        else:
            columns[field.name] = values.astype("object").where(values.notna(), None)
    found = pd.DataFrame(columns, index=frame.index)
    keys = list(KEYS[name])
    if found[keys].isna().to_numpy().any():
        raise FrameError(f"{name}: a row without a key")
    if found.duplicated(keys).any():
        twice = found.loc[found.duplicated(keys), keys].iloc[0].to_dict()
        raise FrameError(f"{name}: the same row twice: {twice}")
    for figure in FIGURES.get(name, ()):
        silent = found[figure].isna() & (found["reason"].isna() | (found["reason"] == ""))
        if silent.any():
            where = found.loc[silent, keys].iloc[0].to_dict()
            raise FrameError(f"{name}: {figure} is null without a reason in words: {where}")
    return found.sort_values(keys, kind="stable").reset_index(drop=True)


def to_table(frame: pd.DataFrame, name: str) -> pa.Table:
    """The Arrow table of a conformed frame."""
    return pa.Table.from_pandas(frame, schema=SCHEMAS[name], preserve_index=False).replace_schema_metadata(None)


def write_frames(frames: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Writes all five to `<folder>/<name>.parquet`, each whole or not at all; the same frames give the same bytes.

    Raises:
        FrameError: when a table is missing or one breaks its rules.
    """
    missing = set(SCHEMAS) - set(frames)
    if missing:
        raise FrameError(f"no frame for {', '.join(sorted(missing))}")
    tables = {name: to_table(conform(frames[name], name), name) for name in SCHEMAS}
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        beside = folder / f".{name}.parquet.{os.getpid()}"
        parquet.write_table(table, beside, compression="zstd", version="2.6")
        os.replace(beside, folder / f"{name}.parquet")
