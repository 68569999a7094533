"""What the country was given: truth.toml, transition_rates.csv and the code lists, as arrays.

Belongs here: reading and naming. Not here: a number of its own.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from raw.synthetic.draws import Floats, Ints

HERE = Path(__file__).parent
SEEDS = HERE.parents[1] / "transforms" / "seeds"

# The states of a life. `none_work` and `none_idle` are one state without benefit, told apart by having a job.
STATES = (
    "none_idle", "unemployment_insurance", "cash_job_ready", "cash_activity_ready", "education_help_ready", "education_help_activity", "sickness_benefit",
    "job_clarification", "resource_course", "unemployment_benefit_flex", "rehabilitation", "pre_rehabilitation", "flex_job", "skaane_job", "disability_pension",
    "student", "apprentice", "parental_leave", "early_retirement", "old_age_pension", "emigrated", "dead", "none_work",
)  # fmt: skip
S = {name: position for position, name in enumerate(STATES)}
NONE = S["none_idle"]
TARGET = np.array([1 <= position <= 11 for position in range(len(STATES))])
# Codes of each state: first code and number of codes of its range in benefit_codes.csv.
CODES = {
    "unemployment_insurance": (111, 3), "cash_job_ready": (130, 9), "cash_activity_ready": (730, 9), "education_help_ready": (140, 9),
    "education_help_activity": (720, 9), "sickness_benefit": (890, 10), "job_clarification": (870, 9), "resource_course": (810, 9),
    "unemployment_benefit_flex": (740, 9), "rehabilitation": (760, 9), "pre_rehabilitation": (750, 9), "flex_job": (771, 1), "skaane_job": (774, 2),
    "disability_pension": (781, 5), "student": (651, 2), "apprentice": (661, 1), "parental_leave": (881, 1), "early_retirement": (611, 1),
    "old_age_pension": (998, 1), "emigrated": (997, 1), "dead": (999, 1),
}  # fmt: skip
DAGPENGE_ACTIVE, DAGPENGE_ACTIVE_CODES = 211, 9
# maalgruppe of each target state under LAB_2 and LAB_6 (target_groups.csv).
TARGET_GROUPS = {
    "unemployment_insurance": (1, 1), "cash_job_ready": (2, 2), "cash_activity_ready": (3, 3), "education_help_ready": (12, 4), "education_help_activity": (13, 5),
    "sickness_benefit": (5, 6), "job_clarification": (14, 7), "resource_course": (11, 8), "unemployment_benefit_flex": (7, 9), "rehabilitation": (4, 10),
    "pre_rehabilitation": (3, 3), "flex_job": (7, 9), "disability_pension": (6, 11), "skaane_job": (6, 11), "none_idle": (10, 12),
}  # fmt: skip

INSTRUMENTS = (
    "work_trial",
    "community_service",
    "wage_subsidy",
    "job_rotation",
    "guidance_upskilling",
    "mentor",
    "flex_job",
    "small_job",
)
INSTRUMENT_CODES = (
    ("VPD", "VPK"),
    ("NYD", "NYK"),
    ("LTD", "LTK"),
    ("ROD", "ROK"),
    ("TVED", "TVEK"),
    ("MED", "MEK"),
    ("FLX", "FLX"),
    ("SMJ", "SMJ"),
)
I = {name: position for position, name in enumerate(INSTRUMENTS)}  # noqa: E741
KINDS = ("rsv", "private", "nonprofit", "public", "none")
K = {name: position for position, name in enumerate(KINDS)}
SLOTS = ("work", "course")


@dataclass(frozen=True)
class Municipalities:
    """The 98: codes as integers, region and group as indices, weight by size."""

    code: Ints
    name: list[str]
    region: Ints
    group: Ints
    weight: Floats


@dataclass(frozen=True)
class Parameters:
    """truth.toml as given (`given`), and what is derived from it."""

    given: dict[str, Any]
    transitions: Floats  # state, year in it (4), state: probability a month
    municipalities: Municipalities

    def __getitem__(self, section: str) -> dict[str, Any]:
        section_of: dict[str, Any] = self.given[section]
        return section_of


def read_csv(path: Path) -> list[dict[str, str]]:
    """Rows of a code list."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


# People of the largest municipalities in thousands, rounded; the others share by group. Only the shape matters: big cities, small islands.
_LARGE = {
    101: 602,
    751: 336,
    851: 213,
    461: 202,
    147: 105,
    561: 116,
    730: 97,
    621: 92,
    630: 113,
    615: 88,
    217: 62,
    265: 87,
    330: 78,
    657: 88,
    740: 91,
}
_SMALL = {825: 2, 563: 3, 741: 4, 492: 6, 482: 12, 155: 14, 187: 16}
_BY_GROUP = {1: 42, 2: 150, 3: 62, 4: 40, 5: 46}


def _municipalities() -> Municipalities:
    rows = read_csv(SEEDS / "municipalities.csv")
    codes = [int(row["kommune_kode"]) for row in rows]
    regions = sorted({row["region_kode"] for row in rows})
    group = [int(row["kommunegruppe_kode"]) for row in rows]
    size = [_LARGE.get(code) or _SMALL.get(code) or _BY_GROUP[g] for code, g in zip(codes, group, strict=True)]
    return Municipalities(
        np.array(codes),
        [row["kommune_navn"] for row in rows],
        np.array([regions.index(row["region_kode"]) for row in rows]),
        np.array(group),
        np.array(size, dtype=np.float64) / sum(size),
    )


def _transitions(given: dict[str, Any]) -> Floats:
    """Monthly probabilities: published rates where there are some, assumed ones else."""
    rates = np.zeros((len(STATES), 4, len(STATES)))
    for source, targets in given["careers"].items():
        for target, by_year in targets.items():
            rates[S[source], :, S[target]] = by_year
    for row in read_csv(HERE / "transition_rates.csv"):
        by_year = [row[f"rate_year_{year}"] or row["rate_per_year"] for year in ("1", "2", "3", "4_and_on")]
        rates[S[row["from_state"]], :, S[row["to_state"]]] = [float(rate) for rate in by_year]
    total = rates.sum(axis=2, keepdims=True)
    # Competing rates within a month: the chance that any happens, shared out by rate.
    share = np.divide(rates, total, out=np.zeros_like(rates), where=total > 0)
    return np.asarray(share * (1.0 - np.exp(-total / 12.0)))


def load(path: Path | None = None) -> Parameters:
    """The parameters of `path` (truth.toml by default)."""
    given = tomllib.loads((path or HERE / "truth.toml").read_text(encoding="utf-8"))
    return Parameters(given, _transitions(given), _municipalities())
