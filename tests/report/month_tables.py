"""Hours by event month that could be true: few before, fewest at the start, slowly more; small bands hidden.

Belongs here: hours_by_event_month of the tests' public tier. Not here: the other tables (public_tier.py).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

BANDS = [f"band_{band}" for band in range(5)]
MONTHS = range(-12, 25)
HORIZONS = (3, 6, 12, 24)
BASELINE = {"all": 1.0, "0": 0.945, "1": 0.033, "2": 0.022}
MEANS = [0.0, 18.0, 57.0, 96.0, 150.0]


def hours_by_event_month(scale: float) -> pd.DataFrame:
    """One row a kind, baseline band and event month of one cohort; others are twice as often in work."""
    rows = []
    for kind, size in {"rsv": 2700, "other": 8900, "all": 11600}.items():
        for base, part in BASELINE.items():
            spells = round(size * scale * part)
            for month in MONTHS if base == "all" else HORIZONS:
                working = 0.04 + 0.002 * month**2 / 12 if month < 0 else 0.006 * month + 0.01
                working = min(0.9, working * (1 if kind == "rsv" else 2) * (1 + (0 if base == "all" else int(base))))
                exited = round(spells * 0.0002 * max(0, month))
                bands = [round(spells * working * share) for share in (0.2, 0.15, 0.2, 0.45)]
                counts = [spells - exited - sum(bands), *bands]
                mean = float(np.dot(counts, MEANS)) / spells if spells else None
                rows.append({"enterprise_kind": kind, "baseline_band": base, "event_month": month, "spells": spells, **dict(zip(BANDS, counts, strict=True)), "exited": exited, "mean_hours": mean})  # fmt: skip
    frame = pd.DataFrame(rows)
    counts = frame[[*BANDS, "exited"]]
    few = ((counts > 0) & (counts < 5)).any(axis=1) | (frame["spells"] < 5)
    # At the start nobody shows the row of RSV: the line has a gap.
    hidden = (frame["spells"] < 5) | ((frame["enterprise_kind"] == "rsv") & frame["event_month"].between(-1, 1))
    few |= hidden
    frame["status"] = np.where(hidden, "suppressed_primary", "ok")
    frame["bands_status"] = np.where(few, "suppressed_primary", "ok")
    numbers = ["spells", *BANDS, "exited"]
    frame[numbers] = frame[numbers].astype("Int64")
    frame.loc[few, [*BANDS, "exited"]] = pd.NA
    frame.loc[hidden, "spells"] = pd.NA
    frame["mean_hours"] = frame["mean_hours"].astype(float).mask(hidden)
    return frame
