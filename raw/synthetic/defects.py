"""The defects that the contract names, planted at the rates of truth.toml, and the count of each.

Belongs here: rates, choosing, counting, the manifest (`planted.json`). Not here: the rows (defect_payroll.py, defect_placement.py, defect_registry.py), how a broken row
looks (defect_rows.py), defective files (defect_files.py).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from raw.synthetic.calendar import day_number
from raw.synthetic.draws import Ints
from raw.synthetic.life import World
from raw.synthetic.numbers import constructed_cpr
from raw.synthetic.payroll_files import Extra


class Defects:
    """Plants, and counts what it planted: rule or counter to rows (or weeks, or files)."""

    def __init__(self, world: World, rates: str | Mapping[str, float | int | bool]) -> None:
        if isinstance(rates, str) and rates not in ("default", "none"):
            raise ValueError(f'defects: "default", "none" or rates by name, not {rates!r}')
        self.world = world
        chosen: dict[str, Any] = dict(world.parameters["defects"])
        if isinstance(rates, Mapping):
            if unknown := set(rates) - set(chosen):
                raise ValueError(
                    f"defects: no such rate: {', '.join(sorted(unknown))}; there are {', '.join(sorted(chosen))}"
                )
            chosen.update(rates)
        self.rates = {name: type(value)(0) for name, value in chosen.items()} if rates == "none" else chosen
        self.counts: Counter[str] = Counter()
        self.rows_planted: Counter[str] = Counter()
        self.payroll_extra = Extra()
        self._ids = 0
        # Municipality-months that hold planted rows, or rows that they rest on: these are not left out.
        self.touched: set[tuple[int, int]] = set()

    # -- choosing

    def many(self, rate: str, of: int) -> int:
        """How many a rate plants among `of`: at least two where it is above zero."""
        share = float(self.rates[rate])
        return max(2, round(share * of)) if share > 0 and of else 0

    def some(self, stream: str, candidates: Ints, count: int) -> Ints:
        """`count` of the candidates (fewer when there are fewer)."""
        order = np.argsort(self.world.draws.bits("defect-" + stream, np.arange(len(candidates))), kind="stable")
        return candidates[np.sort(order[:count])]

    def new_id(self) -> str:
        """An id that nothing else has."""
        self._ids += 1
        return f"X{self._ids:010d}"

    def strangers(self, count: int) -> list[str]:
        """Constructed CPR numbers of people whom no register has: born long before anybody in the country."""
        born = day_number("1921-01-01") + np.arange(count, dtype=np.int64) * 7 % 3_000
        return [f"{number:010d}" for number in constructed_cpr(self.world.draws, born, np.arange(count) % 2)]

    # -- the manifest

    def count(self, rule: str, dataset: str, count: int) -> None:
        """Counts planted rows under a rule or counter; those that are rows of their own in `dataset` too."""
        if count:
            self.counts[rule] += count
            if dataset:
                self.rows_planted[dataset] += count

    def write_manifest(self, folder: Path) -> Path:
        """Writes `planted.json`: rule or counter to rows planted."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "planted.json"
        path.write_text(
            json.dumps(dict(sorted(self.counts.items())), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        return path
