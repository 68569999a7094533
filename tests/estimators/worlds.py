"""Small cohorts for the tests of the estimators. Belongs here: frames with a known effect. Not here: assertions."""

from __future__ import annotations

import numpy as np
import pandas as pd

SHAPE = {
    "outcomes": ["y", "z"],
    "treatment": "arm",
    "covariates": ["x1", "x2", "flag"],
    "categories": ["group"],
    "cluster": "enterprise",
    "cell": "cell",
}


def cohort(
    treated: int = 150, comparators: int = 900, *, seed: int = 1, effect: float = 1.0, cells: int = 12
) -> pd.DataFrame:
    """Treated have larger x1; y is curved in x1 and treated gain `effect`; 30 and 90 enterprises that differ a little; each row a person."""
    random = np.random.default_rng(seed)
    rows = treated + comparators
    arm = np.arange(rows) < treated
    x1 = random.normal(size=rows) + 0.5 * arm
    x2 = random.gamma(2.0, size=rows)
    enterprise = np.where(arm, random.integers(0, 30, rows), 100 + random.integers(0, 90, rows))
    shared = random.normal(0, 0.2, 200)[enterprise]
    group = random.choice(["a", "b", "c"], rows)
    frame = pd.DataFrame(
        {
            "arm": arm.astype(int),
            "x1": x1,
            "x2": x2,
            "flag": (random.random(rows) < 0.3).astype(float),
            "group": group,
            "cell": random.integers(0, cells, rows),
            "enterprise": enterprise,
            "person": np.arange(rows) // 2,
        }
    )
    frame["y"] = x1**2 + 0.5 * x2 + (group == "b") + effect * arm + shared + random.normal(size=rows)
    frame["z"] = (x1 + shared + random.normal(size=rows) > 0).astype(float)
    return frame
