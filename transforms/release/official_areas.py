"""Areas as official figures write them: the country, regions, the labour market councils, municipality groups, municipalities.

Belongs here: a written name -> the municipalities that it is. Not here: files, numbers.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
COUNTRY = ("hele landet", "hele danmark", "danmark", "landet")


@dataclass(frozen=True)
class Area:
    """An area. `municipalities`: four-digit codes; None: the whole country, people whose municipality is unknown too."""

    name: str
    municipalities: frozenset[str] | None


class Areas:
    """Finds areas by name: "Hele landet", "Københavns Kommune", "Aarhus", "0751", "Region Midtjylland", "RAR Fyn", "Landkommuner"."""

    def __init__(self, municipalities: list[dict[str, str]], councils: Mapping[str, Mapping[str, Any]]) -> None:
        self._areas: dict[str, Area] = {name: Area("Hele landet", None) for name in COUNTRY}
        regions: dict[str, set[str]] = {}
        for row in municipalities:
            regions.setdefault(row["region_kode"], set()).add(row["kommune_kode"])
        # What is sought first stands last: a municipality's name is never taken by a group, a region or a council.
        for label, codes in _by(municipalities, "kommunegruppe_navn").items():
            self._add(label, Area(label, codes))
        for name, council in councils.items():
            codes = frozenset(council.get("municipalities") or regions.get(str(council.get("region")), set()))
            area = Area(f"RAR {name}", codes - frozenset(council.get("without", ())))
            self._add(name, area)
            self._add(f"rar {name}", area)
        for name, codes in _by(municipalities, "region_navn").items():
            area = Area(f"Region {name}", codes)
            self._add(name, area)
            self._add(f"region {name}", area)
        for row in municipalities:
            area = Area(row["kommune_navn"], frozenset((row["kommune_kode"],)))
            for written in (row["kommune_navn"], row["kommune_kode"], row["kommune_kode"].lstrip("0")):
                self._add(written, area)

    def _add(self, written: str, area: Area) -> None:
        self._areas[_normal(written)] = area

    def find(self, written: str) -> Area | None:
        """The area of a written name; None when there is none. "Kommune" may stand behind it, the name with or without the s of the genitive."""
        name = _normal(written)
        bare = re.sub(r" (regions)?kommune$", "", name)
        for candidate in (name, bare, f"{bare}s", bare.removesuffix("s")):
            if candidate in self._areas:
                return self._areas[candidate]
        return None


def read_areas(councils: Mapping[str, Mapping[str, Any]], seeds: Path = SEEDS) -> Areas:
    """The areas of the project's list of municipalities."""
    with (seeds / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        return Areas(list(csv.DictReader(file, delimiter=";")), councils)


def _by(municipalities: list[dict[str, str]], field: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in municipalities:
        found.setdefault(row[field], set()).add(row["kommune_kode"])
    return {name: frozenset(codes) for name, codes in found.items()}


def _normal(written: str) -> str:
    """Case, å and aa, hyphen and space make no difference."""
    text = unicodedata.normalize("NFC", written).casefold().replace("å", "aa")
    return re.sub(r"[\s\-–.]+", " ", text).strip()
