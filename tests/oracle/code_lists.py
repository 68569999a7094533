"""The code lists of the contract, read as plain dictionaries.

The lists are files that a user can extend; nothing of them is written into code here.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

from .values import UNIT

FOLDER = Path(__file__).resolve().parents[2] / "transforms" / "seeds"


@dataclass(frozen=True)
class Instrument:
    """One tilbudstype."""

    name: str
    is_company_based: bool
    employer_pays_wage: bool
    hours_kind: str
    max_months: int | None


@dataclass(frozen=True)
class Benefit:
    """One DREAM code."""

    group: str
    is_benefit: bool
    is_target: bool
    is_censoring: bool
    priority: int


@dataclass
class CodeLists:
    """All lists, each by its code."""

    municipalities: dict[str, tuple[str, str]] = field(default_factory=dict)  # code: region, municipality group
    instruments: dict[str, Instrument] = field(default_factory=dict)
    target_groups: dict[tuple[str, int], str] = field(default_factory=dict)
    benefits: dict[str, Benefit] = field(default_factory=dict)
    income_types: dict[str, bool] = field(default_factory=dict)  # code: is wage work
    bands: list[tuple[int, int, int | None]] = field(default_factory=list)  # band, from (1/10000 hours), to exclusive
    rates: dict[int, int] = field(default_factory=dict)  # year: kroner an hour in 1/10000

    def by_name(self) -> dict[str, Instrument]:
        """An instrument's flags by its name: the codes of one instrument share them."""
        return {instrument.name: instrument for instrument in self.instruments.values()}

    def rate(self, year: int) -> int:
        """The conversion rate of a year, a year outside the list takes the nearest."""
        return self.rates[min(self.rates, key=lambda known: (abs(known - year), known))]

    def band(self, hours: int) -> int:
        """The hour band of monthly hours in 1/10000."""
        for band, start, end in self.bands:
            if start <= hours and (end is None or hours < end):
                return band
        raise ValueError("hours below every band")


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def _fraction(text: str) -> int:
    whole, _, decimals = text.partition(".")
    return int(whole) * UNIT + int(decimals.ljust(4, "0"))


def read_code_lists(folder: Path = FOLDER) -> CodeLists:
    """The lists of a folder."""
    lists = CodeLists()
    for row in _rows(folder, "municipalities"):
        lists.municipalities[row["kommune_kode"]] = (row["region_kode"], row["kommunegruppe_kode"])
    for row in _rows(folder, "instruments"):
        months = int(row["max_months"]) if row["max_months"] else None
        lists.instruments[row["tilbudstype"]] = Instrument(
            row["instrument"],
            row["is_company_based"] == "true",
            row["employer_pays_wage"] == "true",
            row["hours_kind"],
            months,
        )
    for row in _rows(folder, "target_groups"):
        lists.target_groups[row["regime"], int(row["maalgruppe"])] = row["target_group"]
    for row in _rows(folder, "benefit_codes"):
        flags = [row[name] == "true" for name in ("is_benefit", "is_target", "is_censoring")]
        for code in range(int(row["code_from"]), int(row["code_to"]) + 1):
            lists.benefits[f"{code:03d}"] = Benefit(row["benefit_group"], *flags, int(row["priority"]))
    for row in _rows(folder, "income_types"):
        lists.income_types[row["indkomsttype"]] = row["is_wage_work"] == "true"
    for row in _rows(folder, "hour_bands"):
        start, end = row["hours_from_inclusive"], row["hours_to_exclusive"]
        lists.bands.append((int(row["hour_band"]), _fraction(start or "0"), _fraction(end) if end else None))
    for row in _rows(folder, "wage_conversion_rates"):
        lists.rates[int(row["year"])] = _fraction(row["dkk_per_hour"])
    return lists
