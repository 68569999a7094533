"""The code lists a row is held against: `transforms/seeds/*.csv`, the same files that dbt seeds, so a user extends one file.

Belongs here: reading them, and the fingerprint that makes a partition stale when one changes. Not here: what a row that is not in a
list breaks (`expectations/catalogue.csv`).
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[1] / "transforms" / "seeds"
REGIME_CHANGE = date(2020, 1, 1)  # LAB_2 before it, LAB_6 from it, whatever the list's own dates


def _is_true(text: str) -> bool:
    return text.strip().lower() == "true"


@dataclass(frozen=True)
class CodeLists:
    """The code lists of a folder of seeds, each read when it is first asked for."""

    folder: Path = SEEDS

    def rows(self, name: str) -> list[dict[str, str]]:
        """Return the rows of a list, `name` without ending."""
        with (self.folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file, delimiter=";"))

    def fingerprint(self, names: Iterable[str]) -> str:
        """Return a SHA-256 over the bytes of the lists named: part of a partition's cache key."""
        digest = hashlib.sha256()
        for name in sorted(names):
            digest.update(f"{name}\n".encode())
            digest.update(hashlib.sha256((self.folder / f"{name}.csv").read_bytes()).digest())
        return digest.hexdigest()

    @cached_property
    def municipalities(self) -> frozenset[str]:
        """The 98 municipality codes, four digits."""
        return frozenset(row["kommune_kode"] for row in self.rows("municipalities"))

    @cached_property
    def income_types(self) -> frozenset[str]:
        """The codes of `indkomsttype`."""
        return frozenset(row["indkomsttype"] for row in self.rows("income_types"))

    @cached_property
    def instruments(self) -> dict[str, dict[str, str]]:
        """`tilbudstype` to its row."""
        return {row["tilbudstype"]: row for row in self.rows("instruments")}

    @cached_property
    def company_based_instruments(self) -> frozenset[str]:
        """The codes of `tilbudstype` that need an enterprise."""
        return frozenset(code for code, row in self.instruments.items() if _is_true(row["is_company_based"]))

    @cached_property
    def target_groups(self) -> frozenset[tuple[str, int]]:
        """(regime, number of `maalgruppe`)."""
        return frozenset((row["regime"], int(row["maalgruppe"])) for row in self.rows("target_groups"))

    @cached_property
    def benefit_codes(self) -> frozenset[str]:
        """The DREAM codes of the list, three digits each, ranges unrolled."""
        return frozenset(
            f"{code:03d}"
            for row in self.rows("benefit_codes")
            for code in range(int(row["code_from"]), int(row["code_to"]) + 1)
        )
