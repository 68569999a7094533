"""A public tier that could be true, with protected cells: what the pages' tests read. Deterministic; no person behind it.

Belongs here: the folder that `read_tier` reads. Not here: disclosure control itself (it has tests of its own): cells are hidden here by a plain rule.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.report.effect_tables import effect_curves, effect_estimates
from tests.report.month_tables import hours_by_event_month

SEEDS = Path(__file__).parents[2] / "transforms" / "seeds"
YEARS = range(2014, 2023)
KINDS = {"rsv": 0.2, "other": 0.8, "all": 1.0}
INSTRUMENTS = {"all": 1.0, "guidance_upskilling": 0.62, "work_trial": 0.21, "wage_subsidy": 0.08, "flex_job": 0.05, "mentor": 0.03, "small_job": 0.002}  # fmt: skip
TARGET_GROUPS = {
    "all": 1.0, "cash_activity_ready": 0.36, "cash_job_ready": 0.2, "resource_course": 0.14, "education_activity_ready": 0.09,
    "unemployment_insurance": 0.08, "education_ready": 0.05, "job_clarification": 0.04, "flex_job_eligible": 0.02,
    "sickness_benefit": 0.015, "rehabilitation": 0.004, "disability_pension": 0.001,
}  # fmt: skip
REACH = {"unemployment_insurance": 3.0, "education_ready": 2.0, "cash_job_ready": 1.6, "sickness_benefit": 1.6, "resource_course": 0.3, "flex_job_eligible": 0.15, "disability_pension": 0.0}  # fmt: skip
AGES = {"all": 1.0, "16-24": 0.14, "25-29": 0.13, "30-39": 0.25, "40-49": 0.24, "50-59": 0.18, "60+": 0.06}
SEXES = {"all": 1.0, "woman": 0.47, "man": 0.53}
MILESTONES = {"first_ordinary_hour": 0.4, "half_time": 0.3, "self_support_six_months": 0.27, "lasting_six_in_row": 0.305, "lasting_six_of_twelve": 0.3}  # fmt: skip
HORIZONS = {3: 0.6, 6: 0.8, 12: 1.0, 24: 1.35}
BANDS = ["small_jobs", "band_0", "band_1", "band_2", "band_3", "band_4", "exited"]
MANIFEST = {
    "release": "2022-1",
    "as_of": "2022-06-30",
    "observed_from": "2014-08-01",
    "observed_through": "2022-03-01",
    "protocol_hash": "c94fd4b173016b0dc700b94da31490e54bb7c877c27d46728e11f79ff3f23dfb",
    "code_version": "7e8d1f282a2b",
    "is_preview": False,
    "is_synthetic": True,
    "made_at": "2022-07-04T09:00:00",
}


def municipalities() -> list[dict[str, str]]:
    """The 98 of the seed: code, name, region and group."""
    with (SEEDS / "municipalities.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=";"))


def write_public_tier(folder: Path, scale: float = 1.0, **manifest: Any) -> Path:
    """A release's folder under `folder`: public/ (Parquet, CSV, labels, limits) and manifest.json. `scale` makes the country smaller; `manifest` replaces entries."""
    public = folder / "public"
    public.mkdir(parents=True)
    for name, frame in public_tables(scale).items():
        frame.to_parquet(public / f"{name}.parquet", index=False)
        frame.to_csv(public / f"{name}.csv", index=False)
    (public / "labels.json").write_text(json.dumps(_labels(), ensure_ascii=False), encoding="utf-8")
    (public / "limits.json").write_text(json.dumps({"persons": 5, "enterprises": 3}), encoding="utf-8")
    (public / "codebook.html").write_text("<!doctype html><title>Kodebog</title>", encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps(MANIFEST | manifest), encoding="utf-8")
    return folder


def public_tables(scale: float = 1.0) -> dict[str, pd.DataFrame]:
    """The twelve tables by name."""
    rng = np.random.default_rng(2017)
    return {
        "scope_by_municipality": _scope(rng, scale, "municipality"),
        "scope_by_instrument_and_target": _scope(rng, scale, "instrument_and_target"),
        "scope_by_age_and_sex": _scope(rng, scale, "age_and_sex"),
        "register": _register(scale),
        "supply_by_municipality": _supply(rng, scale),
        "supply_inequality": _inequality(),
        "hours_by_target_group": _hours_by_target_group(rng, scale),
        "hours_by_municipality": _hours_by_municipality(rng, scale),
        "hours_by_event_month": hours_by_event_month(scale),
        "lasting_attachment": _lasting(scale),
        "effect_estimates": effect_estimates(rng),
        "effect_curves": effect_curves(rng),
    }


def _size(municipality: Mapping[str, str]) -> float:
    rng = np.random.default_rng(int(municipality["kommune_kode"]))
    city = {"0101": 12.0, "0751": 9.0, "0461": 5.0, "0851": 6.0}
    tiny = {"0563": 0.01, "0825": 0.02, "0741": 0.03, "0492": 0.05, "0155": 0.12}
    code = municipality["kommune_kode"]
    return city.get(code) or tiny.get(code) or float(rng.uniform(0.3, 1.8))


def _areas() -> list[tuple[str, str, float]]:
    """Group, municipality (or all) and weight of every area; the country's weight is 98 or so."""
    rows = [(row["kommunegruppe_kode"], row["kommune_kode"], _size(row)) for row in municipalities()]
    groups = [(group, "all", sum(w for g, _, w in rows if g == group)) for group in "12345"]
    return [("all", "all", sum(w for _, _, w in rows)), *groups, *rows]


def _hidden(frame: pd.DataFrame, by: str, measures: list[str], status: str = "status") -> pd.DataFrame:
    """A status column: small cells are hidden, and every seventh of those that are not much larger, so that they do not follow from totals; what the row's own status hides is hidden too."""
    count = frame[by].fillna(0).astype(float)
    is_small = (count > 0) & (count < 5)
    is_second = (count >= 5) & (count < 14) & (np.arange(len(frame)) % 7 == 0)
    frame[status] = np.select([is_small, is_second], ["suppressed_primary", "suppressed_secondary"], "ok")
    if status != "status":
        frame.loc[(frame["status"] != "ok") & (frame[status] == "ok"), status] = "suppressed_secondary"
    frame[measures] = frame[measures].astype(float).mask(frame[status] != "ok")
    return frame


def _growth(year: int) -> float:
    return {2014: 0.1, 2022: 0.75}.get(year, 0.25 + 0.12 * (year - 2015))


def _scope(rng: np.random.Generator, scale: float, by: str) -> pd.DataFrame:
    areas = _areas() if by == "municipality" else [area for area in _areas() if area[1] == "all"]
    if by == "municipality":
        cells = [({"municipality_group": g, "municipality_code": m}, w) for g, m, w in areas]
    elif by == "age_and_sex":
        cells = [({"age_band": a, "sex": s}, 98 * v * w) for a, v in AGES.items() for s, w in SEXES.items()]
    else:
        one_of = [(code, "all", v) for code, v in INSTRUMENTS.items()] + [("all", code, v) for code, v in TARGET_GROUPS.items() if code != "all"]  # fmt: skip
        cells = [({"instrument": i, "target_group": t, "municipality_group": g}, w * v) for i, t, v in one_of for g, _, w in areas]  # fmt: skip
    rows = []
    for year in YEARS:
        for kind, share in KINDS.items():
            for cell, weight in cells:
                level = 1 if kind == "all" else (_growth(year) if kind == "rsv" else 1.1)
                persons = rng.poisson(38 * scale * weight * share * level)
                started = round(persons * 0.75)
                rows.append({"year": year, "enterprise_kind": kind, **cell, "persons": persons, "spells_started": started, "spells_active": round(persons * 1.1)})  # fmt: skip
    frame = pd.DataFrame(rows)
    started = frame["spells_started"].copy()
    frame = _hidden(frame, "persons", ["persons", "spells_active"]).assign(spells_started=started)
    return _hidden(frame, "spells_started", ["spells_started"], "spells_started_status")


def _register(scale: float) -> pd.DataFrame:
    registered = [0, 86, 172, 245, 298, 472, 683, 841, 892]
    rows = [
        {
            "year": year, "rsv_registered": n, "rsv_active": round(n * 0.5), "rsv_with_spells": round(n * 0.25),
            "municipalities_with_rsv": min(96, n), "employees": round(n * 0.54),
            "citizens_unpaid": round(250 * scale), "citizens_supported": round(60 * scale),
            "ordinary_share": None if year < 2015 else 0.2 + 0.05 * (year - 2015),
            "guidance_share": None if year < 2015 else 0.79 - 0.015 * (year - 2015), "status": "ok",
        }
        for year, n in zip(YEARS, registered, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _supply(rng: np.random.Generator, scale: float) -> pd.DataFrame:
    rows = []
    for year in YEARS:
        for municipality in municipalities():
            weight = _size(municipality)
            persons = rng.poisson(70 * scale * weight)
            placed = rng.binomial(persons, 0.4)
            in_rsv = rng.binomial(placed, 0.22 * min(1.0, _growth(year)))
            registered = rng.poisson(6 * weight * _growth(year))
            rows.append(
                {
                    "year": year, "municipality_group": municipality["kommunegruppe_kode"], "municipality_code": municipality["kommune_kode"],
                    "rsv_registered": registered, "rsv_active": rng.binomial(registered, 0.5), "industries": min(registered, 9),
                    "target_persons": persons, "persons_in_placement": placed, "persons_in_rsv": in_rsv,
                }
            )  # fmt: skip
    frame = pd.DataFrame(rows)
    return _hidden(frame, "persons_in_rsv", ["persons_in_rsv"])  # its status is that of whichever number is hidden


def _inequality() -> pd.DataFrame:
    towns = [0, 9.13, 19.4, 27.1, 32.2, 53.9, 75.3, 97.4, 125.4]
    outskirts = [0, 6.33, 11.5, 18.3, 25.2, 36.0, 53.1, 64.9, 82.6]
    rows = []
    for year, a, b in zip(YEARS, towns, outskirts, strict=True):
        ratio = a / b if b else None
        groups = {f"rate_group_{g}": (a if g < 4 else b) * (0.8 + 0.1 * g) for g in range(1, 6)}
        rows.append({"year": year, **groups, "rate_towns": a, "rate_outskirts": b, "ratio": ratio, "ratio_lower": ratio and ratio * 0.86,
                     "ratio_upper": ratio and ratio * 1.17, "gini": None if not b else 0.67 - 0.04 * (year - 2015), "gini_by_chance": None if not b else 0.64 - 0.06 * (year - 2015), "status": "ok"})  # fmt: skip
    return pd.DataFrame(rows)


def _hours(rng: np.random.Generator, spells: float, reach: float) -> dict[str, Any]:
    """Spells by ordinary hours in the month at the horizon; the interval is twice as wide as one of independent spells."""
    spells = rng.poisson(spells)
    exited = rng.binomial(spells, 0.008)
    employed = min(rng.binomial(spells, min(0.9, reach)), spells - exited)
    bands = rng.multinomial(employed, [0.28, 0.2, 0.17, 0.35])
    share = employed / spells if spells else None
    error = 2 * 1.96 * np.sqrt(share * (1 - share) / spells) / 1.4 if spells else None
    return {
        "spells": spells, "employed": employed, "small_jobs": round(employed * 0.35), "band_0": spells - employed - exited,
        **{f"band_{i + 1}": n for i, n in enumerate(bands)}, "exited": exited, "share": share,
        "ci_lower": None if share is None else max(0, share - error), "ci_upper": None if share is None else min(1, share + error),
    }  # fmt: skip


def _results(frame: pd.DataFrame, result: str) -> pd.DataFrame:
    """Hides spells, results with their shares, and bands (which stand for the whole country alone), each by a status of its own."""
    kept = frame.copy()
    frame = _hidden(frame, "spells", ["spells"])
    shares = [result, "share", "ci_lower", "ci_upper"]
    frame[shares] = kept[shares]
    frame = _hidden(frame, result, shares, f"{result}_status")
    if result == "events":
        return _hidden(frame, "competing", ["competing"], "competing_status")
    inside = (kept.get("instrument", "all") == "all") & (kept.get("target_group", "all") == "all")
    whole = inside & (kept.get("municipality_group", "all") == "all")
    frame["bands_status"] = np.where(whole & (frame["employed_status"] != "ok"), "suppressed_primary", "ok")
    frame[BANDS] = frame[BANDS].astype(float).where(whole & (frame["bands_status"] == "ok"))
    return frame


def _hours_by_target_group(rng: np.random.Generator, scale: float) -> pd.DataFrame:
    rows = []
    for start in [0, *range(2015, 2022)]:
        for kind, size in {"rsv": 3300, "other": 12000, "all": 15300}.items():
            for instrument, part in INSTRUMENTS.items():
                for group, weight in TARGET_GROUPS.items():
                    for horizon, later in HORIZONS.items():
                        spells = size * scale * part * weight * (1 if start == 0 else 1 / 7)
                        reach = 0.135 * (1.3 if kind == "other" else 1) * REACH.get(group, 0.8 if group != "all" else 1) * later  # fmt: skip
                        rows.append({"start_year": start, "enterprise_kind": kind, "instrument": instrument, "target_group": group,
                                     "horizon": horizon, **_hours(rng, spells, reach)})  # fmt: skip
    return _results(pd.DataFrame(rows), "employed")


def _hours_by_municipality(rng: np.random.Generator, scale: float) -> pd.DataFrame:
    rows = []
    for start in [0, *range(2015, 2022)]:
        for kind, size in {"rsv": 34, "other": 120, "all": 154}.items():
            for group, code, weight in _areas():
                spells = size * scale * weight * (1 if start == 0 else 1 / 7)
                rows.append({"start_year": start, "enterprise_kind": kind, "municipality_group": group, "municipality_code": code,
                             "horizon": 12, **_hours(rng, spells, 0.135 if kind == "rsv" else 0.18)})  # fmt: skip
    return _results(pd.DataFrame(rows), "employed")


def _lasting(scale: float) -> pd.DataFrame:
    rows = []
    for start in [0, *range(2015, 2022)]:
        for kind, size in {"rsv": 1700, "other": 6000, "all": 7700}.items():
            for instrument, part in INSTRUMENTS.items():
                for milestone, final in MILESTONES.items():
                    for month, reached in {12: 0.3, 24: 0.75, 36: 1.0}.items():
                        spells = round(size * scale * part * (1 if start == 0 else 1 / 7))
                        share = final * reached * (1.2 if kind == "other" else 1)
                        events = round(spells * share)
                        error = 2.2 * np.sqrt(share * (1 - share) / max(1, spells))
                        rows.append({"start_year": start, "enterprise_kind": kind, "instrument": instrument, "milestone": milestone, "month": month,
                                     "spells": spells, "events": events, "competing": round(spells * 0.01), "share": events / spells if spells else None,
                                     "ci_lower": max(0.0, share - error) if spells else None, "ci_upper": min(1.0, share + error) if spells else None})  # fmt: skip
    return _results(pd.DataFrame(rows), "events")


def _labels() -> dict[str, dict[str, list[str]]]:
    rows = municipalities()
    return {
        "municipality_code": {row["kommune_kode"]: [row["kommune_navn"], row["kommune_navn"]] for row in rows},
        "municipality_group": {row["kommunegruppe_kode"]: [row["kommunegruppe_navn"]] * 2 for row in rows},
    }
