"""The documented prices that turn an effect into kroner.

Belongs here: reading and refusing transforms/release/prices.yml. Not here: effects, sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import yaml

from assets.report.language import Language, is_known

FILE: Final = Path(__file__).parents[2] / "transforms" / "release" / "prices.yml"


class PriceError(Exception):
    """A price without source or year; names every one."""


@dataclass(frozen=True)
class Price:
    """A price of one unit of an outcome. `value` is null where nobody has documented it."""

    name: str
    label: tuple[str, str]
    unit: tuple[str, str]
    outcome: str | None
    sign: int
    value: float | None
    units_per_outcome: float | None
    year: int | None
    source: str | None

    def of_one(self) -> float | None:
        """Kroner to the public purse of one unit more of the outcome."""
        if self.value is None or self.units_per_outcome is None:
            return None
        return self.sign * self.value * self.units_per_outcome

    def text(self, language: Language) -> str:
        """The label in the page's language."""
        return language.pick(*self.label)


def read_prices(file: Path = FILE) -> list[Price]:
    """All prices, in the file's order. Raises PriceError when one has a value without source or year, or a label in one language alone."""
    with file.open(encoding="utf-8") as stream:
        entries: dict[str, dict[str, Any]] = yaml.safe_load(stream)["prices"]
    faults = []
    prices = []
    for name, entry in entries.items():
        if entry["value"] is not None and not (entry.get("source") and entry.get("year")):
            faults.append(f"{name} has a value and no source or no year")
        if len(entry["label"]) != 2:
            faults.append(f"{name} needs a Danish and an English label")
            continue
        danish, english = entry["label"]
        prices.append(
            Price(
                name, (danish, english), (entry["unit"][0], entry["unit"][1]), entry["outcome"], int(entry["sign"]), entry["value"],
                entry["units_per_outcome"], entry.get("year"), entry.get("source"),
            )
        )  # fmt: skip
    if faults:
        raise PriceError(f"{file.name}: {'; '.join(faults)}. A price is documented or null.")
    return prices


def in_kroner(price: Price, row: pd.Series | None) -> tuple[float, float | None, float | None] | None:
    """Kroner per start and their interval of an estimate of the price's outcome; None when one of the two is not there."""
    one = price.of_one()
    if one is None or row is None or not is_known(row["estimate"]):
        return None
    limits = [one * float(row[side]) if is_known(row[side]) else None for side in ("low", "high")]
    low, high = limits if one >= 0 else limits[::-1]
    return one * float(row["estimate"]), low, high
