"""The defects that the contract names, planted at the rates of truth.toml, and the count of each.

Belongs here: which defects a delivery gets and the manifest of them. Not here: how a broken row looks (defect_rows.py).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from raw.synthetic.draws import Ints
from raw.synthetic.life import World
from raw.synthetic.payroll_files import Extra
from raw.synthetic.payroll_log import Events
from raw.synthetic.placement_files import PlacementFiles
from raw.synthetic.placement_log import PlacementLog
from raw.synthetic.registry_documents import RegisterWriter
from raw.synthetic.registry_people import Residences
from raw.synthetic.simulate import Country


class Defects:
    """Plants nothing yet but the last month's gap."""

    def __init__(self, world: World, rates: str | Mapping[str, float | int | bool], out: Path) -> None:
        self.world, self.out = world, out
        chosen: dict[str, Any] = dict(world.parameters["defects"])
        self.is_on = rates != "none"
        if isinstance(rates, Mapping):
            chosen.update(rates)
        self.rates = chosen
        self.counts: Counter[str] = Counter()
        self.payroll_extra = Extra()
        self.last_month_incomplete = bool(self.is_on and chosen["last_month_incomplete"])
        self.placement_rows = 0
        self.missing_months: set[tuple[int, int]] = set()
        self.extra_column: set[tuple[int, int]] = set()
        self.bom: set[tuple[int, int]] = set()
        self.without_dream_row: Ints = np.zeros(0, dtype=np.int64)
        self.dream_rows: list[str] = []
        self.se_rows: list[str] = []
        self.person_rows: list[str] = []
        self.coded_weeks = 0

    def placement(self, files: PlacementFiles, log: PlacementLog) -> None:
        for row in log.rows:
            files.add(row.municipality, files.month(row), files.fields(row))
        self.placement_rows = len(log.rows)

    def choose_files(self, files: PlacementFiles, deliver: set[int]) -> None:
        pass

    def placement_files(self, files: PlacementFiles, folder: Path) -> list[Path]:
        return []

    def payroll(self, events: Events) -> None:
        pass

    def payroll_files(self, folder: Path) -> list[Path]:
        return []

    def registry_files(self, folder: Path) -> list[Path]:
        return []

    def enterprise_documents(self, register: RegisterWriter) -> list[str]:
        return []

    def unit_documents(self, register: RegisterWriter) -> list[str]:
        return []

    def people(self, found: Residences) -> None:
        pass

    def unknown_codes(self, country: Country) -> dict[tuple[int, int], str]:
        return {}

    def write_manifest(self, folder: Path) -> None:
        (folder / "planted.json").write_text(json.dumps(dict(sorted(self.counts.items())), indent=1) + "\n")
