"""The third design from single starts to the five tables. Belongs here: a small panel with a planted effect of registration, its gate, reasons. Not here: the design itself (test_registration.py)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest

from pipelines.cohorts import BuildCohorts
from tests.effect.planted import PLAN, country
from transforms.evaluation.frames import FIGURES
from transforms.evaluation.plan import Group, Limits, Plan
from transforms.evaluation.run import Frames, run

EFFECT = 0.25
REGISTERED, NONPROFITS, MONTHS, A_MONTH = 24, 40, 60, 3
DESIGN: Plan = replace(
    PLAN,
    groups=(Group("RN", "A", "work_trial", ("work_trial",)),),
    instrument_families=(("practice", ("work_trial",)), ("guidance", ("guidance_upskilling",))),
    registration_outcomes=("employed",),
    outcomes=("employed",),
    beside=("employed",),
    curve_outcomes=("employed",),
    break_even_outcome=None,
    limits=Limits(smallest_detectable={"employed": 0.1}),
)


def starts(seed: int, effect: float = EFFECT, drift: float = 0.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Three work trials a month at every enterprise, and when it was registered (dates, missing: never): from then on `effect` more are employed after a year. `drift`: the registered ones' own trend, a year."""
    random = np.random.default_rng(seed)
    enterprises = REGISTERED + NONPROFITS
    who, month, _ = (part.ravel() for part in np.indices((enterprises, MONTHS, A_MONTH)))
    when = np.where(np.arange(enterprises) < REGISTERED, random.integers(18, 44, enterprises), 10**6)
    level = random.normal(0.3, 0.06, enterprises)
    chance = level[who] + 0.02 * np.sin(month / 9) + effect * (month >= when[who])
    chance = chance + drift * (who < REGISTERED) * month / 12
    months = pd.date_range("2018-01-01", periods=MONTHS, freq="MS")
    is_registered = month >= when[who]
    trials = pd.DataFrame(
        {
            "trial_id": np.arange(len(who)), "person_key": [f"p{number}" for number in range(len(who))], "month": months[month], "family": "A", "instrument": "work_trial",
            "arm": np.where(is_registered, "R", "O"), "enterprise_kind": np.where(is_registered, "rsv", "nonprofit"), "enterprise_cvr": who + 10_000_000,
        }
    )  # fmt: skip
    # What the trials of the first design have beside: without a comparator nothing of it is estimated.
    others = (
        country(treated=1, others=1)
        .all_trials.iloc[:1]
        .drop(columns=[name for name in trials if name in country(treated=1, others=1).all_trials])
    )
    trials = trials.merge(others, how="cross").assign(employed=(random.random(len(who)) < chance).astype(float))
    registered = pd.DataFrame(
        {
            "enterprise_cvr": np.arange(REGISTERED) + 10_000_000,
            "valid_from": months[when[:REGISTERED]] + pd.Timedelta(days=9),
        }
    )
    return trials, registered


def tables(trials: pd.DataFrame, registered: pd.DataFrame) -> Frames:
    """All five tables, out of a build file with these starts."""
    outcomes = trials[["trial_id", "employed"]].assign(h=12, is_censored=False)
    assert len(outcomes)
    with duckdb.connect() as connection:
        connection.execute("create schema intermediate")
        for name in ("trials", "outcomes"):
            connection.execute(f"create table intermediate.int_effect_{name} as select * from {name}")
        connection.execute(
            "create table intermediate.int_enterprise_rsv_periods as select enterprise_cvr, valid_from::date as valid_from from registered"
        )
        return run(DESIGN, BuildCohorts(connection))


def of_practice(frames: Frames, name: str) -> pd.DataFrame:
    found = frames[name]
    return found[(found["design"] == "registration") & (found["instrument"] == "practice")]


@pytest.fixture(scope="module")
def made() -> Iterator[Frames]:
    yield tables(*starts(4))


def test_a_planted_effect_of_registration_comes_out_of_single_starts(made: Frames) -> None:
    """Months that slip, an enterprise on the wrong side of its registration, a mean of means: the estimate would miss the planted one."""
    one = of_practice(made, "estimates").iloc[0]
    assert one["low"] < EFFECT < one["high"] and one["low"] > 0 and abs(one["estimate"] - EFFECT) < 0.06
    assert (one["treated"], one["enterprises"], one["horizon"], one["estimator"]) == (
        REGISTERED,
        REGISTERED,
        12,
        "group_time",
    )
    assert one["smallest_detectable_effect"] > 0
    events = of_practice(made, "event_study").set_index("event_month")
    assert list(events.index) == list(range(-30, 24, 6))
    assert (events.loc[events.index < 0, "estimate"].abs() < 0.12).all() and (events.loc[0:, "estimate"] > 0.1).all()


def test_its_gate_is_about_trends_enterprises_and_what_could_be_seen(made: Frames) -> None:
    """Rows of the third design came through unjudged: a drift before registration, or six enterprises, read as well as a clean study."""
    found = of_practice(made, "diagnostics").set_index("diagnostic")
    assert set(found.index) == {
        "pre_trend", "breakdown", "registered_enterprises", "effective_registered_enterprises", "smallest_detectable",
        *(f"sensitivity_relative_magnitude_{m:g}" for m in DESIGN.registration_magnitudes),
    }  # fmt: skip
    events = of_practice(made, "event_study").set_index("event_month")["estimate"]
    assert found.loc["pre_trend", "figure"] == pytest.approx(events[events.index < 0].abs().max(), rel=1e-5)
    assert "joint test" in found.loc["pre_trend", "reason"]
    assert found.loc["registered_enterprises", ["figure", "limit_low", "verdict"]].tolist() == [REGISTERED, 5, "pass"]
    one = of_practice(made, "estimates").iloc[0]
    assert found.loc["smallest_detectable", "figure"] == one["smallest_detectable_effect"]
    # The breakdown value lies between the magnitudes whose sets leave 0 out and those that hold it.
    bounds = {m: found.loc[f"sensitivity_relative_magnitude_{m:g}", "figure"] for m in DESIGN.registration_magnitudes}
    assert all((figure > 0) == (m <= found.loc["breakdown", "figure"] + 0.05) for m, figure in bounds.items())
    fails = found.loc[found["verdict"] == "fail"].index.tolist()
    assert one["gate"] == ("fail" if fails else "pass") and all(name in (one["reason"] or "") for name in fails)


def test_a_trend_before_registration_closes_the_gate() -> None:
    """Enterprises that were on their way up already would show an effect of a label that changed nothing."""
    frames = tables(*starts(5, effect=0.0, drift=0.15))
    one = of_practice(frames, "estimates").iloc[0]
    found = of_practice(frames, "diagnostics").set_index("diagnostic")
    assert one["low"] > 0, "the plain interval is fooled"
    assert one["gate"] == "fail" and "pre_trend" in one["reason"] and found.loc["pre_trend", "verdict"] == "fail"


def test_without_a_registration_every_row_says_why(made: Frames) -> None:
    """No event, and an instrument that nobody starts: rows with a reason in all tables, never a silent null."""
    trials, registered = starts(6)
    frames = tables(trials, registered.iloc[:0])
    for found, words in ((of_practice(frames, "estimates"), "0 enterprises became RSV"), (made["estimates"][made["estimates"]["instrument"] == "guidance"], "no enterprise received anybody")):  # fmt: skip
        assert len(found) == 1 and found["estimate"].isna().all() and set(found["gate"]) == {"not_estimated"}
        assert found["reason"].str.contains(words).all()
    for name, figures in FIGURES.items():
        for one in (frames, made):
            assert one[name].loc[one[name][figures[0]].isna(), "reason"].str.len().gt(0).all()
    assert len(of_practice(frames, "diagnostics")) == 5 and len(of_practice(frames, "event_study")) == 1
