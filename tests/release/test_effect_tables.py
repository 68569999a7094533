"""Which counts of an evaluation's treated are public."""

from __future__ import annotations

import pandas as pd

from assets.report.findings.reasons import reason
from assets.report.labels import Labels
from assets.report.language import DANISH, ENGLISH
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


def test_counts_and_means_beside_estimates_tell_of_no_few_starts() -> None:
    """1,682 treated can be followed for three months and 1,680 for six: exact counts, exact means and reasons that count would tell of the two."""
    treated = {3: 1_682, 6: 1_680, 12: 29}
    rows = pd.DataFrame(
        [{"arm": "RN", "family": "A", "instrument": "guidance_upskilling", "subgroup_by": "all", "subgroup": "all", "horizon": horizon, "treated": count, "mean_treated": 271 / count if count > 271 else 10 / 29} for horizon, count in treated.items()]
    ).assign(outcome="employed", estimator="aipw", enterprises=9, comparators=[10_001, 10_002, 5_003], estimate=0.1, low=0.0, high=0.2, p=0.1, p_holm=0.1, mean_weighted_comparators=0.123456, smallest_detectable=0.1, reason=["", "", "29 treated starts in the cohort: fewer than 30, too few to estimate anything"])  # fmt: skip
    found = effect(rows, Limits(), {}).set_index("horizon")
    assert found["treated"].tolist() == [1_680, 1_680, 30]
    assert found["comparators"].tolist() == [10_000, 10_000, 5_005]
    assert found["mean_treated"].tolist() == [0.161, 0.161, 0.345]
    assert (found["mean_weighted_comparators"] == 0.123).all()
    assert found.loc[12, "reason"] == "fewer than 30 treated starts in the cohort, too few to estimate anything"


def test_no_reason_tells_the_estimate_of_a_hidden_half_year() -> None:
    """The largest difference before registration is the estimate of one half-year, and the curves may hide it."""
    rows = pd.DataFrame(
        [{"arm": "registration", "family": "A", "instrument": "guidance_and_upskilling", "subgroup_by": "all", "subgroup": "all", "horizon": 12, "treated": 15, "mean_treated": None}]
    ).assign(outcome="employed", estimator="group_time", enterprises=14, comparators=100, estimate=0.1, low=0.0, high=0.2, p=0.1, p_holm=0.1, mean_weighted_comparators=None, smallest_detectable=0.1, reason="outside the limits: pre_trend 0.299 (at most 0.05), smallest_detectable 0.4 (at most 0.05)")  # fmt: skip
    rows[["mean_treated", "mean_weighted_comparators"]] = rows[["mean_treated", "mean_weighted_comparators"]].astype(
        float
    )
    told = effect(rows, Limits(), {})["reason"].iloc[0]
    assert told == "outside the limits: pre_trend protected (at most 0.05), smallest_detectable 0.4 (at most 0.05)"
    for language, said in ((DANISH, "[c]"), (ENGLISH, "[c]")):
        assert said in reason(told, Labels({}), language) and "0,3" not in reason(told, Labels({}), language)
