"""Which counts of an evaluation's treated are public."""

from __future__ import annotations

import pandas as pd

from transforms.disclosure.limits import Limits
from transforms.release.national import effect


def test_an_instruments_few_treated_are_not_its_family_less_the_rest() -> None:
    """Three wage subsidies hidden, eight work trials and the family's eleven shown: 11 - 8 says three."""
    treated = {"wage_subsidy": 3, "work_trial": 8, "both": 11}
    rows = pd.DataFrame(
        [{"arm": "RN", "family": "B", "instrument": name, "subgroup_by": "all", "subgroup": "all", "horizon": 12, "treated": count} for name, count in treated.items()]
    ).assign(outcome="employed", estimator="aipw", enterprises=9, comparators=100, estimate=0.1, low=0.0, high=0.2, p=0.1, p_holm=0.1, mean_treated=0.5, mean_weighted_comparators=0.4, smallest_detectable=0.1, reason="")  # fmt: skip
    found = effect(rows, Limits(), {"both": ("wage_subsidy", "work_trial")}).set_index("instrument")
    assert found.loc["wage_subsidy", "status"] == "suppressed_primary"
    assert (found["status"] != "ok").sum() >= 2
    assert found.loc[found["status"] != "ok", ["treated", "estimate"]].isna().all(axis=None)
