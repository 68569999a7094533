"""Registration as an event: a simulated country of enterprises with known truth, and what is refused in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from transforms.estimators.group_time import group_time_effects
from transforms.estimators.results import EstimationError
from transforms.evaluation.registration import BOUNDS, EFFECTS, EVENTS, registration_effects

MONTHS = pd.date_range("2018-01-01", periods=60, freq="MS")
EFFECT = 0.08


def country(
    seed: int, registered: int = 30, nonprofits: int = 60, effect: float = EFFECT, drift: float = 0.0
) -> pd.DataFrame:
    """Enterprises of very unequal size, each with its own level and half-yearly shocks; small ones receive nobody in a fifth of the half-years. `drift`: the registered ones' own trend a half-year."""
    rng = np.random.default_rng(seed)
    count, half = registered + nonprofits, np.arange(60) // 6
    size = np.clip(rng.lognormal(0.2, 0.9, count), 0.2, 20.0)
    is_registered = np.arange(count) < registered
    when = np.where(is_registered, rng.integers(12, 50, count), 10_000)
    shocks = 0.02 * rng.normal(size=(count, 10)).cumsum(axis=1) + 0.04 * rng.normal(size=(count, 10))
    expected = (
        (rng.normal(0.3, 0.1, count) + 0.05 * is_registered)[:, None]
        + (rng.normal(0, 0.03, 10) + shocks)[:, half]
        + drift * np.outer(is_registered, half)
    )
    expected = expected + np.where(np.arange(60) >= when[:, None], effect, 0.0)
    away = rng.uniform(size=(count, 10)) < 0.2 * (size < 2)[:, None]
    citizens = np.where(away[:, half], 0, rng.poisson(np.repeat(size[:, None], 60, axis=1)))
    outcome = expected + 0.45 * rng.normal(size=citizens.shape) / np.sqrt(np.maximum(citizens, 1))
    who, month = np.nonzero(citizens)
    return pd.DataFrame(
        {
            "enterprise": who, "month": MONTHS[month], "outcome": outcome[who, month], "citizens": citizens[who, month],
            "first_registered": [MONTHS[at] if at < 60 else pd.NaT for at in when[who]], "enterprise_kind": np.where(who < registered, "rsv", "nonprofit"),
        }
    )  # fmt: skip


def balanced(citizens: int = 4, months: int = 60) -> pd.DataFrame:
    """Without noise: nonprofits follow the seasons, registered ones gain 0.1 from their registration on."""
    rows = []
    for enterprise in range(40):
        start = 18 + 6 * (enterprise % 4) if enterprise < 20 else None
        for month in range(months):
            gain = 0.1 if start is not None and month >= start else 0.0
            rows.append(
                (
                    enterprise,
                    MONTHS[month],
                    0.2 + 0.01 * enterprise + 0.02 * (month // 6) + gain,
                    citizens,
                    MONTHS[start] if start else pd.NaT,
                    "rsv" if start else "nonprofit",
                )
            )
    return pd.DataFrame(
        rows, columns=["enterprise", "month", "outcome", "citizens", "first_registered", "enterprise_kind"]
    )


def simple(frame: pd.DataFrame, **options: Any) -> pd.Series:
    return registration_effects(frame, draws=200, relative_magnitudes=(), **options).effects.iloc[0]


@pytest.mark.parametrize("period", ["half_year", "year"])
def test_without_noise_the_effect_is_found_exactly(period: str) -> None:
    """The period of registration, the base and the aggregates: each one off would show in the first decimals."""
    frame = balanced()
    if period == "year":
        # Years mix months before and after: registrations on 1 January.
        frame["first_registered"] = frame["first_registered"].map(
            lambda day: day if pd.isna(day) else pd.Timestamp(day.year, 1, 1)
        )
        late = frame["first_registered"].notna() & (frame["month"] >= frame["first_registered"])
        frame["outcome"] = 0.3 + 0.1 * late
    result = registration_effects(frame, period=period, relative_magnitudes=(0.0,))
    numbers = result.effects.set_index(["aggregate", "value"])["estimate"].astype(float)
    np.testing.assert_allclose(numbers, 0.1, atol=1e-9)
    events = result.event_study.set_index("event_period")["estimate"]
    np.testing.assert_allclose(events[events.index < 0], 0.0, atol=1e-9)
    np.testing.assert_allclose(events[events.index >= 0], 0.1, atol=1e-9)
    assert ("group", "2019H2" if period == "half_year" else "2019") in numbers.index
    assert (
        list(result.effects.columns) == list(EFFECTS)
        and list(result.event_study.columns) == list(EVENTS)
        and list(result.sensitivity.columns) == list(BOUNDS)
    )


def test_months_before_registration_in_its_period_do_not_count_as_registered() -> None:
    """An enterprise registered in May has January to April of that half-year as a workplace without the label: mixed in, the effect would shrink."""
    frame = balanced()
    frame["first_registered"] = frame["first_registered"] + pd.DateOffset(months=4)
    late = frame["first_registered"].notna() & (frame["month"] >= frame["first_registered"])
    frame["outcome"] = 0.3 + 0.1 * late
    result = registration_effects(frame, draws=200)
    assert result.effects["estimate"].iloc[0] == pytest.approx(0.1, abs=1e-9)
    assert any("80 months before registration in the half-year of registration" in note for note in result.notes)


def test_the_estimate_is_unbiased_and_its_interval_covers() -> None:
    """Short form of the simulation (415 worlds: bias 0.01 sd; coverage 0.95 of 107 worlds with 14 registered, 0.98 of 120 with 30, bands 0.96): unequal sizes, missing half-years, staggered registration."""
    rows = [simple(country(seed)) for seed in range(200, 230)]
    estimates = np.array([row["estimate"] for row in rows], dtype=float)
    held = [row["low"] <= EFFECT <= row["high"] for row in rows]
    assert abs(estimates.mean() - EFFECT) < 3 * estimates.std(ddof=1) / np.sqrt(len(rows))
    assert np.mean(held) >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / len(rows))
    assert 0.75 < np.mean([row["se"] for row in rows]) / estimates.std(ddof=1) < 1.35


def test_differing_trends_show_before_registration_and_the_sensitivity_set_holds_the_truth() -> None:
    """The registered ones drift by 0.02 a half-year whatever they do: the plain interval is fooled, the event study shows it, the set at m = 1 holds the truth."""
    result = registration_effects(
        country(3, registered=120, nonprofits=240, effect=0.0, drift=0.02),
        relative_magnitudes=(1.0,),
        smoothness=(0.0,),
    )
    event = result.event_study.set_index("event_period")
    assert event.loc[-5, "estimate"] < event.loc[-2, "estimate"] < event.loc[3, "estimate"]
    assert result.effects.iloc[0]["low"] > 0
    bounds = result.sensitivity.set_index("method")
    assert bounds.loc["relative_magnitude", "low"] <= 0 <= bounds.loc["relative_magnitude", "high"]
    # A straight trend is what smoothness with m = 0 takes away.
    assert bounds.loc["smoothness", "low"] <= 0 <= bounds.loc["smoothness", "high"]


def test_equal_weights_and_a_balanced_panel_are_group_time_effects_of_the_half_years() -> None:
    """The third design is the estimator and nothing else: beside a panel laid out by hand."""
    rng = np.random.default_rng(0)
    frame = balanced()
    frame["outcome"] += rng.normal(scale=0.05, size=len(frame))
    halves = frame.assign(
        period=frame["month"].dt.year * 2 + (frame["month"].dt.month > 6),
        first=frame["first_registered"].dt.year * 2 + (frame["first_registered"].dt.month > 6),
    )
    halves["first"] = halves["first"].where(halves["first_registered"].notna())
    panel = halves.groupby(["enterprise", "period"], as_index=False).agg(
        outcome=("outcome", "mean"), first=("first", "first")
    )
    expected = (
        group_time_effects(
            panel,
            unit="enterprise",
            time="period",
            first_treated="first",
            outcome="outcome",
            comparison="not_yet_treated",
        )
        .aggregate("simple")
        .overall
    )
    found = simple(frame, weighting="enterprise")
    assert found["estimate"] == pytest.approx(expected["estimate"], rel=1e-9)
    # 20 equal enterprises: the small-sample factor, and nothing else.
    assert found["effective_enterprises"] == pytest.approx(20, abs=1.0)
    effective = found["effective_enterprises"]
    assert found["se"] == pytest.approx(expected["se"] * np.sqrt(effective / (effective - 1)), rel=1e-9)


def test_what_cannot_be_compared_is_left_out_and_counted() -> None:
    """Registered before the data, nobody before registration, never registered firms: each in words, none in silence."""
    frame = balanced()
    changed = frame.copy()
    changed.loc[changed["enterprise"] == 0, "first_registered"] = pd.Timestamp("2017-03-01")
    changed = changed[~((changed["enterprise"] == 1) & (changed["month"] < "2020-01-01"))]
    changed = changed[~((changed["enterprise"] == 2) & (changed["month"] >= changed["first_registered"]))]
    changed.loc[changed["enterprise"] == 39, "enterprise_kind"] = "private"
    changed.loc[changed["enterprise"] == 38, "first_registered"] = pd.Timestamp("2030-01-01")
    changed = changed[~((changed["enterprise"] == 37) & (changed["month"] > "2018-02-01"))]
    result = registration_effects(changed, draws=200)
    words = " ".join(result.notes)
    for expected in (
        "1 enterprises that were never registered are not nonprofit", "1 enterprises were registered in the first period or before", "1 enterprises register after the last period",
        "1 registered enterprises have no citizens in the last period before registration", "1 registered enterprises have no citizens since registration", "1 enterprises that were never registered have citizens in one period alone",
    ):  # fmt: skip
        assert expected in words
    assert result.effects.iloc[0]["treated"] == 17
    assert result.effects.iloc[0]["estimate"] == pytest.approx(0.1, abs=1e-9)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f[(f["enterprise"] < 6) | (f["enterprise"] >= 20)], "6 enterprises became RSV .* fewer than 10"), (lambda f: f[f["enterprise"] < 25], "5 enterprises to compare with .* fewer than 10"),
        (lambda f: f.assign(citizens=np.where(f["enterprise"] == 3, 40000, f["citizens"])), "as uneven as 1.0 equal ones"), (lambda f: f[f["enterprise"] >= 20], "0 enterprises became RSV"),
        (lambda f: f[f["month"] < "2018-07-01"], "0 enterprises became RSV"),
    ],
)  # fmt: skip
def test_too_few_is_a_row_with_the_reason(change: Any, words: str) -> None:
    """A number from six enterprises would be read as one about registration."""
    result = registration_effects(change(balanced()))
    assert len(result.effects) == 1 and result.effects["estimate"].isna().all()
    assert pd.Series(result.effects["reason"]).str.contains(words).all()
    assert result.event_study.empty and result.sensitivity.empty


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.drop(columns="citizens"), "no column 'citizens'"), (lambda f: pd.concat([f, f.head(2)]), "2 rows repeat"), (lambda f: f.assign(outcome=np.nan), "missing or infinite"),
        (lambda f: f.assign(citizens=0), "no citizens"), (lambda f: f.assign(enterprise_kind=np.where(f["month"] > "2020-01-01", "public", "nonprofit")), "'enterprise_kind' changes"),
        (lambda f: f.assign(first_registered=f["month"]), "'first_registered' changes"), (lambda f: f.assign(month="soon"), "no dates"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_in_words(change: Any, words: str) -> None:
    """Two rows of a month, or a month without citizens, are a mistake of the caller and not a mean."""
    with pytest.raises(EstimationError, match=words):
        registration_effects(change(balanced()))
    with pytest.raises(EstimationError, match="is unknown"):
        registration_effects(balanced(), period="quarter")
    with pytest.raises(EstimationError, match="is unknown"):
        registration_effects(balanced(), method="matching")


def test_no_number_is_empty_without_a_reason_and_order_changes_nothing() -> None:
    """Every empty figure of every table says why; the same file in another order gives the same digits."""
    frame = country(8, registered=14, nonprofits=20)
    first = registration_effects(frame, least_effective=2.0)
    second = registration_effects(frame.sample(frac=1, random_state=1), least_effective=2.0)
    for table, column in ((first.effects, "se"), (first.event_study, "se"), (first.sensitivity, "low")):
        assert table.loc[table[column].isna(), "reason"].notna().all()
    for one, other in (
        (first.effects, second.effects),
        (first.event_study, second.event_study),
        (first.sensitivity, second.sensitivity),
    ):
        pd.testing.assert_frame_equal(one, other, rtol=1e-9)
